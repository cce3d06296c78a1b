"""A run against an independent one, against closed forms, and what must hold whatever the network is."""

import random
from dataclasses import replace
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import (
    HORIZON,
    chances,
    some_acts,
    some_damages,
    some_model,
    some_scenario,
)
from tests.algorithms.cascade.slow import hours_down

from allmende.algorithms.cascade.network import Facility, ModelError, Supply, make_network
from allmende.algorithms.cascade.run import Run, Simulator, down_between, simulate
from allmende.algorithms.cascade.scenario import (
    Damage,
    Evacuate,
    Generator,
    Isolate,
    Rerank,
    Restock,
    Scenario,
)
from allmende.algorithms.cascade.synthetic import make_country, parts_of

CASES = settings(max_examples=200, deadline=None)


def run_of(model: tuple[list[Facility], list[Supply]], scenario: Scenario) -> Run:
    return simulate(make_network(*model), scenario)


def down_at(run: Run, hour: float) -> set[str]:
    what, begin, end = down_between(run)
    there = (begin <= hour) & (hour < end)
    return set(run.network.facilities[what[there]].tolist())


@CASES
@given(chances)
def test_hour_by_hour_on_a_graph_the_same_comes_out(chance: random.Random) -> None:
    model = some_model(chance, 12)
    scenario = some_scenario(chance, model)
    assert run_of(model, scenario).hours.tolist() == hours_down(*model, scenario)


@CASES
@given(chances)
def test_the_same_where_some_cannot_start_alone(chance: random.Random) -> None:
    model = some_model(chance, 12, alone=False)
    scenario = some_scenario(chance, model)
    assert run_of(model, scenario).hours.tolist() == hours_down(*model, scenario)


