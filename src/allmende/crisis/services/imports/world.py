"""What the rows of a file talk about, looked up together: a constant number of queries for 5,000 rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from allmende.formats.facility_list import (
    CHECKS,
    FACILITIES,
    FACILITY_COLUMNS,
    NEED_COLUMNS,
    NEEDS,
    Called,
    Fault,
    Named,
)
from allmende.registry.models import Level, Mandate, Organisation, Region

from ... import queries
from ...models import Contact, Facility, Measure, Sector, Share, Supplier, Supply
from ...queries.towns import Towns, folded

if TYPE_CHECKING:
    from allmende.accounts.models import User

CHUNK = 5_000
# What a file says of a facility and of a need, as their tables have it.
FACILITY_FIELDS = (
    *("name", "service", "provider_id", "provider_name", "region_id", "place", "lon", "lat"),
    *("served", "repair_hours", "repair_spread", "repair_rank", "starts_alone", "vendor"),
    *("feed_in_kw", "note", "group"),
)
NEED_FIELDS = ("service", "needed", "buffer_hours", "recharge", "note")


@dataclass
class Read:
    """A row with its values, and what could not be read."""

    line: int
    values: dict[str, Any]
    faults: list[Fault]
    texts: dict[str, str] = field(default_factory=dict)  # as they are written, by field

    def is_faulty(self, heading: str) -> bool:
        """Whether something is wrong in a column already: one fault of each is told."""
        return any(fault.column == heading for fault in self.faults)

    def add_fault(self, fault: Fault) -> None:
        """One more, unless another one of the same column is told already."""
        if not self.is_faulty(fault.column):
            self.faults.append(fault)


@dataclass(frozen=True)
class Known:
    """As much of a facility as is needed to find it."""

    pk: int  # below zero: the row of this file in which it is new
    name: str
    region_id: int
    service: str
    working: bool


class UnclearError(ValueError):
    """Nobody can tell what a cell means: the field of its column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@dataclass
class Need:
    """A need as it is."""

    pk: int
    facility: int
    fields: dict[str, Any]
    suppliers: set[int] = field(default_factory=set)


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(items)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


class Places:
    """Municipalities by key and by name."""

    def __init__(self, user: "User", rows: Sequence[Read]) -> None:
        self.towns = Towns(Region.objects.current().filter(level=Level.GEMEINDE))
        self.by_pk: dict[int, Region] = {}
        self.load(pk for words in set(_places_in(rows)) for pk in self.towns.find(words))
        self.possible = set(queries.possible_regions(user).values_list("pk", flat=True))

    def find(self, words: str) -> list[Region]:
        """Those that are meant; of several, the one in which this person may enter facilities."""
        found = self.towns.find(words)
        ours = [pk for pk in found if pk in self.possible]
        return [self.by_pk[pk] for pk in (ours if len(found) > 1 and len(ours) == 1 else found)]

    def of(self, row: Read) -> Region | None:
        """The municipality of a row, None if it names none; raises ``UnclearError`` if there are none or several."""
        column = "key" if row.values.get("key") else "municipality"
        words = row.values.get(column)
        if not words:
            return None
        found = self.find(words)
        if len(found) == 1:
            return found[0]
        said = (
            _("„%(words)s“ gibt es mehrfach. Bitte nennen Sie den Gemeindeschlüssel.")
            if found
            else _("„%(words)s“ ist keine Gemeinde.")
        )
        raise UnclearError(column, said % {"words": words[:60]})

    def called(self, pk: int | None) -> str:
        """The name of a municipality, empty if there is none; with its key where others are called so, too."""
        if pk is None:
            return ""
        region = self.by_pk[pk]
        return (
            region.name if self.towns.find(region.name) == [pk] else f"{region.name} ({region.key})"
        )

    def load(self, keys: Iterable[int]) -> None:
        """Get to know more of them, by number."""
        for chunk in chunks(sorted(set(keys) - set(self.by_pk))):
            self.by_pk |= Region.objects.in_bulk(chunk)


def _places_in(rows: Sequence[Read]) -> Iterator[str]:
    for row in rows:
        for name in ("key", "municipality"):
            if said := row.values.get(name):
                yield said
        for place, _persons in row.values.get("shares") or ():
            yield place
        for supplier in row.values.get("suppliers") or ():
            if supplier.place:
                yield supplier.place


