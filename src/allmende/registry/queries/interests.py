"""Reading of which topics and regions a person wants to hear news."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField

from allmende.portal.prepared import Prepared, slot

from ..models import Interest, Level, Region, RegionQuerySet, Topic
from ..names import fold
from .organisations import mandates_of
from .regions import search_regions

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_FOUND = 8


@dataclass(frozen=True)
class Interests:
    """What a person has chosen, in the order of the lists."""

    topics: tuple[Topic, ...]
    regions: tuple[Region, ...]


_chosen_by = Prepared(
    lambda: Interest.objects.filter(
        user=slot("user", BigIntegerField()), region__valid_until__isnull=True
    ).select_related("region")
)


def interests_of(user: "User") -> Interests:
    """What a person has chosen, without regions that are no more; in one query."""
    rows = _chosen_by(user=user.pk)
    chosen = {row.topic for row in rows}
    regions = [row.region for row in rows if row.region]
    return Interests(
        tuple(topic for topic in Topic if topic in chosen),
        tuple(sorted(regions, key=lambda region: (region.level, region.name, region.pk))),
    )


def home_keys(user: "User") -> list[str]:
    """The keys of the Kreise and Länder for which, or in which, a person has mandates.

    What is invented lies in no Kreis, only in a Land.
    """
    regions = [mandate.region for mandate in mandates_of(user) if mandate.region]
    return sorted(
        {region.land if region.invented else region.kreis or region.land for region in regions}
    )


def home_regions(user: "User") -> RegionQuerySet:
    """The regions with these keys."""
    return Region.objects.current().filter(
        ars__in=home_keys(user), level__in=(Level.LAND, Level.KREIS)
    )


def lands_above(regions: Iterable[Region]) -> RegionQuerySet:
    """The Länder in which these lie, but for those among them."""
    keys = {region.land for region in regions} - {region.ars for region in regions}
    lands = Region.objects.current().filter(level=Level.LAND, ars__in=keys)
    return lands.select_related("parent")


def regions_to_choose(words: str) -> list[Region]:
    """The regions of today that somebody may mean; only one if it is called exactly so."""
    found = search_regions(words).filter(level__gt=Level.BUND, valid_until=None)
    hits = list(found.select_related("parent")[:MOST_FOUND])
    exact = [hit for hit in hits if fold(words) in {fold(hit.name), fold(hit.short_name), hit.key}]
    return exact if len(exact) == 1 else hits
