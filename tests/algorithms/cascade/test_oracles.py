"""Against what is published or can be worked out on paper, and what must not be expected."""

import random
from dataclasses import replace
from math import exp, inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import brentq, minimize_scalar
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from tests.algorithms.cascade.models import (
    HORIZON,
    chances,
    some_damages,
    some_model,
    some_scenario,
)
from tests.algorithms.cascade.slow import hours_down

from allmende.algorithms.cascade.hazards import damages
from allmende.algorithms.cascade.network import Facility, Network, Supply, make_network
from allmende.algorithms.cascade.run import Run, Simulator, down_between, simulate
from allmende.algorithms.cascade.scenario import Damage, Isolate, Scenario, crews_of
from allmende.algorithms.cascade.state import DOWN, REPAIRED, UP, WITH, WITHOUT

CASES = settings(max_examples=60, deadline=None)


def down_at(run: Run, hour: float) -> set[str]:
    what, begin, end = down_between(run)
    there = (begin <= hour) & (hour < end)
    return set(run.network.facilities[what[there]].tolist())


def left_up(network: Network, lost: np.ndarray) -> np.ndarray:
    """Who stands when these are damaged for good."""
    outside = damages(np.zeros(len(lost)), lost, np.full(len(lost), inf))
    hours, _log = Simulator(network).spread(outside, crews=crews_of(network, {}), horizon=1.0)
    return np.asarray(hours == 0)


@pytest.mark.parametrize(
    ("suppliers", "needed", "spared", "share"),
    [
        (2, 1, 0.6, 2 - 1 / 0.6),
        (2, 1, 0.9, 2 - 1 / 0.9),
        (2, 1, 0.4, 0.0),
        (3, 2, 0.95, (3 + sqrt(9 - 8 / 0.95)) / 4),
        (3, 2, 0.8, 0.0),
        (2, 2, 0.97, 0.0),
    ],
)
def test_k_of_m_suppliers_drawn_at_random(
    suppliers: int, needed: int, spared: float, share: float
) -> None:
    """The mean field s = p · P(Bin(m, s) ≥ k): m = 2, k = 1 has s = 2 − 1/p, m = 3, k = 2 jumps at p = 8/9."""
    size, random = 12_000, np.random.default_rng(11)
    keys = [f"f{number}" for number in range(size)]
    chosen = (
        np.arange(size)[:, None]
        + 1
        + np.stack([random.choice(size - 1, suppliers, replace=False) for _ in range(size)])
    ) % size
    network = make_network(
        [Facility(key, "s") for key in keys],
        [
            Supply(key, tuple(keys[other] for other in row), needed)
            for key, row in zip(keys, chosen.tolist(), strict=True)
        ],
    )
    lost = np.flatnonzero(random.random(size) >= spared)
    assert left_up(network, lost).mean() == pytest.approx(share, abs=0.025)


