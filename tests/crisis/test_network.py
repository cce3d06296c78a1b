"""The visible register as a network: read in few queries, with a rule for what does not fit together."""

from collections.abc import Callable
from datetime import time
from itertools import pairwise

import pytest
from tests.factories import FacilityFactory, SupplyFactory

from allmende.accounts.models import User
from allmende.crisis import queries
from allmende.crisis.models import Facility, Service
from allmende.crisis.outages import Clock, Plan, find_bottlenecks, play, tell
from allmende.crisis.queries import Register, chain_of, read_register
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db


def seen_by(user: User) -> Register:
    return read_register(queries.visible_facilities(User.objects.get(pk=user.pk)))


def test_what_is_seen_becomes_a_network(
    alice: User, substation: Facility, waterworks: Facility
) -> None:
    register = seen_by(alice)
    assert list(register.nodes) == [substation.pk, waterworks.pk]
    assert (register.hidden, register.findings) == (0, [])
    network = register.network
    assert network.facilities.tolist() == [str(substation.pk), str(waterworks.pk)]
    assert network.wires.buffer.tolist() == [4.0]
    assert network.served.tolist() == [0.0, 1_000.0]


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_takes_five_queries(
    village: Region,
    alice: User,
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for _row in range(rows):
        SupplyFactory(facility=FacilityFactory(region=village))
    visible = queries.visible_facilities(alice)
    with django_assert_num_queries(5):
        register = read_register(visible)
    assert len(register.needs) == rows


def test_suppliers_that_nobody_may_see_count_as_up(
    alice: User, waterworks: Facility, far: Facility
) -> None:
    waterworks.supplies.get().rows.create(facility=far)
    register = seen_by(alice)
    assert far.pk not in register.nodes
    assert register.hidden == 1
    assert register.network.group_count == 0
    waterworks.supplies.update(needed=2)
    assert seen_by(alice).network.wires.needed.tolist() == [1]


def test_a_supplier_that_was_given_up_supplies_nobody(
    alice: User, substation: Facility, waterworks: Facility
) -> None:
    other = FacilityFactory(service=Service.POWER, region=waterworks.region)
    waterworks.supplies.get().rows.create(facility=other)
    waterworks.supplies.update(needed=2)
    assert seen_by(alice).findings == []
    Facility.objects.filter(pk=other.pk).update(closed_on="2026-01-01")
    register = seen_by(alice)
    [finding] = register.findings
    assert "Nötig sind 2 Lieferanten, in Betrieb ist 1" in finding.said
    assert register.network.wires.needed.tolist() == [1]
    Facility.objects.filter(pk=substation.pk).update(closed_on="2026-01-01")
    register = seen_by(alice)
    [finding] = register.findings
    assert "Kein Lieferant ist in Betrieb" in finding.said
    assert register.network.group_count == 0


def test_shares_that_do_not_add_up_count_themselves(alice: User, waterworks: Facility) -> None:
    waterworks.shares.create(region=waterworks.region, persons=300)
    register = seen_by(alice)
    assert [finding.facility for finding in register.findings] == [waterworks.pk]
    assert register.network.served.tolist() == [0.0, 300.0]


def test_what_supplies_itself_is_told(alice: User, waterworks: Facility) -> None:
    waterworks.supplies.get().rows.create(facility=waterworks)
    register = seen_by(alice)
    assert ["liefert sich selbst" in finding.said for finding in register.findings] == [True]
    assert register.network.group_count == 1


def test_chains_go_two_steps_up_and_three_down(alice: User, village: Region) -> None:
    line = FacilityFactory.create_batch(7, region=village, service=Service.POWER)
    for before, after in pairwise(line):
        SupplyFactory(facility=after, of=[before])
    SupplyFactory(facility=line[0], of=[line[6]])
    chain = chain_of(seen_by(alice), line[3].pk)
    assert chain.steps == {line[place].pk: place - 3 for place in range(1, 7)}
    assert [(link.step, link.supplier.number) for link in chain.links] == [
        (-2, line[1].pk),
        (-1, line[2].pk),
        (1, line[3].pk),
        (2, line[4].pk),
        (3, line[5].pk),
    ]


def test_bottlenecks_are_what_single_failures_say(
    alice: User, village: Region, substation: Facility, waterworks: Facility
) -> None:
    from allmende.algorithms.cascade.criticality import single_failures

    clinic = FacilityFactory(region=village, service=Service.HOSPITAL, served=50)
    SupplyFactory(facility=clinic, of=[waterworks], buffer_hours=12)
    register = seen_by(alice)
    found = find_bottlenecks(register, hours=72)
    # The water is away from hour 4 to 72, the clinic from hour 16 on.
    assert [(row.node.number, row.person_hours, row.own, row.falls) for row in found.rows] == [
        (waterworks.pk, 72 * 1_000 + 60 * 50, 72_000.0, 1),
        (substation.pk, 68 * 1_000 + 56 * 50, 0.0, 2),
    ]
    assert [row.amplification for row in found.rows] == [75_000 / 72_000, None]
    losses = single_failures(register.network, hours=72).losses
    places = {number: place for place, number in enumerate(register.nodes)}
    assert [losses[places[row.node.number]] for row in found.rows] == [
        row.person_hours for row in found.rows
    ]


def test_a_store_that_is_long_enough_makes_no_bottleneck(alice: User, waterworks: Facility) -> None:
    waterworks.supplies.update(buffer_hours=72)
    assert find_bottlenecks(seen_by(alice), hours=72).rows == []


def test_what_comes_of_a_plan(alice: User, substation: Facility, waterworks: Facility) -> None:
    played = play(seen_by(alice), Plan(frozenset([substation.pk]), hours=10, horizon=24))
    assert played.person_hours == 6_000
    assert played.down == {substation.pk: [(0.0, 10.0)], waterworks.pk: [(4.0, 10.0)]}
    [lost] = played.lost
    assert (lost.service, lost.most, lost.person_hours, lost.hours) == (
        Service.DRINKING_WATER,
        1_000.0,
        6_000.0,
        6.0,
    )
    assert [(each.node.number, each.since, each.at) for each in played.runs_out] == [
        (waterworks.pk, 0.0, 4.0)
    ]
    [saving] = played.savings
    assert (saving.node.number, saving.person_hours) == (waterworks.pk, 1_000.0)
    assert played.worst == 4.0
    assert played.state_at(2.0) == {substation.pk: 2, waterworks.pk: 1}
    assert played.state_at(5.0) == {substation.pk: 2, waterworks.pk: 2}
    assert played.state_at(11.0) == {substation.pk: 0, waterworks.pk: 0}
    assert played.by_town == [("Lindenfurt", 6_000.0, {"strom": 0.0, "trinkwasser": 6_000.0})]


@pytest.mark.parametrize(
    ("decision", "lost"),
    [
        ({"generators": "waterworks", "arrival": 3.0}, 0),
        ({"generators": "waterworks", "arrival": 5.0}, 1_000),
        ({"generators": "waterworks", "arrival": 30.0}, 6_000),
        ({"restocked": "waterworks", "arrival": 3.0}, 3_000),
    ],
)
def test_what_decisions_save(
    alice: User,
    substation: Facility,
    waterworks: Facility,
    decision: dict[str, object],
    lost: float,
) -> None:
    """A generator ends the outage when it arrives; a full store, filled at hour 3, lasts until hour 7."""
    said = {
        name: frozenset([waterworks.pk]) if value == "waterworks" else value
        for name, value in decision.items()
    }
    plan = Plan(frozenset([substation.pk]), hours=10, horizon=24, **said)  # type: ignore[arg-type]
    played = play(seen_by(alice), plan)
    assert (played.person_hours, play(played.register, plan.undecided).person_hours) == (
        lost,
        6_000,
    )


def test_a_store_that_was_used_lasts_less_the_second_time(
    alice: User, substation: Facility, waterworks: Facility
) -> None:
    """Away from hour 0 to 3 and from 5 on: of four hours one is left, and two come back in between."""
    from allmende.algorithms.cascade.run import Simulator
    from allmende.algorithms.cascade.scenario import Damage, Scenario

    register, key = seen_by(alice), str(substation.pk)
    run = Simulator(register.network).run(
        Scenario(24.0, (Damage(key, 0.0, 3.0), Damage(key, 5.0, 12.0)))
    )
    told = [
        (each.at, each.kind, [node.number for node in each.who])
        for each in tell(register, run, Clock(time(0)))
    ]
    assert told == [
        (0.0, "down", [substation.pk]),
        (0.0, "lasting", [waterworks.pk]),
        (3.0, "up", [substation.pk]),
        (5.0, "down", [substation.pk]),
        (5.0, "lasting", [waterworks.pk]),
        (8.0, "down", [waterworks.pk]),
        (17.0, "up", [substation.pk, waterworks.pk]),
    ]
    said = [each.why for each in tell(register, run, Clock(time(0)))]
    assert said[1].endswith("reicht noch 4 Std., bis Tag 1, 04:00")
    assert said[4].endswith("reicht noch 3 Std., bis Tag 1, 08:00")
    assert "seit Tag 1, 05:00 (Umspannwerk)" in said[5]


def test_two_that_fail_are_joined_by_a_word(
    alice: User, village: Region, substation: Facility, waterworks: Facility
) -> None:
    from allmende.algorithms.cascade.run import Simulator
    from allmende.algorithms.cascade.scenario import Damage, Scenario

    second = FacilityFactory(name="Kraftwerk", service=Service.POWER, region=village, served=0)
    waterworks.supplies.get().rows.create(facility=second)
    register = seen_by(alice)
    damages = [Damage(str(each.pk), 0.0, 30.0) for each in (substation, second)]
    run = Simulator(register.network).run(Scenario(24.0, tuple(damages)))
    said = [each.why for each in tell(register, run, Clock(time(0)))]
    assert any("(Umspannwerk und Kraftwerk)" in each for each in said), said


def test_many_runs_are_the_same_every_time(
    alice: User, substation: Facility, waterworks: Facility
) -> None:
    plan = Plan(frozenset([substation.pk]), horizon=336, runs=True)
    first, again = (play(seen_by(alice), plan).spread for _time in range(2))
    assert first == again
    assert first is not None
    assert first.runs == 200
    assert 0 < first.low < first.middle < first.high
    # Half of all repairs take 24 hours at most: then the water is away for 20.
    assert 17_000 < first.middle < 23_000
    assert play(seen_by(alice), Plan(frozenset([substation.pk]), hours=5, runs=True)).spread is None
