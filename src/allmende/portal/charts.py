"""Charts as SVG, drawn by the server: no script, no inline style, colours by class in light and dark.

Every chart is given a title and a description, and the page that shows it has a table with the same
figures. Groups are told apart by shape as well as by colour: circle, square, triangle, diamond, cross.

>>> interval_bar(Span(0.5, 0.4, 0.6), text="50 % stimmen zu")[:46]
'<svg class="al-bar" role="img" aria-label="50 '
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 1440
HEIGHTS = (900, 1120)
MARGIN = 70
LETTERS = "ABCDEFGHIJ"
SHAPES = ("round", "square", "triangle", "diamond", "cross")
COLOURS = 5
# So many dots of one group may lie in one path: within a path overlapping dots do not darken each
# other, and a dense crowd would be one flat blot.
DOTS_IN_LAYER = 400
HULL_SHARE = 0.9
DENSE = 2_000
LABEL_SIZE = 62
LABEL_LETTER = 36


class Dot(NamedTuple):
    """One participant on the map; ``group`` is -1 without a group, ``size`` 0 (small) to 3."""

    x: float
    y: float
    group: int
    size: int


@dataclass(frozen=True)
class Place:
    """Where something lies on the drawing."""

    x: int
    y: int


class Frame:
    """Turns positions into places on the drawing: both axes in the same scale, no dot cut off."""

    def __init__(self, points: Iterable[tuple[float, float]]) -> None:
        known = list(points) or [(0.0, 0.0)]
        xs, ys = [x for x, _ in known], [y for _, y in known]
        self.left, self.top = min(xs), max(ys)
        across, down = max(xs) - self.left, self.top - min(ys)
        inner = WIDTH - 2 * MARGIN
        wanted = inner * down / across if across else 0
        low, high = HEIGHTS
        self.height = round(min(max(wanted + 2 * MARGIN, low), high))
        scales = [inner / across] if across else []
        scales += [(self.height - 2 * MARGIN) / down] if down else []
        self.scale = min(scales, default=0.0)
        self.shift_x = (WIDTH - self.scale * across) / 2
        self.shift_y = (self.height - self.scale * down) / 2

    def place(self, x: float, y: float) -> Place:
        """The nearest point of the drawing's grid, of which a screen pixel has at least two."""
        return Place(
            round(self.shift_x + self.scale * (x - self.left)),
            round(self.shift_y + self.scale * (self.top - y)),
        )


def opinion_map(
    dots: Sequence[Dot],
    *,
    title: str,
    description: str,
    group_labels: Sequence[str] = (),
    own: tuple[float, float] | None = None,
    own_label: str = "",
    extent: Iterable[tuple[float, float]] | None = None,
) -> SafeString:
    """Draw who stands where, in a few bytes for each dot.

    Dots of one group and size are one path. A round or square dot is a line of no length with a round
    or square end (four to nine bytes); the other shapes are small closed figures. Around nine tenths
    of every group lies a hull. Labels give way to each other. ``own`` is marked with a ring. With
    ``extent`` the drawing keeps its scale when only some of the dots are shown.
    """
    frame = Frame([(dot.x, dot.y) for dot in dots] if extent is None else extent)
    groups: dict[int, list[Place]] = defaultdict(list)
    layers: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for dot in dots:
        place = frame.place(dot.x, dot.y)
        layers[dot.group, dot.size].append(place)
        groups[dot.group].append(place)
    radii = _radii(len(dots))
    drawn = [
        _dots(chunk, group=group, radius=radii[size])
        for (group, size), places in sorted(layers.items(), key=lambda item: (item[0][0], item[0]))
        for chunk in _chunks(places)
    ]
    cores = {group: _hull(_core(places)) for group, places in groups.items() if group >= 0}
    hulls = [
        (_colour(group), " ".join(f"{p.x},{p.y}" for p in corners))
        for group, corners in sorted(cores.items())
        if len(corners) > 2
    ]
    wanted = [
        (text, _above(cores[number])) for number, text in enumerate(group_labels) if number in cores
    ]
    ring, taken = SafeString(""), None
    if own is not None:
        taken = frame.place(*own)
        ring = format_html('<circle class="al-me" cx="{}" cy="{}" r="24"/>', taken.x, taken.y)
        wanted.append((own_label, Place(taken.x, taken.y - 56)))
    labels = _spread(wanted, height=frame.height)
    return format_html(
        '<svg class="al-map{}" viewBox="0 0 {} {}" role="img" aria-labelledby="karte-t karte-d">'
        '<title id="karte-t">{}</title><desc id="karte-d">{}</desc>{}{}{}{}</svg>',
        " al-map--dense" if len(dots) > DENSE else "",
        WIDTH,
        frame.height,
        title,
        description,
        format_html_join("", '<polygon class="al-hull {}" points="{}"/>', hulls),
        mark_safe("".join(drawn)),  # noqa: S308 – made of numbers and our own class names
        ring,
        format_html_join(
            "", '<text class="al-label" text-anchor="middle" x="{}" y="{}">{}</text>', labels
        ),
    )


