"""Regions, organisations and offices for programs: all of it is public."""

from datetime import date
from typing import Annotated, Any

from django.db.models import Q
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import Field, StringConstraints

from allmende.accounts.models import ConsentKind
from allmende.accounts.queries import consenting
from allmende.portal.access import SIGNED_IN
from allmende.portal.api import (
    ApiRequest,
    PageOf,
    Paging,
    Schema,
    Text,
    as_choice,
    guarded,
    page_of,
)

from . import queries
from .models import Level, Mandate, Organisation, OrganisationKind, Region, Topic

router = Router(tags=[_("Verzeichnis")])

Ags = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,8}$")]
AGS_WORDS = _("Anfang eines amtlichen Gemeindeschlüssels: 09 für Bayern, 09572 für einen Kreis")
OrganisationKindKey = as_choice(OrganisationKind)
LevelKey = as_choice(Level)
TopicKey = as_choice(Topic)


def in_area(prefix: str | None, path: str) -> Q:
    """Rows whose region (below ``path``) lies in the area of a key; all of them without one."""
    if not prefix:
        return Q()
    wish = Q(**{f"{path}ags__startswith": prefix})
    # Regions above a municipality have no AGS; their key begins alike.
    return wish | Q(**{f"{path}ags": "", f"{path}ars__startswith": prefix})


class RegionOut(Schema):
    """A part of the country."""

    ars: str = Field(description=_("Amtlicher Regionalschlüssel"))
    ags: str = Field(
        description=_("Amtlicher Gemeindeschlüssel; leer bei Kreisen, Verbänden, Ländern")
    )
    name: str
    level: str
    kind: str = Field(description=_("Was es ist, im Wort des Rechts"))
    land: str
    population: int | None
    population_on: date | None
    area_km2: float | None
    lat: float | None
    lon: float | None
    valid_until: date | None
    invented: bool = Field(description=_("Für Beispieldaten erfunden"))


class RegionFilter(Paging):
    """Which regions."""

    ags: Ags | None = Field(None, description=AGS_WORDS)
    level: LevelKey | None = Field(  # type: ignore[valid-type]
        None, description="0 Bund, 1 Land, 2 Bezirk, 3 Kreis, 4 Verband, 5 Gemeinde"
    )
    former: bool = Field(False, description=_("Auch aufgelöste"))


class OrganisationShort(Schema):
    """An organisation in a word."""

    slug: str
    name: str
    kind: OrganisationKindKey  # type: ignore[valid-type]
    ags: str = Field(description=_("Gemeindeschlüssel oder, wo es keinen gibt, Regionalschlüssel"))


class OrganisationOut(OrganisationShort):
    """Who can have a voice: a municipality, an association, a ministry."""

    four_eyes: bool = Field(description=_("Ob dort Entwürfe auf eine Freigabe warten"))
    dissolved_on: date | None
    is_example: bool
    url: str


class OrganisationFilter(Paging):
    """Which organisations."""

    ags: Ags | None = Field(None, description=AGS_WORDS)
    kind: OrganisationKindKey | None = Field(None, description=_("Art der Organisation"))  # type: ignore[valid-type]
    q: Annotated[Text, StringConstraints(max_length=100)] = Field(
        "", description=_("Wörter im Namen")
    )


class OfficeOut(Schema):
    """An office in which somebody may speak for an organisation."""

    office: str
    since: date
    until: date | None
    rights: list[str] = Field(description=_("contribute, vote, release, manage"))
    confirmation: str = Field(description=_("Wie sichergestellt ist, dass die Person dort spricht"))
    name: str | None = Field(description=_("Nur, wenn die Person eingewilligt hat"))


class TopicOut(Schema):
    """A topic area."""

    id: TopicKey  # type: ignore[valid-type]
    name: str


class MandateOut(Schema):
    """For whom the token's owner may speak."""

    organisation: OrganisationShort
    office: str
    rights: list[str]
    needs_release: bool = Field(description=_("Ob, was hier gesagt wird, auf eine Freigabe wartet"))


class MeOut(Schema):
    """Whom a token belongs to."""

    name: str
    is_operator: bool
    second_factor: bool
    mandates: list[MandateOut]


def region_out(region: Region) -> dict[str, Any]:
    """A region as a document."""
    return {
        "ars": region.ars,
        "ags": region.ags,
        "name": region.name,
        "level": str(Level(region.level).label),
        "kind": region.kind_name,
        "land": region.land_name,
        "population": region.population,
        "population_on": region.population_on,
        "area_km2": region.area_km2,
        "lat": region.lat,
        "lon": region.lon,
        "valid_until": region.valid_until,
        "invented": region.invented,
    }


