"""A sitting from its first date to the day it is held or called off."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ...models import Attendance, Presence, Series, Sitting, SittingState
from ...queries.sittings import uninvited_members
from ..errors import Conflict, Overtaken
from .telling import invite_one, tell_soon

if TYPE_CHECKING:
    from collections.abc import Collection

    from allmende.accounts.models import User

AT_ONCE = 1_000


@audited
def add_sitting(
    *,
    actor: "User",
    mandate: Mandate | None,
    series: Series,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    link: str = "",
    answer_by: date | None = None,
) -> Sitting:
    """Plan a sitting: only its host sees it until members are invited."""
    sitting = Sitting.objects.create(
        series=series,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        link=link,
        answer_by=answer_by,
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.add_sitting",
        obj=sitting,
        starts_at=starts_at.isoformat(),
    )
    return sitting


@audited
def change_sitting(
    *, actor: "User", mandate: Mandate | None, sitting: Sitting, seen: int, **changes: Any
) -> Sitting:
    """Change a sitting of which the actor had the edition ``seen`` before her.

    Where members are invited, they and their calendars learn of it; for another day or hour they are
    asked anew whether they come. Raises ``Overtaken`` if somebody else has changed it since, and
    ``Conflict`` once it runs.
    """
    sitting.refresh_from_db()
    if sitting.state not in {SittingState.PLANNED, SittingState.INVITED}:
        raise Conflict(_("Die Sitzung hat begonnen oder ist vorbei. Ihre Daten stehen fest."))
    different = {name: new for name, new in changes.items() if getattr(sitting, name) != new}
    if not different:
        return sitting
    was_at = sitting.starts_at
    told = sitting.state == SittingState.INVITED
    same = Sitting.objects.filter(pk=sitting.pk, edition=seen, state=sitting.state)
    updated = same.update(
        **different,
        edition=F("edition") + 1,
        changed_at=timezone.now(),
        sequence=F("sequence") + (1 if told else 0),
    )
    if not updated:
        raise Overtaken(
            _(
                "Jemand anderes hat die Sitzung inzwischen geändert. Was Sie geschrieben haben, steht "
                "noch hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            )
        )
    sitting.refresh_from_db()
    if told and sitting.starts_at != was_at:
        sitting.attendances.update(presence=Presence.INVITED, answered_at=None)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.change_sitting",
        obj=sitting,
        fields=sorted(different),
        starts_at=sitting.starts_at.isoformat(),
    )
    if told:
        tell_soon(sitting)
    return sitting


@audited
def invite_members(*, actor: "User", mandate: Mandate | None, sitting: Sitting) -> int:
    """Invite all members of the series; returns how many. From now on everybody reads date and agenda.

    Raises ``Conflict`` if that was done already, the series has no members, or the date has passed.
    """
    twice = _("Zu dieser Sitzung ist schon eingeladen.")
    sitting.refresh_from_db()
    if sitting.state != SittingState.PLANNED:
        raise Conflict(twice)
    if sitting.starts_at <= timezone.now():
        raise Conflict(
            _("Der Beginn liegt in der Vergangenheit. Bitte ändern Sie zuerst den Termin.")
        )
    members = _invite_missing(sitting)
    if not members:
        raise Conflict(
            _("Die Reihe hat noch keine Mitglieder. Bitte nehmen Sie zuerst welche auf.")
        )
    advance_sitting(
        sitting=sitting,
        since=(SittingState.PLANNED,),
        to=SittingState.INVITED,
        deed="forum.invite_members",
        actor=actor,
        mandate=mandate,
        conflict=twice,
        changes={"invited_at": timezone.now()},
        members=members,
    )
    tell_soon(sitting)
    return members


@audited
def invite_more(*, actor: "User", mandate: Mandate | None, sitting: Sitting) -> int:
    """Invite members that joined the series after the invitation went out; returns how many.

    Raises ``Conflict`` if there are none, or the sitting takes no answers any more.
    """
    sitting.refresh_from_db()
    if sitting.state != SittingState.INVITED:
        raise Conflict(_("Zu dieser Sitzung wird nicht mehr eingeladen."))
    members = _invite_missing(sitting)
    if not members:
        raise Conflict(_("Alle Mitglieder sind schon eingeladen."))
    record(actor=actor, mandate=mandate, deed="forum.invite_more", obj=sitting, members=members)
    tell_soon(sitting)
    return members


def _invite_missing(sitting: Sitting) -> int:
    missing = uninvited_members(sitting).order_by("pk").values_list("pk", flat=True)
    rows = [Attendance(sitting=sitting, organisation_id=pk) for pk in missing]
    Attendance.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


@audited
def begin_sitting(*, actor: "User", mandate: Mandate | None, sitting: Sitting) -> None:
    """Open the minutes, on the day of the sitting or later. Raises ``Conflict`` before, or if they are."""
    if not sitting.may_begin:
        raise Conflict(_("Die Sitzung lässt sich erst an ihrem Tag beginnen."))
    advance_sitting(
        sitting=sitting,
        since=(SittingState.INVITED,),
        to=SittingState.RUNNING,
        deed="forum.begin_sitting",
        actor=actor,
        mandate=mandate,
        conflict=_("Die Sitzung läuft schon oder findet nicht statt."),
    )


@audited
def cancel_sitting(
    *, actor: "User", mandate: Mandate | None, sitting: Sitting, reason: str
) -> None:
    """Call a sitting off; whoever was invited reads why, and calendars strike it out."""
    sitting.refresh_from_db()
    told = sitting.state == SittingState.INVITED
    advance_sitting(
        sitting=sitting,
        since=(SittingState.PLANNED, SittingState.INVITED),
        to=SittingState.CANCELLED,
        deed="forum.cancel_sitting",
        actor=actor,
        mandate=mandate,
        conflict=_("Die Sitzung läuft schon oder ist schon abgesagt."),
        reason=reason,
        changes={
            "cancel_reason": reason,
            "changed_at": timezone.now(),
            "sequence": F("sequence") + 1,
        },
    )
    if told:
        tell_soon(sitting)


@audited
def answer_invitation(
    *,
    actor: "User",
    mandate: Mandate,
    attendance: Attendance,
    comes: bool,
    person: "User | None" = None,
    who: str = "",
) -> None:
    """Say whether an organisation comes and who; a later answer replaces it.

    Whoever comes gets the invitation for her calendar. Raises ``Conflict`` once the sitting runs.
    """
    row = Attendance.objects.filter(
        pk=attendance.pk, sitting__state=SittingState.INVITED, sitting__starts_at__gt=timezone.now()
    )
    updated = row.update(
        presence=Presence.COMING if comes else Presence.NOT_COMING,
        person=person if comes else None,
        who=who if comes else "",
        answered_at=timezone.now(),
    )
    if not updated:
        raise Conflict(_("Die Sitzung hat begonnen oder findet nicht statt."))
    attendance.refresh_from_db()
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.answer_invitation",
        obj=attendance.sitting,
        organisation=attendance.organisation.slug,
        presence=attendance.presence,
    )
    if comes and person:
        invite_one(sitting=attendance.sitting, person=person, names=[attendance.organisation.name])


def advance_sitting(
    *,
    sitting: Sitting,
    since: "Collection[SittingState]",
    to: SittingState,
    deed: str,
    actor: "User",
    mandate: Mandate | None,
    conflict: str,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    **details: object,
) -> None:
    """Bring a sitting into another state, once, with its audit entry; the sitting is read anew.

    Called within an audited service. Raises ``Conflict`` with the German sentence ``conflict``.
    """
    same = Sitting.objects.filter(pk=sitting.pk, state__in=since)
    if not same.update(state=to, **(changes or {})):
        raise Conflict(conflict)
    sitting.refresh_from_db()
    record(actor=actor, mandate=mandate, deed=deed, obj=sitting, reason=reason, **details)
