"""Reading concerns, statements and votes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from allmende.accounts.rules import is_operator
from allmende.registry.models import Region

from .models import (
    Ballot,
    Concern,
    ConcernQuerySet,
    ConcernState,
    Participant,
    Presentation,
    Statement,
    StatementState,
    Voices,
    Vote,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def get_concern(slug: str) -> Concern:
    """The concern with this address, with its owner."""
    return Concern.objects.select_related("owner").get(slug=slug)


def visible_concerns(user: "Person") -> ConcernQuerySet:
    """All concerns that this person may see: the rule ``forum.view_concern`` as one query."""
    concerns = Concern.objects.select_related("owner")
    if is_operator(user):
        return concerns
    spoken_for = Region.objects.spoken_for_by(user)
    kinds = set(spoken_for.order_by().values_list("invented", flat=True))
    still_secret = Q(is_confidential=True, deadline__gt=timezone.now())
    seen = ~Q(state=ConcernState.DRAFT) & (~still_secret | Q(is_example__in=kinds))
    return concerns.filter(seen | Q(owner__in=spoken_for) if kinds else seen)


def with_counts(concerns: ConcernQuerySet) -> ConcernQuerySet:
    """Add ``municipalities``, ``statement_count`` and ``waiting_count``, in the same query."""
    accepted = Statement.objects.filter(concern=OuterRef("pk"), state=StatementState.ACCEPTED)
    waiting = Statement.objects.filter(concern=OuterRef("pk"), state=StatementState.PENDING)
    voters = Participant.objects.filter(concern=OuterRef("pk"), voices=Voices.OFFICIAL).filter(
        Exists(Vote.objects.filter(participant=OuterRef("pk")))
    )
    return concerns.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        municipalities=_count(voters.values("concern")),
        statement_count=_count(accepted.values("concern")),
        waiting_count=_count(waiting.values("concern")),
    )


def _count(grouped: QuerySet[Any, Any]) -> Coalesce:
    counted = grouped.order_by().annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Voice:
    """In whose name a person takes part in a concern: a municipality's or her own."""

    user: "User"
    region: Region | None

    @property
    def key(self) -> str:
        """How addresses and forms name this voice."""
        return self.region.ars if self.region else "persoenlich"

    @property
    def label(self) -> str:
        return self.region.name if self.region else "Sie persönlich"

    @property
    def kind(self) -> Voices:
        return Voices.OFFICIAL if self.region else Voices.PERSONAL


def voices_of(*, user: "Person", concern: Concern) -> list[Voice]:
    """All voices that a person has in a concern; municipalities first.

    Invented municipalities have one in example data only, and real ones in real concerns.
    """
    if not user.is_authenticated:
        return []
    regions = Region.objects.spoken_for_by(user).filter(invented=concern.is_example)
    voices = [Voice(user, region) for region in regions]
    if concern.takes_personal_voices:
        voices.append(Voice(user, None))
    return voices


def participant_of(*, concern: Concern, voice: Voice) -> Participant | None:
    """The participant behind a voice, if it has taken part already."""
    if voice.region:
        return concern.participants.filter(region=voice.region).first()
    return concern.participants.filter(user=voice.user).first()


def open_statements(participant: Participant) -> QuerySet[Statement]:
    """Accepted statements on which this participant has not voted yet."""
    return Statement.objects.filter(
        concern_id=participant.concern_id, state=StatementState.ACCEPTED
    ).exclude(Exists(Vote.objects.filter(statement=OuterRef("pk"), participant=participant)))


def presented_statement(participant: Participant) -> Statement | None:
    """The statement that lies before a participant: shown, not voted on, still accepted."""
    return (
        open_statements(participant)
        .filter(
            Exists(Presentation.objects.filter(statement=OuterRef("pk"), participant=participant))
        )
        .select_related("author__region")
        .first()
    )


@dataclass(frozen=True)
class Progress:
    """How far a participant has come."""

    voted: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.voted


def progress_of(*, concern: Concern, participant: Participant | None) -> Progress:
    """Votes given and statements there are, rejected ones not counted."""
    accepted = concern.statements.filter(state=StatementState.ACCEPTED)
    voted = accepted.filter(votes__participant=participant).count() if participant else 0
    return Progress(voted=voted, total=accepted.count())


def votes_of(participant: Participant) -> QuerySet[Vote]:
    """A participant's votes on accepted statements, newest first."""
    return (
        Vote.objects.filter(participant=participant, statement__state=StatementState.ACCEPTED)
        .select_related("statement")
        .order_by("-cast_at", "-pk")
    )


def earlier_ballots(*, participant: Participant, votes: Iterable[Vote]) -> dict[int, list[Ballot]]:
    """What a participant had said before, by statement, oldest first; nothing where it never changed."""
    cast: dict[int, list[Ballot]] = {}
    statements = [vote.statement_id for vote in votes]
    ballots = Ballot.objects.filter(participant=participant, statement__in=statements)
    for ballot in ballots.order_by("pk"):
        cast.setdefault(ballot.statement_id, []).append(ballot)
    return {statement: all_of_them[:-1] for statement, all_of_them in cast.items()}


def statements_by(*, concern: Concern, user: "User") -> QuerySet[Statement]:
    """The statements that a person may follow: her own and those of her municipalities."""
    return (
        concern.statements.filter(
            Q(author__user=user) | Q(author__region__in=Region.objects.spoken_for_by(user))
        )
        .select_related("duplicate_of", "author__region")
        .order_by("-created_at", "-pk")
    )


def statements_to_moderate(concern: Concern) -> QuerySet[Statement]:
    """What waits for a decision, oldest first."""
    return concern.statements.filter(state=StatementState.PENDING).select_related("author__region")


def get_statement(slug: str, number: int) -> Statement:
    """A statement of a concern, by the number in its address."""
    return Statement.objects.select_related("concern__owner", "author__region", "duplicate_of").get(
        concern__slug=slug, pk=number
    )


def get_municipality(slug: str, ars: str) -> Participant:
    """A municipality that takes part in a concern, by its key."""
    return Participant.objects.select_related("concern__owner", "region").get(
        concern__slug=slug, region__ars=ars
    )
