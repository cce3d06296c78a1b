"""A scenario on a network: what is damaged when, who repairs, what people do, and what comes of it.

>>> from allmende.algorithms.cascade.network import Facility, Supply, make_network
>>> network = make_network(
...     [Facility("werk", "strom"), Facility("klinik", "gesundheit", served=900.0)],
...     [Supply("klinik", ("werk",), buffer_hours=72.0)],
... )
>>> run = simulate(network, Scenario(horizon=240.0, damages=(Damage("werk", at=0.0, hours=100.0),)))
>>> run.hours.tolist(), run.person_hours
([100.0, 28.0], 25200.0)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from . import spread as kernel
from .network import Floats, Ints, ModelError, Network, Wires
from .speed import COMPILED

TWO_WEEKS = 336.0
FIRST_ROOM = 1 << 12


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


class Log(NamedTuple):
    """What happened, in its order: (L,) each; kinds and causes as ``spread.py`` names them."""

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
        wires: list[Any] = [self._as(part) for part in network.wires]
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
        if not 0 < scenario.horizon < inf:
            raise ModelError("the horizon is not a positive number of hours")
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

    def loss(
        self, outside: Outside, *, crews: Ints, horizon: float, first_come: bool = False
    ) -> float:
        """Person-hours without supply alone, if nobody is evacuated: what a thousand runs ask."""
        log = self._log(0)
        seen, hours, _needed = self._spread(outside, crews, horizon, first_come, log)
        return float(hours @ self.network.served[seen])

    def loss_of_each(self, *, hours: float, horizon: float) -> Floats:
        """(N,) person-hours without supply if a facility alone is damaged at once and repaired in so many hours."""
        losses = self._as(np.zeros(self.network.size))
        one = Outside(np.zeros(1), np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([hours]))
        kernel.spread_each(
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
        needed = kernel.spread(
            self._wires, state, at, kind, what, value, self._as(crews), horizon, log
        )
        touched = state.n[kernel.SEEN]
        if self._compiled:
            seen = state.seen[:touched].copy()
            hours = state.hours[seen]
        else:
            seen = np.array(state.seen[:touched], dtype=np.int64)
            hours = np.array([state.hours[facility] for facility in state.seen[:touched]])
        kernel.restore(self._wires, state, self._ranks[first_come])
        return seen, hours, int(needed)


LOG_TYPES = (np.float64, np.int64, np.int64, np.int64)


def simulate(network: Network, scenario: Scenario) -> Run:
    """One run; who needs many keeps a ``Simulator``."""
    return Simulator(network).run(scenario)


def _as_list(values: Any) -> list[Any]:
    found: list[Any] = np.asarray(values).tolist()
    return found


def _new_state(network: Network, as_: Any) -> kernel.State:
    wires = network.wires
    facilities, groups, pools = network.size, network.group_count, len(network.pools)

    def whole(size: int, value: int = 0) -> Any:
        return as_(np.full(size, value, dtype=np.int64))

    def real(size: int) -> Any:
        return as_(np.zeros(size))

    return kernel.State(
        up=whole(facilities, 1),
        hurt=whole(facilities),
        cause=whole(facilities),
        hours=real(facilities),
        down_since=real(facilities),
        repair=real(facilities),
        rank=as_(network.ranks.astype(np.float64)),
        count=as_(wires.full.copy()),
        generators=whole(groups),
        supplied=whole(groups, 1),
        level=as_(wires.buffer.copy()),
        since=real(groups),
        due=real(facilities + groups),
        heap=whole(facilities + groups),
        place=whole(facilities + groups, -1),
        queue=whole(facilities),
        queued=whole(facilities, -1),
        wait_rank=real(facilities),
        wait_since=real(facilities),
        free=whole(pools),
        waiting=whole(pools),
        stacks=whole(4 * facilities),
        flags=whole(facilities),
        was_up=whole(facilities),
        pools=whole(pools),
        pool_flag=whole(pools),
        groups=whole(groups),
        group_flag=whole(groups),
        seen=whole(facilities),
        met=whole(groups),
        n=whole(10),
    )


def crews_of(network: Network, crews: Mapping[str, int]) -> Ints:
    """(P,) crews of each pool."""
    for pool, count in crews.items():
        if pool not in network.pools:
            raise ModelError(f"unknown pool of crews: {pool!r}")
        if count < 0:
            raise ModelError(f"pool {pool!r} has fewer than no crews")
    return np.array([crews.get(pool, kernel.UNLIMITED) for pool in network.pools], dtype=np.int64)


def outside_of(network: Network, scenario: Scenario) -> Outside:
    """What comes from outside in a scenario, in the order in which it counts."""
    rows: list[tuple[float, int, int, float]] = []
    for damage in scenario.damages:
        if not damage.hours > 0:
            raise ModelError(f"repair of {damage.facility!r} takes no time, or less")
        what = network.position(damage.facility)
        rows.append((_time(damage.at), kernel.DAMAGE, what, damage.hours))
    for act in scenario.interventions:
        rows += _rows_of(network, act)
    # Stable: what people do at one moment counts in the order in which they decided.
    return outside(rows)


def outside(rows: Iterable[tuple[float, int, int, float]]) -> Outside:
    """Rows of time, kind, what and value, sorted and as arrays."""
    ordered = sorted(rows, key=lambda row: (row[0], row[1] != kernel.DAMAGE))
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
        return [(_time(act.at), kernel.RERANK, what, float(act.rank))]
    if isinstance(act, Isolate):
        return _pair(act.at, act.until, kernel.ISOLATE, kernel.REJOIN, what)
    groups = network.groups_of(what)
    if not 0 <= act.supply < len(groups):
        raise ModelError(f"{act.facility!r} has no supply number {act.supply}")
    if isinstance(act, Restock):
        return [(_time(act.at), kernel.RESTOCK, groups[act.supply], 0.0)]
    on, off = kernel.GENERATOR_ON, kernel.GENERATOR_OFF
    return _pair(act.at, act.until, on, off, groups[act.supply])


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


def down_between(run: Run) -> tuple[Ints, Floats, Floats]:
    """When facilities were down: facility, from, until (the horizon, if it was still down then)."""
    log = run.log
    chosen = (log.kind == kernel.DOWN) | (log.kind == kernel.UP)
    what, time, kind = log.what[chosen], log.time[chosen], log.kind[chosen]
    order = np.lexsort((np.arange(len(what)), what))
    what, time, kind = what[order], time[order], kind[order]
    begins = np.flatnonzero(kind == kernel.DOWN)
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
