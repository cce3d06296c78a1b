"""Networks and scenarios as they stand in documents, laid out to play on.

The document is that of ``allmende cascade`` (docs/reference/exercise-json.md); who reads files checks it first
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
from math import inf
from typing import Any

import numpy as np

from allmende.algorithms.cascade.draws import keys_of, normals
from allmende.algorithms.cascade.hazards import Exposure, Fragility, attack, field_hazard
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
    except (KeyError, TypeError, AttributeError) as error:
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
    for key in travel:
        network.position(key)
    if not all(0 <= each < inf for each in (hours, *travel.values())):
        raise ModelError(f"generator {row['key']!r}: no number of hours")
    return Unit(row["key"], travel, hours)


def _scenario(network: Network, row: Document, seed: int) -> Scenario:
    if row.get("interventions"):
        raise ModelError("what people do is decided in the exercise")
    certain = tuple(_damage(network, each, seed) for each in row.get("damages", ()))
    drawn = tuple(
        Damage(str(network.facilities[what]), at, hours)
        for hazard in row.get("hazards", ())
        for at, _kind, what, hours in zip(
            *(part.tolist() for part in _exposure(network, hazard).draw(seed)), strict=True
        )
    )
    return Scenario(
        horizon=float(row.get("horizon_hours", TWO_WEEKS)),
        damages=certain + drawn,
        interventions=tuple(_outages(row.get("outages", ()))),
        crews=dict(row.get("crews", {})),
        first_come=bool(row.get("first_come", False)),
    )


def _damage(network: Network, row: Document, seed: int) -> Damage:
    """Without hours, they are drawn as they are for hazards."""
    place = network.position(row["facility"])
    hours = _endless(row["hours"]) if "hours" in row else None
    if hours is None:
        shift = normals(seed, keys_of([row["facility"]]), "repair")[0]
        hours = float(network.repair_hours[place] * np.exp(network.spreads[place] * shift))
    return Damage(row["facility"], float(row.get("at", 0.0)), hours)


def _outages(rows: Iterable[Document]) -> Iterable[Isolate]:
    for row in rows:
        at = float(row.get("at", 0.0))
        yield Isolate(row["facility"], at, at + _endless(row["hours"]))


def _exposure(network: Network, row: Document) -> Exposure:
    if row["kind"] == "attack":
        users = [network.position(key) for key in row["users"]]
        at, hours = float(row.get("at", 0.0)), float(row["hours"])
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
