"""One run of the simulation: from event to event, and at each the greatest set of facilities that can be up.

Written so that it runs compiled on arrays and uncompiled on lists, with the same result to the last bit. What
is here knows numbers only; ``run.py`` speaks of facilities. At equal times damage comes before repair, repair
before depletion, depletion before what people do; ties go by number. All of it counts before anybody looks
who can be up.
"""

from math import inf
from typing import Any, NamedTuple

from .network import Wires
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
    hurt: Any  # (N,) bit 1 damaged, bit 2 switched off
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
def _push(heap: Any, place: Any, base: int, size: int, item: int, first: Any, second: Any) -> int:
    """Put in an item that is not in it; returns the new size."""
    heap[base + size] = item
    _sift_up(heap, place, base, size, first, second)
    return size + 1


@compiled
def _remove(heap: Any, place: Any, base: int, size: int, item: int, first: Any, second: Any) -> int:
    """Take out an item that is in it; returns the new size."""
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
def _note(s: State, log: Any, now: float, kind: int, what: int, cause: int) -> None:
    """Log it, if there is room; in any case it is counted."""
    time, kinds, whats, causes = log
    number = s.n[LOGGED]
    if number < len(time):
        time[number] = now
        kinds[number] = kind
        whats[number] = what
        causes[number] = cause
    s.n[LOGGED] = number + 1


@compiled
def _see(s: State, facility: int) -> None:
    """Remember that a run has touched it."""
    if s.flags[facility] & 16 == 0:
        s.flags[facility] |= 16
        s.seen[s.n[SEEN]] = facility
        s.n[SEEN] += 1


@compiled
def _put(s: State, stack: int, facility: int) -> None:
    """Put a facility on a stack, unless it is there."""
    bit = 1 << stack
    if s.flags[facility] & bit == 0:
        s.flags[facility] |= bit
        counter = SEEDS + stack
        s.stacks[stack * len(s.up) + s.n[counter]] = facility
        s.n[counter] += 1


@compiled
def _change(s: State, group: int) -> None:
    """Remember that a group has to be looked at in the end of the batch."""
    if s.group_flag[group] & 1 == 0:
        if s.group_flag[group] & 2 == 0:
            s.met[s.n[MET]] = group
            s.n[MET] += 1
        s.group_flag[group] = 3
        s.groups[s.n[CHANGED]] = group
        s.n[CHANGED] += 1


@compiled
def _move(s: State, facility: int, up: int) -> None:
    """Set up or down, remembering how it was when the batch began."""
    _see(s, facility)
    if s.flags[facility] & 8 == 0:
        s.flags[facility] |= 8
        s.was_up[facility] = s.up[facility]
        s.stacks[3 * len(s.up) + s.n[MOVED]] = facility
        s.n[MOVED] += 1
    s.up[facility] = up


@compiled
def _is_supplied(w: Wires, s: State, group: int) -> bool:
    supplied: bool = s.generators[group] > 0 or s.count[group] >= w.needed[group]
    return supplied


@compiled
def _store(w: Wires, s: State, group: int, now: float) -> float:
    """Hours left in store, as what was supplied until now tells."""
    if s.supplied[group]:
        level: float = s.level[group] + w.recharge[group] * (now - s.since[group])
        full: float = w.buffer[group]
        return min(level, full)
    event = len(s.up) + group
    left: float = s.due[event] - now if s.place[event] >= 0 else 0.0
    return left


@compiled
def _suffices(w: Wires, s: State, group: int, now: float) -> bool:
    return _is_supplied(w, s, group) or _store(w, s, group, now) > 0.0


@compiled
def _lacks(w: Wires, s: State, facility: int, now: float) -> int:
    """The first group that does not suffice; ``STANDS`` if all do."""
    for group in range(w.groups_from[facility], w.groups_from[facility + 1]):
        if not _suffices(w, s, group, now):
            return group
    return STANDS


@compiled
def _lift(w: Wires, s: State, facility: int, now: float) -> None:
    """Set a facility up, for the time being, and look at those whom that may help."""
    _move(s, facility, 1)
    _put(s, 1, facility)
    for place in range(w.supplies_from[facility], w.supplies_from[facility + 1]):
        group = w.supplied[place]
        owner = w.owner[group]
        if not s.up[owner] and not s.hurt[owner] and not _suffices(w, s, group, now):
            _put(s, 0, owner)
        s.count[group] += w.weight[place]
        _change(s, group)


@compiled
def _drop(w: Wires, s: State, facility: int, cause: int, now: float) -> None:
    """Set a facility down, and look at those who may fall with it."""
    _move(s, facility, 0)
    s.cause[facility] = cause
    for place in range(w.supplies_from[facility], w.supplies_from[facility + 1]):
        group = w.supplied[place]
        s.count[group] -= w.weight[place]
        _change(s, group)
        owner = w.owner[group]
        if s.up[owner] and not _suffices(w, s, group, now):
            _put(s, 1, owner)


