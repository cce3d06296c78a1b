"""What a facility depends on, and what depends on it, some steps away in each direction."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .network import Need, Node, Register

UP, DOWN = 2, 3


class Link(NamedTuple):
    """Somebody supplies somebody; ``step`` is how far the farther one is from the facility, below 0 upstream."""

    step: int
    supplier: Node
    need: Need
    facility: Node

    @property
    def distance(self) -> int:
        return abs(self.step)


@dataclass(frozen=True)
class Chain:
    """Facilities by their step from one in the middle (below 0: it depends on them), and what joins them.

    ``unseen`` are needs whose suppliers are hidden, in part or all of them.
    """

    middle: Node
    steps: dict[int, int]
    links: list[Link] = field(default_factory=list)
    unseen: list[Need] = field(default_factory=list)


def chain_of(register: Register, number: int) -> Chain:
    """Two steps towards those it depends on, three towards those that depend on it."""
    nodes = register.nodes
    steps = {number: 0}
    links: dict[tuple[int, int], Link] = {}
    unseen: list[Need] = []
    edge = [number]
    for step in range(-1, -UP - 1, -1):
        further = []
        for each in edge:
            for need in register.needs_of.get(each, ()):
                if need.hidden:
                    unseen.append(need)
                for supplier in need.suppliers:
                    links.setdefault(
                        (need.number, supplier), Link(step, nodes[supplier], need, nodes[each])
                    )
                    if supplier not in steps:
                        steps[supplier] = step
                        further.append(supplier)
        edge = further
    edge = [number]
    for step in range(1, DOWN + 1):
        further = []
        for each in edge:
            for need in register.needed_by.get(each, ()):
                links.setdefault(
                    (need.number, each), Link(step, nodes[each], need, nodes[need.facility])
                )
                if need.facility not in steps:
                    steps[need.facility] = step
                    further.append(need.facility)
        edge = further
    ordered = sorted(
        links.values(), key=lambda link: (link.step, link.supplier.name, link.facility.name)
    )
    return Chain(nodes[number], steps, ordered, unseen)
