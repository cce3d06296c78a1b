"""Reading who takes part, how far she has come, and how she voted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from allmende.portal.prepared import Prepared, PreparedRows, fetch, slot, slots
from allmende.registry.models import Region

from ..models import (
    Ballot,
    Concern,
    Draft,
    DraftKind,
    Evidence,
    Participant,
    Result,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from .mandates import Voice

NUMBER: "BigIntegerField[int, int]" = BigIntegerField()
OF_REGION = {"concern": slot("concern", NUMBER), "region": slot("region", NUMBER)}
OF_USER = {"concern": slot("concern", NUMBER), "user": slot("user", NUMBER)}
participant_by_region = Prepared(lambda: Participant.objects.filter(**OF_REGION))
participant_by_user = Prepared(lambda: Participant.objects.filter(**OF_USER))
region_in_turn = Prepared(
    lambda: Participant.objects.select_for_update(no_key=True).filter(**OF_REGION)
)
user_in_turn = Prepared(
    lambda: Participant.objects.select_for_update(no_key=True).filter(**OF_USER)
)
statement_by_number = Prepared(
    lambda: Statement.objects.select_related("author__region").filter(pk=slot("number", NUMBER))
)
result_by_voices = Prepared(
    lambda: Result.objects.filter(
        concern=slot("concern", NUMBER), voices=slot("voices", CharField())
    ).only("routing")
)


def participant_of(*, concern: Concern, voice: Voice, in_turn: bool = False) -> Participant | None:
    """The participant behind a voice, if it has taken part already.

    ``in_turn``: and until the transaction ends, nobody else speaks for it; see ``services.turns``.
    """
    if voice.region:
        by_region = region_in_turn if in_turn else participant_by_region
        found = by_region(concern=concern.pk, region=voice.region.pk)
    else:
        by_user = user_in_turn if in_turn else participant_by_user
        found = by_user(concern=concern.pk, user=voice.user.pk)
    for participant in found:
        # Known already: nobody has to look them up.
        participant.concern, participant.region = concern, voice.region
        return participant
    return None


def shown_statement(number: int) -> Statement:
    """A statement with who wrote it, to put it before somebody."""
    [found] = statement_by_number(number=number)
    return found


def latest_routing(participant: Participant) -> dict[str, Any]:
    """What the latest result knows of the statements; nothing before there is one."""
    for result in result_by_voices(concern=participant.concern_id, voices=participant.voices):
        routing: dict[str, Any] = result.routing
        return routing
    return {}


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
    """How far a participant has come with the accepted statements of a concern."""

    statements: Mapping[int, int]  # in their order: number → how often shown to anybody
    voted_on: frozenset[int]
    drafted_on: frozenset[int]
    answered_for: frozenset[int] = frozenset()  # of those voted on: by an agent
    returned: frozenset[int] = frozenset()  # on which a draft came back
    presented: frozenset[int] = frozenset()  # that were put before the participant
    exposures: Mapping[int, int] = field(default_factory=dict)  # how often, in its stratum
    is_open: bool = False  # whether the concern takes votes

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

    @cached_property
    def done(self) -> int:
        """Statements that need no more thought, though some votes may wait for their release."""
        return self.voted + self.drafted

    @property
    def left(self) -> int:
        return self.total - self.done

    @cached_property
    def open(self) -> list[int]:
        """The statements that are left."""
        done = self.voted_on | self.drafted_on
        return [number for number in self.statements if number not in done]

    def after(self, statement: int, *, drafted: bool = False) -> "Progress":
        """The same with a vote on one more statement, or with a draft of one."""
        return replace(
            self,
            voted_on=self.voted_on if drafted else self.voted_on | {statement},
            drafted_on=self.drafted_on | {statement} if drafted else self.drafted_on - {statement},
            answered_for=self.answered_for if drafted else self.answered_for - {statement},
            returned=self.returned - {statement},
        )


# All that a vote asks for, in one round trip: with every single query each vote would take twice as long.
STANDING = """
    SELECT kind, number, value FROM (
    SELECT 'statement' AS kind, id AS number, shown AS value, created_at AS since FROM forum_statement
        WHERE concern_id = %(concern)s AND state = 'accepted'
    UNION ALL SELECT 'voted', statement_id, answered_by_id, NULL FROM forum_vote
        WHERE participant_id = %(participant)s
    UNION ALL SELECT state, statement_id, 0, NULL FROM forum_draft
        WHERE participant_id = %(participant)s AND kind = 'vote' AND state IN ('waiting', 'returned')
    UNION ALL SELECT 'presented', statement_id, 0, NULL FROM forum_presentation
        WHERE participant_id = %(participant)s
    UNION ALL SELECT 'exposure', e.statement_id, e.shown, NULL FROM forum_exposure e
        JOIN forum_statement s ON s.id = e.statement_id
        WHERE s.concern_id = %(concern)s AND e.land = %(land)s AND e.size_class = %(size_class)s
    UNION ALL SELECT 'open', id, 0, NULL FROM forum_concern
        WHERE id = %(concern)s AND state = 'open' AND deadline > %(now)s
    ) AS standing ORDER BY since, number
"""


def progress_of(*, concern: Concern, participant: Participant | None) -> Progress:
    """What there is to vote on, rejected statements not counted, and what is done of it."""
    land, size_class = participant.stratum if participant else ("", 0)
    asked = {
        "concern": concern.pk,
        "participant": participant.pk if participant else None,
        "land": land,
        "size_class": size_class,
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }
    rows = fetch(STANDING, asked)
    found: dict[str, dict[int, Any]] = defaultdict(dict)
    for kind, number, value in rows:
        found[kind][number] = value
    voted = found["voted"]
    return Progress(
        statements=found["statement"],
        voted_on=frozenset(voted),
        drafted_on=frozenset(found["waiting"]),
        answered_for=frozenset(number for number, agent in voted.items() if agent),
        returned=frozenset(found["returned"]),
        presented=frozenset(found["presented"]),
        exposures=found["exposure"],
        is_open=bool(found["open"]),
    )


def _done() -> "QuerySet[Any, Any]":
    of_regions = {
        "participant__concern__pk__among": slots("concerns"),
        "participant__voices": Voices.OFFICIAL,
        "participant__region__pk__among": slots("regions"),
        "statement__state": StatementState.ACCEPTED,
    }
    pair = ("participant__concern", "participant__region")
    voted = Vote.objects.filter(**of_regions).order_by()
    drafted = Draft.objects.waiting().filter(kind=DraftKind.VOTE, **of_regions).order_by()
    only_drafted = drafted.exclude(
        Exists(
            Vote.objects.filter(
                participant=OuterRef("participant"), statement=OuterRef("statement")
            )
        )
    )
    counts = (each.values_list(*pair).annotate(n=Count("pk")) for each in (voted, only_drafted))
    return QuerySet.union(*counts, all=True)


_done_in = PreparedRows(_done)


def done_by_region(
    concerns: Iterable[Concern], regions: Iterable[Region]
) -> dict[tuple[int, int], int]:
    """How many statements need no more thought, by concern and municipality: voted on or drafted."""
    done: Counter[tuple[int, int]] = Counter()
    keys = {"concerns": [each.pk for each in concerns], "regions": [each.pk for each in regions]}
    for concern, region, n in _done_in(**keys):
        done[concern, region] += n
    return done


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
