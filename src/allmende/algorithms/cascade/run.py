"""What comes of a scenario on a network.

>>> from allmende.algorithms.cascade.network import Facility, Supply, make_network
>>> from allmende.algorithms.cascade.scenario import Damage, Scenario
>>> network = make_network(
...     [Facility("werk", "strom"), Facility("klinik", "gesundheit", served=900.0)],
...     [Supply("klinik", ("werk",), buffer_hours=72.0)],
... )
>>> run = simulate(network, Scenario(horizon=240.0, damages=(Damage("werk", at=0.0, hours=100.0),)))
>>> run.hours.tolist(), run.person_hours
([100.0, 28.0], 25200.0)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

import numpy as np

from .network import Floats, Ints, ModelError, Network, Wires
from .scenario import Evacuate, Outside, Scenario, crews_of, outside_of
from .speed import COMPILED
from .spread import restore, spread, spread_each
from .state import DOWN, SEEN, UP, State

FIRST_ROOM = 1 << 12


class Log(NamedTuple):
    """What happened, in its order: (L,) each; kinds and causes as ``state.py`` names them."""

    time: Floats
    kind: Ints
    what: Ints
    cause: Ints


@dataclass(frozen=True)
class Run:
    """What came of a scenario. ``hours`` : (N,) how long each facility was down."""

    network: Network
    scenario: Scenario
    hours: Floats
    log: Log

    @property
    def person_hours(self) -> float:
        """Hours without supply, summed over persons and sectors."""
        return float(self.losses.sum())

    @property
    def losses(self) -> Floats:
        """(sectors, municipalities) person-hours without supply."""
        net = self.network
        found = np.zeros((len(net.sector_names), len(net.municipalities)))
        hours = self.hours[net.share_facility]
        away = [each for each in self.scenario.interventions if isinstance(each, Evacuate)]
        lost = net.share_persons * hours
        if away:
            lost = lost - _spared(self, away)
        np.add.at(found, (net.sectors[net.share_facility], net.share_municipality), lost)
        return found


class Simulator:
    """Runs scenarios on one network, one after the other; what a run needs is made once.

    Compiled, it walks arrays; else lists, which plain Python reads faster.
    """

    def __init__(self, network: Network, *, compiled: bool = COMPILED) -> None:
        self.network = network
        self._as: Callable[[Any], Any] = np.ascontiguousarray if compiled else _as_list
        self._compiled = compiled
        own = _small(network.wires)._replace(buffer=network.wires.buffer.copy())
        wires: list[Any] = [self._as(part) for part in own]
        self._wires = Wires(*wires)
        self._state = _new_state(network, self._as)
        self._ranks = {
            False: self._as(network.ranks.astype(np.float64)),
            True: self._as(np.zeros(network.size)),
        }
        self._first_come = False
        self._room = FIRST_ROOM

    def run(self, scenario: Scenario) -> Run:
        """Everything that comes of a scenario.

        Raises ``ModelError`` if it names what is not there, or a time or number that cannot be.
        """
        outside = outside_of(self.network, scenario)
        crews = crews_of(self.network, scenario.crews)
        hours, log = self.spread(
            outside, crews=crews, horizon=scenario.horizon, first_come=scenario.first_come
        )
        return Run(self.network, scenario, hours, log)

    def spread(
        self, outside: Outside, *, crews: Ints, horizon: float, first_come: bool = False
    ) -> tuple[Floats, Log]:
        """The same for arrays: (N,) hours down, and the log."""
        while True:
            log = self._log(self._room)
            seen, hours, needed = self._spread(outside, crews, horizon, first_come, log)
            if needed <= self._room:
                found = np.zeros(self.network.size)
                found[seen] = hours
                lines: list[Any] = [
                    np.asarray(part[:needed], dtype=kind)
                    for part, kind in zip(log, LOG_TYPES, strict=True)
                ]
                return found, Log(*lines)
            self._room = 2 * needed  # it goes the same way again, and then there is room

    def outages(self, outside: Outside, *, crews: Ints, horizon: float) -> tuple[Ints, Floats]:
        """Who was down, and (S,) how long each: without a log, which costs more than a small run."""
        seen, hours, _needed = self._spread(outside, crews, horizon, False, self._log(0))
        return seen[hours > 0], hours[hours > 0]

    def loss(
        self, outside: Outside, *, crews: Ints, horizon: float, first_come: bool = False
    ) -> float:
        """Person-hours without supply alone, if nobody is evacuated: what a thousand runs ask."""
        log = self._log(0)
        seen, hours, _needed = self._spread(outside, crews, horizon, first_come, log)
        return float(hours @ self.network.served[seen])

    def loss_by_sector(
        self, outside: Outside, *, crews: Ints, horizon: float, first_come: bool = False
    ) -> Floats:
        """The same, for each sector."""
        seen, hours, _needed = self._spread(outside, crews, horizon, first_come, self._log(0))
        lost = np.bincount(
            self.network.sectors[seen],
            weights=hours * self.network.served[seen],
            minlength=len(self.network.sector_names),
        )
        return np.asarray(lost, dtype=np.float64)  # of nobody, numpy counts in whole numbers

    def store(self, group: int, hours: float) -> None:
        """From now on, the full store of a group holds so many hours; the network stays as it is."""
        self._wires.buffer[group] = hours
        self._state.level[group] = hours

    def loss_of_each(self, *, hours: float, horizon: float) -> Floats:
        """(N,) person-hours without supply if a facility alone is damaged at once and repaired in so many hours."""
        if not (hours > 0 and 0 < horizon < inf):
            raise ModelError("an outage or a horizon is not a positive number of hours")
        losses = self._as(np.zeros(self.network.size))
        one = Outside(np.zeros(1), np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([hours]))
        spread_each(
            self._wires,
            self._state,
            tuple(map(self._as, one)),
            self._as(crews_of(self.network, {})),
            horizon,
            self._log(0),
            self._as(self.network.served),
            self._ranks[self._first_come],
            losses,
        )
        return np.asarray(losses)

    def _log(self, room: int) -> Log:
        """An empty one."""
        return Log(*(self._as(np.zeros(room, kind)) for kind in LOG_TYPES))

    def _spread(
        self, outside: Outside, crews: Ints, horizon: float, first_come: bool, log: Log
    ) -> tuple[Ints, Floats, int]:
        """Who was touched, how long each was down, and the lines that the log needs."""
        state = self._state
        if first_come != self._first_come:
            state.rank[:] = self._ranks[first_come]
            self._first_come = first_come
        at, kind, what, value = map(self._as, outside)
        needed = spread(self._wires, state, at, kind, what, value, self._as(crews), horizon, log)
        touched = state.n[SEEN]
        if self._compiled:
            seen = state.seen[:touched].copy()
            hours = state.hours[seen]
        else:
            seen = np.array(state.seen[:touched], dtype=np.int64)
            hours = np.array([state.hours[facility] for facility in state.seen[:touched]])
        restore(self._wires, state, self._ranks[first_come])
        return seen, hours, int(needed)


LOG_TYPES = (np.float64, np.int64, np.int64, np.int64)


def simulate(network: Network, scenario: Scenario) -> Run:
    """Run a scenario once; who needs many runs keeps a ``Simulator``.

    Parameters
    ----------
    network : Network
    scenario : Scenario

    Returns
    -------
    Run

    Raises
    ------
    ModelError
        If the scenario names what is not there, or a time or number that cannot be.

    References
    ----------
    docs/algorithms/cascade.md

    R. L. Graham, "Bounds for certain multiprocessing anomalies", Bell Syst. Tech. J. 45 (1966),
    doi:10.1002/j.1538-7305.1966.tb01709.x: by rank, one crew more may do harm.
    """
    return Simulator(network).run(scenario)


def _as_list(values: Any) -> list[Any]:
    found: list[Any] = np.asarray(values).tolist()
    return found


def _small(wires: Wires) -> Wires:
    """Positions in small cells: there are never two thousand million facilities or edges."""
    names = ("owner", "groups_from", "supplies_from", "supplied", "pool", "pool_from")
    small: dict[str, Any] = {name: getattr(wires, name).astype(np.int32) for name in names}
    return wires._replace(**small)


def _new_state(network: Network, as_: Any) -> State:
    wires = network.wires
    facilities, groups, pools = network.size, network.group_count, len(network.pools)

    def whole(size: int, value: int = 0) -> Any:
        return as_(np.full(size, value, dtype=np.int64))

    # Small numbers in small cells: what a run walks over then fits into the caches.
    def number(size: int, value: int = 0) -> Any:
        return as_(np.full(size, value, dtype=np.int32))

    def flag(size: int, value: int = 0) -> Any:
        return as_(np.full(size, value, dtype=np.int8))

    def real(size: int) -> Any:
        return as_(np.zeros(size))

    return State(
        up=flag(facilities, 1),
        hurt=number(facilities),
        cause=number(facilities),
        hours=real(facilities),
        down_since=real(facilities),
        repair=real(facilities),
        rank=as_(network.ranks.astype(np.float64)),
        count=as_(wires.full.copy()),
        generators=number(groups),
        supplied=flag(groups, 1),
        level=as_(wires.buffer.copy()),
        since=real(groups),
        due=real(facilities + groups),
        heap=number(facilities + groups),
        place=number(facilities + groups, -1),
        queue=number(facilities),
        queued=number(facilities, -1),
        wait_rank=real(facilities),
        wait_since=real(facilities),
        free=whole(pools),
        waiting=whole(pools),
        stacks=number(4 * facilities),
        flags=flag(facilities),
        was_up=flag(facilities),
        pools=whole(pools),
        pool_flag=whole(pools),
        groups=number(groups),
        group_flag=flag(groups),
        seen=number(facilities),
        met=number(groups),
        n=whole(10),
    )


def down_between(run: Run) -> tuple[Ints, Floats, Floats]:
    """Tell when facilities were down.

    Parameters
    ----------
    run : Run

    Returns
    -------
    facility : (D,) int
        Sorted.
    begin, end : (D,) float
        Hours; the horizon, if it was still down then.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    log = run.log
    chosen = (log.kind == DOWN) | (log.kind == UP)
    what, time, kind = log.what[chosen], log.time[chosen], log.kind[chosen]
    order = np.lexsort((np.arange(len(what)), what))
    what, time, kind = what[order], time[order], kind[order]
    begins = np.flatnonzero(kind == DOWN)
    follows = np.minimum(begins + 1, len(what) - 1)
    ends = (begins + 1 < len(what)) & (what[follows] == what[begins])
    until = np.where(ends, time[follows], run.scenario.horizon)
    return what[begins], time[begins], until


def _spared(run: Run, away: Sequence[Evacuate]) -> Floats:
    """(S,) person-hours that those who had left did not miss; several who leave: who is left, leaves."""
    net, horizon = run.network, run.scenario.horizon
    stayed: dict[int, list[tuple[float, float]]] = {}
    for place, municipality in enumerate(net.municipalities):
        acts = [act for act in away if act.municipality == municipality]
        edges = sorted({0.0, horizon, *(e for a in acts for e in (a.at, min(a.until, horizon)))})
        if acts:
            stayed[place] = [
                (edge, float(np.prod([1 - a.share for a in acts if a.at <= edge < a.until])))
                for edge in edges
                if edge <= horizon
            ]
    what, begin, end = down_between(run)
    spared = np.zeros(len(net.share_persons))
    for place, steps in stayed.items():
        gone = np.zeros(net.size)
        for (edge, stay), (until, _) in pairwise(steps):
            hours = np.clip(np.minimum(end, until) - np.maximum(begin, edge), 0.0, None)
            np.add.at(gone, what, (1 - stay) * hours)
        here = net.share_municipality == place
        spared[here] = (net.share_persons * gone[net.share_facility])[here]
    return spared
