"""When a condition holds: on what people decided, what was delivered, and how facilities are.

A condition is a set of spans of exercise time, and ``all``, ``any`` and ``not`` are operations on such sets.

>>> facts = Facts(decided={"generator": [(60, "klinik")]}, states={"werk": [(0, 100, "failed")]})
>>> both = condition_of({"all": [{"decision": "generator"}, {"facility": "werk", "state": "failed"}]})
>>> spans(both, facts)
[(60, 100)]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from .clock import MINUTE

ALWAYS = 1 << 62
Span = tuple[int, int]  # from, until; half open

OPERATIONAL, BUFFERED, FAILED, REPAIRING = "operational", "buffered", "failed", "repairing"
STATES = (OPERATIONAL, BUFFERED, FAILED, REPAIRING)


@dataclass(frozen=True)
class Decided:
    """The latest choice in a decision is this option; "": any."""

    decision: str
    option: str = ""


@dataclass(frozen=True)
class Delivered:
    """An inject has been delivered."""

    inject: str


@dataclass(frozen=True)
class InState:
    """A facility has been in one of these states for so long (microseconds) without a break."""

    facility: str
    states: tuple[str, ...]
    since: int = 0


@dataclass(frozen=True)
class All:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Some:
    """At least one of them."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    part: "Condition"


Condition = Decided | Delivered | InState | All | Some | Not


@dataclass(frozen=True)
class Facts:
    """What is known of an exercise. All times in microseconds of exercise time.

    decided : by decision, when which option was chosen; ascending
    states : by facility, from when until when it is in which state; ascending
    delivered : by inject, when
    """

    decided: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    states: Mapping[str, Sequence[tuple[int, int, str]]] = field(default_factory=dict)
    delivered: Mapping[str, int] = field(default_factory=dict)


def condition_of(written: Mapping[str, object]) -> Condition:
    """Read a condition as it stands in a script (docs/reference/exercise-json.md).

    Parameters
    ----------
    written : mapping
        Such as ``{"decision": …, "option": …}``, ``{"inject": …}``, ``{"facility": …, "state": …,
        "since_minutes": …}``, ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}``.

    Returns
    -------
    Condition

    Raises
    ------
    ValueError
        If it is none of these.

    References
    ----------
    docs/algorithms/exercise.md
    """
    if not isinstance(written, Mapping):
        raise ValueError(f"no condition: {written!r}")
    match dict(written):
        case {"decision": str(decision), **rest} if set(rest) <= {"option"}:
            return Decided(decision, str(rest.get("option", "")))
        case {"inject": str(inject), **rest} if not rest:
            return Delivered(inject)
        case {"facility": str(facility), "state": state, **rest} if set(rest) <= {"since_minutes"}:
            states = (state,) if isinstance(state, str) else tuple(_listed(state))
            minutes = rest.get("since_minutes", 0)
            if states and set(states) <= set(STATES) and isinstance(minutes, int) and minutes >= 0:
                return InState(facility, tuple(map(str, states)), minutes * MINUTE)
        case {"all": parts, **rest} if not rest and _listed(parts):
            return All(tuple(condition_of(part) for part in _listed(parts)))
        case {"any": parts, **rest} if not rest and _listed(parts):
            return Some(tuple(condition_of(part) for part in _listed(parts)))
        case {"not": dict(part), **rest} if not rest:
            return Not(condition_of(part))
    raise ValueError(f"no condition: {written!r}")


def injects_in(condition: Condition | None) -> set[str]:
    """Name the injects that a condition waits for.

    Parameters
    ----------
    condition : Condition or None

    Returns
    -------
    set of str

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    match condition:
        case Delivered(inject):
            return {inject}
        case All(parts) | Some(parts):
            return set().union(*map(injects_in, parts))
        case Not(part):
            return injects_in(part)
    return set()


def spans(condition: Condition | None, facts: Facts) -> list[Span]:
    """Say when a condition holds.

    Parameters
    ----------
    condition : Condition or None
        None holds always.
    facts : Facts

    Returns
    -------
    list of (int, int)
        Disjoint and ascending; each from its first moment until before its second.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    match condition:
        case None:
            return [(0, ALWAYS)]
        case All(parts):
            return reduce(_both, (spans(part, facts) for part in parts), [(0, ALWAYS)])
        case Some(parts):
            return _joined(sorted(span for part in parts for span in spans(part, facts)))
        case Not(part):
            return _others(spans(part, facts))
    return _spans_of_one(condition, facts)


def _spans_of_one(condition: Decided | Delivered | InState, facts: Facts) -> list[Span]:
    match condition:
        case Decided(decision, option):
            made = [*facts.decided.get(decision, ()), (ALWAYS, "")]
            return _joined(
                (at, made[place + 1][0])
                for place, (at, chosen) in enumerate(made[:-1])
                if option in ("", chosen)
            )
        case Delivered(inject):
            at = facts.delivered.get(inject, ALWAYS)
            return _joined([(at, ALWAYS)])
        case InState(facility, states, since):
            there = _joined(
                (begin, end)
                for begin, end, state in facts.states.get(facility, ())
                if state in states
            )
            return [(begin + since, end) for begin, end in there if begin + since < end]


def first_moment(condition: Condition | None, facts: Facts, *, after: int) -> int | None:
    """Say when a condition holds first, from some time on.

    Parameters
    ----------
    condition : Condition or None
    facts : Facts
    after : int
        Exercise time; itself included.

    Returns
    -------
    int or None

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    for begin, end in spans(condition, facts):
        if end > after:
            return max(begin, after)
    return None


def _listed(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _joined(found: Iterable[Span]) -> list[Span]:
    """Ascending spans, with those that touch or overlap made one."""
    joined: list[Span] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return joined


def _both(left: list[Span], right: list[Span]) -> list[Span]:
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        begin, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if begin < end:
            found.append((begin, end))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return found


def _others(found: list[Span]) -> list[Span]:
    edges = [0, *(edge for span in found for edge in span), ALWAYS]
    return [(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]
