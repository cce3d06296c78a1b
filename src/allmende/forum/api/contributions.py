"""The discussion."""

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
    Text,
    guarded,
    page_of,
    since_until,
)
from allmende.portal.api.guards import PersonRequest
from allmende.portal.api.pages import Times
from allmende.registry.api import OrganisationShort, organisation_short

from .. import queries, services
from ..models import Concern, Contribution, Statement, StatementState
from .parts import edition_seen
from .way import Slug

router = Router(tags=[gettext_noop("Beiträge")])


class ContributionOut(Schema):
    """What somebody says for an organisation."""

    id: int
    statement: int | None = Field(
        description=gettext_noop("Nummer der Aussage; null: zum Anliegen")
    )
    parent: int | None = Field(description=gettext_noop("Auf welchen Beitrag er antwortet"))
    organisation: OrganisationShort | None = Field(
        description=gettext_noop("null: eine persönliche Meinung, ohne Namen")
    )
    office: str
    text: str
    written_at: datetime
    edited_at: datetime | None
    edition: str = Field(description=gettext_noop("Bei Änderungen mitschicken"))


class ContributionFilter(Paging, Times):
    """Which contributions."""

    statement: int | None = Field(
        None, ge=1, le=10**15, description=gettext_noop("Nummer einer Aussage")
    )


class ContributionIn(Schema):
    """Something to say; files are attached on the page."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=3_000)]
    statement: int | None = Field(
        None, ge=1, le=10**15, description=gettext_noop("Zu dieser Aussage")
    )
    parent: int | None = Field(
        None, ge=1, le=10**15, description=gettext_noop("Als Antwort auf diesen Beitrag")
    )
    organisation: Slug | None = Field(
        None,
        description=gettext_noop("Kurzname oder „persoenlich“; kann fehlen, wo es nur eines gibt"),
    )


class ContributionChange(Schema):
    """What is said instead."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=3_000)]
    edition: Text | None = Field(None, description=gettext_noop("Wie gelesen; oder If-Match"))


def contribution_out(contribution: Contribution) -> dict[str, Any]:
    """A contribution as a document; never the name of a person."""
    organisation = contribution.organisation
    return {
        "id": contribution.pk,
        "statement": contribution.statement_id,
        "parent": contribution.parent_id,
        "organisation": organisation_short(organisation) if organisation else None,
        "office": contribution.mandate.get_office_display() if contribution.mandate else "",
        "text": contribution.text,
        "written_at": contribution.written_at,
        "edited_at": contribution.edited_at,
        "edition": contribution.edition,
    }


@router.get(
    "/concerns/{slug}/contributions",
    response=PageOf[ContributionOut],
    summary=gettext_noop("Beiträge"),
)
@guarded("forum.view_discussion", queries.get_concern)
def list_contributions(
    request: ApiRequest, concern: Concern, filters: Query[ContributionFilter]
) -> dict[str, Any]:
    """Zum Anliegen und zu seinen Aussagen; was entfernt wurde, nicht."""
    rows = (
        Contribution.objects.current()
        .filter(since_until("written_at", filters), concern=concern)
        .select_related("organisation__region", "mandate")
    )
    if filters.statement:
        rows = rows.filter(statement=filters.statement)
    return page_of(request, rows, filters, contribution_out)


@router.post(
    "/concerns/{slug}/contributions",
    response={201: ContributionOut},
    summary=gettext_noop("Etwas beitragen"),
)
@guarded("forum.contribute", queries.get_concern, scope=Scope.CONTRIBUTE)
def add_contribution(
    request: PersonRequest, concern: Concern, data: ContributionIn
) -> "Status[dict[str, Any]]":
    """Zum Anliegen, zu einer Aussage, oder als Antwort. Fünfzehn Minuten lang änderbar."""
    contribution = services.add_contribution(
        actor=request.user,
        mandate=_speaker(request, concern, data.organisation).mandate,
        concern=concern,
        text=data.text,
        statement=_statement(concern, data.statement),
        parent=_parent(concern, data.parent),
    )
    return Status(201, contribution_out(contribution))


@router.patch(
    "/concerns/{slug}/contributions/{int:number}",
    response=ContributionOut,
    summary=gettext_noop("Einen Beitrag ändern"),
)
@guarded("forum.change_contribution", queries.get_contribution, scope=Scope.CONTRIBUTE)
def change_contribution(
    request: PersonRequest, contribution: Contribution, data: ContributionChange
) -> dict[str, Any]:
    """Fünfzehn Minuten lang. Erwähnungen und Dateien bleiben, wie sie sind."""
    changed = services.change_contribution(
        actor=request.user,
        contribution=contribution,
        seen=edition_seen(request, data.edition, contribution.edition),
        text=data.text,
        mentions=list(contribution.mentions.all()),
        uploads=[each.upload for each in contribution.attachments.select_related("upload")],
    )
    return contribution_out(changed)


@router.delete(
    "/concerns/{slug}/contributions/{int:number}",
    response={204: None},
    summary=gettext_noop("Einen Beitrag zurücknehmen"),
)
@guarded("forum.change_contribution", queries.get_contribution, scope=Scope.CONTRIBUTE)
def take_back_contribution(request: PersonRequest, contribution: Contribution) -> "Status[None]":
    """Solange niemand geantwortet hat."""
    services.take_back_contribution(actor=request.user, contribution=contribution)
    return Status(204, None)


def _speaker(request: PersonRequest, concern: Concern, key: str | None) -> queries.Speaker:
    speakers = queries.speakers(user=request.user, concern=concern)
    found = {each.key: each for each in speakers}
    if key is None and len(found) == 1:
        return speakers[0]
    if key is None or key not in found:
        raise Problem(
            422,
            _("Bitte nennen Sie in „organisation“, für wen Sie sprechen: %(keys)s.")
            % {"keys": ", ".join(found)},
        )
    return found[key]


def _statement(concern: Concern, number: int | None) -> Statement | None:
    if number is None:
        return None
    found = concern.statements.filter(pk=number, state=StatementState.ACCEPTED).first()
    if found is None:
        raise Problem(422, _("Diese Aussage gehört nicht zu diesem Anliegen."))
    return found


def _parent(concern: Concern, number: int | None) -> Contribution | None:
    if number is None:
        return None
    found = Contribution.objects.current().filter(pk=number, concern=concern).first()
    if found is None:
        raise Problem(422, _("Diesen Beitrag gibt es hier nicht (mehr)."))
    return found
