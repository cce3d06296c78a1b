"""Notices become mails: as often as a person wants, each of them once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.signing import dumps
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries
from tests.factories import EmailAddressFactory, UserFactory
from tests.mail.conftest import MailServer

from allmende.accounts.models import User
from allmende.mail import queries
from allmende.mail.models import Frequency, Message, Notice, NoticeChoice
from allmende.mail.portal import offer
from allmende.mail.services import (
    choose_frequencies,
    deliver_due,
    gather_digests,
    notify,
    queue_message,
)
from allmende.portal import offers
from allmende.portal.offers import Offer

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 19, 12, 0, tzinfo=BERLIN)  # when things happen
FRIDAY = datetime(2026, 11, 20, 7, 0, tzinfo=BERLIN)
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def two_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that tells of two topics, whatever the real ones tell of."""
    app = Offer(notices={"forum.opened": "Neue Anliegen", "forum.result": "Ergebnisse"})
    monkeypatch.setattr("allmende.mail.queries.all_offers", lambda: (app,))


def tell(*users: User, topic: str = "forum.opened", key: str = "forum.opened-1") -> None:
    notify(
        users=users,
        topic=topic,
        key=key,
        title="Wie schützt der Bund <Menschen> im Amt?",
        text="Lindenfurt fragt.",
        url="/forum/schutz/",
    )
    Notice.objects.update(created_at=THURSDAY)


def mails_at(*moments: datetime) -> list[int]:
    """How many mails each gathering makes."""
    return [gather_digests(now=moment) for moment in moments]


@pytest.mark.parametrize(
    ("frequency", "mails"),
    [
        (Frequency.IMMEDIATELY, [1, 0, 0, 0, 0]),
        (Frequency.DAILY, [0, 0, 1, 0, 0]),
        (Frequency.WEEKLY, [0, 0, 0, 0, 1]),
        (Frequency.NEVER, [0, 0, 0, 0, 0]),
    ],
)
def test_each_hears_as_often_as_she_wants(
    alice: User, frequency: Frequency, mails: list[int]
) -> None:
    choose_frequencies(user=alice, choices={"": frequency})
    tell(alice)
    moments = [THURSDAY, FRIDAY - MINUTE, FRIDAY, MONDAY - MINUTE, MONDAY + MINUTE]
    assert mails_at(*moments) == mails
    assert Notice.objects.filter(told_at=None).count() == 0


def test_without_a_choice_it_is_daily_and_a_topic_has_its_own(alice: User) -> None:
    choose_frequencies(user=alice, choices={"forum.result": Frequency.WEEKLY})
    tell(alice)
    tell(alice, topic="forum.result", key="forum.result-1")
    assert mails_at(FRIDAY, MONDAY) == [1, 1]
    subjects = Message.objects.order_by("pk").values_list("text", flat=True)
    assert [("Neue Anliegen" in text, "Ergebnisse" in text) for text in subjects] == [
        (True, False),
        (False, True),
    ]


def test_what_is_told_twice_is_one_notice(alice: User, bob: User) -> None:
    tell(alice)
    tell(alice, bob)
    assert sorted(Notice.objects.values_list("user__name", flat=True)) == [alice.name, bob.name]


def test_a_topic_that_no_app_names_is_a_mistake(alice: User) -> None:
    with pytest.raises(LookupError, match=r"forum\.other"):
        tell(alice, topic="forum.other")


def test_many_people_are_told_and_served_with_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 3):
        people = UserFactory.create_batch(count)
        Notice.objects.all().delete()
        with django_assert_num_queries(4):  # with a savepoint and the task
            notify(users=people, topic="forum.opened", key="x", title="x", url="/")
        Notice.objects.update(created_at=THURSDAY)
        with django_assert_num_queries(8):
            assert gather_digests(now=FRIDAY) == count


def test_the_mail_names_what_is_new_and_the_way_out(alice: User, server: MailServer) -> None:
    tell(alice)
    tell(alice, topic="forum.result", key="forum.result-1")
    gather_digests(now=FRIDAY)
    deliver_due()
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == (alice.email, "2 Neuigkeiten aus der Allmende")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    said = text.get_content()
    assert said.startswith("Guten Tag, Alice Ahrens\n\nNeue Anliegen\n\n* Wie schützt der Bund <M")
    assert "  Lindenfurt fragt.\n  http://127.0.0.1:8000/forum/schutz/\n" in said
    assert (
        '<a href="http://127.0.0.1:8000/forum/schutz/">Wie schützt der Bund &lt;Menschen&gt;'
        in html.get_content()
    )
    links = re.findall(r"http://127.0.0.1:8000(/konto/benachrichtigungen/\S*)", said)
    pages = [Client().get(link) for link in links]
    assert [page.status_code for page in pages] == [302, 200, 200]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_in_the_mail_program_ends_it(alice: User, server: MailServer) -> None:
    tell(alice)
    gather_digests(now=FRIDAY)
    deliver_due()
    link = server.mails[0]["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")
    program = Client(enforce_csrf_checks=True)
    asks = program.get(link).content.decode()
    assert ("Mails abbestellen" in asks, "Neue Anliegen" in asks) == (True, True)
    tell(alice, key="forum.opened-2")
    done = program.post(link, {"List-Unsubscribe": "One-Click"})
    assert "Abbestellt" in done.content.decode()
    assert mails_at(FRIDAY + timedelta(days=1)) == [0]
    tell(alice, topic="forum.result", key="forum.result-1")
    assert mails_at(FRIDAY + timedelta(days=1)) == [1]


