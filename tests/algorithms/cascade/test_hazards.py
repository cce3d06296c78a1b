"""What hits a network, many runs of it, and who matters most."""

from dataclasses import replace

import numpy as np
import pytest

from allmende.algorithms.cascade.criticality import (
    importance,
    single_failures,
    value_of_an_hour,
)
from allmende.algorithms.cascade.draws import below, keys_of, normals, uniforms
from allmende.algorithms.cascade.ensemble import CHUNK, simulate_many
from allmende.algorithms.cascade.hazards import (
    Fragility,
    attack,
    certain,
    damages,
    field_hazard,
    outage,
    together,
)
from allmende.algorithms.cascade.network import Facility, ModelError, Supply, make_network
from allmende.algorithms.cascade.run import Simulator
from allmende.algorithms.cascade.scenario import Evacuate, Generator, Scenario, crews_of
from allmende.algorithms.cascade.synthetic import make_country

COUNTRY = make_country(400, seed=3)


def test_draws_are_even_and_of_their_facility() -> None:
    keys = keys_of(f"f{number}" for number in range(20_000))
    drawn = uniforms(5, keys, "damage")
    assert drawn.mean() == pytest.approx(0.5, abs=0.01)
    assert drawn.var() == pytest.approx(1 / 12, abs=0.002)
    assert np.histogram(drawn, 10, (0, 1))[0].min() > 1_850
    assert abs(np.corrcoef(drawn, uniforms(5, keys, "repair"))[0, 1]) < 0.03
    assert abs(np.corrcoef(drawn, uniforms(6, keys, "damage"))[0, 1]) < 0.03
    assert uniforms(5, keys[7:9], "damage").tolist() == drawn[7:9].tolist()
    limits = uniforms(8, keys, "limit")
    assert below(5, keys, "damage", limits).tolist() == np.flatnonzero(drawn < limits).tolist()
    assert normals(5, keys, "repair").std() == pytest.approx(1.0, abs=0.02)


def test_at_the_median_every_second_one_is_damaged() -> None:
    network = make_network([Facility(f"f{number}", "wasser") for number in range(4_000)], [])
    depth = np.where(np.arange(4_000) < 2_000, 1.5, 0.0)
    exposed = field_hazard(network, depth, {"wasser": Fragility(1.5, 0.4)}, arrival=3.0)
    assert exposed.facility.tolist() == list(range(2_000))
    assert set(exposed.chance.tolist()) == {0.5}
    drawn = exposed.draw(1)
    assert len(drawn.at) == pytest.approx(1_000, abs=70)
    assert set(drawn.at.tolist()) == {3.0}


def test_another_facility_shifts_no_draw() -> None:
    nodes = [Facility(f"f{number}", "s", spread=0.5) for number in range(50)]
    curve = {"s": Fragility(1.0, 1.0)}

    def hit(facilities: list[Facility]) -> dict[str, float]:
        network = make_network(facilities, [])
        drawn = field_hazard(network, 1.0, curve).draw(9)
        return dict(zip(network.facilities[drawn.what].tolist(), drawn.value.tolist(), strict=True))

    before, after = hit(nodes), hit([Facility("new", "s", spread=0.5), *reversed(nodes)])
    after.pop("new", None)
    assert before == after


