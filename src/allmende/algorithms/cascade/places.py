"""Where a few mobile generators help most: one after the other, or the best of all.

A generator stands in for one supply group. One more never harms, since who is repaired when does not depend on
who is up; so nobody falls who stood without it, and only those can gain who are down without any. What is
computed uses just that: two generators whose *reaches* (those downstream who are down without help) do not meet
help independently of each other. Nothing else is promised: of two that both are needed, one alone is worth
nothing, so that taking the best one after the other may end anywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, inf

import numpy as np

from .ensemble import joined
from .network import ModelError, Network
from .run import Simulator
from .scenario import Outside, Scenario, crews_of, outside_of
from .state import GENERATOR_OFF, GENERATOR_ON, WITHOUT

MOST_EXACT = 3
MOST_CHOICES = 50_000
# Sums of the same numbers in another order differ by less.
NOTHING = 1e-9


@dataclass(frozen=True)
class Places:
    """Where to send generators.

    groups : supply groups, the first one first; fewer than asked for if no other helps
    losses : person-hours without supply: without any, with the first, with the first two …
    exact : nothing is better than all of them together; else they were taken one after the other
    """

    groups: tuple[int, ...]
    losses: tuple[float, ...]
    exact: bool


class Sites:
    """What generators save, for what hit a network.

    hits : what was drawn, one or several; losses are means over them, and who is evacuated counts as if there
    scenario : what happens in any case
    at, until : hours between which a generator stands in
    """

    def __init__(
        self,
        network: Network,
        hits: Sequence[Outside],
        scenario: Scenario | None = None,
        *,
        at: float = 0.0,
        until: float = inf,
    ) -> None:
        if not hits:
            raise ValueError("nothing hits the network")
        if not 0 <= at < until:
            raise ModelError(f"it ends at {until}, before it has begun at {at}")
        self.network, self._at, self._until = network, at, until
        scenario = scenario or Scenario()
        always = outside_of(network, scenario)
        self._horizon, self._first_come = scenario.horizon, scenario.first_come
        self._crews = crews_of(network, scenario.crews)
        self._hits = [joined(hit, always) for hit in hits]
        self._simulator = Simulator(network)
        self._down: set[int] = set()
        self._lacking: set[int] = set()
        losses = [self._look(hit) for hit in self._hits]
        self.before = float(np.mean(losses))
        self._saved: dict[frozenset[int], float] = {}
        self._reaches: dict[int, int] = {}

    def candidates(self) -> list[int]:
        """Supply groups where a generator may help: they lacked something, and their owner was down."""
        owner = self.network.wires.owner
        return [group for group in sorted(self._lacking) if int(owner[group]) in self._down]

    def saved(self, groups: Iterable[int]) -> float:
        """Person-hours that generators at these groups save together."""
        return sum(self._saved_by(part) for part in self._parts(groups))

    def touch(self, group: int, other: int) -> bool:
        """Whether two may help or hinder each other."""
        return bool(self._reach(group) & self._reach(other))

    def _look(self, hit: Outside) -> float:
        """What is lost without generators; who was down, and which groups lacked something, is kept."""
        hours, log = self._simulator.spread(
            hit, crews=self._crews, horizon=self._horizon, first_come=self._first_come
        )
        self._down.update(np.flatnonzero(hours > 0).tolist())
        self._lacking.update(log.what[log.kind == WITHOUT].tolist())
        return float(hours @ self.network.served)

    def _saved_by(self, groups: frozenset[int]) -> float:
        if groups not in self._saved:
            lost = [self._lost(hit, sorted(groups)) for hit in self._hits]
            self._saved[groups] = self.before - float(np.mean(lost))
        return self._saved[groups]

    def _lost(self, hit: Outside, groups: Sequence[int]) -> float:
        until = [] if self._until == inf else [self._until]
        moments = [self._at] * len(groups) + until * len(groups)
        kinds = [GENERATOR_ON] * len(groups) + [GENERATOR_OFF] * len(groups) * len(until)
        at = np.concatenate([hit.at, moments])
        # Stable: at equal times damage stays before what people do.
        order = np.argsort(at, kind="stable")
        outside = Outside(
            at[order],
            np.concatenate([hit.kind, np.array(kinds, dtype=np.int64)])[order],
            np.concatenate([hit.what, np.array([*groups] * (1 + len(until)), dtype=np.int64)])[
                order
            ],
            np.concatenate([hit.value, np.zeros(len(moments))])[order],
        )
        hours, _log = self._simulator.spread(
            outside, crews=self._crews, horizon=self._horizon, first_come=self._first_come
        )
        return float(hours @ self.network.served)

    def _reach(self, group: int) -> int:
        """Who may gain, as bits: downstream of the group's owner, through those who are down without help."""
        owner = int(self.network.wires.owner[group])
        if owner not in self._reaches:
            wires, found, stack = self.network.wires, {owner}, [owner]
            while stack:
                facility = stack.pop()
                first, last = wires.supplies_from[facility : facility + 2].tolist()
                for other in wires.owner[wires.supplied[first:last]].tolist():
                    if other not in found and other in self._down:
                        found.add(other)
                        stack.append(other)
            bits = bytearray(self.network.size // 8 + 1)
            for facility in found:
                bits[facility // 8] |= 1 << facility % 8
            self._reaches[owner] = int.from_bytes(bits, "little")
        return self._reaches[owner]

    def _parts(self, groups: Iterable[int]) -> list[frozenset[int]]:
        """Those that touch, directly or through others, belong together."""
        parts: list[tuple[set[int], int]] = []
        for group in groups:
            members, reach, others = {group}, self._reach(group), []
            for part in parts:
                if part[1] & reach:
                    members |= part[0]
                    reach |= part[1]
                else:
                    others.append(part)
            parts = [*others, (members, reach)]
        return [frozenset(members) for members, _reach in parts]


def place_one_by_one(sites: Sites, count: int, candidates: Sequence[int] | None = None) -> Places:
    """Send generators one after the other to where the next one saves most (greedy).

    Parameters
    ----------
    sites : Sites
    count : int
        How many generators, 1 or more.
    candidates : sequence of int, optional
        Supply groups; without: all where one may help.

    Returns
    -------
    Places

    Raises
    ------
    ValueError
        If there is no generator to send.

    Notes
    -----
    What a generator saves is computed anew only if its reach has met that of the one sent last; nothing
    rests on gains that shrink, which they need not do. For the same reason there is no guarantee how far from
    the best the result is.

    References
    ----------
    docs/algorithms/cascade.md

    M. Minoux, "Accelerated greedy algorithms for maximizing submodular set functions", in:
    Optimization Techniques, Springer 1978, doi:10.1007/BFb0006528: lazy where gains shrink.
    """
    if count < 1:
        raise ValueError("there is no generator to send")
    left = list(dict.fromkeys(sites.candidates() if candidates is None else candidates))
    chosen: list[int] = []
    losses, gains = [sites.before], dict.fromkeys(left, -1.0)
    stale = set(left)
    while left and len(chosen) < count:
        so_far = sites.saved(chosen)
        for group in stale:
            gains[group] = sites.saved([*chosen, group]) - so_far
        best = max(left, key=lambda group: (gains[group], -group))
        if gains[best] <= NOTHING * sites.before:
            break
        chosen.append(best)
        left.remove(best)
        losses.append(sites.before - sites.saved(chosen))
        met = next(part for part in sites._parts(chosen) if best in part)
        stale = {group for group in left if any(sites.touch(group, other) for other in met)}
    return Places(tuple(chosen), tuple(losses), exact=False)


def place_best(sites: Sites, count: int, candidates: Sequence[int] | None = None) -> Places:
    """Find the best places for up to three generators.

    Parameters
    ----------
    sites : Sites
    count : int
        1 to 3.
    candidates : sequence of int, optional
        Supply groups; without: all where one may help.

    Returns
    -------
    Places
        Of equal ones those with the smallest numbers; fewer than ``count`` if more save nothing.

    Raises
    ------
    ValueError
        For another count, or if there are more choices than ``MOST_CHOICES``.

    Notes
    -----
    Every choice is looked at, but only those whose reaches meet are simulated; the others add up.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not 1 <= count <= MOST_EXACT:
        raise ValueError(f"the best of all is found for 1 to {MOST_EXACT} generators only")
    among = sorted(set(sites.candidates() if candidates is None else candidates))
    if choices_of(len(among), count) > MOST_CHOICES:
        raise ValueError(f"more than {MOST_CHOICES} choices")
    best: tuple[int, ...] = ()
    most = 0.0
    for size in range(1, count + 1):
        for chosen in combinations(among, size):
            saved = sites.saved(chosen)
            if saved > most + NOTHING * sites.before:
                best, most = chosen, saved
    order = _by_gain(sites, best)
    losses = [sites.before - sites.saved(order[:number]) for number in range(len(order) + 1)]
    return Places(tuple(order), tuple(losses), exact=True)


def choices_of(candidates: int, count: int) -> int:
    """Count the choices of up to so many generators.

    Parameters
    ----------
    candidates, count : int

    Returns
    -------
    int

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    return sum(comb(candidates, size) for size in range(1, count + 1))


def _by_gain(sites: Sites, groups: Sequence[int]) -> list[int]:
    """The one that saves most first, then the one that saves most beside it."""
    found: list[int] = []
    left = list(groups)
    while left:
        best = max(left, key=lambda group: sites.saved([*found, group]))
        left.remove(best)
        found.append(best)
    return found
