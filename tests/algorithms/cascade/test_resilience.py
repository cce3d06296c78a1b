"""How much of what people need is there: by hand, and what adds up whatever the network is."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import HORIZON, chances, some_model, some_scenario

from allmende.algorithms.cascade.network import Facility, Supply, make_network
from allmende.algorithms.cascade.resilience import resilience_of
from allmende.algorithms.cascade.run import simulate
from allmende.algorithms.cascade.scenario import Damage, Scenario


def test_a_triangle_by_hand() -> None:
    """Two of three in four people are without water for 6 hours, all for 4 of these."""
    network = make_network(
        [Facility("werk", "wasser", served=300.0), Facility("brunnen", "wasser", served=100.0)],
        [Supply("brunnen", ("werk",), buffer_hours=2.0)],
    )
    found = resilience_of(simulate(network, Scenario(20.0, [Damage("werk", 5.0, 6.0)])))
    assert found.times.tolist() == [0.0, 5.0, 7.0, 11.0]
    assert found.shares.tolist() == [[1.0, 0.25, 0.0, 1.0]]
    assert found.lost.tolist() == [0.75 * 2 + 4.0]
    assert found.lowest.tolist() == [0.0]
    assert found.at(np.array([0.0, 5.0, 6.9, 19.0])).tolist() == [[1.0, 0.25, 0.25, 1.0]]


@settings(max_examples=100, deadline=None)
@given(chances)
def test_what_is_lost_is_the_same_by_facility_and_by_time(chance: random.Random) -> None:
    """Σ over facilities of persons · hours = ∫ persons without supply dt, sector by sector."""
    model = some_model(chance, 12)
    run = simulate(make_network(*model), some_scenario(chance, model))
    found = resilience_of(run)
    network = run.network
    served = np.bincount(
        network.sectors, weights=network.served, minlength=len(network.sector_names)
    )
    lost = np.bincount(network.sectors, weights=network.served * run.hours, minlength=len(served))
    assert found.lost * served == pytest.approx(lost)
    assert run.losses.sum(axis=1) == pytest.approx(lost)
    assert found.lost.max() <= HORIZON
    assert ((found.shares >= 0) & (found.shares <= 1)).all()
