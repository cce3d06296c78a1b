"""The curves and the histogram as SVG; what they show also stands in tables."""

from html import escape

from allmende.formats.cascade_report.model import EnsembleRow, RunRow, SectorRow
from allmende.formats.cascade_report.wording import (
    at_least,
    counted,
    hours,
    number,
    percent,
    short,
)

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 320.0, 150.0, 46.0, 26.0, 10.0
TICKS = (0.0, 0.5, 1.0)


def draw_sector(sector: SectorRow, run: RunRow, horizon: float) -> str:
    """The share of persons served over time; what is missing above it is the resilience triangle."""
    right = WIDTH - 12

    def x(moment: float) -> float:
        return LEFT + moment / horizon * (right - LEFT)

    def y(share: float) -> float:
        return TOP + (1 - share) * (HEIGHT - BOTTOM - TOP)

    steps = []
    for place, (begin, share) in enumerate(zip(run.moments, sector.shares, strict=True)):
        last = place + 1 == len(run.moments)
        end = horizon if last else run.moments[place + 1]
        steps.append(f"{x(begin):.1f},{y(share):.1f} {x(end):.1f},{y(share):.1f}")
    line = " ".join(steps)
    title = (
        f"{sector.name}: niedrigster Stand {at_least(sector.lowest)}, verlorene Fläche "
        f"{hours(sector.lost_hours)}"
    )
    parts = [
        f'<svg class="curve" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img">',
        f"<title>{escape(title)}</title>",
        *(
            f'<path class="grid" d="M{LEFT:.0f} {y(tick):.1f}H{right:.0f}"/>'
            f'<text class="tick" x="{LEFT - 6:.0f}" y="{y(tick) + 4:.1f}" text-anchor="end">'
            f"{percent(tick)}</text>"
            for tick in TICKS
        ),
        f'<polygon class="lost" points="{x(0):.1f},{y(1):.1f} {line} {right:.1f},{y(1):.1f}"/>',
        f'<polyline class="line" points="{line}"/>',
        *(
            f'<text class="tick" x="{x(part * horizon):.1f}" y="{HEIGHT - 8:.0f}" '
            f'text-anchor="{anchor}">{short(part * horizon)} h</text>'
            for part, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
        ),
        "</svg>",
    ]
    return "".join(parts)


def draw_histogram(many: EnsembleRow) -> str:
    """How many runs lost how much."""
    wide, tall, left, bottom = 640.0, 260.0, 56.0, 44.0
    most = max(row.runs for row in many.bins)
    low, high = many.bins[0].low, many.bins[-1].high
    span = (wide - left - 16) / len(many.bins)

    def y(runs: float) -> float:
        return tall - bottom - runs / most * (tall - bottom - 14)

    bars = "".join(
        f'<rect class="bar" x="{left + place * span + 1:.1f}" y="{y(row.runs):.1f}" '
        f'width="{max(span - 2, 1):.1f}" height="{tall - bottom - y(row.runs):.1f}"/>'
        for place, row in enumerate(many.bins)
    )
    title = (
        f"Verteilung der Verluste von {counted(many.runs, 'Durchlauf', 'Durchläufen')}: "
        f"von {number(low)} bis {number(high)} Personenstunden"
    )
    return (
        f'<svg class="histogram" viewBox="0 0 {wide:.0f} {tall:.0f}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<path class="grid" d="M{left:.0f} {y(0):.1f}H{wide - 16:.0f}"/>'
        f'<text class="tick" x="{left - 8:.0f}" y="{y(most) + 4:.1f}" text-anchor="end">'
        f"{number(most)}</text>"
        f'<text class="tick" x="{left - 8:.0f}" y="{y(0) + 4:.1f}" text-anchor="end">0</text>'
        f"{bars}"
        f'<text class="tick" x="{left:.0f}" y="{tall - 24:.0f}">{number(low)}</text>'
        f'<text class="tick" x="{wide - 16:.0f}" y="{tall - 24:.0f}" text-anchor="end">'
        f"{number(high)}</text>"
        f'<text class="tick" x="{(left + wide) / 2:.0f}" y="{tall - 6:.0f}" text-anchor="middle">'
        "Personenstunden ohne Versorgung</text></svg>"
    )
