"""iCalendar files (RFC 5545): an invitation for one guest, a series that others subscribe to, what is due until when.

Times stand in the zone ``Europe/Berlin``, whose rules the file brings along: a sitting at 14:00 stays at
14:00, whatever the calendar of a guest takes for the local time. An invitation follows RFC 5546:
``REQUEST`` invites, and with a higher sequence changes; ``CANCEL`` calls off. Both name the same UID.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

PRODUCT, TERMS = "-//Allmende//Sitzungen//DE", "-//Allmende//Fristen//DE"
ZONE = ZoneInfo("Europe/Berlin")
RULES = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Meeting:
    """One meeting as calendars see it. Times are aware; ``changed_at`` is when its data last changed."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    place: str = ""
    description: str = ""
    url: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Term:
    """Something that is due: on a day, or until a moment. Who reads it sees it alone."""

    uid: str
    title: str
    due: date | datetime
    changed_at: datetime
    description: str = ""
    url: str = ""


@dataclass(frozen=True)
class Address:
    """Somebody with a mail address."""

    name: str
    email: str


def write_invitation(meeting: Meeting, *, organiser: Address, guest: Address) -> str:
    """An invitation for one guest, a change of it, or its end where the meeting is cancelled.

    Guests answer on our page: their calendars are asked to send no reply by mail.
    """
    calendar = _calendar("CANCEL" if meeting.is_cancelled else "REQUEST")
    event = _event(meeting)
    event["organizer"] = _person(organiser)
    attendee = _person(guest)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def write_feed(name: str, meetings: Iterable[Meeting]) -> str:
    """All meetings of a series, for calendars that subscribe to them; they look once in a few hours."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT6H")
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return str(calendar.to_ical().decode())


def write_terms(name: str, terms: Iterable[Term], *, mark: str = "") -> str:
    """All that is due, as a file to be read into a calendar: whole days, or moments of no length.

    ``mark`` says for whom the file was made, in it and in each of its entries, which calendars keep apart; what
    names nothing that is confidential has none.
    """
    calendar = _calendar("PUBLISH", product=TERMS)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    if mark:
        calendar.add("description", mark)
    for term in terms:
        event = Event()
        due = term.due.astimezone(ZONE) if isinstance(term.due, datetime) else term.due
        for key, value in (
            ("uid", term.uid),
            ("dtstamp", term.changed_at),
            ("summary", term.title),
            ("dtstart", due),
            ("class", "CONFIDENTIAL"),
            ("transp", "TRANSPARENT"),
        ):
            event.add(key, value)
        event.add("description", f"{term.description}\n\n{mark}".strip())
        if term.url:
            event.add("url", term.url)
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _calendar(method: str, *, product: str = PRODUCT) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone())
    return calendar


@cache
def _zone() -> Timezone:
    """The rules of our zone as the European Union has set them."""
    zone = Timezone.from_ical(RULES)
    assert isinstance(zone, Timezone)  # noqa: S101  for the type checker
    return zone


def _event(meeting: Meeting) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("summary", meeting.title)
    event.add("dtstart", meeting.starts_at.astimezone(ZONE))
    event.add("dtend", meeting.ends_at.astimezone(ZONE))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("class", "PUBLIC")
    for key, value in (
        ("location", meeting.place),
        ("description", meeting.description),
        ("url", meeting.url),
    ):
        if value:
            event.add(key, value)
    return event


def _person(address: Address) -> vCalAddress:
    person = vCalAddress(f"mailto:{address.email}")
    person.params["cn"] = vText(address.name)
    return person
