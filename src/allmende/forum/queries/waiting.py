"""Reading what waits for a person: votes that are missing, concerns that she is in charge of, commitments
to keep and to judge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.rules import is_operator
from allmende.portal.prepared import Prepared, PreparedRows, slot, slots
from allmende.registry.models import AGENT_KINDS, Mandate, Organisation
from allmende.registry.queries import mandates_of, mandates_with

from ..models import (
    Commitment,
    CommitmentQuerySet,
    Concern,
    ConcernQuerySet,
    ConcernState,
    Contribution,
    Milestone,
    Participant,
    SealedPosition,
    Statement,
    StatementState,
    Support,
    Verdict,
    Voices,
    Vote,
    Word,
)
from .commitments import JUDGES, speaking_mandates
from .concerns import count_of, with_statement_counts
from .mandates import VOTES, WRITES, municipal_mandates, municipalities_of
from .votes import done_by_region

if TYPE_CHECKING:
    from allmende.accounts.models import User

# A start page is for today, not for everything.
SOONEST = 20
MOST_CONCERNS = 50
MOST_COMMITMENTS = 20


_soonest = Prepared(
    lambda: with_statement_counts(
        Concern.objects.filter(
            state=ConcernState.OPEN,
            deadline__gt=slot("now", DateTimeField()),
            is_example=slot("invented", BooleanField()),
        ).defer("background", "summary", "source")
    ).order_by("deadline", "pk")[:SOONEST]
)


def soonest_concerns(user: "User", *, invented: Iterable[bool]) -> list[Concern]:
    """The open concerns that end next, with ``statement_count``: ``SOONEST`` real ones, as many examples,
    or both; each asked once a request.
    """

    def find(example: bool) -> list[Concern]:
        return user.remember(
            f"soonest concerns {example}",
            lambda: _soonest(now=timezone.now(), invented=example),
        )

    found = [concern for example in sorted(set(invented)) for concern in find(example)]
    return sorted(found, key=lambda concern: (concern.deadline, concern.pk))


@dataclass(frozen=True)
class MissingVotes:
    """How far a municipality has come in a concern: ``done`` of ``total`` statements."""

    concern: Concern
    address: str  # of the page to vote
    mandate: Mandate
    total: int
    done: int

    @property
    def left(self) -> int:
        return max(self.total - self.done, 0)


def missing_votes(user: "User") -> list[MissingVotes]:
    """Each municipality that a person votes for, in each of ``soonest_concerns`` in which it may vote,
    complete or not; asked once a request, in two queries (three with real and invented ones).
    """

    def find() -> list[MissingVotes]:
        mandates = {
            mandate.region.pk: mandate
            for mandate in municipal_mandates(user, *VOTES)
            if mandate.region
        }
        if not mandates:
            return []
        regions = municipalities_of(user, *VOTES)
        concerns = soonest_concerns(user, invented={region.invented for region in regions})
        done = done_by_region(concerns, regions)
        return [
            MissingVotes(
                concern,
                address,
                mandates[region.pk],
                concern.statement_count,
                done.get((concern.pk, region.pk), 0),
            )
            for concern in concerns
            for address in (reverse("forum:vote", args=[concern.slug]),)
            for region in regions
            if region.invented == concern.is_example
        ]

    return user.remember("missing votes", find)


def _in_charge(*, operator: bool) -> ConcernQuerySet:
    now = slot("now", DateTimeField())
    pending = Statement.objects.filter(concern=OuterRef("pk"), state=StatementState.PENDING)
    sealed = SealedPosition.objects.filter(concern=OuterRef("pk"))
    unsettled = Commitment.objects.filter(concern=OuterRef("pk"), outcome="")
    chosen = Q(pk__among=slots("chosen"))
    in_charge = Q(owner__pk__among=slots("voting"))
    check = (in_charge | Q(owner=None)) if operator else in_charge
    found = Concern.objects.filter(
        (Q(state=ConcernState.OPEN, deadline__gt=now) & check & Exists(pending))
        | (
            Q(state=ConcernState.POSITION)
            & (Q(owner__pk__among=slots("writing")) | chosen)
            & ~Exists(sealed)
        )
        | (Q(state=ConcernState.PURSUED) & in_charge & ~Exists(unsettled))
    )
    waiting = count_of(pending.values("concern"))
    counted = found.annotate(waiting_count=waiting)  # type: ignore[no-redef]  # declared on the model
    return counted.order_by("deadline", "pk")[:MOST_CONCERNS]


_chosen_of = PreparedRows(
    lambda: Concern.rapporteurs.through.objects.filter(
        organisation__pk__among=slots("organisations")
    ).values_list("concern")
)
_first_in_charge = {
    operator: Prepared(partial(_in_charge, operator=operator)) for operator in (False, True)
}


def concerns_in_charge(user: "User") -> list[Concern]:
    """Where a person has to do something before a concern can go on, soonest end first: open ones with
    statements to check, those whose position is to be written, those all of whose commitments have an
    outcome. The first ``MOST_CONCERNS``, with ``waiting_count``; asked once a request.
    """

    def find() -> list[Concern]:
        if not (mandates_of(user) or is_operator(user)):
            return []
        mandates = [mandate for right in WRITES for mandate in mandates_with(right, user)]
        organisations = sorted({mandate.organisation_id for mandate in mandates})
        return _first_in_charge[is_operator(user)](
            now=timezone.now(),
            voting=[region.pk for region in municipalities_of(user, *VOTES)],
            writing=[m.organisation.region_id for m in mandates if m.organisation.region_id],
            # Asked apart: so the database looks up a few concerns instead of going through all positions.
            chosen=[concern for (concern,) in _chosen_of(organisations=organisations)],
        )

    return user.remember("concerns in charge", find)


def _due() -> CommitmentQuerySet:
    until = slot("until", DateField())
    promised = Commitment.objects.public(slot("now", DateTimeField())).filter(outcome="")
    near = Milestone.objects.filter(commitment=OuterRef("pk"), reached_on=None, due_on__lte=until)
    due = promised.filter(Q(due_on__lte=until) | Exists(near.order_by()))
    theirs = due.filter(organisation__pk__among=slots("organisations"))
    return theirs.select_related("concern", "organisation")[:MOST_COMMITMENTS]


_first_due = Prepared(_due)


def commitments_due(user: "User", *, until: date) -> list[Commitment]:
    """What those for whom a person speaks have promised for a day up to then, itself or by a milestone, and
    of which nobody has said what became of it; the first ``MOST_COMMITMENTS``, with ``due_milestones``;
    asked once a request.
    """

    def find() -> list[Commitment]:
        promisers = sorted({mandate.organisation_id for mandate in speaking_mandates(user)})
        if not promisers:
            return []
        found = _first_due(organisations=promisers, until=until, now=timezone.now())
        near = Milestone.objects.filter(reached_on=None, due_on__lte=until)
        prefetch_related_objects(found, Prefetch("milestones", near, to_attr="due_milestones"))
        return found

    return user.remember(f"commitments due {until}", find)


_newest_settled = Prepared(
    lambda: (
        Commitment.objects.public(slot("now", DateTimeField()))
        .exclude(outcome="")
        .exclude(concern__state=ConcernState.CLOSED)
        .filter(concern__pk__among=slots("concerns"))
        .select_related("organisation", "concern")
        .order_by("-outcome_at")[:MOST_COMMITMENTS]
    )
)


def _judging(user: "User") -> dict[int, Organisation]:
    mandates = [m for m in speaking_mandates(user) if m.organisation.kind in JUDGES]
    return {mandate.organisation_id: mandate.organisation for mandate in mandates}


def _settled_for(user: "User") -> tuple[set[tuple[int, int]], list[Commitment]]:
    """In which concerns her organisations took part, and what was settled last there."""

    def find() -> tuple[set[tuple[int, int]], list[Commitment]]:
        own = _judging(user)
        took_part = _concerns_of(own.values()) if own else set()
        concerns = sorted({concern for concern, _who in took_part})
        newest = _newest_settled(concerns=concerns, now=timezone.now()) if concerns else []
        return took_part, newest

    return user.remember("settled last", find)


def newest_settled(user: "User") -> list[Commitment]:
    """The ``MOST_COMMITMENTS`` commitments that were settled last where this person's organisations took
    part, judged or not; asked once a request.
    """
    return _settled_for(user)[1]


def commitments_to_judge(user: "User") -> "list[tuple[Commitment, Organisation]]":
    """The ``MOST_COMMITMENTS`` commitments that were settled last, newest first, each with an organisation of
    this person that took part and has not said anything; only while their concern is not closed. In three
    queries at most.
    """
    took_part, newest = _settled_for(user)
    if not newest:
        return []
    own = _judging(user)
    given = Verdict.objects.filter(commitment__in=newest, organisation__in=own)
    said = set(given.values_list("commitment", "organisation"))
    return [
        (commitment, organisation)
        for commitment in newest
        for key, organisation in own.items()
        if (commitment.concern_id, key) in took_part
        and (commitment.pk, key) not in said
        and key != commitment.organisation_id
    ]


def _parts() -> QuerySet[Any, Any]:
    """In which concerns organisations took part, as ``organisations_in`` says: both keys."""
    parts: list[tuple[QuerySet[Any], str, str]] = [
        (
            Participant.objects.filter(
                Exists(Vote.objects.filter(participant=OuterRef("pk"))), voices=Voices.OFFICIAL
            ),
            "concern",
            "region__organisation",
        ),
        (Concern.objects.all(), "pk", "owner__organisation"),
        (Support.objects.current(), "concern", "organisation"),
        (Word.objects.current(), "position__concern", "organisation"),
        (Contribution.objects.current(), "concern", "organisation"),
    ]
    first, *others = (
        rows.filter(**{f"{whose}__pk__among": slots("organisations")})
        .order_by()
        .values_list(concern, whose)
        for rows, concern, whose in parts
    )
    answered = Vote.objects.filter(
        answered_by__isnull=False, answered_by__pk__among=slots("agents")
    ).order_by()
    return first.union(*others, answered.values_list("participant__concern", "answered_by"))


_parts_of = PreparedRows(_parts)


def _concerns_of(organisations: Iterable[Organisation]) -> set[tuple[int, int]]:
    own = list(organisations)
    agents = [each.pk for each in own if each.kind in AGENT_KINDS]
    found = _parts_of(organisations=[each.pk for each in own], agents=agents)
    return {(concern, organisation) for concern, organisation in found}
