"""Reading what waits for a person: votes that are missing, concerns that she is in charge of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BooleanField, DateTimeField, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.rules import is_operator
from allmende.portal.prepared import Prepared, slot
from allmende.registry.models import Mandate
from allmende.registry.queries import mandates_with

from ..models import (
    Commitment,
    Concern,
    ConcernQuerySet,
    ConcernState,
    SealedPosition,
    Statement,
    StatementState,
)
from .concerns import count_of, with_statement_counts
from .mandates import VOTES, WRITES, municipal_mandates, municipalities_of
from .votes import done_by_region

if TYPE_CHECKING:
    from allmende.accounts.models import User

# A start page is for today, not for everything.
SOONEST = 20


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


def concerns_in_charge(user: "User") -> ConcernQuerySet:
    """Where a person has to do something before a concern can go on, soonest end first: open ones with
    statements to check, those whose position is to be written, those all of whose commitments have an
    outcome. With ``waiting_count``.
    """
    mandates = [mandate for right in WRITES for mandate in mandates_with(right, user)]
    regions = {m.organisation.region_id for m in mandates if m.organisation.region_id}
    voting = municipalities_of(user, *VOTES)
    pending = Statement.objects.filter(concern=OuterRef("pk"), state=StatementState.PENDING)
    sealed = SealedPosition.objects.filter(concern=OuterRef("pk"))
    unsettled = Commitment.objects.filter(concern=OuterRef("pk"), outcome="")
    chosen = Concern.rapporteurs.through.objects.filter(
        concern=OuterRef("pk"), organisation__in={mandate.organisation_id for mandate in mandates}
    )
    in_charge = Q(owner__in=voting)
    check = (in_charge | Q(owner=None)) if is_operator(user) else in_charge
    found = Concern.objects.filter(
        (Q(state=ConcernState.OPEN, deadline__gt=timezone.now()) & check & Exists(pending))
        | (
            Q(state=ConcernState.POSITION)
            & (Q(owner__in=regions) | Exists(chosen))
            & ~Exists(sealed)
        )
        | (Q(state=ConcernState.PURSUED) & in_charge & ~Exists(unsettled))
    )
    waiting = count_of(pending.values("concern"))
    counted = found.annotate(waiting_count=waiting)  # type: ignore[no-redef]  # declared on the model
    return counted.order_by("deadline", "pk")
