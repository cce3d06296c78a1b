"""What is to happen: which facilities fail for how long, and what a crisis staff does about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import TYPE_CHECKING

from ..models import Service
from ..queries import Need, Node, Register

if TYPE_CHECKING:
    from allmende.algorithms.cascade.scenario import Scenario

HORIZONS = (24, 72, 168, 336)


@dataclass(frozen=True)
class Plan:
    """All that is asked of a run.

    failing : numbers of facilities that are damaged at once
    chances : who may be hit at all and how likely, if that was drawn; ``seed`` is what it was drawn with
    hours : how long, each the same; None: as long as the repair of each mostly takes
    generators : numbers of facilities that get one, for their electricity
    restocked : numbers of facilities whose stores are filled
    arrival : hours after which generators and supplies are there
    begin : time of day
    runs : whether to draw repair times, and who is hit, many times, too
    """

    failing: frozenset[int]
    hours: float | None = None
    horizon: int = 72
    generators: frozenset[int] = frozenset()
    restocked: frozenset[int] = frozenset()
    arrival: float = 3.0
    begin: time = time(12)
    runs: bool = False
    chances: Mapping[int, float] = field(default_factory=dict)
    seed: int = 1

    @property
    def likely(self) -> Mapping[int, float]:
        """Who may be hit and how likely; who is sure to be among them."""
        return self.chances or dict.fromkeys(self.failing, 1.0)

    @property
    def is_drawn(self) -> bool:
        """Whether other facilities could have been hit."""
        return any(chance < 1 for chance in self.chances.values())

    @property
    def runs_differ(self) -> bool:
        """Whether many runs could come out otherwise."""
        return self.hours is None or self.is_drawn

    @property
    def decides(self) -> bool:
        """Whether anybody does anything about it."""
        return bool(self.generators or self.restocked)

    @property
    def undecided(self) -> "Plan":
        """The same if nobody did anything."""
        return replace(self, generators=frozenset(), restocked=frozenset())

    def repair_hours(self, node: Node) -> float:
        return node.repair_hours if self.hours is None else self.hours


def scenario_of(register: Register, plan: Plan) -> "Scenario":
    """The plan as the simulation takes it."""
    from allmende.algorithms.cascade.scenario import Damage, Generator, Restock, Scenario

    damages = tuple(
        Damage(str(number), 0.0, plan.repair_hours(register.nodes[number]))
        for number in sorted(plan.failing)
    )
    acts: list[Generator | Restock] = []
    if plan.arrival < plan.horizon:
        acts += [
            Generator(str(number), place, plan.arrival)
            for number, place, need in _supplies(register, plan.generators)
            if need.service == Service.POWER
        ]
        acts += [
            Restock(str(number), place, plan.arrival)
            for number, place, need in _supplies(register, plan.restocked)
            if need.buffer_hours > 0
        ]
    return Scenario(float(plan.horizon), damages, tuple(acts))


def _supplies(register: Register, numbers: Iterable[int]) -> list[tuple[int, int, Need]]:
    """The needs of some facilities, and their places in the network."""
    return [
        (number, place, need)
        for number in sorted(numbers)
        for place, need in enumerate(register.simulated_needs_of(number))
    ]
