"""Needs that others of a kind have and one facility lacks, with the nearest who could meet them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from ..models import Facility, Service, Supplier, Supply
from .facilities import Near, distance_km, visible_facilities
from .staff import changing_mandate

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.registry.models import Mandate


@dataclass(frozen=True)
class Missing:
    """A need that a facility lacks; ``have`` of ``of`` others of its kind have it, with ``count`` suppliers."""

    facility: Facility
    service: Service
    have: int
    of: int
    count: int
    needed: int
    mandate: "Mandate"


@dataclass(frozen=True)
class Suggestion:
    """A missing need with the nearest suppliers."""

    missing: Missing
    suppliers: tuple[Near, ...]

    @property
    def key(self) -> str:
        """What the page sends back before the number of a supplier: facility and service."""
        return f"{self.missing.facility.pk}:{self.missing.service}"


@dataclass(frozen=True)
class KnownNeeds:
    """The working facilities that a person sees, what each has said to need, and who hangs on whom."""

    facilities: dict[int, Facility]
    by_service: dict[str, list[Facility]]
    dependants: dict[int, set[int]]
    needs: dict[tuple[str, str], list[tuple[int, int]]]  # kind and service → suppliers, needed
    has: set[tuple[int, str]]


def read_known_needs(user: "User") -> KnownNeeds:
    """Always in three queries."""
    found = visible_facilities(user).working().order_by("name", "pk")
    facilities = {each.pk: each for each in found}
    by_service: defaultdict[str, list[Facility]] = defaultdict(list)
    for facility in facilities.values():
        by_service[facility.service].append(facility)
    keys = found.order_by().values("pk")
    suppliers: defaultdict[int, list[int]] = defaultdict(list)
    rows = Supplier.objects.filter(supply__facility__in=keys).order_by()
    dependants: defaultdict[int, set[int]] = defaultdict(set)
    for supply, number, supplier in rows.values_list("supply", "supply__facility", "facility"):
        suppliers[supply].append(supplier)
        dependants[supplier].add(number)
    needs: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    has = set()
    supplies = Supply.objects.filter(facility__in=keys).order_by("pk")
    columns = ("pk", "facility", "service", "needed")
    for pk, number, service, needed in supplies.values_list(*columns):
        if (number, service) not in has:
            kind = facilities[number].service
            needs[kind, service].append((len(suppliers[pk]), needed))
        has.add((number, service))
    return KnownNeeds(facilities, by_service, dependants, needs, has)


def missing_needs(user: "User", known: KnownNeeds) -> list[Missing]:
    """What is missing, of the facilities that a person may write about, by name."""
    usual: defaultdict[str, list[tuple[str, int, int, int]]] = defaultdict(list)
    for (kind, service), rows in known.needs.items():
        if known.by_service.get(service):
            [((count, needed), _times)] = Counter(rows).most_common(1)
            usual[kind].append((service, len(rows), count, needed))
    found = []
    mandates: dict[tuple[int | None, int], Mandate | None] = {}
    for facility in known.facilities.values():
        for service, have, count, needed in usual[facility.service]:
            # Whoever supplies others of its own kind, a substation local grids, is where that begins.
            if (facility.pk, service) in known.has or (
                service == facility.service and _supplies_its_kind(known, facility)
            ):
                continue
            key = (facility.provider_id, facility.region_id)
            if key not in mandates:
                mandates[key] = changing_mandate(user, facility)
            if mandate := mandates[key]:
                others = len(known.by_service[facility.service]) - 1
                kind = Service(service)
                found.append(Missing(facility, kind, have, others, count, needed, mandate))
    return found


def possible_for(known: KnownNeeds, missing: Missing) -> list[Facility]:
    """Who could supply it: nobody who needs the facility in turn, or is only invented while it is real.

    Of its own kind only those who supply others of it: the next local grid is no substation.
    """
    facility = missing.facility
    below = _hanging_on(known, facility.pk)
    return [
        other
        for other in known.by_service.get(missing.service, ())
        if other.pk not in below
        and other.is_example == facility.is_example
        and (other.service != facility.service or _supplies_its_kind(known, other))
    ]


def _supplies_its_kind(known: KnownNeeds, facility: Facility) -> bool:
    others = (known.facilities.get(number) for number in known.dependants.get(facility.pk, ()))
    return any(other is not None and other.service == facility.service for other in others)


def suggestions_for(known: KnownNeeds, missing: Iterable[Missing]) -> list[Suggestion]:
    """The nearest suppliers of each."""
    found = []
    for each in missing:
        possible = possible_for(known, each)
        near = [Near(other, distance_km(each.facility, other)) for other in possible]
        near.sort(key=lambda one: inf if one.km is None else one.km)
        if near:
            found.append(Suggestion(each, tuple(near[: max(each.count, 1)])))
    return found


def _hanging_on(known: KnownNeeds, number: int) -> set[int]:
    """The facility and all that need it, directly or through others."""
    found, waiting = {number}, [number]
    while waiting:
        for other in known.dependants.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
