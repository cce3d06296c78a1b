"""What a sitting is to talk about: its host orders it, members propose points."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, PageOf, Paging, Problem, Schema, Text, guarded, page_of
from allmende.portal.api.guards import PersonRequest
from allmende.registry.api import OrganisationShort, organisation_short

from ..models import AgendaItem, Concern, ItemState, Sitting
from ..queries import sittings as queries
from ..services import sittings as services
from .parts import mandate_among
from .sittings import ItemOut, item_out
from .way import Slug

router = Router(tags=[gettext_noop("Sitzungen")])

Words = Annotated[Text, StringConstraints(max_length=300)]
Reason = Annotated[Text, StringConstraints(max_length=500)]


class ItemIn(Schema):
    """A concern or a free point."""

    concern: Slug | None = None
    title: Words = Field(
        "", description=gettext_noop("Ein freier Punkt, wenn es kein Anliegen ist")
    )


class ProposalIn(ItemIn):
    """The same as a member's wish."""

    why: Annotated[Text, StringConstraints(min_length=1, max_length=500)]
    organisation: Slug | None = Field(
        None, description=gettext_noop("Kurzname; kann fehlen, wo Sie nur für eine sprechen")
    )


class ProposalOut(Schema):
    """What a member wants to talk about."""

    id: int
    title: str
    concern: str | None
    proposer: OrganisationShort | None
    why: str


class ProposalDecision(Schema):
    """Whether it is taken onto the agenda."""

    accept: bool
    reason: Reason = Field(
        "", description=gettext_noop("Nötig, wenn nicht; liest, wer es vorschlug")
    )


class ItemMove(Schema):
    """Where a point goes."""

    up: bool = Field(description=gettext_noop("Vor den Punkt darüber; sonst hinter den darunter"))
    place: int = Field(
        ge=1, le=10_000, description=gettext_noop("Der Platz, den Sie gelesen haben")
    )


def _point(sitting: Sitting, data: ItemIn) -> tuple[str, Concern | None]:
    """Title and concern that are meant. Raises ``Problem`` where there is neither."""
    if data.concern is None:
        if not data.title:
            raise Problem(422, _("Bitte nennen Sie ein Anliegen oder einen freien Punkt."))
        return data.title, None
    public = queries.public_concerns().filter(is_example=sitting.series.is_example)
    concern = public.filter(slug=data.concern).first()
    if concern is None:
        raise Problem(
            422,
            _("Dieses Anliegen kann nicht auf der Tagesordnung stehen: Sie ist öffentlich."),
            errors=[{"field": "concern", "detail": _("Kein öffentliches Anliegen heißt so.")}],
        )
    return "", concern


def _proposal(item: AgendaItem) -> dict[str, Any]:
    return {
        "id": item.pk,
        "title": item.title,
        "concern": item.concern.slug if item.concern else None,
        "proposer": organisation_short(item.proposer) if item.proposer else None,
        "why": item.why,
    }


def _agenda(sitting: Sitting) -> list[dict[str, Any]]:
    items = sitting.agenda.filter(state=ItemState.ACCEPTED).select_related("concern")
    return [item_out(item, told=False) for item in items]


@router.post(
    "/sittings/{int:number}/agenda",
    response={201: list[ItemOut]},
    summary=gettext_noop("Einen Punkt auf die Tagesordnung nehmen"),
)
@guarded("forum.change_agenda", queries.get_sitting, scope=Scope.RELEASE)
def add_item(
    request: PersonRequest, sitting: Sitting, data: ItemIn
) -> "Status[list[dict[str, Any]]]":
    """Als letzten."""
    title, concern = _point(sitting, data)
    services.add_item(
        actor=request.user,
        mandate=queries.running_mandate(request.user, sitting.series),
        sitting=sitting,
        title=title,
        concern=concern,
    )
    return Status(201, _agenda(sitting))


@router.post(
    "/agenda-items/{int:number}/move",
    response=list[ItemOut],
    summary=gettext_noop("Einen Punkt verschieben"),
)
@guarded("forum.change_agenda", queries.get_item, scope=Scope.RELEASE)
def move_item(request: PersonRequest, item: AgendaItem, data: ItemMove) -> list[dict[str, Any]]:
    """Um einen Platz. Am Rand bleibt er, wo er ist; steht er schon woanders, kommt 409."""
    services.move_item(
        actor=request.user,
        mandate=queries.running_mandate(request.user, item.sitting.series),
        item=item,
        seen=data.place,
        up=data.up,
    )
    return _agenda(item.sitting)


@router.delete(
    "/agenda-items/{int:number}",
    response=list[ItemOut],
    summary=gettext_noop("Einen Punkt von der Tagesordnung nehmen"),
)
@guarded("forum.change_agenda", queries.get_item, scope=Scope.RELEASE)
def remove_item(request: PersonRequest, item: AgendaItem) -> list[dict[str, Any]]:
    """Solange nichts dazu im Protokoll steht."""
    services.remove_item(
        actor=request.user,
        mandate=queries.running_mandate(request.user, item.sitting.series),
        item=item,
    )
    return _agenda(item.sitting)


@router.post(
    "/sittings/{int:number}/proposals",
    response={201: ProposalOut},
    summary=gettext_noop("Einen Punkt vorschlagen"),
)
@guarded("forum.propose_item", queries.get_sitting, scope=Scope.VOTE)
def propose_item(
    request: PersonRequest, sitting: Sitting, data: ProposalIn
) -> "Status[dict[str, Any]]":
    """Für ein Mitglied; wer einlädt, entscheidet."""
    title, concern = _point(sitting, data)
    mandates = queries.proposing_mandates(request.user, sitting.series)
    item = services.propose_item(
        actor=request.user,
        mandate=mandate_among(mandates, data.organisation),
        sitting=sitting,
        title=title,
        why=data.why,
        concern=concern,
    )
    return Status(201, _proposal(item))


@router.get(
    "/sittings/{int:number}/proposals",
    response=PageOf[ProposalOut],
    summary=gettext_noop("Vorschläge, über die zu entscheiden ist"),
)
@guarded("forum.change_agenda", queries.get_sitting)
def list_proposals(request: ApiRequest, sitting: Sitting, filters: Query[Paging]) -> dict[str, Any]:
    """Für die Organisation, die einlädt."""
    rows = queries.proposals_of(sitting).select_related("concern", "proposer__region")
    return page_of(request, rows, filters, _proposal)


@router.post(
    "/agenda-items/{int:number}/decision",
    response=list[ItemOut],
    summary=gettext_noop("Über einen Vorschlag entscheiden"),
)
@guarded("forum.change_agenda", queries.get_item, scope=Scope.RELEASE)
def decide_item(
    request: PersonRequest, item: AgendaItem, data: ProposalDecision
) -> list[dict[str, Any]]:
    """Aufnehmen, oder mit Begründung ablehnen."""
    if not data.accept and not data.reason:
        raise Problem(
            422,
            _("Bitte begründen Sie, warum der Punkt nicht aufgenommen wird."),
            errors=[{"field": "reason", "detail": _("Diese Angabe fehlt.")}],
        )
    services.decide_item(
        actor=request.user,
        mandate=queries.running_mandate(request.user, item.sitting.series),
        item=item,
        accept=data.accept,
        reason=data.reason,
    )
    return _agenda(item.sitting)