@compiled
def _settle(w: Wires, s: State, now: float) -> None:
    """Find the greatest set that can be up: lift all whom a change may help, then drop who cannot stand.

    Who cannot start alone is lifted only when all others have settled.
    """
    size = len(s.up)
    while True:
        while s.n[SEEDS] > 0:
            s.n[SEEDS] -= 1
            facility = s.stacks[s.n[SEEDS]]
            s.flags[facility] &= ~1
            if s.up[facility] or s.hurt[facility]:
                continue
            if w.starts_alone[facility]:
                _lift(w, s, facility, now)
            else:
                _put(s, 2, facility)
        while s.n[SUSPECTS] > 0:
            s.n[SUSPECTS] -= 1
            facility = s.stacks[size + s.n[SUSPECTS]]
            s.flags[facility] &= ~2
            if not s.up[facility]:
                continue
            if s.hurt[facility] & 1:
                _drop(w, s, facility, BY_DAMAGE, now)
            elif s.hurt[facility]:
                _drop(w, s, facility, BY_DECISION, now)
            else:
                cause = _lacks(w, s, facility, now)
                if cause != STANDS:
                    _drop(w, s, facility, cause, now)
        started = False
        for place in range(s.n[LATE]):
            facility = s.stacks[2 * size + place]
            may = not s.up[facility] and not s.hurt[facility]
            if may and _lacks(w, s, facility, now) == STANDS:
                _lift(w, s, facility, now)
                started = True
        if not started:
            break
    for place in range(s.n[LATE]):
        s.flags[s.stacks[2 * size + place]] &= ~4
    s.n[LATE] = 0


