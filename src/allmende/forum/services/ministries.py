"""Which ministry answers a concern."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate, Organisation, OrganisationKind

from ..models import Concern, ConcernState
from ..queries import SUPPORTED_IN
from .errors import Conflict
from .sending import send_if_ready
from .way_notices import tell_ministry, tell_of_handing_over

if TYPE_CHECKING:
    from allmende.accounts.models import User

TOO_LATE = gettext_lazy(
    "Dafür ist es zu spät: Das Anliegen ist inzwischen beantwortet oder abgeschlossen."
)


@audited
def set_ministry(
    *,
    actor: "User",
    mandate: Mandate | None,
    concern: Concern,
    ministry: Organisation,
    reason: str,
) -> bool:
    """Say which ministry answers a concern, before it is sent; returns whether that sends it.

    Raises ``Conflict`` if it was sent meanwhile, or the same ministry was chosen already.
    """
    before = _choose(concern, ministry, (ConcernState.DRAFT, *SUPPORTED_IN))
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.set_ministry",
        obj=concern,
        reason=reason,
        before=before.slug if before else "",
        after=ministry.slug,
    )
    if send_if_ready(concern=concern):
        return True
    if concern.quorum_at is not None:
        tell_ministry(concern)
    return False


@audited
def hand_over_concern(
    *, actor: "User", mandate: Mandate, concern: Concern, ministry: Organisation, reason: str
) -> None:
    """Give a concern to another ministry, which then is responsible; the date of the answer stays.

    What was drafted of the answer goes along. Nobody there is in charge of it yet. Raises ``Conflict`` if
    it was answered meanwhile, or somebody else has handed it over.
    """
    concern.refresh_from_db()
    if concern.ministry_id != mandate.organisation_id:
        raise Conflict(_("Das Anliegen liegt nicht mehr bei Ihrem Ministerium."))
    before = _choose(concern, ministry, (*SUPPORTED_IN, ConcernState.SENT))
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.hand_over_concern",
        obj=concern,
        reason=reason,
        before=before.slug if before else "",
        after=ministry.slug,
    )
    if before is not None:
        tell_of_handing_over(concern, before=before, reason=reason)


def _choose(
    concern: Concern, ministry: Organisation, states: tuple[ConcernState, ...]
) -> Organisation | None:
    """Set the ministry where the concern still is in one of these states; returns the one before."""
    if ministry.kind != OrganisationKind.MINISTRY or ministry.is_example != concern.is_example:
        raise ValueError("this organisation cannot answer this concern")
    concern.refresh_from_db()
    before = concern.ministry
    if before == ministry:
        raise Conflict(
            _("Zuständig ist schon: %(ministry)s. Bitte wählen Sie ein anderes Ministerium.")
            % {"ministry": ministry}
        )
    same = Concern.objects.filter(pk=concern.pk, state__in=states)
    if not same.update(ministry=ministry, official=None):
        raise Conflict(
            TOO_LATE
            if ConcernState.SENT in states
            else _(
                "Das Anliegen liegt inzwischen beim Ministerium. Abgeben kann es jetzt nur noch dieses."
            )
        )
    concern.refresh_from_db()
    return before
