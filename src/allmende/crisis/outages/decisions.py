"""What a crisis staff could do: whom a generator or a full store would help."""

from collections.abc import Sequence
from typing import NamedTuple

from ..models import Service
from ..queries import Node
from .play import Played

MOST_OFFERED = 20


class Candidate(NamedTuple):
    """A facility that could be helped; ``fails_at`` is when its store runs empty if nobody does anything."""

    node: Node
    fails_at: float | None
    takes_generator: bool
    has_store: bool
    gets_generator: bool
    gets_supplies: bool
    fitting: int = 0


def candidates(alone: Played, played: Played, *, powers: Sequence[int] = ()) -> list[Candidate]:
    """Those whose store runs empty first if nobody does anything, and whoever was chosen already.

    ``powers`` are the mobile generators that are known of, in kW.
    """
    register, plan = alone.register, played.plan
    first = {each.node.number: each.at for each in alone.runs_out}
    chosen = sorted(plan.generators | plan.restocked)
    # Of those with a connection first: there is more that can be done.
    useful = sorted(first, key=lambda number: register.nodes[number].feed_in_kw is None)
    offered = dict.fromkeys([*chosen, *useful[: max(0, MOST_OFFERED - len(chosen))]])
    found = []
    for number in offered:
        node, needs = register.nodes[number], register.simulated_needs_of(number)
        found.append(
            Candidate(
                node,
                first.get(number),
                node.feed_in_kw is not None and any(n.service == Service.POWER for n in needs),
                any(need.buffer_hours > 0 for need in needs),
                number in plan.generators,
                number in plan.restocked,
                sum(power >= (node.feed_in_kw or 0) for power in powers),
            )
        )
    return found
