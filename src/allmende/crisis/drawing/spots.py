"""The facilities of an exercise on the map of its invented places: each with a mark, a number and a word."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .maps import WIDTH, apart, frame
from .marks import Mark

MARGIN = 100


class Look(NamedTuple):
    """How large all is, of 1,000 across: marks, the cells they stand in, letters of areas, lines of words below;
    and how many times as wide as high the map is, at most.

    With one line a facility says all in it; with two, its hours stand in the second.
    """

    name: str
    radius: int
    wide: int
    tall: int
    letter: int
    lines: tuple[int, ...]
    stretched: float


DESK = Look("karte", 14, 90, 66, 15, (36,), 1.7)
# A third as large on a screen: what stands in a cell can be hit and read there.
PHONE = Look("karte-schmal", 28, 112, 150, 24, (64, 98), 1.0)


class Spot(NamedTuple):
    """A facility: kilometres to the east and to the north, its mark, what stands below it, and its municipality."""

    east: float
    north: float
    mark: Mark
    said: tuple[str, ...]
    area: str = ""


def draw_spots(spots: Sequence[Spot], *, title: str, look: Look = DESK) -> SafeString | None:
    """Draw them; None if there are none. No mark covers another: the nearest free place is taken."""
    if not spots:
        return None
    place, height = frame(
        [(spot.east, spot.north) for spot in spots], margin=MARGIN, stretched=look.stretched
    )
    wide, tall, below = look.wide, look.tall, look.lines[-1]
    columns = WIDTH // wide - 1
    # A crowd makes the map higher rather than illegible.
    rows = max((height - below) // tall, -(-len(spots) // columns))
    height = max(height, rows * tall + below + tall // 2)
    where = apart(
        [place(spot.east, spot.north) for spot in spots], wide, tall, within=(columns, rows)
    )
    labels = _areas(spots, where, look)
    return format_html(
        '<svg class="al-map al-spots al-spots--{}" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-titel"><title id="{}-titel">{}</title>{}{}{}</svg>',
        *(look.name, WIDTH, height, look.name, look.name, title),
        format_html_join(
            "", '<text class="al-area" text-anchor="middle" x="{}" y="{}">{}</text>', labels
        ),
        format_html_join(
            "",
            '<path class="{}" d="M{} {}{}"/>',
            (
                (spot.mark.classes, x, y, spot.mark.path(look.radius))
                for spot, (x, y) in zip(spots, where, strict=True)
            ),
        ),
        format_html_join(
            "",
            '<text class="al-spot" text-anchor="middle" x="{}" y="{}">{}</text>',
            (
                (x, y + below, words)
                for spot, (x, y) in zip(spots, where, strict=True)
                for below, words in _said(spot, look)
            ),
        ),
    )


def _said(spot: Spot, look: Look) -> Iterator[tuple[int, str]]:
    """Its lines, each so far below the mark."""
    said = spot.said if len(look.lines) > 1 else (" · ".join(spot.said),)
    return zip(look.lines, said, strict=False)


def _areas(
    spots: Sequence[Spot], where: Sequence[tuple[int, int]], look: Look
) -> Iterator[tuple[int, int, str]]:
    """The names of municipalities, each above the facilities that lie in it."""
    within: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for spot, place in zip(spots, where, strict=True):
        if spot.area:
            within[spot.area].append(place)
    for name, places in within.items():
        if len(places) > 1:
            middle = sum(x for x, _y in places) // len(places)
            half = len(name) * look.letter // 2
            near = [y for x, y in places if abs(x - middle) <= max(half, look.wide)]
            top = min(near or [y for _x, y in places])
            yield min(max(middle, half), WIDTH - half), top - look.radius - 12, name