@pytest.mark.parametrize(
    ("size", "horizon", "longest"),
    [(400, 120.0, 90), pytest.param(4_000, 24.0, 20, marks=pytest.mark.slow)],
)
def test_the_same_in_an_invented_country(size: int, horizon: float, longest: int) -> None:
    """What is laid out as arrays is read back as facilities and supplies for the slow one."""
    network = make_country(size, seed=size)
    facilities, supplies = parts_of(network)
    chance = np.random.default_rng(size)
    hit = chance.choice(size, size // 20, replace=False).tolist()
    damages = [
        Damage(facilities[place].key, 0.0, float(chance.integers(3, longest))) for place in hit
    ]
    scenario = Scenario(horizon, damages, crews=dict.fromkeys(network.pools, max(1, size // 1_600)))
    run = simulate(network, scenario)
    assert np.count_nonzero(run.hours) > 1.1 * len(hit)
    assert run.hours.tolist() == hours_down(facilities, supplies, scenario)


def chain(*buffers: float) -> tuple[list[Facility], list[Supply]]:
    """Each needs the one before it."""
    keys = [f"f{number}" for number in range(len(buffers) + 1)]
    pairs = zip(keys[1:], keys, buffers, strict=False)
    return (
        [Facility(key, "s", "m", served=1.0) for key in keys],
        [Supply(key, (before,), buffer_hours=buffer) for key, before, buffer in pairs],
    )


def test_stores_along_a_chain_add_up() -> None:
    """Whoever is third fails when both stores before it are empty: at t + b1 + b2."""
    run = run_of(chain(5.0, 7.5), Scenario(100.0, [Damage("f0", 2.0, 50.0)]))
    what, begin, end = down_between(run)
    assert list(zip(what.tolist(), begin.tolist(), end.tolist(), strict=True)) == [
        (0, 2.0, 52.0),
        (1, 7.0, 52.0),
        (2, 14.5, 52.0),
    ]


@pytest.mark.parametrize("outage", [3.0, 10.0, 24.0])
def test_a_store_shortens_an_outage_by_as_much_as_it_holds(outage: float) -> None:
    run = run_of(chain(10.0), Scenario(100.0, [Damage("f0", 0.0, outage)]))
    assert run.hours.tolist() == [outage, max(0.0, outage - 10.0)]


def test_random_outages_behind_a_store() -> None:
    """Outages of mean μ behind a store of b hours last μ·exp(−b/μ) on the average."""
    mean, buffer = 20.0, 15.0
    simulator = Simulator(make_network(*chain(buffer)))
    lengths = np.random.default_rng(7).exponential(mean, 20_000)
    found = [
        simulator.run(Scenario(1_000.0, [Damage("f0", 0.0, length)])).hours[1]
        for length in lengths.tolist()
    ]
    assert np.mean(found) == pytest.approx(mean * exp(-buffer / mean), rel=0.03)


@pytest.mark.parametrize("crews", [1, 2, 5])
def test_crews_come_one_after_the_other(crews: int) -> None:
    """Of equal jobs of d hours, the j-th is done at ⌈j/c⌉·d."""
    facilities = [Facility(f"f{number}", "s", pool="p") for number in range(7)]
    damages = [Damage(each.key, 0.0, 6.0) for each in facilities]
    run = run_of((facilities, []), Scenario(100.0, damages, crews={"p": crews}))
    assert run.hours.tolist() == [6.0 * -(-job // crews) for job in range(1, 8)]


def test_two_that_need_each_other_come_up_together() -> None:
    """The greatest set that can stand: no order of starting is asked for, unless one cannot start alone."""
    facilities = [Facility("werk", "s"), Facility("netz", "s")]
    supplies = [Supply("werk", ("netz",)), Supply("netz", ("werk",))]
    scenario = Scenario(100.0, [Damage("werk", 0.0, 10.0)])
    assert run_of((facilities, supplies), scenario).hours.tolist() == [10.0, 10.0]
    facilities[0] = replace(facilities[0], starts_alone=False)
    assert run_of((facilities, supplies), scenario).hours.tolist() == [100.0, 100.0]
    helped = replace(scenario, interventions=[Generator("werk", 0, 30.0)])
    assert run_of((facilities, supplies), helped).hours.tolist() == [30.0, 30.0]


def test_people_lose_by_share_and_not_where_they_have_left() -> None:
    klinik = Facility("klinik", "gesundheit", served=300.0, shares={"A": 100.0, "B": 200.0})
    scenario = Scenario(50.0, [Damage("klinik", 10.0, 20.0)])
    assert run_of(([klinik], []), scenario).losses.tolist() == [[2_000.0, 4_000.0]]
    left = replace(
        scenario, interventions=[Evacuate("B", 15.0, 0.5, 25.0), Evacuate("B", 20.0, 1.0)]
    )
    # B: 5 h all, 5 h half, then nobody is there.
    assert run_of(([klinik], []), left).losses.tolist() == [[2_000.0, 1_000.0 + 500.0]]


@CASES
@given(chances)
def test_what_is_decided_later_changes_nothing_before(chance: random.Random) -> None:
    model = some_model(chance, 12)
    scenario = replace(some_scenario(chance, model), interventions=[])
    acts = [act for act in some_acts(chance, model) if act.at >= 12]
    before, after = (
        run_of(model, replace(scenario, interventions=each)).log for each in ([], acts)
    )
    early, late = before.time < 12, after.time < 12
    for part, other in zip(before, after, strict=True):
        assert part[early].tolist() == other[late].tolist()


@CASES
@given(chances)
def test_more_in_store_or_less_needed_or_damaged_never_takes_anybody_down(
    chance: random.Random,
) -> None:
    """With as many crews as are needed: who is up stays up, at every hour."""
    facilities, supplies = some_model(chance, 12)
    damages = some_damages(chance, (facilities, supplies), once=True)
    plain = run_of((facilities, supplies), Scenario(HORIZON, damages))
    better = [
        run_of(
            (facilities, [replace(s, buffer_hours=s.buffer_hours + 3) for s in supplies]),
            Scenario(HORIZON, damages),
        ),
        run_of(
            (facilities, [replace(s, needed=max(1, s.needed - 1)) for s in supplies]),
            Scenario(HORIZON, damages),
        ),
        run_of((facilities, supplies), Scenario(HORIZON, damages[1:])),
    ]
    for run in better:
        for hour in np.arange(0.5, HORIZON):
            assert down_at(run, hour) <= down_at(plain, hour)


@CASES
@given(chances)
def test_first_come_first_served_one_crew_more_never_harms(chance: random.Random) -> None:
    model = some_model(chance, 10)
    damages = some_damages(chance, model, most=8, once=True)
    losses = [
        run_of(
            model,
            Scenario(
                HORIZON,
                damages,
                crews=dict.fromkeys({each.pool for each in model[0]}, crews),
                first_come=True,
            ),
        ).person_hours
        for crews in (1, 2, 3)
    ]
    assert losses == sorted(losses, reverse=True)


@CASES
@given(chances)
def test_first_come_first_served_one_damaged_less_never_harms(chance: random.Random) -> None:
    model = some_model(chance, 10)
    damages = some_damages(chance, model, most=8, once=True)
    crews = dict.fromkeys({each.pool for each in model[0]}, chance.randint(1, 2))
    lost = [
        run_of(model, Scenario(HORIZON, hit, crews=crews, first_come=True)).person_hours
        for hit in (damages, *(damages[:n] + damages[n + 1 :] for n in range(len(damages))))
    ]
    assert max(lost) == lost[0]


def test_by_rank_one_crew_more_may_harm() -> None:
    """Graham's anomaly (1966): nothing is promised where some are repaired before others by rank."""
    ranks = (4, 2, 1, 3, 2, 3, 8, 4)
    damaged = ((4, 9), (8, 9), (0, 2), (3, 2), (2, 8), (7, 8), (6, 9), (0, 5))
    facilities = [
        Facility(f"f{number}", "s", served=float(number in {4, 5}), rank=rank)
        for number, rank in enumerate(ranks)
    ]
    damages = [Damage(f"f{number}", at, hours) for number, (at, hours) in enumerate(damaged)]
    lost = [
        run_of((facilities, []), Scenario(100.0, damages, crews={"": crews})).person_hours
        for crews in (2, 3)
    ]
    assert lost == [16.0, 23.0]


@CASES
@given(chances)
def test_endless_stores_leave_what_is_damaged_itself(chance: random.Random) -> None:
    facilities, supplies = some_model(chance, 12)
    endless = [replace(supply, buffer_hours=inf) for supply in supplies]
    damages = some_damages(chance, (facilities, supplies))
    run = run_of((facilities, endless), Scenario(HORIZON, damages))
    alone = run_of((facilities, []), Scenario(HORIZON, damages))
    assert run.hours.tolist() == alone.hours.tolist()


@CASES
@given(chances)
def test_in_another_order_the_same(chance: random.Random) -> None:
    """But for who comes first of those who are equal: so with as many crews as are needed."""
    facilities, supplies = some_model(chance, 12)
    scenario = replace(some_scenario(chance, (facilities, supplies)), crews={})
    run = run_of((facilities, supplies), scenario)
    mixed = chance.sample(facilities, len(facilities))
    other = run_of((mixed, supplies), scenario)
    assert dict(zip(run.network.facilities.tolist(), run.hours.tolist(), strict=True)) == dict(
        zip(other.network.facilities.tolist(), other.hours.tolist(), strict=True)
    )


@CASES
@given(chances)
def test_a_simulator_forgets_what_it_ran(chance: random.Random) -> None:
    model = some_model(chance, 12)
    first, second = some_scenario(chance, model), some_scenario(chance, model)
    simulator = Simulator(make_network(*model))
    alone = run_of(model, second)
    simulator.run(first)
    again = simulator.run(second)
    assert again.hours.tolist() == alone.hours.tolist()
    assert [part.tolist() for part in again.log] == [part.tolist() for part in alone.log]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (Scenario(0.0), "horizon"),
        (Scenario(10.0, [Damage("nichts", 0.0, 1.0)]), "unknown facility: 'nichts'"),
        (Scenario(10.0, [Damage("f0", -1.0, 1.0)]), "no moment"),
        (Scenario(10.0, [Damage("f0", 0.0, 0.0)]), "takes no time"),
        (Scenario(10.0, crews={"keine": 1}), "unknown pool"),
        (Scenario(10.0, crews={"": -1}), "fewer than no crews"),
        (Scenario(10.0, interventions=[Restock("f0", 0, 1.0)]), "no supply number 0"),
        (Scenario(10.0, interventions=[Generator("f1", 0, 5.0, 5.0)]), "before it has begun"),
        (Scenario(10.0, interventions=[Isolate("f1", float("nan"))]), "no moment"),
        (Scenario(10.0, interventions=[Rerank("x", 1.0, 2)]), "unknown facility"),
        (Scenario(10.0, interventions=[Evacuate("m", 1.0, 1.5)]), "not between 0 and 1"),
        (Scenario(10.0, interventions=[Evacuate("n", 1.0, 0.5)]), "unknown municipality"),
    ],
)
def test_scenarios_that_cannot_be(scenario: Scenario, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        run_of(chain(1.0), scenario)


@pytest.mark.parametrize(
    ("facilities", "supplies", "said"),
    [
        ([Facility("a", "s"), Facility("a", "s")], [], "'a' is there twice"),
        ([Facility("a", "s", served=-1.0)], [], "served is negative"),
        ([Facility("a", "s", repair_hours=0.0)], [], "takes no time"),
        ([Facility("a", "s", served=5.0, shares={"m": 3.0})], [], "not those whom it serves"),
        ([Facility("a", "s")], [Supply("a", ("b",))], "unknown facility 'b'"),
        ([Facility("a", "s")], [Supply("a", ("a",))], "it supplies itself"),
        ([Facility("a", "s"), Facility("b", "s")], [Supply("a", ("b",), 2)], "2 needed of 1"),
        ([Facility("a", "s"), Facility("b", "s")], [Supply("a", ("b", "b"))], "there twice"),
        ([Facility("a", "s"), Facility("b", "s")], [Supply("a", ("b",), 1, -1.0)], "buffer is neg"),
        ([Facility("a", "s"), Facility("b", "s")], [Supply("a", ("b",), weights=(0,))], "weight"),
        (
            [Facility("a", "s"), Facility("b", "s")],
            [Supply("a", ("b",), recharge=inf)],
            "recharge is neg",
        ),
        (
            [Facility("a", "s"), Facility("b", "s")],
            [Supply("a", ("b",), buffer_hours=float("nan"))],
            "buffer is neg",
        ),
        ([Facility("a", "s", shares={"m": -1.0})], [], "share in 'm' is negative"),
        ([Facility("a", "s", spread=inf)], [], "spread is negative or not a number"),
    ],
)
def test_networks_that_cannot_be(
    facilities: list[Facility], supplies: list[Supply], said: str
) -> None:
    with pytest.raises(ModelError, match=said):
        make_network(facilities, supplies)
