"""The legal pages and the operator's desk as people see them."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.accounts.models import User
from allmende.forum.models import StatementState
from allmende.portal.models import BarrierReport, PageVersion, RetentionRun
from tests.factories import ConcernFactory, StatementFactory, second_factor

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_reads_the_legal_pages_and_reports_a_barrier(look: Eye) -> None:
    page = look("/")
    for name in ("Impressum", "Datenschutz", "Leichte Sprache", "Barrierefreiheit"):
        page.get_by_role("contentinfo").get_by_role("link", name=name).click()
        page.wait_for_url(f"**/{name.lower().replace(' ', '-')}/")
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("link", name="Barriere melden").click()
    page.wait_for_url("**/rueckmeldung/")
    page.get_by_role("button", name="Absenden").click()
    page.wait_for_selector("#fehler:focus")
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("Was konnten Sie nicht benutzen").fill("Die Schrift ist zu klein.")
    page.get_by_role("button", name="Absenden").click()
    page.get_by_text("Ihre Rückmeldung ist angekommen").wait_for()
    assert BarrierReport.objects.get().text == "Die Schrift ist zu klein."


def test_the_operators_desk_is_accessible_and_fits(look: Eye, alice: User) -> None:
    alice.is_operator = True
    alice.save()
    now = timezone.now()
    BarrierReport.objects.create(page="/forum/", text="Zu klein.", email="dora@example.org")
    text = "Gemeinde Lindenfurt\n\nHauptstraße 1, 12345 Lindenfurt\n\nTelefon: [Telefonnummer]"
    PageVersion.objects.create(slug="impressum", number=1, title="Impressum", text=text)
    RetentionRun.objects.create(
        key="portal.job", day=timezone.localdate(), started_at=now, finished_at=now, removed=7
    )
    DBTaskResult.objects.create(
        status="FAILED",
        task_path="allmende.forum.tasks.recompute_result",
        args_kwargs={"args": [], "kwargs": {}},
        run_after=now,
        started_at=now,
        finished_at=now,
        traceback="ValueError: Die Stimmen passen nicht zueinander",
    )
    concern = ConcernFactory(
        question="Wie werden Förderprogramme einfacher?", owner__name="Kranichsee"
    )
    for text in ("Förderanträge sollen auf zwei Seiten passen.", "Früher war der Ton besser."):
        StatementFactory(concern=concern, text=text, state=StatementState.PENDING)
    page = sign_in(look(), second_factor(alice))
    for path, name in {
        "": "betrieb-1280",
        "aussagen/": "betrieb-aussagen-1280",
        "loeschen/": "betrieb-loeschen-1280",
        "rueckmeldungen/": "betrieb-rueckmeldungen-1280",
        "seiten/": "betrieb-seiten-1280",
        "seiten/impressum/": "betrieb-impressum-1280",
        "auftraege/": "betrieb-auftraege-1280",
    }.items():
        page.goto(f"/betrieb/{path}")
        assert_accessible(page)
        assert_fits(page)
        take(page, name)
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
