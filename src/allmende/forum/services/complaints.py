"""Moderation of the discussion: contributions are reported, removed with a reason, and brought back."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import Complaint, Contribution
from .contribution_notices import tell_of_decision, tell_of_removal, tell_of_return
from .contributions import HOUR
from .errors import Conflict

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_COMPLAINTS_AN_HOUR = 20


@audited
def report_contribution(*, actor: "User", contribution: Contribution, reason: str) -> Complaint:
    """Say to those who moderate that a contribution should not stand there.

    Raises ``Conflict`` if it was removed meanwhile, if the actor has reported it already, or has
    reported too much within an hour.
    """
    if not Contribution.objects.current().filter(pk=contribution.pk).exists():
        raise Conflict(_("Dieser Beitrag steht nicht mehr da."))
    lately = Complaint.objects.filter(
        reported_by=actor, reported_at__gte=timezone.now() - HOUR
    ).count()
    if lately >= MOST_COMPLAINTS_AN_HOUR:
        raise Conflict(
            _(
                "Sie haben in der letzten Stunde %(most)s Beiträge gemeldet. Bitte warten Sie, bis "
                "darüber entschieden ist."
            )
            % {"most": MOST_COMPLAINTS_AN_HOUR}
        )
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                contribution=contribution, reason=reason, reported_by=actor
            )
    except IntegrityError:
        raise Conflict(
            _("Sie haben diesen Beitrag schon gemeldet. Er wird noch geprüft.")
        ) from None
    record(actor=actor, deed="forum.report_contribution", obj=contribution)
    return complaint


@audited
def remove_contribution(
    *, actor: "User", mandate: Mandate | None, contribution: Contribution, reason: str
) -> None:
    """Take a contribution down; its place and the reason stay. Settles what was reported of it.

    Raises ``Conflict`` if somebody else did it already, or its author has taken it back.
    """
    now = timezone.now()
    there = Contribution.objects.current().filter(pk=contribution.pk)
    if not there.update(removed_at=now, removed_by=actor, removal_reason=reason):
        raise Conflict(_("Dieser Beitrag steht nicht mehr da."))
    contribution.refresh_from_db()
    entry = record(
        actor=actor,
        mandate=mandate,
        deed="forum.remove_contribution",
        obj=contribution,
        reason=reason,
        concern=contribution.concern.slug,
    )
    tell_of_removal(contribution, key=str(entry.number))
    _settle(actor, contribution)


@audited
def restore_contribution(
    *, actor: "User", mandate: Mandate | None, contribution: Contribution
) -> None:
    """Let a contribution stand there again. Raises ``Conflict`` if it does, or its text is gone."""
    gone = Contribution.objects.filter(pk=contribution.pk, removed_at__isnull=False)
    if not gone.exclude(text="").update(removed_at=None, removed_by=None, removal_reason=""):
        raise Conflict(
            _("Dieser Beitrag steht schon wieder da, oder sein Text ist nach einem Jahr gelöscht.")
        )
    contribution.refresh_from_db()
    entry = record(
        actor=actor,
        mandate=mandate,
        deed="forum.restore_contribution",
        obj=contribution,
        concern=contribution.concern.slug,
    )
    tell_of_return(contribution, key=str(entry.number))


@audited
def keep_contribution(
    *, actor: "User", mandate: Mandate | None, contribution: Contribution
) -> None:
    """Decide that a reported contribution may stand. Raises ``Conflict`` if nothing waits any more."""
    if not _settle(actor, contribution):
        raise Conflict(_("Darüber ist schon entschieden."))
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.keep_contribution",
        obj=contribution,
        concern=contribution.concern.slug,
    )


def _settle(actor: "User", contribution: Contribution) -> int:
    waiting = list(contribution.complaints.waiting().select_related("reported_by"))
    Complaint.objects.filter(pk__in=[each.pk for each in waiting]).update(
        settled_at=timezone.now(), settled_by=actor
    )
    tell_of_decision(waiting, contribution)
    return len(waiting)
