"""The operator's desk: who sees it, what waits there, background work, messages about barriers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries
from tests.factories import UserFactory, second_factor

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.portal.models import BarrierReport, RetentionRun

pytestmark = pytest.mark.django_db
PAGES = (
    "/betrieb/",
    "/betrieb/auftraege/",
    "/betrieb/loeschen/",
    "/betrieb/rueckmeldungen/",
    "/betrieb/seiten/",
    "/betrieb/seiten/impressum/",
    "/betrieb/seiten/impressum/0/",
)


@pytest.fixture
def operator(alice: User, client: Client) -> User:
    """Alice runs the installation and is signed in."""
    alice.is_operator = True
    alice.save()
    client.force_login(second_factor(alice))
    return alice


def job(status: str = "FAILED", **fields: Any) -> DBTaskResult[Any, Any]:
    now = timezone.now()
    values = {
        "args_kwargs": {"args": ["anna@example.org"], "kwargs": {}},
        "task_path": "allmende.forum.tasks.recompute",
        "run_after": now,
        "started_at": now,
        "traceback": "Traceback …\n  File …\nValueError: anna@example.org ist zu viel\n",
    }
    return DBTaskResult.objects.create(status=status, **(values | fields))


@pytest.mark.parametrize("path", PAGES)
def test_the_desk_is_for_operators_alone(client: Client, charlie: User, path: str) -> None:
    client.force_login(charlie)
    assert client.get(path).status_code == 404
    assert "Betrieb</a>" not in client.get("/").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_operators_see_it_empty_and_filled(client: Client, operator: User, path: str) -> None:
    assert client.get(path).status_code == 200
    job()
    job("READY")
    RetentionRun.objects.create(
        key="portal.run", day=timezone.localdate(), started_at=timezone.now(), error="kaputt"
    )
    BarrierReport.objects.create(text="Zu klein")
    assert client.get(path).status_code == 200


def test_the_desk_says_how_much_waits(client: Client, operator: User) -> None:
    job()
    for _ in range(2):
        BarrierReport.objects.create(text="Zu klein")
    page = client.get("/betrieb/").content.decode()
    # Two messages, four templates with gaps, one failed job.
    assert [f"{n} offen" in page for n in (2, 4, 1)] == [True, True, True]


@pytest.mark.parametrize(
    ("path", "questions"),
    [("/betrieb/auftraege/", 5), ("/betrieb/loeschen/", 6), ("/betrieb/rueckmeldungen/", 5)],
)
def test_lists_ask_the_database_as_often_for_three_as_for_one(
    client: Client,
    operator: User,
    path: str,
    questions: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    day, now = timezone.localdate(), timezone.now()
    for rows in ((1,), (2, 3)):
        for row in rows:
            job()
            RetentionRun.objects.create(key=f"test.{row}", day=day, started_at=now)
            BarrierReport.objects.create(text="Zu klein", settled_by=UserFactory())
        with django_assert_num_queries(questions):
            client.get(path)


def test_jobs_are_filtered_and_their_errors_name_nobody(client: Client, operator: User) -> None:
    job()
    job("SUCCESSFUL", task_path="allmende.mail.tasks.send", traceback="")
    page = client.get("/betrieb/auftraege/?stand=FAILED").content.decode()
    assert "forum.tasks.recompute" in page
    assert "mail.tasks.send" not in page
    assert "ValueError: ‹E-Mail› ist zu viel" in page
    assert "anna@example.org" not in page
    csv = b"".join(client.get("/betrieb/auftraege/auftraege.csv?q=mail")).decode()
    assert [line.split(";")[:2] for line in csv.splitlines()[1:]] == [
        ["mail.tasks.send", "Erledigt"]
    ]
    empty = client.get("/betrieb/auftraege/?q=nichts").content.decode()
    assert "Kein Auftrag passt" in empty


def test_a_failed_job_is_repeated_once(client: Client, operator: User) -> None:
    failed = job()
    for said in ("wird wiederholt", "nicht mehr gescheitert"):
        client.post(f"/betrieb/auftraege/{failed.pk}/wiederholen/")
        assert said in client.get("/betrieb/auftraege/").content.decode()
    failed.refresh_from_db()
    assert (failed.status, failed.started_at, failed.traceback) == ("READY", None, "")


def test_a_job_whose_worker_died_can_be_repeated_and_a_running_one_cannot(
    client: Client, operator: User
) -> None:
    running = job("RUNNING")
    lost = job("RUNNING", started_at=timezone.now() - timedelta(hours=2))
    for one in (running, lost):
        client.post(f"/betrieb/auftraege/{one.pk}/wiederholen/")
        one.refresh_from_db()
    assert (running.status, lost.status) == ("RUNNING", "READY")


def test_a_message_is_settled_once_and_by_whom(client: Client, operator: User) -> None:
    report = BarrierReport.objects.create(text="Zu klein", email="dora@example.org")
    for said in (f"Rückmeldung {report.pk} ist erledigt", "schon erledigt"):
        client.post(f"/betrieb/rueckmeldungen/{report.pk}/erledigt/")
        assert said in client.get("/betrieb/rueckmeldungen/").content.decode()
    report.refresh_from_db()
    assert report.settled_by == operator
    assert "Nichts ist offen" in client.get("/betrieb/rueckmeldungen/").content.decode()
    assert "Zu klein" in client.get("/betrieb/rueckmeldungen/?stand=erledigt").content.decode()


def test_exports_neutralise_formulas(client: Client, operator: User) -> None:
    texts = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "harmlos"]
    for text in texts:
        BarrierReport.objects.create(page=text, text="x")
    from csv import reader

    answer = client.get("/betrieb/rueckmeldungen/rueckmeldungen.csv?stand=alle")
    lines = b"".join(answer).decode("utf-8-sig").split("\r\n")
    rows = [row for row in reader(lines, delimiter=";") if len(row) > 2][1:]
    assert {row[2][0] for row in rows if "harmlos" not in row} == {"'"}
    assert len(rows) == len(texts)


def test_what_operators_do_here_is_in_the_audit_log(client: Client, operator: User) -> None:
    report = BarrierReport.objects.create(text="Zu klein")
    failed = job()
    client.post(f"/betrieb/rueckmeldungen/{report.pk}/erledigt/")
    client.post(f"/betrieb/auftraege/{failed.pk}/wiederholen/")
    client.post("/betrieb/seiten/impressum/", {"title": "Impressum", "text": "x", "seen": "0"})
    entries = Entry.objects.order_by("number").values_list("deed", "actor")
    assert list(entries)[-3:] == [
        ("portal.settle_report", operator.pk),
        ("portal.repeat_job", operator.pk),
        ("portal.save_page", operator.pk),
    ]
