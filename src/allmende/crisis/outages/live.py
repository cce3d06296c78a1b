"""The situation of an exercise as a picture: map, course, what happened, and tables.

Everybody in an exercise looks at it, again and again, and all see the same but for what they know to be decided.
What is the same is drawn for a script, its decisions and a moment, at most once in each process, which keeps it. No
process hands it to another: who only looks writes nothing, and so waits for nobody who writes. What somebody knows to
be decided is put on it for her: ``picture`` fills the slots.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.portal.templatetags.portal import hours

from ..drawing import Arrow, Box, Line, Mark, draw_flags, draw_layers, draw_lines, legend_mark
from ..drawing import lines as sheets
from ..drawing.spots import DESK, PHONE, Look, Spot, draw_spots
from ..models import Part
from ..queries.course import Course, Decided, course_so_far, decided_in, moment_of, next_moment_of
from ..queries.games import Game
from ..queries.happened import happened_in, sums_in
from ..queries.situation import (
    ORDER,
    Shown,
    exercise_time,
    facilities_in,
    people_without,
)

if TYPE_CHECKING:
    from allmende.algorithms.exercise.decisions import Made

MINUTE = 60_000_000
# A hollow circle, a triangle, a cross, a hollow diamond.
MARKS = {"operational": Mark(5), "buffered": Mark(2), "failed": Mark(4), "repairing": Mark(8)}
# More than so many cannot be told apart in a picture; the table has them all.
MOST_DRAWN = 80
MOST_LINES = 5
MOST_COLUMNS = 12
MOST_KEPT = 128
# So many lines of what happened stand open, the earlier ones are folded away.
MOST_NEAR = 10
ROW = '<li><p class="kern-body">{} · <strong>{}:</strong> {}</p></li>'
# Where what somebody knows to be decided goes.
FLAGS, HAPPENED = mark_safe("<!--flags-->"), mark_safe("<!--happened-->")
PHONE_FLAGS = mark_safe("<!--flags on a phone-->")
# How far times along the axis may be apart, in minutes; and how many there are at most.
STEPS = (10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)
MOST_TICKS = 8
MOST_HELD = 1_000
_held: dict[tuple[tuple[int, str, int], str], int] = {}


@dataclass(frozen=True)
class Scene:
    """What a picture depends on as long as it is the same for all; ``game`` only carries it."""

    script_hash: str
    made: "tuple[Made, ...]"
    moment: int
    language: str
    sums_only: bool
    game: Game = field(compare=False)

    @property
    def key(self) -> str:
        """A short name for it."""
        return _named((self.script_hash, self.made, self.moment, self.language, self.sums_only))


class Told(NamedTuple):
    """One line of what happened, as HTML: what all see is made once."""

    at: int
    row: SafeString


@dataclass(frozen=True)
class Asked:
    """The picture that somebody is to see: the scene, and what she knows to be decided."""

    scene: Scene
    decided: tuple[Decided, ...]

    @property
    def key(self) -> str:
        """A short name of the picture, for pages that ask whether there is another."""
        return _named((self.scene.key, self.decided))


def still_holds(game: Game, key: str) -> bool:
    """Whether a picture that this process was asked for is still the one to be seen: no query says so.

    Its page cannot be told until when, or people would know when the next facility fails.
    """
    return game.now < _held.get((_state_of(game), key), 0)


def hold(asked: Asked) -> None:
    """Remember until when nobody need look whether there is another picture."""
    if len(_held) >= MOST_HELD:
        _held.clear()
    _held[_state_of(asked.scene.game), asked.key] = next_moment_of(asked.scene.game)


def _state_of(game: Game) -> tuple[int, str, int]:
    """What everything that was decided belongs to: whatever changes counts as one more revision."""
    return game.exercise.pk, game.exercise.script_hash, game.exercise.revision


def _named(said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()[:32]


def asked_by(game: Game, part: Part) -> Asked:
    """The picture that somebody is to see now: of a register's facilities, spectators see sums only."""
    language = get_language() or ""
    sums_only = game.exercise.from_register and part.is_spectator
    scene = Scene(game.exercise.script_hash, game.made, moment_of(game), language, sums_only, game)
    return Asked(scene, decided_in(game, part))


