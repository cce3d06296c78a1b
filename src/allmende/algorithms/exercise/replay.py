"""The world of an exercise at any time: computed anew from network, scenario, seed and decisions.

>>> from allmende.algorithms.cascade.network import Facility, Supply, make_network
>>> from allmende.algorithms.cascade.scenario import Damage, Scenario
>>> from allmende.algorithms.exercise.decisions import Made, Send, Unit
>>> network = make_network(
...     [Facility("netz", "strom"), Facility("klinik", "gesundheit", "Lindenfurt", served=900.0)],
...     [Supply("klinik", ("netz",), buffer_hours=24.0)],
... )
>>> world = World(network, Scenario(horizon=96.0, damages=(Damage("netz", 1.0, 72.0),)), {"a": Unit("a")})
>>> replay = Replay(world)
>>> nothing, sent = replay.future([]), replay.future([Made(5 * HOUR, (Send("a", "klinik"),))])
>>> [(t.hour, t.state, t.left) for t in nothing.transitions if t.facility == "klinik"]
[(1.0, 'buffered', 24.0), (25.0, 'failed', 0.0), (73.0, 'operational', inf)]
>>> nothing.person_hours, sent.person_hours
(43200.0, 0.0)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, pairwise
from math import inf
from threading import Lock
from typing import NamedTuple

import numpy as np

from allmende.algorithms.cascade.network import Floats, ModelError, Network
from allmende.algorithms.cascade.run import Run, Simulator
from allmende.algorithms.cascade.scenario import Evacuate, Restock, Scenario
from allmende.algorithms.cascade.state import (
    BY_DAMAGE,
    BY_DECISION,
    CREW,
    DAMAGED,
    DOWN,
    REPAIRED,
    UP,
    WITH,
    WITHOUT,
)

from .clock import HOUR
from .conditions import ALWAYS, BUFFERED, FAILED, OPERATIONAL, REPAIRING
from .decisions import Made, Unit, interventions


@dataclass(frozen=True)
class World:
    """What an exercise is played on.

    scenario : with what was drawn for its seed, and what is done in any case; until after the exercise
    units : the generators that people may send
    begins : hour of the simulation at which the exercise begins
    """

    network: Network
    scenario: Scenario
    units: Mapping[str, Unit] = field(default_factory=dict)
    begins: float = 0.0

    def hour(self, exercise: int) -> float:
        """The hour of the simulation at an exercise time."""
        return self.begins + exercise / HOUR

    def moment(self, hour: float) -> int:
        """The exercise time of an hour of the simulation; negative before the exercise began."""
        return round((hour - self.begins) * HOUR)


class Transition(NamedTuple):
    """A facility gets into another state.

    left : hours until it fails if nothing changes (BUFFERED), until it is repaired (REPAIRING), else
        infinite or 0
    cause : why it is down or runs on its store: "damage", "decision", or the supply group's number
    """

    hour: float
    facility: str
    state: str
    left: float
    cause: str = ""


class Standing(NamedTuple):
    """How a facility is at some time; ``left`` as in `Transition`."""

    state: str
    left: float
    cause: str


NORMAL = Standing(OPERATIONAL, inf, "")


class Future:
    """What comes of a world with some decisions. What was before a decision is the same without it."""

    def __init__(self, world: World, run: Run, suppliers: Mapping[int, tuple[str, ...]]) -> None:
        self.world, self.run, self._suppliers = world, run, suppliers
        self.transitions: tuple[Transition, ...] = tuple(self._walk())

    @property
    def person_hours(self) -> float:
        """Hours without supply, summed over persons and sectors."""
        return self.run.person_hours

    @property
    def by_sector(self) -> dict[str, float]:
        """The same, sector by sector."""
        names = self.run.network.sector_names
        return dict(zip(names, self.run.losses.sum(axis=1).tolist(), strict=True))

    def suppliers(self, cause: str) -> tuple[str, ...]:
        """The facilities whose failure a cause is; none for "damage" and "decision"."""
        return self._suppliers.get(int(cause), ()) if cause.isdigit() else ()

    def standing(self, exercise: int) -> dict[str, Standing]:
        """How facilities are at an exercise time; those not named are as they are normally."""
        hour = self.world.hour(exercise)
        found: dict[str, Standing] = {}
        for each in self.transitions:
            if each.hour > hour:
                break
            if each.state == OPERATIONAL:
                found.pop(each.facility, None)
            else:
                left = max(0.0, each.left - (hour - each.hour))
                found[each.facility] = Standing(each.state, left, each.cause)
        return found

    def spans(self) -> dict[str, list[tuple[int, int, str]]]:
        """When each facility is in which state, in exercise time, as conditions look at it."""
        end = self.world.moment(self.run.scenario.horizon)
        found = {key: [(-ALWAYS, OPERATIONAL)] for key in self.run.network.facilities.tolist()}
        for each in self.transitions:
            found[each.facility].append((self.world.moment(each.hour), each.state))
        return {
            key: [
                (at, until, state)
                for (at, state), (until, _) in pairwise([*steps, (max(end, steps[-1][0]), "")])
                if until > at
            ]
            for key, steps in found.items()
        }

    def without_supply(self, exercise: int) -> Floats:
        """(sectors, municipalities) persons without supply at an exercise time; who has left is not counted."""
        net, hour = self.run.network, self.world.hour(exercise)
        down = np.zeros(net.size)
        for key, standing in self.standing(exercise).items():
            down[net.position(key)] = standing.state in (FAILED, REPAIRING)
        staying = np.ones(len(net.municipalities))
        for act in self.run.scenario.interventions:
            if isinstance(act, Evacuate) and act.at <= hour < act.until:
                staying[net.municipalities.index(act.municipality)] *= 1 - act.share
        missed = net.share_persons * down[net.share_facility] * staying[net.share_municipality]
        found = np.zeros((len(net.sector_names), len(net.municipalities)))
        np.add.at(found, (net.sectors[net.share_facility], net.share_municipality), missed)
        return found

    @cached_property
    def course(self) -> tuple[Floats, Floats]:
        """Hours at which anything changes, ascending, and (hours, sectors) persons without supply from then on."""
        net = self.run.network
        by_facility = np.argsort(net.share_facility, kind="stable")
        first = np.searchsorted(net.share_facility[by_facility], np.arange(net.size + 1))
        evacuations = [act for act in self.run.scenario.interventions if isinstance(act, Evacuate)]
        turns = [hour for act in evacuations for hour in (act.at, act.until)]
        hours = sorted({each.hour for each in self.transitions} | {h for h in turns if h < inf})
        missed = np.zeros((len(net.sector_names), len(net.municipalities)))
        down = np.zeros(net.size, dtype=bool)
        found, coming = np.zeros((len(hours), len(net.sector_names))), iter(self.transitions)
        each = next(coming, None)
        for row, hour in enumerate(hours):
            while each is not None and each.hour <= hour:
                place, fails = net.position(each.facility), each.state in (FAILED, REPAIRING)
                if fails != down[place]:
                    down[place] = fails
                    shares = by_facility[first[place] : first[place + 1]]
                    persons = net.share_persons[shares] * (1 if fails else -1)
                    where = np.full(shares.size, net.sectors[place]), net.share_municipality[shares]
                    np.add.at(missed, where, persons)
                each = next(coming, None)
            staying = np.ones(len(net.municipalities))
            for act in evacuations:
                if act.at <= hour < act.until:
                    staying[net.municipalities.index(act.municipality)] *= 1 - act.share
            found[row] = missed @ staying
        return np.array(hours), found

    def lost_by(self, exercise: int) -> dict[str, float]:
        """Person-hours without supply up to an exercise time, sector by sector."""
        hours, persons = self.course
        last = min(self.world.hour(exercise), self.run.scenario.horizon)
        spans = np.diff(np.minimum(np.append(hours, inf), last))
        return dict(zip(self.run.network.sector_names, (spans @ persons).tolist(), strict=True))

    def _walk(self) -> Iterable[Transition]:
        """Go through the log, moment by moment, and look at whoever was touched."""
        net, scenario = self.run.network, self.run.scenario
        keys, owner = net.facilities.tolist(), net.wires.owner.tolist()
        places = _Places(net)
        told: dict[int, Standing] = {}
        restocks = [
            (act.at, net.groups_of(net.position(act.facility))[act.supply])
            for act in scenario.interventions
            if isinstance(act, Restock) and act.at <= scenario.horizon
        ]
        log = zip(*(part.tolist() for part in self.run.log), strict=True)
        # At equal times, what people do counts last.
        events = [*log, *((at, RESTOCKED, group, 0) for at, group in restocks)]
        ends = _repaired(events)
        for hour, batch in groupby(sorted(events, key=lambda event: event[0]), key=lambda e: e[0]):
            touched: dict[int, bool] = {}  # whether its store was filled
            for _hour, kind, what, cause in batch:
                places.note(hour, kind, what, cause)
                facility = owner[what] if kind in (WITH, WITHOUT, RESTOCKED) else what
                touched[facility] = touched.get(facility, False) or kind == RESTOCKED
            for facility, refilled in touched.items():
                standing = places.standing(facility, hour, ends)
                before = told.get(facility, NORMAL)
                longer = refilled and standing.state == BUFFERED
                if longer or (standing.state, standing.cause) != (before.state, before.cause):
                    told[facility] = standing
                    yield Transition(hour, keys[facility], *standing)


RESTOCKED = -1


class _Places:
    """Facilities and stores as the log is walked through."""

    def __init__(self, network: Network) -> None:
        self._wires = network.wires
        self._groups_of = network.groups_of
        self._hurt: set[int] = set()
        self._crewed: dict[int, float] = {}
        self._down: dict[int, int] = {}
        self._short: set[int] = set()
        self._levels: dict[int, tuple[float, float]] = {}  # hours, and since when

    def note(self, hour: float, kind: int, what: int, cause: int) -> None:
        if kind == DAMAGED:
            self._hurt.add(what)
        elif kind == CREW:
            self._crewed[what] = hour
        elif kind == REPAIRED:
            self._hurt.discard(what)
            self._crewed.pop(what, None)
        elif kind == DOWN:
            self._down[what] = cause
        elif kind == UP:
            self._down.pop(what, None)
        elif kind == RESTOCKED:
            self._levels[what] = (float(self._wires.buffer[what]), hour)
        else:
            self._levels[what] = (self._level(what, hour), hour)
            (self._short.add if kind == WITHOUT else self._short.discard)(what)

    def _level(self, group: int, hour: float) -> float:
        full = float(self._wires.buffer[group])
        level, since = self._levels.get(group, (full, hour))
        if group in self._short:
            return max(0.0, level - (hour - since))
        return min(full, level + (hour - since) * float(self._wires.recharge[group]))

    def standing(
        self, facility: int, hour: float, ends: Mapping[tuple[int, float], float]
    ) -> Standing:
        if facility in self._hurt and facility in self._crewed:
            until = ends.get((facility, self._crewed[facility]), inf)
            return Standing(REPAIRING, until - hour, "damage")
        if facility in self._down:
            cause = self._down[facility]
            named = {BY_DAMAGE: "damage", BY_DECISION: "decision"}.get(cause, str(cause))
            return Standing(FAILED, 0.0, "damage" if facility in self._hurt else named)
        short = [
            (self._level(group, hour), group)
            for group in self._groups_of(facility)
            if group in self._short
        ]
        if short:
            left, group = min(short)
            return Standing(BUFFERED, left, str(group))
        return NORMAL


def _repaired(events: Sequence[tuple[float, int, int, int]]) -> dict[tuple[int, float], float]:
    """When the crew that came to a facility at some time has done its work."""
    came: dict[int, float] = {}
    found = {}
    for hour, kind, what, _cause in events:
        if kind == CREW:
            came[what] = hour
        elif kind == REPAIRED and what in came:
            found[what, came.pop(what)] = hour
    return found


class Replay:
    """Computes futures of one world; what every run needs is made once. Threads may share it."""

    def __init__(self, world: World) -> None:
        if not world.scenario.horizon > world.begins >= 0:
            raise ModelError("the exercise begins after the scenario has ended")
        self.world = world
        self._simulator = Simulator(world.network)
        # A simulator works in its own arrays; two threads in them would both get nonsense.
        self._one_at_a_time = Lock()
        wires, keys = world.network.wires, world.network.facilities
        supplier = np.repeat(np.arange(world.network.size), np.diff(wires.supplies_from))
        self._suppliers: dict[int, tuple[str, ...]] = {}
        for group, place in zip(wires.supplied.tolist(), supplier.tolist(), strict=True):
            self._suppliers[group] = (*self._suppliers.get(group, ()), str(keys[place]))

    def future(self, made: Sequence[Made]) -> Future:
        """What comes of these decisions; raises ``ModelError`` if one names what is not there."""
        return Future(self.world, self._run(made, self.world.scenario), self._suppliers)

    def lost(
        self, made: Sequence[Made], *, until: float = inf, more: Mapping[str, int] | None = None
    ) -> float:
        """Person-hours without supply up to an hour of the simulation, with so many crews ``more`` by pool."""
        scenario, more = self.world.scenario, more or {}
        crews = {pool: count + more.get(pool, 0) for pool, count in scenario.crews.items()}
        last = min(scenario.horizon, until)
        return self._run(made, replace(scenario, crews=crews, horizon=last)).person_hours

    def _run(self, made: Sequence[Made], scenario: Scenario) -> Run:
        acts = interventions(made, self.world.units, begins=self.world.begins)
        scenario = replace(scenario, interventions=(*scenario.interventions, *acts))
        with self._one_at_a_time:
            return self._simulator.run(scenario)


def changes(
    before: Future, after: Future, *, exercise: int
) -> tuple[list[Transition], list[Transition]]:
    """Tell what a decision changes.

    Parameters
    ----------
    before, after : Future
        Without and with it.
    exercise : int
        When it was made; what was earlier must be the same.

    Returns
    -------
    (list of Transition, list of Transition)
        What will no longer happen, and what will happen instead.

    Raises
    ------
    ValueError
        If the past differs: the two are not of one exercise.

    References
    ----------
    docs/algorithms/exercise.md
    """
    hour = before.world.hour(exercise)
    old, new = set(before.transitions), set(after.transitions)
    gone = [each for each in before.transitions if each not in new]
    come = [each for each in after.transitions if each not in old]
    if any(each.hour < hour for each in (*gone, *come)):
        raise ValueError("the past differs")
    return gone, come
