"""Who may speak for whom."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from allmende.audit.services import record

from ..models import Mandate, Office, Region

if TYPE_CHECKING:
    from allmende.accounts.models import User


class MandateError(ValueError):
    """The mandate cannot be given or ended as asked; the text is German."""


@transaction.atomic
def grant_mandate(
    *,
    actor: "User | None",
    user: "User",
    region: Region,
    office: Office,
    since: date,
    until: date | None = None,
) -> Mandate:
    """Let a person speak for a region, and write it down; given again, only its last day changes.

    Raises
    ------
    MandateError
        If the region has ended before, or the days are in the wrong order.
    """
    if until is not None and until < since:
        raise MandateError("Das Ende liegt vor dem Beginn.")
    if region.valid_until is not None and region.valid_until <= since:
        raise MandateError(f"„{region}“ gibt es am {since:%d.%m.%Y} nicht mehr.")
    mandate, created = Mandate.objects.get_or_create(
        user=user, region=region, office=office, since=since, defaults={"until": until}
    )
    if not created and mandate.until != until:
        mandate.until = until
        mandate.save(update_fields=["until"])
        created = True
    if created:
        record(
            actor=actor,
            deed="registry.grant_mandate",
            obj=mandate,
            region=region.key,
            office=str(office),
            until=until.isoformat() if until else None,
        )
    return mandate


@transaction.atomic
def end_mandate(*, actor: "User | None", mandate: Mandate, until: date) -> Mandate:
    """Let a mandate end on a day, which is its last.

    Raises
    ------
    MandateError
        If it had not begun by then.
    """
    if until < mandate.since:
        raise MandateError("Das Ende liegt vor dem Beginn.")
    mandate.until = until
    mandate.save(update_fields=["until"])
    record(actor=actor, deed="registry.end_mandate", obj=mandate, until=until.isoformat())
    return mandate
