"""Who may speak for whom: mandates given and ended."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record

from ..models import (
    OFFICES,
    Confirmation,
    Mandate,
    Office,
    Organisation,
    Right,
    as_columns,
    usual_rights,
)
from ..queries import acting_mandate

if TYPE_CHECKING:
    from allmende.accounts.models import User


class MandateError(ValueError):
    """The mandate cannot be given or ended as asked; the text is German."""


@audited
def grant_mandate(
    *,
    actor: "User | None",
    user: "User",
    organisation: Organisation,
    office: Office,
    since: date,
    until: date | None = None,
    rights: frozenset[Right] | None = None,
    title: str = "",
    confirmation: Confirmation = Confirmation.OPERATOR,
) -> Mandate:
    """Let a person speak for an organisation, and write it down.

    Given again for the same day and office, its last day, rights and title change, and how it is
    confirmed. Without ``rights``, the office's usual ones.

    Raises
    ------
    MandateError
        If the organisation has ended before, has no such office, or the days are in the wrong order.
    """
    if until is not None and until < since:
        raise MandateError(_("Das Ende liegt vor dem Beginn."))
    if office not in OFFICES[organisation.kind]:
        raise MandateError(
            _("Das Amt „%(office)s“ gibt es bei „%(organisation)s“ nicht.")
            % {"office": office.label, "organisation": organisation}
        )
    ended = organisation.region.valid_until if organisation.region else organisation.dissolved_on
    if ended is not None and ended <= since:
        raise MandateError(
            _("„%(organisation)s“ gibt es am %(since)s nicht mehr.")
            % {"organisation": organisation, "since": date_format(since, "SHORT_DATE_FORMAT")}
        )
    allowed = as_columns(usual_rights(office) if rights is None else rights)
    wanted = {"until": until, "title": title, **allowed}
    confirmed = {
        "confirmation": confirmation,
        "confirmed_by": actor,
        "confirmed_at": timezone.now(),
    }
    mandate, is_new = Mandate.objects.get_or_create(
        user=user,
        organisation=organisation,
        office=office,
        since=since,
        defaults=wanted | confirmed,
    )
    changes = {field for field, value in wanted.items() if getattr(mandate, field) != value}
    if changes:
        # What it says from now on is confirmed as it comes now, not as it came before.
        for field, value in (wanted | confirmed).items():
            setattr(mandate, field, value)
        mandate.save(update_fields=wanted | confirmed)
    if is_new or changes:
        record(
            actor=actor,
            deed="registry.grant_mandate",
            obj=mandate,
            mandate=_acting(actor, mandate),
            organisation=organisation.slug,
            office=str(office),
            until=until.isoformat() if until else None,
            rights=sorted(mandate.rights),
            confirmation=str(mandate.confirmation),
        )
    return mandate


def _acting(actor: "User | None", mandate: Mandate) -> Mandate | None:
    """In which mandate somebody gives or ends that of somebody else; with her own she acts in none."""
    if actor is None or actor.pk == mandate.user_id:
        return None
    return acting_mandate(actor, mandate.organisation, Right.MANAGE)


@audited
def end_mandate(
    *, actor: "User | None", mandate: Mandate, until: date, reason: str = ""
) -> Mandate:
    """Let a mandate end on a day, which is its last.

    Raises
    ------
    MandateError
        If it had not begun by then.
    """
    if until < mandate.since:
        raise MandateError(_("Das Ende liegt vor dem Beginn."))
    mandate.until = until
    mandate.save(update_fields=["until"])
    record(
        actor=actor,
        deed="registry.end_mandate",
        obj=mandate,
        mandate=_acting(actor, mandate),
        reason=reason,
        until=until.isoformat(),
    )
    return mandate
