"""Where more was worse: crews and an order of repairs that cost what nobody would expect.

Where crews go to whose rank is lowest, one crew more may do harm: free earlier, it begins long work, and what is
damaged next waits for it. Whether that is so is found by running the same world once more.

>>> from allmende.algorithms.cascade.network import Facility, make_network
>>> from allmende.algorithms.cascade.scenario import Damage, Scenario
>>> from allmende.algorithms.exercise.replay import World
>>> masts = [Facility(key, "strom", rank=9 if key > "b" else 1) for key in "abcd"]
>>> network = make_network([*masts, Facility("klinik", "gesundheit", served=900.0)], [])
>>> damages = [Damage(mast.key, 0.0, 10.0 if mast.rank == 9 else 3.0) for mast in masts]
>>> scenario = Scenario(48.0, [*damages, Damage("klinik", 5.0, 1.0)], crews={"": 1})

One crew has repaired *a* and *b* when the klinik has failed, and goes there. Two have begun *c* and *d* by then:

>>> surprises(Replay(World(network, scenario)), [])
Surprises(crews={'': 6300.0}, order=0.0)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from .decisions import Made, Rank
from .replay import Replay

# Person-hours; less nobody would call worse.
LEAST = 1.0


@dataclass(frozen=True)
class Surprises:
    """Person-hours that a crew more would have cost, by pool where it would have cost any; and those that another
    order of repairs has cost, 0 if it was not changed or cost none.
    """

    crews: Mapping[str, float]
    order: float


def surprises(replay: Replay, made: Sequence[Made], *, until: float = inf) -> Surprises:
    """Find where more crews, or the order as it was, would have ended otherwise than expected.

    Parameters
    ----------
    replay : Replay
    made : sequence of Made
        What was decided.
    until : float
        Hour of the simulation up to which losses count.

    Returns
    -------
    Surprises
        Of the pools whose crews are counted, and of all changes of rank together.

    Raises
    ------
    ModelError
        If a decision names what is not there.

    Notes
    -----
    All runs have the same draws. With *L(c, D)* the person-hours lost with *c* crews and decisions *D*, a crew
    more in pool *p* surprises if *L(c + e_p, D) − L(c, D) ≥ 1*, and the order if *L(c, D) − L(c, D′) ≥ 1*, where
    *D′* are the decisions without their changes of rank.

    References
    ----------
    R. L. Graham, "Bounds for certain multiprocessing anomalies", Bell Syst. Tech. J. 45 (1966),
    doi:10.1002/j.1538-7305.1966.tb01709.x
    """
    if min(until, replay.world.scenario.horizon) <= 0:
        return Surprises({}, 0.0)  # it ended before anything could be lost
    as_played = replay.lost(made, until=until)
    more = {
        pool: replay.lost(made, until=until, more={pool: 1}) - as_played
        for pool in replay.world.scenario.crews
    }
    as_it_was = [
        each._replace(acts=tuple(act for act in each.acts if not isinstance(act, Rank)))
        for each in made
    ]
    cost = as_played - replay.lost(as_it_was, until=until) if as_it_was != list(made) else 0.0
    return Surprises(
        {pool: hours for pool, hours in more.items() if hours >= LEAST},
        cost if cost >= LEAST else 0.0,
    )
