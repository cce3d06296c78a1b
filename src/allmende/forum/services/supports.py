"""Co-signing a concern, and taking that back."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import Concern, Support
from ..queries import SUPPORTED_IN, SUPPORTING_KINDS, needs_release
from .errors import Conflict
from .sending import reach_quorum

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def sign_concern(*, actor: "User", mandate: Mandate, concern: Concern) -> Support:
    """Say for an organisation that it wants an answer; whoever completes the quorum sends the concern.

    Raises ``Conflict`` if it has said so already, or the concern takes no supports any more.
    """
    organisation = mandate.organisation
    if (
        organisation.kind not in SUPPORTING_KINDS
        or organisation.is_example != concern.is_example
        or needs_release(actor, mandate)
    ):
        raise ValueError("this mandate cannot co-sign this concern")
    _check(concern)
    support, is_new = Support.objects.get_or_create(
        concern=concern,
        organisation=organisation,
        withdrawn_at=None,
        defaults={"signed_by": actor, "mandate": mandate},
    )
    if not is_new:
        raise Conflict(
            _("%(organisation)s hat dieses Anliegen schon mitgezeichnet.")
            % {"organisation": organisation}
        )
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.sign_concern",
        obj=support,
        concern=concern.slug,
        organisation=organisation.slug,
    )
    reach_quorum(concern=concern)
    return support


@audited
def withdraw_support(*, actor: "User", mandate: Mandate, concern: Concern) -> None:
    """Take a support back; a quorum that was reached stays reached.

    Raises ``Conflict`` if there is none any more, or the concern was sent.
    """
    if needs_release(actor, mandate):
        raise ValueError("this mandate cannot withdraw a support")
    _check(concern)
    support = concern.supports.current().filter(organisation=mandate.organisation_id).first()
    gone = Conflict(_("Diese Mitzeichnung ist schon zurückgezogen."))
    if support is None:
        raise gone
    current = Support.objects.current().filter(pk=support.pk)
    if not current.update(withdrawn_at=timezone.now()):
        raise gone
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.withdraw_support",
        obj=support,
        concern=concern.slug,
        organisation=mandate.organisation.slug,
    )


def _check(concern: Concern) -> None:
    """Read the concern anew; mitzeichnen works from its opening until it is sent."""
    concern.refresh_from_db()
    if concern.merged_into is not None:
        raise Conflict(
            _("Dieses Anliegen ist in einem anderen aufgegangen. Bitte zeichnen Sie dort mit.")
        )
    if concern.state not in SUPPORTED_IN or concern.owner_id is None:
        raise Conflict(
            _(
                "Mitzeichnen und Zurückziehen geht nur, bis das Anliegen beim Ministerium oder "
                "abgeschlossen ist."
            )
        )
