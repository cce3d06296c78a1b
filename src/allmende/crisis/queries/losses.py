"""What an exercise cost in person-hours, and what it is held against."""

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Any

from allmende.formats import exercise_report as paper

from ..models import Yardstick
from .games import Game
from .rehearsals import MOST_SIMULATED
from .situation import service_label

if TYPE_CHECKING:
    from allmende.algorithms.exercise.decisions import Made
    from allmende.algorithms.exercise.repairs import Surprises
    from allmende.algorithms.exercise.replay import Replay

MOST_KEPT = 16


def losses_of(game: Game) -> tuple[str, paper.Losses | None]:
    """Person-hours without supply, by service: with what was decided, without, and with the best places.

    The latter two are computed once for the script by a worker (``services.exercises.yardsticks``): how far that
    is, is said first; nothing if nothing is simulated. Of an exercise that was ended early, all three count up to
    there only. With them stands where a crew more, or another order of repairs, was worse.
    """
    replay = game.plan.replay
    if replay is None or game.future is None:
        return "", None
    there = Yardstick.objects.filter(script_hash=game.exercise.script_hash).first()
    if there is None or there.found is None:
        given_up = there is not None and there.is_given_up
        return paper.LOSSES_FAILED if given_up else paper.LOSSES_AWAITED, None
    found = there.found
    decided = game.future.by_sector
    nothing, placed = found["nothing"], found["placed"]
    if game.stopped_early:
        decided, nothing, placed = _lost_so_far(game, found)
    units = {unit.key: unit.name for unit in game.script.units}
    until = replay.world.hour(game.now) if game.stopped_early else inf
    surprises = _surprises(replay, game.made, until)
    return paper.LOSSES_THERE, paper.Losses(
        services=tuple(
            paper.Loss(
                service_label(sector), hours, nothing[sector], placed[sector] if placed else None
            )
            for sector, hours in decided.items()
            if hours or nothing[sector]
        ),
        places=tuple(
            paper.Place(units.get(unit, unit), game.script.facility_name(facility))
            for unit, facility in found["places"]
        ),
        units=len(units),
        exact=found["exact"],
        looked=placed is not None,
        crews=tuple(paper.MoreCrews(*each) for each in surprises.crews.items()),
        order=surprises.order,
    )


@lru_cache(maxsize=MOST_KEPT)
def _surprises(replay: "Replay", made: "tuple[Made, ...]", until: float) -> "Surprises":
    """Where more crews, or another order of repairs, were worse; every reader of a report asks the same.

    Nobody waits for it: where it would take long, it is not looked for.
    """
    from allmende.algorithms.exercise.repairs import Surprises, surprises

    runs = 3 + len(replay.world.scenario.crews)
    if replay.world.network.size * runs > MOST_SIMULATED:
        return Surprises({}, 0.0)
    return surprises(replay, made, until=until)


def _lost_so_far(
    game: Game, found: dict[str, Any]
) -> tuple[dict[str, float], dict[str, float], dict[str, float] | None]:
    """What was lost until the exercise stopped: as played, with nothing done, with the best places."""
    from allmende.algorithms.exercise.decisions import Made, Send

    sent = tuple(Send(*each) for each in found["sent"])
    futures = [game.future, game.future_of(()), game.future_of((Made(0, sent),))]
    as_played, nothing, placed = (each.lost_by(game.now) if each else {} for each in futures)
    return as_played, nothing, None if found["placed"] is None else placed
