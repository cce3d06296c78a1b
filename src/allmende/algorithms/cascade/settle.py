"""Who can be up: the greatest set in which each one stands, found from what has changed.

Like ``spread.py``, it runs compiled on arrays and uncompiled on lists.
"""

from typing import Any

from .network import Wires
from .speed import compiled
from .state import (
    BY_DAMAGE,
    BY_DECISION,
    CHANGED,
    DOWN,
    EVENTS,
    LATE,
    MOVED,
    SEEDS,
    STANDS,
    SUSPECTS,
    UP,
    WITH,
    WITHOUT,
    State,
    change,
    note,
    push,
    put,
    remove,
    see,
)


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
def _move(s: State, facility: int, up: int) -> None:
    """Set up or down, remembering how it was when the batch began."""
    see(s, facility)
    if s.flags[facility] & 8 == 0:
        s.flags[facility] |= 8
        s.was_up[facility] = s.up[facility]
        s.stacks[3 * len(s.up) + s.n[MOVED]] = facility
        s.n[MOVED] += 1
    s.up[facility] = up


@compiled
def _lift(w: Wires, s: State, facility: int, now: float) -> None:
    """Set a facility up, for the time being, and look at those whom that may help."""
    _move(s, facility, 1)
    put(s, 1, facility)
    for place in range(w.supplies_from[facility], w.supplies_from[facility + 1]):
        group = w.supplied[place]
        owner = w.owner[group]
        if not s.up[owner] and not s.hurt[owner] and not _suffices(w, s, group, now):
            put(s, 0, owner)
        s.count[group] += w.weight[place]
        change(s, group)


@compiled
def _drop(w: Wires, s: State, facility: int, cause: int, now: float) -> None:
    """Set a facility down, and look at those who may fall with it."""
    _move(s, facility, 0)
    s.cause[facility] = cause
    for place in range(w.supplies_from[facility], w.supplies_from[facility + 1]):
        group = w.supplied[place]
        s.count[group] -= w.weight[place]
        change(s, group)
        owner = w.owner[group]
        if s.up[owner] and not _suffices(w, s, group, now):
            put(s, 1, owner)


@compiled
def settle(w: Wires, s: State, now: float) -> None:
    """Find the greatest set that can be up: lift all whom a change may help, then drop who cannot stand.

    Parameters
    ----------
    w : Wires
    s : State
        Who may be helped is among its seeds, who may fall among its suspects.
    now : float
        Hours.

    Returns
    -------
    None

    Raises
    ------
    ValueError
        Never.

    Notes
    -----
    Who cannot start alone is lifted only when all others have settled.

    References
    ----------
    docs/algorithms/cascade.md

    S. V. Buldyrev et al., "Catastrophic cascade of failures in interdependent networks", Nature 464
    (2010), doi:10.1038/nature08932.
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
                put(s, 2, facility)
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
def conclude(w: Wires, s: State, log: Any, now: float) -> None:
    """Draw the sum of a batch: how long who was down, which stores empty or fill from now on.

    Parameters
    ----------
    w : Wires
    s : State
        Settled.
    log : Log
    now : float
        Hours.

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
    for place in range(s.n[MOVED]):
        facility = s.stacks[3 * size + place]
        s.flags[facility] &= ~8
        if s.up[facility] == s.was_up[facility]:
            continue
        if s.up[facility]:
            s.hours[facility] += now - s.down_since[facility]
            note(s, log, now, UP, facility, STANDS)
        else:
            s.down_since[facility] = now
            note(s, log, now, DOWN, facility, s.cause[facility])
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
                s.n[EVENTS] = remove(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
            note(s, log, now, WITH, group, STANDS)
        else:
            if s.level[group] > 0.0:
                s.due[event] = now + s.level[group]
                s.n[EVENTS] = push(s.heap, s.place, 0, s.n[EVENTS], event, s.due, s.due)
            note(s, log, now, WITHOUT, group, STANDS)
    s.n[CHANGED] = 0
