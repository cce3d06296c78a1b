"""Who takes part: groups, Länder and size classes against the whole."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from django.utils.safestring import SafeString

from allmende.portal.charts import comparison_bar, group_mark
from allmende.registry.models import SizeClass

from .reader import Place, Reader

K = TypeVar("K", str, int)


@dataclass(frozen=True)
class GroupRow:
    """A group among those whom the filter leaves; without letter, those who have none."""

    letter: str
    mark: SafeString
    size: int
    share: float | None
    people: float | None
    stability: float | None


@dataclass(frozen=True)
class Stratum:
    """How many of a Land or size class took part, against the whole."""

    name: str
    present: int
    total: int | None
    share: float
    share_of_all: float | None
    bar: SafeString
    groups: tuple[float | None, ...]


def group_rows(reader: Reader) -> list[GroupRow]:
    """The groups among those whom the filter leaves."""
    sizes = Counter(place.group for place in reader.places)
    people: Counter[int] = Counter()
    for place in reader.places:
        people[place.group] += place.member.population
    inhabitants = sum(people.values())
    return [
        GroupRow(
            letter=group.letter,
            mark=group_mark(group.number),
            size=sizes[group.number],
            share=sizes[group.number] / reader.basis if reader.basis else None,
            people=people[group.number] / inhabitants if inhabitants else None,
            stability=group.stability,
        )
        for group in reader.figures.groups
    ]


def without_group(reader: Reader) -> tuple[int, float | None]:
    """How many have no group, and their share."""
    count = sum(place.group < 0 for place in reader.places)
    return count, count / reader.basis if reader.basis else None


def by_land(reader: Reader) -> list[Stratum]:
    """How many took part by Land, against all municipalities there."""
    totals, _ = reader.frame_totals
    names = reader.land_names
    keys = sorted(
        {*totals, *(p.member.land for p in reader.all_places if p.member.land)},
        key=lambda key: names.get(key, key),
    )
    return _strata(
        reader,
        [(key, names.get(key, key)) for key in keys],
        _places_by(reader, attrgetter("member.land")),
        totals,
    )


def by_size(reader: Reader) -> list[Stratum]:
    """How many took part by size class, against all municipalities of that size."""
    _, totals = reader.frame_totals
    return _strata(
        reader,
        [(int(size), str(size.label)) for size in SizeClass],
        _places_by(reader, attrgetter("member.size_class")),
        totals,
    )


def _places_by(reader: Reader, cell: Callable[[Place], K]) -> dict[K, list[Place]]:
    found: dict[K, list[Place]] = defaultdict(list)
    for place in reader.all_places:
        found[cell(place)].append(place)
    return found


def _strata(
    reader: Reader, names: list[tuple[K, str]], places: dict[K, list[Place]], totals: dict[K, int]
) -> list[Stratum]:
    here, everywhere = len(reader.all_places), sum(totals.values())
    shares = {
        key: (
            len(places[key]) / here if here else 0.0,
            totals.get(key, 0) / everywhere if everywhere else None,
        )
        for key, _ in names
    }
    most = max((max(part, whole or 0) for part, whole in shares.values()), default=0)
    return [
        Stratum(
            name=name,
            present=len(places[key]),
            total=totals.get(key, 0) if everywhere else None,
            share=shares[key][0],
            share_of_all=shares[key][1],
            bar=comparison_bar(part=shares[key][0], whole=shares[key][1] or 0, most=most),
            groups=_group_shares(reader, places[key]),
        )
        for key, name in names
    ]


def _group_shares(reader: Reader, places: list[Place]) -> tuple[float | None, ...]:
    """The share of each group; nothing where too few would be recognised."""
    if not places or reader.is_anonymous:
        return tuple(None for _ in reader.figures.groups)
    sizes = Counter(place.group for place in places)
    return tuple(sizes[group.number] / len(places) for group in reader.figures.groups)
