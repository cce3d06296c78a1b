"""An invitation to a real server: text, HTML, and the calendar as a reading and as a file."""

import pytest
from icalendar import Calendar
from tests.mail.conftest import MailServer

from allmende.mail.models import Message, MessageState
from allmende.mail.services import deliver_due, new_message, queue_messages

pytestmark = pytest.mark.django_db
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Allmende//DE\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T090000Z\r\nSUMMARY:Größe\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)


def test_a_calendar_is_one_more_reading_and_a_file(server: MailServer) -> None:
    queue_messages(
        [
            new_message(
                key="test.calendar",
                to="alice@example.org",
                subject="Einladung",
                text="Kommen Sie?",
                calendar=CALENDAR,
            )
        ]
    )
    assert deliver_due()
    (mail,) = server.mails
    parts = [
        (part.get_content_type(), part.get_param("method"), part.get_filename())
        for part in mail.walk()
        if not part.is_multipart()
    ]
    assert parts == [
        ("text/plain", None, None),
        ("text/html", None, None),
        ("text/calendar", "REQUEST", None),
        ("application/ics", None, "einladung.ics"),
    ]
    for part in mail.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            read = Calendar.from_ical(part.get_payload(decode=True))
            assert str(read.walk("VEVENT")[0]["summary"]) == "Größe"
    message = Message.objects.get()
    assert (message.state, message.calendar) == (MessageState.SENT, "")


def test_other_mails_carry_nothing(server: MailServer) -> None:
    queue_messages([new_message(key="test", to="a@example.org", subject="Post", text="Text")])
    deliver_due()
    (mail,) = server.mails
    assert [p.get_content_type() for p in mail.walk() if not p.is_multipart()] == [
        "text/plain",
        "text/html",
    ]
