"""Reading drafts: what waits for its release, and what came back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, DateTimeField, Q, When
from django.utils import timezone

from allmende.portal.prepared import PreparedRows, slot, slots
from allmende.registry.models import Mandate
from allmende.registry.queries import acting_mandate

from ..models import (
    BEFORE_THE_END_OF_VOTING,
    Concern,
    Draft,
    DraftKind,
    DraftQuerySet,
    DraftState,
    Participant,
    Statement,
    StatementState,
)
from .mandates import WRITES, municipal_mandates

if TYPE_CHECKING:
    from allmende.accounts.models import User


@dataclass(frozen=True)
class DraftCount:
    """How many drafts of an organisation wait in a concern, or came back."""

    concern: Concern
    organisation: int
    state: str
    kind: str
    count: int


_counts = PreparedRows(
    lambda: (
        Draft.objects.current()
        .filter(organisation__pk__among=slots("organisations"))
        .filter(concern__deadline__gt=slot("now", DateTimeField()))
        .filter(concern__state__in=BEFORE_THE_END_OF_VOTING)
        .filter(~Q(kind=DraftKind.VOTE) | Q(statement__state=StatementState.ACCEPTED))
        .order_by()
        .values_list("concern", "organisation", "state", "kind")
        .annotate(count=Count("pk"))
    )
)


def draft_counts(organisations: Iterable[int]) -> list[DraftCount]:
    """What waits or came back and can still be said: by concern and organisation, returned also by kind."""
    rows = _counts(organisations=list(organisations), now=timezone.now())
    counted: Counter[tuple[int, int, str, str]] = Counter()
    for concern, organisation, state, kind, count in rows:
        counted[concern, organisation, state, "" if state == DraftState.WAITING else kind] += count
    concerns = Concern.objects.in_bulk({concern for concern, *_ in counted})
    return [
        DraftCount(concerns[concern], organisation, state, kind, count)
        for (concern, organisation, state, kind), count in counted.items()
    ]


def draft_on(participant: Participant, statement: Statement | None) -> Draft | None:
    """The current draft of a participant's vote on a statement, if there is one."""
    drafts = Draft.objects.current().filter(kind=DraftKind.VOTE, participant=participant)
    return drafts.select_related("decided_by").filter(statement=statement).first()


def current_drafts(participant: Participant, kind: DraftKind) -> DraftQuerySet:
    """What waits for its release or came back from there; what came back first."""
    return (
        Draft.objects.current()
        .filter(participant=participant, kind=kind)
        .select_related("statement", "drafted_by", "decided_by", "decided_mandate")
        .order_by(Case(When(state=DraftState.RETURNED, then=0), default=1), "pk")
    )


def statement_drafts(*, concern: Concern, user: "User") -> DraftQuerySet:
    """Statements that a person's municipalities have drafted and that wait or came back."""
    return (
        concern.drafts.current()
        .filter(
            kind=DraftKind.STATEMENT,
            organisation__in=[m.organisation_id for m in municipal_mandates(user, *WRITES)],
        )
        .select_related("organisation", "drafted_by", "decided_by")
        .order_by("-pk")
    )


def drafts_to_release(*, concern: Concern, mandate: Mandate) -> DraftQuerySet:
    """What waits in a concern for the release by an organisation, oldest first."""
    return (
        concern.drafts.waiting()
        .filter(organisation=mandate.organisation_id)
        .select_related("statement", "drafted_by", "mandate")
    )


def draft_to_open(concern: Concern) -> Draft | None:
    """Whether somebody has prepared the opening of a concern."""
    return (
        concern.drafts.current()
        .filter(kind=DraftKind.OPENING)
        .select_related("drafted_by", "decided_by")
        .first()
    )


def mandate_of(user: "User", draft: Draft) -> Mandate | None:
    """The mandate in which a person works on a draft."""
    return acting_mandate(user, draft.organisation, *WRITES)


def get_draft(slug: str, number: int) -> Draft:
    """A draft of a concern, by the number in its address."""
    return Draft.objects.select_related("concern__owner", "organisation", "participant").get(
        concern__slug=slug, pk=number
    )


def get_drafted_statement(slug: str, number: int) -> Draft:
    """The same of a drafted statement only."""
    draft = get_draft(slug, number)
    if draft.kind != DraftKind.STATEMENT:
        raise Draft.DoesNotExist
    return draft
