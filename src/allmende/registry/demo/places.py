"""Example data: real places from open data, and invented municipalities that may vote.

Real names are only names here: whatever is said and voted in example data, invented municipalities
say it. They hang below the real Länder, so that statistics by Land work, but have keys that no
register uses: Land, then 999, then a running number. ``RegionQuerySet.municipalities`` never counts
them.
"""

from collections.abc import Iterator
from math import exp, log
from random import Random

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from allmende.formats.errors import FormatError
from allmende.formats.municipalities import LAENDER, read_packages

from .. import services
from ..models import Level, Region, RegisterImport, SizeClass
from ..names import fold, search_key

INVENTED_KREIS = "999"
MOST_PER_LAND = 999
# They are always there: people of the example data speak for them, guides and pictures tell of them.
KNOWN = (("09", "Lindenfurt", 812), ("15", "Kranichsee", 811), ("09", "Falkenbrück", 34_180))

# Parts of names; what they make is kept only if no real place is called so.
BEGINNINGS = (
    "Linden", "Erlen", "Ahorn", "Kranich", "Silber", "Falken", "Hasel", "Birken", "Otter", "Rohr",
    "Schwanen", "Weiden", "Eschen", "Holunder", "Wacholder", "Reiher", "Ulmen", "Dachs", "Kiefern",
    "Amsel", "Buchen", "Specht", "Storchen", "Mohn", "Ginster", "Eulen", "Biber", "Distel",
    "Hafer", "Lerchen", "Moor", "Nebel", "Perlen", "Quell", "Rauten", "Schilf", "Tannen", "Veilchen",
    "Wiesen", "Zeisig",
)  # fmt: skip
ENDINGS = (
    "furt", "see", "brück", "tal", "hain", "stedt", "büttel", "rode", "au", "grund", "werder",
    "moos", "kirchen", "berge", "leben", "wiek", "holm", "loh", "fels", "quell", "bühl", "kamp",
    "winkel", "anger", "warte", "ried", "horst", "steg", "wang", "garten",
)  # fmt: skip
# Shares by size class where there is no real Land to copy from (Germany at the end of 2024).
SHARES = {1: 0.0014, 2: 0.006, 3: 0.01, 4: 0.047, 5: 0.085, 6: 0.128, 7: 0.7226}
BOUNDS = {
    1: (500_000, 900_000),
    2: (100_000, 300_000),
    3: (50_000, 99_999),
    4: (20_000, 49_999),
    5: (10_000, 19_999),
    6: (5_000, 9_999),
    7: (90, 4_999),
}
# Roughly the middle of each Land, for invented places where no real ones are known.
CENTRES = {
    "01": (9.8, 54.2), "02": (10.0, 53.55), "03": (9.2, 52.8), "04": (8.8, 53.1), "05": (7.6, 51.5),
    "06": (9.0, 50.6), "07": (7.4, 49.9), "08": (9.0, 48.6), "09": (11.5, 48.95), "10": (6.95, 49.4),
    "11": (13.4, 52.5), "12": (13.4, 52.4), "13": (12.6, 53.8), "14": (13.3, 51.05),
    "15": (11.7, 52.0), "16": (11.0, 50.9),
}  # fmt: skip


def fill_places(seed: int) -> Iterator[str]:
    """Bring in the places of the npm packages if no register is there. Says what it did."""
    if RegisterImport.objects.exists():
        return
    try:
        register = read_packages(settings.NODE_DIR)
    except FormatError as error:
        ensure_laender()
        yield f"Verzeichnis: nur die 16 Länder, denn die offenen Daten fehlen ({error})."
        return
    report = services.import_register(register=register, actor=None)
    if report.totals:
        yield (
            f"Verzeichnis: {report.totals.municipalities} Gemeinden aus offenen Daten; das "
            "amtliche mit „allmende import municipalities DATEI“."
        )


def ensure_laender() -> dict[str, Region]:
    """The Bund and the 16 Länder, made where they are missing; by key."""
    bund, _ = Region.objects.get_or_create(
        level=Level.BUND,
        ars="",
        valid_until=None,
        defaults={"name": "Deutschland", "search_key": search_key(["Deutschland"])},
    )
    known = {
        region.ars: region
        for region in Region.objects.current().filter(level=Level.LAND, invented=False)
    }
    for key, name in LAENDER.items():
        if key not in known:
            known[key] = Region.objects.create(
                level=Level.LAND,
                ars=key,
                name=name,
                search_key=search_key([name]),
                land=key,
                parent=bund,
            )
    return known


