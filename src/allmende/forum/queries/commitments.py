"""Reading commitments: what was promised, what is overdue, and what both sides say of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from allmende.registry.models import Mandate, Organisation, OrganisationKind
from allmende.registry.queries import mandates_of, mandates_with

from ..models import (
    Attendance,
    Commitment,
    CommitmentQuerySet,
    Concern,
    Contribution,
    Milestone,
    Outcome,
    Participant,
    Report,
    Support,
    Verdict,
    Voices,
    Vote,
    Word,
)
from .concerns import count_of
from .mandates import VOTES, needs_release

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# Whose view of a commitment stands beside the ministry's.
JUDGES = (
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.UNION,
    OrganisationKind.DISTRICT,
    OrganisationKind.ASSOCIATION,
)
OVERDUE, OPEN = "overdue", "open"


def get_commitment(number: int) -> Commitment:
    """A commitment with all that says who may read it."""
    return _with_origin(Commitment.objects.all()).get(pk=number)


def get_milestone(number: int, step: int) -> Milestone:
    """A milestone of a commitment, by the numbers in its address."""
    commitment = get_commitment(number)
    milestone = commitment.milestones.get(pk=step)
    milestone.commitment = commitment
    return milestone


def get_report(number: int, report: int) -> Report:
    """A report with a document, by the numbers in its address."""
    commitment = get_commitment(number)
    found = commitment.reports.select_related("upload").get(pk=report, upload__isnull=False)
    found.commitment = commitment
    return found


def _with_origin(commitments: CommitmentQuerySet) -> CommitmentQuerySet:
    return commitments.select_related(
        "organisation",
        "concern__owner",
        "concern__ministry",
        "answer__answer",
        "answer__section",
        "decision__sitting",
    )


def listed_commitments(
    *, state: str = "", organisation: str = "", topic: str = "", words: str = ""
) -> CommitmentQuerySet:
    """Public commitments, overdue ones first, then open ones, then those with an outcome.

    With ``verdicts`` and ``kept_verdicts``. ``state``: overdue, open, or an outcome.
    """
    today = timezone.localdate()
    found = Commitment.objects.public()
    if state == OVERDUE:
        found = found.filter(outcome="", due_on__lt=today)
    elif state == OPEN:
        found = found.filter(outcome="", due_on__gte=today)
    elif state:
        found = found.filter(outcome=state)
    if organisation:
        found = found.filter(organisation__slug=organisation)
    if topic:
        found = found.filter(concern__topic=topic)
    if words:
        found = found.filter(
            Q(what__icontains=words)
            | Q(who__icontains=words)
            | Q(concern__question__icontains=words)
        )
    given = Verdict.objects.filter(commitment=OuterRef("pk"))
    turn = Case(
        When(outcome="", due_on__lt=today, then=Value(0)),
        When(outcome="", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    counted = found.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        verdicts_given=count_of(given.values("commitment")),
        verdicts_kept=count_of(given.filter(outcome=Outcome.KEPT).values("commitment")),
        turn=turn,
    )
    # Concerns are fetched for the rows of a page only: they are long, and joined before the rows are cut.
    in_turn = counted.select_related("organisation").order_by("turn", "due_on", "pk")
    return in_turn.prefetch_related("concern")


def promising_organisations() -> QuerySet[Organisation]:
    """Who has promised anything in public."""
    promised = Commitment.objects.public().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(promised)).order_by("name")


def organisations_in(concern: Concern) -> QuerySet[Organisation]:
    """All organisations that took part in a concern: voted, co-signed, gave their word, contributed,
    answered for members, or brought it in.
    """
    votes = Vote.objects.filter(participant__concern=concern)
    spoken = Participant.objects.filter(concern=concern, voices=Voices.OFFICIAL).filter(
        Exists(Vote.objects.filter(participant=OuterRef("pk")))
    )
    return Organisation.objects.filter(
        Q(region__in=spoken.values("region"))
        | Q(region=concern.owner_id)
        | Q(pk__in=votes.exclude(answered_by=None).values("answered_by"))
        | Q(pk__in=Support.objects.current().filter(concern=concern).values("organisation"))
        | Q(pk__in=Word.objects.current().filter(position__concern=concern).values("organisation"))
        | Q(pk__in=_contributions(concern).values("organisation"))
    )


def _contributions(concern: Concern) -> QuerySet[Contribution]:
    spoken = Contribution.objects.current().filter(concern=concern)
    return spoken.exclude(organisation=None)


def organisations_behind(commitment: Commitment) -> QuerySet[Organisation]:
    """Who took part in what led to a commitment, without whoever promised it."""
    if commitment.concern is not None:
        found = organisations_in(commitment.concern)
    elif commitment.decision is not None:
        there = Attendance.objects.filter(sitting=commitment.decision.sitting_id)
        found = Organisation.objects.filter(pk__in=there.values("organisation"))
    else:
        found = Organisation.objects.none()
    return found.exclude(pk=commitment.organisation_id)


def judging_mandates(user: "Person", commitment: Commitment) -> list[Mandate]:
    """One mandate for each organisation that took part and for which a person may say whether a
    commitment was kept, by name.
    """
    chosen = {
        mandate.organisation_id: mandate
        for mandate in reversed(speaking_mandates(user))
        if mandate.organisation.kind in JUDGES
    }
    if not chosen:
        return []
    took_part = organisations_behind(commitment).filter(pk__in=chosen).values_list("pk", flat=True)
    return sorted((chosen[key] for key in took_part), key=lambda m: m.organisation.name)


def speaking_mandates(user: "Person") -> list[Mandate]:
    """The mandates in which a person speaks in public without anybody else, the strongest first."""
    if not mandates_of(user):
        return []
    found = (mandate for right in VOTES for mandate in mandates_with(right, user))
    return [mandate for mandate in found if not needs_release(user, mandate)]


@dataclass(frozen=True)
class VerdictLine:
    """How many see it so, of all that have said something."""

    outcome: Outcome
    count: int
    total: int

    @property
    def share(self) -> float:
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True)
class Views:
    """What the ministry says of a commitment, and what municipalities and associations say."""

    outcome: str
    lines: list[VerdictLine]
    only_municipalities: bool

    @property
    def total(self) -> int:
        return self.lines[0].total if self.lines else 0

    @property
    def others(self) -> int:
        """How many see it otherwise than the ministry."""
        return sum(line.count for line in self.lines if line.outcome != self.outcome)


def views_on(commitment: Commitment) -> Views:
    """Both views of a commitment, in one query."""
    given = commitment.verdicts.order_by().values_list("outcome", "organisation__kind")
    counts: Counter[str] = Counter()
    only_municipalities = True
    for outcome, kind, number in given.annotate(n=Count("pk")):
        counts[outcome] += number
        only_municipalities &= kind == OrganisationKind.MUNICIPALITY
    total = counts.total()
    lines = [VerdictLine(outcome, counts[outcome], total) for outcome in Outcome] if total else []
    return Views(commitment.outcome, lines, only_municipalities)


def verdicts_on(commitment: Commitment, *, outcome: str = "") -> QuerySet[Verdict]:
    """What has been said of a commitment, newest first."""
    found = commitment.verdicts.select_related("organisation__region", "mandate__organisation")
    if outcome:
        found = found.filter(outcome=outcome)
    return found.order_by("-at", "-pk")


def verdicts_of(commitment: Commitment, mandates: Iterable[Mandate]) -> dict[int, Verdict]:
    """What these organisations have said of it, by organisation."""
    organisations = [mandate.organisation_id for mandate in mandates]
    given = commitment.verdicts.filter(organisation__in=organisations)
    return {verdict.organisation_id: verdict for verdict in given}
