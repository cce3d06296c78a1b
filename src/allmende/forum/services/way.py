"""The way of a concern: every change of its state goes through here."""

from typing import TYPE_CHECKING

from allmende.audit.services import record
from allmende.registry.models import Mandate

from ..models import Concern, ConcernState, Step
from .errors import Conflict

if TYPE_CHECKING:
    from allmende.accounts.models import User


def advance(
    *,
    concern: Concern,
    since: ConcernState,
    to: ConcernState,
    deed: str,
    actor: "User | None",
    mandate: Mandate | None,
    conflict: str,
    reason: str = "",
    changes: dict[str, object] | None = None,
    **details: object,
) -> None:
    """Bring a concern from the state ``since`` into the next one: once, with its step and its audit entry.

    Called within an audited service. Raises ``Conflict`` with the German sentence ``conflict`` where
    somebody else was quicker. ``changes`` are columns that change with the state; ``details`` go into
    the audit entry. The concern is read anew.
    """
    same = Concern.objects.filter(pk=concern.pk, state=since)
    if same.update(state=to, **(changes or {})) == 0:
        raise Conflict(conflict)
    concern.refresh_from_db()
    Step.objects.create(concern=concern, state=to, actor=actor, mandate=mandate, reason=reason)
    record(actor=actor, mandate=mandate, deed=deed, obj=concern, reason=reason, **details)
