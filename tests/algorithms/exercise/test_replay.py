"""The world of an exercise: states, stores, decisions, and a past that no decision changes."""

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from math import inf
from pathlib import Path
from sys import setswitchinterval

import numpy as np
import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import chances, some_model, some_scenario

from allmende.algorithms.cascade.network import Facility, ModelError, Supply, make_network
from allmende.algorithms.cascade.run import down_between
from allmende.algorithms.cascade.scenario import Damage, Isolate, Scenario
from allmende.algorithms.cascade.synthetic import make_country
from allmende.algorithms.exercise.clock import HOUR, MINUTE
from allmende.algorithms.exercise.decisions import (
    Act,
    Leave,
    Made,
    Rank,
    Refill,
    Send,
    Switch,
    Unit,
    act_of,
    interventions,
)
from allmende.algorithms.exercise.replay import Future, Replay, World, changes

CASES = settings(max_examples=150, deadline=None)


def district(*, crews: int = 5) -> World:
    """A grid, two water works with a store of 6 hours, a hospital with one of 24."""
    network = make_network(
        [
            Facility("netz", "strom", "Lindenfurt", served=1_000.0),
            Facility("wasser", "wasser", "Lindenfurt", served=800.0, pool="wasser"),
            Facility("brunnen", "wasser", "Kranichsee", served=200.0, pool="wasser"),
            Facility("klinik", "gesundheit", "Kranichsee", served=300.0),
        ],
        [
            Supply("wasser", ("netz",), buffer_hours=6.0),
            Supply("brunnen", ("netz",), buffer_hours=6.0),
            Supply("klinik", ("netz",), buffer_hours=24.0),
            Supply("klinik", ("brunnen",), buffer_hours=2.0),
        ],
    )
    scenario = Scenario(horizon=96.0, damages=(Damage("netz", 1.0, 71.0),), crews={"wasser": crews})
    return World(network, scenario, {"aggregat": Unit("aggregat", {"klinik": 3.0}, hours=2.0)})


def told(future: Future, facility: str) -> list[tuple[float, str, float]]:
    return [(t.hour, t.state, t.left) for t in future.transitions if t.facility == facility]


def test_states_and_hours_left() -> None:
    replay = Replay(district())
    future = replay.future([])
    assert told(future, "netz") == [(1.0, "repairing", 71.0), (72.0, "operational", inf)]
    assert told(future, "wasser") == [
        (1.0, "buffered", 6.0),
        (7.0, "failed", 0.0),
        (72.0, "operational", inf),
    ]
    # First electricity for 24 hours, then water for only 2.
    assert told(future, "klinik") == [
        (1.0, "buffered", 24.0),
        (7.0, "buffered", 2.0),
        (9.0, "failed", 0.0),
        (72.0, "operational", inf),
    ]
    causes = [t.cause for t in future.transitions if t.facility == "klinik"]
    assert [future.suppliers(cause) for cause in causes] == [
        ("netz",),
        ("brunnen",),
        ("brunnen",),
        (),
    ]
    at_five = future.standing(5 * HOUR)
    assert {key: (s.state, s.left) for key, s in at_five.items()} == {
        "netz": ("repairing", 67.0),
        "wasser": ("buffered", 2.0),
        "brunnen": ("buffered", 2.0),
        "klinik": ("buffered", 20.0),
    }
    assert future.standing(80 * HOUR) == {}


def test_people_without_supply_by_sector_and_municipality() -> None:
    replay = Replay(district())
    net = replay.world.network
    future = replay.future([Made(8 * HOUR, (Leave("Kranichsee", 0.5, hours=1.0),))])
    assert (net.sector_names, net.municipalities) == (
        ("strom", "wasser", "gesundheit"),
        ("Lindenfurt", "Kranichsee"),
    )
    assert future.without_supply(0).tolist() == [[0, 0], [0, 0], [0, 0]]
    assert future.without_supply(8 * HOUR).tolist() == [[1_000, 0], [800, 200], [0, 0]]
    assert future.without_supply(9 * HOUR).tolist() == [[1_000, 0], [800, 100], [0, 150]]


