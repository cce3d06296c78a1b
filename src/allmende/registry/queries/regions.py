"""Reading the registry: one region, searches, lists, and the totals that figures are weighed by."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    OrderBy,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from allmende.formats.municipalities.records import Source

from ..models import Level, Region, RegionQuerySet, RegisterChange, RegisterImport, SizeClass
from ..names import fold

OFFICIAL = (Source.EXTRACT, Source.GV100AD)
BUND = "bund"
CURRENT_FIRST = OrderBy(F("valid_until"), descending=True, nulls_first=True)
# Kreise that are one city (kinds 41, 42): their municipality of the same name stands for them.
CITY_KREISE = (41, 42)


@dataclass(frozen=True)
class Totals:
    """What exists today, without what is invented; municipalities are the inhabited ones."""

    laender: int
    kreise: int
    associations: int
    municipalities: int
    population: int
    dissolved: int


@dataclass(frozen=True)
class FrameCount:
    """How many municipalities and people one Land has in one size class."""

    land: str
    size_class: SizeClass
    municipalities: int
    population: int


def get_region(key: str) -> Region:
    """The region with a key: AGS, ARS or ``bund``; the latest one if the key was used again.

    A key that was given up is followed to the region that carries another one now.

    Raises
    ------
    Region.DoesNotExist
        If no region ever had this key.
    """
    wanted = Q(level=Level.BUND) if key == BUND else Q(ags=key) | Q(ars=key, level__gt=Level.BUND)
    regions = Region.objects.select_related("parent", "source").order_by(CURRENT_FIRST)
    if region := regions.filter(wanted).first():
        return region
    moved = (
        RegisterChange.objects.filter(kind=RegisterChange.Kind.KEY_CHANGED, old_key=key)
        .exclude(new_key=key)
        .order_by("-effective_on")
        .first()
    )
    if moved is not None and (region := regions.filter(_has_key(moved.new_key)).first()):
        return region
    raise Region.DoesNotExist(key)


def _has_key(key: str) -> Q:
    return Q(ags=key) | Q(ars=key, level__gt=Level.BUND)


def search_regions(words: str, *, invented: bool = True) -> RegionQuerySet:
    """Regions that fit a name, former name, postcode or key; best first, what exists before what
    existed, large before small.

    Empty words find nothing. A city that is a Kreis of its own appears once, as municipality.
    """
    found = Region.objects.exclude(level=Level.KREIS, kind__in=CITY_KREISE)
    if not invented:
        found = found.filter(invented=False)
    digits = words.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return found.filter(
            Q(postcode__startswith=digits) | Q(ags=digits) | Q(ars=digits)
            if len(digits) <= 5
            else Q(ags__startswith=digits) | Q(ars__startswith=digits)
        ).order_by(
            CURRENT_FIRST, "level", "postcode", OrderBy(F("population"), True, nulls_last=True)
        )
    folded = fold(words)
    if not folded:
        return found.none()
    contains = reduce(and_, (Q(search_key__contains=word) for word in folded.split()))
    rank = Case(
        When(search_key__startswith=f" {folded} ", then=Value(0)),
        When(search_key__startswith=f" {folded}", then=Value(1)),
        When(search_key__contains=f" {folded}", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return (
        found.filter(contains | Q(search_key__contains=folded.replace(" ", "")))
        .annotate(rank=rank, gone=Case(When(valid_until=None, then=Value(0)), default=Value(1)))
        .order_by("rank", "gone", OrderBy(F("population"), descending=True, nulls_last=True), "pk")
    )


def ancestors_of(region: Region) -> list[Region]:
    """From the Bund down to the region's parent, in one query."""
    keys = [region.land, region.kreis]
    if len(region.ars) > 3:
        keys.append(region.ars[:3])
    if region.level == Level.GEMEINDE and len(region.ars) == 12:
        keys.append(region.ars[:9])
    above = Region.objects.current().filter(
        Q(level=Level.BUND) | Q(ars__in=[key for key in keys if key]),
        level__lt=region.level,
        invented=False,
    )
    return list(above.order_by("level"))


def municipalities_in(region: Region) -> RegionQuerySet:
    """All municipalities of today in a region, uninhabited ones and invented ones left out."""
    found = Region.objects.municipalities()
    if region.level == Level.BUND:
        return found
    if region.level == Level.LAND:
        return found.filter(land=region.ars)
    if region.level == Level.KREIS:
        return found.filter(kreis=region.ars)
    if region.level == Level.REGIERUNGSBEZIRK:
        return found.with_key(region.ars)
    return found.filter(parent=region)


