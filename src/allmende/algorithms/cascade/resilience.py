"""How much of what people need is there at every moment: the resilience triangle."""

from dataclasses import dataclass

import numpy as np

from .network import Floats, ModelError
from .run import Run, down_between


@dataclass(frozen=True)
class Resilience:
    """Shares of the persons served, by sector: steps that begin at ``times``, the last one ends at the horizon.

    times : (T,) hours, the first 0
    shares : (sectors, T) between 0 and 1; 1 where a sector serves nobody
    lost : (sectors,) hours: the area between 1 and the shares (Bruneau's R)
    """

    times: Floats
    shares: Floats
    lost: Floats

    @property
    def lowest(self) -> Floats:
        """(sectors,) the smallest share."""
        found: Floats = self.shares.min(axis=1)
        return found

    def at(self, hours: Floats) -> Floats:
        """(sectors, H) shares at some moments."""
        places = np.searchsorted(self.times, hours, side="right") - 1
        found: Floats = self.shares[:, places]
        return found


def resilience_of(run: Run) -> Resilience:
    """Follow the share of persons served, sector by sector.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Resilience

    Raises
    ------
    ModelError
        Never for what a simulation returns.

    Notes
    -----
    Q_s(t) = 1 − Σ P_i / Σ P_j over those of sector s that are down at t, and all of it. R_s = ∫ (1 − Q_s) dt up
    to the horizon. Whoever was evacuated counts as if there: it is about what the network can do.

    References
    ----------
    docs/algorithms/cascade.md

    M. Bruneau et al., "A framework to quantitatively assess and enhance the seismic resilience of
    communities", Earthquake Spectra 19 (2003), doi:10.1193/1.1623497.
    """
    network, horizon = run.network, run.scenario.horizon
    what, begin, end = down_between(run)
    if len(end) and end.max() > horizon:
        raise ModelError("a run that lasts longer than its scenario")
    times = np.unique(np.concatenate([[0.0], begin, end[end < horizon]]))
    sectors, served = network.sectors[what], network.served[what]
    change = np.zeros((len(network.sector_names), len(times)))
    np.add.at(change, (sectors, np.searchsorted(times, begin)), served)
    back = end < horizon
    np.add.at(change, (sectors[back], np.searchsorted(times, end[back])), -served[back])
    whole = np.bincount(network.sectors, weights=network.served, minlength=len(change))
    without = np.divide(
        np.cumsum(change, axis=1),
        whole[:, None],
        out=np.zeros_like(change),
        where=whole[:, None] > 0,
    )
    # What cancels leaves a last bit behind.
    shares = np.clip(1.0 - without, 0.0, 1.0)
    lengths = np.diff(np.append(times, horizon))
    return Resilience(times, shares, (1.0 - shares) @ lengths)
