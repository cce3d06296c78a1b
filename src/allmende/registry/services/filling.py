"""How a record of a file becomes a region of the register; shared by present and past."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allmende.formats.municipalities import Level, RegionRecord, Register
from allmende.formats.municipalities.gv100ad import NAME_WIDTH

from ..models import Region, RegisterImport, SizeClass
from ..names import search_key

BATCH = 500
Known = Mapping[tuple[int, str], Region]

# Everything that an import may change on a region that it finds again.
UPDATED = (
    "ars",
    "ags",
    "name",
    "former_names",
    "search_key",
    "kind",
    "parent",
    "land",
    "kreis",
    "population",
    "population_on",
    "area_km2",
    "lon",
    "lat",
    "postcode",
    "size_class",
    "valid_from",
    "valid_until",
    "valid_until_exact",
    "first_seen",
    "last_seen",
    "source",
)


@dataclass(frozen=True)
class Sums:
    """Inhabitants and km² by key, summed up from below; the key of the Bund is empty."""

    population: dict[str, int]
    area: dict[str, float]


def sum_up(records: Iterable[RegionRecord]) -> Sums:
    """Sum inhabitants and areas up for every region above a municipality.

    Where the file gives figures of the Kreise themselves, those count and not their municipalities:
    open data know all Kreise, but not all municipalities.
    """
    records = list(records)
    base = Level.GEMEINDE
    if any(r.level == Level.KREIS and r.population is not None for r in records):
        base = Level.KREIS
    population: dict[str, int] = defaultdict(int)
    area: dict[str, float] = defaultdict(float)
    for found in records:
        if found.level != base:
            continue
        key = found.ars or found.ags
        lengths = (0, 2, 3, 5, 9) if len(key) == 12 else (0, 2)
        for length in lengths:
            population[key[:length]] += found.population or 0
            area[key[:length]] += found.area or 0.0
    return Sums(population, area)


def fill(
    *,
    region: Region,
    found: RegionRecord,
    register: Register,
    entry: RegisterImport,
    known: Known,
    sums: Sums,
) -> None:
    """Write what a record says into a region. What the record does not say stays as it was."""
    region.ars = found.ars or region.ars or found.ags
    region.ags = found.ags
    if not is_cut_off(found.name, region.name):
        region.name = found.name
    region.search_key = search_key([region.name, *region.former_names.splitlines()])
    region.kind = int(found.kind) if found.kind else region.kind
    region.parent = _parent(found, known)
    key = found.key
    region.land = key[:2]
    region.kreis = key[:5] if found.level >= Level.KREIS else ""
    population = found.population
    area = found.area
    if found.level != Level.GEMEINDE:
        population = sums.population.get(found.ars) if population is None else population
        area = sums.area.get(found.ars) if area is None else area
    if population is not None:
        region.population = population
        region.population_on = register.population_date
    region.area_km2 = region.area_km2 if area is None else round(area, 2)
    region.lon = region.lon if found.longitude is None else found.longitude
    region.lat = region.lat if found.latitude is None else found.latitude
    region.postcode = found.postcode or region.postcode
    if found.level == Level.GEMEINDE:
        region.size_class = SizeClass.of(region.population) if region.population else None
    if register.complete:
        # Open data prove nothing: they still name what has been dissolved for years.
        day = register.status_date
        region.first_seen = min(region.first_seen or day, day)
        region.last_seen = max(region.last_seen or day, day)
    region.source = entry


def is_cut_off(name: str, other: str) -> bool:
    """Whether ``name`` is only ``other`` without what did not fit into GV100AD's column."""
    return len(name) == NAME_WIDTH and other.startswith(name)


def remember_name(region: Region, former: str) -> bool:
    """Keep a former name so that people still find the region by it; False if it is known."""
    names = region.former_names.splitlines()
    if former == region.name or former in names or is_cut_off(former, region.name):
        return False
    region.former_names = "\n".join([*names, former])
    region.search_key = search_key([region.name, *names, former])
    return True


def save_regions(regions: list[Region]) -> None:
    """Write changed regions in few statements."""
    Region.objects.bulk_create(
        regions,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(UPDATED),
    )


def _parent(found: RegionRecord, known: Known) -> Region | None:
    key = found.key
    candidates: list[tuple[int, str]] = []
    if found.level == Level.GEMEINDE:
        candidates += [(Level.GEMEINDEVERBAND, found.ars[:9]), (Level.KREIS, key[:5])]
    elif found.level == Level.GEMEINDEVERBAND:
        candidates += [(Level.KREIS, key[:5])]
    elif found.level == Level.KREIS:
        candidates += [(Level.REGIERUNGSBEZIRK, key[:3])]
    if found.level > Level.LAND:
        candidates += [(Level.LAND, key[:2])]
    if found.level > Level.BUND:
        candidates += [(Level.BUND, "")]
    return next((known[place] for place in candidates if place in known), None)
