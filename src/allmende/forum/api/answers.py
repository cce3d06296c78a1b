"""The federal answer: drafting it section by section with its commitments, publishing it, reading it."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, Day, Problem, Schema, Text, as_choice, guarded
from allmende.portal.api.guards import PersonRequest
from allmende.registry.api import OrganisationShort, organisation_short
from allmende.registry.models import Mandate, Right
from allmende.registry.queries import mandates_with

from .. import queries, services
from ..models import Answer, Commitment, Concern, Disposition, SealedSection
from .commitments import CommitmentOut, commitment_out

router = Router(tags=[gettext_noop("Antwort")])

DispositionKey = as_choice(Disposition)


class AnsweredSectionOut(Schema):
    """What becomes of a section of the position."""

    number: int
    title: str
    disposition: DispositionKey | None  # type: ignore[valid-type]
    reason: str
    edition: str = Field(
        description=gettext_noop("Bei Änderungen mitschicken; leer, solange nichts dasteht")
    )
    commitments: list[CommitmentOut]


class AnswerOut(Schema):
    """The answer of a ministry to a sealed position."""

    concern: str
    ministry: OrganisationShort | None
    position: int = Field(description=gettext_noop("Nummer der Fassung, auf die geantwortet wird"))
    summary: str
    published_at: datetime | None
    sections: list[AnsweredSectionOut]
    summary_edition: str
    edition: str = Field(
        description=gettext_noop("Der ganzen Antwort; beim Veröffentlichen mitschicken")
    )


class SectionAnswerIn(Schema):
    """What becomes of a section."""

    disposition: DispositionKey  # type: ignore[valid-type]
    reason: Annotated[Text, StringConstraints(max_length=5_000)] = Field(
        "", description=gettext_noop("Nötig, außer wo aufgegriffen wird")
    )
    edition: Text = Field("", description=gettext_noop("Wie gelesen; leer beim ersten Mal"))


class SummaryIn(Schema):
    """The answer in a few sentences."""

    summary: Annotated[Text, StringConstraints(min_length=1, max_length=1_000)]
    edition: Text = Field(description=gettext_noop("„summary_edition“, wie gelesen"))


class PublishIn(Schema):
    """What is published."""

    edition: Text = Field(description=gettext_noop("„edition“ der Antwort, die Sie gelesen haben"))


class MilestoneIn(Schema):
    """A step on the way."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    due_on: Day


class CommitmentIn(Schema):
    """What is promised, by whom, until when, and how one sees that it is kept."""

    what: Annotated[Text, StringConstraints(min_length=1, max_length=300)]
    who: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    due_on: Day
    sign: Annotated[Text, StringConstraints(min_length=1, max_length=300)]
    milestones: list[MilestoneIn] = Field([], max_length=50)


def _answer(concern: Concern) -> dict[str, Any]:
    """What is there so far. Raises ``Http404`` where there is no position to answer."""
    state = queries.answer_state(concern)
    if state.position is None:
        raise Http404
    answer = state.answer
    return {
        "concern": concern.slug,
        "ministry": organisation_short(concern.ministry) if concern.ministry else None,
        "position": state.position.number,
        "summary": answer.summary if answer else "",
        "published_at": answer.published_at if answer else None,
        "sections": [
            {
                "number": row.section.number,
                "title": row.section.title,
                "disposition": row.answer.disposition if row.answer else None,
                "reason": row.answer.reason if row.answer else "",
                "edition": row.answer.edition if row.answer else "",
                "commitments": [commitment_out(each) for each in row.commitments],
            }
            for row in state.rows
        ],
        "summary_edition": answer.edition if answer else Answer().edition,
        "edition": state.edition,
    }


def _mandate(request: PersonRequest, concern: Concern) -> Mandate:
    mandate = queries.ministry_mandate(request.user, concern)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    return mandate


@router.get("/concerns/{slug}/answer", response=AnswerOut, summary=gettext_noop("Die Antwort"))
@guarded("forum.read_answer", queries.get_answered_concern)
def show_answer(request: ApiRequest, concern: Concern) -> dict[str, Any]:
    """Sobald sie veröffentlicht ist."""
    return _answer(concern)


@router.get(
    "/concerns/{slug}/answer-draft", response=AnswerOut, summary=gettext_noop("Entwurf der Antwort")
)
@guarded("forum.draft_answer", queries.get_answered_concern)
def show_draft(request: ApiRequest, concern: Concern) -> dict[str, Any]:
    """Nur für das zuständige Ministerium."""
    return _answer(concern)


