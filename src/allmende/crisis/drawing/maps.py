"""A map of facilities: one mark each, and the names of towns as far as there is room.

The projection is that of the registry's maps; a label gives way to those of larger towns.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from allmende.registry.maps import project

from .marks import Mark

WIDTH, MARGIN = 1000, 60
LEAST_KM = 8.0
MOST_STRETCHED = 1.2
# Sizes as on a phone, where letters are largest beside the map.
LETTER, LINE = 23, 46
MOST_LABELS = 14
# How far above or below its town a label may stand.
AWAY = (-20, -42, 46, -64)
# Of so many facilities none covers another: each moves aside to the nearest free place.
MOST_APART = 1_000


class Dot(NamedTuple):
    """Where a facility lies, and the number of its mark."""

    lon: float
    lat: float
    mark: int


class Town(NamedTuple):
    """A name that the map may show; the weightiest come first."""

    name: str
    lon: float
    lat: float
    weight: float


def draw_map(
    dots: Sequence[Dot], towns: Iterable[Town], *, title: str, key: str = "karte"
) -> SafeString | None:
    """Draw facilities, marks with higher numbers on top; None if there is nothing to draw."""
    if not dots:
        return None
    points = [project(dot.lon, dot.lat) for dot in dots]
    place, height = frame(points)
    radius = 13 if len(dots) <= 100 else 9 if len(dots) <= MOST_APART else 4
    spots = [place(*point) for point in points]
    if len(dots) <= MOST_APART:
        spots = apart(spots, round(2.4 * radius), round(2.4 * radius))
    layers: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for dot, spot in zip(dots, spots, strict=True):
        layers[dot.mark].append(spot)
    drawn = [
        (
            Mark(number).classes,
            "".join(f"M{x} {y}{Mark(number).path(radius)}" for x, y in sorted(set(places))),
        )
        for number, places in sorted(layers.items())
    ]
    wanted = sorted(towns, key=lambda town: (-town.weight, town.name))
    labels = _labels(
        [(town.name, *place(*project(town.lon, town.lat))) for town in wanted], set(spots), height
    )
    return format_html(
        '<svg class="al-map al-sites" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-titel">'
        '<title id="{}-titel">{}</title>{}{}</svg>',
        WIDTH,
        height,
        key,
        key,
        title,
        format_html_join("", '<path class="{}" d="{}"/>', drawn),
        format_html_join(
            "", '<text class="al-place" text-anchor="middle" x="{}" y="{}">{}</text>', labels
        ),
    )


def frame(
    points: Sequence[tuple[float, float]],
    *,
    margin: int = MARGIN,
    stretched: float = MOST_STRETCHED,
) -> tuple[Callable[[float, float], tuple[int, int]], int]:
    """How to get from kilometres to a drawing that holds all points, and how high it is."""
    east, north = [x for x, _ in points], [y for _, y in points]
    across = max(max(east) - min(east), LEAST_KM)
    down = max(max(north) - min(north), across / stretched)
    across = max(across, down / stretched)
    scale = (WIDTH - 2 * margin) / across
    height = round(down * scale) + 2 * margin
    middle = (max(east) + min(east)) / 2, (max(north) + min(north)) / 2

    def place(x: float, y: float) -> tuple[int, int]:
        return (
            round(WIDTH / 2 + (x - middle[0]) * scale),
            round(height / 2 - (y - middle[1]) * scale),
        )

    return place, height


def apart(
    spots: Sequence[tuple[int, int]], wide: int, tall: int, *, within: tuple[int, int] = (0, 0)
) -> list[tuple[int, int]]:
    """The same on a grid, each in a cell of its own, ring by ring around where it belongs.

    ``within`` is the last column and row, if there is an end; there must be a cell for each.
    """
    taken: set[tuple[int, int]] = set()
    around: dict[tuple[int, int], Iterator[tuple[int, int]]] = {}
    found = []
    for x, y in spots:
        cell = round(x / wide), round(y / tall)
        # What is taken stays so: of many that belong in one cell, each goes on where the one before ended.
        free = next(
            (column, row)
            for column, row in around.setdefault(cell, _rings(*cell))
            if (column, row) not in taken
            if within == (0, 0) or (0 < column <= within[0] and 0 < row <= within[1])
        )
        taken.add(free)
        found.append((free[0] * wide, free[1] * tall))
    return found


def _rings(column: int, row: int) -> Iterator[tuple[int, int]]:
    """A cell, then those around it ring by ring, without end."""
    for ring in count():
        for right in range(-ring, ring + 1):
            # Between its left and right edge, a ring has two cells in each column.
            step = 1 if abs(right) == ring else 2 * ring
            for down in range(-ring, ring + 1, step):
                yield column + right, row + down


def _labels(
    wanted: Iterable[tuple[str, int, int]], spots: Collection[tuple[int, int]], height: int
) -> list[tuple[int, int, str]]:
    """As many as cover no other label, each where it covers the fewest facilities."""
    placed: list[tuple[int, int, str]] = []
    for text, right, down in wanted:
        half = len(text) * LETTER // 2
        x = min(max(right, half), max(WIDTH - half, half))
        free = [
            (_covered(x, y, len(text), spots), order, y)
            for order, y in enumerate(down + away for away in AWAY)
            if LINE <= y <= height - 12
            if all(
                abs(x - other) >= half + len(there) * LETTER // 2 or abs(y - above) >= LINE
                for other, above, there in placed
            )
        ]
        if free:
            placed.append((x, min(free)[2], text))
        if len(placed) == MOST_LABELS:
            break
    return placed


def _covered(x: int, y: int, letters: int, spots: Collection[tuple[int, int]]) -> int:
    """How many facilities a label would cover on a desk."""
    return sum(abs(x - right) < 8 * letters + 8 and -4 < y - down < 32 for right, down in spots)
