"""A model as the algorithms take it, and an invented one as it is written."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from allmende.algorithms.cascade.hazards import (
    Exposure,
    Fragility,
    attack,
    certain,
    field_hazard,
    together,
)
from allmende.algorithms.cascade.network import Facility, Floats, Network, Supply, make_network
from allmende.algorithms.cascade.scenario import (
    Evacuate,
    Generator,
    Intervention,
    Isolate,
    Rerank,
    Restock,
    Scenario,
)
from allmende.algorithms.cascade.synthetic import KINDS, make_country, parts_of
from allmende.formats.cascade_model.rows import (
    ActRow,
    ByFacility,
    FacilityRow,
    FieldRow,
    GeneratorRow,
    IsolateRow,
    ModelRow,
    RerankRow,
    RestockRow,
    ScenarioRow,
    SupplyRow,
)

# A storm everywhere that damages one facility in fifty, and crews that need days for that.
STORM = (3.6, 0.625)
FACILITIES_OF_A_CREW = 1_600


@dataclass(frozen=True)
class Case:
    """A model, checked when it was read.

    exposure : what is drawn; scenario : what happens in any case
    groups : the supplies in the order of the network; numbers : which of its facility's each is, from 1
    """

    model: ModelRow
    network: Network
    exposure: Exposure
    scenario: Scenario
    groups: tuple[SupplyRow, ...]
    numbers: tuple[int, ...]


def make_case(model: ModelRow) -> Case:
    """Lay out a model."""
    network = make_network(
        (Facility(*row) for row in model.facilities), (Supply(*row) for row in model.supplies)
    )
    groups = sorted(model.supplies, key=lambda row: network.position(row.facility))
    first = network.wires.groups_from[network.wires.owner]
    return Case(
        model,
        network,
        together(list(_exposures(network, model.scenario))),
        Scenario(
            horizon=model.scenario.horizon_hours,
            interventions=tuple(_acts(model.scenario)),
            crews=model.scenario.crews,
            first_come=model.scenario.first_come,
        ),
        tuple(groups),
        tuple((np.arange(len(groups)) - first + 1).tolist()),
    )


def _exposures(network: Network, scenario: ScenarioRow) -> Iterable[Exposure]:
    yield certain(
        network,
        [row.facility for row in scenario.damages],
        at=[row.at for row in scenario.damages],
        hours=[row.hours for row in scenario.damages],
    )
    for hazard in scenario.hazards:
        if isinstance(hazard, FieldRow):
            yield field_hazard(
                network,
                _by_facility(network, hazard.intensity),
                {name: Fragility(*curve) for name, curve in hazard.fragility.items()},
                arrival=_by_facility(network, hazard.arrival),
            )
        else:
            users = [network.position(key) for key in hazard.users]
            yield attack(network, users, share=hazard.share, at=hazard.at, hours=hazard.hours)


def _by_facility(network: Network, values: ByFacility) -> Floats:
    if isinstance(values, float | int):
        return np.full(network.size, float(values))
    found = np.zeros(network.size)
    for key, value in values.items():
        found[network.position(key)] = value
    return found


def _acts(scenario: ScenarioRow) -> Iterable[Intervention]:
    """What people do; an outage is being off for a time."""
    for outage in scenario.outages:
        yield Isolate(outage.facility, outage.at, outage.at + outage.hours)
    for act in scenario.interventions:
        yield _act(act)


def _act(act: ActRow) -> Intervention:
    if isinstance(act, GeneratorRow):
        return Generator(*act)
    if isinstance(act, RestockRow):
        return Restock(*act)
    if isinstance(act, RerankRow):
        return Rerank(*act)
    if isinstance(act, IsolateRow):
        return Isolate(*act)
    return Evacuate(*act)


def invent(size: int, seed: int) -> ModelRow:
    """An invented country under a storm; raises ``ValueError`` for fewer than 100 facilities."""
    network = make_country(size, seed=seed)
    facilities, supplies = parts_of(network)
    crews = max(1, size // FACILITIES_OF_A_CREW)
    return ModelRow(
        name=f"Erfundenes Land mit {size} Einrichtungen (Startwert {seed})",
        facilities=tuple(
            FacilityRow(
                each.key,
                each.sector,
                each.municipality,
                each.served,
                each.shares,
                each.pool,
                each.rank,
                each.repair_hours,
                each.spread,
                each.starts_alone,
            )
            for each in facilities
        ),
        supplies=tuple(
            SupplyRow(
                each.facility,
                each.suppliers,
                each.needed,
                each.buffer_hours,
                each.recharge,
                each.weights,
            )
            for each in supplies
        ),
        scenario=ScenarioRow(
            hazards=(FieldRow(1.0, {kind.name: STORM for kind in KINDS}, 0.0),),
            crews=dict.fromkeys(network.pools, crews),
        ),
    )