@transaction.atomic
def create_invented_municipalities(*, seed: int, count: int) -> list[Region]:
    """Make municipalities that do not exist, spread over Länder and sizes as the real ones are.

    Called again with the same numbers on the same register it makes nothing new and returns those
    that are there.

    Parameters
    ----------
    seed
        Another number, other names and sizes.
    count
        How many there shall be in all.

    Returns
    -------
    list of Region
        ``count`` invented municipalities in the order of their keys, each with Land, size class,
        inhabitants, area and coordinates; ``invented`` is true.
    """
    invented = Region.objects.filter(invented=True, level=Level.GEMEINDE).order_by("ars")
    present = list(invented)
    if len(present) >= count:
        return present[:count]
    laender = ensure_laender()
    random = Random(seed)  # noqa: S311 example data
    taken = _real_names() | {fold(region.short_name) for region in present}
    taken |= {fold(name) for _, name, _ in KNOWN}
    numbers = dict.fromkeys(laender, 0)
    for region in present:
        numbers[region.land] = max(numbers[region.land], int(region.ags[5:]))
    places = _places()
    fresh = []
    known = [] if present else list(KNOWN[:count])
    drawn = [
        (land, _name(random, taken), _population(random, size))
        for land, size in _cells(random, count - len(present) - len(known))
    ]
    for land, name, population in known + drawn:
        numbers[land] += 1
        if numbers[land] > MOST_PER_LAND:
            raise ValueError(f"no key is left for another invented municipality in Land {land}")
        kind = 63 if population >= 10_000 else 64
        lon, lat = _near(random, land, places)
        key = f"{land}{INVENTED_KREIS}{numbers[land]:03}"
        fresh.append(
            Region(
                level=Level.GEMEINDE,
                ars=f"{key[:5]}0000{key[5:]}",
                ags=key,
                name=f"{name}, Stadt" if kind == 63 else name,
                search_key=search_key([name]),
                kind=kind,
                parent=laender[land],
                land=land,
                kreis=key[:5],
                population=population,
                area_km2=round(random.lognormvariate(3.2, 0.7), 2),
                lon=lon,
                lat=lat,
                size_class=SizeClass.of(population),
                invented=True,
            )
        )
    Region.objects.bulk_create(fresh, batch_size=500)
    return list(invented.all()[:count])


def _cells(random: Random, count: int) -> list[tuple[str, int]]:
    """Draw Land and size class for each, in the proportions of the real municipalities."""
    real = {
        (land, size): number
        for land, size, number in Region.objects.municipalities()
        .filter(size_class__isnull=False)
        .order_by("land", "size_class")
        .values_list("land", "size_class")
        .annotate(number=Count("pk"))
    }
    if not real:
        real = {(land, size): share for land in sorted(LAENDER) for size, share in SHARES.items()}
    cells = sorted(real)
    return sorted(random.choices(cells, weights=[real[cell] for cell in cells], k=count))


def _population(random: Random, size: int) -> int:
    """Inhabitants within a size class; small places are the most frequent."""
    low, high = BOUNDS[size]
    return round(low * exp(random.random() * log(high / low)))


def _real_names() -> set[str]:
    real = Region.objects.filter(invented=False, level=Level.GEMEINDE)
    return {fold(name.split(",", 1)[0]) for name in real.values_list("name", flat=True)}


def _name(random: Random, taken: set[str]) -> str:
    for _ in range(10_000):
        name = random.choice(BEGINNINGS) + random.choice(ENDINGS)
        if fold(name) not in taken:
            taken.add(fold(name))
            return name
    raise ValueError("no name is left for another invented municipality")


def _places() -> dict[str, list[tuple[float, float]]]:
    places: dict[str, list[tuple[float, float]]] = {}
    real = Region.objects.municipalities().filter(lon__isnull=False).order_by("ars")
    for land, lon, lat in real.values_list("land", "lon", "lat"):
        if lon is not None and lat is not None:
            places.setdefault(land, []).append((lon, lat))
    return places


def _near(
    random: Random, land: str, places: dict[str, list[tuple[float, float]]]
) -> tuple[float, float]:
    lon, lat = random.choice(places[land]) if places.get(land) else CENTRES[land]
    spread = 0.03 if places.get(land) else 0.2
    return round(lon + random.gauss(0, spread), 5), round(lat + random.gauss(0, spread), 5)