def _colour(group: int) -> str:
    return f"al-g{group % COLOURS}" if group >= 0 else "al-none"


def _shape(group: int) -> str:
    return SHAPES[group % len(SHAPES)] if group >= 0 else "round"


def _radii(count: int) -> tuple[float, float, float, float]:
    """Radii for the four sizes: the more dots, the smaller."""
    base = 12.0 if count <= 60 else 9.0 if count <= 400 else 6.5 if count <= 2000 else 4.0
    return base, base * 1.3, base * 1.7, base * 2.3


def _chunks(places: list[Place]) -> Iterable[list[Place]]:
    count = 1 + (len(places) - 1) // DOTS_IN_LAYER
    return (sorted(places[i::count], key=_serpentine) for i in range(count))


def _serpentine(place: Place) -> tuple[int, int]:
    """Neighbours one after another, so that the steps between them are short numbers."""
    strip = place.x // 40
    return strip, place.y if strip % 2 else -place.y


def _dots(places: list[Place], *, group: int, radius: float) -> str:
    shape, colour = _shape(group), _colour(group)
    steps = _steps(places, _FIGURES[shape](radius))
    if shape in {"round", "square"}:
        width = 2 * radius if shape == "round" else 1.8 * radius
        return f'<path class="al-dots al-dots--{shape} {colour}" stroke-width="{width:.1f}" d="{steps}"/>'
    return f'<path class="al-shapes {colour}" d="{steps}"/>'


def _steps(places: list[Place], figure: tuple[int, int, str]) -> str:
    """A path that moves from dot to dot and draws the figure at each."""
    dx, dy, drawing = figure
    x, y, parts = 0, 0, []
    for place in places:
        right, down = place.x + dx - x, place.y + dy - y
        parts.append(f"m{right}{'' if down < 0 else ' '}{down}{drawing}")
        x, y = place.x + dx, place.y + dy
    return "".join(parts)


def _point(radius: float) -> tuple[int, int, str]:
    return 0, 0, "h0"


def _triangle(radius: float) -> tuple[int, int, str]:
    side, up = round(1.2 * radius), round(2.1 * radius)
    return 0, -round(1.2 * radius), f"l{side} {up}h-{2 * side}z"


def _diamond(radius: float) -> tuple[int, int, str]:
    half = round(1.35 * radius)
    return 0, -half, f"l{half} {half}-{half} {half}-{half}-{half}z"


def _cross(radius: float) -> tuple[int, int, str]:
    arm, thick = round(0.9 * radius), max(2, round(0.7 * radius))
    return (
        -thick // 2,
        -arm - thick // 2,
        f"h{thick}v{arm}h{arm}v{thick}h-{arm}v{arm}h-{thick}v-{arm}h-{arm}v-{thick}h{arm}z",
    )


_FIGURES = {
    "round": _point,
    "square": _point,
    "triangle": _triangle,
    "diamond": _diamond,
    "cross": _cross,
}


