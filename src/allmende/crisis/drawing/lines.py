"""Steps over time: how many people are without each service when."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from allmende.portal.templatetags.portal import number

from .marks import Mark

TOP, BOTTOM = 16, 40
# Lines that lie on one another show as stripes: the first is the widest. Their marks stand side by side.
WIDEST, NARROWER, ASIDE = 11, 2, 13
# The size of a flag, and how many hang one below the other before they begin at the top again.
FLAG, FLAG_ROWS = 20, 4
NOTHING = mark_safe("")


class Sheet(NamedTuple):
    """How large the picture is, and how much of it is left of the axis and right of its end."""

    name: str
    width: int
    height: int
    left: int
    right: int

    def x_of(self, at: float, until: float) -> float:
        return round(self.left + (self.width - self.left - self.right) * at / until, 1)


DESK = Sheet("verlauf", 860, 330, 84, 52)
# About as wide as its screen: letters are as large there as they are written, and there is room for three times.
PHONE = Sheet("verlauf-schmal", 360, 280, 76, 44)


class Line(NamedTuple):
    """One service: from each time on, so many people; times ascend, the first is 0."""

    mark: Mark
    steps: Sequence[tuple[float, float]]


def draw_lines(
    lines: Sequence[Line],
    *,
    until: float,
    ticks: Sequence[tuple[float, str]],
    title: str,
    moment: float | None = None,
    known_until: float | None = None,
    on_top: SafeString = NOTHING,
    sheet: Sheet = DESK,
) -> SafeString:
    """Draw steps from 0 to ``until``; along each line stand its marks, at the ticks.

    ``ticks`` are the times below the axis with their words; ``moment`` is a time to point at. With
    ``known_until`` the lines end there: nobody knows yet how they go on. ``on_top`` is drawn over all of it, as
    ``draw_flags`` does.
    """
    name, width, height, left, right = sheet
    end = until if known_until is None else known_until
    most = _ceiling(max((value for line in lines for _at, value in line.steps), default=0.0))

    def x_of(at: float) -> float:
        return sheet.x_of(at, until)

    def y_of(value: float) -> float:
        return round(height - BOTTOM - (height - TOP - BOTTOM) * value / most, 1)

    paths, marks = [], []
    for place, line in enumerate(lines):
        parts = [f"M{x_of(0)} {y_of(line.steps[0][1])}"] if line.steps else []
        parts += [f"H{x_of(at)}V{y_of(value)}" for at, value in line.steps[1:]]
        colour = line.mark.classes.split()[0]
        paths.append((colour, WIDEST - NARROWER * place, "".join(parts) + f"H{x_of(end)}"))
        figure = line.mark.path(5.5)
        where = [(x_of(at) + ASIDE * (place + 1), _value_at(line, at)) for at, _said in ticks[:-1]]
        if known_until is not None:
            # The last mark stands where the line ends, and none beyond.
            where = [(x, value) for x, value in where if x < x_of(end)]
            where.append((x_of(end), _value_at(line, end)))
        marks.append(
            (line.mark.classes, "".join(f"M{x:g} {y_of(value)}{figure}" for x, value in where))
        )
    grid = [most * part / 4 for part in range(5)]
    return format_html(
        '<svg class="al-lines-chart al-lines-chart--{}" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-titel"><title id="{}-titel">{}</title>{}{}{}{}{}{}</svg>',
        *(name, width, height, name, name, title),
        format_html_join(
            "",
            '<path class="al-grid" d="M{} {}H{}"/><text class="al-axis" text-anchor="end" x="{}" y="{}">{}</text>',
            (
                (left, y_of(value), width - right, left - 8, y_of(value) + 5, number(value))
                for value in grid
            ),
        ),
        format_html_join(
            "",
            '<text class="al-axis" text-anchor="middle" x="{}" y="{}">{}</text>',
            ((x_of(at), height - 14, said) for at, said in ticks),
        ),
        format_html('<path class="al-moment" d="M{} {}V{}"/>', x_of(moment), TOP, height - BOTTOM)
        if moment is not None
        else "",
        format_html_join("", '<path class="al-line {}" stroke-width="{}" d="{}"/>', paths),
        format_html_join("", '<path class="{}" d="{}"/>', marks),
        on_top,
    )


def draw_flags(times: Sequence[float], *, until: float, sheet: Sheet = DESK) -> SafeString:
    """Numbered flags along the top of ``draw_lines``, at ascending times.

    One that would cover the one before it hangs lower.
    """
    hung: list[tuple[float, ...]] = []
    row = 0
    for number_, at in enumerate(times, start=1):
        x = sheet.x_of(at, until)
        near = hung and x - hung[-1][0] < FLAG
        row = (row + 1) % FLAG_ROWS if near else 0
        y = TOP + FLAG * row
        hung.append(
            (x, y, sheet.height - BOTTOM, x - FLAG / 2, y, FLAG, FLAG - 2, x, y + 13, number_)
        )
    return format_html_join(
        "",
        '<path class="al-pole" d="M{} {}V{}"/><rect class="al-flag" x="{}" y="{}" width="{}" '
        'height="{}" rx="3"/><text class="al-flag-text" text-anchor="middle" x="{}" y="{}">{}</text>',
        hung,
    )


def _value_at(line: Line, at: float) -> float:
    found = 0.0
    for time, value in line.steps:
        if time > at:
            break
        found = value
    return found


def _ceiling(value: float) -> float:
    """The next of 1, 2, 4, 6, 8 times a power of ten, so that quarters are round; at least 4."""
    power = 10.0
    while value > power:
        power *= 10
    return next(
        (
            step * power
            for step in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
            if value <= step * power and step * power >= 4
        ),
        power,
    )
