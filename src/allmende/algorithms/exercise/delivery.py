"""What is delivered to whom, when, and in which order: each inject once, none lost, whatever happens meanwhile.

Nothing is kept but what was delivered and what people ordered. What is due follows from these, from the script
and from exercise time, as often as somebody asks; whoever asked may crash before or after it was stored.

>>> cues = [Cue("anruf", ("stab",), at=60), Cue("lage", ("stab", "presse"), at=90)]
>>> [delivery.id for delivery in missing(cues, Ledger(), now=100)]
[('anruf', 'stab', 1), ('lage', 'stab', 1), ('lage', 'presse', 1)]
>>> ledger = Ledger().append(missing(cues, Ledger(), now=60))
>>> [delivery.id for delivery in missing(cues, ledger, now=80)]
[]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from .conditions import ALWAYS, Condition, Facts, first_moment, injects_in

Id = tuple[str, str, int]  # inject, recipient, attempt

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
    """

    inject: str
    recipients: tuple[str, ...]
    at: int | None = 0
    until: int | None = None
    condition: Condition | None = None
    since: int = 0
    enabled: bool = True
    asks_for: tuple[str, ...] = ()


class Order(NamedTuple):
    """What the control says of one inject: deliver it now, leave it out, or deliver it once more.

    at : exercise time, as ``Ledger.stamp`` gives it
    attempt : of AGAIN, which one it is to be, from 2 on; two who press at once mean the same
    """

    at: int
    kind: str
    inject: str
    attempt: int = 1


class Delivery(NamedTuple):
    """One inject for one recipient; ``due`` never falls from one to the next."""

    due: int
    inject: str
    recipient: str
    attempt: int

    @property
    def id(self) -> Id:
        """Under this it is stored, once."""
        return self.inject, self.recipient, self.attempt


class StaleError(ValueError):
    """Somebody else has delivered what comes later; compute anew."""


@dataclass(frozen=True)
class Ledger:
    """What was delivered: by id, when it was due. The reference of what a database has to keep."""

    delivered: Mapping[Id, int] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """When the latest was due; -1 before the first."""
        return max(self.delivered.values(), default=-1)

    def stamp(self, now: int) -> int:
        """The exercise time that a decision, an order or a change of the script counts from.

        Always after everything that was delivered or is being delivered: the past stays as it was told.
        """
        return max(now, self.last) + 1

    def append(self, deliveries: Iterable[Delivery]) -> "Ledger":
        """Store deliveries; those that are there already are passed over.

        Raises ``StaleError``, and stores nothing, if one would come after one that was due later.
        """
        found, last = dict(self.delivered), self.last
        for delivery in deliveries:
            if delivery.id in found:
                continue
            if delivery.due < last:
                raise StaleError(f"{delivery.id} was due at {delivery.due}, the last at {last}")
            found[delivery.id] = last = delivery.due
        return Ledger(found)


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
    here = [cue for cue in cues if cue.enabled]
    if len({cue.inject for cue in here}) < len(here):
        raise ValueError("an inject is there twice")
    triggered, skipped = _first(orders, TRIGGER), _first(orders, SKIP)
    waiting: dict[str, list[int]] = {}
    for place, cue in enumerate(here):
        for inject in injects_in(cue.condition):
            waiting.setdefault(inject, []).append(place)
    told: dict[str, int] = dict(delivered or {})
    known = replace(facts or Facts(), delivered=told)

    def next_time(place: int, now: int) -> int | None:
        cue = here[place]
        if cue.inject in told:
            return told[cue.inject]
        found = None
        if cue.at is not None:
            found = first_moment(cue.condition, known, after=max(cue.at, cue.since, now))
        if found is not None and (
            (cue.until is not None and found > cue.until)
            or found >= skipped.get(cue.inject, ALWAYS)
        ):
            found = None
        ordered = triggered.get(cue.inject)  # what was left out may be ordered after all
        if ordered is not None and (found is None or ordered < found):
            found = max(ordered, now)
        return found

    heap = [(at, place) for place in range(len(here)) if (at := next_time(place, 0)) is not None]
    heapify(heap)
    best = {place: at for at, place in heap}
    found = []
    while heap and heap[0][0] <= until:
        now, place = heappop(heap)
        if best.get(place) != now:
            continue  # it was put in anew
        del best[place]
        found.append((now, here[place]))
        told[here[place].inject] = now
        for other in waiting.get(here[place].inject, ()):
            if here[other].inject not in told:
                at = next_time(other, now)
                best.pop(other, None)
                if at is not None:
                    best[other] = at
                    heappush(heap, (at, other))
    return found


