"""Commitments: what was promised, how it gets on, what became of it, and how municipalities see it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
    Day,
    PageOf,
    Paging,
    Problem,
    Schema,
    Text,
    as_choice,
    guarded,
    page_of,
    since_until,
)
from allmende.portal.api.guards import PersonRequest
from allmende.portal.api.pages import Times
from allmende.registry.api import Ags, OrganisationShort, in_area, organisation_short
from allmende.registry.models import Right, Topic
from allmende.registry.queries import mandates_with

from .. import queries, services
from ..models import Commitment, Milestone, Outcome, Report, Verdict
from .parts import mandate_among, said
from .way import Slug

router = Router(tags=[gettext_noop("Zusagen")])

OutcomeKey = as_choice(Outcome)
TopicKey = as_choice(Topic)
CommitmentState = Annotated[str, StringConstraints(pattern="^(overdue|open|kept|partly|not_kept)$")]


class MilestoneOut(Schema):
    """A step on the way."""

    id: int
    title: str
    due_on: date
    reached_on: date | None


class CommitmentOut(Schema):
    """Something promised until a day."""

    id: int
    concern: str | None
    organisation: str = Field(description=gettext_noop("Wer es zusagt"))
    what: str
    who: str
    due_on: date
    sign: str = Field(description=gettext_noop("Woran man erkennt, dass es eingehalten ist"))
    outcome: OutcomeKey | None = Field(description=gettext_noop("null: noch nicht festgestellt"))  # type: ignore[valid-type]
    outcome_text: str
    outcome_at: datetime | None
    is_overdue: bool
    created_at: datetime
    milestones: list[MilestoneOut]


class CommitmentFilter(Paging, Times):
    """Which commitments; ``since`` and ``until`` are about when they were made."""

    state: CommitmentState | None = Field(
        None, description=gettext_noop("overdue, open oder wie sie ausging: kept, partly, not_kept")
    )
    ministry: Slug | None = Field(None, description=gettext_noop("Kurzname dessen, der es zusagt"))
    topic: TopicKey | None = Field(None, description=gettext_noop("Themenfeld"))  # type: ignore[valid-type]
    ags: Ags | None = Field(
        None,
        description=gettext_noop(
            "Anliegen aus einem Gebiet: Anfang des amtlichen Gemeindeschlüssels"
        ),
    )


class ReportOut(Schema):
    """Word of how a commitment gets on."""

    id: int
    text: str
    link: str
    has_document: bool
    office: str
    at: datetime


class ReportIn(Schema):
    """How it gets on; documents are uploaded on the page."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=5_000)]
    link: Annotated[str, StringConstraints(max_length=500, pattern=r"^(https://[^\s\x00]+)?$")] = ""


class VerdictOut(Schema):
    """How an organisation sees whether a commitment was kept."""

    organisation: OrganisationShort
    outcome: OutcomeKey  # type: ignore[valid-type]
    text: str
    office: str
    at: datetime


class VerdictIn(Schema):
    """From the view of an organisation that took part."""

    outcome: OutcomeKey  # type: ignore[valid-type]
    text: Annotated[Text, StringConstraints(max_length=1_000)] = ""
    organisation: Slug | None = Field(
        None, description=gettext_noop("Kurzname; kann fehlen, wo Sie nur für eine sprechen")
    )


class OutcomeIn(Schema):
    """What became of it, as who promised it sees it."""

    outcome: OutcomeKey  # type: ignore[valid-type]
    text: Annotated[Text, StringConstraints(max_length=2_000)] = ""
    seen: OutcomeKey | None = Field(None, description=gettext_noop("Was bisher dastand"))  # type: ignore[valid-type]


class DayIn(Schema):
    """Another day, and why."""

    due_on: Day
    reason: Annotated[Text, StringConstraints(min_length=1, max_length=1_000)]
    seen: Day = Field(description=gettext_noop("Der Tag, der bisher dastand"))


class ReachedIn(Schema):
    """When a milestone was reached."""

    reached_on: Day | None = Field(description=gettext_noop("null: doch nicht"))


def commitment_out(commitment: Commitment) -> dict[str, Any]:
    """A commitment as a document; reads ``concern``, ``organisation`` and ``milestones``."""
    return {
        "id": commitment.pk,
        "concern": commitment.concern.slug if commitment.concern else None,
        "organisation": commitment.organisation.slug,
        "what": commitment.what,
        "who": commitment.who,
        "due_on": commitment.due_on,
        "sign": commitment.sign,
        "outcome": commitment.outcome or None,
        "outcome_text": commitment.outcome_text,
        "outcome_at": commitment.outcome_at,
        "is_overdue": commitment.is_overdue,
        "created_at": commitment.created_at,
        "milestones": [_milestone(step) for step in commitment.milestones.all()],
    }


def _milestone(step: Milestone) -> dict[str, Any]:
    return {
        "id": step.pk,
        "title": step.title,
        "due_on": step.due_on,
        "reached_on": step.reached_on,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "text": report.text,
        "link": report.link,
        "has_document": report.upload_id is not None,
        "office": report.mandate.capacity if report.mandate else "",
        "at": report.at,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "organisation": organisation_short(verdict.organisation),
        "outcome": verdict.outcome,
        "text": verdict.text,
        "office": verdict.mandate.get_office_display() if verdict.mandate else "",
        "at": verdict.at,
    }


@router.get("/commitments", response=PageOf[CommitmentOut], summary=gettext_noop("Zusagen"))
@guarded()
def list_commitments(request: ApiRequest, filters: Query[CommitmentFilter]) -> dict[str, Any]:
    """Aus veröffentlichten Antworten und aus Beschlüssen von Sitzungen."""
    found = queries.listed_commitments(
        state=said(filters.state),
        organisation=said(filters.ministry),
        topic=said(filters.topic),
    ).filter(since_until("created_at", filters))
    if filters.ags:
        found = found.filter(in_area(filters.ags, "concern__owner__"))
    return page_of(request, found.prefetch_related("milestones"), filters, commitment_out)