def test_a_link_that_we_did_not_sign_leads_nowhere(client: Client, alice: User) -> None:
    # Made within the test: a signature holds the time, and names of tests must be the same in each worker.
    signed_otherwise = dumps([alice.pk, "forum.opened"], salt="another")
    for token in ("x", signed_otherwise):
        page = client.post(f"/konto/benachrichtigungen/abbestellen/{token}/")
        assert page.status_code == 404, token


def test_a_link_of_somebody_who_has_left_changes_nothing(client: Client, alice: User) -> None:
    token = dumps([alice.pk + 1, "forum.opened"], salt="allmende.mail.unsubscribe")
    page = client.post(f"/konto/benachrichtigungen/abbestellen/{token}/")
    assert (page.status_code, NoticeChoice.objects.count()) == (200, 0)


def test_the_page_keeps_what_one_chooses(client: Client, alice: User) -> None:
    client.force_login(alice)
    wishes = {"alle": "weekly", "forum.opened": "never", "forum.result": "oben"}
    for _ in range(2):
        answer = client.post("/konto/benachrichtigungen/", wishes)
        assert (answer.status_code, answer["Location"]) == (303, "/konto/benachrichtigungen/")
    chosen = dict(alice.notice_choices.values_list("topic", "frequency"))
    assert chosen == {"": "weekly", "forum.opened": "never"}
    form = client.get("/konto/benachrichtigungen/").context["form"]
    assert {name: field.initial for name, field in form.fields.items()} == wishes


def test_one_knows_and_forgets_what_belongs_to_a_person(alice: User, bob: User) -> None:
    choose_frequencies(user=alice, choices={"": Frequency.WEEKLY})
    tell(alice, bob)
    queue_message(key="x", to="Alice@example.org", subject="Neu", text="Geheim")
    rows: list[list[dict[str, Any]]] = [part.rows for part in offer.personal_data(alice)]
    assert [len(part) for part in rows] == [1, 1, 1]
    assert rows[0][0]["Betreff"] == "Neu"
    EmailAddressFactory.create(user=alice, email="ahrens@example.org", primary=False)
    queue_message(key="y", to="ahrens@example.org", subject="Neu", text="Geheim")
    assert [len(part.rows) for part in offer.personal_data(alice)] == [2, 1, 1]
    assert len(list(offer.forget(alice))) == 1
    Message.objects.update(state="sent")
    assert list(offer.forget(alice)) == []
    assert (Message.objects.count(), Notice.objects.get().user) == (0, bob)


def test_old_mails_and_notices_go_but_none_that_is_still_to_leave(alice: User) -> None:
    tell(alice)
    for state in ("queued", "sending", "sent", "failed"):
        message = queue_message(key=state, to="x@example.org", subject="x", text="x")
        Message.objects.filter(pk=message.pk).update(state=state)
    later = Message.objects.latest("created_at").created_at + MINUTE
    assert {kind.key: kind.clear(later) for kind in offer.retention} == {
        "mail.message": 2,
        "mail.notice": 1,
    }
    assert set(Message.objects.values_list("state", flat=True)) == {"queued", "sending"}


def test_every_topic_of_every_app_has_a_name() -> None:
    topics = {topic: name for app in offers.all_offers() for topic, name in app.notices.items()}
    assert [topic for topic in topics if topic.count(".") != 1 or not topics[topic]] == []


def test_a_worker_is_asked_once_a_notice(alice: User, bob: User) -> None:
    tell(alice, bob)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_gather_at_once_each_notice_is_in_one_mail() -> None:
    people = UserFactory.create_batch(30)
    tell(*people)
    start = Barrier(2)

    def gather(_: int) -> None:
        try:
            start.wait()
            gather_digests(now=FRIDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(gather, range(2)))
    to = Message.objects.order_by("pk").values_list("recipient", flat=True)
    assert sorted(to) == sorted(person.email for person in people)


@pytest.mark.django_db(transaction=True)
def test_choices_saved_twice_at_once_are_kept_once(alice: User) -> None:
    start = Barrier(4)

    def choose(_: int) -> None:
        try:
            start.wait()
            choose_frequencies(user=alice, choices={"": "weekly", "forum.result": "never"})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(choose, range(4)))
    assert queries.frequencies_of(alice.pk) == {"": "weekly", "forum.result": "never"}
