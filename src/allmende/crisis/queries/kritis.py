"""Whether facilities are critical for the Bund or a Land: measures held against dated thresholds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from allmende.formats import kritis
from allmende.formats.kritis import Level

from ..models import Facility, Measure, ReportingOffice, Sector, Threshold, ThresholdLevel
from .facilities import visible_facilities

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

RANK = {Level.LOCAL: 0, Level.LAND: 1, Level.BUND: 2}


@dataclass(frozen=True)
class Line:
    """One category of a facility: its values by year, those of its group added up."""

    threshold: Threshold  # the newest one of the Bund, for its words
    values: dict[int, Decimal]
    standing: kritis.Standing

    @property
    def years(self) -> list[tuple[int, Decimal, int | None]]:
        """Year, value and how many people that is; newest first."""
        per_person = self.threshold.per_person
        return [
            (year, self.values[year], kritis.persons_equivalent(self.values[year], per_person))
            for year in sorted(self.values, reverse=True)
        ]


@dataclass(frozen=True)
class Status:
    """What a facility is today. ``together`` are the others whose values count with its own."""

    level: Level
    since: date | None
    lines: tuple[Line, ...]
    together: tuple[Facility, ...]

    @property
    def ahead(self) -> tuple[Level, date] | None:
        """What becomes of it next, if it is more than today."""
        coming = [line.standing.ahead for line in self.lines if line.standing.ahead is not None]
        higher = [each for each in coming if RANK[each[0]] > RANK[self.level]]
        return min(higher, key=lambda each: each[1], default=None)


def statuses(facilities: Iterable[Facility], *, on: date) -> dict[int, Status]:
    """What each facility is on a day, by its number; three questions, however many there are."""
    facilities = list(facilities)
    groups = _groups(facilities)
    members = {one.pk: groups.get(_group_key(one), [one]) for one in facilities}
    values: dict[int, dict[str, dict[int, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    keys = {each.pk for group in members.values() for each in group}
    measures = Measure.objects.filter(facility__in=keys).order_by()
    for number, key, year, value in measures.values_list("facility", "key", "year", "value"):
        values[number][key][year] = value
    used = {key for by_key in values.values() for key in by_key}
    thresholds: dict[str, list[Threshold]] = defaultdict(list)
    for row in Threshold.objects.filter(key__in=used).order_by("valid_from"):
        thresholds[row.key].append(row)
    return {one.pk: _status(one, members[one.pk], values, thresholds, on=on) for one in facilities}


def _group_key(facility: Facility) -> tuple[int | None, str, str]:
    return facility.provider_id, facility.provider_name, facility.group


def _groups(facilities: list[Facility]) -> dict[tuple[int | None, str, str], list[Facility]]:
    """Working facilities of one provider that belong together, by who and how they say so."""
    names = {one.group for one in facilities if one.group}
    found: dict[tuple[int | None, str, str], list[Facility]] = defaultdict(list)
    if names:
        for each in Facility.objects.working().filter(group__in=names).order_by("name", "pk"):
            found[_group_key(each)].append(each)
    return found


def _status(
    facility: Facility,
    group: list[Facility],
    values: dict[int, dict[str, dict[int, Decimal]]],
    thresholds: dict[str, list[Threshold]],
    *,
    on: date,
) -> Status:
    sums: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in {one.pk: one for one in (facility, *group)}:
        for key, by_year in values[each].items():
            for year, value in by_year.items():
                sums[key][year] += value
    _leave_out_what_is_half_told(sums, [values[each.pk] for each in (group or [facility])])
    own = [key for key in sums if key in values[facility.pk] and thresholds[key]]
    lines = tuple(
        Line(
            threshold=_words(thresholds[key], facility, on=on),
            values=dict(sums[key]),
            standing=kritis.standing(sums[key], _law(thresholds[key], facility), on=on),
        )
        for key in sorted(own)
    )
    level = max((line.standing.level for line in lines), key=RANK.__getitem__, default=Level.LOCAL)
    days = [line.standing.since for line in lines if line.standing.level == level]
    since = min((day for day in days if day is not None), default=None)
    others = tuple(each for each in group if each.pk != facility.pk)
    return Status(level, since if level != Level.LOCAL else None, lines, others)


def _leave_out_what_is_half_told(
    sums: dict[str, dict[int, Decimal]], members: list[dict[str, dict[int, Decimal]]]
) -> None:
    """A year that only some of those have told that tell anything says nothing of all of them."""
    for key, by_year in sums.items():
        telling = [by_key[key] for by_key in members if by_key.get(key)]
        for year in list(by_year):
            if not all(year in told for told in telling):
                del by_year[year]


def _words(rows: list[Threshold], facility: Facility, *, on: date) -> Threshold:
    """The row to name: the Bund's or else the own Land's, that of the day."""
    own = [
        row for row in rows if row.level == ThresholdLevel.BUND or row.land == facility.region.land
    ]
    federal = [row for row in own if row.level == ThresholdLevel.BUND]
    chosen = federal or own or rows
    return next((row for row in reversed(chosen) if row.valid_from <= on), chosen[0])


def _law(rows: list[Threshold], facility: Facility) -> list[kritis.Threshold]:
    """What holds for a facility: the Bund's thresholds, and those of its own Land."""
    return [
        kritis.Threshold(Level(row.level), row.amount, row.valid_from, row.valid_until)
        for row in rows
        if row.level == ThresholdLevel.BUND or row.land == facility.region.land
    ]


def status_of(facility: Facility, *, on: date) -> Status:
    """The same for one."""
    return statuses([facility], on=on)[facility.pk]


def sees_all(user: "Person", facilities: Iterable[Facility]) -> bool:
    """Whether a person may know of all of these: only then does she see their sum."""
    keys = {each.pk for each in facilities}
    return visible_facilities(user).filter(pk__in=keys).count() == len(keys)


def thresholds() -> QuerySet[Threshold]:
    """All that were ever in force, by sector and category, the newest first."""
    return Threshold.objects.order_by("sector", "category", "criterion", "level", "-valid_from")


def categories_for(sector: Sector) -> list[tuple[str, str]]:
    """What a facility of a sector can be measured by, for a select."""
    rows = Threshold.objects.filter(sector__in=[sector, ""]).order_by("-sector", "category", "pk")
    return list({row.key: f"{row.category}: {row.criterion} ({row.unit})" for row in rows}.items())


def get_measure(number: int) -> Measure:
    """A value of a year, with its facility."""
    found = Measure.objects.select_related("facility__provider", "facility__region__parent")
    return found.get(pk=number)


def reporting_offices(land: str | None = None) -> QuerySet[ReportingOffice]:
    """Where incidents are to be told; with ``land``, what is so for facilities there."""
    offices = ReportingOffice.objects.all()
    return offices if land is None else offices.filter(land__in=["", land])
