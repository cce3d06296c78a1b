"""Votes of municipalities, voting, and what the opinion map says."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
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
from allmende.registry.api import AGS_WORDS, Ags, in_area

from .. import queries, services
from ..models import Concern, Draft, Stand, Voices, Vote
from ..results import queries as result_queries
from ..results.published import published
from ..results.reader import Reader
from .concerns import DraftOut, draft_out
from .parts import voice_among

router = Router(tags=[gettext_noop("Stimmen")])

VoicesKey = as_choice(Voices)
STANDS = {"agree": Stand.AGREE, "disagree": Stand.DISAGREE, "pass": Stand.PASS}
WORDS = {stand.value: word for word, stand in STANDS.items()}
StandKey = Annotated[str, StringConstraints(pattern="^(agree|disagree|pass)$")]


class VoteOut(Schema):
    """Where a municipality stands on a statement."""

    statement: int
    ars: str
    ags: str
    name: str
    stand: StandKey
    level: str = Field(
        description=gettext_noop("Wer dahinter steht: administration, mayor, committee, council")
    )
    answered_by: str | None = Field(description=gettext_noop("Wer in Vollmacht geantwortet hat"))
    cast_at: datetime


class VoteFilter(Paging, Times):
    """Which votes."""

    ags: Ags | None = Field(None, description=AGS_WORDS)
    statement: int | None = Field(
        None, ge=1, le=10**15, description=gettext_noop("Nummer einer Aussage")
    )


class VoteIn(Schema):
    """A stand on a statement."""

    statement: int = Field(ge=1, le=10**15)
    stand: StandKey = Field(description=gettext_noop("agree, disagree oder pass"))
    voice: Text | None = Field(
        None,
        description=gettext_noop(
            "Für wen: ARS der Kommune oder „persoenlich“; kann fehlen, wo es eine ist"
        ),
    )


class CastOut(Schema):
    """A vote that holds now."""

    statement: int
    voice: str
    stand: StandKey
    cast_at: datetime


def _vote(vote: Vote) -> dict[str, Any]:
    region = vote.participant.region
    assert region is not None  # noqa: S101  an official voice is a municipality's
    return {
        "statement": vote.statement_id,
        "ars": region.ars,
        "ags": region.ags,
        "name": region.name,
        "stand": WORDS[vote.stand],
        "level": vote.level,
        "answered_by": vote.answered_by.name if vote.answered_by else None,
        "cast_at": vote.cast_at,
    }


@router.get(
    "/concerns/{slug}/votes", response=PageOf[VoteOut], summary=gettext_noop("Stimmen der Kommunen")
)
@guarded("forum.view_voices", queries.get_concern)
def list_votes(request: ApiRequest, concern: Concern, filters: Query[VoteFilter]) -> dict[str, Any]:
    """Amtliche Stimmen sind öffentlich, bei vertraulichen Anliegen nach der Frist. Persönliche nie."""
    votes = result_queries.accepted_votes(concern_id=concern.pk, voices=Voices.OFFICIAL).filter(
        in_area(filters.ags, "participant__region__"), since_until("cast_at", filters)
    )
    if filters.statement:
        votes = votes.filter(statement=filters.statement)
    rows = votes.select_related("participant__region", "answered_by")
    return page_of(request, rows, filters, _vote)


@router.post(
    "/concerns/{slug}/votes",
    response={200: CastOut, 202: DraftOut},
    summary=gettext_noop("Abstimmen"),
)
@guarded("forum.take_part", queries.get_concern, scope=Scope.VOTE)
def cast_vote(request: PersonRequest, concern: Concern, data: VoteIn) -> Any:
    """Ersetzt eine frühere Stimme. 202, wo sie erst noch freigegeben wird."""
    voice = voice_among(queries.voices_of(user=request.user, concern=concern), data.voice)
    statement = concern.statements.filter(pk=data.statement).first()
    if statement is None:
        raise Problem(422, _("Diese Aussage gehört nicht zu diesem Anliegen."))
    participant = services.join_concern(concern=concern, voice=voice)
    cast = services.cast_vote(
        actor=request.user,
        participant=participant,
        mandate=voice.mandate,
        statement=statement,
        stand=STANDS[data.stand],
    )
    if isinstance(cast, Draft):
        return draft_out(cast)
    return {
        "statement": cast.statement_id,
        "voice": voice.key,
        "stand": WORDS[cast.stand],
        "cast_at": cast.cast_at,
    }


class ResultFilter(Schema):
    """Whose voices."""

    voices: VoicesKey = Field(  # type: ignore[valid-type]
        Voices.OFFICIAL.value,
        description=gettext_noop("Kommunen oder persönliche Meinungen, nie beides zusammen"),
    )


@router.get(
    "/concerns/{slug}/result", response=dict[str, Any], summary=gettext_noop("Das Ergebnis")
)
@guarded("forum.view_result", queries.get_concern)
def show_result(
    request: ApiRequest, concern: Concern, filters: Query[ResultFilter]
) -> dict[str, Any]:
    """Wie ergebnis.json auf der Seite: was eint, was trennt, mit Intervallen. 404, solange es keines gibt."""
    voices = Voices(filters.voices)
    result = result_queries.get_result(concern=concern, voices=voices)
    if result is None or not result.is_there:
        raise Http404
    reader = Reader(concern=concern, voices=voices, result=result, user=request.user)
    if reader.is_too_small:
        raise Http404
    return published(reader)
