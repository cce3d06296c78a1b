"""Which facilities matter most: what is lost if one fails, if it is spared, or if its store lasts longer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .hazards import Exposure
from .network import Floats, ModelError, Network
from .run import Simulator
from .scenario import TWO_WEEKS, crews_of

OUTAGE = 72.0


@dataclass(frozen=True)
class Single:
    """What is lost if one facility alone fails: (N,) each.

    losses : person-hours without supply
    own : those of the facility itself; what is more is the cascade
    """

    losses: Floats
    own: Floats

    @property
    def amplification(self) -> Floats:
        """(N,) losses by own losses; 1 where it drags nobody down, or where nobody loses anything."""
        found = np.ones(len(self.losses))
        np.divide(self.losses, self.own, out=found, where=self.own > 0)
        found[(self.own == 0) & (self.losses > 0)] = np.inf
        return found


def single_failures(
    network: Network, *, hours: float = OUTAGE, horizon: float = TWO_WEEKS
) -> Single:
    """Let every facility fail once, alone (N−1).

    Parameters
    ----------
    network : Network
    hours : float
        How long each fails.
    horizon : float
        Hours.

    Returns
    -------
    Single

    Raises
    ------
    ModelError
        If hours or horizon are not a positive number.

    References
    ----------
    docs/algorithms/cascade.md

    S. V. Buldyrev et al., "Catastrophic cascade of failures in interdependent networks", Nature 464
    (2010), doi:10.1038/nature08932.
    """
    losses = Simulator(network).loss_of_each(hours=hours, horizon=horizon)
    return Single(losses, network.served * min(hours, horizon))


@dataclass(frozen=True)
class Estimate:
    """A mean over runs, and its standard error."""

    mean: float
    error: float


def importance(
    network: Network,
    exposure: Exposure,
    facility: str,
    *,
    runs: int,
    crews: Mapping[str, int] | None = None,
    horizon: float = TWO_WEEKS,
) -> Estimate:
    """Estimate Birnbaum's importance: what is lost more if a hazard hits a facility than if it spares it.

    Parameters
    ----------
    network : Network
    exposure : Exposure
    facility : str
        Its key.
    runs : int
        Two or more.
    crews : mapping of str to int, optional
        By pool; those not named have as many as are needed.
    horizon : float
        Hours.

    Returns
    -------
    Estimate
        Person-hours.

    Raises
    ------
    ModelError
        If the hazard cannot hit the facility, or a pool is unknown.
    ValueError
        For fewer than two runs.

    Notes
    -----
    Both with the same draws for all others, so that few runs tell much.

    References
    ----------
    docs/algorithms/cascade.md

    Z. W. Birnbaum, "On the importance of different components in a multicomponent system", in:
    Multivariate Analysis II, Academic Press 1969.
    """
    place = np.flatnonzero(exposure.facility == network.position(facility))
    if not len(place):
        raise ModelError(f"the hazard does not reach {facility!r}")
    simulator, known = Simulator(network), crews_of(network, crews or {})

    def lost(seed: int, chance: float) -> float:
        chances = exposure.chance.copy()
        chances[place] = chance
        drawn = replace(exposure, chance=chances).draw(seed)
        return simulator.loss(drawn, crews=known, horizon=horizon)

    return _estimate([lost(seed, 1.0) - lost(seed, 0.0) for seed in range(runs)])


def value_of_an_hour(
    network: Network,
    exposure: Exposure,
    groups: Iterable[int],
    *,
    runs: int,
    crews: Mapping[str, int] | None = None,
    horizon: float = TWO_WEEKS,
) -> dict[int, Estimate]:
    """Estimate what one more hour of store saves, for each of some supply groups.

    Parameters
    ----------
    network, exposure, runs, crews, horizon
        As in `importance`.
    groups : iterable of int

    Returns
    -------
    dict of int to Estimate
        Person-hours by group.

    Raises
    ------
    ModelError
        If a pool of crews is unknown.
    ValueError
        For fewer than two runs.

    References
    ----------
    docs/algorithms/cascade.md
    """
    known, drawn = crews_of(network, crews or {}), [exposure.draw(seed) for seed in range(runs)]

    def lost(of: Network) -> Floats:
        simulator = Simulator(of)
        return np.array([simulator.loss(each, crews=known, horizon=horizon) for each in drawn])

    before = lost(network)
    found = {}
    for group in groups:
        buffer = network.wires.buffer.copy()
        buffer[group] += 1.0
        longer = replace(network, wires=network.wires._replace(buffer=buffer))
        found[group] = _estimate((before - lost(longer)).tolist())
    return found


def _estimate(values: Sequence[float]) -> Estimate:
    if len(values) < 2:
        raise ValueError("fewer than two runs tell nothing about their spread")
    return Estimate(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values))))
