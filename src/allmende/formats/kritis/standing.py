"""Whether a facility counts as critical for the Bund or a Land, and from which day.

A facility whose value reaches the threshold in a year counts from 1 April of the next year on; one whose
value falls below it counts no more from 1 April of the year after that one. A year for which nobody has
said a value changes nothing. The threshold that is asked is the one in force on that 1 April.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    """For whom a facility is critical; what lies below all thresholds matters to its municipality."""

    BUND = "bund"
    LAND = "land"
    LOCAL = "kommunal"


@dataclass(frozen=True)
class Threshold:
    """From ``amount`` on a facility is critical; valid from a day on, until before another."""

    level: Level
    amount: Decimal
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True)
class Standing:
    """What a facility is on a day. ``since``: from when, None if always; ``ahead``: what it becomes, and when."""

    level: Level
    since: date | None = None
    ahead: tuple[Level, date] | None = None


def persons_equivalent(value: Decimal, per_person: Decimal | None) -> int | None:
    """How many people a value supplies; None where no source says what one of them needs.

    >>> persons_equivalent(Decimal(22_000_000), Decimal(44))
    500000
    """
    return int(value / per_person) if per_person else None


def standing(
    values: Mapping[int, Decimal], thresholds: Iterable[Threshold], *, on: date
) -> Standing:
    """What a facility is on a day, from its values by year and all thresholds of its category.

    >>> law = [Threshold(Level.BUND, Decimal(500_000), date(2022, 1, 1))]
    >>> standing({2024: Decimal(500_000)}, law, on=date(2025, 3, 31))
    Standing(level=<Level.LOCAL: 'kommunal'>, since=None, ahead=(<Level.BUND: 'bund'>, datetime.date(2025, 4, 1)))
    >>> standing({2024: Decimal(500_000)}, law, on=date(2025, 4, 1)).since
    datetime.date(2025, 4, 1)
    """
    rows = list(thresholds)
    level, since = Level.LOCAL, None
    for year in sorted(values):
        day = date(year + 1, 4, 1)
        reached = _reached(values[year], rows, day)
        if reached == level:
            continue
        if day > on:
            return Standing(level, since, ahead=(reached, day))
        level, since = reached, day
    return Standing(level, since)


def _reached(value: Decimal, thresholds: list[Threshold], day: date) -> Level:
    """The highest level whose newest threshold of that day a value reaches."""
    for level in (Level.BUND, Level.LAND):
        held = [each for each in thresholds if each.level == level and each.holds_on(day)]
        if held and value >= max(held, key=lambda each: each.valid_from).amount:
            return level
    return Level.LOCAL
