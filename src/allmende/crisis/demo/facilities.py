"""The invented facilities of an invented Kreis."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, hypot, radians
from random import Random

from allmende.registry.models import Level, Organisation, Region

from ..models import Facility, Service, Share, Supplier, Supply


@dataclass(frozen=True)
class Need:
    """What every facility of a kind needs: ``needed`` of the ``of`` nearest of a service."""

    service: Service
    buffer_hours: float = 0.0
    of: int = 1
    needed: int = 1


@dataclass(frozen=True)
class Kind:
    """One kind of facility: for how many inhabitants there is one, and what it needs.

    ``in_towns``: only in municipalities with so many inhabitants; ``one_in``: one in so many depends on it.
    """

    name: str
    service: Service
    people: int
    in_towns: int = 0
    one_in: int = 1
    serves: bool = True
    needs: tuple[Need, ...] = ()
    repair_hours: float = 24
    feed_in_kw: int | None = None
    vendor: str = ""
    provider: str = ""  # without: the Kreis's own utility


POWER, WATER, PHONE = Service.POWER, Service.DRINKING_WATER, Service.TELECOM
# Each comes after those it needs, so that they are there.
KINDS = (
    Kind("Umspannwerk", POWER, 60_000, 5_000, serves=False, repair_hours=36, vendor="Regeltec"),
    Kind(
        "Ortsnetz",
        POWER,
        6_000,
        needs=(Need(POWER, of=2),),
        repair_hours=10,
        vendor="Regeltec",
    ),
    Kind(
        "Vermittlungsstelle",
        PHONE,
        9_000,
        needs=(Need(POWER, 4),),
        repair_hours=12,
        vendor="Fernnetz",
        provider="Fernnetz GmbH (erfunden)",
    ),
    Kind(
        "Wasserwerk",
        WATER,
        9_000,
        needs=(Need(POWER, 8), Need(PHONE, 48)),
        repair_hours=18,
        feed_in_kw=120,
        vendor="Aquaplan",
    ),
    Kind(
        "Kläranlage",
        Service.SEWAGE,
        15_000,
        needs=(Need(POWER, 6), Need(WATER, 24)),
        feed_in_kw=200,
        vendor="Aquaplan",
    ),
    Kind(
        "Treibstofflager",
        Service.FUEL,
        45_000,
        5_000,
        serves=False,
        needs=(Need(POWER, 2),),
        feed_in_kw=40,
        provider="Ahorn Mineralöl (erfunden)",
    ),
    Kind(
        "Krankenhaus",
        Service.HOSPITAL,
        70_000,
        8_000,
        needs=(Need(POWER, 72), Need(WATER, 12), Need(Service.FUEL, 96)),
        repair_hours=48,
        provider="Kliniken Ahornkreis (erfunden)",
    ),
    Kind(
        "Leitstelle",
        Service.RESCUE,
        200_000,
        8_000,
        needs=(Need(POWER, 72), Need(PHONE, 2, of=2)),
        repair_hours=8,
        provider="Rettungszweckverband (erfunden)",
    ),
    Kind(
        "Pflegeheim",
        Service.CARE,
        10_000,
        needs=(Need(POWER, 1), Need(WATER, 6)),
        one_in=100,
        feed_in_kw=60,
        provider="Trägerverein Miteinander (erfunden)",
    ),
    Kind(
        "Lebensmittelmarkt",
        Service.FOOD,
        6_500,
        needs=(Need(POWER, 1), Need(PHONE, 0)),
        provider="Landmarkt (erfunden)",
    ),
    Kind(
        "Apotheke",
        Service.MEDICINE,
        9_000,
        needs=(Need(POWER, 2), Need(PHONE, 12)),
        provider="inhabergeführt (erfunden)",
    ),
    Kind(
        "Entsorgungshof",
        Service.WASTE,
        50_000,
        needs=(Need(POWER, 24), Need(Service.FUEL, 48)),
    ),
)


@dataclass
class Site:
    """A facility on its way into the database, and where it stands."""

    facility: Facility
    kind: Kind
    point: tuple[float, float]
    upper: bool  # supplies facilities only


def make_facilities(*, kreis: Organisation, provider: Organisation, seed: int) -> None:
    """Write the facilities of a Kreis into the database."""
    draw = Random(f"{seed} facilities")  # noqa: S311  example data
    towns = list(
        Region.objects.filter(
            level=Level.GEMEINDE,
            invented=True,
            ars__startswith=kreis.region.ars,  # type: ignore[union-attr]
        ).order_by("-population", "ars")
    )
    sites: list[Site] = []
    for kind in KINDS:
        sites += _sites(kind, towns, provider, draw)
    Facility.objects.bulk_create(site.facility for site in sites)
    _share_out(sites, towns)
    _wire(sites)


def _sites(kind: Kind, towns: list[Region], provider: Organisation, draw: Random) -> list[Site]:
    """So many of a kind as people need, the larger towns first."""
    everybody = sum(town.population or 0 for town in towns)
    possible = [town for town in towns if (town.population or 0) >= kind.in_towns] or towns[:1]
    count = max(1, ceil(everybody / kind.people))
    found = []
    for number in range(count):
        town, again = possible[number % len(possible)], number // len(possible)
        lon, lat = town.lon or 11.5, town.lat or 48.95
        point = (lon + draw.uniform(-0.02, 0.02), lat + draw.uniform(-0.015, 0.015))
        name = f"{kind.name} {town.short_name}" + (f" {again + 1}" if again else "")
        facility = Facility(
            name=name,
            service=kind.service,
            provider=None if kind.provider else provider,
            provider_name=kind.provider,
            region=town,
            lon=round(point[0], 5),
            lat=round(point[1], 5),
            repair_hours=kind.repair_hours,
            repair_rank=draw.randint(1, 9),
            vendor=kind.vendor,
            feed_in_kw=kind.feed_in_kw,
            is_example=True,
        )
        found.append(Site(facility, kind, point, upper=not kind.serves))
    return found


def _share_out(sites: list[Site], towns: Sequence[Region]) -> None:
    """Every town is supplied by the nearest facility of each kind, a large one by all of its own."""
    shares: dict[tuple[int, int], int] = {}
    for kind in KINDS:
        if not kind.serves:
            continue
        own = [site for site in sites if site.kind is kind]
        for town in towns:
            inside = [site for site in own if site.facility.region_id == town.pk]
            point = (town.lon or 11.5, town.lat or 48.95)
            chosen = inside or [min(own, key=lambda site: _far(site.point, point))]
            part, rest = divmod((town.population or 0) // kind.one_in, len(chosen))
            for place, site in enumerate(chosen):
                shares[site.facility.pk, town.pk] = part + (place < rest)
    Share.objects.bulk_create(
        Share(facility_id=facility, region_id=region, persons=persons)
        for (facility, region), persons in shares.items()
        if persons
    )
    for site in sites:
        served = (n for (key, _town), n in shares.items() if key == site.facility.pk)
        site.facility.served = sum(served)
    Facility.objects.bulk_update([site.facility for site in sites], ["served"])


def _wire(sites: list[Site]) -> None:
    """Everybody needs the nearest; the local grids need the substations above them, and nobody else does."""
    supplies, rows = [], []
    for site in sites:
        for need in site.kind.needs:
            above = site.kind.service == POWER
            possible = [
                other
                for other in sites
                if other.facility.service == need.service
                and other is not site
                and (other.upper == above or need.service != POWER)
            ]
            possible.sort(key=lambda other: _far(other.point, site.point))
            supply = Supply(
                facility=site.facility,
                service=need.service,
                needed=need.needed,
                buffer_hours=need.buffer_hours,
            )
            supplies.append(supply)
            rows += [(supply, other.facility) for other in possible[: need.of]]
    Supply.objects.bulk_create(supplies)
    Supplier.objects.bulk_create(
        Supplier(supply=supply, facility=facility) for supply, facility in rows
    )


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance in degrees of latitude; enough to tell what is nearer."""
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])
