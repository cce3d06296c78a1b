"""What is to happen to a network: what is damaged when, who repairs, what people do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from .network import Floats, Ints, ModelError, Network
from .state import (
    DAMAGE,
    GENERATOR_OFF,
    GENERATOR_ON,
    ISOLATE,
    REJOIN,
    RERANK,
    RESTOCK,
    UNLIMITED,
)

TWO_WEEKS = 336.0


@dataclass(frozen=True)
class Damage:
    """A facility is damaged; ``hours`` is what a crew needs to repair it, infinite if nobody can."""

    facility: str
    at: float
    hours: float


@dataclass(frozen=True)
class Generator:
    """Something stands in for a supply, from ``at`` (when it has arrived) until ``until``."""

    facility: str
    supply: int  # which of the facility's, in their order
    at: float
    until: float = inf


@dataclass(frozen=True)
class Restock:
    """The store of a supply is filled."""

    facility: str
    supply: int
    at: float


@dataclass(frozen=True)
class Rerank:
    """A facility gets another rank in the repair queue, unless a crew is there already."""

    facility: str
    at: float
    rank: int


@dataclass(frozen=True)
class Isolate:
    """A facility is switched off."""

    facility: str
    at: float
    until: float = inf


@dataclass(frozen=True)
class Evacuate:
    """A share of the people of a municipality leaves and misses nothing there."""

    municipality: str
    at: float
    share: float
    until: float = inf


Intervention = Generator | Restock | Rerank | Isolate | Evacuate


class Outside(NamedTuple):
    """What comes from outside, as arrays sorted by time and kind."""

    at: Floats
    kind: Ints
    what: Ints
    value: Floats


@dataclass(frozen=True)
class Scenario:
    """What happens to a network.

    horizon : hours after which it ends
    crews : how many each pool has; those not named have as many as are needed
    first_come : repair in the order of damage instead of by rank
    """

    horizon: float = TWO_WEEKS
    damages: Sequence[Damage] = ()
    interventions: Sequence[Intervention] = ()
    crews: Mapping[str, int] = field(default_factory=dict)
    first_come: bool = False


def crews_of(network: Network, crews: Mapping[str, int]) -> Ints:
    """Count the crews of each pool.

    Parameters
    ----------
    network : Network
    crews : mapping of str to int
        By pool; those not named have as many as are needed.

    Returns
    -------
    (P,) int64

    Raises
    ------
    ModelError
        If a pool is unknown, or has fewer than no crews.

    References
    ----------
    docs/algorithms/cascade.md
    """
    for pool, count in crews.items():
        if pool not in network.pools:
            raise ModelError(f"unknown pool of crews: {pool!r}")
        if count < 0:
            raise ModelError(f"pool {pool!r} has fewer than no crews")
    return np.array([crews.get(pool, UNLIMITED) for pool in network.pools], dtype=np.int64)


def outside_of(network: Network, scenario: Scenario) -> Outside:
    """Lay out what comes from outside in a scenario, in the order in which it counts.

    Parameters
    ----------
    network : Network
    scenario : Scenario

    Returns
    -------
    Outside

    Raises
    ------
    ModelError
        If the scenario names what is not there, or a time or number that cannot be.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not 0 < scenario.horizon < inf:
        raise ModelError("the horizon is not a positive number of hours")
    rows: list[tuple[float, int, int, float]] = []
    for damage in scenario.damages:
        if not damage.hours > 0:
            raise ModelError(f"repair of {damage.facility!r} takes no time, or less")
        what = network.position(damage.facility)
        rows.append((_time(damage.at), DAMAGE, what, damage.hours))
    for act in scenario.interventions:
        rows += _rows_of(network, act)
    # Stable: what people do at one moment counts in the order in which they decided.
    return _sorted(rows)


def _sorted(rows: Iterable[tuple[float, int, int, float]]) -> Outside:
    """Rows of time, kind, what and value, sorted and as arrays."""
    ordered = sorted(rows, key=lambda row: (row[0], row[1] != DAMAGE))
    at, kind, what, value = zip(*ordered, strict=True) if ordered else ((), (), (), ())
    return Outside(
        np.array(at, dtype=np.float64),
        np.array(kind, dtype=np.int64),
        np.array(what, dtype=np.int64),
        np.array(value, dtype=np.float64),
    )


def _rows_of(network: Network, act: Intervention) -> list[tuple[float, int, int, float]]:
    if isinstance(act, Evacuate):
        if act.municipality not in network.municipalities:
            raise ModelError(f"unknown municipality: {act.municipality!r}")
        if not 0 <= act.share <= 1:
            raise ModelError("the share of those who leave is not between 0 and 1")
        _time(act.at), _until(act.at, act.until)
        return []
    what = network.position(act.facility)
    if isinstance(act, Rerank):
        return [(_time(act.at), RERANK, what, float(act.rank))]
    if isinstance(act, Isolate):
        return _pair(act.at, act.until, ISOLATE, REJOIN, what)
    groups = network.groups_of(what)
    if not 0 <= act.supply < len(groups):
        raise ModelError(f"{act.facility!r} has no supply number {act.supply}")
    if isinstance(act, Restock):
        return [(_time(act.at), RESTOCK, groups[act.supply], 0.0)]
    return _pair(act.at, act.until, GENERATOR_ON, GENERATOR_OFF, groups[act.supply])


def _pair(
    at: float, until: float, on: int, off: int, what: int
) -> list[tuple[float, int, int, float]]:
    found = [(_time(at), on, what, 0.0)]
    if _until(at, until) < inf:
        found.append((until, off, what, 0.0))
    return found


def _time(at: float) -> float:
    if not (isfinite(at) and at >= 0):
        raise ModelError(f"no moment of a scenario: {at}")
    return at


def _until(at: float, until: float) -> float:
    if not until > at:
        raise ModelError(f"it ends at {until}, before it has begun at {at}")
    return until
