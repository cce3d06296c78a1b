"""The way of a concern: every change of its state goes through here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from allmende.audit.services import record
from allmende.registry.models import Mandate

from ..models import Concern, ConcernState, Step
from .errors import Conflict

if TYPE_CHECKING:
    from allmende.accounts.models import User


@dataclass(frozen=True)
class Rule:
    """In place of a mandate where nobody acts: the entry of the log names the rule that did it."""

    name: str

    @property
    def pk(self) -> str:
        return self.name

    @property
    def capacity(self) -> str:
        """What stands where else an office does."""
        return _("automatisch, nach Regel „%(rule)s“") % {"rule": _(self.name)}


QUORUM = Rule(gettext_noop("Quorum"))
DEADLINE = Rule(gettext_noop("Ende der Abstimmung"))
TOPIC = Rule(gettext_noop("Zuständig für das Themenfeld"))


def advance(
    *,
    concern: Concern,
    since: ConcernState,
    to: ConcernState,
    deed: str,
    actor: "User | None",
    mandate: Mandate | None,
    conflict: str,
    reason: str,
    rule: Rule | None = None,
    changes: dict[str, object] | None = None,
    **details: object,
) -> None:
    """Bring a concern from the state ``since`` into the next one: once, with its step and its audit entry.

    Called within an audited service. Raises ``Conflict`` with the German sentence ``conflict`` where
    somebody else was quicker. ``rule`` is what did it where nobody acts. ``changes`` are columns that change with the state; ``details`` go into
    the audit entry. The concern is read anew.
    """
    same = Concern.objects.filter(pk=concern.pk, state=since)
    if same.update(state=to, **(changes or {})) == 0:
        raise Conflict(conflict)
    concern.refresh_from_db()
    Step.objects.create(concern=concern, state=to, actor=actor, mandate=mandate, reason=reason)
    capacity = mandate or rule
    record(actor=actor, mandate=capacity, deed=deed, obj=concern, reason=reason, **details)