def giant(up: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Who belongs to the largest part of those that are up."""
    inside = edges[:, up[edges[0]] & up[edges[1]]]
    graph = csr_array((np.ones(inside.shape[1]), (inside[0], inside[1])), shape=(len(up), len(up)))
    _count, label = connected_components(graph, directed=False)
    sizes = np.bincount(label[up], minlength=len(up))
    return np.asarray(up & (label == sizes.argmax()))


def two_networks(spared: float, *, size: int, degree: float, seed: int) -> float:
    """Buldyrev's two random networks: who survives is in the largest part of each, with its counterpart.

    Belonging to a largest part is no matter of suppliers, so it lies outside our model: each round damages who
    does not, and ours finds who falls with it on the other side, until nobody does.
    """
    random = np.random.default_rng(seed)
    count = int(size * degree / 2)
    edges = [random.integers(0, size, (2, count)) for _ in range(2)]
    keys = [[f"{side}{number}" for number in range(size)] for side in "ab"]
    network = make_network(
        [Facility(key, "s") for side in keys for key in side],
        [
            Supply(one, (other,))
            for pair in zip(*keys, strict=True)
            for one, other in (pair, pair[::-1])
        ],
    )
    lost = random.random(2 * size) >= spared
    lost[size:] = False
    while True:
        up = left_up(network, np.flatnonzero(lost))
        parts = np.concatenate([giant(up[:size], edges[0]), giant(up[size:], edges[1])])
        if (up == parts).all():
            return float(up[:size].mean())
        lost |= ~parts


def in_the_limit(spared: float, degree: float) -> float:
    """The largest solution of P = p · (1 − exp(−⟨k⟩P))²."""
    return float(brentq(lambda x: spared * (1 - exp(-degree * x)) ** 2 - x, 0.25, 1.0))


def test_the_published_threshold_of_two_random_networks() -> None:
    found = minimize_scalar(lambda y: y / (1 - exp(-y)) ** 2, bounds=(0.5, 3), method="bounded")
    assert (found.fun, found.x) == pytest.approx((2.4554, 1.2564), abs=1e-4)
    assert in_the_limit(0.65, 4.0) == pytest.approx(0.4598, abs=1e-4)
    assert in_the_limit(0.70, 4.0) == pytest.approx(0.5576, abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("spared", "share"), [(0.55, 0.0), (0.65, 0.4598), (0.70, 0.5576)])
def test_two_random_networks_fall_apart_at_once(spared: float, share: float) -> None:
    """⟨k⟩ = 4: nothing is left below p = 2.4554/4 = 0.614, and a third or more above."""
    found = two_networks(spared, size=6_000, degree=4.0, seed=4)
    assert found == pytest.approx(share, abs=0.03)


def test_a_store_that_nobody_fills_bridges_once() -> None:
    """Without recharge, 10 hours of store bridge 6 of the first outage and 4 of the second."""
    facilities = [Facility("werk", "s"), Facility("klinik", "g")]
    twice = [Damage("werk", 0.0, 6.0), Damage("werk", 20.0, 6.0)]
    for recharge, down in ((0.0, 2.0), (0.25, 0.0), (1.0, 0.0)):
        network = make_network(facilities, [Supply("klinik", ("werk",), 1, 10.0, recharge)])
        assert simulate(network, Scenario(50.0, twice)).hours.tolist() == [12.0, down]


def test_switched_off_twice_it_comes_back_after_the_last() -> None:
    network = make_network([Facility("werk", "s")], [])
    acts = [Isolate("werk", 1.0, 9.0), Isolate("werk", 4.0, 6.0)]
    assert simulate(network, Scenario(20.0, interventions=acts)).hours.tolist() == [8.0]


@CASES
@given(chances)
def test_another_supplier_never_harms_and_another_need_never_helps(chance: random.Random) -> None:
    """At every hour, with as many crews as are needed."""
    facilities, supplies = some_model(chance, 12)
    if not supplies:
        return
    damaged = some_damages(chance, (facilities, supplies), once=True)
    scenario = Scenario(HORIZON, damaged)
    plain = simulate(make_network(facilities, supplies), scenario)
    place = chance.randrange(len(supplies))
    one = supplies[place]
    others = [each.key for each in facilities if each.key not in {one.facility, *one.suppliers}]
    more = replace(
        one,
        suppliers=(*one.suppliers, chance.choice(others)),
        weights=(*one.weights, 1) if one.weights else (),
    )
    better = simulate(
        make_network(facilities, [*supplies[:place], more, *supplies[place + 1 :]]), scenario
    )
    need = Supply(one.facility, (chance.choice(others),), 1, chance.choice([0.0, 3.0]))
    worse = simulate(make_network(facilities, [*supplies, need]), scenario)
    for hour in np.arange(0.5, HORIZON):
        assert down_at(better, hour) <= down_at(plain, hour) <= down_at(worse, hour)


@CASES
@given(chances)
def test_if_all_is_damaged_at_once_one_crew_more_takes_nobody_down(chance: random.Random) -> None:
    """Even by rank: the queue is then in one order from the beginning on."""
    model = some_model(chance, 10)
    damaged = [replace(each, at=0.0) for each in some_damages(chance, model, most=8, once=True)]
    pools = {each.pool for each in model[0]}
    runs = [
        simulate(
            make_network(*model), Scenario(HORIZON, damaged, crews=dict.fromkeys(pools, crews))
        )
        for crews in (1, 2, 3)
    ]
    for hour in np.arange(0.5, HORIZON):
        down = [down_at(run, hour) for run in runs]
        assert down[0] >= down[1] >= down[2]


def test_by_rank_one_damaged_less_may_harm() -> None:
    """One crew. Busy with the first, it is free when the klinik is hit; spared, it has begun the long work."""
    network = make_network(
        [
            Facility("lager", "s", rank=2),
            Facility("straße", "s", rank=3),
            Facility("klinik", "g", served=1.0, rank=1),
        ],
        [],
    )
    hit = [Damage("lager", 0.0, 1.0), Damage("straße", 0.0, 2.0), Damage("klinik", 1.0, 1.0)]
    lost = [
        simulate(network, Scenario(20.0, damaged, crews={"": 1})).person_hours
        for damaged in (hit, hit[1:])
    ]
    assert lost == [1.0, 2.0]


@CASES
@given(chances)
def test_renamed_the_same_is_lost(chance: random.Random) -> None:
    """Other names, the same numbers: who is who is no part of the mathematics."""
    facilities, supplies = some_model(chance, 10)
    scenario = replace(some_scenario(chance, (facilities, supplies)), interventions=[])
    names = dict(zip((each.key for each in facilities), map(str, range(10)), strict=True))
    renamed = simulate(
        make_network(
            [replace(each, key=names[each.key]) for each in facilities],
            [
                replace(
                    each,
                    facility=names[each.facility],
                    suppliers=tuple(names[key] for key in each.suppliers),
                )
                for each in supplies
            ],
        ),
        replace(
            scenario,
            damages=[replace(each, facility=names[each.facility]) for each in scenario.damages],
        ),
    )
    run = simulate(make_network(facilities, supplies), scenario)
    assert renamed.hours.tolist() == run.hours.tolist()


@CASES
@given(chances)
def test_without_store_nobody_outlasts_the_last_supplier(chance: random.Random) -> None:
    """One supplier of several is enough, and the hours without any are exactly those of the outage."""
    facilities, supplies = some_model(chance, 10)
    suppliers = tuple(chance.sample([each.key for each in facilities], chance.randint(1, 4)))
    scenario = Scenario(
        HORIZON,
        some_damages(chance, (facilities, supplies)),
        [Isolate(key, chance.randint(21, 40)) for key in suppliers],
    )
    network = make_network(
        [*facilities, Facility("neu", "s")], [*supplies, Supply("neu", suppliers)]
    )
    run = simulate(network, scenario)
    hours = np.arange(0.5, HORIZON)
    down = [down_at(run, hour) for hour in hours]
    assert ["neu" in each for each in down] == [each >= set(suppliers) for each in down]
    assert "neu" in down[-1]


@CASES
@given(chances)
def test_between_what_comes_from_outside_all_only_falls_and_once(chance: random.Random) -> None:
    """So of R outside moments, N facilities and G groups come at most (R + 1) · (N + G) failures, and a run ends."""
    model = some_model(chance, 12)
    scenario = some_scenario(chance, model)
    run = simulate(make_network(*model), scenario)
    log = run.log
    untils = [getattr(act, "until", inf) for act in scenario.interventions]
    outside = np.unique(
        [
            *(each.at for each in (*scenario.damages, *scenario.interventions)),
            *(until for until in untils if until < HORIZON),
            *log.time[log.kind == REPAIRED].tolist(),
        ]
    )
    rises, falls = np.isin(log.kind, (UP, WITH)), np.isin(log.kind, (DOWN, WITHOUT))
    assert set(log.time[rises].tolist()) <= set(outside.tolist())
    since = np.searchsorted(outside, log.time[falls], side="right")
    fallen = list(
        zip(since.tolist(), log.kind[falls].tolist(), log.what[falls].tolist(), strict=True)
    )
    assert len(fallen) == len(set(fallen))
    assert len(fallen) <= (len(outside) + 1) * (run.network.size + run.network.group_count)


def test_stores_that_emptied_only_while_their_owner_works_would_reward_damage() -> None:
    """Hit, the netz would save the klinik's water for later, and the heim behind it would never notice."""
    facilities = [
        Facility("werk", "wasser"),
        Facility("netz", "strom"),
        Facility("klinik", "gesundheit"),
        Facility("heim", "pflege", served=1.0),
    ]
    supplies = [
        Supply("klinik", ("netz",)),
        Supply("klinik", ("werk",), buffer_hours=5.0),
        Supply("heim", ("klinik",), buffer_hours=3.0),
    ]
    hit = [Damage("werk", 0.0, 10.0), Damage("netz", 0.0, 3.0)]

    def down(damaged: list[Damage], *, by_clock: bool) -> list[float]:
        return hours_down(facilities, supplies, Scenario(20.0, damaged), by_clock=by_clock)

    # The klinik is down from 0 to 3 and from 8 to 10, or from 5 to 10, which the heim's store does not last.
    assert down(hit, by_clock=False) == [10.0, 3.0, 5.0, 0.0]
    assert down(hit[:1], by_clock=False) == [10.0, 0.0, 5.0, 2.0]
    assert down(hit, by_clock=True) == [10.0, 3.0, 8.0, 3.0]
    assert down(hit[:1], by_clock=True) == [10.0, 0.0, 5.0, 2.0]
