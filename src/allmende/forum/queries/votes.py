"""Reading who takes part, how far she has come, and how she voted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from allmende.registry.models import Region

from ..models import (
    Ballot,
    Concern,
    Draft,
    DraftKind,
    Evidence,
    Participant,
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


@dataclass(frozen=True)
class Progress:
    """How far a participant has come with the accepted statements of a concern.

    Read in a few plain queries and put together here: one with subqueries takes longer, and this is
    asked for with every vote.
    """

    statements: Mapping[int, int]  # in their order: number → how often shown to anybody
    voted_on: frozenset[int]
    drafted_on: frozenset[int]
    answered_for: frozenset[int] = frozenset()  # of those voted on: by an agent

    @property
    def total(self) -> int:
        return len(self.statements)

    @property
    def voted(self) -> int:
        return len(self.statements.keys() & self.voted_on)

    @property
    def answered(self) -> int:
        """Statements on which an agent has answered for it."""
        return len(self.statements.keys() & self.answered_for)

    @property
    def drafted(self) -> int:
        """Statements on which there is a draft only."""
        return len((self.statements.keys() & self.drafted_on) - self.voted_on)

    @property
    def done(self) -> int:
        """Statements that need no more thought, though some votes may wait for their release."""
        return self.voted + self.drafted

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def open(self) -> list[int]:
        """The statements that are left."""
        done = self.voted_on | self.drafted_on
        return [number for number in self.statements if number not in done]


def progress_of(*, concern: Concern, participant: Participant | None) -> Progress:
    """What there is to vote on, rejected statements not counted, and what is done of it."""
    accepted = concern.statements.filter(state=StatementState.ACCEPTED)
    statements = dict(accepted.values_list("pk", "shown"))
    if participant is None:
        return Progress(statements, frozenset(), frozenset())
    drafts = Draft.objects.waiting().filter(participant=participant, kind=DraftKind.VOTE)
    votes = list(participant.votes.values_list("statement_id", "answered_by"))
    return Progress(
        statements,
        frozenset(number for number, _ in votes),
        frozenset(number for number in drafts.values_list("statement_id", flat=True) if number),
        frozenset(number for number, agent in votes if agent),
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