@router.get(
    "/commitments/{int:number}", response=CommitmentOut, summary=gettext_noop("Eine Zusage")
)
@guarded("forum.view_commitment", queries.get_commitment)
def show_commitment(request: ApiRequest, commitment: Commitment) -> dict[str, Any]:
    """Mit ihren Etappen."""
    return commitment_out(commitment)


@router.get(
    "/commitments/{int:number}/reports",
    response=PageOf[ReportOut],
    summary=gettext_noop("Berichte"),
)
@guarded("forum.view_commitment", queries.get_commitment)
def list_reports(
    request: ApiRequest, commitment: Commitment, filters: Query[Paging]
) -> dict[str, Any]:
    """Wie es mit einer Zusage weitergeht."""
    rows = commitment.reports.select_related("mandate__organisation")
    return page_of(request, rows, filters, _report)


@router.post(
    "/commitments/{int:number}/reports",
    response={201: ReportOut},
    summary=gettext_noop("Berichten"),
)
@guarded("forum.report_commitment", queries.get_commitment, scope=Scope.VOTE)
def add_report(
    request: PersonRequest, commitment: Commitment, data: ReportIn
) -> "Status[dict[str, Any]]":
    """Öffentlich, für die Organisation, die es zugesagt hat."""
    mandate = queries.speaking_mandate(request.user, commitment.organisation)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    report = services.add_report(
        actor=request.user,
        mandate=mandate,
        commitment=commitment,
        text=data.text,
        link=data.link,
    )
    return Status(201, _report(report))


@router.put(
    "/commitments/{int:number}/milestones/{int:step}",
    response=CommitmentOut,
    summary=gettext_noop("Eine Etappe erreichen"),
)
@guarded(
    "forum.report_commitment",
    queries.get_milestone,
    about=lambda milestone: milestone.commitment,
    scope=Scope.VOTE,
)
def reach_milestone(
    request: PersonRequest, milestone: Milestone, data: ReachedIn
) -> dict[str, Any]:
    """Oder sagen, dass sie doch nicht erreicht ist."""
    commitment = milestone.commitment
    mandate = queries.speaking_mandate(request.user, commitment.organisation)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    services.reach_milestone(
        actor=request.user, mandate=mandate, milestone=milestone, reached_on=data.reached_on
    )
    return commitment_out(queries.get_commitment(commitment.pk))


@router.post(
    "/commitments/{int:number}/outcome",
    response=CommitmentOut,
    summary=gettext_noop("Feststellen, was daraus wurde"),
)
@guarded("forum.settle_commitment", queries.get_commitment, scope=Scope.RELEASE)
def set_outcome(request: PersonRequest, commitment: Commitment, data: OutcomeIn) -> dict[str, Any]:
    """Aus der Sicht dessen, der es zugesagt hat."""
    if data.outcome != Outcome.KEPT and not data.text:
        raise Problem(
            422,
            _("Bitte erläutern Sie, warum sie nicht ganz eingehalten ist."),
            errors=[{"field": "text", "detail": _("Diese Angabe fehlt.")}],
        )
    mandate = mandates_with(Right.RELEASE, request.user, commitment.organisation)[0]
    services.set_outcome(
        actor=request.user,
        mandate=mandate,
        commitment=commitment,
        outcome=Outcome(data.outcome),
        text=data.text,
        seen=said(data.seen),
    )
    return commitment_out(commitment)


@router.post(
    "/commitments/{int:number}/due-on",
    response=CommitmentOut,
    summary=gettext_noop("Einen anderen Tag setzen"),
)
@guarded("forum.settle_commitment", queries.get_commitment, scope=Scope.RELEASE)
def postpone(request: PersonRequest, commitment: Commitment, data: DayIn) -> dict[str, Any]:
    """Mit Begründung; der alte Tag bleibt sichtbar."""
    mandate = mandates_with(Right.RELEASE, request.user, commitment.organisation)[0]
    services.postpone_commitment(
        actor=request.user,
        mandate=mandate,
        commitment=commitment,
        due_on=data.due_on,
        reason=data.reason,
        seen=data.seen,
    )
    return commitment_out(queries.get_commitment(commitment.pk))


@router.get(
    "/commitments/{int:number}/verdicts",
    response=PageOf[VerdictOut],
    summary=gettext_noop("Bewertungen"),
)
@guarded("forum.view_commitment", queries.get_commitment)
def list_verdicts(
    request: ApiRequest, commitment: Commitment, filters: Query[Paging]
) -> dict[str, Any]:
    """Wie Kommunen und Verbände eine Zusage sehen."""
    return page_of(request, queries.verdicts_on(commitment), filters, _verdict)


@router.post(
    "/commitments/{int:number}/verdicts",
    response={201: VerdictOut},
    summary=gettext_noop("Bewerten"),
)
@guarded("forum.judge_commitment", queries.get_commitment, scope=Scope.VOTE)
def judge(
    request: PersonRequest, commitment: Commitment, data: VerdictIn
) -> "Status[dict[str, Any]]":
    """Für eine Organisation, die teilgenommen hat; die spätere Bewertung gilt."""
    mandate = mandate_among(queries.judging_mandates(request.user, commitment), data.organisation)
    verdict = services.judge_commitment(
        actor=request.user,
        mandate=mandate,
        commitment=commitment,
        outcome=Outcome(data.outcome),
        text=data.text,
    )
    return Status(201, _verdict(verdict))
