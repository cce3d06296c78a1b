"""Sittings of the Alliance, with agenda and decisions: reading, planning and changing them."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_noop
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
    Day,
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
from allmende.registry.api import OrganisationShort, organisation_short

from ..forms.sittings import ChangeSittingForm, SittingForm
from ..models import AgendaItem, ItemState, Series, Sitting, SittingState
from ..queries import sittings as queries
from ..services import sittings as services
from .parts import edition_seen

router = Router(tags=[gettext_noop("Sitzungen")])

SittingStateKey = as_choice(SittingState)
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Title = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Place = Annotated[Text, StringConstraints(max_length=300)]
Link = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https://[^\s\x00]+)?$")]


class ItemOut(Schema):
    """A point of the agenda."""

    id: int
    place: int
    title: str
    concern: str | None
    minutes: str = Field(description=gettext_noop("Sobald die Sitzung gehalten ist"))
    decision: str
    edition: int = Field(description=gettext_noop("Beim Mitschreiben mitschicken"))


class SittingOut(Schema):
    """One meeting."""

    id: int
    url: str
    series: str
    series_slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    state: SittingStateKey  # type: ignore[valid-type]
    minutes_at: datetime | None
    is_example: bool
    edition: int = Field(description=gettext_noop("Bei Änderungen mitschicken"))
    agenda: list[ItemOut]


class SittingIn(Schema):
    """A new sitting; only its host sees it until members are invited."""

    title: Title
    day: Day
    begins: Clock = Field(description=gettext_noop("Uhrzeit in Deutschland, 10:00"))
    ends: Clock
    place: Place = ""
    link: Link = Field("", description=gettext_noop("Der Videokonferenz; sehen nur Mitglieder"))
    answer_by: Day | None = Field(None, description=gettext_noop("Fehlt: eine Woche vorher"))


class SittingChange(Schema):
    """What is to be different; the rest stays."""

    title: Title | None = None
    day: Day | None = None
    begins: Clock | None = None
    ends: Clock | None = None
    place: Place | None = None
    link: Link | None = None
    answer_by: Day | None = None
    edition: int | None = Field(
        None, ge=0, le=10**9, description=gettext_noop("Wie gelesen; oder If-Match")
    )


class SeriesOut(Schema):
    """Meetings with the same host and members."""

    slug: str
    name: str
    months: int = Field(description=gettext_noop("Abstand"))
    host: OrganisationShort
    is_example: bool


class SittingFilter(Paging, Times):
    """Which sittings; ``since`` and ``until`` are about when they begin."""

    state: SittingStateKey | None = Field(None, description=gettext_noop("Stand"))  # type: ignore[valid-type]


def sitting_out(request: ApiRequest, sitting: Sitting) -> dict[str, Any]:
    """A sitting as a document; what is said in it is public once it was held."""
    held = sitting.state == SittingState.HELD
    return {
        "id": sitting.pk,
        "url": request.build_absolute_uri(sitting.get_absolute_url()),
        "series": sitting.series.name,
        "series_slug": sitting.series.slug,
        "title": sitting.title,
        "starts_at": sitting.starts_at,
        "ends_at": sitting.ends_at,
        "place": sitting.place,
        "state": sitting.state,
        "minutes_at": sitting.minutes_at,
        "is_example": sitting.series.is_example,
        "edition": sitting.edition,
        "agenda": [
            item_out(item, told=held)
            for item in sitting.agenda.all()
            if item.state == ItemState.ACCEPTED
        ],
    }


def item_out(item: AgendaItem, *, told: bool) -> dict[str, Any]:
    """A point as a document; what was said on it only where it may be ``told``."""
    return {
        "id": item.pk,
        "place": item.place,
        "title": item.title,
        "concern": item.concern.slug if item.concern else None,
        "minutes": item.minutes if told else "",
        "decision": item.decision if told else "",
        "edition": item.edition,
    }


def as_it_is(request: ApiRequest, sitting: Sitting) -> dict[str, Any]:
    """A sitting after it was changed."""
    rows = Sitting.objects.select_related("series__host").prefetch_related("agenda__concern")
    return sitting_out(request, rows.get(pk=sitting.pk))


@router.get("/series", response=PageOf[SeriesOut], summary=gettext_noop("Reihen von Sitzungen"))
@guarded()
def list_series(request: ApiRequest, filters: Query[Paging]) -> dict[str, Any]:
    """Wer wozu einlädt."""
    rows = Series.objects.select_related("host__region")
    return page_of(request, rows, filters, _series)


def _series(series: Series) -> dict[str, Any]:
    return {
        "slug": series.slug,
        "name": series.name,
        "months": series.months,
        "host": organisation_short(series.host),
        "is_example": series.is_example,
    }


@router.get("/sittings", response=PageOf[SittingOut], summary=gettext_noop("Sitzungen"))
@guarded()
def list_sittings(request: ApiRequest, filters: Query[SittingFilter]) -> dict[str, Any]:
    """Alle, zu denen eingeladen ist oder war."""
    rows = queries.visible_sittings(request.user).filter(since_until("starts_at", filters))
    if filters.state:
        rows = rows.filter(state=filters.state)
    rows = rows.select_related("series").prefetch_related("agenda__concern")
    return page_of(request, rows, filters, lambda row: sitting_out(request, row))


@router.get("/sittings/{int:number}", response=SittingOut, summary=gettext_noop("Eine Sitzung"))
@guarded("forum.view_sitting", queries.get_sitting)
def show_sitting(request: ApiRequest, sitting: Sitting) -> dict[str, Any]:
    """Mit ihrer Tagesordnung und, wenn sie gehalten ist, ihren Beschlüssen."""
    return sitting_out(request, sitting)


@router.post(
    "/series/{slug}/sittings",
    response={201: SittingOut},
    summary=gettext_noop("Eine Sitzung planen"),
)
@guarded("forum.run_series", queries.get_series, scope=Scope.RELEASE)
def plan_sitting(
    request: PersonRequest, series: Series, data: SittingIn
) -> "Status[dict[str, Any]]":
    """Für die Organisation, die einlädt."""
    form = SittingForm(data.dict())
    checked(form)
    sitting = services.add_sitting(
        actor=request.user,
        mandate=queries.running_mandate(request.user, series),
        series=series,
        **form.values,
    )
    return Status(201, as_it_is(request, sitting))


@router.patch(
    "/sittings/{int:number}", response=SittingOut, summary=gettext_noop("Eine Sitzung ändern")
)
@guarded("forum.run_sitting", queries.get_sitting, scope=Scope.RELEASE)
def change_sitting(request: PersonRequest, sitting: Sitting, data: SittingChange) -> dict[str, Any]:
    """Eingeladene und ihre Kalender erfahren davon. War jemand schneller, kommt 409 oder 412."""
    given = data.dict(exclude_unset=True)
    seen = edition_seen(request, given.pop("edition", None), sitting.edition)
    values = ChangeSittingForm.values_of(sitting)
    values |= {name: value for name, value in given.items() if value is not None}
    form = ChangeSittingForm(values | {"seen": seen})
    checked(form)
    services.change_sitting(
        actor=request.user,
        mandate=queries.running_mandate(request.user, sitting.series),
        sitting=sitting,
        seen=form.cleaned_data["seen"],
        **form.values,
    )
    return as_it_is(request, sitting)
