"""What failed in an exercise, in its order, and why: first what the script took out, then what that brought about."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from allmende.formats import exercise_report as paper

from .games import Game
from .situation import exercise_time

MINUTE = 60_000_000
DOWN = {"failed", "repairing"}


class Fallen(NamedTuple):
    """One facility; ``missing``: whose failure made it fail, ``stored``: after so many hours on its store."""

    at: int
    facility: str
    cause: str
    missing: tuple[str, ...] = ()
    stored: float = 0.0

    @property
    def inject(self) -> str:
        """The announcement that tells of it alone."""
        from allmende.algorithms.exercise.announcements import PREFIX
        from allmende.algorithms.exercise.conditions import FAILED

        return f"{PREFIX}{FAILED}/{self.facility}/{self.at}"


def fallen_in(game: Game) -> list[Fallen]:
    """All that failed until the exercise ended."""
    future = game.future
    if future is None:
        return []
    scenario = (game.script.model or {}).get("scenario") or {}
    outages = {row["facility"] for row in scenario.get("outages", ())}
    until = future.world.hour(min(game.now, game.plan.duration))
    buffers = future.run.network.wires.buffer
    down: set[str] = set()
    found = []
    for hour, batch in groupby(future.transitions, key=lambda each: each.hour):
        if hour > until:
            break
        moment = list(batch)
        failing = [each for each in moment if each.state in DOWN and each.facility not in down]
        down -= {each.facility for each in moment if each.state not in DOWN}
        # Whoever fails at the same moment is a reason already.
        down |= {each.facility for each in failing}
        for each in failing:
            at = future.world.moment(hour)
            if each.cause.isdigit():
                missing = tuple(key for key in future.suppliers(each.cause) if key in down)
                stored = float(buffers[int(each.cause)])
                found.append(Fallen(at, each.facility, paper.BY_SUPPLY, missing, stored))
            elif each.cause == "damage":
                found.append(Fallen(at, each.facility, paper.BY_DAMAGE))
            else:
                by_itself = each.facility in outages
                cause = paper.BY_OUTAGE if by_itself else paper.BY_DECISION
                found.append(Fallen(at, each.facility, cause))
    return found


def failures_of(game: Game, fallen: list[Fallen]) -> Iterator[paper.Failure]:
    """The same for people: those of one moment and one reason together."""
    together: dict[Fallen, list[str]] = {}
    for each in fallen:
        name = game.script.facility_name(each.facility)
        together.setdefault(each._replace(facility=""), []).append(name)
    for reason, names in together.items():
        yield paper.Failure(
            minute=reason.at // MINUTE,
            time=str(exercise_time(game, reason.at)) if reason.at >= 0 else "vor Beginn",
            facilities=tuple(names),
            cause=reason.cause,
            missing=tuple(game.script.facility_name(key) for key in reason.missing),
            stored=reason.stored,
        )