def organisation_short(organisation: Organisation) -> dict[str, Any]:
    """An organisation in a word; reads its ``region``."""
    return {
        "slug": organisation.slug,
        "name": organisation.name,
        "kind": organisation.kind,
        "ags": organisation.region.key if organisation.region else "",
    }


def organisation_out(request: ApiRequest, organisation: Organisation) -> dict[str, Any]:
    """An organisation as a document."""
    return {
        **organisation_short(organisation),
        "four_eyes": organisation.four_eyes,
        "dissolved_on": organisation.dissolved_on,
        "is_example": organisation.is_example,
        "url": request.build_absolute_uri(organisation.get_absolute_url()),
    }


@router.get("/topics", response=list[TopicOut], summary=_("Themenfelder"))
@guarded()
def list_topics(request: ApiRequest) -> list[dict[str, str]]:
    """Jedes Anliegen gehört zu einem davon."""
    return [{"id": topic.value, "name": str(topic.label)} for topic in Topic]


@router.get("/regions", response=PageOf[RegionOut], summary=_("Regionen"))
@guarded()
def list_regions(request: ApiRequest, filters: Query[RegionFilter]) -> dict[str, Any]:
    """Gemeinden, Kreise, Gemeindeverbände, Länder und der Bund."""
    regions = Region.objects.filter(in_area(filters.ags, ""))
    if filters.level is not None:
        regions = regions.filter(level=int(filters.level))
    if not filters.former:
        regions = regions.filter(valid_until=None)
    return page_of(request, regions, filters, region_out)


@router.get("/regions/{key}", response=RegionOut, summary=_("Eine Region"))
@guarded(find=queries.get_region)
def show_region(request: ApiRequest, region: Region) -> dict[str, Any]:
    """Nach ihrem Gemeinde- oder Regionalschlüssel."""
    return region_out(region)


@router.get("/organisations", response=PageOf[OrganisationOut], summary=_("Organisationen"))
@guarded()
def list_organisations(request: ApiRequest, filters: Query[OrganisationFilter]) -> dict[str, Any]:
    """Für die jemand sprechen kann."""
    found = queries.search_organisations(filters.q).filter(in_area(filters.ags, "region__"))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    rows = found.select_related("region")
    return page_of(request, rows, filters, lambda row: organisation_out(request, row))


@router.get("/organisations/{slug}", response=OrganisationOut, summary=_("Eine Organisation"))
@guarded(find=queries.get_organisation)
def show_organisation(request: ApiRequest, organisation: Organisation) -> dict[str, Any]:
    """Nach ihrem Kurznamen; bei Regionen ist das der Schlüssel."""
    return organisation_out(request, organisation)


@router.get(
    "/organisations/{slug}/offices",
    response=PageOf[OfficeOut],
    summary=_("Ämter, die für eine Organisation sprechen"),
)
@guarded(find=queries.get_organisation)
def list_offices(
    request: ApiRequest, organisation: Organisation, filters: Query[Paging]
) -> dict[str, Any]:
    """Namen stehen nur dort, wo Menschen eingewilligt haben."""
    people = queries.people_of(organisation)
    named = consenting(ConsentKind.PUBLIC_NAME, people.values_list("user_id", flat=True))
    return page_of(request, people, filters, lambda mandate: _office(mandate, named))


def _office(mandate: Mandate, named: frozenset[int]) -> dict[str, Any]:
    return {
        "office": mandate.office_name,
        "since": mandate.since,
        "until": mandate.until,
        "rights": sorted(mandate.rights),
        "confirmation": mandate.get_confirmation_display(),
        "name": mandate.user.name if mandate.user_id in named else None,
    }


@router.get("/me", response=MeOut, summary=_("Wem der Schlüssel gehört"))
@guarded(SIGNED_IN)
def show_me(request: ApiRequest) -> dict[str, Any]:
    """Und für wen diese Person sprechen darf."""
    user = request.user
    assert user.is_authenticated  # noqa: S101  the guard has asked for it
    return {
        "name": user.name,
        "is_operator": user.is_operator,
        "second_factor": user.has_second_factor,
        "mandates": [
            {
                "organisation": organisation_short(mandate.organisation),
                "office": mandate.office_name,
                "rights": sorted(mandate.rights),
                "needs_release": mandate.organisation.four_eyes and not mandate.may_release,
            }
            for mandate in queries.mandates_of(user)
        ],
    }
