"""Answering for members (in Vollmacht), and what a member does about answers given for it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import Field

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, PageOf, Paging, Problem, Schema, Text, guarded, page_of
from allmende.portal.api.guards import PersonRequest
from allmende.registry.models import Region

from .. import queries, services
from ..models import Concern
from .parts import voice_among
from .votes import STANDS, StandKey

router = Router(tags=[gettext_noop("Vollmacht")])


class MemberOut(Schema):
    """A municipality that lets somebody answer here, and who has answered how much."""

    ars: str
    name: str
    own_votes: int = Field(description=gettext_noop("So viele Aussagen hat sie selbst beantwortet"))
    votes_by_agent: int = Field(description=gettext_noop("So viele sind für sie beantwortet"))


class AgentFilter(Paging):
    """For which organisation."""

    voice: Text | None = Field(
        None,
        max_length=100,
        description=gettext_noop("Kurzname der Organisation, für die Sie antworten"),
    )


class MemberVoteIn(Schema):
    """A stand for all members together or for one."""

    statement: int = Field(ge=1, le=10**15)
    stand: StandKey = Field(description=gettext_noop("agree, disagree oder pass"))
    voice: Text | None = Field(
        None,
        max_length=100,
        description=gettext_noop(
            "Kurzname der Organisation; für ein Mitglied allein mit „.“ und dessen ARS"
        ),
    )


class StoredOut(Schema):
    """For how many members it counts."""

    stored: int
    own: int = Field(description=gettext_noop("So viele haben selbst geantwortet; das bleibt"))
    others: int = Field(
        description=gettext_noop("Für so viele hat schon jemand anderes geantwortet; das bleibt")
    )


class WhoseIn(Schema):
    """For which municipality."""

    voice: Text | None = Field(
        None,
        max_length=100,
        description=gettext_noop("ARS der Kommune; kann fehlen, wo es eine ist"),
    )


class CountOut(Schema):
    """How many answers."""

    answers: int


def _agent_voice(request: ApiRequest, concern: Concern, key: str | None) -> queries.Voice:
    """Raises ``Problem`` where nobody has given her power here (any more)."""
    voice = queries.agent_voice(user=request.user, concern=concern, key=key or "")
    if voice is None or voice.agent is None:
        raise Problem(409, str(services.REVOKED))
    return voice


def _member(region: Region) -> dict[str, Any]:
    return {
        "ars": region.ars,
        "name": region.name,
        "own_votes": region.own_votes,  # type: ignore[attr-defined]
        "votes_by_agent": region.votes_by_agent,  # type: ignore[attr-defined]
    }


@router.get(
    "/concerns/{slug}/members",
    response=PageOf[MemberOut],
    summary=gettext_noop("Für wen Sie antworten dürfen"),
)
@guarded("forum.answer_for_members", queries.get_concern)
def list_members(
    request: ApiRequest, concern: Concern, filters: Query[AgentFilter]
) -> dict[str, Any]:
    """Kommunen, die Ihrer Organisation im Themenfeld des Anliegens eine Vollmacht erteilt haben."""
    agent = _agent_voice(request, concern, filters.voice).agent
    assert agent is not None  # noqa: S101  asked above
    members = queries.with_answers(queries.members_in(concern, agent), concern=concern, agent=agent)
    return page_of(request, members, filters, _member)


@router.post(
    "/concerns/{slug}/member-votes",
    response=StoredOut,
    summary=gettext_noop("Für Mitglieder antworten"),
)
@guarded("forum.answer_for_members", queries.get_concern, scope=Scope.VOTE)
def answer_for_members(
    request: PersonRequest, concern: Concern, data: MemberVoteIn
) -> dict[str, Any]:
    """Für alle zusammen oder für eines. Was ein Mitglied selbst gesagt hat, bleibt."""
    statement = concern.statements.filter(pk=data.statement).first()
    if statement is None:
        raise Problem(422, _("Diese Aussage gehört nicht zu diesem Anliegen."))
    stored = services.answer_for_members(
        actor=request.user,
        voice=_agent_voice(request, concern, data.voice),
        statement=statement,
        stand=STANDS[data.stand],
    )
    return {"stored": stored.stored, "own": stored.own, "others": stored.others}


@router.post(
    "/concerns/{slug}/member-votes/take-over",
    response=CountOut,
    summary=gettext_noop("Was für Ihre Kommune geantwortet wurde, übernehmen"),
)
@guarded("forum.take_part", queries.get_concern, scope=Scope.VOTE)
def take_over(request: PersonRequest, concern: Concern, data: WhoseIn) -> dict[str, Any]:
    """Danach sind es ihre eigenen Stimmen."""
    return _decide(request, concern, data, services.take_over_answers)


@router.post(
    "/concerns/{slug}/member-votes/withdraw",
    response=CountOut,
    summary=gettext_noop("Was für Ihre Kommune geantwortet wurde, zurückziehen"),
)
@guarded("forum.take_part", queries.get_concern, scope=Scope.VOTE)
def withdraw(request: PersonRequest, concern: Concern, data: WhoseIn) -> dict[str, Any]:
    """Danach zählt dazu keine Stimme von ihr."""
    return _decide(request, concern, data, services.withdraw_answers)


def _decide(
    request: PersonRequest, concern: Concern, data: WhoseIn, decide: services.DecideOnAnswers
) -> dict[str, Any]:
    voices = queries.official_voices(user=request.user, concern=concern)
    voice = voice_among(voices, data.voice)
    participant = queries.participant_of(concern=concern, voice=voice)
    if participant is None or voice.mandate is None:
        raise Problem(409, _("Für diese Kommune hat hier niemand geantwortet."))
    return {"answers": decide(actor=request.user, participant=participant, mandate=voice.mandate)}