def _first(orders: Sequence[Order], kind: str) -> dict[str, int]:
    """When each inject was first ordered so."""
    return {order.inject: order.at for order in sorted(orders, reverse=True) if order.kind == kind}


def openings(
    cues: Sequence[Cue], decisions: Iterable[str], delivered: Mapping[str, int]
) -> dict[str, int]:
    """Say from when on decisions are open.

    Parameters
    ----------
    cues : sequence of Cue
    decisions : iterable of str
        All of them.
    delivered : mapping of str to int
        When injects were due that have been delivered.

    Returns
    -------
    dict of str to int
        0 if no cue asks for it; else when the first that does was due. What nobody has been asked yet is
        not there.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    askers: dict[str, list[str]] = {}
    for cue in cues:
        # What is never delivered keeps nothing shut.
        for decision in cue.asks_for if cue.enabled and cue.recipients else ():
            askers.setdefault(decision, []).append(cue.inject)
    found = {}
    for decision in decisions:
        times = [delivered[each] for each in askers.get(decision, ()) if each in delivered]
        if times or decision not in askers:
            found[decision] = min(times, default=0)
    return found


def missing(
    cues: Sequence[Cue],
    ledger: Ledger,
    *,
    now: int,
    orders: Sequence[Order] = (),
    facts: Facts | None = None,
) -> list[Delivery]:
    """Say what has to be delivered now.

    Parameters
    ----------
    cues : sequence of Cue
        The script as it is now, and what the simulation adds.
    ledger : Ledger
        What was delivered.
    now : int
        Exercise time, as the clock gives it; in a pause, what was ordered comes all the same.
    orders : sequence of Order
        All of them.
    facts : Facts, optional

    Returns
    -------
    list of Delivery
        In the order in which they are to be delivered. Nothing is too old: what is overdue comes now.

    Raises
    ------
    ValueError
        If an inject is there twice.

    References
    ----------
    docs/algorithms/exercise.md
    """
    until = max([now, *(order.at for order in orders)])
    told: dict[str, int] = {}
    for (inject, _recipient, _attempt), due in ledger.delivered.items():
        told[inject] = min(due, told.get(inject, due))
    found = [
        Delivery(at, cue.inject, recipient, 1)
        for at, cue in due_times(cues, until=until, orders=orders, facts=facts, delivered=told)
        for recipient in cue.recipients
    ]
    by_inject = {cue.inject: cue for cue in cues}
    found += [
        Delivery(order.at, order.inject, recipient, order.attempt)
        for order in sorted(orders)
        if order.kind == AGAIN and order.attempt > 1 and order.inject in by_inject.keys() & told
        for recipient in by_inject[order.inject].recipients
    ]
    found.sort(key=lambda delivery: delivery.due)  # stable
    fresh: dict[Id, Delivery] = {}
    for delivery in found:
        if delivery.id not in ledger.delivered:
            late = delivery._replace(due=max(delivery.due, ledger.last))
            fresh.setdefault(delivery.id, late)
    return list(fresh.values())


def still_open(
    cues: Sequence[Cue],
    ledger: Ledger,
    *,
    now: int,
    end: int,
    orders: Sequence[Order] = (),
    facts: Facts | None = None,
) -> list[str]:
    """Name the injects that may still come by themselves: without any, the exercise is played out.

    Parameters
    ----------
    cues, ledger, now, orders, facts
        As in `missing`.
    end : int
        Exercise time at which the exercise ends.

    Returns
    -------
    list of str
        Neither those that were delivered or skipped, nor what is disabled, has lapsed, cannot come before
        the end or waits for an order only. What depends on a condition counts until it lapses.

    Raises
    ------
    ValueError
        If an inject is there twice.

    References
    ----------
    docs/algorithms/exercise.md
    """
    told = {inject: due for (inject, _, _), due in ledger.delivered.items()}
    due = {
        cue.inject
        for _at, cue in due_times(cues, until=now, orders=orders, facts=facts, delivered=told)
    }
    skipped = {order.inject for order in orders if order.kind == SKIP}
    return [
        cue.inject
        for cue in cues
        if cue.enabled and cue.at is not None and cue.at <= end and now < end
        if cue.inject not in told and cue.inject not in due and cue.inject not in skipped
        if cue.until is None or cue.until >= now
    ]
