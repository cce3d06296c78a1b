"""Many runs of one hazard: how bad it may get, and how sure one is of that.

Run number i draws with the seed ``first + i`` and nothing else: whoever computes it, and beside which others,
gets the same to the last bit.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np

from .hazards import Exposure
from .network import Floats, Ints, Network
from .run import Simulator
from .scenario import TWO_WEEKS, Outside, crews_of

CHUNK = 250
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class Ensemble:
    """What many runs lost.

    losses : (R,) person-hours without supply in each run, by number
    damaged : (R,) facilities that were damaged
    """

    losses: Floats
    damaged: Ints

    @property
    def mean(self) -> float:
        return float(self.losses.mean())

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        count = len(self.losses)
        return float(self.losses.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")

    def quantiles(self, at: Sequence[float] = QUANTILES) -> Floats:
        """Losses that so many of the runs do not exceed."""
        found: Floats = np.quantile(self.losses, at)
        return found


@dataclass(frozen=True)
class Task:
    """All that one process needs."""

    network: Network
    exposure: Exposure
    crews: Ints
    horizon: float
    acts: Outside | None = None  # what people do, the same in every run

    def simulate(self, numbers: range) -> tuple[Floats, Ints]:
        """The runs with these seeds."""
        simulator = _simulator(self.network)
        losses, damaged = np.zeros(len(numbers)), np.zeros(len(numbers), dtype=np.int64)
        for place, seed in enumerate(numbers):
            drawn = self.exposure.draw(seed)
            damaged[place] = len(drawn.at)
            losses[place] = simulator.loss(
                drawn if self.acts is None else _joined(drawn, self.acts),
                crews=self.crews,
                horizon=self.horizon,
            )
        return losses, damaged


def _joined(damages: Outside, acts: Outside) -> Outside:
    """Both, by time; what is damaged comes first."""
    at = np.concatenate([damages.at, acts.at])
    order = np.argsort(at, kind="stable")
    parts = (np.concatenate([a, b])[order] for a, b in zip(damages, acts, strict=True))
    return Outside(*parts)


def simulate_many(
    network: Network,
    exposure: Exposure,
    *,
    runs: int,
    first: int = 0,
    crews: dict[str, int] | None = None,
    horizon: float = TWO_WEEKS,
    acts: Outside | None = None,
    processes: int = 1,
    on: Callable[..., Any] | None = None,
) -> Ensemble:
    """Run a hazard many times.

    Parameters
    ----------
    network : Network
    exposure : Exposure
    runs : int
    first : int
        Seed of the first run; the next ones follow.
    crews : mapping of str to int, optional
        By pool; those not named have as many as are needed.
    horizon : float
        Hours.
    acts : Outside, optional
        What people do, the same in every run.
    processes : int
        How many compute.
    on : callable, optional
        Computes instead: a function such as ``Client.map`` of Dask that takes a function and a list
        and returns futures or results in their order.

    Returns
    -------
    Ensemble
        The same whoever computes.

    Raises
    ------
    ValueError
        If there is nothing to run.
    ModelError
        If a pool of crews is unknown.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if runs < 1 or processes < 1:
        raise ValueError("there is nothing to run, or nobody to do so")
    task = Task(network, exposure, crews_of(network, crews or {}), horizon, acts)
    numbers = [
        range(begin, min(begin + CHUNK, first + runs))
        for begin in range(first, first + runs, CHUNK)
    ]
    if on is not None:
        done = [
            getattr(each, "result", lambda each=each: each)() for each in on(task.simulate, numbers)
        ]
    elif processes == 1:
        done = [task.simulate(each) for each in numbers]
    else:
        with ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=partial(_keep, task)
        ) as pool:
            done = list(pool.map(_simulate_kept, numbers))
    losses, damaged = zip(*done, strict=True)
    return Ensemble(np.concatenate(losses), np.concatenate(damaged))


# A process keeps its simulator and its task: sending them anew would cost more than the runs.
_kept: list[tuple[Network, Simulator]] = []
_tasks: list[Task] = []


def _simulator(network: Network) -> Simulator:
    if not _kept or _kept[0][0] is not network:
        _kept[:] = [(network, Simulator(network))]
    return _kept[0][1]


def _keep(task: Task) -> None:
    _tasks[:] = [task]


def _simulate_kept(numbers: range) -> tuple[Floats, Ints]:
    return _tasks[0].simulate(numbers)
