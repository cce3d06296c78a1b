"""What an action on many concerns at once would do, and to which of them nothing, and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

import rules
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.registry.models import Mandate, Right
from allmende.registry.queries import mandates_with

from ..models import Concern, ConcernState, Extension
from ..models.answers import edition_of
from .ministries import ANSWERS, nobody_in_charge
from .queue import own_ministries, queue_of
from .supports import SUPPORTED_IN, terms

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Each leaves an entry in the log, for which all others wait.
MOST_AT_ONCE = 200
# What changes who is in charge of a concern.
ASSIGNING = (
    "forum.assign_official",
    "forum.restore_official",
    "forum.set_ministry",
    "forum.hand_over_concern",
)


@dataclass
class Plan:
    """The concerns to which it would happen; the others by the sentence, in the reader's language, that says why not."""

    concerns: list[Concern] = field(default_factory=list)
    left: dict[str, list[Concern]] = field(default_factory=dict)
    gone: int = 0  # those that do not lie with her ministries, or not so that she may see them

    @property
    def edition(self) -> str:
        """Another one whenever it would happen to others, or to what has changed since."""
        return edition_of(*((c.pk, c.official_id, c.answer_due) for c in self.concerns))

    @property
    def asked(self) -> int:
        """Of how many it was asked."""
        return len(self.concerns) + sum(map(len, self.left.values())) + self.gone


def plan_assignment(user: "User", keys: Sequence[int], official: "User | None") -> Plan:
    """Put somebody of the ministry in charge of these concerns, or nobody; in two queries."""
    houses = set()
    if official is not None:
        mandates = Mandate.objects.current().filter(ANSWERS, user=official, user__is_active=True)
        houses = set(mandates.values_list("organisation", flat=True))

    def why_not(concern: Concern) -> str:
        if concern.state not in (*SUPPORTED_IN, ConcernState.SENT):
            return _("Schon beantwortet oder abgeschlossen")
        if not rules.has_perm("forum.assign_official", user, concern):
            return _("Für dieses Ministerium darf das nur, wer dort entscheidet")
        if official is not None and concern.ministry_id not in houses:
            return _("%(name)s arbeitet nicht in diesem Ministerium") % {"name": official}
        if official is not None and concern.official_id == official.pk:
            return _("%(name)s ist schon zuständig") % {"name": official}
        if official is None and concern.nobody_in_charge:
            return _("Schon jetzt ist niemand zuständig")
        return ""

    return _plan(user, keys, why_not)


def plan_extension(user: "User", keys: Sequence[int]) -> Plan:
    """Move the date until which these concerns are to be answered; in one query.

    Once, and not after it has passed: what is late stays late.
    """
    now = timezone.now()

    def why_not(concern: Concern) -> str:
        if concern.state in SUPPORTED_IN:
            return _("Die Frist läuft noch nicht")
        if concern.state != ConcernState.SENT or concern.answer_due is None:
            return _("Schon beantwortet oder abgeschlossen")
        assert concern.ministry is not None  # noqa: S101  it is in the queue of one
        if not mandates_with(Right.RELEASE, user, concern.ministry):
            return _("Für dieses Ministerium darf das nur, wer dort freigibt")
        if hasattr(concern, "extension"):
            return _("Die Frist wurde schon einmal verlängert")
        if concern.answer_due < now:
            return _("Die Frist ist schon vorbei")
        return ""

    return _plan(user, keys, why_not)


def _plan(user: "User", keys: Sequence[int], why_not: Callable[[Concern], str]) -> Plan:
    """Ask of each of these concerns in one's queue why it cannot happen to it."""
    plan = Plan()
    found = queue_of(user, own_ministries(user), state="alle").filter(pk__in=keys)
    known = found.annotate(nobody_in_charge=nobody_in_charge())  # type: ignore[no-redef]  # declared on the model
    for concern in known.select_related("ministry", "official", "extension").order_by("pk"):
        if reason := why_not(concern):
            plan.left.setdefault(reason, []).append(concern)
        else:
            plan.concerns.append(concern)
    plan.gone = len(keys) - plan.asked
    return plan


def possible_days(concerns: Sequence[Concern]) -> tuple[date, date]:
    """From which to which day all of these dates can be moved: the first is the later if to none, and none
    of them can be moved to any.
    """
    days = [timezone.localdate(c.answer_due) for c in concerns if c.answer_due]
    if not days:
        return date.min, date.max
    return max(days) + timedelta(days=1), min(days) + timedelta(weeks=terms().answer_weeks)


def done_assignment(user: "User", official: "User | None", seen: str) -> list[Entry]:
    """The entries of the plan ``seen`` where it is what this person carried out last, and it still stands;
    oldest first.

    So is a second click told from somebody else's doing.
    """
    key = official.pk if official else None
    entries = list(_assignments_by(user).order_by("-number")[:MOST_AT_ONCE])
    keys = [entry.object_key for entry in entries]
    concerns, last = Concern.objects.in_bulk(map(int, keys)), last_assignments(keys)

    def stands(entry: Entry) -> bool:
        concern = concerns.get(int(entry.object_key))
        return (
            concern is not None
            and concern.official_id == entry.details["after"] == key
            and last[entry.object_key] == entry.number
        )

    there = [(entry, concerns[int(entry.object_key)]) for entry in takewhile(stands, entries)]
    count = _in_plan(
        seen,
        ((concern.pk, entry.details["before"], concern.answer_due) for entry, concern in there),
    )
    return [entry for entry, _concern in reversed(there[:count])]


def done_extension(user: "User", due: datetime, reason: str, seen: str) -> int:
    """How many dates the plan ``seen`` moved where it is what this person carried out last, with this day
    and reason.
    """
    own = Extension.objects.filter(extended_by=user).select_related("concern")
    there = takewhile(
        lambda each: (each.after, each.reason) == (due, reason), own.order_by("-pk")[:MOST_AT_ONCE]
    )
    return _in_plan(seen, ((e.concern.pk, e.concern.official_id, e.before) for e in there))


def _in_plan(seen: str, rows: Iterable[tuple[int, int | None, datetime | None]]) -> int:
    """How many of these, as they were before and the last first, make up the edition ``seen``; or 0."""
    done: list[tuple[int, int | None, datetime | None]] = []
    for row in rows:
        done.insert(0, row)
        if edition_of(*done) == seen:
            return len(done)
    return 0


def own_assignments(user: "User", first: int, last: int) -> QuerySet[Entry]:
    """What a person has assigned with the entries of these numbers, oldest first."""
    entries = _assignments_by(user).filter(number__range=(first, last))
    return entries.order_by("number")[:MOST_AT_ONCE]


def _assignments_by(user: "User") -> QuerySet[Entry]:
    return Entry.objects.filter(
        actor=user, deed="forum.assign_official", object_kind=Concern._meta.label
    )


def last_assignments(keys: Sequence[str]) -> dict[str, int]:
    """The number of the last entry that says who is in charge, by the key of its concern."""
    entries = Entry.objects.filter(
        object_kind=Concern._meta.label, object_key__in=keys, deed__in=ASSIGNING
    )
    found = entries.order_by().values("object_key").annotate(last=Max("number"))
    return dict(found.values_list("object_key", "last"))