def test_one_generator_is_at_one_place() -> None:
    replay = Replay(district())
    nothing = replay.future([])
    there = replay.future([Made(2 * HOUR, (Send("aggregat", "brunnen"),))])
    assert told(there, "brunnen") == [(1.0, "buffered", 6.0), (4.0, "operational", inf)]
    assert told(there, "klinik")[-2:] == [(25.0, "failed", 0.0), (72.0, "operational", inf)]
    assert there.person_hours < nothing.person_hours
    then = replay.future(
        [
            Made(2 * HOUR, (Send("aggregat", "brunnen"),)),
            Made(10 * HOUR, (Send("aggregat", "wasser"),)),
        ]
    )
    # The well has three hours more than it had when the generator came: it took in what it lacked.
    assert told(then, "brunnen")[1:4] == [
        (4.0, "operational", inf),
        (10.0, "buffered", 6.0),
        (16.0, "failed", 0.0),
    ]
    assert told(then, "wasser") == [
        (1.0, "buffered", 6.0),
        (7.0, "failed", 0.0),
        (12.0, "operational", inf),
    ]


def test_a_generator_called_back_on_its_way_never_arrives() -> None:
    units = {"a": Unit("a", hours=2.0)}
    made = [Made(0, (Send("a", "wasser"),)), Made(HOUR, (Send("a", ""),))]
    assert interventions(made, units) == []
    with pytest.raises(ModelError, match="unknown generator"):
        interventions([Made(0, (Send("b", "wasser"),))], units)


def test_filling_a_store_gives_its_hours_back() -> None:
    future = Replay(district()).future([Made(2 * HOUR, (Refill("wasser", hours=3.0),))])
    assert told(future, "wasser")[:3] == [
        (1.0, "buffered", 6.0),
        (5.0, "buffered", 6.0),
        (11.0, "failed", 0.0),
    ]


def test_switching_off_and_on_and_ranks() -> None:
    off = Made(2 * HOUR, (Switch("brunnen"),))
    future = Replay(district()).future([off, Made(3 * HOUR, (Switch("brunnen", on=True),))])
    assert told(future, "brunnen")[1:3] == [(2.0, "failed", 0.0), (3.0, "buffered", 4.0)]
    assert interventions([off, off], {}) == [Isolate("brunnen", 2.0)]
    assert len(interventions([Made(0, (Rank("netz", 3),))], {}, begins=5.0)) == 1


@pytest.mark.parametrize(
    ("written", "act"),
    [
        ({"kind": "generator", "unit": "a", "facility": "k", "supply": 2}, Send("a", "k", 1)),
        ({"kind": "restock", "facility": "k", "hours": 1.5}, Refill("k", 0, 1.5)),
        ({"kind": "rerank", "facility": "k", "rank": -1}, Rank("k", -1)),
        ({"kind": "isolate", "facility": "k"}, Switch("k")),
        ({"kind": "rejoin", "facility": "k"}, Switch("k", on=True)),
        ({"kind": "evacuate", "municipality": "m", "share": 0.2}, Leave("m", 0.2)),
    ],
)
def test_acts_are_read(written: dict[str, object], act: Act) -> None:
    assert act_of(written) == act


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"kind": "fly", "facility": "k"},
        {"kind": "generator", "facility": "k"},
        {"kind": "generator", "unit": "a", "facility": "k", "supply": 0},
        {"kind": "restock", "facility": "k", "hours": -1},
        {"kind": "isolate", "facility": "k", "until": 3},
        {"kind": "evacuate", "municipality": "m", "share": 2},
    ],
)
def test_what_is_no_act_is_refused(written: dict[str, object]) -> None:
    with pytest.raises(ModelError):
        act_of(written)


def some_made(chance: random.Random, world: World) -> list[Made]:
    keys = world.network.facilities.tolist()
    found = []
    for _ in range(chance.randrange(1, 6)):
        key = chance.choice(keys)
        groups = len(world.network.groups_of(world.network.position(key)))
        acts: list[Act] = [Switch(key, chance.random() < 0.5), Rank(key, chance.randrange(-2, 9))]
        if groups:
            acts += [Send("a", key, chance.randrange(groups))] * 3
            acts.append(Refill(key, chance.randrange(groups), float(chance.randrange(4))))
        found.append(
            Made(
                chance.randrange(40 * 60) * MINUTE + chance.randrange(MINUTE),
                (chance.choice(acts),),
            )
        )
    return sorted(found)


def some_replay(chance: random.Random) -> Replay:
    model = some_model(chance, 12)
    network = make_network(*model)
    world = World(network, some_scenario(chance, model), {"a": Unit("a", hours=chance.random())})
    return Replay(world)


