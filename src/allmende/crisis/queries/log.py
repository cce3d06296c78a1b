"""The log of an exercise: what came, what was written and decided, and what the control did."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..models import CONTROL, Delivery, OrderKind, Part
from .exercises import deliveries_to
from .games import Game
from .msel import InjectState, run_of, source_of, state_of
from .recipients import readers_of
from .situation import ExerciseTime, exercise_time, inject_title, moment_of, role_names

if TYPE_CHECKING:
    from allmende.algorithms.exercise.clock import Segment


@dataclass(frozen=True)
class Happened:
    """One line of the log."""

    at: int
    time: ExerciseTime
    wall: datetime
    kind: str
    who: str
    to: str
    text: str
    # Of an inject: what has become of it, what of the simulation it tells, and of which run.
    state: str = ""
    source: str = ""
    run: str = ""


def log_of(game: Game, part: Part | None = None) -> list[Happened]:
    """All that happened in an exercise, oldest first; for a player, what her role knows; for a spectator, what
    every team could know.
    """
    if part is not None and part.is_spectator:
        return [replace(line, to="", state="") for _roles, line in _came(game, deliveries_to(part))]
    own = part.role if part is not None and part.is_player else ""
    found = [
        happened
        for roles, happened in (
            *_came(game, game.exercise.deliveries.all()),
            *_written(game),
            *_decided(game),
            *_controlled(game),
        )
        if not own or own in roles or not roles
    ]
    if not own:
        found += _ordered(game)
    return sorted(found, key=lambda one: (one.at, one.wall))


# Which roles know of it (none named: all), and what happened.
Known = tuple[tuple[str, ...], Happened]


def _came(game: Game, deliveries: QuerySet[Delivery]) -> Iterator[Known]:
    names, kind = role_names(game), _("Einlage")
    for each in deliveries.order_by("due", "pk"):
        yield (
            (each.recipient,),
            Happened(
                at=each.due,
                time=exercise_time(game, each.due),
                wall=moment_of(each.wall),
                kind=kind,
                who=each.sender or names[CONTROL],
                to=names.get(each.recipient, each.recipient),
                text=each.title,
                state=str(state_of([each]).label),
                source=source_of(game, each.inject),
                run=run_of(game, each.inject, each.due),
            ),
        )


def _written(game: Game) -> Iterator[Known]:
    names, kind = role_names(game), _("Nachricht")
    for note in game.exercise.notes.order_by("pk"):
        who, to = names.get(note.sender, note.sender), names.get(note.recipient, note.recipient)
        yield (
            (note.sender, *readers_of(game.script, note.recipient)),
            Happened(
                at=note.at,
                time=exercise_time(game, note.at),
                wall=moment_of(note.wall),
                kind=kind,
                who=f"{note.outside} ({who})" if note.outside and note.sender == CONTROL else who,
                to=f"{note.outside} ({to})" if note.outside and note.recipient == CONTROL else to,
                text=note.text,
            ),
        )


def _decided(game: Game) -> Iterator[Known]:
    names = role_names(game)
    decisions = {each.key: each for each in game.script.decisions}
    for choice in game.exercise.choices.order_by("at"):
        decision = decisions[choice.decision]
        option = next(each.name for each in decision.options if each.key == choice.option)
        yield (
            (choice.role,),
            Happened(
                at=choice.at,
                time=exercise_time(game, choice.at),
                wall=moment_of(choice.wall),
                kind=_("Entscheidung"),
                who=names[choice.role],
                to="",
                text=f"{decision.question} {option}"
                + (f" – {choice.reason}" if choice.reason else ""),
            ),
        )


def _controlled(game: Game) -> Iterator[Known]:
    """What the control did with the clock: everybody has seen it."""
    ended = game.exercise.ended_at
    end = round(ended.timestamp() * 1_000_000) if ended else None
    before: Segment | None = None
    for each in game.clock.segments:
        for text in _clock_words(game, before, each):
            yield (), _by_control(game, _("Uhr"), each.exercise, moment_of(each.wall), text)
        before = each
    if end is not None and game.clock.started:
        yield (), _by_control(game, _("Uhr"), game.now, moment_of(end), _("Die Übung ist beendet."))


def _clock_words(game: Game, before: "Segment | None", after: "Segment") -> Iterator[str]:
    from allmende.algorithms.exercise.clock import REAL_TIME

    speed = number_format(Decimal(f"{after.speed / REAL_TIME:g}"))
    if before is None:
        yield _("Die Übung beginnt, %(speed)s-mal so schnell wie die Wirklichkeit.") % {
            "speed": speed
        }
        return
    gone = (after.wall - before.wall) * before.speed // REAL_TIME if before.runs else 0
    there = before.exercise + gone
    if after.exercise > there:
        yield _("Die Uhr springt von %(before)s auf %(after)s.") % {
            "before": exercise_time(game, there),
            "after": exercise_time(game, after.exercise),
        }
    if after.speed != before.speed:
        yield _("Die Uhr geht jetzt %(speed)s-mal so schnell wie die Wirklichkeit.") % {
            "speed": speed
        }
    if after.runs != before.runs:
        yield _("Die Uhr geht weiter.") if after.runs else _("Die Uhr hält an.")


def _ordered(game: Game) -> list[Happened]:
    """Which injects the control played by hand, once more, or left out; the roles do not see that."""
    said = {
        OrderKind.TRIGGER: _("Von Hand eingespielt: „%(title)s“"),
        OrderKind.SKIP: _("Ausgelassen: „%(title)s“"),
        OrderKind.AGAIN: _("Noch einmal eingespielt: „%(title)s“"),
    }
    return [
        replace(
            _by_control(
                game,
                _("Übungsleitung"),
                at,
                _wall_at(game, at),
                said[OrderKind(kind)] % {"title": inject_title(game, inject)},
            ),
            state=str(InjectState.SKIPPED.label) if kind == OrderKind.SKIP else "",
        )
        for at, kind, inject, _attempt in game.orders
    ]


def _wall_at(game: Game, at: int) -> datetime:
    """The first moment here at which it was that time in the exercise."""
    wall = game.clock.wall_of(at)
    return moment_of(wall if wall is not None else game.clock.segments[-1].wall)


def _by_control(game: Game, kind: str, at: int, wall: datetime, text: str) -> Happened:
    return Happened(
        at=at,
        time=exercise_time(game, at),
        wall=wall,
        kind=kind,
        who=_("Übungsleitung"),
        to="",
        text=text,
    )
