"""What people decide in an exercise, as it acts on the simulation.

Decisions are kept as they were made, with their exercise time; what follows from all of them together (a
generator is at one place at a time, and on its way in between) is found anew each time.

>>> made = [Made(0, (Send("aggregat", "wasserwerk"),)), Made(10 * HOUR, (Send("aggregat", "klinik"),))]
>>> for act in interventions(made, {"aggregat": Unit("aggregat", {"klinik": 1.5}, hours=2.0)}):
...     print(act)
Generator(facility='wasserwerk', supply=0, at=2.0, until=10.0)
Generator(facility='klinik', supply=0, at=11.5, until=inf)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from allmende.algorithms.cascade.network import ModelError
from allmende.algorithms.cascade.scenario import (
    Evacuate,
    Generator,
    Intervention,
    Isolate,
    Rerank,
    Restock,
)

from .clock import HOUR


@dataclass(frozen=True)
class Unit:
    """A mobile generator: hours until it works at each facility; at those not named, ``hours``.

    sites : facilities that it can feed; empty: all
    """

    key: str
    travel: Mapping[str, float] = field(default_factory=dict)
    hours: float = 1.0
    sites: tuple[str, ...] = ()


class Send(NamedTuple):
    """Bring a generator to a supply of a facility (the first is 0); to "": take it away."""

    unit: str
    facility: str
    supply: int = 0


class Refill(NamedTuple):
    """Fill the store of a supply; it is there after so many hours."""

    facility: str
    supply: int = 0
    hours: float = 0.0


class Rank(NamedTuple):
    """Repair a facility earlier (lower rank) or later than others."""

    facility: str
    rank: int


class Switch(NamedTuple):
    """Switch a facility off, or on again."""

    facility: str
    on: bool = False


class Leave(NamedTuple):
    """A share of the people of a municipality leaves; they are away after so many hours."""

    municipality: str
    share: float
    hours: float = 0.0


Act = Send | Refill | Rank | Switch | Leave


class Made(NamedTuple):
    """A decision that was made.

    at : exercise time, as ``Ledger.stamp`` gives it
    acts : what follows for the simulation
    decision, option : which one of the script, and what was chosen; "" if it is not in the script
    """

    at: int
    acts: tuple[Act, ...]
    decision: str = ""
    option: str = ""


def act_of(written: Mapping[str, object]) -> Act:
    """Read an act as it stands in a script (docs/reference/exercise-json.md).

    Parameters
    ----------
    written : mapping
        With ``kind``: ``generator``, ``restock``, ``rerank``, ``isolate``, ``rejoin`` or ``evacuate``.

    Returns
    -------
    Act

    Raises
    ------
    ModelError
        If it is none of these, or a field is missing, unknown or impossible.

    References
    ----------
    docs/algorithms/exercise.md
    """
    match dict(written):
        case {"kind": "generator", "unit": str(unit), "facility": str(facility), **rest}:
            return Send(unit, facility, _supply(rest, {"supply"}))
        case {"kind": "restock", "facility": str(facility), **rest}:
            return Refill(facility, _supply(rest, {"supply", "hours"}), _hours(rest))
        case {"kind": "rerank", "facility": str(facility), "rank": int(rank), **rest} if not rest:
            return Rank(facility, rank)
        case {"kind": "isolate" | "rejoin" as kind, "facility": str(facility), **rest} if not rest:
            return Switch(facility, kind == "rejoin")
        case {
            "kind": "evacuate",
            "municipality": str(where),
            "share": int() | float() as share,
            **rest,
        }:
            _known(rest, {"hours"})
            if not 0 <= share <= 1:
                raise ModelError("the share of those who leave is not between 0 and 1")
            return Leave(where, float(share), _hours(rest))
    raise ModelError(f"no act: {written!r}")


def interventions(
    made: Iterable[Made], units: Mapping[str, Unit], *, begins: float = 0.0
) -> list[Intervention]:
    """Say what all decisions together do in the simulation.

    Parameters
    ----------
    made : iterable of Made
    units : mapping of str to Unit
        The generators there are.
    begins : float
        Hour of the simulation at which the exercise begins.

    Returns
    -------
    list of Intervention
        In hours of the simulation.

    Raises
    ------
    ModelError
        If a generator is unknown.

    References
    ----------
    docs/algorithms/exercise.md
    """
    found: list[Intervention] = []
    at_work: dict[str, Generator] = {}
    off: dict[str, float] = {}
    # Stable: of several at one moment, the later in the log counts last.
    for each in sorted(made, key=lambda decision: decision.at):
        now = begins + each.at / HOUR
        for act in each.acts:
            match act:
                case Send():
                    found += _left(at_work.pop(act.unit, None), now)
                    if act.facility:
                        at_work[act.unit] = _sent(act, units, now)
                    elif act.unit not in units:
                        raise ModelError(f"unknown generator: {act.unit!r}")
                case Refill():
                    found.append(Restock(act.facility, act.supply, now + act.hours))
                case Rank():
                    found.append(Rerank(act.facility, now, act.rank))
                case Switch(on=False):
                    off.setdefault(act.facility, now)
                case Switch():
                    since = off.pop(act.facility, now)
                    found += [Isolate(act.facility, since, now)] if since < now else []
                case Leave():
                    found.append(Evacuate(act.municipality, now + act.hours, act.share))
    found += at_work.values()
    return found + [Isolate(facility, since) for facility, since in off.items()]


def _sent(act: Send, units: Mapping[str, Unit], now: float) -> Generator:
    if act.unit not in units:
        raise ModelError(f"unknown generator: {act.unit!r}")
    unit = units[act.unit]
    if unit.sites and act.facility not in unit.sites:
        raise ModelError(f"generator {act.unit!r} cannot feed {act.facility!r}")
    return Generator(act.facility, act.supply, now + unit.travel.get(act.facility, unit.hours))


def _left(before: Generator | None, now: float) -> list[Intervention]:
    """What it did where it was; nothing, if it never arrived."""
    if before is None or before.at >= now:
        return []
    return [Generator(before.facility, before.supply, before.at, now)]


def _known(rest: Mapping[str, object], names: set[str]) -> None:
    if set(rest) - names:
        raise ModelError(f"unknown: {sorted(set(rest) - names)[0]!r}")


def _supply(rest: Mapping[str, object], names: set[str]) -> int:
    """Counted from 1 in files."""
    _known(rest, names)
    number = rest.get("supply", 1)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ModelError(f"no supply: {number!r}")
    return number - 1


def _hours(rest: Mapping[str, object]) -> float:
    hours = rest.get("hours", 0.0)
    if not isinstance(hours, int | float) or not (isfinite(hours) and hours >= 0):
        raise ModelError(f"no number of hours: {hours!r}")
    return float(hours)
