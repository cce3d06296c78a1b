"""Who sits in a crisis staff, and which authority may look into its area."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate, Organisation

from ..models import Insight, Seat

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def appoint(*, actor: "User | None", mandate: Mandate | None, who: Mandate, function: str) -> Seat:
    """Let somebody sit in the crisis staff of the organisation that her mandate is for.

    Who sits there already gets the other function.
    """
    seat, _new = Seat.objects.update_or_create(
        mandate=who, defaults={"function": function, "given_by": actor}
    )
    record(actor=actor, mandate=mandate, deed="crisis.appoint", obj=seat, function=function)
    return seat


@audited
def dismiss(*, actor: "User", mandate: Mandate | None, seat: Seat) -> None:
    """Let somebody sit in the crisis staff no more. Raises ``Conflict`` if she does not by now."""
    record(actor=actor, mandate=mandate, deed="crisis.dismiss", obj=seat, function=seat.function)
    if not Seat.objects.filter(pk=seat.pk).delete()[0]:
        raise Conflict(_("Diese Person gehört dem Krisenstab nicht mehr an."))


@audited
def give_insight(
    *,
    actor: "User | None",
    mandate: Mandate | None,
    staff: Organisation,
    authority: Organisation,
    sector: str,
) -> Insight:
    """Let the crisis staff of an authority see what lies in the area of ``staff``; once is enough."""
    if authority == staff:
        raise Conflict(_("Ihr eigener Krisenstab sieht Ihr Gebiet schon."))
    if authority.is_example != staff.is_example:
        raise Conflict(_("Beispieldaten und wirkliche Organisationen bleiben getrennt."))
    insight, new = Insight.objects.get_or_create(
        organisation=authority,
        region=staff.region,
        sector=sector,
        revoked_at=None,
        defaults={"given_by": actor},
    )
    if new:
        record(
            actor=actor,
            mandate=mandate,
            deed="crisis.give_insight",
            obj=insight,
            authority=authority.slug,
            sector=sector,
        )
    return insight


@audited
def revoke_insight(*, actor: "User", mandate: Mandate | None, insight: Insight) -> None:
    """Take insight back. Raises ``Conflict`` if somebody else already has."""
    now = timezone.now()
    if not Insight.objects.current().filter(pk=insight.pk).update(revoked_at=now):
        raise Conflict(_("Diese Einsicht ist schon entzogen."))
    record(
        actor=actor,
        mandate=mandate,
        deed="crisis.revoke_insight",
        obj=insight,
        authority=insight.organisation.slug,
    )
