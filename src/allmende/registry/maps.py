"""Maps of dots: one dot a municipality, as compact SVG paths.

The projection is the sinusoidal one around Germany's middle meridian: x = (λ - λ₀) cos φ, y = φ. It
keeps areas, so that a thick crowd of dots means many municipalities and not a trick of the map.

>>> project(CENTRAL_MERIDIAN, 51.0)[0]
0.0
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import cos, radians

from .models import SizeClass

CENTRAL_MERIDIAN = 10.45
KM_PER_DEGREE = 111.195
WIDTH = 1000
MARGIN = 8
# A map is at most this much higher than wide, and the other way round.
MOST_STRETCHED = 1.35
# Diameter of a dot by size class, largest towns first, where there are very many dots.
DIAMETERS = {1: 26, 2: 18, 3: 14, 4: 11, 5: 9, 6: 7.5, 7: 6}

Dot = tuple[float, float, int]


@dataclass(frozen=True)
class Layer:
    """All dots of one size class as one path: each dot is a stroke of no length with round ends."""

    size_class: SizeClass
    path: str
    diameter: float
    count: int


@dataclass(frozen=True)
class DotMap:
    """A map ready for a template; ``mark`` is the place of the region that the page is about."""

    width: int
    height: int
    layers: tuple[Layer, ...]
    mark: tuple[int, int, float] | None
    count: int


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Kilometres east of the middle meridian and north of the equator."""
    return (
        (longitude - CENTRAL_MERIDIAN) * cos(radians(latitude)) * KM_PER_DEGREE,
        latitude * KM_PER_DEGREE,
    )


def dot_map(dots: Sequence[Dot], *, mark: tuple[float, float] | None = None) -> DotMap | None:
    """Draw dots (longitude, latitude, size class) to fill a map; None if there are none.

    Parameters
    ----------
    dots
        In any order.
    mark
        Longitude and latitude of a place to ring.
    """
    if not dots:
        return None
    placed = sorted(
        ((size, *project(longitude, latitude)) for longitude, latitude, size in dots),
        key=lambda dot: (dot[0], -dot[2], dot[1]),
    )
    xs = [x for _, x, _ in placed]
    ys = [y for _, _, y in placed]
    factor = 1.0 if len(dots) > 5000 else 1.8 if len(dots) > 500 else 3.0
    # Wide enough that a large dot at the rim is whole.
    margin = MARGIN + round(factor * max(DIAMETERS[size] for size, *_ in placed) / 2)
    # A Kreis of few places is not blown up beyond a map of 20 km.
    span_x = max(max(xs) - min(xs), 20.0)
    span_y = max(max(ys) - min(ys), 20.0)
    span_x = max(span_x, span_y / MOST_STRETCHED)
    span_y = max(span_y, span_x / MOST_STRETCHED)
    scale = (WIDTH - 2 * margin) / span_x
    height = round(span_y * scale) + 2 * margin
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2

    def place(x: float, y: float) -> tuple[int, int]:
        return (
            round(WIDTH / 2 + (x - middle_x) * scale),
            round(height / 2 - (y - middle_y) * scale),
        )

    layers = tuple(
        Layer(
            size_class=SizeClass(size),
            path=path,
            diameter=round(DIAMETERS[size] * factor, 1),
            count=count,
        )
        for size, group in groupby(placed, key=lambda dot: dot[0])
        for path, count in [_path(place(x, y) for _, x, y in group)]
    )
    ring = None
    if mark is not None:
        ring = (*place(*project(*mark)), 16 * factor)
    # Small places first, so that large ones lie on top.
    return DotMap(WIDTH, height, layers[::-1], ring, len(dots))


def _path(points: Iterable[tuple[int, int]]) -> tuple[str, int]:
    parts = []
    x, y = 0, 0
    for to_x, to_y in points:
        parts.append(f"m{to_x - x} {to_y - y}h0".replace(" -", "-"))
        x, y = to_x, to_y
    return "".join(parts), len(parts)
