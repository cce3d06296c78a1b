"""Minutes: written by several at once while a sitting runs, closed once, added to afterwards."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ...models import Addendum, AgendaItem, ItemState, Presence, Sitting, SittingState
from ..errors import Conflict, Overtaken
from .meetings import advance_sitting

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Undecided until the minutes are closed.
NOT_SEEN = (Presence.INVITED, Presence.COMING)


@audited
def write_minutes(
    *,
    actor: "User",
    mandate: Mandate,
    item: AgendaItem,
    seen: int,
    minutes: str,
    decision: str,
) -> AgendaItem:
    """Write what was said and decided on a point of which the actor had the edition ``seen`` before her.

    Saved by itself every few seconds, so the audit log tells of it only once a sitting: at its closing.
    Raises ``Overtaken`` if somebody else has written since, and ``Conflict`` if the sitting does not run.
    """
    if not Sitting.objects.filter(pk=item.sitting_id, state=SittingState.RUNNING).exists():
        raise Conflict(_("Das Protokoll ist geschlossen. Möglich ist noch ein Nachtrag."))
    same = AgendaItem.objects.filter(pk=item.pk, edition=seen, state=ItemState.ACCEPTED)
    changed = same.update(
        minutes=minutes, decision=decision, edition=F("edition") + 1, written_at=timezone.now()
    )
    item.refresh_from_db()
    if not changed:
        raise Overtaken(
            _(
                "Jemand anderes hat zu diesem Punkt inzwischen geschrieben. Ihr Text steht noch hier. "
                "Vergleichen Sie beides und speichern Sie dann noch einmal."
            ),
            there=item,
        )
    return item


@audited
def note_attendance(
    *,
    actor: "User",
    mandate: Mandate,
    sitting: Sitting,
    came: Collection[int],
    left: Collection[int],
) -> None:
    """Tick organisations (by the numbers of their invitations) as present, or untick them.

    Only what somebody has changed is told, so that two who tick at once do not undo each other.
    Raises ``Conflict`` if the sitting does not run.
    """
    sitting.refresh_from_db()
    if sitting.state != SittingState.RUNNING:
        raise Conflict(_("Die Anwesenheit steht fest: Das Protokoll ist geschlossen."))
    rows = sitting.attendances
    rows.filter(pk__in=came).update(presence=Presence.PRESENT)
    rows.filter(pk__in=left, presence=Presence.PRESENT).update(presence=Presence.INVITED)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.note_attendance",
        obj=sitting,
        came=sorted(came),
        left=sorted(left),
    )


@audited
def close_minutes(*, actor: "User", mandate: Mandate, sitting: Sitting) -> None:
    """Publish the minutes as they are. Whoever was not ticked did not come.

    Raises ``Conflict`` if they are closed, or nobody was ticked as present.
    """
    from ...tasks import tell_minutes

    if not sitting.attendances.filter(presence=Presence.PRESENT).exists():
        raise Conflict(_("Bitte haken Sie zuerst an, wer anwesend war."))
    sitting.attendances.filter(presence__in=NOT_SEEN).update(presence=Presence.ABSENT)
    advance_sitting(
        sitting=sitting,
        since=(SittingState.RUNNING,),
        to=SittingState.HELD,
        deed="forum.close_minutes",
        actor=actor,
        mandate=mandate,
        conflict=_("Das Protokoll ist schon geschlossen."),
        changes={"minutes_at": timezone.now()},
        decisions=sitting.agenda.filter(state=ItemState.ACCEPTED).exclude(decision="").count(),
    )
    tell_minutes.enqueue(sitting.pk)


@audited
def add_addendum(*, actor: "User", mandate: Mandate, sitting: Sitting, text: str) -> Addendum:
    """Add something to closed minutes, with today's date. Raises ``Conflict`` while they are open."""
    sitting.refresh_from_db()
    if sitting.state != SittingState.HELD:
        raise Conflict(_("Das Protokoll ist noch offen. Ändern Sie es einfach."))
    addendum = Addendum.objects.create(
        sitting=sitting, text=text, written_by=actor, mandate=mandate
    )
    record(actor=actor, mandate=mandate, deed="forum.add_addendum", obj=sitting)
    return addendum
