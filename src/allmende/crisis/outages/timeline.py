"""A run in sentences: who fails when and why, what runs from its store until when, what comes back."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import time
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from allmende.portal.templatetags.portal import number

from ..models import Service
from ..queries import Need, Node, Register

if TYPE_CHECKING:
    from allmende.algorithms.cascade.run import Run

MOST_NAMED = 3
MOST_SUPPLIERS = 2
ORDER = ("down", "lasting", "up")


class Clock(NamedTuple):
    """Turns hours of a run into days and times of day."""

    begin: time

    def say(self, hours: float) -> str:
        """„Tag 2, 04:30“."""
        minutes = round(hours * 60) + self.begin.hour * 60 + self.begin.minute
        days, rest = divmod(minutes, 24 * 60)
        return _("Tag %(day)s, %(time)s") % {
            "day": days + 1,
            "time": f"{rest // 60:02}:{rest % 60:02}",
        }


def say_hours(hours: float) -> str:
    """„4 Std.“, „1,5 Std.“."""
    digits = 0 if abs(hours - round(hours)) < 0.05 else 1
    return _("%(hours)s Std.") % {"hours": number(hours, digits)}


class Happening(NamedTuple):
    """The same thing at one time: ``kind`` is down, lasting or up; ``why`` tells the reason."""

    at: float
    clock: str
    kind: str
    why: str
    who: tuple[Node, ...]

    @property
    def named(self) -> tuple[Node, ...]:
        return self.who[:MOST_NAMED]

    @property
    def others(self) -> tuple[Node, ...]:
        return self.who[MOST_NAMED:]


class Reason(NamedTuple):
    """Why something happens; what happens at one time for one reason is told together."""

    kind: str
    cause: str
    service: str = ""
    since: float = 0.0
    left: float = 0.0


def groups_of(register: Register) -> list[Need]:
    """The need behind each group of the network, by its number."""
    return [need for number in register.nodes for need in register.simulated_needs_of(number)]


def tell(register: Register, run: "Run", clock: Clock) -> Iterator[Happening]:
    """Everything that happens, in its order."""
    from allmende.algorithms.cascade.state import DOWN, UP, WITHOUT

    nodes, groups = list(register.nodes.values()), groups_of(register)
    down: set[int] = set()
    without: dict[int, float] = {}
    entries = zip(*(part.tolist() for part in run.log), strict=True)
    for at, batch in groupby(entries, key=lambda entry: entry[0]):
        rows = list(batch)
        _note(rows, nodes, down, without)
        found: dict[Reason, list[Node]] = defaultdict(list)
        missing: dict[Reason, dict[int, None]] = defaultdict(dict)
        for _at, kind, what, cause in rows:
            if kind == DOWN:
                reason = _why_down(groups, without, at, cause)
                found[reason].append(nodes[what])
                if cause >= 0:
                    away = (each for each in groups[cause].suppliers if each in down)
                    missing[reason].update(dict.fromkeys(away))
            elif kind == UP:
                found[Reason("up", "")].append(nodes[what])
            elif kind == WITHOUT and groups[what].facility not in down:
                left = _left(run, groups[what], what, at)
                if left > 0:
                    reason = Reason("lasting", "", groups[what].service, at, left)
                    found[reason].append(register.nodes[groups[what].facility])
        for reason, who in sorted(found.items(), key=lambda item: ORDER.index(item[0].kind)):
            names = [register.nodes[each].name for each in missing[reason]]
            yield Happening(at, clock.say(at), reason.kind, _said(reason, names, clock), tuple(who))


def _note(
    rows: list[tuple[float, int, int, int]],
    nodes: list[Node],
    down: set[int],
    without: dict[int, float],
) -> None:
    """Who is down after one moment, and since when each group is without: all of it counts before anybody says why."""
    from allmende.algorithms.cascade.state import DOWN, UP, WITH, WITHOUT

    for at, kind, what, _cause in rows:
        if kind == DOWN:
            down.add(nodes[what].number)
        elif kind == UP:
            down.discard(nodes[what].number)
        elif kind == WITHOUT:
            without[what] = at
        elif kind == WITH:
            without.pop(what, None)


def _why_down(groups: list[Need], without: dict[int, float], at: float, cause: int) -> Reason:
    from allmende.algorithms.cascade.state import BY_DAMAGE

    if cause < 0:
        return Reason("down", "damage" if cause == BY_DAMAGE else "decision")
    need, since = groups[cause], without.get(cause, at)
    stock = "none" if need.buffer_hours == 0 else "used" if since < at else "empty"
    return Reason("down", stock, need.service, since)


def _said(reason: Reason, names: list[str], clock: Clock) -> str:
    """The reason in words; ``names`` are the suppliers that are down."""
    if reason.kind == "up":
        return ""
    if reason.cause in {"damage", "decision"}:
        return _("selbst betroffen") if reason.cause == "damage" else _("abgeschaltet")
    listed = ", ".join(names[:MOST_SUPPLIERS])
    if len(names) > MOST_SUPPLIERS:
        more = {"names": listed, "more": len(names) - MOST_SUPPLIERS}
        listed = _("%(names)s und %(more)s weitere") % more
    words = {
        "what": Service(reason.service).label,
        "names": listed,
        "since": clock.say(reason.since),
        "hours": say_hours(reason.left),
        "until": clock.say(reason.since + reason.left),
    }
    if reason.kind == "lasting":
        said = _("%(what)s fehlt; der Vorrat reicht noch %(hours)s, bis %(until)s")
    elif reason.cause == "used":
        said = _("%(what)s fehlt seit %(since)s (%(names)s), und der Vorrat ist aufgebraucht")
    elif reason.cause == "empty":
        said = _("%(what)s fehlt (%(names)s), und der Vorrat war noch nicht wieder gefüllt")
    else:
        said = _("%(what)s fehlt (%(names)s), und es gibt keinen Vorrat")
    return said % words


def _left(run: "Run", need: Need, group: int, at: float) -> float:
    """Hours left in a store that begins to empty: full, less what was taken and not brought back before."""
    from allmende.algorithms.cascade.state import WITH, WITHOUT

    level, since, supplied = need.buffer_hours, 0.0, True
    log = run.log
    mine = (log.what == group) & ((log.kind == WITH) | (log.kind == WITHOUT)) & (log.time < at)
    for time_of, kind in zip(log.time[mine].tolist(), log.kind[mine].tolist(), strict=True):
        level = _after(need, level, time_of - since, supplied)
        since, supplied = time_of, kind == WITH
    return _after(need, level, at - since, supplied)


def _after(need: Need, level: float, hours: float, supplied: bool) -> float:
    if supplied:
        return min(need.buffer_hours, level + need.recharge * hours)
    return max(0.0, level - hours)
