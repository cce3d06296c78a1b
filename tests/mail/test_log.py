"""The mail log on the operator's desk."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.mail import queries
from allmende.mail.models import Message
from allmende.mail.services import queue_message

pytestmark = pytest.mark.django_db

LOG = "/betrieb/post/"


def logged(state: str, to: str = "alice@example.org") -> Message:
    number = Message.objects.count()
    message = queue_message(key=f"x-{number}", to=to, subject=f"Nr. {number}", text="Geheim")
    Message.objects.filter(pk=message.pk).update(state=state, error="550 no such user")
    return message


@pytest.fixture
def desk(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def test_addresses_are_masked_unless_the_mail_failed_and_no_content_is_shown(desk: Client) -> None:
    logged("sent")
    logged("failed", "bob@example.org")
    for page in (desk.get(LOG).content.decode(), desk.get(f"{LOG}liste.csv").getvalue().decode()):
        assert ("alice@" in page, "a…@example.org" in page, "bob@example.org" in page) == (
            False,
            True,
            True,
        )
        assert "Geheim" not in page


def test_the_log_is_found_by_state_and_whole_address(desk: Client) -> None:
    sent, failed = logged("sent"), logged("failed", "bob@example.org")
    assert list(desk.get(f"{LOG}?stand=failed").context["page"]) == [failed]
    assert list(desk.get(f"{LOG}?adresse=Alice@example.org").context["page"]) == [sent]
    assert list(desk.get(f"{LOG}?adresse=alice").context["page"]) == []
    assert list(desk.get(LOG).context["page"]) == [failed, sent]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_takes_a_constant_number_of_queries(
    desk: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        logged("failed")
    desk.get(LOG)
    with django_assert_num_queries(5):
        desk.get(LOG)


@pytest.mark.parametrize(
    ("what", "state", "text"), [("noch-einmal", "queued", "Geheim"), ("aufgeben", "given_up", "")]
)
def test_a_failed_mail_is_tried_again_or_given_up(
    desk: Client, operator: User, what: str, state: str, text: str
) -> None:
    message = logged("failed")
    for _ in range(2):  # two clicks
        assert desk.post(f"{LOG}{message.pk}/{what}/").status_code == 303
    message.refresh_from_db()
    assert (message.state, message.text, message.attempts) == (state, text, 0)
    (entry,) = history_of(message)
    assert (entry.actor, entry.object_name) == (operator, f"Mail {message.pk}")


def test_what_is_not_failed_cannot_be_tried_again(desk: Client) -> None:
    message = logged("sent")
    desk.post(f"{LOG}{message.pk}/noch-einmal/")
    assert "nicht mehr gescheitert" in desk.get(LOG).content.decode()
    assert Message.objects.get().state == "sent"


def test_failed_and_stuck_mails_wait_for_the_operator() -> None:
    failed, stuck, fresh = logged("failed"), logged("queued"), logged("queued")
    hour_ago = fresh.created_at - queries.STUCK_AFTER
    Message.objects.filter(pk=stuck.pk).update(created_at=hour_ago)
    assert set(queries.waiting_for_operator()) == {failed, stuck}


def test_nobody_else_sees_the_log(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert [client.get(path).status_code for path in (LOG, f"{LOG}liste.csv")] == [404, 404]
