"""Sittings of the Alliance, with agenda and decisions."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from allmende.portal.api import (
    ApiRequest,
    PageOf,
    Paging,
    Schema,
    as_choice,
    guarded,
    page_of,
    since_until,
)
from allmende.portal.api.pages import Times

from ..models import AgendaItem, ItemState, Sitting, SittingState
from ..queries import sittings as queries

router = Router(tags=["Sitzungen"])

SittingStateKey = as_choice(SittingState)


class ItemOut(Schema):
    """A point of the agenda."""

    place: int
    title: str
    concern: str | None
    minutes: str = Field(description="Sobald die Sitzung gehalten ist")
    decision: str


class SittingOut(Schema):
    """One meeting."""

    id: int
    url: str
    series: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    state: SittingStateKey  # type: ignore[valid-type]
    minutes_at: datetime | None
    is_example: bool
    agenda: list[ItemOut]


class SittingFilter(Paging, Times):
    """Which sittings; ``since`` and ``until`` are about when they begin."""

    state: SittingStateKey | None = Field(None, description="Stand")  # type: ignore[valid-type]


def sitting_out(request: ApiRequest, sitting: Sitting) -> dict[str, Any]:
    """A sitting as a document; what is said in it is public once it was held."""
    held = sitting.state == SittingState.HELD
    return {
        "id": sitting.pk,
        "url": request.build_absolute_uri(sitting.get_absolute_url()),
        "series": sitting.series.name,
        "title": sitting.title,
        "starts_at": sitting.starts_at,
        "ends_at": sitting.ends_at,
        "place": sitting.place,
        "state": sitting.state,
        "minutes_at": sitting.minutes_at,
        "is_example": sitting.series.is_example,
        "agenda": [
            _item(item, held=held)
            for item in sitting.agenda.all()
            if item.state == ItemState.ACCEPTED
        ],
    }


def _item(item: AgendaItem, *, held: bool) -> dict[str, Any]:
    return {
        "place": item.place,
        "title": item.title,
        "concern": item.concern.slug if item.concern else None,
        "minutes": item.minutes if held else "",
        "decision": item.decision if held else "",
    }


@router.get("/sittings", response=PageOf[SittingOut], summary="Sitzungen")
@guarded()
def list_sittings(request: ApiRequest, filters: Query[SittingFilter]) -> dict[str, Any]:
    """Alle, zu denen eingeladen ist oder war."""
    rows = queries.visible_sittings(request.user).filter(since_until("starts_at", filters))
    if filters.state:
        rows = rows.filter(state=filters.state)
    rows = rows.select_related("series").prefetch_related("agenda__concern")
    return page_of(request, rows, filters, lambda row: sitting_out(request, row))


@router.get("/sittings/{int:number}", response=SittingOut, summary="Eine Sitzung")
@guarded("forum.view_sitting", queries.get_sitting)
def show_sitting(request: ApiRequest, sitting: Sitting) -> dict[str, Any]:
    """Mit ihrer Tagesordnung und, wenn sie gehalten ist, ihren Beschlüssen."""
    return sitting_out(request, sitting)
