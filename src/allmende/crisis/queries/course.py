"""How an exercise has gone so far: who was without what when, and what was decided. The future is nobody's to see."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..models import Part
from .exercises import choices_of
from .games import Game
from .situation import role_names, service_label

if TYPE_CHECKING:
    from allmende.algorithms.exercise.replay import Future

MINUTE = 60_000_000
# Stores are told in tenths of hours: a picture is drawn anew at least as often.
DRAWN_FOR = 5 * MINUTE


def moment_of(game: Game) -> int:
    """The exercise time for which the situation is drawn: the same for all who look at nearly the same time.

    Never before the last change, so that nobody is shown what is no longer so.
    """
    now = game.now
    moment = now - now % DRAWN_FOR
    if game.future is not None:
        # A change counts from just after its hour, whatever rounding does to it.
        changes = _changes(game.future)
        place = bisect_right(changes, now)
        moment = max(moment, changes[place - 1] if place else 0)
    return moment


def next_moment_of(game: Game) -> int:
    """The exercise time from which on the situation is drawn anew, if nobody acts until then."""
    now = game.now
    moment = now - now % DRAWN_FOR + DRAWN_FOR
    if game.future is not None:
        changes = _changes(game.future)
        place = bisect_right(changes, now)
        moment = min(moment, changes[place] if place < len(changes) else moment)
    return moment


def _changes(future: "Future") -> list[int]:
    return [future.world.moment(hour) + 1 for hour in future.course[0].tolist()]


@dataclass(frozen=True)
class Course:
    """One service: from each minute on, so many people without it; and how much that is so far."""

    service: str
    steps: list[tuple[float, float]]
    person_hours: float


def course_so_far(game: Game, until: int) -> list[Course]:
    """Every service that somebody has been without by then, the worst first."""
    if game.future is None:
        return []
    hours, persons = game.future.course
    moments = [game.future.world.moment(hour) / MINUTE for hour in hours.tolist()]
    known = bisect_right(_changes(game.future), until)
    found = []
    for sector, name in enumerate(game.future.run.network.sector_names):
        steps = _steps(moments[:known], persons[:known, sector].tolist())
        ends = [*(at for at, _persons in steps[1:]), until / MINUTE]
        lost = sum(
            people * (end - at) / 60
            for (at, people), end in zip(steps, ends, strict=True)
            if end > at
        )
        if any(people for _at, people in steps):
            found.append(Course(service_label(name), steps, lost))
    return sorted(found, key=lambda one: (-one.person_hours, one.service))


def _steps(moments: Sequence[float], persons: Sequence[float]) -> list[tuple[float, float]]:
    """The same from the beginning of the exercise on; what was before it counts from there."""
    steps = [(0.0, 0.0)]
    for at, people in zip(moments, persons, strict=True):
        if at <= 0:
            steps[0] = (0.0, float(round(people)))
        elif round(people) != steps[-1][1]:
            steps.append((at, float(round(people))))
    return steps


@dataclass(frozen=True)
class Decided:
    """A decision as a mark in the picture."""

    at: int
    who: str
    what: str


def decided_in(game: Game, part: Part) -> tuple[Decided, ...]:
    """What this person knows to be decided, in its order."""
    names = role_names(game)
    options = {
        (decision.key, option.key): f"{decision.question} {option.name}"
        for decision in game.script.decisions
        for option in decision.options
    }
    rows = choices_of(part).order_by("at").values_list("at", "role", "decision", "option")
    return tuple(
        Decided(at, names.get(role, role), options.get((decision, option), option))
        for at, role, decision, option in rows
    )
