"""What is queued, when it leaves, and what Django's own mails become."""

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings
from tests.factories import EmailAddressFactory

from allmende.accounts.models import User
from allmende.mail import queries
from allmende.mail.models import Message
from allmende.mail.services import new_message, queue_message, queue_messages

MAIL = {"to": "alice@example.org", "subject": "Einladung", "text": "Guten Tag"}


@pytest.fixture(autouse=True)
def queue_backend(settings: Settings) -> None:
    """As in service; Django's test runner puts a list in its place."""
    settings.EMAIL_BACKEND = "allmende.mail.backend.QueueBackend"


@pytest.mark.django_db
def test_queued_twice_it_is_one_mail_and_the_first_one_counts() -> None:
    first = queue_message(key="test.invitation-1", **MAIL)
    second = queue_message(key="test.invitation-1", **MAIL | {"subject": "Anders"})
    assert (first.pk, first.message_id) == (second.pk, second.message_id)
    assert Message.objects.get().subject == "Einladung"
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_many_mails_are_queued_behind_single_ones_and_once_each() -> None:
    def some(*numbers: int) -> list[Message]:
        return [new_message(key=f"test.{number}", **MAIL) for number in numbers]

    queue_messages(some(1, 2))
    queue_messages(some(2, 3))
    queue_message(key="test.single", **MAIL)
    order = Message.objects.order_by("priority", "pk").values_list("key", flat=True)
    assert list(order) == ["test.single", "test.1", "test.2", "test.3"]


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_only_queued_if_the_change_succeeds() -> None:
    with transaction.atomic():
        queue_message(key="test.lost", **MAIL)
        transaction.set_rollback(True)
    assert (Message.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_line_break_in_a_subject_begins_no_header() -> None:
    message = queue_message(
        key="test.injected", **MAIL | {"subject": "Hallo\r\nBcc: mallory@example.org"}
    )
    assert message.subject == "Hallo Bcc: mallory@example.org"


@pytest.mark.django_db
def test_what_django_sends_is_queued_for_each_recipient() -> None:
    mail = EmailMultiAlternatives(
        "Betreff", "Text", "a@example.org", ["Bob <b@example.org>"], cc=["c@example.org"],
        reply_to=["d@example.org"], headers={"X-Thing": "1"},
    )  # fmt: skip
    mail.attach_alternative("<p>Text</p>", "text/html")
    assert mail.send() == 1
    rows = Message.objects.order_by("pk").values_list("recipient", "sender", "text", "html")
    assert list(rows) == [
        ("b@example.org", "a@example.org", "Text", "<p>Text</p>"),
        ("c@example.org", "a@example.org", "Text", "<p>Text</p>"),
    ]
    assert Message.objects.first().headers == {"X-Thing": "1", "Reply-To": "d@example.org"}


@pytest.mark.django_db
def test_an_attachment_is_refused_rather_than_lost() -> None:
    mail = EmailMultiAlternatives("Betreff", "Text", to=["b@example.org"])
    mail.attach("a.txt", "x", "text/plain")
    with pytest.raises(ValueError, match="nothing attached"):
        mail.send()


@pytest.mark.django_db
def test_two_equal_mails_by_django_are_two() -> None:
    for _ in range(2):
        send_mail("Betreff", "Text", None, ["b@example.org"])
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_mails_to_an_address_that_somebody_merely_claims_are_not_hers(alice: User) -> None:
    EmailAddressFactory(user=alice, email="dora@example.org", verified=False, primary=False)
    queue_message(key="test", to="dora@example.org", subject="Einladung", text="Nur für Dora.")
    assert queries.messages_to(alice).count() == 0
    alice.emailaddress_set.update(verified=True)
    assert queries.messages_to(alice).count() == 1
