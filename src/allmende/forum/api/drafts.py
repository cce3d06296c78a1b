"""Four eyes: what waits for a release is released, returned with a reason, or taken back."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, PageOf, Paging, Problem, Schema, Text, guarded, page_of
from allmende.portal.api.guards import PersonRequest
from allmende.registry.models import Mandate, Right

from .. import queries, services
from ..models import Concern, Draft
from .parts import voice_among
from .votes import WORDS, StandKey

router = Router(tags=[gettext_noop("Freigaben")])

VOICE_WORDS = gettext_noop("Für wen: ARS der Kommune; kann fehlen, wo es eine ist")


class WaitingOut(Schema):
    """A vote, a statement or an opening that counts once somebody releases it."""

    id: int
    kind: str = Field(description=gettext_noop("vote, statement oder opening"))
    statement: int | None = Field(
        description=gettext_noop("Nummer der Aussage, über die abgestimmt wird")
    )
    stand: StandKey | None
    text: str
    office: str = Field(description=gettext_noop("In welchem Amt sie entworfen ist"))
    drafted_at: datetime


class WaitingFilter(Paging):
    """For whom."""

    voice: Text | None = Field(None, max_length=100, description=VOICE_WORDS)


class ReleaseIn(Schema):
    """Which drafts."""

    drafts: list[Annotated[int, Field(ge=1, le=10**15)]] = Field(min_length=1, max_length=1_000)
    voice: Text | None = Field(None, max_length=100, description=VOICE_WORDS)


class ReturnIn(ReleaseIn):
    """Which drafts, and why."""

    reason: Annotated[Text, StringConstraints(min_length=1, max_length=1_000)] = Field(
        description=gettext_noop("Liest, wer sie geschrieben hat")
    )


class LeftOut(Schema):
    """Drafts about which nothing could be decided."""

    drafts: int
    reason: str


class DecidedOut(Schema):
    """What became of drafts."""

    done: int
    left: list[LeftOut]


def _waiting(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "kind": draft.kind,
        "statement": draft.statement_id,
        "stand": None if draft.stand is None else WORDS[draft.stand],
        "text": draft.text,
        "office": draft.mandate.get_office_display(),
        "drafted_at": draft.drafted_at,
    }


def _mandate(request: ApiRequest, concern: Concern, voice: str | None) -> Mandate:
    voices = queries.official_voices(user=request.user, concern=concern, rights=(Right.RELEASE,))
    mandate = voice_among(voices, voice).mandate
    assert mandate is not None  # noqa: S101  an official voice has one
    return mandate


def _chosen(concern: Concern, mandate: Mandate, data: ReleaseIn) -> list[Draft]:
    """The drafts that are meant. Raises ``Problem`` where one is not the organisation's."""
    found = concern.drafts.filter(organisation=mandate.organisation_id, pk__in=data.drafts)
    drafts = list(found)
    if missing := sorted(set(data.drafts) - {draft.pk for draft in drafts}):
        raise Problem(
            422,
            _("Diese Entwürfe gibt es hier nicht: %(numbers)s.")
            % {"numbers": ", ".join(str(number) for number in missing)},
        )
    return drafts


def _decided(decided: services.Decided) -> dict[str, Any]:
    left = [{"drafts": count, "reason": sentence} for sentence, count in decided.left]
    return {"done": decided.done, "left": left}


@router.get(
    "/concerns/{slug}/drafts",
    response=PageOf[WaitingOut],
    summary=gettext_noop("Was auf Freigabe wartet"),
)
@guarded("forum.release_drafts", queries.get_concern)
def list_drafts(
    request: ApiRequest, concern: Concern, filters: Query[WaitingFilter]
) -> dict[str, Any]:
    """In einer Kommune, für die Sie freigeben."""
    mandate = _mandate(request, concern, filters.voice)
    drafts = queries.drafts_to_release(concern=concern, mandate=mandate)
    return page_of(request, drafts, filters, _waiting)


@router.post(
    "/concerns/{slug}/drafts/release", response=DecidedOut, summary=gettext_noop("Freigeben")
)
@guarded("forum.release_drafts", queries.get_concern, scope=Scope.RELEASE)
def release_drafts(request: PersonRequest, concern: Concern, data: ReleaseIn) -> dict[str, Any]:
    """Was nicht mehr geht, bleibt liegen, mit dem Grund. Geht nichts mehr, kommt 409."""
    mandate = _mandate(request, concern, data.voice)
    return _decided(
        services.release_drafts(
            actor=request.user,
            concern=concern,
            drafts=_chosen(concern, mandate, data),
            mandate=mandate,
        )
    )


@router.post(
    "/concerns/{slug}/drafts/return", response=DecidedOut, summary=gettext_noop("Zurückgeben")
)
@guarded("forum.release_drafts", queries.get_concern, scope=Scope.RELEASE)
def return_drafts(request: PersonRequest, concern: Concern, data: ReturnIn) -> dict[str, Any]:
    """Mit einer Begründung für alle, die sie geschrieben haben."""
    mandate = _mandate(request, concern, data.voice)
    return _decided(
        services.return_drafts(
            actor=request.user,
            concern=concern,
            drafts=_chosen(concern, mandate, data),
            reason=data.reason,
            mandate=mandate,
        )
    )


@router.delete(
    "/concerns/{slug}/drafts/{int:number}",
    response={204: None},
    summary=gettext_noop("Einen Entwurf zurückziehen"),
)
@guarded("forum.change_draft", queries.get_draft, scope=Scope.CONTRIBUTE)
def withdraw_draft(request: PersonRequest, draft: Draft) -> "Status[None]":
    """Solange niemand ihn freigegeben hat."""
    mandate = queries.mandate_of(request.user, draft)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    services.withdraw_draft(actor=request.user, draft=draft, mandate=mandate)
    return Status(204, None)
