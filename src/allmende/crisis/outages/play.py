"""What comes of a plan: who is without what, which stores run empty first, what one more hour would save."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..models import Service
from ..queries import Need, Node, Register
from .hazards import exposure_of
from .plan import Plan, scenario_of
from .timeline import groups_of

if TYPE_CHECKING:
    from allmende.algorithms.cascade.network import Floats
    from allmende.algorithms.cascade.resilience import Resilience
    from allmende.algorithms.cascade.run import Run, Simulator

RUNS, FEWEST_RUNS = 200, 20
# Lines of the log that all runs together may write: about a second without a compiler.
MOST_LINES = 160_000
HOURS_TRIED, HOURS_TOLD = 12, 10
MOST_TRIED_LINES = 100_000
QUANTILES = (0.05, 0.5, 0.95)
SEED = 1


class Lost(NamedTuple):
    """What one service lost: ``most`` people at once, ``hours`` for each one on the average."""

    service: Service
    served: float
    most: float
    person_hours: float
    hours: float


class RunsOut(NamedTuple):
    """A facility that fails because something in store was not enough."""

    node: Node
    need: Need
    since: float
    at: float


class Saving(NamedTuple):
    """What one more hour in store would save."""

    node: Node
    need: Need
    person_hours: float


class Spread(NamedTuple):
    """Person-hours lost in many runs: what one in twenty stays below, half do, one in twenty exceeds."""

    runs: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Played:
    """A plan, and what came of it."""

    register: Register
    plan: Plan
    run: "Run"
    simulator: "Simulator"

    @cached_property
    def person_hours(self) -> float:
        return self.run.person_hours

    @cached_property
    def resilience(self) -> "Resilience":
        from allmende.algorithms.cascade.resilience import resilience_of

        return resilience_of(self.run)

    @cached_property
    def without(self) -> "Floats":
        """(services, T) people without each service, from each of ``resilience.times`` on."""
        import numpy as np

        network = self.register.network
        whole = np.bincount(
            network.sectors, weights=network.served, minlength=len(network.sector_names)
        )
        # Whole people: shares have lost a last bit.
        return np.round((1.0 - self.resilience.shares) * whole[:, None], 6)

    @cached_property
    def lost(self) -> list[Lost]:
        """What each service lost, the worst first; those that lost nothing are left out."""
        import numpy as np

        network = self.register.network
        whole = np.bincount(
            network.sectors, weights=network.served, minlength=len(network.sector_names)
        )
        found = [
            Lost(
                Service(name),
                float(whole[place]),
                float(self.without[place].max()),
                float(self.resilience.lost[place] * whole[place]),
                float(self.resilience.lost[place]),
            )
            for place, name in enumerate(network.sector_names)
        ]
        return sorted(
            (each for each in found if each.person_hours > 0), key=lambda each: -each.person_hours
        )

    def people_without(self, service: Service) -> list[tuple[float, float]]:
        """From when on how many people are without a service."""
        row = self.without[self.register.network.sector_names.index(service)]
        return list(zip(self.resilience.times.tolist(), row.tolist(), strict=True))

    @cached_property
    def worst(self) -> float:
        """When the most people are without something, services added up; the first such moment."""
        import numpy as np

        return float(self.resilience.times[int(np.argmax(self.without.sum(axis=0)))])

    @cached_property
    def down(self) -> dict[int, list[tuple[float, float]]]:
        """When each facility that fails is down, by its number."""
        from allmende.algorithms.cascade.run import down_between

        numbers = list(self.register.nodes)
        found: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for what, begin, end in zip(
            *(part.tolist() for part in down_between(self.run)), strict=True
        ):
            found[numbers[what]].append((begin, end))
        return dict(found)

    def state_at(self, at: float) -> dict[int, int]:
        """0 for a facility that works, 1 for one that runs from its store, 2 for one that is down."""
        from allmende.algorithms.cascade.state import WITH, WITHOUT

        groups, log = groups_of(self.register), self.run.log
        lacking: set[int] = set()
        for time, kind, what in zip(
            log.time.tolist(), log.kind.tolist(), log.what.tolist(), strict=True
        ):
            if time > at:
                break
            if kind == WITHOUT:
                lacking.add(what)
            elif kind == WITH:
                lacking.discard(what)
        found = dict.fromkeys(self.register.nodes, 0)
        found.update({groups[each].facility: 1 for each in lacking})
        for number, spans in self.down.items():
            if any(begin <= at < end for begin, end in spans):
                found[number] = 2
        return found

    @cached_property
    def by_town(self) -> list[tuple[str, float, dict[str, float]]]:
        """Person-hours of each municipality: its name, all of them, and by service; the worst first."""
        network, losses = self.register.network, self.run.losses
        found = [
            (
                self.register.towns.get(int(town), ""),
                float(losses[:, place].sum()),
                dict(zip(network.sector_names, losses[:, place].tolist(), strict=True)),
            )
            for place, town in enumerate(network.municipalities)
        ]
        return sorted((row for row in found if row[1] > 0), key=lambda row: (-row[1], row[0]))

    @cached_property
    def runs_out(self) -> list[RunsOut]:
        """Whose store runs empty, the first first, then the largest; each facility once."""
        from allmende.algorithms.cascade.state import DOWN, WITHOUT

        nodes, groups = list(self.register.nodes.values()), groups_of(self.register)
        since: dict[int, float] = {}
        found: dict[int, RunsOut] = {}
        log = self.run.log
        for at, kind, what, cause in zip(*(part.tolist() for part in log), strict=True):
            if kind == WITHOUT:
                since[what] = at
            elif kind == DOWN and cause >= 0 and groups[cause].buffer_hours > 0:
                node = nodes[what]
                began = since.get(cause, at)
                if began < at:
                    found.setdefault(node.number, RunsOut(node, groups[cause], began, at))
        return sorted(found.values(), key=lambda each: (each.at, -each.node.served))

    @cached_property
    def savings(self) -> list[Saving]:
        """What one more hour would save at those whose store ran empty and on whom most hung."""
        from allmende.algorithms.cascade.scenario import crews_of, outside_of

        groups, weight = groups_of(self.register), self._weights
        places = {need.number: place for place, need in enumerate(groups)}
        most = min(HOURS_TRIED, MOST_TRIED_LINES // max(1, len(self.run.log.time)))
        tried = sorted(self.runs_out, key=lambda each: -weight[each.node.number])[:most]
        outside = outside_of(self.register.network, self.run.scenario)
        crews = crews_of(self.register.network, {})
        found = []
        for each in tried:
            group, hours = places[each.need.number], each.need.buffer_hours
            self.simulator.store(group, hours + 1.0)
            lost = self.simulator.loss(outside, crews=crews, horizon=self.run.scenario.horizon)
            self.simulator.store(group, hours)
            found.append(Saving(each.node, each.need, self.person_hours - lost))
        found = [each for each in found if each.person_hours > 0.5]
        return sorted(found, key=lambda each: -each.person_hours)[:HOURS_TOLD]

    @cached_property
    def _weights(self) -> dict[int, float]:
        """How many people hang on each that fell, roughly: its own, and those of who fell after it."""
        from allmende.algorithms.cascade.state import DOWN

        nodes, groups, log = (
            list(self.register.nodes.values()),
            groups_of(self.register),
            self.run.log,
        )
        found: dict[int, float] = defaultdict(float)
        falls = log.kind == DOWN
        fallen = list(zip(log.what[falls].tolist(), log.cause[falls].tolist(), strict=True))
        for what, cause in reversed(fallen):
            node = nodes[what]
            found[node.number] += node.served
            for supplier in groups[cause].suppliers if cause >= 0 else ():
                if supplier in self.down:
                    found[supplier] += found[node.number]
        return found

    @cached_property
    def spread(self) -> Spread | None:
        """The same with repair times that are drawn, and who is hit, too; None if all runs would be the same
        anyhow, or if there is no time for twenty of them.
        """
        import numpy as np

        from allmende.algorithms.cascade.ensemble import joined
        from allmende.algorithms.cascade.scenario import Scenario, crews_of, outside_of

        plan, scenario = self.plan, self.run.scenario
        runs = min(RUNS, MOST_LINES // max(1, len(self.run.log.time)))
        if not (plan.runs and plan.runs_differ) or runs < FEWEST_RUNS:
            return None
        network = self.register.network
        exposure = exposure_of(self.register, plan.likely, hours=plan.hours)
        acts = outside_of(network, Scenario(scenario.horizon, interventions=scenario.interventions))
        losses = [
            self.simulator.loss(
                joined(exposure.draw(seed), acts),
                crews=crews_of(network, {}),
                horizon=scenario.horizon,
            )
            for seed in range(SEED, SEED + runs)
        ]
        return Spread(runs, *np.quantile(losses, QUANTILES).tolist())


def play(register: Register, plan: Plan) -> Played:
    """Compute what comes of a plan: the same today and tomorrow, as long as the register is the same."""
    from allmende.algorithms.cascade.run import Simulator

    simulator = Simulator(register.network)
    return Played(register, plan, simulator.run(scenario_of(register, plan)), simulator)
