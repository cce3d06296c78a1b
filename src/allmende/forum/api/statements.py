"""Statements: reading them with their tallies, writing them, deciding on them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from django.db.models import Count
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
    PageOf,
    Paging,
    Schema,
    Text,
    as_choice,
    checked,
    guarded,
    page_of,
    since_until,
)
from allmende.portal.api.guards import PersonRequest
from allmende.portal.api.pages import Times

from .. import queries, services
from ..forms import DecisionForm, StatementForm
from ..models import Concern, Draft, Stand, Statement, StatementState, Voices, Vote
from .concerns import DraftOut, draft_out
from .parts import voice_among

router = Router(tags=[gettext_noop("Aussagen")])

StatementStateKey = as_choice(StatementState)


class TallyOut(Schema):
    """How municipalities stand to a statement."""

    agree: int
    disagree: int
    passed: int


class StatementOut(Schema):
    """One sentence that others can agree or disagree with."""

    id: int
    concern: str
    text: str
    state: StatementStateKey  # type: ignore[valid-type]
    size_class: int | None = Field(
        description=gettext_noop(
            "Größe der Kommune, die sie geschrieben hat: 1 (ab 500.000) bis 7 (unter 5.000)"
        )
    )
    author: str | None = Field(
        description=gettext_noop(
            "Diese Kommune: nur für sie selbst und für die, die prüft; sonst null"
        )
    )
    level: str
    created_at: datetime
    tally: TallyOut | None = Field(
        description=gettext_noop("Stimmen der Kommunen; null, solange sie vertraulich sind")
    )


class StatementFilter(Paging, Times):
    """Which statements."""


class StatementIn(Schema):
    """A new statement."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=280)]
    voice: Text | None = Field(
        None,
        description=gettext_noop(
            "Für wen: ARS der Kommune oder „persoenlich“; kann fehlen, wo es eine ist"
        ),
    )


class DecisionIn(Schema):
    """What becomes of a statement."""

    state: StatementStateKey  # type: ignore[valid-type]
    reason: Annotated[Text, StringConstraints(max_length=1_000)] = ""
    duplicate_of: int | None = None
    seen_state: StatementStateKey = Field(  # type: ignore[valid-type]
        StatementState.PENDING.value, description=gettext_noop("Der Stand, den Sie gesehen haben")
    )


def tallies(concern: Concern, statements: Iterable[int]) -> dict[int, Counter[int]]:
    """Official votes by statement and stand; nothing while it is confidential who voted how."""
    if concern.hides_voices:
        return {}
    counted: dict[int, Counter[int]] = {number: Counter() for number in statements}
    rows = (
        Vote.objects.filter(statement__in=list(counted), participant__voices=Voices.OFFICIAL)
        .order_by()
        .values_list("statement", "stand")
        .annotate(n=Count("pk"))
    )
    for number, stand, n in rows:
        counted[number][stand] = n
    return counted


def statement_out(
    statement: Statement, tally: Counter[int] | None, *, names_author: bool = False
) -> dict[str, Any]:
    """A statement as a document; reads ``author__region`` and ``concern``.

    It is voted on for what it says: as on pages, only who wrote it and who decides on it learn from whom
    it is.
    """
    region = statement.author.region if statement.author else None
    return {
        "id": statement.pk,
        "concern": statement.concern.slug,
        "text": statement.text,
        "state": statement.state,
        "size_class": region.size_class if region else None,
        "author": region.name if region and names_author else None,
        "level": statement.level,
        "created_at": statement.created_at,
        "tally": None
        if tally is None
        else {
            "agree": tally[Stand.AGREE],
            "disagree": tally[Stand.DISAGREE],
            "passed": tally[Stand.PASS],
        },
    }


def _one(statement: Statement) -> dict[str, Any]:
    """One that its author or who decides on it has asked for."""
    found = tallies(statement.concern, [statement.pk])
    return statement_out(statement, found.get(statement.pk), names_author=True)


@router.get(
    "/concerns/{slug}/statements",
    response=PageOf[StatementOut],
    summary=gettext_noop("Aussagen eines Anliegens"),
)
@guarded("forum.view_concern", queries.get_concern)
def list_statements(
    request: ApiRequest, concern: Concern, filters: Query[StatementFilter]
) -> dict[str, Any]:
    """Alle angenommenen, mit den Stimmen der Kommunen."""
    rows = concern.statements.filter(
        since_until("created_at", filters), state=StatementState.ACCEPTED
    ).select_related("author__region", "concern")
    page = page_of(request, rows, filters, lambda row: row)
    found = tallies(concern, [row.pk for row in page["items"]])
    page["items"] = [statement_out(row, found.get(row.pk)) for row in page["items"]]
    return page


@router.post(
    "/concerns/{slug}/statements",
    response={201: StatementOut, 202: DraftOut},
    summary=gettext_noop("Eine Aussage schreiben"),
)
@guarded("forum.add_statement", queries.get_concern, scope=Scope.CONTRIBUTE)
def add_statement(request: PersonRequest, concern: Concern, data: StatementIn) -> Any:
    """202, wo sie erst noch freigegeben wird. Was andere schreiben, prüft zuerst die einbringende Kommune."""
    voices = queries.voices_of(user=request.user, concern=concern, rights=queries.WRITES)
    voice = voice_among(voices, data.voice)
    values = checked(StatementForm({"text": data.text}))
    author = services.join_concern(concern=concern, voice=voice)
    added = services.add_statement(
        actor=request.user, concern=concern, author=author, mandate=voice.mandate, **values
    )
    return draft_out(added) if isinstance(added, Draft) else Status(201, _one(added))


@router.get(
    "/concerns/{slug}/statements/waiting",
    response=PageOf[StatementOut],
    summary=gettext_noop("Aussagen, die auf Prüfung warten"),
)
@guarded("forum.moderate_concern", queries.get_concern)
def list_waiting(request: ApiRequest, concern: Concern, filters: Query[Paging]) -> dict[str, Any]:
    """Für die Kommune, die das Anliegen eingebracht hat."""
    rows = queries.statements_to_moderate(concern).select_related("author__region", "concern")
    return page_of(request, rows, filters, lambda row: statement_out(row, None, names_author=True))


@router.post(
    "/concerns/{slug}/statements/{int:number}/decision",
    response=StatementOut,
    summary=gettext_noop("Über eine Aussage entscheiden"),
)
@guarded(
    "forum.moderate_concern",
    queries.get_statement,
    about=attrgetter("concern"),
    scope=Scope.VOTE,
)
def decide_statement(
    request: PersonRequest, statement: Statement, data: DecisionIn
) -> dict[str, Any]:
    """Annehmen, ablehnen, oder sagen, welche dasselbe sagt."""
    values = checked(DecisionForm(data.dict(), statement=statement))
    mandate = queries.mandate_for(request.user, statement.concern.owner_id, *queries.VOTES)
    decided = services.decide_statement(
        actor=request.user, statement=statement, mandate=mandate, **values
    )
    return _one(decided)