def test_an_attack_hits_its_share_at_once_and_only_users() -> None:
    network = make_network([Facility(f"f{number}", "s") for number in range(3_000)], [])
    drawn = attack(network, range(0, 3_000, 2), share=0.3, at=5.0, hours=48.0).draw(2)
    assert len(drawn.at) == pytest.approx(450, abs=60)
    assert (set(drawn.at.tolist()), set(drawn.value.tolist())) == ({5.0}, {48.0})
    assert not (drawn.what % 2).any()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda n: field_hazard(n, -1.0, {}), "intensity is below 0"),
        (lambda n: field_hazard(n, np.nan, {}), "no number"),
        (lambda n: field_hazard(n, 1.0, {"luft": Fragility(1, 1)}), "unknown sector"),
        (lambda n: field_hazard(n, 1.0, {"wasser": Fragility(1, 0)}), "not above 0"),
        (lambda n: attack(n, [0], share=2.0, at=0.0, hours=1.0), "between 0 and 1"),
        (lambda n: attack(n, [0], share=0.5, at=0.0, hours=0.0), "takes no time"),
        (lambda n: certain(n, ["nichts"], at=0.0, hours=1.0), "unknown facility"),
        (lambda n: certain(n, ["wasser-1"], at=-1.0, hours=1.0), "time is below 0"),
        (lambda n: certain(n, ["wasser-1"], at=0.0, hours=0.0), "takes no time"),
        (lambda n: outage(n, "nichts", at=0.0, hours=1.0), "unknown facility"),
    ],
)
def test_hazards_that_cannot_be(wrong: object, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        wrong(COUNTRY)  # type: ignore[operator]


def test_hazards_together_draw_each_for_itself() -> None:
    """Two that each hit half hit three quarters, and what is certain happens in every run."""
    network = make_network([Facility(f"f{number}", "s", spread=0.3) for number in range(4_000)], [])
    half = field_hazard(network, 1.0, {"s": Fragility(1.0, 0.5)})
    struck = certain(network, ["f7", "f9"], at=[1.0, 2.0], hours=[np.nan, 5.0])
    both = together([struck, half, half])
    assert len(set(both.draw(3).what.tolist())) == pytest.approx(3_000, abs=120)
    assert set(together([struck, half]).draw(3).what.tolist()) < set(both.draw(3).what.tolist())
    drawn = [struck.draw(seed) for seed in range(3)]
    assert all(each.what.tolist() == [7, 9] for each in drawn)
    assert all(each.at.tolist() == [1.0, 2.0] for each in drawn)
    assert {each.value[1] for each in drawn} == {5.0}
    assert len({each.value[0] for each in drawn}) == 3
    with pytest.raises(ValueError, match="nothing to join"):
        together([])


@pytest.mark.slow
def test_whoever_computes_gets_the_same() -> None:
    curves = {name: Fragility(1.2, 0.8) for name in COUNTRY.sector_names}
    exposed = field_hazard(COUNTRY, 0.5, curves)
    runs = CHUNK + 20
    one = simulate_many(COUNTRY, exposed, runs=runs)
    two = simulate_many(COUNTRY, exposed, runs=runs, processes=2)
    part = simulate_many(COUNTRY, exposed, runs=7, first=15)
    assert one.losses.tolist() == two.losses.tolist()
    assert one.losses[15:22].tolist() == part.losses.tolist()
    assert one.quantiles().tolist() == sorted(one.quantiles().tolist())
    assert one.error < one.mean


def test_somebody_else_may_compute_and_people_may_help() -> None:
    """A generator from the beginning on, for a klinik behind a werk that is always out."""
    network = make_network(
        [Facility("werk", "strom", repair_hours=10.0), Facility("klinik", "g", served=100.0)],
        [Supply("klinik", ("werk",))],
    )
    sure = attack(network, [0], share=1.0, at=1.0, hours=10.0)
    alone = simulate_many(network, sure, runs=CHUNK + 5, on=map)
    assert alone.losses.tolist() == [1_000.0] * (CHUNK + 5)
    helped = Scenario(interventions=[Generator("klinik", 0, 0.0, 6.0)])
    found = simulate_many(network, sure, helped, runs=2)
    assert found.by_sector.tolist() == [[0.0, 500.0]] * 2
    left = Scenario(interventions=[Evacuate("", 0.0, 0.5, 6.0)])
    assert simulate_many(network, sure, left, runs=2).losses.tolist() == [750.0] * 2


def test_failing_alone_is_what_a_run_says() -> None:
    single = single_failures(COUNTRY, hours=72.0)
    simulator, crews = Simulator(COUNTRY), crews_of(COUNTRY, {})
    for place in range(0, COUNTRY.size, 37):
        loss = simulator.loss(damages([0.0], [place], [72.0]), crews=crews, horizon=336.0)
        assert single.losses[place] == loss
    assert (single.amplification >= 1.0).all()
    assert (single.amplification > 1.001).any()


@pytest.mark.parametrize("wrong", [{"hours": 0.0}, {"hours": -1.0}, {"horizon": 0.0}])
def test_no_failure_lasts_less_than_nothing(wrong: dict[str, float]) -> None:
    with pytest.raises(ModelError, match="not a positive number"):
        single_failures(COUNTRY, **wrong)


def test_importance_and_the_worth_of_an_hour_by_hand() -> None:
    """A klinik with 2 hours in store behind a werk that is out for 10 hours, if it is hit."""
    network = make_network(
        [Facility("werk", "strom", repair_hours=10.0), Facility("klinik", "g", served=100.0)],
        [Supply("klinik", ("werk",), buffer_hours=2.0)],
    )
    sure = field_hazard(network, 1.0, {"strom": Fragility(1.0, 0.5)})
    found = importance(network, sure, "werk", runs=10)
    assert (found.mean, found.error) == (800.0, 0.0)
    always = replace(sure, chance=np.ones(1))
    assert value_of_an_hour(network, always, [0], runs=5)[0].mean == 100.0
    assert network.wires.buffer.tolist() == [2.0]
    with pytest.raises(ValueError, match="nothing to run"):
        value_of_an_hour(network, always, [0], runs=0)
    with pytest.raises(ModelError, match="does not reach"):
        importance(network, sure, "klinik", runs=10)
