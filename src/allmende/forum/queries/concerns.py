"""Reading concerns and statements."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from allmende.accounts.rules import is_operator
from allmende.portal.prepared import Prepared, slot

from ..models import (
    Concern,
    ConcernQuerySet,
    ConcernState,
    Contribution,
    Participant,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from .mandates import WRITES, municipalities_of, topics_answered

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


concern_by_slug = Prepared(
    lambda: Concern.objects.select_related("owner", "ministry", "merged_into").filter(
        slug=slot("slug", CharField())
    )
)


def get_concern(slug: str) -> Concern:
    """The concern with this address, with its owner, its ministry and where it went."""
    for concern in concern_by_slug(slug=slug):
        return concern
    raise Concern.DoesNotExist


def visible_concerns(user: "Person") -> ConcernQuerySet:
    """All concerns that this person may see: the rule ``forum.view_concern`` as one query."""
    return Concern.objects.select_related("owner").filter(_seen_by(user))


def hidden_concerns(user: "Person") -> ConcernQuerySet:
    """All others: few, and quickly found, since only a draft or a secret can be among them."""
    return Concern.objects.filter(Q(state=ConcernState.DRAFT) | _still_secret()).exclude(
        _seen_by(user)
    )


def _still_secret() -> Q:
    return Q(is_confidential=True, deadline__gt=timezone.now())


def _seen_by(user: "Person") -> Q:
    if is_operator(user):
        return Q(pk__isnull=False)
    kinds = {region.invented for region in municipalities_of(user)}
    answered = reduce(
        or_, (Q(topic=topic, is_example=kind) for topic, kind in topics_answered(user)), Q(pk=None)
    )
    own = municipalities_of(user, *WRITES)
    seen = ~Q(state=ConcernState.DRAFT) & (~_still_secret() | Q(is_example__in=kinds) | answered)
    return seen | Q(owner__in=own) if own else seen


def merge_targets(concern: Concern, *, user: "Person", words: str = "") -> ConcernQuerySet:
    """Open concerns in which this one may go on, those of its topic first.

    They are of the same kind and make the same promises to voters; ``words`` stand in the question.
    """
    found = (
        visible_concerns(user)
        .open()
        .filter(is_example=concern.is_example, owner__isnull=False)
        .exclude(pk=concern.pk)
    )
    if concern.state == ConcernState.OPEN:
        found = found.filter(is_confidential=concern.is_confidential)
    for word in words.split():
        found = found.filter(question__icontains=word)
    return found.order_by(Case(When(topic=concern.topic, then=0), default=1), "-opened_at", "-pk")


def with_counts(concerns: ConcernQuerySet) -> ConcernQuerySet:
    """Add ``municipalities``, ``statement_count``, ``waiting_count`` and ``contribution_count``, in the
    same query.
    """
    voters = Participant.objects.filter(concern=OuterRef("pk"), voices=Voices.OFFICIAL).filter(
        Exists(Vote.objects.filter(participant=OuterRef("pk")))
    )
    said = Contribution.objects.current().filter(concern=OuterRef("pk"))
    return with_statement_counts(concerns).annotate(  # type: ignore[no-redef]
        municipalities=count_of(voters.values("concern")),
        contribution_count=count_of(said.values("concern")),
    )


def first_statements(concern: Concern) -> QuerySet[Statement]:
    """The statements with which a concern began, with ``contribution_count``."""
    said = Contribution.objects.current().filter(statement=OuterRef("pk"))
    accepted = concern.statements.filter(state=StatementState.ACCEPTED)
    return accepted.annotate(contribution_count=count_of(said.values("statement")))[:5]


def with_statement_counts(concerns: ConcernQuerySet) -> ConcernQuerySet:
    """Add ``statement_count`` and ``waiting_count``: all that task lists need."""
    accepted = Statement.objects.filter(concern=OuterRef("pk"), state=StatementState.ACCEPTED)
    waiting = Statement.objects.filter(concern=OuterRef("pk"), state=StatementState.PENDING)
    return concerns.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        statement_count=count_of(accepted.values("concern")),
        waiting_count=count_of(waiting.values("concern")),
    )


def count_of(grouped: QuerySet[Any, Any]) -> Coalesce:
    """How many rows there are in the one group of a subquery."""
    counted = grouped.order_by().annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def statements_by(*, concern: Concern, user: "User") -> QuerySet[Statement]:
    """The statements that a person may follow: her own and those of her municipalities."""
    return (
        concern.statements.filter(
            Q(author__user=user) | Q(author__region__in=municipalities_of(user, *WRITES))
        )
        .select_related("duplicate_of", "author__region")
        .order_by("-created_at", "-pk")
    )


def statements_to_moderate(concern: Concern) -> QuerySet[Statement]:
    """What waits for a decision, oldest first."""
    return concern.statements.filter(state=StatementState.PENDING).select_related("author__region")


def moderation_queue(*, words: str = "", unowned: bool = False) -> QuerySet[Statement]:
    """What waits in any concern, oldest first; ``unowned``: where no municipality is in charge."""
    found = Statement.objects.filter(state=StatementState.PENDING).select_related(
        "author__region", "concern__owner"
    )
    if words:
        found = found.filter(Q(text__icontains=words) | Q(concern__question__icontains=words))
    if unowned:
        found = found.filter(concern__owner=None)
    return found.order_by("created_at", "pk")


def get_statement(slug: str, number: int) -> Statement:
    """A statement of a concern, by the number in its address."""
    return Statement.objects.select_related("concern__owner", "author__region", "duplicate_of").get(
        concern__slug=slug, pk=number
    )
