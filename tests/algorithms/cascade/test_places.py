"""Where generators help most: against all choices, tried one by one without any shortcut."""

import random
from dataclasses import replace
from itertools import combinations
from math import inf

import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import HORIZON, Model, chances, some_model, some_scenario

from allmende.algorithms.cascade.hazards import damages
from allmende.algorithms.cascade.network import Facility, ModelError, Network, Supply, make_network
from allmende.algorithms.cascade.places import (
    Places,
    Sites,
    place_best,
    place_one_by_one,
)
from allmende.algorithms.cascade.run import simulate
from allmende.algorithms.cascade.scenario import Generator, Scenario

CASES = settings(max_examples=25, deadline=None)
NOBODY = damages([], [], [])


def some_case(chance: random.Random) -> tuple[Model, Network, Scenario]:
    model = some_model(chance, 7, alone=False)
    return model, make_network(*model), some_scenario(chance, model)


def lost_with(network: Network, scenario: Scenario, groups: tuple[int, ...]) -> float:
    """Person-hours with generators from the beginning on, in a simulation of their own."""
    acts = [
        Generator(str(network.facilities[owner]), group - network.groups_of(owner).start, 0.0)
        for group in groups
        for owner in [int(network.wires.owner[group])]
    ]
    done = replace(scenario, interventions=[*scenario.interventions, *acts])
    return simulate(network, done).person_hours


@CASES
@given(chances)
def test_the_best_places_are_those_that_trying_everything_finds(chance: random.Random) -> None:
    _model, network, scenario = some_case(chance)
    found = place_best(Sites(network, [NOBODY], scenario), 3)
    everything = [
        lost_with(network, scenario, groups)
        for size in range(min(3, network.group_count) + 1)
        for groups in combinations(range(network.group_count), size)
    ]
    assert found.losses[-1] == min(everything)
    assert lost_with(network, scenario, found.groups) == found.losses[-1]
    assert len(found.groups) <= 3


@CASES
@given(chances)
def test_one_by_one_takes_each_time_what_helps_most(chance: random.Random) -> None:
    """What the shortcut leaves out would not have been better; and it is never better than the best."""
    _model, network, scenario = some_case(chance)
    sites = Sites(network, [NOBODY], scenario)
    found = place_one_by_one(sites, 3)
    chosen: tuple[int, ...] = ()
    for group, loss in zip(found.groups, found.losses[1:], strict=True):
        others = [
            lost_with(network, scenario, (*chosen, other)) for other in range(network.group_count)
        ]
        assert loss == min(others)
        chosen = (*chosen, group)
    assert found.losses[0] == simulate(network, scenario).person_hours
    assert found.losses[-1] >= place_best(sites, 3).losses[-1]


@CASES
@given(chances)
def test_what_does_not_meet_adds_up(chance: random.Random) -> None:
    _model, network, scenario = some_case(chance)
    sites = Sites(network, [NOBODY], scenario)
    for pair in combinations(range(network.group_count), 2):
        assert sites.before - sites.saved(pair) == lost_with(network, scenario, pair)


def two_needed() -> tuple[Network, Scenario]:
    """A klinik that needs both strom and wasser, and a laden that needs strom alone; both are out."""
    network = make_network(
        [
            Facility("strom", "s"),
            Facility("wasser", "s"),
            Facility("klinik", "g", served=100.0),
            Facility("laden", "e", served=10.0),
        ],
        [
            Supply("klinik", ("strom",)),
            Supply("klinik", ("wasser",)),
            Supply("laden", ("strom",)),
        ],
    )
    return network, Scenario(HORIZON)


def test_two_that_help_only_together_lead_the_greedy_astray() -> None:
    """Gains may grow: alone each is worth nothing, together they are worth most. Nothing is guaranteed."""
    network, scenario = two_needed()
    hit = damages([0.0, 0.0], [0, 1], [10.0, 10.0])
    sites = Sites(network, [hit], scenario)
    assert [sites.saved([group]) for group in (0, 1, 2)] == [0.0, 0.0, 100.0]
    assert sites.saved([0, 1]) == 1_000.0
    assert place_one_by_one(sites, 2) == Places((2,), (1_100.0, 1_000.0), exact=False)
    assert place_best(sites, 2) == Places((0, 1), (1_100.0, 1_100.0, 100.0), exact=True)
    assert place_best(sites, 3) == Places((2, 0, 1), (1_100.0, 1_000.0, 1_000.0, 0.0), exact=True)


def test_two_that_do_the_same_add_nothing_to_each_other() -> None:
    """Gains may shrink as well: a laden that needs one of two werke, each of which needs strom."""
    network = make_network(
        [
            Facility("strom", "s"),
            Facility("a", "w"),
            Facility("b", "w"),
            Facility("laden", "e", served=5.0),
        ],
        [Supply("a", ("strom",)), Supply("b", ("strom",)), Supply("laden", ("a", "b"))],
    )
    sites = Sites(network, [damages([0.0], [0], [10.0])], Scenario(HORIZON))
    assert [sites.saved(groups) for groups in ([0], [1], [0, 1])] == [50.0, 50.0, 50.0]
    assert place_one_by_one(sites, 2).groups == (0,)
    assert place_best(sites, 2).groups == (0,)


def test_generators_that_come_late_and_leave_and_several_hits() -> None:
    network, scenario = two_needed()
    hits = [damages([0.0], [0], [10.0]), damages([2.0], [0], [4.0])]
    sites = Sites(network, hits, scenario, at=1.0, until=4.0)
    assert sites.before == (110 * 10 + 110 * 4) / 2
    # The klinik needs the wasser too, which works: from 1 to 4, and from 2 to 4.
    assert place_best(sites, 1) == Places((0,), (770.0, 770.0 - 250.0), exact=True)


@pytest.mark.parametrize("count", [0, 4])
def test_the_best_of_all_is_found_for_up_to_three(count: int) -> None:
    network, scenario = two_needed()
    with pytest.raises(ValueError, match="1 to 3 generators"):
        place_best(Sites(network, [NOBODY], scenario), count)


def test_what_cannot_be_asked() -> None:
    network, scenario = two_needed()
    sites = Sites(network, [NOBODY], scenario)
    assert place_one_by_one(sites, 2) == Places((), (0.0,), exact=False)
    with pytest.raises(ValueError, match="no generator"):
        place_one_by_one(sites, 0)
    with pytest.raises(ValueError, match="more than 50000 choices"):
        place_best(sites, 3, range(100))
    with pytest.raises(ValueError, match="nothing hits"):
        Sites(network, [], scenario)
    with pytest.raises(ModelError, match="before it has begun"):
        Sites(network, [NOBODY], scenario, at=inf)
