"""Where a crew more, or another order of repairs, would have been worse: in known cases, and nowhere else."""

import random
from math import inf

import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import chances, some_damages, some_model

from allmende.algorithms.cascade.network import Facility, make_network
from allmende.algorithms.cascade.scenario import Damage, Scenario
from allmende.algorithms.exercise.clock import HOUR
from allmende.algorithms.exercise.decisions import Made, Rank, Switch
from allmende.algorithms.exercise.repairs import Surprises, surprises
from allmende.algorithms.exercise.replay import Replay, World

NOTHING = Surprises({}, 0.0)
RANKS = {"a": 2, "b": 2, "c": 9, "d": 9, "klinik": 1}
DAMAGES = {"a": (0, 3), "b": (0, 3), "c": (0, 6), "d": (0, 6), "klinik": (5, 1)}
FIRST = Made(HOUR, (Rank("c", 0), Switch("d")))


def replay(*, served: float = 900.0, **scenario: object) -> Replay:
    """One crew has repaired *a* and *b* when the klinik fails at hour 5, and repairs it by hour 7."""
    network = make_network(
        [
            Facility(key, "s", served=served if key == "klinik" else 0.0, rank=rank, pool="netz")
            for key, rank in RANKS.items()
        ],
        [],
    )
    damages = [Damage(key, *map(float, each)) for key, each in DAMAGES.items()]
    known = {"horizon": 48.0, "damages": damages, "crews": {"netz": 1}}
    return Replay(World(network, Scenario(**known | scenario)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "until", "found"),
    [
        # Two crews are busy with c and d until hour 9.
        ([], inf, Surprises({"netz": 2700.0}, 0.0)),
        # With c first, the only crew is; a second one changes nothing any more.
        ([FIRST], inf, Surprises({}, 2700.0)),
        # Said at hour 4, c comes after b, and so the klinik even later.
        ([Made(4 * HOUR, FIRST.acts)], inf, Surprises({}, 5400.0)),
        ([Made(HOUR, (Rank("c", 5),))], inf, Surprises({"netz": 2700.0}, 0.0)),
        ([], 8.0, Surprises({"netz": 900.0}, 0.0)),
        ([FIRST], 8.0, Surprises({}, 900.0)),
        ([], 7.0, NOTHING),
        ([FIRST], 0.0, NOTHING),
    ],
)
def test_what_nobody_expected(made: list[Made], until: float, found: Surprises) -> None:
    assert surprises(replay(), made, until=until) == found


@pytest.mark.parametrize(
    "changes",
    [
        {"crews": {}},  # as many as are needed
        {"crews": {"netz": 2}},  # worse already: a third one helps
        {"served": 0.1},  # worse by less than one hour of one person
        {"damages": ()},
    ],
)
def test_where_all_is_as_expected(changes: dict[str, object]) -> None:
    assert surprises(replay(**changes), []) == NOTHING  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(chances)
def test_first_come_first_served_never_surprises(chance: random.Random) -> None:
    """One crew more does no harm, whenever what is damaged."""
    facilities, supplies = some_model(chance, 12)
    damages = some_damages(chance, (facilities, supplies), most=8, once=True)
    crews = dict.fromkeys({each.pool for each in facilities}, 1)
    scenario = Scenario(48.0, damages, crews=crews, first_come=True)
    world = World(make_network(facilities, supplies), scenario)
    assert surprises(Replay(world), []) == NOTHING
