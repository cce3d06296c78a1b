"""Many runs of one hazard: how bad it may get, and how sure one is of that.

Run number i draws with the seed ``first + i`` and nothing else: whoever computes it, and beside which others,
gets the same to the last bit.
"""

import pickle
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from multiprocessing import get_context
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from .hazards import Exposure
from .network import Floats, Ints, Network
from .run import Run, Simulator
from .scenario import Evacuate, Outside, Scenario, crews_of, outside_of

CHUNK = 250
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class Ensemble:
    """What many runs lost.

    by_sector : (R, sectors) person-hours without supply in each run, by number
    damaged : (R,) facilities that were damaged
    """

    by_sector: Floats
    damaged: Ints

    @property
    def losses(self) -> Floats:
        """(R,) person-hours without supply in each run."""
        found: Floats = self.by_sector.sum(axis=1)
        return found

    @property
    def mean(self) -> float:
        return float(self.losses.mean())

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        count = len(self.by_sector)
        return float(self.losses.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")

    def quantiles(self, at: Sequence[float] = QUANTILES) -> Floats:
        """Losses that so many of the runs do not exceed."""
        found: Floats = np.quantile(self.losses, at)
        return found

    def quantiles_by_sector(self, at: Sequence[float] = QUANTILES) -> Floats:
        """(quantiles, sectors) the same for each sector alone; they do not add up."""
        found: Floats = np.quantile(self.by_sector, at, axis=0)
        return found


@dataclass(frozen=True)
class Task:
    """All that one process needs; ``stamp`` tells a network from another in a process that keeps one."""

    network: Network
    exposure: Exposure
    scenario: Scenario
    stamp: str

    def simulate(self, numbers: range) -> tuple[Floats, Ints]:
        """The runs with these seeds: (R, sectors) losses, and how many were damaged."""
        network, scenario = self.network, self.scenario
        simulator = _simulator(network, self.stamp)
        crews = crews_of(network, scenario.crews)
        always = outside_of(network, scenario)
        leave = any(isinstance(act, Evacuate) for act in scenario.interventions)
        lost = np.zeros((len(numbers), len(network.sector_names)))
        damaged = np.zeros(len(numbers), dtype=np.int64)
        for place, seed in enumerate(numbers):
            drawn = self.exposure.draw(seed)
            damaged[place] = len(set(drawn.what.tolist()))
            what = joined(drawn, always)
            if leave:  # who has left, and when, needs the whole run
                hours, log = simulator.spread(
                    what,
                    crews=crews,
                    horizon=scenario.horizon,
                    first_come=scenario.first_come,
                )
                lost[place] = Run(network, scenario, hours, log).losses.sum(axis=1)
            else:
                lost[place] = simulator.loss_by_sector(
                    what,
                    crews=crews,
                    horizon=scenario.horizon,
                    first_come=scenario.first_come,
                )
        return lost, damaged


def joined(drawn: Outside, always: Outside) -> Outside:
    """Put what was drawn beside what happens in any case.

    Parameters
    ----------
    drawn, always : Outside

    Returns
    -------
    Outside
        By time; at equal times what is drawn comes first.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not len(always.at):
        return drawn
    at = np.concatenate([drawn.at, always.at])
    order = np.argsort(at, kind="stable")
    parts = (np.concatenate([a, b])[order] for a, b in zip(drawn, always, strict=True))
    return Outside(*parts)


def simulate_many(
    network: Network,
    exposure: Exposure,
    scenario: Scenario | None = None,
    *,
    runs: int,
    first: int = 0,
    processes: int = 1,
    on: Callable[..., Iterable[Any]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Run a hazard many times.

    Parameters
    ----------
    network : Network
    exposure : Exposure
        What is drawn anew in each run.
    scenario : Scenario, optional
        What is the same in every run: what people do, crews, horizon.
    runs : int
    first : int
        Seed of the first run; the next ones follow.
    processes : int
        How many compute.
    on : callable, optional
        Computes instead: `on_dask`, or another function that takes a function and a list and returns
        futures or results in their order.
    progress : callable, optional
        Is told how many runs are done, and of how many.

    Returns
    -------
    Ensemble
        The same whoever computes.

    Raises
    ------
    ValueError
        If there is nothing to run.
    ModelError
        If the scenario names what is not there, or a time or number that cannot be.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if runs < 1 or processes < 1:
        raise ValueError("there is nothing to run, or nobody to do so")
    scenario = scenario or Scenario()
    outside_of(network, scenario), crews_of(network, scenario.crews)  # what is wrong is said here
    task = Task(network, exposure, scenario, _stamp(network))
    numbers = [
        range(begin, min(begin + CHUNK, first + runs))
        for begin in range(first, first + runs, CHUNK)
    ]
    if on is not None:
        return _gathered(on(task.simulate, numbers), runs, progress)
    if processes == 1:
        return _gathered(map(task.simulate, numbers), runs, progress)
    with NamedTemporaryFile(suffix=".pickle") as kept:
        # What a process is given at its start has to be read before the next one starts.
        kept.write(pickle.dumps(task))
        kept.flush()
        begin = partial(_keep, kept.name)
        with ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=begin
        ) as pool:
            return _gathered(pool.map(_simulate_kept, numbers), runs, progress)


def on_dask(client: Any) -> Callable[..., Iterable[Any]]:
    """Hand runs to a Dask cluster, as ``on`` of `simulate_many`.

    Parameters
    ----------
    client : distributed.Client

    Returns
    -------
    callable

    Raises
    ------
    ValueError
        Never.

    Notes
    -----
    The network goes to each worker once, not with every part of the runs.

    References
    ----------
    docs/algorithms/cascade.md
    """

    def on(function: Callable[[range], Any], numbers: Sequence[range]) -> Iterable[Any]:
        [kept] = client.scatter([function], broadcast=True, hash=False)
        futures: Iterable[Any] = client.map(_called, numbers, function=kept, pure=False)
        return futures

    return on


def _called(numbers: range, function: Callable[[range], Any]) -> Any:
    return function(numbers)


def _gathered(
    parts: Iterable[Any], runs: int, progress: Callable[[int, int], None] | None
) -> Ensemble:
    """All results, as they come; a future is asked for its own."""
    lost, damaged, done = [], [], 0
    for part in parts:
        each, hit = part.result() if hasattr(part, "result") else part
        lost.append(each)
        damaged.append(hit)
        done += len(hit)
        if progress is not None:
            progress(done, runs)
    return Ensemble(np.concatenate(lost), np.concatenate(damaged))


def _stamp(network: Network) -> str:
    found = blake2b(digest_size=16)
    for part in (*network.wires, network.served, network.ranks, network.sectors):
        found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


# A process keeps its simulator and its task: making them anew would cost more than the runs.
_kept: list[tuple[str, Simulator]] = []
_tasks: list[Task] = []


def _simulator(network: Network, stamp: str) -> Simulator:
    if not _kept or _kept[0][0] != stamp:
        _kept[:] = [(stamp, Simulator(network))]
    return _kept[0][1]


def _keep(task: str) -> None:
    with open(task, "rb") as kept:
        _tasks[:] = [pickle.load(kept)]  # noqa: S301  our own


def _simulate_kept(numbers: range) -> tuple[Floats, Ints]:
    return _tasks[0].simulate(numbers)