@compiled
def _conclude(w: Wires, s: State, log: Any, now: float) -> None:
    """Draw the sum of a batch: how long who was down, which stores empty or fill from now on."""
    size = len(s.up)
    for place in range(s.n[MOVED]):
        facility = s.stacks[3 * size + place]
        s.flags[facility] &= ~8
        if s.up[facility] == s.was_up[facility]:
            continue
        if s.up[facility]:
            s.hours[facility] += now - s.down_since[facility]
            _note(s, log, now, UP, facility, STANDS)
        else:
            s.down_since[facility] = now
            _note(s, log, now, DOWN, facility, s.cause[facility])
    s.n[MOVED] = 0
    for place in range(s.n[CHANGED]):
        group = s.groups[place]
        s.group_flag[group] = 2
        supplied = 1 if _is_supplied(w, s, group) else 0
        if supplied == s.supplied[group]:
            continue
        event = size + group
        s.level[group] = _store(w, s, group, now)
        s.since[group] = now
        s.supplied[group] = supplied
        if supplied:
            if s.place[event] >= 0:
                s.n[EVENTS] = _remove(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
            _note(s, log, now, WITH, group, STANDS)
        else:
            if s.level[group] > 0.0:
                s.due[event] = now + s.level[group]
                s.n[EVENTS] = _push(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
            _note(s, log, now, WITHOUT, group, STANDS)
    s.n[CHANGED] = 0


@compiled
def _attend(s: State, pool: int) -> None:
    """Remember that a crew is free there, or somebody waits for one."""
    if not s.pool_flag[pool]:
        s.pool_flag[pool] = 1
        s.pools[s.n[POOLS]] = pool
        s.n[POOLS] += 1


@compiled
def _damage(w: Wires, s: State, log: Any, now: float, facility: int, hours: float) -> None:
    """Damage what is not damaged yet, and have it wait for a crew if that can repair it."""
    if s.hurt[facility] & 1:
        return
    _see(s, facility)
    s.hurt[facility] |= 1
    s.repair[facility] = hours
    _put(s, 1, facility)
    _note(s, log, now, DAMAGED, facility, STANDS)
    if hours < inf:
        pool = w.pool[facility]
        s.wait_rank[facility] = s.rank[facility]
        s.wait_since[facility] = now
        s.waiting[pool] = _push(
            s.queue,
            s.queued,
            w.pool_from[pool],
            s.waiting[pool],
            facility,
            s.wait_rank,
            s.wait_since,
        )
        _attend(s, pool)


@compiled
def _pass(w: Wires, s: State, log: Any, now: float) -> None:
    """Take the next event out of the heap: something is repaired, or a store is empty."""
    event = s.heap[0]
    s.n[EVENTS] = _remove(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
    size = len(s.up)
    if event < size:
        s.hurt[event] &= ~1
        s.free[w.pool[event]] += 1
        _attend(s, w.pool[event])
        _note(s, log, now, REPAIRED, event, STANDS)
        _put(s, 0, event)
    else:
        _put(s, 1, w.owner[event - size])


@compiled
def _act(w: Wires, s: State, log: Any, now: float, kind: int, what: int, value: float) -> None:
    """Do what people do."""
    if kind == ISOLATE:
        _see(s, what)
        s.hurt[what] |= 2
        _put(s, 1, what)
    elif kind == REJOIN:
        s.hurt[what] &= ~2
        _put(s, 0, what)
    elif kind == RERANK:
        _see(s, what)
        s.rank[what] = value
        if s.queued[what] >= 0:
            pool = w.pool[what]
            base = w.pool_from[pool]
            size = _remove(
                s.queue, s.queued, base, s.waiting[pool], what, s.wait_rank, s.wait_since
            )
            s.wait_rank[what] = value
            _push(s.queue, s.queued, base, size, what, s.wait_rank, s.wait_since)
    else:
        _change(s, what)
        owner = w.owner[what]
        if kind == GENERATOR_ON:
            s.generators[what] += 1
            _put(s, 0, owner)
        elif kind == GENERATOR_OFF:
            s.generators[what] -= 1
            _put(s, 1, owner)
        else:
            _restock(w, s, what, now)
            _put(s, 0, owner)


@compiled
def _restock(w: Wires, s: State, group: int, now: float) -> None:
    s.level[group] = w.buffer[group]
    s.since[group] = now
    event = len(s.up) + group
    if not s.supplied[group]:
        if s.place[event] >= 0:
            s.n[EVENTS] = _remove(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
        if w.buffer[group] > 0.0:
            s.due[event] = now + w.buffer[group]
            s.n[EVENTS] = _push(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)


@compiled
def _dispatch(w: Wires, s: State, log: Any, now: float) -> None:
    """Send free crews to whose turn it is; they stay until it is repaired."""
    for number in range(s.n[POOLS]):
        pool = s.pools[number]
        s.pool_flag[pool] = 0
        base = w.pool_from[pool]
        while s.free[pool] > 0 and s.waiting[pool] > 0:
            facility = s.queue[base]
            s.waiting[pool] = _remove(
                s.queue,
                s.queued,
                base,
                s.waiting[pool],
                facility,
                s.wait_rank,
                s.wait_since,
            )
            s.free[pool] -= 1
            s.due[facility] = now + s.repair[facility]
            s.n[EVENTS] = _push(s.heap, s.place, 0, s.n[EVENTS], facility, s.due, s.due)
            _note(s, log, now, CREW, facility, STANDS)
    s.n[POOLS] = 0


@compiled
def spread(
    w: Wires,
    s: State,
    at: Any,
    kind: Any,
    what: Any,
    value: Any,
    crews: Any,
    horizon: float,
    log: Any,
) -> int:
    """Run until the horizon; returns how many lines the log has, or would have with room for them.

    at, kind, what, value : (X,) what comes from outside, sorted by time and kind
    crews : (P,) of each pool

    Afterwards ``s.hours`` holds how long each was down, and ``s.seen[: s.n[SEEN]]`` who was touched.
    """
    for pool in range(len(crews)):
        s.free[pool] = crews[pool]
    number, last = 0, len(at)
    while True:
        now = inf
        if number < last:
            now = at[number]
        if s.n[EVENTS] > 0:
            now = min(now, s.due[s.heap[0]])
        if now >= horizon:
            break
        while number < last and at[number] == now and kind[number] == DAMAGE:
            _damage(w, s, log, now, what[number], value[number])
            number += 1
        while s.n[EVENTS] > 0 and s.due[s.heap[0]] == now:
            _pass(w, s, log, now)
        while number < last and at[number] == now:
            _act(w, s, log, now, kind[number], what[number], value[number])
            number += 1
        _dispatch(w, s, log, now)
        _settle(w, s, now)
        _conclude(w, s, log, now)
    for place in range(s.n[SEEN]):
        facility = s.seen[place]
        if not s.up[facility]:
            s.hours[facility] += horizon - s.down_since[facility]
    lines: int = s.n[LOGGED]
    return lines


@compiled
def restore(w: Wires, s: State, ranks: Any) -> None:
    """Set back what a run has touched, and nothing else."""
    size = len(s.up)
    while s.n[EVENTS] > 0:
        s.n[EVENTS] -= 1
        s.place[s.heap[s.n[EVENTS]]] = -1
    for number in range(s.n[SEEN]):
        facility = s.seen[number]
        s.up[facility] = 1
        s.hurt[facility] = 0
        s.hours[facility] = 0.0
        s.flags[facility] = 0
        s.rank[facility] = ranks[facility]
        s.queued[facility] = -1
    for number in range(s.n[MET]):
        group = s.met[number]
        s.count[group] = w.full[group]
        s.generators[group] = 0
        s.supplied[group] = 1
        s.level[group] = w.buffer[group]
        s.since[group] = 0.0
        s.group_flag[group] = 0
        s.place[size + group] = -1
    for pool in range(len(s.waiting)):
        s.waiting[pool] = 0
    for counter in range(len(s.n)):
        s.n[counter] = 0


@compiled
def spread_each(
    w: Wires,
    s: State,
    outside: Any,
    crews: Any,
    horizon: float,
    log: Any,
    served: Any,
    ranks: Any,
    losses: Any,
) -> None:
    """The one damage of ``outside`` to every facility in turn; its person-hours go to ``losses``."""
    at, kind, what, value = outside
    for facility in range(len(losses)):
        what[0] = facility
        spread(w, s, at, kind, what, value, crews, horizon, log)
        lost = 0.0
        for place in range(s.n[SEEN]):
            lost += s.hours[s.seen[place]] * served[s.seen[place]]
        losses[facility] = lost
        restore(w, s, ranks)