def picture(asked: Asked) -> SafeString:
    """Map, course, what happened and tables as HTML."""
    game, decided = asked.scene.game, asked.decided
    scene = _kept(asked.scene)
    hung, until = [each.at / MINUTE for each in decided], game.plan.duration / MINUTE
    flags = draw_flags(hung, until=until)
    phone_flags = draw_flags(hung, until=until, sheet=sheets.PHONE)
    told = [
        *_happened(asked.scene),
        *(
            _row(game, each.at, _("Entscheidung %(n)s") % {"n": n}, f"{each.who}: {each.what}")
            for n, each in enumerate(decided, start=1)
        ),
    ]
    # Of what is of one moment, what follows from a decision stands above it.
    told.sort(key=lambda one: -one.at)
    listed = render_to_string(
        "crisis/exercises/_happened.html",
        {
            "near": told[:MOST_NEAR],
            "earlier": told[MOST_NEAR:],
            "flagged": bool(decided) and FLAGS in scene,
        },
    )
    # What people write is escaped, so that no slot is found in it.
    flagged = scene.replace(FLAGS, flags).replace(PHONE_FLAGS, phone_flags)
    return mark_safe(flagged.replace(HAPPENED, listed))  # noqa: S308


@lru_cache(maxsize=MOST_KEPT)
def _kept(scene: Scene) -> str:
    """What all see of a picture."""
    return _draw(scene)


@lru_cache(maxsize=MOST_KEPT)
def _happened(scene: Scene) -> tuple[Told, ...]:
    """What all see of what happened."""
    game, at = scene.game, scene.moment
    found = sums_in(game, at) if scene.sums_only else happened_in(game, at)
    return tuple(_row(game, *one) for one in found)


def _row(game: Game, at: int, what: str, whom: str) -> Told:
    return Told(at, format_html(ROW, exercise_time(game, at).short, what, whom))


def _draw(scene: Scene) -> str:
    game, at = scene.game, scene.moment
    sums = {
        "without": people_without(game, at),
        "happened_slot": HAPPENED,
        **_course(scene, course_so_far(game, at)),
    }
    shown = {"sums_only": True} if scene.sums_only else _facilities(game, at)
    return render_to_string("crisis/exercises/_picture.html", sums | shown)


def _facilities(game: Game, at: int) -> dict[str, object]:
    """Map or net, and the table, of all facilities."""
    facilities = facilities_in(game, at)
    numbers = {row["key"]: place for place, row in enumerate(game.script.facilities, start=1)}
    needs = _needs(game)
    shown = _map(game, facilities, numbers, DESK)
    states = [state for state in ORDER[::-1] if any(one.state == state for one in facilities)]
    return {
        "rows": [
            (numbers[one.key], legend_mark(MARKS[one.state]), one, ", ".join(needs[one.key]))
            for one in facilities
        ],
        "map": shown,
        "phone_map": _map(game, facilities, numbers, PHONE),
        "net": None if shown else _net(game, facilities, numbers),
        "unplaced": sum(one.key not in game.script.facility_places for one in facilities),
        "legend": [(legend_mark(MARKS[each]), _labels(facilities, each)) for each in states],
    }


def _labels(facilities: list[Shown], state: str) -> str:
    """What a mark means among these facilities: a hospital lives on its store, a dike only holds out."""
    labels = {one.label for one in facilities if one.state == state}
    return _(" oder ").join(sorted(labels))


def _hours(one: Shown) -> str:
    """What is left, short enough for a picture, rounded as in the table."""
    if one.left is None:
        return ""
    return _("%(hours)s h") % {"hours": hours(one.left)}


