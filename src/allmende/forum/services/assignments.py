"""Who in a ministry is in charge of a concern: one by one, many at once, and back again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import Concern, ConcernState
from ..queries import (
    SUPPORTED_IN,
    Plan,
    last_assignments,
    official_of,
    officials_of,
    own_assignments,
    plan_assignment,
    speaking_mandate,
)
from ..queries.bulk import done_assignment
from ..queries.ministries import official_in
from .errors import Conflict, Overtaken
from .ministries import TOO_LATE
from .way_notices import tell_former_official, tell_official, tell_official_of_many

if TYPE_CHECKING:
    from allmende.accounts.models import User

WAITING = (*SUPPORTED_IN, ConcernState.SENT)


@dataclass(frozen=True)
class Assigned:
    """How many concerns were assigned, and under which numbers that stands in the log."""

    count: int
    first: int
    last: int


@dataclass(frozen=True)
class Undone:
    """How many assignments were taken back, and how many had changed since or could not be."""

    count: int
    left: int


@dataclass(frozen=True)
class _Change:
    """Whose a concern was and is, and under which number that stands in the log."""

    concern: Concern
    former: "User | None"
    now: "User | None"
    number: int


@audited
def assign_official(
    *, actor: "User", mandate: Mandate, concern: Concern, official: "User", seen: int | None
) -> None:
    """Say who in the ministry is in charge; ``seen`` is who it was when the page was shown.

    Raises ``Conflict`` if somebody else was quicker, or that person does not work there any more.
    """
    concern.refresh_from_db()
    ministry = concern.ministry
    if ministry is None or mandate.organisation_id != ministry.pk:
        raise Conflict(_("Das Anliegen liegt nicht mehr bei Ihrem Ministerium."))
    if not officials_of(ministry).filter(user=official).exists():
        raise Conflict(
            _("Diese Person hat dort kein Mandat mehr. Bitte wählen Sie jemand anderes.")
        )
    if concern.state not in WAITING:
        raise Conflict(TOO_LATE)
    if concern.official_id == official.pk:  # clicked twice
        return
    if concern.official_id != seen:
        raise Conflict(
            _("Inzwischen ist zuständig: %(name)s. Möchten Sie das ändern, wählen Sie noch einmal.")
            % {"name": official_of(concern) or _("niemand")}
        )
    entry = _put_in_charge(concern, official, actor=actor, mandate=mandate)
    if official != actor:
        tell_official(concern, number=entry.number)


@audited
def assign_officials(
    *, actor: "User", keys: Sequence[int], official: "User | None", seen: str
) -> Assigned:
    """Put somebody in charge of many concerns at once, or nobody, as far as that is possible.

    ``seen`` is the edition of the plan that the actor has read. Raises ``Overtaken`` if it would be
    another one by now, ``Conflict`` if there is nothing to do. Whoever is put in charge is told once. Asked
    for the same once more, it returns what it has done, whatever the keys.
    """
    plan = plan_assignment(actor, keys, official)
    if plan.edition != seen:
        if done := done_assignment(actor, official, seen):  # clicked twice
            return Assigned(len(done), done[0].number, done[-1].number)
        raise overtaken_by_others(plan)
    if not plan.concerns:
        raise Conflict(_("Davon lässt sich nichts zuweisen."))
    entries = [
        _put_in_charge(concern, official, actor=actor, mandate=_mandate_in(actor, concern))
        for concern in plan.concerns
    ]
    if official is not None and official != actor:
        tell_official_of_many(plan.concerns, official=official, number=entries[0].number)
    return Assigned(len(entries), entries[0].number, entries[-1].number)


@audited
def undo_assignments(*, actor: "User", first: int, last: int) -> Undone:
    """Take back what the actor has assigned under these numbers of the log.

    Only where nobody has assigned it since and the concern still waits. Whoever was in charge before and works
    there no longer is not put in charge again: then nobody is. Who is in charge no longer is told once, and so
    is who is again.
    """
    entries = list(own_assignments(actor, first, last))
    keys = [entry.object_key for entry in entries]
    concerns = Concern.objects.select_related("ministry", "official").in_bulk(map(int, keys))
    last_numbers = last_assignments(keys)
    undone = []
    for entry in entries:
        concern = concerns.get(int(entry.object_key))
        if concern is None or last_numbers[entry.object_key] != entry.number:
            continue
        if not _still_stands(concern, entry, actor):
            continue
        before = official_in(concern.ministry, entry.details["before"])
        former = concern.official
        if before == former:  # taken from somebody who has left since: there is nothing to restore
            continue
        restored = _put_in_charge(
            concern,
            before,
            actor=actor,
            mandate=_mandate_in(actor, concern),
            deed="forum.restore_official",
        )
        undone.append(_Change(concern, former, before, restored.number))
    _tell_of_undoing(undone, actor)
    return Undone(len(undone), len(entries) - len(undone))


def _tell_of_undoing(undone: Iterable[_Change], actor: "User") -> None:
    """Tell everybody but the actor once of what is no longer hers, and once of what is hers again."""
    taken, given = defaultdict(list), defaultdict(list)
    for change in undone:
        taken[change.former].append(change)
        given[change.now].append(change)
    for changes_of, tell in ((taken, tell_former_official), (given, tell_official_of_many)):
        for official, changes in changes_of.items():
            if official is not None and official != actor:
                concerns = [change.concern for change in changes]
                tell(concerns, official=official, number=changes[0].number)


def overtaken_by_others(plan: Plan) -> Overtaken:
    """What to say to whoever has read a plan that holds no longer, and the one that does."""
    return Overtaken(
        _(
            "Inzwischen hat jemand etwas daran geändert. Unten steht der neue Stand. Bitte sehen Sie ihn "
            "an und bestätigen Sie dann noch einmal."
        ),
        there=plan,
    )


def _still_stands(concern: Concern, entry: Entry, actor: "User") -> bool:
    ministry = concern.ministry
    return (
        concern.state in WAITING
        and concern.official_id == entry.details["after"]
        and ministry is not None
        and speaking_mandate(actor, ministry) is not None
    )


def _mandate_in(actor: "User", concern: Concern) -> Mandate:
    assert concern.ministry is not None  # noqa: S101  the plan has asked for both
    mandate = speaking_mandate(actor, concern.ministry)
    assert mandate is not None  # noqa: S101
    return mandate


def _put_in_charge(
    concern: Concern,
    official: "User | None",
    *,
    actor: "User",
    mandate: Mandate,
    deed: str = "forum.assign_official",
) -> Entry:
    """Store it with its entry: the actor holds the chain, so that nobody else changes it meanwhile."""
    before = concern.official_id
    concern.official = official
    concern.save(update_fields=["official"])
    return record(
        actor=actor,
        mandate=mandate,
        deed=deed,
        obj=concern,
        before=before,
        after=official.pk if official else None,
    )
