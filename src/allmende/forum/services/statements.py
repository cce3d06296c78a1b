"""Statements: written by participants, decided on by those in charge of the concern."""

from typing import TYPE_CHECKING

import rules
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import (
    Concern,
    Draft,
    Participant,
    Statement,
    StatementState,
    VoiceLevel,
    Voices,
    Vote,
)
from ..queries import needs_release
from .drafts import draft_statement, withdraw_draft
from .errors import Conflict
from .results import request_result

if TYPE_CHECKING:
    from allmende.accounts.models import User

# So many of one participant's statements may wait at a time: moderation is done by people.
MOST_WAITING = 10


@audited
def add_statement(
    *,
    actor: "User",
    concern: Concern,
    author: Participant,
    text: str,
    mandate: Mandate | None,
    instead_of: Draft | None = None,
) -> Statement | Draft:
    """Add a statement. Those in charge need nobody's leave; what others write waits for a decision.

    Where the author's organisation wants four eyes, it becomes a draft before all that, in place of
    an earlier draft if ``instead_of`` is given. In a concern that is itself a draft it does not: who
    opens the concern has the statements before her.
    """
    if concern.is_over:
        raise Conflict(_("Die Frist ist abgelaufen. Neue Aussagen werden nicht mehr angenommen."))
    if same := concern.statements.filter(text__iexact=text).first():
        raise Conflict(
            _("Diese Aussage steht schon da. Sie können darüber abstimmen.")
            if same.state == StatementState.ACCEPTED
            else _("Diese Aussage wurde schon eingereicht.")
        )
    if mandate is not None and concern.is_open and needs_release(actor, mandate):
        return draft_statement(
            actor=actor, author=author, text=text, mandate=mandate, instead_of=instead_of
        )
    if instead_of is not None and mandate is not None:
        withdraw_draft(actor=actor, draft=instead_of, mandate=mandate)
    in_charge = rules.has_perm("forum.moderate_concern", actor, concern)
    waiting = author.statements.filter(state=StatementState.PENDING).count()
    if not in_charge and waiting >= MOST_WAITING:
        raise Conflict(
            _(
                "Es warten schon %(count)s Ihrer Aussagen auf Prüfung. "
                "Bitte warten Sie, bis über einige entschieden ist."
            )
            % {"count": MOST_WAITING}
        )
    statement = Statement.objects.create(
        concern=concern,
        author=author,
        text=text,
        state=StatementState.ACCEPTED if in_charge else StatementState.PENDING,
        level=VoiceLevel.of(mandate),
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.add_statement",
        obj=statement,
        state=statement.state,
    )
    return statement


@audited
def decide_statement(
    *,
    actor: "User",
    statement: Statement,
    state: StatementState,
    reason: str = "",
    duplicate_of: Statement | None = None,
    seen_state: StatementState = StatementState.PENDING,
    mandate: Mandate | None = None,
) -> Statement:
    """Accept or reject a statement, or say which other one it repeats.

    Votes that an accepted statement already had stay stored and leave the figures; they count again
    if it is accepted again. Raises ``Conflict`` if somebody else decided since ``seen_state``.
    """
    decided = Statement.objects.filter(pk=statement.pk, state=seen_state).update(
        state=state, reason=reason, duplicate_of=duplicate_of
    )
    if decided == 0:
        raise Conflict(_("Über diese Aussage hat inzwischen jemand anderes entschieden."))
    statement.refresh_from_db()
    if StatementState.ACCEPTED in (state, seen_state):
        for voices in Voices:
            if Vote.objects.filter(statement=statement, participant__voices=voices).exists():
                request_result(concern=statement.concern, voices=voices)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.decide_statement",
        obj=statement,
        reason=reason,
        before=seen_state,
        after=state,
        duplicate_of=duplicate_of.pk if duplicate_of else None,
    )
    return statement
