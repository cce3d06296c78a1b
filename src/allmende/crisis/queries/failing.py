"""What fails in a dry run, when and why, and how many people it leaves without supply."""

from collections.abc import Container, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.model import Script
from allmende.portal.templatetags.portal import enumerated, hours

from .situation import service_label

if TYPE_CHECKING:
    from allmende.algorithms.exercise.replay import Future, Transition

# More cannot be read one by one: they are told by hour and service.
MOST_SINGLE = 40
MOST_ROWS = 200
# The page shows so many, and the rest on demand.
MOST_OPEN = 10
MOST_NAMED = 2
OUT = ("failed", "repairing")


class Failure(NamedTuple):
    """A facility that fails, or several of one service in one hour; minutes of the exercise, negative before it.

    ``back`` is when all of them are up again, None if that is not until the end of the simulation.
    """

    at: int
    back: int | None
    names: tuple[str, ...]
    service: str
    why: str
    persons: float

    @property
    def when(self) -> str:
        return format_minutes(self.at) if self.at >= 0 else _("vor Beginn")

    @property
    def until(self) -> str:
        return "" if self.back is None else format_minutes(max(0, self.back))

    @property
    def first(self) -> str:
        return enumerated(self.names[:MOST_NAMED]) if len(self.names) <= MOST_NAMED else ""

    @property
    def total(self) -> int:
        return len(self.names)


class Failures(NamedTuple):
    """What fails until the end of an exercise, in order; ``total`` facilities, some of them more than once."""

    rows: list[Failure]
    total: int
    left_out: int

    @property
    def first_rows(self) -> list[Failure]:
        """What is read at once."""
        return self.rows[:MOST_OPEN]

    @property
    def later_rows(self) -> list[Failure]:
        """What is folded away."""
        return self.rows[MOST_OPEN:]

    @property
    def is_gathered(self) -> bool:
        return self.total > MOST_SINGLE


def failures_in(script: Script, future: "Future") -> Failures:
    """All that fails until the exercise is over, each with its reason; by hour and service where it is much."""
    found = [each for each in _each(script, future) if each.at <= script.duration_minutes]
    rows = found if len(found) <= MOST_SINGLE else list(_gathered(found))
    return Failures(rows[:MOST_ROWS], len(found), max(0, len(rows) - MOST_ROWS))


def _each(script: Script, future: "Future") -> list[Failure]:
    rows = {str(row["key"]): row for row in script.facilities}
    served = {key: float(row.get("served", 0)) for key, row in rows.items()}
    scenario = (script.model or {}).get("scenario") or {}
    outages = {row["facility"] for row in scenario.get("outages", ())}
    found: list[Failure] = []
    down: dict[str, int] = {}  # where in ``found`` it stands
    for hour, batch in groupby(future.transitions, key=lambda each: each.hour):
        minute = round((hour - future.world.begins) * 60)
        moment = list(batch)
        failing = [each for each in moment if each.state in OUT and each.facility not in down]
        # What begins it comes first, then whom it hits hardest.
        failing.sort(key=lambda each: (each.cause.isdigit(), -served[each.facility], each.facility))
        for each in moment:
            if each.state not in OUT and (place := down.pop(each.facility, None)) is not None:
                found[place] = found[place]._replace(back=minute)
        # Whoever fails at the same moment is a reason already.
        down |= {each.facility: len(found) + n for n, each in enumerate(failing)}
        for each in failing:
            row = rows[each.facility]
            found.append(
                Failure(
                    minute,
                    None,
                    (script.facility_name(each.facility),),
                    service_label(str(row["sector"])),
                    _why(script, future, each, down, outages),
                    served[each.facility],
                )
            )
    return found


def _why(
    script: Script, future: "Future", each: "Transition", down: Container[str], outages: set[str]
) -> str:
    if each.cause == "damage":
        return _("beschädigt")
    if not each.cause.isdigit():
        by_itself = each.facility in outages
        return (
            _("von außen ausgefallen") if by_itself else _("durch eine Entscheidung abgeschaltet")
        )
    missing = [key for key in future.suppliers(each.cause) if key in down]
    names = _named([script.facility_name(key) for key in missing])
    stored = float(future.run.network.wires.buffer[int(each.cause)])
    if not stored:
        said = ngettext("weil %(names)s fehlt", "weil %(names)s fehlen", len(missing))
        return said % {"names": names}
    said = ngettext(
        "weil %(names)s fehlt und der Vorrat für %(hours)s Std. zu Ende ist",
        "weil %(names)s fehlen und der Vorrat für %(hours)s Std. zu Ende ist",
        len(missing),
    )
    return said % {"names": names, "hours": hours(stored)}


def _named(names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMED:
        return enumerated(names)
    return _("%(names)s und %(more)s weitere") % {
        "names": ", ".join(names[:MOST_NAMED]),
        "more": len(names) - MOST_NAMED,
    }


def _gathered(found: list[Failure]) -> Iterable[Failure]:
    """By hour and service; whoever stands alone keeps its reason."""

    def hour(each: Failure) -> tuple[int, str]:
        return each.at // 60, each.service

    for _key, same in groupby(sorted(found, key=hour), key=hour):
        rows = list(same)
        reasons = list(dict.fromkeys(each.why for each in rows))
        backs = [each.back for each in rows if each.back is not None]
        yield rows[0]._replace(
            at=min(each.at for each in rows),
            back=max(backs) if len(backs) == len(rows) else None,
            names=tuple(each.names[0] for each in rows),
            why=_named(reasons),
            persons=sum(each.persons for each in rows),
        )
