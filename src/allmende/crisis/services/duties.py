"""Duties of the law: done, taken back, taken on without having to; their papers taken along."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.audit.services import audited, record
from allmende.forum.services import Conflict
from allmende.portal.services import keep_upload, remove_upload
from allmende.registry.models import Mandate

from ..models import Facility, Fulfilment

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile


@audited
def fulfil_duty(
    *,
    actor: "User",
    mandate: Mandate | None,
    facility: Facility,
    duty: str,
    done_on: date,
    note: str = "",
    file: "CheckedFile | None" = None,
) -> Fulfilment:
    """Say that a duty was done on a day; what follows from it follows by itself.

    Said twice for the same day it is done once, and what was said first stays.
    """
    fulfilment, new = Fulfilment.objects.get_or_create(
        facility=facility,
        duty=duty,
        done_on=done_on,
        defaults={"note": note, "added_by": actor},
    )
    if new:
        if file is not None:
            fulfilment.upload = keep_upload(actor=actor, file=file)
            fulfilment.save(update_fields=["upload"])
        record(
            actor=actor,
            mandate=mandate,
            deed="crisis.fulfil_duty",
            obj=facility,
            duty=duty,
            done_on=done_on.isoformat(),
        )
    return fulfilment


@audited
def withdraw_fulfilment(*, actor: "User", mandate: Mandate | None, fulfilment: Fulfilment) -> None:
    """Take back that a duty was done, with its file. Raises ``Conflict`` if somebody else already has."""
    facility, upload = fulfilment.facility, fulfilment.upload
    if not Fulfilment.objects.filter(pk=fulfilment.pk).delete()[0]:
        raise Conflict(_("Dieser Eintrag ist schon zurückgenommen."))
    if upload is not None:
        remove_upload(upload=upload)
    record(
        actor=actor,
        mandate=mandate,
        deed="crisis.withdraw_fulfilment",
        obj=facility,
        duty=fulfilment.duty,
        done_on=fulfilment.done_on.isoformat(),
    )


@audited
def volunteer(*, actor: "User", mandate: Mandate | None, facility: Facility, wanted: bool) -> None:
    """Keep the same dates without having to, from today on, or no more. Twice is once."""
    there = Facility.objects.filter(pk=facility.pk, voluntary_since__isnull=wanted)
    if there.update(voluntary_since=timezone.localdate() if wanted else None):
        deed = "crisis.volunteer" if wanted else "crisis.stop_volunteering"
        record(actor=actor, mandate=mandate, deed=deed, obj=facility)


@audited
def export_paper(
    *, actor: "User", mandate: Mandate | None, facility: Facility, paper: str, format_: str
) -> Entry:
    """Write down that somebody takes a paper on a facility along; its number goes on every page."""
    return record(
        actor=actor,
        mandate=mandate,
        deed="crisis.export_paper",
        obj=facility,
        paper=paper,
        format=format_,
    )
