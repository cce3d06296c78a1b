"""The end of a concern: somebody says that it has come to one, and why."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited
from allmende.registry.models import Mandate

from ..models import Concern, ConcernState
from .way import advance

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def finish_concern(
    *,
    actor: "User",
    concern: Concern,
    reason: str,
    since: ConcernState,
    mandate: Mandate | None = None,
) -> None:
    """Close a concern that is at its position, answered or pursued, as its state ``since`` was shown.

    Raises ``Conflict`` if it has gone on meanwhile.
    """
    if since not in (ConcernState.POSITION, ConcernState.ANSWERED, ConcernState.PURSUED):
        raise ValueError(f"nothing is closed from {since}")
    advance(
        concern=concern,
        since=since,
        to=ConcernState.CLOSED,
        deed="forum.finish_concern",
        actor=actor,
        mandate=mandate,
        conflict=_(
            "Das Anliegen ist inzwischen weitergegangen oder abgeschlossen. Bitte sehen Sie nach."
        ),
        reason=reason,
        changes={"closed_at": timezone.now()},
    )