def _middle(places: Sequence[Place]) -> Place:
    """The place with as many others left as right, above as below."""
    xs, ys = sorted(p.x for p in places), sorted(p.y for p in places)
    return Place(xs[len(xs) // 2], ys[len(ys) // 2])


def _core(places: Sequence[Place]) -> list[Place]:
    """Those nearest to the middle: a single outlier must not blow up the hull."""
    middle = _middle(places)
    near = sorted(places, key=lambda p: hypot(p.x - middle.x, p.y - middle.y))
    return near[: max(3, round(HULL_SHARE * len(near)))]


def _above(corners: Sequence[Place]) -> Place:
    """Where a group's label covers few of its dots: over the top of its hull."""
    middle = sum(p.x for p in corners) // len(corners)
    return Place(middle, min(p.y for p in corners) - 16)


def _hull(places: Iterable[Place]) -> list[Place]:
    """The convex hull, by Andrew's monotone chain."""
    points = sorted({(p.x, p.y) for p in places})
    if len(points) < 3:
        return [Place(*point) for point in points]

    def chain(ordered: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for point in ordered:
            while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
                found.pop()
            found.append(point)
        return found[:-1]

    return [Place(*point) for point in chain(points) + chain(reversed(points))]


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _spread(wanted: Sequence[tuple[str, Place]], *, height: int) -> list[tuple[int, int, str]]:
    """Move labels up or down until none covers another; sizes as on a phone, where they are largest."""
    placed: list[tuple[int, int, str]] = []
    for text, place in wanted:
        half = len(text) * LABEL_LETTER // 2
        x = min(max(place.x, half), max(WIDTH - half, half))
        free = [
            y
            for step in range(40)
            for y in (place.y + step * LABEL_SIZE // 2, place.y - step * LABEL_SIZE // 2)
            if LABEL_SIZE <= y <= height - 20 and not _covered(x, y, half, placed)
        ]
        placed.append((x, free[0] if free else place.y, text))
    return placed


def _covered(x: int, y: int, half: int, placed: Sequence[tuple[int, int, str]]) -> bool:
    return any(
        abs(x - other_x) < half + len(text) * LABEL_LETTER // 2 and abs(y - other_y) < LABEL_SIZE
        for other_x, other_y, text in placed
    )


def group_mark(group: int) -> SafeString:
    """The shape of a group, for legends and tables; the group's letter stands beside it."""
    return format_html(
        '<svg class="al-legend" viewBox="-8 -8 16 16" aria-hidden="true">{}</svg>', _mark(group)
    )


def _mark(group: int) -> SafeString:
    figures = {
        "round": '<circle class="al-mark {}" r="5"/>',
        "square": '<rect class="al-mark {}" x="-4.5" y="-4.5" width="9" height="9"/>',
        "triangle": '<path class="al-mark {}" d="M0-5.5l5.5 10h-11z"/>',
        "diamond": '<path class="al-mark {}" d="M0-6.5l6 6.5-6 6.5-6-6.5z"/>',
        "cross": '<path class="al-mark {}" d="M-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z"/>',
    }
    return format_html(figures[_shape(group)], _colour(group))


class Span(NamedTuple):
    """A share and the interval in which it lies."""

    share: float
    low: float
    high: float


def interval_bar(
    reading: Span | None,
    *,
    text: str,
    groups: Sequence[tuple[int, float]] = (),
    second: Span | None = None,
) -> SafeString:
    """A share from 0 to 100 %, the interval in which it lies for sure, and the groups' shares.

    Below, as a thin line, a ``second`` reading of the same. Positions are percentages of the drawing's
    width, so that the bar fills its column on every screen while marks keep their size. ``text`` says
    the same for those who do not see it.
    """
    marks = format_html_join(
        "",
        '<svg class="al-at" x="{}" y="13">{}</svg>',
        ((_place(value), _mark(group)) for group, value in groups),
    )
    first = SafeString("") if reading is None else _span(reading, middle=13, half=6, reach=10)
    below = SafeString("") if second is None else _span(second, middle=27, half=1.5, reach=5)
    return format_html(
        '<svg class="al-bar{}" role="img" aria-label="{}">'
        '<rect class="al-track" x="0" y="10" width="100%" height="6"/>'
        '<rect class="al-half" x="50%" y="5" width="1" height="16"/>{}{}{}</svg>',
        "" if second is None else " al-bar--double",
        text,
        first,
        marks,
        below,
    )


def _span(span: Span, *, middle: int, half: float, reach: int) -> SafeString:
    """An interval as a bar around a line, and its point as a stroke."""
    return format_html(
        '<rect class="al-int" x="{}" y="{}" width="{}" height="{}"/>'
        '<svg class="al-at" x="{}" y="{}"><rect class="al-mid" x="-1.5" y="{}" width="3" height="{}"/></svg>',
        _place(span.low),
        middle - half,
        _place(max(span.high - span.low, 0.002)),
        2 * half,
        _place(span.share),
        middle,
        -reach,
        2 * reach,
    )


def comparison_bar(*, part: float, whole: float, most: float) -> SafeString:
    """A share among those who take part (bar) beside the share among all (stroke); decoration only.

    The figures stand in the table beside it. ``most`` is the largest share that the table draws.
    """
    scale = 1 / most if most > 0 else 0.0
    return format_html(
        '<svg class="al-bar al-bar--small" aria-hidden="true">'
        '<rect class="al-track" x="0" y="4" width="100%" height="10"/>'
        '<rect class="al-part" x="0" y="4" width="{}" height="10"/>'
        '<svg class="al-at" x="{}" y="9"><rect class="al-mid" x="-1" y="-8" width="2" height="16"/></svg></svg>',
        _place(part * scale),
        _place(whole * scale),
    )


def share_bar(share: float) -> SafeString:
    """A share from 0 to 1 as a bar; decoration only, the figure stands beside it."""
    return format_html(
        '<svg class="al-bar al-bar--small" aria-hidden="true">'
        '<rect class="al-track" x="0" y="4" width="100%" height="10"/>'
        '<rect class="al-part" x="0" y="4" width="{}" height="10"/></svg>',
        _place(share),
    )


def _place(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.1f}%"
