"""Reading who takes part, how far she has come, and how she voted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from allmende.registry.models import Region

from ..models import (
    Ballot,
    Concern,
    Draft,
    DraftKind,
    DraftQuerySet,
    Evidence,
    Participant,
    Presentation,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from .mandates import Voice


def participant_of(*, concern: Concern, voice: Voice) -> Participant | None:
    """The participant behind a voice, if it has taken part already."""
    if voice.region:
        return concern.participants.filter(region=voice.region).first()
    return concern.participants.filter(user=voice.user).first()


def get_municipality(slug: str, ars: str) -> Participant:
    """A municipality that takes part in a concern, by its key."""
    return Participant.objects.select_related("concern__owner", "region").get(
        concern__slug=slug, region__ars=ars
    )


def get_evidence(slug: str, number: int) -> Evidence:
    """A proof of a decision that has not been withdrawn, by the number in its address."""
    return (
        Evidence.objects.current()
        .select_related("participant__concern__owner", "participant__region", "upload")
        .get(participant__concern__slug=slug, pk=number)
    )


def _drafts_on_statement(participant: Participant | None) -> DraftQuerySet:
    """Votes of a participant on the statement of an outer query that wait for their release."""
    return Draft.objects.waiting().filter(
        kind=DraftKind.VOTE, statement=OuterRef("pk"), participant=participant
    )


def _votes_on_statement(participant: Participant | None) -> QuerySet[Vote]:
    return Vote.objects.filter(statement=OuterRef("pk"), participant=participant)


def open_statements(participant: Participant) -> QuerySet[Statement]:
    """Accepted statements on which this participant has neither voted nor drafted a vote."""
    return Statement.objects.filter(
        concern_id=participant.concern_id, state=StatementState.ACCEPTED
    ).exclude(Exists(_votes_on_statement(participant)) | Exists(_drafts_on_statement(participant)))


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
    drafted: int
    total: int
    answered: int = 0  # of those voted: by an agent

    @property
    def done(self) -> int:
        """Statements that need no more thought, though some votes may wait for their release."""
        return self.voted + self.drafted

    @property
    def left(self) -> int:
        return self.total - self.done


def progress_of(*, concern: Concern, participant: Participant | None) -> Progress:
    """Votes given, votes drafted, and statements there are, rejected ones not counted."""
    voted, drafted = _votes_on_statement(participant), _drafts_on_statement(participant)
    return Progress(
        **concern.statements.filter(state=StatementState.ACCEPTED).aggregate(
            total=Count("pk"),
            voted=Count("pk", filter=Q(Exists(voted))),
            drafted=Count("pk", filter=Q(~Exists(voted), Exists(drafted))),
            answered=Count("pk", filter=Q(Exists(voted.exclude(answered_by=None)))),
        )
    )


def done_by_region(
    concerns: Iterable[Concern], regions: Iterable[Region]
) -> dict[tuple[int, int], int]:
    """How many statements need no more thought, by concern and municipality: voted on or drafted."""
    of_regions = {
        "participant__concern__in": concerns,
        "participant__voices": Voices.OFFICIAL,
        "participant__region__in": regions,
        "statement__state": StatementState.ACCEPTED,
    }
    pairs = ("participant__concern", "participant__region", "statement")
    voted = Vote.objects.filter(**of_regions).order_by().values_list(*pairs)
    drafted = Draft.objects.waiting().filter(kind=DraftKind.VOTE, **of_regions).order_by()
    done = voted.union(drafted.values_list(*pairs))
    return Counter((concern, region) for concern, region, _ in done)


def votes_of(participant: Participant) -> QuerySet[Vote]:
    """A participant's votes on accepted statements, newest first."""
    return (
        Vote.objects.filter(participant=participant, statement__state=StatementState.ACCEPTED)
        .select_related("statement", "evidence", "answered_by")
        .order_by("-cast_at", "-pk")
    )


def earlier_ballots(*, participant: Participant, votes: Iterable[Vote]) -> dict[int, list[Ballot]]:
    """What a participant had said before, by statement, oldest first; nothing where it never changed."""
    cast: dict[int, list[Ballot]] = {}
    statements = [vote.statement_id for vote in votes]
    ballots = Ballot.objects.filter(
        participant=participant, statement__in=statements
    ).select_related("answered_by")
    for ballot in ballots.order_by("pk"):
        cast.setdefault(ballot.statement_id, []).append(ballot)
    return {statement: all_of_them[:-1] for statement, all_of_them in cast.items()}
