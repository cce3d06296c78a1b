"""One run of the simulation: from event to event, and at each the greatest set of facilities that can be up.

Written so that it runs compiled on arrays and uncompiled on lists, with the same result to the last bit. What
is here knows numbers only; ``run.py`` speaks of facilities. At equal times damage comes before repair, repair
before depletion, depletion before what people do; ties go by number. All of it counts before anybody looks
who can be up.
"""

from math import inf
from typing import Any

from .network import Wires
from .settle import conclude, settle
from .speed import compiled
from .state import (
    CREW,
    DAMAGE,
    DAMAGED,
    EVENTS,
    GENERATOR_OFF,
    GENERATOR_ON,
    ISOLATE,
    LOGGED,
    MET,
    POOLS,
    REJOIN,
    REPAIRED,
    RERANK,
    SEEN,
    STANDS,
    State,
    change,
    note,
    push,
    put,
    remove,
    see,
)


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
    see(s, facility)
    s.hurt[facility] |= 1
    s.repair[facility] = hours
    put(s, 1, facility)
    note(s, log, now, DAMAGED, facility, STANDS)
    if hours < inf:
        pool = w.pool[facility]
        s.wait_rank[facility] = s.rank[facility]
        s.wait_since[facility] = now
        s.waiting[pool] = push(
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
    s.n[EVENTS] = remove(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
    size = len(s.up)
    if event < size:
        s.hurt[event] &= ~1
        s.free[w.pool[event]] += 1
        _attend(s, w.pool[event])
        note(s, log, now, REPAIRED, event, STANDS)
        put(s, 0, event)
    else:
        put(s, 1, w.owner[event - size])


@compiled
def _act(w: Wires, s: State, log: Any, now: float, kind: int, what: int, value: float) -> None:
    """Do what people do."""
    if kind == ISOLATE:
        see(s, what)
        s.hurt[what] += 2
        put(s, 1, what)
    elif kind == REJOIN:
        s.hurt[what] -= 2
        put(s, 0, what)
    elif kind == RERANK:
        see(s, what)
        s.rank[what] = value
        if s.queued[what] >= 0:
            pool = w.pool[what]
            base = w.pool_from[pool]
            size = remove(s.queue, s.queued, base, s.waiting[pool], what, s.wait_rank, s.wait_since)
            s.wait_rank[what] = value
            push(s.queue, s.queued, base, size, what, s.wait_rank, s.wait_since)
    else:
        change(s, what)
        owner = w.owner[what]
        if kind == GENERATOR_ON:
            s.generators[what] += 1
            put(s, 0, owner)
        elif kind == GENERATOR_OFF:
            s.generators[what] -= 1
            put(s, 1, owner)
        else:
            _restock(w, s, what, now)
            put(s, 0, owner)


@compiled
def _restock(w: Wires, s: State, group: int, now: float) -> None:
    s.level[group] = w.buffer[group]
    s.since[group] = now
    event = len(s.up) + group
    if not s.supplied[group]:
        if s.place[event] >= 0:
            s.n[EVENTS] = remove(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
        if w.buffer[group] > 0.0:
            s.due[event] = now + w.buffer[group]
            s.n[EVENTS] = push(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)


@compiled
def _dispatch(w: Wires, s: State, log: Any, now: float) -> None:
    """Send free crews to whose turn it is; they stay until it is repaired."""
    for number in range(s.n[POOLS]):
        pool = s.pools[number]
        s.pool_flag[pool] = 0
        base = w.pool_from[pool]
        while s.free[pool] > 0 and s.waiting[pool] > 0:
            facility = s.queue[base]
            s.waiting[pool] = remove(
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
            s.n[EVENTS] = push(s.heap, s.place, 0, s.n[EVENTS], facility, s.due, s.due)
            note(s, log, now, CREW, facility, STANDS)
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
    """Run until the horizon.

    Parameters
    ----------
    w : Wires
    s : State
        As `restore` leaves it. Afterwards ``s.hours`` holds how long each was down, and
        ``s.seen[: s.n[SEEN]]`` who was touched.
    at, kind, what, value : (X,)
        What comes from outside, sorted by time and kind.
    crews : (P,) int
        Of each pool.
    horizon : float
        Hours.
    log : Log

    Returns
    -------
    int
        How many lines the log has, or would have with room for them.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
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
        settle(w, s, now)
        conclude(w, s, log, now)
    for place in range(s.n[SEEN]):
        facility = s.seen[place]
        if not s.up[facility]:
            s.hours[facility] += horizon - s.down_since[facility]
    lines: int = s.n[LOGGED]
    return lines


@compiled
def restore(w: Wires, s: State, ranks: Any) -> None:
    """Set back what a run has touched, and nothing else.

    Parameters
    ----------
    w : Wires
    s : State
        After `spread`.
    ranks : (N,) float
        Who is repaired first, at the beginning of a run.

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
    """Run the one damage of ``outside`` for every facility in turn.

    Parameters
    ----------
    w, s, crews, horizon, log
        As in `spread`.
    outside : Outside
        One damage; its facility is overwritten.
    served : (N,) float
        Persons.
    ranks : (N,) float
        As in `restore`.
    losses : (N,) float
        Takes the person-hours without supply.

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
    at, kind, what, value = outside
    for facility in range(len(losses)):
        what[0] = facility
        spread(w, s, at, kind, what, value, crews, horizon, log)
        lost = 0.0
        for place in range(s.n[SEEN]):
            lost += s.hours[s.seen[place]] * served[s.seen[place]]
        losses[facility] = lost
        restore(w, s, ranks)
