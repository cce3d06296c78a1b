"""What changes in a run, and how it is kept: the heaps and stacks in which it waits, and the log.

Like ``spread.py``, it runs compiled on arrays and uncompiled on lists.
"""

from typing import Any, NamedTuple

from .speed import compiled

# What comes from outside, in the order in which it counts.
DAMAGE, GENERATOR_ON, GENERATOR_OFF, RESTOCK, RERANK, ISOLATE, REJOIN = range(7)
# What is logged: ``what`` is a facility, with WITHOUT and WITH a group.
DAMAGED, REPAIRED, CREW, DOWN, UP, WITHOUT, WITH = range(7)
# Causes of DOWN that are no group.
BY_DAMAGE, BY_DECISION, STANDS = -1, -2, -3
# Counters in ``State.n``.
EVENTS, SEEDS, SUSPECTS, LATE, POOLS, CHANGED, MOVED, LOGGED, SEEN, MET = range(10)
UNLIMITED = 1 << 62


class State(NamedTuple):
    """All that changes in a run; before and after it, everything stands and every store is full.

    Heaps and stacks have room for everything that can be in them: nothing is in one twice.
    """

    up: Any  # (N,)
    hurt: Any  # (N,) bit 1 damaged, the rest how often it is switched off
    cause: Any  # (N,) why it is down
    hours: Any  # (N,) how long it was down
    down_since: Any  # (N,)
    repair: Any  # (N,) hours that a crew needs
    rank: Any  # (N,)
    count: Any  # (G,) what the suppliers that are up count
    generators: Any  # (G,) how many stand in for the suppliers
    supplied: Any  # (G,)
    level: Any  # (G,) hours in store at ``since``
    since: Any  # (G,)
    due: Any  # (N + G,) when facility i is repaired, when group i - N has nothing left
    heap: Any  # (N + G,)
    place: Any  # (N + G,) where in the heap, -1: not in it
    queue: Any  # (N,) waiting for a crew, a heap for each pool
    queued: Any  # (N,)
    wait_rank: Any  # (N,) first what decides whose turn it is,
    wait_since: Any  # (N,) then this
    free: Any  # (P,) crews
    waiting: Any  # (P,) facilities in the queue
    stacks: Any  # (4, N) seeds, suspects, late, and facilities moved in this batch, each flat
    flags: Any  # (N,) bits: in which of the stacks
    was_up: Any  # (N,) at the beginning of the batch
    pools: Any  # (P,) where a crew or a facility has come
    pool_flag: Any  # (P,)
    groups: Any  # (G,) changed in this batch
    group_flag: Any  # (G,) bit 1: in this batch, bit 2: in this run
    seen: Any  # (N,) facilities touched in this run
    met: Any  # (G,) groups touched in this run
    n: Any  # counters


@compiled
def _sift_up(heap: Any, place: Any, base: int, at: int, first: Any, second: Any) -> None:
    item = heap[base + at]
    while at > 0:
        above = (at - 1) // 2
        other = heap[base + above]
        if first[other] < first[item]:
            break
        if first[other] == first[item]:
            if second[other] < second[item]:
                break
            if second[other] == second[item] and other < item:
                break
        heap[base + at] = other
        place[other] = at
        at = above
    heap[base + at] = item
    place[item] = at


@compiled
def _sift_down(
    heap: Any, place: Any, base: int, at: int, size: int, first: Any, second: Any
) -> None:
    item = heap[base + at]
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = heap[base + below]
        if below + 1 < size:
            next_one = heap[base + below + 1]
            if first[next_one] < first[other] or (
                first[next_one] == first[other]
                and (
                    second[next_one] < second[other]
                    or (second[next_one] == second[other] and next_one < other)
                )
            ):
                below, other = below + 1, next_one
        if first[item] < first[other]:
            break
        if first[item] == first[other]:
            if second[item] < second[other]:
                break
            if second[item] == second[other] and item < other:
                break
        heap[base + at] = other
        place[other] = at
        at = below
    heap[base + at] = item
    place[item] = at


@compiled
def push(heap: Any, place: Any, base: int, size: int, item: int, first: Any, second: Any) -> int:
    """Put an item into a heap.

    Parameters
    ----------
    heap : int array
        Items, first the one that is first by ``first``, then ``second``, then its number.
    place : int array
        Where in the heap each item is; -1: not in it.
    base, size : int
        Where in ``heap`` it begins, and how many items it has.
    item : int
        One that is not in it.
    first, second : float arrays
        By item.

    Returns
    -------
    int
        The new size.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    heap[base + size] = item
    _sift_up(heap, place, base, size, first, second)
    return size + 1


@compiled
def remove(heap: Any, place: Any, base: int, size: int, item: int, first: Any, second: Any) -> int:
    """Take an item out of a heap.

    Parameters
    ----------
    heap, place, base, size, first, second
        As in `push`.
    item : int
        One that is in it.

    Returns
    -------
    int
        The new size.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    at = place[item]
    place[item] = -1
    size -= 1
    if at < size:
        last = heap[base + size]
        heap[base + at] = last
        place[last] = at
        _sift_up(heap, place, base, at, first, second)
        _sift_down(heap, place, base, place[last], size, first, second)
    return size


@compiled
def note(s: State, log: Any, now: float, kind: int, what: int, cause: int) -> None:
    """Log something, if there is room; in any case it is counted.

    Parameters
    ----------
    s : State
    log : Log
    now : float
        Hours.
    kind, what, cause : int
        As the constants above name them.

    Returns
    -------
    None

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    time, kinds, whats, causes = log
    number = s.n[LOGGED]
    if number < len(time):
        time[number] = now
        kinds[number] = kind
        whats[number] = what
        causes[number] = cause
    s.n[LOGGED] = number + 1


@compiled
def see(s: State, facility: int) -> None:
    """Remember that a run has touched a facility.

    Parameters
    ----------
    s : State
    facility : int

    Returns
    -------
    None

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if s.flags[facility] & 16 == 0:
        s.flags[facility] |= 16
        s.seen[s.n[SEEN]] = facility
        s.n[SEEN] += 1


@compiled
def put(s: State, stack: int, facility: int) -> None:
    """Put a facility on a stack, unless it is there.

    Parameters
    ----------
    s : State
    stack : int
        0 seeds, 1 suspects, 2 late.
    facility : int

    Returns
    -------
    None

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    bit = 1 << stack
    if s.flags[facility] & bit == 0:
        s.flags[facility] |= bit
        counter = SEEDS + stack
        s.stacks[stack * len(s.up) + s.n[counter]] = facility
        s.n[counter] += 1


@compiled
def change(s: State, group: int) -> None:
    """Remember that a group has to be looked at in the end of the batch.

    Parameters
    ----------
    s : State
    group : int

    Returns
    -------
    None

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if s.group_flag[group] & 1 == 0:
        if s.group_flag[group] & 2 == 0:
            s.met[s.n[MET]] = group
            s.n[MET] += 1
        s.group_flag[group] = 3
        s.groups[s.n[CHANGED]] = group
        s.n[CHANGED] += 1