class World:
    """Places, the facilities that a person may know of, and who may write about which."""

    def __init__(self, user: "User", rows: Sequence[Read]) -> None:
        self.user = user
        self.places = Places(user, rows)
        self.providers = {folded(each.name): each for each in queries.possible_providers(user)}
        self.known: dict[int, Known] = {}
        self.by_place: defaultdict[tuple[str, int], list[Known]] = defaultdict(list)
        self.by_name: defaultdict[str, list[Known]] = defaultdict(list)
        visible = queries.visible_facilities(user).order_by("pk")
        columns = ("pk", "name", "region_id", "service", "closed_on")
        for pk, name, region, service, closed_on in visible.values_list(*columns):
            self.learn(Known(pk, name, region, service, closed_on is None))
        self.facilities: dict[int, dict[str, Any]] = {}
        self.shares: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self.contacts: defaultdict[int, list[tuple[int, Called]]] = defaultdict(list)
        self.measures: defaultdict[int, dict[tuple[str, int], Decimal]] = defaultdict(dict)
        self.needs: dict[int, Need] = {}
        # What the cells of facilities and needs would be today, as signs.
        self.checks: dict[str, dict[int, str]] = {FACILITIES: {}, NEEDS: {}}
        self._categories: dict[Sector, set[str]] = {}
        self._mandates: dict[tuple[int | None, int], Mandate | None] = {}

    def learn(self, known: Known) -> None:
        """Find it from now on."""
        self.known[known.pk] = known
        self.by_place[folded(known.name), known.region_id].append(known)
        self.by_name[folded(known.name)].append(known)

    def called(self, name: str, region: Region | None) -> list[Known]:
        """Facilities of that name, in one municipality or anywhere; working ones before the others."""
        key = folded(name)
        found = self.by_place.get((key, region.pk), []) if region else self.by_name.get(key, [])
        return [each for each in found if each.working] or found

    def name_of(self, number: int) -> str:
        """A facility in words: its number, too, where others are called so, and alone where she does not see it."""
        known = self.known.get(number)
        if known is None:
            return f"Nr. {number}"
        is_only = number < 0 or len(self.by_name[folded(known.name)]) == 1
        return known.name if is_only else f"{known.name} (Nr. {number})"

    def suppliers(self, named: Named) -> list[Known]:
        """Whom somebody can mean as supplier."""
        if named.number is not None:
            known = self.known.get(named.number)
            return [known] if known else []
        found = self.called(named.text, None)
        if found or not named.place:
            return found
        return [
            known
            for region in self.places.find(named.place)
            for known in self.called(named.name, region)
        ]

    def load(self, keys: Iterable[int]) -> None:
        """Read facilities, their shares and their needs in full."""
        for chunk in chunks(sorted(set(keys) - set(self.facilities))):
            provider = ("provider__name", "provider__kind", "provider__region__ars")
            columns = (*FACILITY_FIELDS, "pk", "version", "closed_on", *provider)
            for row in Facility.objects.filter(pk__in=chunk).order_by().values(*columns):
                self.facilities[row["pk"]] = row
            shares = Share.objects.filter(facility__in=chunk).order_by()
            for pk, region, persons in shares.values_list("facility", "region", "persons"):
                self.shares[pk][region] = persons
            for one in Contact.objects.filter(facility__in=chunk).order_by("pk"):
                called = Called(one.name, one.telephone, one.email, one.reachable)
                self.contacts[one.facility_id].append((one.pk, called))
            for said in Measure.objects.filter(facility__in=chunk).order_by():
                self.measures[said.facility_id][said.key, said.year] = said.value
            supplies = Supply.objects.filter(facility__in=chunk).order_by("pk")
            for row in supplies.values("pk", "facility", *NEED_FIELDS):
                pk, facility = row.pop("pk"), row.pop("facility")
                self.needs[pk] = Need(pk, facility, row)
            rows = Supplier.objects.filter(supply__facility__in=chunk).order_by()
            for supply, facility in rows.values_list("supply", "facility"):
                self.needs[supply].suppliers.add(facility)
        self.places.load(row["region_id"] for row in self.facilities.values())
        self.places.load(region for spread in self.shares.values() for region in spread)

    def load_checks(self, keys: Iterable[int]) -> None:
        """Read the signs of facilities and their needs, as a file of today would have them."""
        for chunk in chunks(sorted(set(keys) - set(self.checks[FACILITIES]))):
            found = Facility.objects.filter(pk__in=chunk).select_related("provider", "region")
            for table, columns, rows in (
                (FACILITIES, FACILITY_COLUMNS, queries.facility_rows(found)),
                (NEEDS, NEED_COLUMNS, queries.need_rows(found)),
            ):
                place = columns.index(CHECKS)
                self.checks[table].update((int(str(row[0])), str(row[place])) for row in rows)

    def is_disputed(self, row: Read, facility: int) -> bool:
        """Whether somebody has changed a facility since a file was written; one without „Stand“ does not say."""
        stand = row.values.get("stand")
        return stand is not None and stand != self.facilities[facility]["version"]

    def categories_for(self, service: str) -> set[str]:
        """The keys by which a facility of a service can be measured."""
        sector = Facility(service=service).sector
        if sector not in self._categories:
            self._categories[sector] = {key for key, _label in queries.categories_for(sector)}
        return self._categories[sector]

    def mandate_for(self, provider: int | None, region: int) -> Mandate | None:
        """The mandate in which this person writes about what somebody runs somewhere."""
        key = (provider, region)
        if key not in self._mandates:
            facility = Facility(provider_id=provider, region=self.places.by_pk[region])
            self._mandates[key] = queries.changing_mandate(self.user, facility)
        return self._mandates[key]

    def provider_called(self, name: str) -> Organisation | None:
        """Her own organisation of that name, as far as she may enter facilities for it."""
        return self.providers.get(folded(name))
