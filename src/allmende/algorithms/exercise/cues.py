"""When injects are due: at their time, once their condition holds, by order, or instead of one that was missed.

>>> from allmende.algorithms.exercise.conditions import Decided
>>> holds = Cue("deich hält", ("stab",), at=60, condition=Decided("sand"), fallback="deich bricht")
>>> breaks = Cue("deich bricht", ("stab",), at=None)
>>> [(at, cue.inject) for at, cue in due_times([holds, breaks], until=100)]
[(61, 'deich bricht')]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import NamedTuple

from .conditions import ALWAYS, Condition, Facts, first_moment, injects_in

TRIGGER, SKIP, AGAIN = "trigger", "skip", "again"


@dataclass(frozen=True)
class Cue:
    """When an inject is due for whom. Times in microseconds of exercise time.

    at : not before; None: only when somebody orders it
    until : if it was not due by then, it lapses
    condition : and not before this holds
    since : when it was written or last changed, if the exercise was running; it is never due before
    enabled : False: as if it were not there
    asks_for : decisions that open with it
    fallback : the inject that comes instead if this one is missed: its condition did not hold by ``until``,
        without that at its very time. Who is named so comes by itself only then, and not before.
    """

    inject: str
    recipients: tuple[str, ...]
    at: int | None = 0
    until: int | None = None
    condition: Condition | None = None
    since: int = 0
    enabled: bool = True
    asks_for: tuple[str, ...] = ()
    fallback: str = ""

    def lapses(self, begin: int) -> int | None:
        """The last moment at which it may come by itself if it is looked at from ``begin`` on."""
        if not self.fallback:
            return self.until
        return begin if self.until is None else max(begin, self.until)


class Order(NamedTuple):
    """What the control says of one inject: deliver it now, leave it out, or deliver it once more.

    at : exercise time, as ``Ledger.stamp`` gives it
    attempt : of AGAIN, which one it is to be, from 2 on; two who press at once mean the same
    """

    at: int
    kind: str
    inject: str
    attempt: int = 1


def due_times(
    cues: Sequence[Cue],
    *,
    until: int,
    orders: Sequence[Order] = (),
    facts: Facts | None = None,
    delivered: Mapping[str, int] | None = None,
) -> list[tuple[int, Cue]]:
    """Say which injects are due up to some time, in their order.

    Parameters
    ----------
    cues : sequence of Cue
        At equal times, the earlier in the sequence comes first; what waited for another comes after it.
    until : int
        Exercise time, included.
    orders : sequence of Order
        Of each kind, the first for an inject counts; AGAIN plays no part here.
    facts : Facts, optional
        What decisions and facilities conditions look at; deliveries are added here.
    delivered : mapping of str to int, optional
        When injects were due that have been delivered.

    Returns
    -------
    list of (int, Cue)
        By when it is due.

    Raises
    ------
    ValueError
        If an inject is there twice.

    References
    ----------
    docs/algorithms/exercise.md
    """
    plan = _Plan(cues, orders, facts or Facts(), dict(delivered or {}))
    return list(plan.until(until))


class _Plan:
    """Which inject is due when, worked out in the order of time.

    A missed inject is noticed a microsecond after its last moment: by then all that could have met its
    condition has happened, whatever comes in which order at that moment.
    """

    def __init__(
        self, cues: Sequence[Cue], orders: Sequence[Order], facts: Facts, told: dict[str, int]
    ) -> None:
        self.cues = [cue for cue in cues if cue.enabled]
        if len({cue.inject for cue in self.cues}) < len(self.cues):
            raise ValueError("an inject is there twice")
        self.triggered, self.skipped = _first(orders, TRIGGER), _first(orders, SKIP)
        self.told = told
        self.facts = replace(facts, delivered=told)
        self.places = {cue.inject: place for place, cue in enumerate(self.cues)}
        self.instead_of = instead_of(cues)
        # From when on each is looked at, and until before when; a fallback not before the other is missed.
        self.open: dict[int, tuple[int, int]] = {
            place: (max(cue.at, cue.since), ALWAYS)
            for place, cue in enumerate(self.cues)
            if cue.at is not None and cue.inject not in self.instead_of
        }
        self.waiting: dict[str, list[int]] = {}
        for place, cue in enumerate(self.cues):
            for inject in injects_in(cue.condition):
                self.waiting.setdefault(inject, []).append(place)
        self.heap: list[tuple[int, int, bool]] = []
        self.best: dict[int, int] = {}
        for place in range(len(self.cues)):
            self._look(place, 0)
            self._watch(place)

    def until(self, last: int) -> Iterator[tuple[int, Cue]]:
        """What is due up to some time."""
        while self.heap and self.heap[0][0] <= last:
            now, place, is_missed = heappop(self.heap)
            if is_missed:
                self._miss(place, now)
            elif self.best.get(place) == now:  # else it was put in anew
                del self.best[place]
                cue = self.cues[place]
                yield now, cue
                self.told[cue.inject] = now
                for other in self.waiting.get(cue.inject, ()):
                    if self.cues[other].inject not in self.told:
                        self._look(other, now)

    def _look(self, place: int, now: int) -> None:
        """Put an inject in at its time, as it is seen now."""
        self.best.pop(place, None)
        at = self._next_time(place, now)
        if at is not None:
            self.best[place] = at
            heappush(self.heap, (at, place, False))

    def _next_time(self, place: int, now: int) -> int | None:
        cue = self.cues[place]
        if cue.inject in self.told:
            return self.told[cue.inject]
        found = self._by_itself(place, now)
        ordered = self.triggered.get(cue.inject)  # what was left out may be ordered after all
        if ordered is not None and (found is None or ordered < found):
            found = max(ordered, now)
        return found

    def _by_itself(self, place: int, now: int) -> int | None:
        cue = self.cues[place]
        if place not in self.open:
            return None
        begin, end = self.open[place]
        found = first_moment(cue.condition, self.facts, after=max(begin, now))
        last = cue.lapses(begin)
        if found is None or (last is not None and found > last):
            return None
        return found if found < min(end, self.skipped.get(cue.inject, ALWAYS)) else None

    def _watch(self, place: int) -> None:
        """Notice when an inject with a fallback is missed."""
        cue = self.cues[place]
        if place in self.open and cue.fallback in self.places:
            last = cue.lapses(self.open[place][0])
            if last is not None and self.instead_of.get(cue.fallback) == cue.inject:
                heappush(self.heap, (last + 1, place, True))

    def _miss(self, place: int, now: int) -> None:
        """Let the fallback of an inject come, if that did not."""
        cue, (_begin, end) = self.cues[place], self.open[place]
        ordered = self.triggered.get(cue.inject, ALWAYS)
        by_itself = self.told.get(cue.inject, ALWAYS) < ordered
        if by_itself or min(ordered, end, self.skipped.get(cue.inject, ALWAYS)) < now:
            return
        other = self.places[cue.fallback]
        instead = self.cues[other]
        # Ordered after all, it needs nobody in its place any more.
        self.open[other] = max(instead.at or 0, instead.since, now), ordered
        if instead.inject not in self.told:
            self._look(other, now)
        self._watch(other)


def instead_of(cues: Iterable[Cue]) -> dict[str, str]:
    """By fallback, the inject in whose place it comes: the first that names it.

    Parameters
    ----------
    cues : iterable of Cue

    Returns
    -------
    dict of str to str
        Also of those that are not enabled: their fallback does not come.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    found: dict[str, str] = {}
    for cue in cues:
        if cue.fallback:
            found.setdefault(cue.fallback, cue.inject)
    return found


def _first(orders: Sequence[Order], kind: str) -> dict[str, int]:
    """When each inject was first ordered so."""
    return {order.inject: order.at for order in sorted(orders, reverse=True) if order.kind == kind}
