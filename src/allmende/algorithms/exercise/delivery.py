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
from dataclasses import dataclass, field
from typing import NamedTuple

from .conditions import Facts
from .cues import AGAIN, SKIP, Cue, Order, due_times, instead_of

Id = tuple[str, str, int]  # inject, recipient, attempt


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
        # What is switched off or for nobody keeps nothing shut; what lapses, is left out or waits for an order does.
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
    gone = told.keys() | due | skipped
    first = instead_of(cues)
    here = {cue.inject: cue for cue in cues if cue.enabled}

    def last(cue: Cue) -> int | None:
        return (
            cue.until
            if cue.inject in first or cue.at is None
            else cue.lapses(max(cue.at, cue.since))
        )

    def may_come(cue: Cue) -> bool:
        way: dict[str, Cue] = {}
        # A fallback may come as long as nothing of its chain before it has come.
        while cue.inject in first and cue.inject not in way:
            way[cue.inject] = cue
            before = here.get(first[cue.inject])
            if before is None or before.inject in gone:
                return False
            cue = before
        return cue.inject not in way and cue.at is not None and cue.at <= end

    return [
        cue.inject
        for cue in here.values()
        if now < end and cue.inject not in gone and may_come(cue)
        if cue.at is None or cue.at <= end
        if (lapses := last(cue)) is None or lapses >= now
    ]
