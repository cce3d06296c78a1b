"""iCalendar files as other programs read them: zones, folding, escaping, methods."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from allmende.formats.calendars import (
    Address,
    Meeting,
    Term,
    write_feed,
    write_invitation,
    write_terms,
)

HOST = Address("Städtebund; Verband, e. V.", "allmende@example.org")
GUEST = Address('Alice "Ali" Ahrens', "alice@example.org")


def meeting(**fields: object) -> Meeting:
    given = {
        "uid": "9c0f",
        "sequence": 2,
        "title": "Plenum; zweites, größeres " * 5,
        "starts_at": datetime(2027, 7, 1, 8, 0, tzinfo=UTC),
        "ends_at": datetime(2027, 7, 1, 10, 0, tzinfo=UTC),
        "changed_at": datetime(2027, 1, 1, 9, 0, tzinfo=UTC),
        "place": "Markt 1, Lindenfurt",
        "description": "Erste Zeile\nZweite Zeile",
    }
    return Meeting(**given | fields)  # type: ignore[arg-type]


def test_lines_are_folded_and_words_survive() -> None:
    written = write_invitation(meeting(), organiser=HOST, guest=GUEST)
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75
    assert written.replace("\r\n", "").count("\n") == 0
    event = Calendar.from_ical(written).walk("VEVENT")[0]
    assert str(event["summary"]) == meeting().title
    assert str(event["location"]) == "Markt 1, Lindenfurt"
    assert str(event["description"]) == "Erste Zeile\nZweite Zeile"
    assert event["organizer"].params["CN"] == HOST.name
    assert event["attendee"].params["RSVP"] == "FALSE"


@pytest.mark.parametrize(
    ("month", "shown"), [(1, "20270101T090000"), (7, "20270701T100000")], ids=["winter", "summer"]
)
def test_times_stand_in_berlin_with_their_rules(month: int, shown: str) -> None:
    moment = datetime(2027, month, 1, 8, 0, tzinfo=UTC)
    written = write_feed("Plenum", [meeting(starts_at=moment)])
    assert f"DTSTART;TZID=Europe/Berlin:{shown}\r\n" in written
    calendar = Calendar.from_ical(written)
    assert calendar.walk("VEVENT")[0].decoded("dtstart") == moment
    (zone,) = calendar.walk("VTIMEZONE")
    # Read without knowing the name: the rules alone say the same.
    assert zone.to_tz(lookup_tzid=False).utcoffset(datetime(2027, 1, 1, 9)).seconds == 3_600
    assert zone.to_tz(lookup_tzid=False).utcoffset(datetime(2027, 7, 1, 9)).seconds == 7_200


def test_what_is_cancelled_is_called_off() -> None:
    written = write_invitation(meeting(is_cancelled=True), organiser=HOST, guest=GUEST)
    calendar = Calendar.from_ical(written)
    assert str(calendar["method"]) == "CANCEL"
    assert str(calendar.walk("VEVENT")[0]["status"]) == "CANCELLED"


def test_what_a_calendar_must_have_is_there() -> None:
    for written in (
        write_feed("Plenum", [meeting()]),
        write_invitation(meeting(), organiser=HOST, guest=GUEST),
    ):
        calendar = Calendar.from_ical(written)
        assert (str(calendar["version"]), bool(calendar["prodid"])) == ("2.0", True)
        event = calendar.walk("VEVENT")[0]
        assert sorted({"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE"} - set(event)) == []
        assert calendar.errors == []
        assert event.errors == []


def test_what_is_due_is_a_whole_day_or_a_moment_and_confidential() -> None:
    at = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    terms = [
        Term("a", "Registrierung; Werk", date(2027, 3, 1), at, "§ 8", "https://example.org/a/"),
        Term("b", "Erstmeldung", datetime(2027, 3, 1, 8, 30, tzinfo=UTC), at),
    ]
    written = write_terms("Fristen", terms, mark="Vertraulich · 7-ab")
    assert "DTSTART;VALUE=DATE:20270301\r\n" in written
    assert "DTSTART;TZID=Europe/Berlin:20270301T093000\r\n" in written
    calendar = Calendar.from_ical(written)
    assert str(calendar["method"]) == "PUBLISH"
    events = calendar.walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Registrierung; Werk", "Erstmeldung"]
    assert {str(event["class"]) for event in events} == {"CONFIDENTIAL"}
    assert str(calendar["description"]) == "Vertraulich · 7-ab"
    told = [str(event["description"]) for event in events]
    assert told == ["§ 8\n\nVertraulich · 7-ab", "Vertraulich · 7-ab"]
    assert "DTEND" not in written
