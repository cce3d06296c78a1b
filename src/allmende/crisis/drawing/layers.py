"""Boxes in columns and arrows between them: who supplies whom, from left to right.

Within a column a box stands as near as it can to those that it is joined with (the barycentre heuristic of
Sugiyama, Tagawa and Toda 1981, doi 10.1109/TSMC.1981.4308636), so that few arrows cross.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .marks import Mark

BOX, GAP, TALL, BETWEEN, EDGE = 196, 64, 58, 14, 12
SWEEPS = 4
LETTERS = 25  # of a line in a box


class Box(NamedTuple):
    """Something in a column; ``kind`` is self, seen or rest; ``mark``, if any, stands in its corner."""

    key: str
    column: int
    name: str
    below: str
    kind: str = "seen"
    mark: Mark | None = None


class Arrow(NamedTuple):
    """From who supplies to who is supplied."""

    start: str
    end: str


def draw_layers(boxes: Sequence[Box], arrows: Sequence[Arrow], *, title: str) -> SafeString:
    """Draw boxes in their columns, in natural size: narrow screens scroll it."""
    rows = _ordered(boxes, arrows)
    tallest = max((len(column) for column in rows.values()), default=1)
    height = 2 * EDGE + tallest * (TALL + BETWEEN) - BETWEEN
    width = 2 * EDGE + len(rows) * (BOX + GAP)  # with room for bows on the right
    corner: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(sorted(rows)):
        top = (height - len(rows[column]) * (TALL + BETWEEN) + BETWEEN) // 2
        for row, box in enumerate(rows[column]):
            corner[box.key] = EDGE + number * (BOX + GAP), top + row * (TALL + BETWEEN)
    lines = [
        (_curve(corner, arrow),)
        for arrow in arrows
        if arrow.start in corner and arrow.end in corner
    ]
    return format_html(
        '<svg class="al-layers" width="{}" height="{}" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="netz-titel"><title id="netz-titel">{}</title>'
        '<defs><marker id="spitze" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="al-tip" d="M0 0l8 4-8 4z"/></marker></defs>'
        "{}{}</svg>",
        *(width, height, width, height, title),
        format_html_join("", '<path class="al-arrow" d="{}" marker-end="url(#spitze)"/>', lines),
        format_html_join("", "{}", ((_box(box, *corner[box.key]),) for box in boxes)),
    )


def _ordered(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> dict[int, list[Box]]:
    rows: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        rows[box.column].append(box)
    joined: dict[str, list[str]] = defaultdict(list)
    for arrow in arrows:
        joined[arrow.start].append(arrow.end)
        joined[arrow.end].append(arrow.start)
    place = {
        box.key: row - len(column) / 2 for column in rows.values() for row, box in enumerate(column)
    }
    for _sweep in range(SWEEPS):
        for column in rows.values():
            middle = {
                box.key: sum(near) / len(near)
                if (near := [place[key] for key in joined[box.key] if key in place])
                else place[box.key]
                for box in column
            }
            # What stands for the rest comes last.
            column.sort(key=lambda box: (box.kind == "rest", middle[box.key], box.name))
            place.update({box.key: row - len(column) / 2 for row, box in enumerate(column)})
    return rows


def _curve(corner: dict[str, tuple[int, int]], arrow: Arrow) -> str:
    (x1, y1), (x2, y2) = corner[arrow.start], corner[arrow.end]
    x1, y1, y2 = x1 + BOX, y1 + TALL // 2, y2 + TALL // 2
    if x2 > x1:
        bend = min(GAP, (x2 - x1) // 2)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2 - 2} {y2}"
    if x2 == corner[arrow.start][0]:
        # Beside: a bow on the right of both.
        bend = 18 + min(GAP - 24, abs(y2 - y1) // 12)
        return f"M{x1} {y1 + 6}C{x1 + bend} {y1 + 6} {x1 + bend} {y2 - 6} {x1 + 2} {y2 - 6}"
    # Back: out on the right, over to the left, in from the left.
    return f"M{x1} {y1}C{x1 + GAP} {y1 + TALL} {x2 - GAP} {y2 + TALL} {x2 - 2} {y2}"


def _box(box: Box, x: int, y: int) -> SafeString:
    lines = _wrapped(box.name)
    return format_html(
        '<g class="al-node al-node--{}"><rect x="{}" y="{}" width="{}" height="{}" rx="6"/>{}'
        '<text class="al-node-below" x="{}" y="{}">{}</text>{}</g>',
        *(box.kind, x, y, BOX, TALL),
        format_html_join(
            "",
            '<text x="{}" y="{}">{}</text>',
            ((x + 10, y + 18 + 15 * row, line) for row, line in enumerate(lines)),
        ),
        *(x + 10, y + TALL - 8, _cut(box.below, LETTERS + 4)),
        format_html(
            '<path class="{}" d="M{} {}{}"/>',
            *(box.mark.classes, x + BOX - 12, y + 12, box.mark.path(7)),
        )
        if box.mark
        else "",
    )


def _wrapped(text: str) -> list[str]:
    """At most two lines; the table says the whole name."""
    if len(text) <= LETTERS:
        return [text]
    split = text.rfind(" ", 0, LETTERS + 1)
    split = split if split > 0 else LETTERS
    return [text[:split], _cut(text[split:].strip(), LETTERS)]


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