@router.put(
    "/concerns/{slug}/answer-draft/sections/{int:number}",
    response=AnswerOut,
    summary=gettext_noop("Einen Abschnitt beantworten"),
)
@guarded(
    "forum.draft_answer",
    queries.get_section_to_answer,
    about=lambda section: section.position.concern,
    scope=Scope.CONTRIBUTE,
)
def answer_section(
    request: PersonRequest, section: SealedSection, data: SectionAnswerIn
) -> dict[str, Any]:
    """Nur das Ministerium sieht den Entwurf."""
    concern, reason = section.position.concern, data.reason
    if data.disposition != Disposition.TAKEN_UP and not reason:
        raise Problem(
            422,
            _("Bitte begründen Sie, warum der Abschnitt nicht ganz aufgegriffen wird."),
            errors=[{"field": "reason", "detail": _("Diese Angabe fehlt.")}],
        )
    services.answer_section(
        actor=request.user,
        mandate=_mandate(request, concern),
        section=section,
        disposition=Disposition(data.disposition),
        reason=reason,
        seen=data.edition,
    )
    return _answer(concern)


@router.post(
    "/concerns/{slug}/answer-draft/sections/{int:number}/commitments",
    response={201: CommitmentOut},
    summary=gettext_noop("Zu einem Abschnitt etwas zusagen"),
)
@guarded(
    "forum.draft_answer",
    queries.get_section_to_answer,
    about=lambda section: section.position.concern,
    scope=Scope.CONTRIBUTE,
)
def make_commitment(
    request: PersonRequest, section: SealedSection, data: CommitmentIn
) -> "Status[dict[str, Any]]":
    """Der Abschnitt muss vorher beantwortet sein. Öffentlich wird die Zusage mit der Antwort."""
    concern = section.position.concern
    row = next(r for r in queries.answer_state(concern).rows if r.section.pk == section.pk)
    if row.answer is None or concern.ministry is None:
        raise Problem(409, _("Bitte beantworten Sie zuerst den Abschnitt."))
    commitment = services.make_commitment(
        actor=request.user,
        mandate=_mandate(request, concern),
        organisation=concern.ministry,
        answer=row.answer,
        what=data.what,
        who=data.who,
        due_on=data.due_on,
        sign=data.sign,
        milestones=[(step.title, step.due_on) for step in data.milestones],
    )
    return Status(201, commitment_out(commitment))


@router.delete(
    "/concerns/{slug}/answer-draft/commitments/{int:number}",
    response={204: None},
    summary=gettext_noop("Eine Zusage vor der Veröffentlichung entfernen"),
)
@guarded(
    "forum.draft_answer",
    queries.get_drafted_commitment,
    about=lambda commitment: commitment.answer.answer.concern,
    scope=Scope.CONTRIBUTE,
)
def remove_commitment(request: PersonRequest, commitment: Commitment) -> "Status[None]":
    """Danach steht sie fest."""
    concern = commitment.answer.answer.concern if commitment.answer else None
    assert concern is not None  # noqa: S101  the finder looks for such only
    services.remove_commitment(
        actor=request.user, mandate=_mandate(request, concern), commitment=commitment
    )
    return Status(204, None)


@router.put(
    "/concerns/{slug}/answer-draft/summary",
    response=AnswerOut,
    summary=gettext_noop("Die Kurzfassung schreiben"),
)
@guarded("forum.draft_answer", queries.get_answered_concern, scope=Scope.CONTRIBUTE)
def write_summary(request: PersonRequest, concern: Concern, data: SummaryIn) -> dict[str, Any]:
    """Die Antwort in drei Sätzen."""
    services.write_summary(
        actor=request.user,
        mandate=_mandate(request, concern),
        concern=concern,
        summary=data.summary,
        seen=data.edition,
    )
    return _answer(concern)


@router.post(
    "/concerns/{slug}/answer",
    response={201: AnswerOut},
    summary=gettext_noop("Die Antwort veröffentlichen"),
)
@guarded("forum.publish_answer", queries.get_answered_concern, scope=Scope.RELEASE)
def publish_answer(
    request: PersonRequest, concern: Concern, data: PublishIn
) -> "Status[dict[str, Any]]":
    """Sobald jeder Abschnitt beantwortet ist und die Kurzfassung dasteht."""
    assert concern.ministry is not None  # noqa: S101  the rule has asked for it
    mandate = mandates_with(Right.RELEASE, request.user, concern.ministry)[0]
    services.publish_answer(actor=request.user, mandate=mandate, concern=concern, seen=data.edition)
    return Status(201, _answer(concern))
