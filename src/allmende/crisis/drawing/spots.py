"""The facilities of an exercise on the map of its invented places: each with a mark, a number and a word."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .maps import WIDTH, apart, frame
from .marks import Mark

RADIUS, WIDE, TALL = 14, 90, 66
MARGIN, STRETCHED = 100, 1.7
LETTER = 15
BELOW = 36  # from a mark to the words below it


class Spot(NamedTuple):
    """A facility: kilometres to the east and to the north, its mark, what stands below it, and its municipality."""

    east: float
    north: float
    mark: Mark
    said: str
    area: str = ""


def draw_spots(spots: Sequence[Spot], *, title: str) -> SafeString | None:
    """Draw them; None if there are none. No mark covers another: the nearest free place is taken."""
    if not spots:
        return None
    place, height = frame(
        [(spot.east, spot.north) for spot in spots], margin=MARGIN, stretched=STRETCHED
    )
    columns = WIDTH // WIDE - 1
    # A crowd makes the map higher rather than illegible.
    rows = max((height - BELOW) // TALL, -(-len(spots) // columns))
    height = max(height, rows * TALL + BELOW + TALL // 2)
    where = apart(
        [place(spot.east, spot.north) for spot in spots], WIDE, TALL, within=(columns, rows)
    )
    labels = _areas(spots, where)
    return format_html(
        '<svg class="al-map al-spots" viewBox="0 0 {} {}" role="img" aria-labelledby="karte-titel">'
        '<title id="karte-titel">{}</title>{}{}{}</svg>',
        WIDTH,
        height,
        title,
        format_html_join(
            "", '<text class="al-area" text-anchor="middle" x="{}" y="{}">{}</text>', labels
        ),
        format_html_join(
            "",
            '<path class="{}" d="M{} {}{}"/>',
            (
                (spot.mark.classes, x, y, spot.mark.path(RADIUS))
                for spot, (x, y) in zip(spots, where, strict=True)
            ),
        ),
        format_html_join(
            "",
            '<text class="al-spot" text-anchor="middle" x="{}" y="{}">{}</text>',
            ((x, y + BELOW, spot.said) for spot, (x, y) in zip(spots, where, strict=True)),
        ),
    )


def _areas(
    spots: Sequence[Spot], where: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """The names of municipalities, each above the facilities that lie in it."""
    within: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for spot, place in zip(spots, where, strict=True):
        if spot.area:
            within[spot.area].append(place)
    for name, places in within.items():
        if len(places) > 1:
            middle = sum(x for x, _y in places) // len(places)
            half = len(name) * LETTER // 2
            near = [y for x, y in places if abs(x - middle) <= max(half, WIDE)]
            top = min(near or [y for _x, y in places])
            yield min(max(middle, half), WIDTH - half), top - RADIUS - 12, name
