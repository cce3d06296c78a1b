"""Co-signing a concern, and its end: closed, or going on in another one."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
    PageOf,
    Paging,
    Problem,
    Schema,
    guarded,
    page_of,
    since_until,
)
from allmende.portal.api.guards import PersonRequest
from allmende.portal.api.pages import Times
from allmende.registry.api import AGS_WORDS, Ags, OrganisationShort, in_area, organisation_short

from .. import queries, services
from ..models import Concern, ConcernState, Support
from .concerns import ConcernOut, ReasonIn, as_it_is
from .parts import mandate_among, own_mandate, without_release

router = Router(tags=[gettext_noop("Mitzeichnung und Ende")])

Slug = Annotated[str, StringConstraints(pattern=r"^[-A-Za-z0-9_]{1,80}$")]


class SupportOut(Schema):
    """An organisation wants an answer to a concern."""

    organisation: OrganisationShort
    office: str
    signed_at: datetime


class SupportFilter(Paging, Times):
    """Which supports."""

    ags: Ags | None = Field(None, description=AGS_WORDS)


class QuorumOut(Schema):
    """How far a concern is from being sent to the ministry."""

    municipalities: int
    laender: int
    associations: int
    needed_municipalities: int
    needed_laender: int
    needed_associations: int
    is_reached: bool
    reached_at: datetime | None


class ForWhom(Schema):
    """For which organisation somebody speaks."""

    organisation: Slug | None = Field(
        None, description=gettext_noop("Kurzname; kann fehlen, wo Sie nur für eine sprechen")
    )


def support_out(support: Support) -> dict[str, Any]:
    """A support as a document."""
    return {
        "organisation": organisation_short(support.organisation),
        "office": support.mandate.get_office_display() if support.mandate else "",
        "signed_at": support.signed_at,
    }


@router.get(
    "/concerns/{slug}/supports",
    response=PageOf[SupportOut],
    summary=gettext_noop("Wer mitgezeichnet hat"),
)
@guarded("forum.view_supports", queries.get_concern)
def list_supports(
    request: ApiRequest, concern: Concern, filters: Query[SupportFilter]
) -> dict[str, Any]:
    """Kommunen und Verbände; zurückgezogene Mitzeichnungen nicht."""
    rows = queries.supports_of(concern).filter(
        in_area(filters.ags, "organisation__region__"), since_until("signed_at", filters)
    )
    return page_of(request, rows, filters, support_out)


@router.get(
    "/concerns/{slug}/quorum", response=QuorumOut, summary=gettext_noop("Wie weit bis zum Quorum")
)
@guarded("forum.view_supports", queries.get_concern)
def show_quorum(request: ApiRequest, concern: Concern) -> dict[str, Any]:
    """Was die Regeln der Allianz verlangen, und was davon erreicht ist."""
    quorum = queries.quorum_of(concern)
    return {
        "municipalities": quorum.municipalities,
        "laender": quorum.laender,
        "associations": quorum.associations,
        "needed_municipalities": quorum.terms.quorum_municipalities,
        "needed_laender": quorum.terms.quorum_laender,
        "needed_associations": quorum.terms.quorum_associations,
        "is_reached": quorum.is_reached,
        "reached_at": concern.quorum_at,
    }


@router.post(
    "/concerns/{slug}/supports", response={201: SupportOut}, summary=gettext_noop("Mitzeichnen")
)
@guarded("forum.support_concern", queries.get_concern, scope=Scope.VOTE)
def sign_concern(
    request: PersonRequest, concern: Concern, data: ForWhom
) -> "Status[dict[str, Any]]":
    """Wo vier Augen gelten, nur mit dem Bereich „freigeben“."""
    user = request.user
    free = without_release(user, queries.signing_mandates(user, concern))
    mandate = mandate_among(free, data.organisation)
    support = services.sign_concern(actor=user, mandate=mandate, concern=concern)
    return Status(201, support_out(support))


@router.delete(
    "/concerns/{slug}/supports/{organisation}",
    response={204: None},
    summary=gettext_noop("Eine Mitzeichnung zurückziehen"),
)
@guarded(
    "forum.support_concern", lambda slug, organisation: queries.get_concern(slug), scope=Scope.VOTE
)
def withdraw_support(request: PersonRequest, concern: Concern) -> "Status[None]":
    """Bis das Anliegen beim Ministerium ist."""
    user = request.user
    mandate = own_mandate(request, without_release(user, queries.signing_mandates(user, concern)))
    services.withdraw_support(actor=user, mandate=mandate, concern=concern)
    return Status(204, None)


@router.post(
    "/concerns/{slug}/finish", response=ConcernOut, summary=gettext_noop("Ein Anliegen abschließen")
)
@guarded("forum.finish_concern", queries.get_concern, scope=Scope.VOTE)
def finish_concern(request: PersonRequest, concern: Concern, data: ReasonIn) -> dict[str, Any]:
    """Wenn es beantwortet ist, seine Zusagen erledigt sind oder niemand mehr eine Antwort will."""
    services.finish_concern(
        actor=request.user,
        concern=concern,
        reason=data.reason,
        since=ConcernState(concern.state),
        mandate=queries.mandate_for(request.user, concern.owner_id, *queries.VOTES),
    )
    return as_it_is(request, concern)


class MergeIn(ReasonIn):
    """Which concern goes on, and why."""

    into: Slug = Field(description=gettext_noop("Das offene Anliegen, in dem dieses weitergeht"))


@router.post(
    "/concerns/{slug}/merge",
    response=ConcernOut,
    summary=gettext_noop("Mit einem anderen Anliegen zusammenführen"),
)
@guarded("forum.merge_concern", queries.get_concern, scope=Scope.VOTE)
def merge_concern(request: PersonRequest, concern: Concern, data: MergeIn) -> dict[str, Any]:
    """Aussagen, Stimmen und Mitzeichnungen ziehen um. Geantwortet wird mit dem, das weitergeht."""
    into = queries.merge_targets(concern, user=request.user).filter(slug=data.into).first()
    if into is None:
        raise Problem(
            422,
            _("In diesem Anliegen kann Ihres nicht weitergehen. Bitte nennen Sie ein offenes."),
            errors=[{"field": "into", "detail": _("Dieses Anliegen passt nicht.")}],
        )
    services.merge_concern(
        actor=request.user,
        concern=concern,
        into=into,
        reason=data.reason,
        since=ConcernState(concern.state),
        mandate=queries.mandate_for(request.user, concern.owner_id, *queries.VOTES),
    )
    return as_it_is(request, into)
