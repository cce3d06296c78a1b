"""Single points of failure: facilities whose failure alone takes others down (N−1)."""

from typing import NamedTuple

from ..queries import Node, Register

HORIZON = 336.0
# So many are let fail one by one while somebody waits; of more, those on which most hang directly.
MOST_FACILITIES = 4_000
MOST_TRIED = 1_000


class Bottleneck(NamedTuple):
    """What the failure of one facility alone costs."""

    node: Node
    person_hours: float
    own: float
    falls: int

    @property
    def amplification(self) -> float | None:
        """How many times its own loss that is; None where it supplies nobody itself."""
        return self.person_hours / self.own if self.own else None


class Bottlenecks(NamedTuple):
    """Those that take others down, the worst first; ``tried`` of all were let fail."""

    rows: list[Bottleneck]
    tried: int
    hours: float


def find_bottlenecks(register: Register, *, hours: float) -> Bottlenecks:
    """Let facilities on which others depend fail one by one, each for so many hours."""
    from allmende.algorithms.cascade.hazards import damages
    from allmende.algorithms.cascade.run import Simulator
    from allmende.algorithms.cascade.scenario import crews_of

    network, numbers = register.network, list(register.nodes)
    simulator, crews = Simulator(network), crews_of(network, {})
    places = {number: place for place, number in enumerate(numbers)}
    wanted = sorted(register.needed_by, key=lambda each: (-len(register.needed_by[each]), each))
    tried = wanted if len(numbers) <= MOST_FACILITIES else wanted[:MOST_TRIED]
    rows = []
    for number in tried:
        hurt = damages([0.0], [places[number]], [hours])
        down, lasting = simulator.outages(hurt, crews=crews, horizon=HORIZON)
        if len(down) > 1:
            falls = len(down) - 1
            own = float(network.served[places[number]] * lasting[down == places[number]].sum())
            lost = float(lasting @ network.served[down])
            rows.append(Bottleneck(register.nodes[number], lost, own, falls))
    rows.sort(key=lambda each: (-each.person_hours, -each.falls, each.node.name))
    return Bottlenecks(rows, len(tried), hours)
