"""What hits a network: water and wind by place, an attack on what many use, a single failure.

Whether a facility is damaged is drawn from its fragility: P = Φ((ln x − μ) / σ) at intensity x, where exp μ is
the intensity at which every second one is damaged. How long its repair takes is lognormal about the median.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .draws import Keys, below, keys_of, normals, salted
from .network import Floats, Ints, ModelError, Network
from .scenario import Outside
from .state import DAMAGE


@dataclass(frozen=True)
class Fragility:
    """median : intensity at which every second facility is damaged; spread : σ, more than 0"""

    median: float
    spread: float


@dataclass(frozen=True)
class Exposure:
    """Who may be damaged, how likely, and when.

    facility : (X,) positions; chance : (X,); at : (X,) hours
    hours : (X,) median repair time; spread : (X,) σ of its logarithm
    keys : (X,) for draws
    """

    facility: Ints
    chance: Floats
    at: Floats
    hours: Floats
    spread: Floats
    keys: Keys

    def draw(self, seed: int) -> Outside:
        """Who is damaged in one run."""
        hit = below(seed, self.keys, "damage", self.chance)
        hours = self.hours[hit] * np.exp(self.spread[hit] * normals(seed, self.keys[hit], "repair"))
        return damages(self.at[hit], self.facility[hit], hours)


def damages(at: ArrayLike, facility: ArrayLike, hours: ArrayLike) -> Outside:
    """Lay out damages as the simulation takes them.

    Parameters
    ----------
    at : (X,) float
        Hours.
    facility : (X,) int
        Positions.
    hours : (X,) float
        How long the repair takes.

    Returns
    -------
    Outside
        Sorted by time.

    Raises
    ------
    ValueError
        If the arrays do not fit one another.

    References
    ----------
    docs/algorithms/cascade.md
    """
    times = np.asarray(at, dtype=np.float64)
    order = np.argsort(times, kind="stable")
    return Outside(
        times[order],
        np.full(len(times), DAMAGE, dtype=np.int64),
        np.asarray(facility, dtype=np.int64)[order],
        np.asarray(hours, dtype=np.float64)[order],
    )


def field_hazard(
    network: Network,
    intensity: ArrayLike,
    fragility: Mapping[str, Fragility],
    *,
    arrival: ArrayLike = 0.0,
) -> Exposure:
    """Say whom a flood or storm may damage.

    Parameters
    ----------
    network : Network
    intensity : (N,) float
        Such as metres of water or gusts in m/s at each facility; 0: it does not get there.
    fragility : mapping of str to Fragility
        By sector; what is not named is not damaged.
    arrival : (N,) float or float
        Hours.

    Returns
    -------
    Exposure

    Raises
    ------
    ModelError
        For an unknown sector, a median or σ of 0 or less, an intensity or time below 0.

    References
    ----------
    docs/algorithms/cascade.md
    """
    from scipy.special import ndtr

    force = _each(network, intensity, "intensity")
    times = _each(network, arrival, "arrival")
    chance = np.zeros(network.size)
    for sector, curve in fragility.items():
        if sector not in network.sector_names:
            raise ModelError(f"unknown sector: {sector!r}")
        if not (curve.spread > 0 and curve.median > 0):
            raise ModelError(f"fragility of {sector!r} is not above 0")
        there = (network.sectors == network.sector_names.index(sector)) & (force > 0)
        chance[there] = ndtr((np.log(force[there]) - np.log(curve.median)) / curve.spread)
    return _exposed(network, chance, times)


def attack(
    network: Network, users: ArrayLike, *, share: float, at: float, hours: float
) -> Exposure:
    """Say whom a cyber attack may hit: a share of those who use a product, at the same time.

    Parameters
    ----------
    network : Network
    users : (U,) int
        Positions of those who use it.
    share : float
        0 to 1.
    at : float
        Hours.
    hours : float
        Until one is set up anew.

    Returns
    -------
    Exposure

    Raises
    ------
    ModelError
        If the share is outside 0 to 1, or setting up anew takes no time.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not 0 <= share <= 1:
        raise ModelError("the share of those who are hit is not between 0 and 1")
    if not hours > 0:
        raise ModelError("setting up anew takes no time, or less")
    chance = np.zeros(network.size)
    chance[np.asarray(users, dtype=np.int64)] = share
    found = _exposed(network, chance, _each(network, at, "time"))
    count = len(found.facility)
    return Exposure(
        found.facility, found.chance, found.at, np.full(count, hours), np.zeros(count), found.keys
    )


def outage(network: Network, facility: str, *, at: float, hours: float) -> Outside:
    """Let one facility fail.

    Parameters
    ----------
    network : Network
    facility : str
        Its key.
    at : float
        Hours.
    hours : float
        How long the repair takes.

    Returns
    -------
    Outside

    Raises
    ------
    ModelError
        If there is no such facility.

    References
    ----------
    docs/algorithms/cascade.md
    """
    return damages([at], [network.position(facility)], [hours])


def certain(
    network: Network, facilities: Sequence[str], *, at: ArrayLike, hours: ArrayLike
) -> Exposure:
    """Say who is damaged in every run.

    Parameters
    ----------
    network : Network
    facilities : sequence of str
        Their keys.
    at : (X,) float or float
        Hours.
    hours : (X,) float or float
        How long the repair takes, infinite if nobody can; NaN: drawn in each run, as that of what a
        hazard hits.

    Returns
    -------
    Exposure

    Raises
    ------
    ModelError
        For an unknown facility, a time below 0, a repair that takes no time.

    References
    ----------
    docs/algorithms/cascade.md
    """
    places = np.array([network.position(key) for key in facilities], dtype=np.int64)
    times = np.broadcast_to(np.asarray(at, dtype=np.float64), len(places))
    given = np.broadcast_to(np.asarray(hours, dtype=np.float64), len(places))
    if not (np.isfinite(times).all() and (times >= 0).all()):
        raise ModelError("time is below 0, or no number")
    if (given <= 0).any():
        raise ModelError("a repair takes no time, or less")
    drawn = np.isnan(given)
    return Exposure(
        places,
        np.ones(len(places)),
        times,
        np.where(drawn, network.repair_hours[places], given),
        np.where(drawn, network.spreads[places], 0.0),
        keys_of(facilities),
    )


def together(exposures: Sequence[Exposure]) -> Exposure:
    """Join what may hit a network; each hazard draws for itself.

    Parameters
    ----------
    exposures : sequence of Exposure

    Returns
    -------
    Exposure

    Raises
    ------
    ValueError
        If there is none.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not exposures:
        raise ValueError("there is nothing to join")
    parts = [
        replace(each, keys=salted(each.keys, f"hazard {number}")) if number else each
        for number, each in enumerate(exposures)
    ]
    return Exposure(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Exposure))
    )


def _each(network: Network, values: ArrayLike, what: str) -> Floats:
    found: NDArray[np.float64] = np.broadcast_to(np.asarray(values, dtype=np.float64), network.size)
    if not (np.isfinite(found).all() and (found >= 0).all()):
        raise ModelError(f"{what} is below 0, or no number")
    return found


def _exposed(network: Network, chance: Floats, at: Floats) -> Exposure:
    there = np.flatnonzero(chance > 0)
    return Exposure(
        there.astype(np.int64),
        chance[there],
        at[there],
        network.repair_hours[there],
        network.spreads[there],
        keys_of(network.facilities[there].tolist()),
    )
