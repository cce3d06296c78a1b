"""Which facilities somebody may know of, and what hangs on what."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import asin, cos, inf, radians, sin, sqrt
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from allmende.formats.municipalities.records import LAENDER
from allmende.portal.templatetags.portal import number
from allmende.registry.models import Level, Organisation, Region, RegionQuerySet, Right

from ..models import (
    SECTOR_OF,
    SERVICES,
    USUAL_KM,
    Facility,
    FacilityQuerySet,
    Sector,
    Service,
    Share,
    Supplier,
    Supply,
)
from .staff import insights_of, providing_mandates, seats_of, staffed_areas, writing_mandates

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

Rows = TypeVar("Rows", bound=QuerySet[Any])
# Fewer might tell which ones they are.
FEWEST_SHOWN = 5
# So many suppliers can be chosen from, the nearest ones.
MOST_NEAR = 40
EARTH_KM = 6_371.0
# Below it, distances have a digit behind the comma.
FEW_KM = 10
# Farther from the middle of its municipality, a facility is probably not where it is said to be.
FAR_FROM_TOWN_KM = 50
GERMANY_LON, GERMANY_LAT = (5.8, 15.1), (47.2, 55.1)


def visible_facilities(user: "Person") -> FacilityQuerySet:
    """What a person needs to know: what her organisation runs, what lies in the area of her crisis staff
    or supplies people there, and what her authority was given insight into.
    """
    found: list[QuerySet[Any]] = []
    provided = {mandate.organisation_id for mandate in providing_mandates(user)}
    if provided := provided | {seat.mandate.organisation_id for seat in seats_of(user)}:
        found.append(Facility.objects.filter(provider__in=provided).values("pk"))
    if areas := staffed_areas(user):
        found += known_in(Region.objects.with_any_key(areas))
    # One list for each sector, since a database takes only so many, and a ministry may see hundreds of areas.
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for insight in insights_of(user):
        seen[insight.sector].add(insight.region.ars)
    for sector, keys in seen.items():
        within = Facility.objects.filter(region__in=Region.objects.with_any_key(keys))
        if sector:
            within = within.filter(service__in=SERVICES[Sector(sector)])
        found.append(within.values("pk"))
    return any_of(Facility.objects.select_related("provider", "region"), found)


def known_in(regions: RegionQuerySet) -> list[QuerySet[Any]]:
    """The keys of what lies in these regions, and of what supplies people there."""
    supplied = Share.objects.filter(persons__gt=0, region__in=regions)
    return [Facility.objects.filter(region__in=regions).values("pk"), supplied.values("facility")]


def any_of(rows: Rows, keys: list[QuerySet[Any]]) -> Rows:
    """Those of ``rows``, facilities say, that are in any of these lists of keys.

    Each list is found in an index of its own; joined by „or“, all facilities of the country would be looked at.
    """
    if not keys:
        return rows.none()
    first, *more = (each.order_by() for each in keys)
    return rows.filter(pk__in=first.union(*more, all=True) if more else first)


def visible_neighbours(user: "Person", facility: Facility) -> set[int]:
    """Who supplies a facility or needs it directly, of those that a person may know of."""
    neighbours: list[QuerySet[Any]] = [
        Supplier.objects.filter(supply__facility=facility).values("facility"),
        Supplier.objects.filter(facility=facility).values("supply__facility"),
    ]
    found = any_of(visible_facilities(user), neighbours)
    return set(found.order_by().values_list("pk", flat=True))


def get_facility(number: int) -> Facility:
    """A facility of the register, whoever may know of it."""
    return Facility.objects.select_related("provider", "region__parent").get(pk=number)


def possible_regions(user: "Person") -> RegionQuerySet:
    """The municipalities in which a person may enter facilities.

    Those of her crisis staffs; who may write for a provider enters its facilities anywhere.
    """
    municipalities = Region.objects.current().filter(level=Level.GEMEINDE)
    if providing_mandates(user, Right.CONTRIBUTE):
        return municipalities
    return municipalities.with_any_key(staffed_areas(user))


def possible_providers(user: "Person") -> list[Organisation]:
    """For whom a person may enter facilities: her providers, and where she sits in the crisis staff."""
    found = {mandate.organisation for mandate in writing_mandates(user)}
    return sorted(found, key=lambda each: each.name)


@dataclass(frozen=True)
class Near:
    """A facility and how far it is; None if one of both lies nobody knows where."""

    facility: Facility
    km: float | None

    def __str__(self) -> str:
        parts = (self.facility.name, self.facility.region.short_name, self.away)
        return " · ".join(filter(None, parts))

    @property
    def away(self) -> str:
        """How far, in words: what is farther than usual says so."""
        if self.km is None:
            return ""
        words = {"km": number(self.km, 1 if self.km < FEW_KM else 0)}
        if self.km > (usual := USUAL_KM[self.facility.sector]):
            words["usual"] = number(usual)
            return _("%(km)s km entfernt, ungewöhnlich weit: Faustregel %(usual)s km") % words
        return _("%(km)s km") % words


def possible_suppliers(user: "Person", facility: Facility, service: Service) -> list[Near]:
    """Who could meet a need: those of that service that a person may see, nearest first."""
    found = visible_facilities(user).working().filter(service=service).exclude(pk=facility.pk)
    near = [Near(each, distance_km(facility, each)) for each in found.order_by("name", "pk")]
    near.sort(key=lambda each: inf if each.km is None else each.km)
    return near[:MOST_NEAR]


def with_present_ones(supply: Supply, near: list[Near]) -> list[Near]:
    """The same, and those that meet the need already, wherever they are."""
    listed = {each.facility.pk for each in near}
    present = [row.facility for row in supply.rows.all() if row.facility_id not in listed]
    return [*(Near(each, distance_km(supply.facility, each)) for each in present), *near]


def distance_km(one: Facility, other: Facility) -> float | None:
    """How far they are from each other; None if nobody knows where one of them is.

    Without a place of its own, a facility is in the middle of its municipality.
    """
    here, there = (_point(each) or _point(each.region) for each in (one, other))
    return None if here is None or there is None else _way(here, there)


def doubt_place(facility: Facility) -> str:
    """Why a facility is probably not where it is said to be; empty if nothing speaks against it."""
    here, town = _point(facility), _point(facility.region)
    if here is None:
        return ""
    if town is not None:
        km = _way(here, town)
        if km <= FAR_FROM_TOWN_KM:
            return ""
        words = {"km": number(km), "town": facility.region.short_name}
        return _("Die Koordinaten liegen %(km)s km von %(town)s entfernt.") % words
    lon, lat = facility.lon or 0.0, facility.lat or 0.0
    if GERMANY_LON[0] <= lon <= GERMANY_LON[1] and GERMANY_LAT[0] <= lat <= GERMANY_LAT[1]:
        return ""
    return _("Die Koordinaten liegen nicht in Deutschland.")


def _way(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Along the earth's surface, in km (haversine formula)."""
    half = sin((there[1] - here[1]) / 2) ** 2
    half += cos(here[1]) * cos(there[1]) * sin((there[0] - here[0]) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _point(place: Facility | Region) -> tuple[float, float] | None:
    """Longitude and latitude in radians."""
    if place.lon is None or place.lat is None:
        return None
    return radians(place.lon), radians(place.lat)


def get_supply(number: int) -> Supply:
    """A need with its facility and suppliers."""
    found = Supply.objects.select_related("facility__provider", "facility__region")
    return found.prefetch_related("rows__facility__region").get(pk=number)


def needs_of(facility: Facility) -> QuerySet[Supply]:
    """What a facility needs, with those who supply it."""
    rows = Supplier.objects.select_related("facility__provider", "facility__region")
    return facility.supplies.prefetch_related(
        Prefetch("rows", rows.order_by("facility__name", "pk"))
    )


def needed_by(facility: Facility) -> QuerySet[Supply]:
    """The needs of others that a facility can meet."""
    found = Supply.objects.filter(rows__facility=facility, facility__closed_on=None)
    return found.select_related("facility__provider", "facility__region").order_by(
        "facility__name", "pk"
    )


@dataclass(frozen=True)
class Counted:
    """Facilities of one sector in one Land; ``count`` is None where there are few."""

    land: str
    sector: Sector
    count: int | None
    is_example: bool

    @property
    def place(self) -> str:
        """The Land; invented facilities apart."""
        return f"{self.land} ({_('Beispieldaten')})" if self.is_example else self.land


def counts_by_sector_and_land() -> list[Counted]:
    """All that the public may know: how many there are, unless they are fewer than five.

    No sums are given: what is withheld could be worked out from them.
    """
    rows = (
        Facility.objects.working()
        .order_by()
        .values_list("is_example", "region__land", "service")
        .annotate(count=Count("pk"))
    )
    sums: Counter[tuple[bool, str, Sector]] = Counter()
    for is_example, land, service, count in rows:
        sums[is_example, land, SECTOR_OF[Service(service)]] += count
    return [
        Counted(LAENDER.get(land, ""), sector, count if count >= FEWEST_SHOWN else None, is_example)
        for is_example, land in sorted({(is_example, land) for is_example, land, _sector in sums})
        for sector in Sector
        if (count := sums[is_example, land, sector])
    ]
