"""The map and the bars as SVG: groups differ in shape as well as in colour."""

from collections.abc import Sequence
from html import escape

from allmende.formats.opinion_report.model import OpinionReport, StatementRow
from allmende.formats.opinion_report.wording import describe_group, grouping_of, number

WIDTH, HEIGHT, MARGIN = 640.0, 440.0, 34.0
SHAPES = ("Kreis", "Quadrat", "Dreieck", "Raute", "Kreuz")


def draw_map(report: OpinionReport) -> str:
    """The map of participants; what it shows also stands in the tables of the page."""
    place = _Place([row.position for row in report.participants])
    radius = min(5.0, max(1.7, 62.0 / max(len(report.participants), 1) ** 0.5))
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" '
        'aria-labelledby="map-title map-text">',
        '<title id="map-title">Karte der Teilnehmenden</title>',
        f'<desc id="map-text">{escape(_in_words(report))}</desc>',
    ]
    for group in report.groups:
        corners = " ".join(place(corner) for corner in group.hull)
        if len(group.hull) > 2:
            parts.append(f'<polygon class="hull g{group.number}" points="{corners}"/>')
    for shown in (None, *(group.number for group in report.groups)):
        dots = "".join(
            _shape(place(row.position), shown, radius)
            for row in report.participants
            if row.group == shown
        )
        if dots:
            parts.append(f'<path class="dot {_style(shown)}" d="{dots}"/>')
    for group in report.groups:
        x, y = place(group.centre).split(",")
        label = f"{group.name} · {number(group.size)}"
        parts.append(f'<text class="label" x="{x}" y="{y}">{escape(label)}</text>')
    return "\n".join([*parts, "</svg>"])


def draw_sign(group: int) -> str:
    """The shape of a group, for legends."""
    return (
        '<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">'
        f'<path class="dot {_style(group)}" d="{_shape("8,8", group, 6)}"/></svg>'
    )


def draw_bar(statement: StatementRow) -> str:
    """Agreement from 0 to 100 %: interval, share, and the groups above and below."""
    reading = statement.municipalities
    parts = ['<svg class="bar" viewBox="0 0 300 20" aria-hidden="true">']
    parts.append('<rect class="track" x="6" y="8" width="288" height="4"/>')
    if reading is not None:
        low, high = (6 + 288 * bound for bound in reading.agree_interval)
        parts.append(
            f'<rect class="interval" x="{low:.1f}" y="5" width="{max(high - low, 1):.1f}" '
            'height="10"/>'
        )
    for row in statement.groups:
        shape = _shape(f"{6 + 288 * row.agree:.1f},10", row.group, 5)
        parts.append(f'<path class="dot {_style(row.group)}" d="{shape}"/>')
    if reading is not None:
        parts.append(
            f'<rect class="mark" x="{5 + 288 * reading.agree:.1f}" y="2" width="2" height="16"/>'
        )
    return "".join([*parts, "</svg>"])


def _in_words(report: OpinionReport) -> str:
    groups = "; ".join(
        f"Gruppe {group.name} ({SHAPES[group.number % len(SHAPES)]}): {describe_group(group)}"
        for group in report.groups
    )
    return (
        "Nahe Punkte stimmen ähnlich ab. " + grouping_of(report) + (f" {groups}." if groups else "")
    )


def _style(group: int | None) -> str:
    return "none" if group is None else f"g{group % len(SHAPES)}"


class _Place:
    """Puts positions on the sheet with the same scale on both axes."""

    def __init__(self, positions: Sequence[tuple[float, float]]) -> None:
        xs = [x for x, _ in positions] or [0.0]
        ys = [y for _, y in positions] or [0.0]
        self.left, self.bottom = min(xs), min(ys)
        wide, tall = max(xs) - self.left, max(ys) - self.bottom
        inner_wide, inner_tall = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
        self.scale = min(
            inner_wide / wide if wide > 1e-9 else 1.0, inner_tall / tall if tall > 1e-9 else 1e9
        )
        if tall <= 1e-9 and wide <= 1e-9:
            self.scale = 0.0
        self.offset_x = MARGIN + (inner_wide - wide * self.scale) / 2
        self.offset_y = MARGIN + (inner_tall - tall * self.scale) / 2

    def __call__(self, point: tuple[float, float]) -> str:
        x = self.offset_x + (point[0] - self.left) * self.scale
        y = HEIGHT - self.offset_y - (point[1] - self.bottom) * self.scale
        return f"{x:.1f},{y:.1f}"


def _shape(centre: str, group: int | None, radius: float) -> str:
    """Path of one sign around a point ``x,y``."""
    r = radius
    if group is None:
        r = radius * 0.8
    kind = 0 if group is None else group % len(SHAPES)
    paths = (
        f"m{-r:.2f},0a{r:.2f},{r:.2f} 0 1 0 {2 * r:.2f},0a{r:.2f},{r:.2f} 0 1 0 {-2 * r:.2f},0z",
        f"m{-0.9 * r:.2f},{-0.9 * r:.2f}h{1.8 * r:.2f}v{1.8 * r:.2f}h{-1.8 * r:.2f}z",
        f"m0,{-1.15 * r:.2f}l{1.1 * r:.2f},{2 * r:.2f}h{-2.2 * r:.2f}z",
        f"m0,{-1.25 * r:.2f}l{1.1 * r:.2f},{1.25 * r:.2f}l{-1.1 * r:.2f},{1.25 * r:.2f}"
        f"l{-1.1 * r:.2f},{-1.25 * r:.2f}z",
        f"m{-0.4 * r:.2f},{-1.1 * r:.2f}h{0.8 * r:.2f}v{0.7 * r:.2f}h{0.7 * r:.2f}v{0.8 * r:.2f}"
        f"h{-0.7 * r:.2f}v{0.7 * r:.2f}h{-0.8 * r:.2f}v{-0.7 * r:.2f}h{-0.7 * r:.2f}"
        f"v{-0.8 * r:.2f}h{0.7 * r:.2f}z",
    )
    return f"M{centre}{paths[kind]}"
