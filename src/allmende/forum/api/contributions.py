"""The discussion."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from allmende.portal.api import ApiRequest, PageOf, Paging, Schema, guarded, page_of, since_until
from allmende.portal.api.pages import Times
from allmende.registry.api import OrganisationShort, organisation_short

from .. import queries
from ..models import Concern, Contribution

router = Router(tags=["Beiträge"])


class ContributionOut(Schema):
    """What somebody says for an organisation."""

    id: int
    statement: int | None = Field(description="Nummer der Aussage; null: zum Anliegen")
    parent: int | None = Field(description="Auf welchen Beitrag er antwortet")
    organisation: OrganisationShort | None = Field(
        description="null: eine persönliche Meinung, ohne Namen"
    )
    office: str
    text: str
    written_at: datetime
    edited_at: datetime | None


class ContributionFilter(Paging, Times):
    """Which contributions."""

    statement: int | None = Field(None, ge=1, le=10**15, description="Nummer einer Aussage")


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
    }


@router.get("/concerns/{slug}/contributions", response=PageOf[ContributionOut], summary="Beiträge")
@guarded("forum.view_concern", queries.get_concern)
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
