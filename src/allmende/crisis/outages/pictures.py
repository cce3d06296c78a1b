"""What came of a plan as pictures, each with a table of the same figures."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.registry.models import Region

from ..drawing import Dot, Line, Mark, Town, draw_lines, draw_map, legend_mark
from ..drawing.lines import DESK, PHONE, Sheet
from ..models import Service
from ..queries import Register
from .play import Played
from .timeline import Clock

# Names of services, each with a figure.
Figures = list[tuple[str, float]]
# So many services have a line of their own; the table has them all.
MOST_LINES = 5
TICKS = {24: 3, 72: 6, 168: 12, 336: 24}
LABELS = {24: 6, 72: 12, 168: 24, 336: 48}
# Marks of what works, runs from its store, is down: a hollow circle, a triangle, a cross.
STATE_MARKS = (Mark(5), Mark(2), Mark(4))


@dataclass(frozen=True)
class Course:
    """How many people are without which service when."""

    chart: SafeString
    phone_chart: SafeString
    legend: list[tuple[SafeString, str]]
    services: list[str]
    rows: list[tuple[str, Figures]]
    left_out: int


def course_of(played: Played, clock: Clock) -> Course:
    """The chart of those services that lose most, and the table of all that lose anything."""
    horizon = played.plan.horizon
    services = [each.service for each in played.lost]
    lines = [
        Line(Mark(place), played.people_without(service))
        for place, service in enumerate(services[:MOST_LINES])
    ]

    def drawn(every: int, sheet: Sheet) -> SafeString:
        return draw_lines(
            lines,
            until=horizon,
            ticks=[(float(at), clock.say(at)) for at in range(0, horizon + 1, every)],
            title=_("Menschen ohne Versorgung im Verlauf; die Zahlen stehen auch in der Tabelle"),
            moment=played.worst,
            sheet=sheet,
        )

    return Course(
        drawn(LABELS[horizon], DESK),
        drawn(horizon // 2, PHONE),
        [
            (legend_mark(Mark(place)), str(service.label))
            for place, service in enumerate(services[:MOST_LINES])
        ],
        [str(service.label) for service in services],
        [
            (
                clock.say(at),
                [
                    (str(service.label), _at(played.people_without(service), at))
                    for service in services
                ],
            )
            for at in range(0, horizon + 1, TICKS[horizon])
        ],
        max(0, len(services) - MOST_LINES),
    )


def _at(steps: list[tuple[float, float]], at: float) -> float:
    """What holds at a time; at the horizon, what held until then."""
    return next((value for time, value in reversed(steps) if time <= at), 0.0)


@dataclass(frozen=True)
class Site:
    """A map, what its marks mean, and the table beside it: by municipality, one count for each mark."""

    map: SafeString | None
    legend: list[tuple[SafeString, str]]
    rows: list[tuple[str, list[int]]]
    nowhere: int


def state_map(played: Played, clock: Clock) -> Site:
    """Where what is down at the worst moment."""
    states = played.state_at(played.worst)
    title = _("Karte: Zustand der Einrichtungen, %(when)s; die Zahlen stehen auch in der Tabelle")
    return draw_site(
        played.register,
        states,
        marks=STATE_MARKS,
        labels=[_("in Betrieb"), _("läuft aus Vorrat"), _("ausgefallen")],
        title=title % {"when": clock.say(played.worst)},
    )


def draw_site(
    register: Register,
    kinds: dict[int, int],
    *,
    marks: tuple[Mark, ...],
    labels: list[str],
    title: str,
) -> Site:
    """A map of all facilities of a register; ``kinds`` says of each which mark it gets."""
    counts: dict[int, list[int]] = {}
    places: dict[int, tuple[float, float]] = {}
    dots, nowhere = [], 0
    for number, node in register.nodes.items():
        counts.setdefault(node.town, [0] * len(marks))[kinds[number]] += 1
        if node.lon is None or node.lat is None:
            nowhere += 1
            continue
        dots.append(Dot(node.lon, node.lat, marks[kinds[number]].number))
        places.setdefault(node.town, (node.lon, node.lat))
    weights = dict(Region.objects.filter(pk__in=places).values_list("pk", "population"))
    towns = [
        Town(register.towns[town], *place, weights.get(town) or 0) for town, place in places.items()
    ]
    used = {kind for row in counts.values() for kind, count in enumerate(row) if count}
    return Site(
        draw_map(dots, towns, title=title),
        [(legend_mark(marks[kind]), labels[kind]) for kind in sorted(used)],
        sorted((register.towns[town], row) for town, row in counts.items()),
        nowhere,
    )


def hours_by_town(played: Played, most: int) -> tuple[list[str], list[tuple[str, float, Figures]]]:
    """Person-hours by municipality and service, the worst first; the last row sums up those left out."""
    services = [each.service for each in played.lost]
    rows = [
        (town, total, [by_service[service] for service in services])
        for town, total, by_service in played.by_town
    ]
    if len(rows) > most:
        rest = rows[most:]
        sums = [sum(row[2][place] for row in rest) for place in range(len(services))]
        more = ngettext("%(n)s weitere Gemeinde", "%(n)s weitere Gemeinden", len(rest)) % {
            "n": len(rest)
        }
        rows = [*rows[:most], (more, sum(row[1] for row in rest), sums)]
    labels = [str(Service(each).label) for each in services]
    return labels, [
        (town, total, list(zip(labels, values, strict=True))) for town, total, values in rows
    ]
