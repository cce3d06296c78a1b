"""What happened in the simulated world so far: which facilities failed and came back, when and why, newest first."""

from collections.abc import Iterator
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from allmende.portal.templatetags.portal import enumerated, hours

from .course import course_so_far
from .games import Game
from .situation import state_label, why

if TYPE_CHECKING:
    from allmende.algorithms.exercise.replay import Standing

MINUTE = 60_000_000
# What comes at one moment is one line, which names so many.
MOST_NAMED = 6
# More nobody reads: what is older is over, or stands in the table of facilities.
MOST_TOLD = 200
DOWN = {"failed", "repairing"}


class Happening(NamedTuple):
    """One line: at an exercise time, this came to these."""

    at: int
    what: str
    whom: str


class _Turn(NamedTuple):
    follows: bool
    why: str
    name: str
    left: float


def happened_in(game: Game, until: int) -> tuple[Happening, ...]:
    """Every change of facilities by then, those of one moment together; what was before the beginning counts there."""
    together: dict[tuple[int, str], list[_Turn]] = {}
    for at, what, turn in _turns(game, until):
        together.setdefault((at, what), []).append(turn)
    found = [Happening(at, what, _said(turns)) for (at, what), turns in together.items()]
    return _newest(found)


def _newest(found: list[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(found, key=lambda one: -one.at)[:MOST_TOLD])


def sums_in(game: Game, until: int) -> tuple[Happening, ...]:
    """The same for those who may not know single facilities: how many people are without what from when on."""
    found = [
        Happening(int(at * MINUTE), course.service, _people(round(persons)))
        for course in course_so_far(game, until)
        for place, (at, persons) in enumerate(course.steps)
        if place or persons
    ]
    return _newest(found)


def _people(persons: int) -> str:
    if not persons:
        return _("alle wieder versorgt")
    said = ngettext("%(n)s Mensch ohne", "%(n)s Menschen ohne", persons)
    return said % {"n": number_format(persons, force_grouping=True)}


def _turns(game: Game, until: int) -> Iterator[tuple[int, str, _Turn]]:
    from allmende.algorithms.exercise.replay import NORMAL, Standing

    future = game.future
    if future is None:
        return
    sectors = {row["key"]: row["sector"] for row in game.script.facilities}
    standing = future.standing(0)
    changes = [(key, 0, NORMAL, now) for key, now in standing.items()]
    begins, ends = future.world.begins, future.world.hour(until)
    for each in future.transitions:
        if begins < each.hour <= ends:
            now = Standing(each.state, each.left, each.cause)
            was = standing.get(each.facility, NORMAL)
            changes.append((each.facility, future.world.moment(each.hour), was, now))
            standing[each.facility] = now
    for key, at, was, now in changes:
        left = now.left if now.state == "buffered" else 0.0
        turn = _Turn(
            now.cause.isdigit(), why(game, now.cause), game.script.facility_name(key), left
        )
        yield at, _turn_label(was, now, sectors[key]), turn


def _turn_label(was: "Standing", now: "Standing", sector: str) -> str:
    """What a facility has come to."""
    was_down = was.state in DOWN
    said = {
        ("operational", True): pgettext("Einrichtung", "Wieder in Betrieb"),
        ("operational", False): pgettext("Einrichtung", "Wieder versorgt"),
        ("buffered", True): pgettext("Einrichtung", "Wieder in Betrieb, auf Vorrat"),
        ("failed", True): pgettext("Einrichtung", "Weiter ausgefallen"),
        ("repairing", False): pgettext("Einrichtung", "Ausgefallen, in Reparatur"),
    }.get((now.state, was_down))
    if said is None and now.state == was.state == "buffered":
        said = pgettext("Einrichtung", "Weiter auf Vorrat")
    if said is not None:
        return said
    label = state_label(now.state, sector)
    return label[0].upper() + label[1:]


def _said(turns: list[_Turn]) -> str:
    """Whom it came to, those of one reason together: what begins it first, then by name."""
    shown = sorted(turns)
    more = len(turns) - MOST_NAMED
    parts = []
    for reason, same in groupby(shown[:MOST_NAMED], key=lambda turn: turn.why):
        names = enumerated([_named(turn) for turn in same])
        parts.append(f"{names} – {reason}" if reason else names)
    if more > 0:
        said = ngettext("%(n)s weitere Einrichtung", "%(n)s weitere Einrichtungen", more)
        parts.append(said % {"n": more})
    return "; ".join(parts)


def _named(turn: _Turn) -> str:
    if not 0 < turn.left < inf:
        return turn.name
    left = _("noch %(hours)s h") % {"hours": hours(turn.left)}
    return f"{turn.name} ({left})"