@CASES
@given(chances)
def test_who_is_down_is_who_is_down_in_the_run(chance: random.Random) -> None:
    replay = some_replay(chance)
    future = replay.future(some_made(chance, replay.world))
    what, begin, end = down_between(future.run)
    keys = replay.world.network.facilities
    for _ in range(20):
        moment = chance.randrange(int(future.run.scenario.horizon * HOUR))
        hour = replay.world.hour(moment)
        down = set(keys[what[(begin <= hour) & (hour < end)]].tolist())
        standing = future.standing(moment).items()
        assert {key for key, s in standing if s.state in ("failed", "repairing")} == down
        for key, spans in future.spans().items():
            state = next(state for a, b, state in spans if a <= moment < b)
            found = future.standing(moment).get(key)
            assert state == (found.state if found else "operational")


@CASES
@given(chances)
def test_the_course_is_who_is_without_supply_at_every_moment(chance: random.Random) -> None:
    replay = some_replay(chance)
    town = chance.choice(list(replay.world.network.municipalities))
    leave = Made(chance.randrange(40) * HOUR, (Leave(town, chance.random(), hours=2.0),))
    future = replay.future([*some_made(chance, replay.world), leave])
    hours, persons = future.course
    assert hours.tolist() == sorted(set(hours.tolist()))
    for _ in range(20):
        moment = chance.randrange(int(future.run.scenario.horizon * HOUR))
        row = int(np.searchsorted(hours, replay.world.hour(moment), side="right")) - 1
        there = persons[row] if row >= 0 else np.zeros(persons.shape[1])
        assert there == pytest.approx(future.without_supply(moment).sum(axis=1))


@CASES
@given(chances)
def test_hours_left_come_true(chance: random.Random) -> None:
    """Who runs on a store and is not helped fails when it was said."""
    replay = some_replay(chance)
    future = replay.future(some_made(chance, replay.world))
    horizon = future.run.scenario.horizon
    for key in replay.world.network.facilities.tolist():
        mine = [t for t in future.transitions if t.facility == key]
        for now, then in zip_longest(mine, mine[1:]):
            if now.state == "buffered":
                end = now.hour + now.left
                assert (then.hour if then else horizon) <= end + 1e-9 or end == inf
                if then and then.state == "failed" and then.cause == now.cause:
                    assert then.hour == pytest.approx(end)
            if now.state == "repairing" and then:
                assert then.hour == now.hour + now.left


@CASES
@given(chances)
def test_a_decision_leaves_the_past_as_it_was(chance: random.Random) -> None:
    replay = some_replay(chance)
    made = some_made(chance, replay.world)
    for count in range(len(made)):
        before, after = replay.future(made[:count]), replay.future(made[: count + 1])
        gone, come = changes(before, after, exercise=made[count].at)
        hour = replay.world.hour(made[count].at)
        early = [[t for t in each.transitions if t.hour < hour] for each in (before, after)]
        assert early[0] == early[1]
        assert (set(before.transitions) - set(gone)) | set(come) == set(after.transitions)
        assert np.array_equal(
            before.without_supply(made[count].at - 1), after.without_supply(made[count].at - 1)
        )


def test_a_past_that_differs_is_no_change() -> None:
    replay = Replay(district())
    early = replay.future([Made(2 * HOUR, (Send("aggregat", "brunnen"),))])
    with pytest.raises(ValueError, match="past"):
        changes(replay.future([]), early, exercise=20 * HOUR)


def test_an_exercise_after_the_end_is_refused() -> None:
    world = district()
    with pytest.raises(ModelError, match="ended"):
        Replay(World(world.network, world.scenario, begins=96.0))


def play_in_threads() -> None:
    """Fails where threads that share a replay spoil each other's runs; in plain Python they can."""
    network = make_country(400, seed=1)
    keys = network.facilities.tolist()
    damages = tuple(Damage(key, 0.0, 40.0) for key in keys[:40])
    replay = Replay(World(network, Scenario(horizon=96.0, damages=damages)))
    plays = [[Made(HOUR, (Switch(key),))] for key in keys[100:140]]
    alone = [replay.future(made).transitions for made in plays]
    setswitchinterval(1e-6)
    with ThreadPoolExecutor(8) as pool:
        shared = list(pool.map(lambda made: replay.future(made).transitions, plays * 3))
    assert shared == alone * 3


def test_threads_may_share_a_replay() -> None:
    """A web server keeps one for all its threads. Compiled, a run is not interrupted: so without numba."""
    program = "from tests.algorithms.exercise.test_replay import play_in_threads as play; play()"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=Path(__file__).parents[3], check=True
    )
