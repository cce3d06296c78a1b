"""Which facilities matter most: what is lost if one fails, if it is spared, or if its store lasts longer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .ensemble import joined
from .hazards import Exposure
from .network import Floats, ModelError, Network
from .run import Simulator
from .scenario import TWO_WEEKS, Outside, Scenario, crews_of, outside_of

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
    """A mean over runs, and its standard error: not a number for a single run."""

    mean: float
    error: float


def importance(
    network: Network,
    exposure: Exposure,
    facility: str,
    scenario: Scenario | None = None,
    *,
    runs: int,
    first: int = 0,
) -> Estimate:
    """Estimate Birnbaum's importance: what is lost more if a hazard hits a facility than if it spares it.

    Parameters
    ----------
    network : Network
    exposure : Exposure
    facility : str
        Its key.
    scenario : Scenario, optional
        What is the same in every run.
    runs : int
    first : int
        Seed of the first run; the next ones follow.

    Returns
    -------
    Estimate
        Person-hours.

    Raises
    ------
    ModelError
        If the hazard cannot hit the facility, or the scenario cannot be.
    ValueError
        If there is nothing to run.

    Notes
    -----
    Both with the same draws for all others, so that few runs tell much. Who is evacuated counts as if
    there.

    References
    ----------
    docs/algorithms/cascade.md

    Z. W. Birnbaum, "On the importance of different components in a multicomponent system", in:
    Multivariate Analysis II, Academic Press 1969.
    """
    place = np.flatnonzero(exposure.facility == network.position(facility))
    if not len(place):
        raise ModelError(f"the hazard does not reach {facility!r}")
    lose = _loser(Simulator(network), scenario)

    def lost(seed: int, chance: float) -> float:
        chances = exposure.chance.copy()
        chances[place] = chance
        return lose(replace(exposure, chance=chances).draw(seed))

    return _estimate([lost(seed, 1.0) - lost(seed, 0.0) for seed in range(first, first + runs)])


def value_of_an_hour(
    network: Network,
    exposure: Exposure,
    groups: Iterable[int],
    scenario: Scenario | None = None,
    *,
    runs: int,
    first: int = 0,
) -> dict[int, Estimate]:
    """Estimate what one more hour of store saves, for each of some supply groups.

    Parameters
    ----------
    network, exposure, scenario, runs, first
        As in `importance`.
    groups : iterable of int

    Returns
    -------
    dict of int to Estimate
        Person-hours by group.

    Raises
    ------
    ModelError
        If the scenario cannot be.
    ValueError
        If there is nothing to run.

    References
    ----------
    docs/algorithms/cascade.md
    """
    simulator = Simulator(network)
    lose = _loser(simulator, scenario)
    drawn = [exposure.draw(seed) for seed in range(first, first + runs)]
    before = [lose(each) for each in drawn]
    found = {}
    for group in groups:
        hours = float(network.wires.buffer[group])
        simulator.store(group, hours + 1.0)
        found[group] = _estimate(
            [was - lose(each) for was, each in zip(before, drawn, strict=True)]
        )
        simulator.store(group, hours)
    return found


def _loser(simulator: Simulator, scenario: Scenario | None) -> Callable[[Outside], float]:
    """What is lost if this was drawn, and all that is in the scenario happens, too."""
    scenario = scenario or Scenario()
    always = outside_of(simulator.network, scenario)
    crews = crews_of(simulator.network, scenario.crews)
    return lambda drawn: simulator.loss(
        joined(drawn, always),
        crews=crews,
        horizon=scenario.horizon,
        first_come=scenario.first_come,
    )


def _estimate(values: Sequence[float]) -> Estimate:
    if not values:
        raise ValueError("there is nothing to run")
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return Estimate(float(np.mean(values)), float(error))
