"""The same model once more, hour by hour on a graph of networkx: slow, simple, and by other means.

Only for whole hours, and for what happens at whole hours. It can also be told to empty stores only while their owner
works: a model that we do not have, and why.
"""

from dataclasses import dataclass

import networkx as nx

from allmende.algorithms.cascade.network import Facility, Supply
from allmende.algorithms.cascade.scenario import (
    Damage,
    Evacuate,
    Generator,
    Intervention,
    Isolate,
    Rerank,
    Restock,
    Scenario,
)

FACILITY, GROUP = "facility", "group"


@dataclass
class Group:
    """What is left in a store, and who stands in."""

    supply: Supply
    level: float
    generators: int = 0
    is_supplied: bool = True


class World:
    """All that changes from hour to hour."""

    def __init__(
        self,
        facilities: list[Facility],
        supplies: list[Supply],
        scenario: Scenario,
        *,
        by_clock: bool,
    ) -> None:
        self.by_clock = by_clock
        self.facilities = {each.key: each for each in facilities}
        self.order = {each.key: number for number, each in enumerate(facilities)}
        self.scenario = scenario
        self.up = set(self.facilities)
        self.damaged: set[str] = set()
        self.isolated: set[str] = set()
        self.rank = {
            key: 0 if scenario.first_come else each.rank for key, each in self.facilities.items()
        }
        self.waiting: dict[str, tuple[float, float, int]] = {}
        self.until: dict[str, float] = {}
        self.repair: dict[str, float] = {}
        self.hours = dict.fromkeys(self.facilities, 0.0)
        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(self.facilities, kind=FACILITY)
        for number, supply in enumerate(supplies):
            group = (supply.facility, number)
            self.graph.add_node(group, kind=GROUP, state=Group(supply, supply.buffer_hours))
            self.graph.add_edge(group, supply.facility)
            weights = supply.weights or (1,) * len(supply.suppliers)
            for key, weight in zip(supply.suppliers, weights, strict=True):
                self.graph.add_edge(key, group, weight=weight)

    def groups_of(self, facility: str) -> list[tuple[str, int]]:
        return sorted(self.graph.predecessors(facility), key=lambda group: group[1])

    def state(self, group: tuple[str, int]) -> Group:
        found: Group = self.graph.nodes[group]["state"]
        return found

    def is_supplied(self, group: tuple[str, int], up: set[str]) -> bool:
        state = self.state(group)
        there = sum(
            self.graph.edges[key, group]["weight"]
            for key in self.graph.predecessors(group)
            if key in up
        )
        return state.generators > 0 or there >= state.supply.needed

    def stands(self, facility: str, up: set[str]) -> bool:
        if facility in self.damaged or facility in self.isolated:
            return False
        return all(
            self.is_supplied(group, up) or self.state(group).level > 0
            for group in self.groups_of(facility)
        )

    def settle(self) -> None:
        """The greatest set that stands; who cannot start alone comes when it would stand without itself."""
        up = {key for key, each in self.facilities.items() if key in self.up or each.starts_alone}
        while True:
            while len(left := {key for key in up if self.stands(key, up)}) < len(up):
                up = left
            late = {key for key in self.facilities if key not in up and self.stands(key, up)}
            if not late:
                break
            up = late | up | {key for key, each in self.facilities.items() if each.starts_alone}
        self.up = up

    def pass_an_hour(self) -> None:
        for key in self.facilities.keys() - self.up:
            self.hours[key] += 1
        for group, data in self.graph.nodes(data=True):
            if data["kind"] == GROUP:
                state, supply = self.state(group), self.state(group).supply
                empties = self.by_clock or supply.facility in self.up
                change = supply.recharge if state.is_supplied else -int(empties)
                state.level = min(supply.buffer_hours, max(0, state.level + change))

    def happen(self, hour: int) -> None:
        for damage in self.scenario.damages:
            if damage.at == hour and damage.facility not in self.damaged:
                self.damage(damage, hour)
        for key in [key for key, end in self.until.items() if end == hour]:
            del self.until[key]
            self.damaged.discard(key)
        for act in self.scenario.interventions:
            self.act(act, hour)
        self.dispatch(hour)
        self.settle()
        for group, data in self.graph.nodes(data=True):
            if data["kind"] == GROUP:
                self.state(group).is_supplied = self.is_supplied(group, self.up)

    def damage(self, damage: Damage, hour: int) -> None:
        key = damage.facility
        self.damaged.add(key)
        self.repair[key] = damage.hours
        if damage.hours < float("inf"):
            self.waiting[key] = (self.rank[key], hour, self.order[key])

    def act(self, act: Intervention, hour: int) -> None:
        if isinstance(act, Evacuate):
            return
        key = act.facility
        if isinstance(act, Generator):
            state = self.state(self.groups_of(key)[act.supply])
            state.generators += (act.at == hour) - (act.until == hour)
        elif isinstance(act, Restock) and act.at == hour:
            state = self.state(self.groups_of(key)[act.supply])
            state.level = state.supply.buffer_hours
        elif isinstance(act, Isolate) and act.at == hour:
            self.isolated.add(key)
        elif isinstance(act, Isolate) and act.until == hour:
            self.isolated.discard(key)
        elif isinstance(act, Rerank) and act.at == hour:
            self.rank[key] = act.rank
            if key in self.waiting:
                self.waiting[key] = (act.rank, *self.waiting[key][1:])

    def dispatch(self, hour: int) -> None:
        for pool in {self.facilities[key].pool for key in self.waiting}:
            here = [key for key in self.waiting if self.facilities[key].pool == pool]
            busy = sum(self.facilities[key].pool == pool for key in self.until)
            free = self.scenario.crews.get(pool, len(self.facilities)) - busy
            for key in sorted(here, key=self.waiting.__getitem__)[: max(free, 0)]:
                del self.waiting[key]
                self.until[key] = hour + self.repair[key]


def hours_down(
    facilities: list[Facility],
    supplies: list[Supply],
    scenario: Scenario,
    *,
    by_clock: bool = True,
) -> list[float]:
    """How long each facility was down; not ``by_clock``: stores empty only while their owner works."""
    world = World(facilities, supplies, scenario, by_clock=by_clock)
    for hour in range(int(scenario.horizon)):
        if hour:
            world.pass_an_hour()
        world.happen(hour)
    world.pass_an_hour()
    return [world.hours[each.key] for each in facilities]
