"""Duties of those who run critical facilities, as dated data (``duties.csv``), and when each is due.

A duty begins with a day on which a facility became critical, or with the first time that another one was
done; it may come again. Some sectors have laws of their own, and are exempt.
"""

import csv
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files

# What a duty follows that no other duty begins: it comes with each incident.
INCIDENT = "stoerung"
FIRST_REPORT = timedelta(hours=24)


@dataclass(frozen=True)
class Duty:
    """One duty. ``after``: the duty that it follows, nothing if it begins with becoming critical."""

    key: str
    title: str
    paragraph: str
    after: str
    months: int
    earliest: date | None  # it is never due before
    every_months: int | None
    exempt_sectors: frozenset[str]
    valid_from: date
    valid_until: date | None
    source: str


@dataclass(frozen=True)
class Due:
    """When a duty is due. Without a day it is done for good, or waits for ``waits_for``."""

    duty: Duty
    due_on: date | None
    done_on: date | None = None
    waits_for: str = ""


@cache
def read_duties() -> tuple[Duty, ...]:
    """All duties that come with this version, in their order."""
    text = files(__package__).joinpath("duties.csv").read_text(encoding="utf-8")
    return tuple(
        Duty(
            key=row["key"],
            title=row["title"],
            paragraph=row["paragraph"],
            after=row["after"],
            months=int(row["months"] or 0),
            earliest=date.fromisoformat(row["earliest"]) if row["earliest"] else None,
            every_months=int(row["every_months"]) if row["every_months"] else None,
            exempt_sectors=frozenset(row["exempt_sectors"].split()),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines(), delimiter=";")
    )


def duties_on(day: date, *, sector: str) -> tuple[Duty, ...]:
    """The duties that hold on a day for facilities of a sector."""
    return tuple(
        duty
        for duty in read_duties()
        if duty.valid_from <= day
        and (duty.valid_until is None or day < duty.valid_until)
        and sector not in duty.exempt_sectors
    )


def due_dates(
    duties: Iterable[Duty], *, since: date, done: Mapping[str, Sequence[date]]
) -> tuple[Due, ...]:
    """When each duty is due, for a facility that is critical since a day.

    ``done`` are the days on which a duty was done, by its key. What comes with each incident has no day
    and is left out.
    """
    return tuple(_due(duty, since, done) for duty in duties if duty.after != INCIDENT)


def _due(duty: Duty, since: date, done: Mapping[str, Sequence[date]]) -> Due:
    last = max(done.get(duty.key, ()), default=None)
    if last is not None:
        again = add_months(last, duty.every_months) if duty.every_months else None
        return Due(duty, again, done_on=last)
    start = min(done.get(duty.after, ()), default=None) if duty.after else since
    if start is None:
        return Due(duty, None, waits_for=duty.after)
    due_on = add_months(start, duty.months)
    return Due(duty, max(due_on, duty.earliest) if duty.earliest else due_on)


def incident_deadlines(known_at: datetime) -> tuple[datetime, datetime]:
    """Until when an incident is to be told first, and in full: 24 hours and a month after it was known.

    The month is counted from knowledge, which is never later than any other reading of the law.
    """
    full = add_months(known_at.date(), 1)
    # Hours that pass, not hours on the wall: these are 23 or 25 when clocks change.
    first = (known_at.astimezone(UTC) + FIRST_REPORT).astimezone(known_at.tzinfo)
    return first, known_at.replace(year=full.year, month=full.month, day=full.day)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day (§ 188 (3) BGB).

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
