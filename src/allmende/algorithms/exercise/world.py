"""Networks and scenarios as they stand in documents, laid out to play on.

The document is that of ``allmende cascade`` (docs/reference/cascade-json.md); who reads files checks it first
and says what is wrong with its place. Here, whatever is wrong is a ``ModelError``.

>>> world = world_of({
...     "facilities": [{"key": "netz", "sector": "strom"}, {"key": "klinik", "sector": "gesundheit"}],
...     "supplies": [{"facility": "klinik", "suppliers": ["netz"], "buffer_hours": 24}],
...     "scenario": {"damages": [{"facility": "netz", "at": 1, "hours": 72}], "horizon_hours": 96},
... })
>>> world.network.size, world.scenario.damages
(2, (Damage(facility='netz', at=1.0, hours=72.0),))
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf, nan
from typing import Any

import numpy as np

from allmende.algorithms.cascade.hazards import (
    Exposure,
    Fragility,
    attack,
    certain,
    field_hazard,
    together,
)
from allmende.algorithms.cascade.network import (
    Facility,
    Floats,
    ModelError,
    Network,
    Supply,
    make_network,
)
from allmende.algorithms.cascade.scenario import TWO_WEEKS, Damage, Isolate, Scenario

from .decisions import Unit
from .replay import World

Document = Mapping[str, Any]


def world_of(
    model: Document,
    *,
    seed: int = 0,
    begins: float = 0.0,
    units: Sequence[Document] = (),
) -> World:
    """Lay out a model.

    Parameters
    ----------
    model : mapping
        ``facilities``, ``supplies``, ``scenario``.
    seed : int
        What hazards hit and how long repairs take is drawn with it.
    begins : float
        Hour of the simulation at which the exercise begins.
    units : sequence of mapping
        Generators: ``key``, ``hours``, ``travel_hours`` by facility.

    Returns
    -------
    World

    Raises
    ------
    ModelError
        If the model cannot be.

    References
    ----------
    docs/algorithms/exercise.md
    """
    try:
        network = make_network(
            (_facility(row) for row in model["facilities"]),
            (_supply(row) for row in model.get("supplies", ())),
        )
        generators = {unit["key"]: _unit(unit, network) for unit in units}
        scenario = _scenario(network, model.get("scenario", {}), seed)
    except ModelError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"no model: {error!r}") from error
    return World(network, scenario, generators, begins)


def _facility(row: Document) -> Facility:
    return Facility(
        key=row["key"],
        sector=row["sector"],
        municipality=row.get("municipality", ""),
        served=float(row.get("served", 0.0)),
        shares={name: float(persons) for name, persons in row.get("shares", {}).items()},
        pool=row.get("pool", ""),
        rank=int(row.get("rank", 0)),
        repair_hours=_endless(row.get("repair_hours", 24.0)),
        spread=float(row.get("repair_spread", 0.0)),
        starts_alone=bool(row.get("starts_alone", True)),
    )


def _supply(row: Document) -> Supply:
    return Supply(
        facility=row["facility"],
        suppliers=tuple(row["suppliers"]),
        needed=int(row.get("needed", 1)),
        buffer_hours=_endless(row.get("buffer_hours", 0.0)),
        recharge=float(row.get("recharge", 1.0)),
        weights=tuple(row.get("weights", ())),
    )


def _unit(row: Document, network: Network) -> Unit:
    travel = {key: float(hours) for key, hours in row.get("travel_hours", {}).items()}
    hours = float(row.get("hours", 1.0))
    sites = tuple(row.get("sites", ()))
    for key in (*travel, *sites):
        network.position(key)
    if not all(0 <= each < inf for each in (hours, *travel.values())):
        raise ModelError(f"generator {row['key']!r}: no number of hours")
    return Unit(row["key"], travel, hours, sites)


def _scenario(network: Network, row: Document, seed: int) -> Scenario:
    """With the damages of one run: the same draws as ``allmende cascade`` makes with this seed."""
    if row.get("interventions"):
        raise ModelError("what people do is decided in the exercise")
    certainly = _certain(network, row.get("damages", ()))
    exposure = together([certainly, *(_exposure(network, h) for h in row.get("hazards", ()))])
    drawn = zip(*(part.tolist() for part in exposure.draw(seed)), strict=True)
    return Scenario(
        horizon=float(row.get("horizon_hours", TWO_WEEKS)),
        damages=tuple(
            Damage(str(network.facilities[what]), at, hours) for at, _kind, what, hours in drawn
        ),
        interventions=tuple(_outages(row.get("outages", ()))),
        crews=dict(row.get("crews", {})),
        first_come=bool(row.get("first_come", False)),
    )


def _certain(network: Network, rows: Sequence[Document]) -> Exposure:
    """Without hours, they are drawn as they are for hazards."""
    return certain(
        network,
        [row["facility"] for row in rows],
        at=[float(row.get("at", 0.0)) for row in rows],
        hours=[_endless(row["hours"]) if "hours" in row else nan for row in rows],
    )


def _outages(rows: Iterable[Document]) -> Iterable[Isolate]:
    for row in rows:
        at = float(row.get("at", 0.0))
        yield Isolate(row["facility"], at, at + _endless(row["hours"]))


def _exposure(network: Network, row: Document) -> Exposure:
    if row["kind"] == "attack":
        named = [network.position(key) for key in row.get("users", ())]
        sectors = [network.sector_names.index(name) for name in row.get("sectors", ())]
        users = np.union1d(named, np.flatnonzero(np.isin(network.sectors, sectors)))
        at, hours = float(row.get("at", 0.0)), _endless(row["hours"])
        return attack(network, users, share=float(row["share"]), at=at, hours=hours)
    if row["kind"] != "field":
        raise ModelError(f"unknown hazard: {row['kind']!r}")
    curves = {
        sector: Fragility(float(curve["median"]), float(curve["spread"]))
        for sector, curve in row["fragility"].items()
    }
    arrival = _by_facility(network, row.get("arrival", 0.0))
    return field_hazard(network, _by_facility(network, row["intensity"]), curves, arrival=arrival)


def _by_facility(network: Network, values: float | Mapping[str, float]) -> Floats:
    """One number for all, or one for each that is named; the others have 0."""
    if not isinstance(values, Mapping):
        return np.full(network.size, float(values))
    found = np.zeros(network.size)
    for key, value in values.items():
        found[network.position(key)] = float(value)
    return found


def _endless(value: float | None) -> float:
    return inf if value is None else float(value)
