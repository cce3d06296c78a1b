"""Reading what everybody may know at a glance: what is being discussed, promised, overdue."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from ..models import (
    Commitment,
    CommitmentQuerySet,
    Concern,
    ConcernQuerySet,
    Participant,
    Voices,
    Vote,
)
from .commitments import OPEN, OVERDUE, listed_commitments
from .concerns import visible_concerns


@dataclass(frozen=True)
class PublicCounts:
    """How long the whole lists are."""

    open: int  # concerns
    answers_overdue: int
    commitments: int
    commitments_overdue: int


def public_counts() -> PublicCounts:
    """The figures of today, in three queries."""
    seen = visible_concerns(AnonymousUser()).order_by()
    # Two counts of few: together they would read all there are.
    counted = {"open": seen.open().count(), "answers_overdue": seen.overdue().count()}
    overdue = Q(outcome="", due_on__lt=timezone.localdate())
    promised = Commitment.objects.public().order_by()
    return PublicCounts(
        **counted,
        **promised.aggregate(
            commitments=Count("pk"), commitments_overdue=Count("pk", filter=overdue)
        ),
    )


@dataclass(frozen=True)
class Talk:
    """An open concern, and how many municipalities of how many Länder have voted in it."""

    concern: Concern
    municipalities: int
    laender: int


def talked_about(*, most: int) -> list[Talk]:
    """What everybody may see of the open concerns, soonest end first; in two queries."""
    soonest = visible_concerns(AnonymousUser()).open().order_by("deadline", "pk")[:most]
    concerns = list(soonest.defer("background", "summary", "source"))
    voted = Exists(Vote.objects.filter(participant=OuterRef("pk")))
    voters = Participant.objects.filter(voted, concern__in=concerns, voices=Voices.OFFICIAL)
    counted = (
        voters.order_by()
        .values_list("concern")
        .annotate(Count("pk"), Count("region__land", distinct=True))
    )
    counts = {concern: (there, laender) for concern, there, laender in counted}
    return [Talk(concern, *counts.get(concern.pk, (0, 0))) for concern in concerns]


def longest_overdue_answers(*, most: int) -> ConcernQuerySet:
    """Concerns that have waited longest beyond the day until which an answer was asked for."""
    late = visible_concerns(AnonymousUser()).overdue().select_related("owner", "ministry")
    return late.order_by("answer_due", "pk")[:most]


def next_due(*, most: int) -> CommitmentQuerySet:
    """Public commitments whose day comes next."""
    return listed_commitments(state=OPEN)[:most]


def last_settled(*, most: int) -> CommitmentQuerySet:
    """Public commitments of which it was said last what became of them."""
    settled = listed_commitments().exclude(outcome="").filter(outcome_at__isnull=False)
    return settled.order_by("-outcome_at", "-pk")[:most]


def most_overdue(*, most: int) -> CommitmentQuerySet:
    """Public commitments that have been overdue longest."""
    return listed_commitments(state=OVERDUE)[:most]
