"""The decisions of an exercise: who is asked what from when on, and what was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from allmende.formats.exercise_script.model import Decision

from .games import Game
from .situation import Coming, ExerciseTime, exercise_time, role_names


@dataclass(frozen=True)
class Asked:
    """A decision as it stands.

    ``since``: when it has opened, None as long as nobody has been asked; ``chosen`` at ``at``, for a ``reason``: the
    last choice; ``opens_with``: the next inject that asks for it.
    """

    decision: Decision
    who: str
    since: ExerciseTime | None
    chosen: str
    at: ExerciseTime | None
    reason: str = ""
    opens_with: Coming | None = None

    @property
    def waits(self) -> bool:
        """Whether it is open and nobody has decided."""
        return self.since is not None and not self.chosen


def asked_in(game: Game, role: str = "") -> list[Asked]:
    """All decisions of a role, or of all, in the order of the script."""
    choices = game.exercise.choices.order_by("at")
    if role:
        choices = choices.filter(role=role)
    rows = choices.values_list("decision", "option", "at", "reason")
    last = {key: (option, at, reason) for key, option, at, reason in rows}
    names = role_names(game)
    found = []
    for each in game.script.decisions:
        if role not in ("", each.role):
            continue
        since = game.open_since.get(each.key)
        option, at, reason = last.get(each.key, ("", None, ""))
        found.append(
            Asked(
                decision=each,
                who=names.get(each.role, each.role),
                since=None if since is None else exercise_time(game, since),
                chosen=next((one.name for one in each.options if one.key == option), ""),
                at=None if at is None else exercise_time(game, at),
                reason=reason,
            )
        )
    return found


def open_to(game: Game, role: str) -> list[Asked]:
    """What a role is to decide, or has decided: nothing for which nobody has asked it yet."""
    return [each for each in asked_in(game, role) if each.since is not None]


def with_openers(asked: Iterable[Asked], coming: list[Coming]) -> list[Asked]:
    """The same for the control, with the inject that opens what is not open: the next that is not left out."""
    return [
        replace(each, opens_with=_opener(each.decision.key, coming)) if each.since is None else each
        for each in asked
    ]


def _opener(decision: str, coming: list[Coming]) -> Coming | None:
    asking = [each for each in coming if decision in each.asks_for]
    return next((each for each in asking if not each.skipped), asking[0] if asking else None)
