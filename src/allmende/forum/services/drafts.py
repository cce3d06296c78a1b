"""Four eyes: what staff says is a draft until whoever may release it has read it.

A draft's content never changes. Whoever decides locks the rows first, so that of two decisions, or of a
decision and a withdrawal, the second finds that there is nothing left to decide.
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.registry.models import Mandate

from ..models import (
    Concern,
    Draft,
    DraftKind,
    DraftQuerySet,
    DraftState,
    Participant,
    Stand,
    Statement,
)
from .draft_notices import tell_of_draft
from .errors import Conflict
from .turns import take_turn

if TYPE_CHECKING:
    from allmende.accounts.models import User

TOO_LATE = gettext_lazy("Darüber ist inzwischen entschieden. Bitte laden Sie die Seite neu.")


@transaction.atomic
def draft_vote(
    *,
    actor: "User",
    participant: Participant,
    statement: Statement,
    stand: Stand,
    mandate: Mandate,
) -> Draft:
    """Keep a vote until it is released, in place of an earlier draft on the same statement."""
    # It is her turn since ``cast_vote`` took it: there is one current draft on a statement.
    _withdraw(Draft.objects.filter(participant=participant, statement=statement), actor, mandate)
    draft = Draft.objects.create(
        concern=statement.concern,
        participant=participant,
        organisation=mandate.organisation,
        kind=DraftKind.VOTE,
        statement=statement,
        stand=stand,
        drafted_by=actor,
        mandate=mandate,
    )
    tell_of_draft(draft)
    return draft


@transaction.atomic
def draft_statement(
    *,
    actor: "User",
    author: Participant,
    text: str,
    mandate: Mandate,
    instead_of: Draft | None = None,
) -> Draft:
    """Keep a statement until it is released. Raises ``Conflict`` if the same sentence waits already."""
    take_turn([author.pk])
    if instead_of is not None:
        withdraw_draft(actor=actor, draft=instead_of, mandate=mandate)
    if author.drafts.current().filter(kind=DraftKind.STATEMENT, text__iexact=text).exists():
        raise Conflict(_("Diese Aussage liegt schon als Entwurf vor."))
    draft = Draft.objects.create(
        concern=author.concern,
        participant=author,
        organisation=mandate.organisation,
        kind=DraftKind.STATEMENT,
        text=text,
        drafted_by=actor,
        mandate=mandate,
    )
    tell_of_draft(draft)
    return draft


@transaction.atomic
def draft_opening(
    *, actor: "User", concern: Concern, owner: Participant, mandate: Mandate
) -> Draft:
    """Ask for the opening of a concern. Raises ``Conflict`` if somebody has asked already."""
    take_turn([owner.pk])
    openings = concern.drafts.filter(kind=DraftKind.OPENING)
    if openings.waiting().exists():
        raise Conflict(_("Das Öffnen wartet schon auf Freigabe."))
    _withdraw(openings, actor, mandate)
    draft = Draft.objects.create(
        concern=concern,
        participant=owner,
        organisation=mandate.organisation,
        kind=DraftKind.OPENING,
        drafted_by=actor,
        mandate=mandate,
    )
    tell_of_draft(draft)
    return draft


def renew_opening(*, concern: Concern) -> None:
    """Put a new draft in place of one that waits: what it would open has just changed."""
    for draft in list(concern.drafts.waiting().filter(kind=DraftKind.OPENING)):
        if _withdraw(Draft.objects.filter(pk=draft.pk), draft.drafted_by, draft.mandate):
            draft.pk, draft.drafted_at, draft._state.adding = None, timezone.now(), True
            draft.save()


@transaction.atomic
def withdraw_draft(*, actor: "User", draft: Draft, mandate: Mandate) -> None:
    """Take a draft back. Raises ``Conflict`` if it was decided on or taken back before."""
    if not _withdraw(Draft.objects.filter(pk=draft.pk), actor, mandate):
        raise Conflict(TOO_LATE)


def settle_drafts(
    *, actor: "User", participant: Participant, statement: int, mandate: Mandate
) -> None:
    """Take back what waits on a statement (its number) on which somebody speaks directly: else it would come later."""
    _withdraw(Draft.objects.filter(participant=participant, statement=statement), actor, mandate)


def _withdraw(drafts: DraftQuerySet, actor: "User", mandate: Mandate) -> int:
    return drafts.current().update(
        state=DraftState.WITHDRAWN,
        decided_by=actor,
        decided_mandate=mandate,
        decided_at=timezone.now(),
    )