def _needs(game: Game) -> dict[str, list[str]]:
    """The names of those that each facility depends on."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in game.script.supplies:
        names = (game.script.facility_name(key) for key in row.get("suppliers", ()))
        found[row["facility"]] += [name for name in names if name not in found[row["facility"]]]
    return found


def _map(
    game: Game, facilities: list[Shown], numbers: dict[str, int], look: Look
) -> SafeString | None:
    places = game.script.facility_places
    shown = [one for one in facilities if one.key in places]
    if len(shown) > MOST_DRAWN:
        return None
    # Where two belong at one place, that does not depend on which of them is down.
    shown.sort(key=lambda one: numbers[one.key])
    spots = [
        Spot(
            *places[one.key],
            MARKS[one.state],
            tuple(filter(None, (str(numbers[one.key]), _hours(one)))),
            one.municipality,
        )
        for one in shown
    ]
    title = _("Karte: Zustand der Einrichtungen; die Nummern stehen in der Tabelle")
    return draw_spots(spots, title=title, look=look)


def _net(game: Game, facilities: list[Shown], numbers: dict[str, int]) -> SafeString | None:
    """Who depends on whom, from left to right."""
    if len(facilities) > MOST_DRAWN:
        return None
    pairs = [
        (supplier, row["facility"])
        for row in game.script.supplies
        for supplier in row.get("suppliers", ())
    ]
    column = dict.fromkeys(numbers, 0)
    # Longest way from the left; circles end at the last column.
    for _round in range(MOST_COLUMNS - 1):
        for supplier, facility in pairs:
            further = min(column[supplier] + 1, MOST_COLUMNS - 1)
            column[facility] = max(column[facility], further)
    boxes = [
        Box(
            one.key,
            column[one.key],
            f"{numbers[one.key]} · {one.name}",
            " · ".join(filter(None, (one.label, _hours(one)))),
            mark=MARKS[one.state],
        )
        for one in facilities
    ]
    return draw_layers(
        boxes,
        [Arrow(*pair) for pair in sorted(set(pairs))],
        title=_(
            "Wer von wem abhängt, und in welchem Zustand alle sind; dasselbe steht in der Tabelle"
        ),
    )


def _course(scene: Scene, courses: list[Course]) -> dict[str, object]:
    """The chart of those services that lose most, and the table of all."""
    game = scene.game
    until = game.plan.duration / MINUTE
    now = min(scene.moment / MINUTE, until)
    step = next((step for step in STEPS if until / step <= MOST_TICKS), STEPS[-1])
    ticks = [float(at) for at in range(0, int(until) + 1, step)]
    drawn = courses[:MOST_LINES]
    times = [*(at for at in ticks if at < now), now]

    def chart(labels: Sequence[float], flags: SafeString, sheet: sheets.Sheet) -> SafeString:
        return draw_lines(
            [Line(Mark(place), one.steps) for place, one in enumerate(drawn)],
            until=until,
            ticks=[(at, exercise_time(game, int(at * MINUTE)).short) for at in labels],
            title=_("Menschen ohne Versorgung bis jetzt; die Zahlen stehen auch in der Tabelle"),
            moment=now,
            known_until=now,
            on_top=flags,
            sheet=sheet,
        )

    return {
        "chart": chart(ticks, FLAGS, sheets.DESK) if courses else None,
        "phone_chart": chart([0.0, until // 2, until], PHONE_FLAGS, sheets.PHONE)
        if courses
        else None,
        "lines": [(legend_mark(Mark(place)), one.service) for place, one in enumerate(drawn)],
        "services": [one.service for one in courses],
        "times": [
            (
                exercise_time(game, int(at * MINUTE)).short,
                [(one.service, _at(one.steps, at)) for one in courses],
            )
            for at in times
        ],
        "left_out": max(0, len(courses) - MOST_LINES),
    }


def _at(steps: list[tuple[float, float]], at: float) -> float:
    return next(value for time, value in reversed(steps) if time <= at)
