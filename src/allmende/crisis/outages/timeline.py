"""A run in sentences: who fails when and why, what runs from its store until when, what comes back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import time
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from allmende.portal.templatetags.portal import enumerated
from allmende.portal.templatetags.portal import hours as in_words

from ..models import Service
from ..queries import Need, Node, Register

if TYPE_CHECKING:
    from allmende.algorithms.cascade.run import Run

MOST_NAMED = 3
MOST_SUPPLIERS = 2
ORDER = ("down", "lasting", "up")
Entry = tuple[float, int, int, int]  # of the log: time, kind, what, cause


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
    return _("%(hours)s Std.") % {"hours": in_words(hours)}


class Happening(NamedTuple):
    """The same thing at one time: ``kind`` is down, lasting, up or help; ``why`` tells the reason."""

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


@dataclass
class Situation:
    """What holds at a moment of a run: who is down, who is without what since when, what is in store."""

    nodes: list[Node]
    groups: list[Need]
    down: set[int] = field(default_factory=set)
    without: dict[int, float] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)  # hours, when a store began to empty
    level: dict[int, tuple[float, float]] = field(default_factory=dict)  # when it began to fill

    def note(self, rows: Iterable[Entry]) -> None:
        """Take in all that happens at one moment: it counts before anybody says why."""
        from allmende.algorithms.cascade.state import DOWN, UP, WITH, WITHOUT

        for at, kind, what, _cause in rows:
            if kind == DOWN:
                self.down.add(self.nodes[what].number)
            elif kind == UP:
                self.down.discard(self.nodes[what].number)
            elif kind == WITHOUT:
                need = self.groups[what]
                level, since = self.level.get(what, (need.buffer_hours, 0.0))
                self.left[what] = min(need.buffer_hours, level + need.recharge * (at - since))
                self.without[what] = at
            elif kind == WITH:
                began = self.without.pop(what, at)
                self.level[what] = max(0.0, self.left.get(what, 0.0) - (at - began)), at


def tell(register: Register, run: "Run", clock: Clock) -> Iterator[Happening]:
    """Everything that happens, in its order, and when what was decided arrives."""
    groups = groups_of(register)
    now = Situation(list(register.nodes.values()), groups)
    arrivals = list(_arrivals(register, run, clock))
    entries = zip(*(part.tolist() for part in run.log), strict=True)
    for at, batch in groupby(entries, key=lambda entry: entry[0]):
        while arrivals and arrivals[0].at <= at:
            yield arrivals.pop(0)
        rows = list(batch)
        now.note(rows)
        yield from _at_one_moment(register, now, rows, clock)
    yield from arrivals


def _at_one_moment(
    register: Register, now: Situation, rows: list[Entry], clock: Clock
) -> Iterator[Happening]:
    from allmende.algorithms.cascade.state import DOWN, UP, WITHOUT

    at = rows[0][0]
    found: dict[Reason, list[Node]] = defaultdict(list)
    missing: dict[Reason, dict[int, None]] = defaultdict(dict)
    for _at, kind, what, cause in rows:
        if kind == DOWN:
            reason = _why_down(now, at, cause)
            found[reason].append(now.nodes[what])
            if cause >= 0:
                away = (each for each in now.groups[cause].suppliers if each in now.down)
                missing[reason].update(dict.fromkeys(away))
        elif kind == UP:
            found[Reason("up", "")].append(now.nodes[what])
        elif kind == WITHOUT and now.groups[what].facility not in now.down and now.left[what] > 0:
            reason = Reason("lasting", "", now.groups[what].service, at, now.left[what])
            found[reason].append(register.nodes[now.groups[what].facility])
    for reason, who in sorted(found.items(), key=lambda item: ORDER.index(item[0].kind)):
        names = [register.nodes[each].name for each in missing[reason]]
        yield Happening(at, clock.say(at), reason.kind, _said(reason, names, clock), tuple(who))


def _arrivals(register: Register, run: "Run", clock: Clock) -> Iterator[Happening]:
    """Generators and supplies that arrive; all of a plan do at one time."""
    from allmende.algorithms.cascade.scenario import Generator, Restock

    acts = run.scenario.interventions
    generators = [act for act in acts if isinstance(act, Generator)]
    supplies = [act for act in acts if isinstance(act, Restock)]
    for arriving, said in (
        (generators, _("ein Aggregat kommt an")),
        (supplies, _("Nachschub kommt an")),
    ):
        if arriving:
            at = arriving[0].at
            who = dict.fromkeys(register.nodes[int(act.facility)] for act in arriving)
            yield Happening(at, clock.say(at), "help", said, tuple(who))


def _why_down(now: Situation, at: float, cause: int) -> Reason:
    from allmende.algorithms.cascade.state import BY_DAMAGE

    if cause < 0:
        return Reason("down", "damage" if cause == BY_DAMAGE else "decision")
    need, since = now.groups[cause], now.without.get(cause, at)
    stock = "none" if need.buffer_hours == 0 else "used" if since < at else "empty"
    return Reason("down", stock, need.service, since)


def _said(reason: Reason, names: list[str], clock: Clock) -> str:
    """The reason in words; ``names`` are the suppliers that are down."""
    if reason.kind == "up":
        return ""
    if reason.cause in {"damage", "decision"}:
        return _("selbst betroffen") if reason.cause == "damage" else _("abgeschaltet")
    listed = enumerated(names)
    if len(names) > MOST_SUPPLIERS:
        first = ", ".join(names[:MOST_SUPPLIERS])
        more = {"names": first, "more": len(names) - MOST_SUPPLIERS}
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