def kreise_in(region: Region) -> RegionQuerySet:
    """All Kreise of today in a Land or a Regierungsbezirk, or of Germany."""
    found = Region.objects.current().filter(level=Level.KREIS, invented=False)
    if region.level == Level.BUND:
        return found
    return found.with_key(region.ars)


def parts_of(region: Region) -> RegionQuerySet:
    """What a region's page lists: Länder, Kreise or municipalities, by name."""
    if region.level == Level.BUND:
        parts = laender()
    elif region.level in {Level.LAND, Level.REGIERUNGSBEZIRK}:
        parts = kreise_in(region)
    else:
        parts = municipalities_in(region)
    return parts.order_by("name", "ars")


def laender() -> RegionQuerySet:
    """The Länder of today in the order of their keys."""
    return Region.objects.current().filter(level=Level.LAND, invented=False).order_by("ars")


def changes_of(region: Region) -> QuerySet[RegisterChange]:
    """What lists and registers tell of this region, newest first."""
    return RegisterChange.objects.filter(
        Q(old_key=region.key) | Q(new_key=region.key), level=region.level
    ).order_by(OrderBy(F("effective_on"), descending=True, nulls_last=True), "reference", "kind")


def frame_counts(*, invented: bool = False) -> tuple[FrameCount, ...]:
    """Number of municipalities and of people by Land and size class: what samples are weighed to.

    Parameters
    ----------
    invented
        Count the invented municipalities of the example data instead of the real ones.

    Returns
    -------
    tuple of FrameCount
        Sorted by Land, then size class; only cells with at least one municipality.
    """
    frame = (
        Region.objects.current().filter(level=Level.GEMEINDE, invented=True)
        if invented
        else Region.objects.municipalities()
    )
    rows = (
        frame.filter(size_class__isnull=False)
        .order_by()
        .values_list("land", "size_class")
        .annotate(count=Count("pk"), people=Sum("population"))
        .order_by("land", "size_class")
    )
    return tuple(
        FrameCount(land, SizeClass(size_class), count, people or 0)
        for land, size_class, count, people in rows
    )


def totals() -> Totals:
    """Count what exists today."""
    real = Region.objects.filter(invented=False)
    levels = dict(real.current().order_by().values_list("level").annotate(count=Count("pk")))
    inhabited = real.municipalities().aggregate(count=Count("pk"), people=Sum("population"))
    return Totals(
        laender=levels.get(Level.LAND, 0),
        kreise=levels.get(Level.KREIS, 0),
        associations=levels.get(Level.VERBAND, 0),
        municipalities=inhabited["count"],
        population=inhabited["people"] or 0,
        dissolved=real.filter(level=Level.GEMEINDE, valid_until__isnull=False).count(),
    )


def newest_status_date() -> date | None:
    """Status date of the newest official register; None if there is none."""
    found: date | None = RegisterImport.objects.filter(source__in=OFFICIAL).aggregate(
        newest=Max("status_date")
    )["newest"]
    return found


def official_status_dates() -> list[date]:
    """Status dates of all official registers, from old to new."""
    return sorted(
        RegisterImport.objects.filter(source__in=OFFICIAL).values_list("status_date", flat=True)
    )


def newest_import() -> RegisterImport | None:
    """The register that the present comes from; open data only as long as there is none."""
    return (
        RegisterImport.objects.exclude(source=Source.CHANGES)
        .annotate(official=Case(When(source__in=OFFICIAL, then=Value(1)), default=Value(0)))
        .order_by("-official", "-status_date", "-pk")
        .first()
    )


def dots(regions: RegionQuerySet) -> list[tuple[float, float, int]]:
    """Longitude, latitude and size class of every municipality that has coordinates."""
    rows = regions.order_by("size_class", "lat", "lon").values_list("lon", "lat", "size_class")
    return [
        (lon, lat, size)
        for lon, lat, size in rows
        if lon is not None and lat is not None and size is not None
    ]


@dataclass(frozen=True)
class SizeCount:
    """How many municipalities of one size class there are, and how many people live in them."""

    size_class: SizeClass
    municipalities: int
    population: int


def count_by_size(regions: RegionQuerySet) -> list[SizeCount]:
    """Count municipalities by size class, largest first; classes without any are left out."""
    rows = (
        regions.order_by()
        .filter(size_class__isnull=False)
        .values_list("size_class")
        .annotate(count=Count("pk"), people=Sum("population"))
        .order_by("size_class")
    )
    return [SizeCount(SizeClass(size), count, people or 0) for size, count, people in rows]
