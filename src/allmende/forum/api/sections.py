"""The draft of the joint position, section by section: written, moved, taken out, put back."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from django.http import HttpResponse
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
    checked,
    guarded,
    page_of,
)
from allmende.portal.api.guards import PersonRequest
from allmende.registry.models import Mandate

from .. import queries, services
from ..forms import SectionForm
from ..models import Concern, Section, SectionVersion
from .parts import edition_seen

router = Router(tags=[gettext_noop("Position")])

ITS_CONCERN = attrgetter("concern")


class SectionOut(Schema):
    """A section of the draft as it is now."""

    id: int
    place: int
    title: str
    text: str
    statement: int | None
    figures: dict[str, Any]
    edition: int = Field(description=gettext_noop("Nummer der Version; bei Änderungen mitschicken"))
    at: datetime


class PositionDraftOut(Schema):
    """The draft of the position."""

    sections: list[SectionOut]
    edition: str = Field(
        description=gettext_noop("Beim Versiegeln mitschicken: was Sie gelesen haben")
    )


class SectionIn(Schema):
    """A section."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    text: Annotated[Text, StringConstraints(min_length=1, max_length=5_000)]
    note: Annotated[Text, StringConstraints(max_length=300)] = Field(
        "", description=gettext_noop("Was Sie geändert haben und warum; öffentlich")
    )


class SectionChange(SectionIn):
    """The same for one that is there."""

    edition: int | None = Field(
        None, ge=1, le=10**9, description=gettext_noop("Wie gelesen; oder If-Match")
    )


class MoveIn(Schema):
    """Where a section goes."""

    up: bool = Field(
        description=gettext_noop("Vor den Abschnitt darüber; sonst hinter den darunter")
    )
    place: int = Field(
        ge=1, le=10_000, description=gettext_noop("Der Platz, den Sie gelesen haben")
    )


class RestoreIn(Schema):
    """Which version is the newest again."""

    version: int = Field(ge=1, le=10**9)


class VersionOut(Schema):
    """What a section said once."""

    number: int
    title: str
    text: str
    note: str
    office: str
    at: datetime


def _section(row: Any) -> dict[str, Any]:
    return {
        "id": row.section.pk,
        "place": row.section.place,
        "title": row.version.title,
        "text": row.version.text,
        "statement": row.section.statement_id,
        "figures": row.section.figures,
        "edition": row.version.number,
        "at": row.version.at,
    }


def _version(version: SectionVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "title": version.title,
        "text": version.text,
        "note": version.note,
        "office": version.mandate.capacity if version.mandate else "",
        "at": version.at,
    }


def _one(section: Section) -> dict[str, Any]:
    return _section(queries.Row(section, queries.newest_version(section)))


def _draft(concern: Concern) -> dict[str, Any]:
    rows = queries.draft_rows(concern)
    return {"sections": [_section(row) for row in rows], "edition": queries.edition_of(rows)}


def _writing(request: PersonRequest, concern: Concern) -> Mandate | None:
    """In which mandate she writes; none for an operator where nobody owns the concern."""
    return next(iter(queries.writing_mandates(request.user, concern)), None)


@router.get(
    "/concerns/{slug}/position-draft",
    response=PositionDraftOut,
    summary=gettext_noop("Entwurf der Position"),
)
@guarded("forum.view_position", queries.get_position)
def show_draft(request: ApiRequest, concern: Concern) -> dict[str, Any]:
    """Alle Abschnitte mit ihrer neuesten Version."""
    return _draft(concern)


@router.post(
    "/concerns/{slug}/position-draft",
    response={201: PositionDraftOut},
    summary=gettext_noop("Abschnitte aus dem Ergebnis anlegen"),
)
@guarded("forum.write_position", queries.get_position, scope=Scope.CONTRIBUTE)
def fill_draft(request: PersonRequest, concern: Concern) -> "Status[dict[str, Any]]":
    """Aus den Aussagen, die einen und noch nicht im Entwurf sind."""
    services.draft_sections(actor=request.user, mandate=_writing(request, concern), concern=concern)
    return Status(201, _draft(concern))


@router.post(
    "/concerns/{slug}/sections",
    response={201: SectionOut},
    summary=gettext_noop("Einen Abschnitt hinzufügen"),
)
@guarded("forum.write_position", queries.get_position, scope=Scope.CONTRIBUTE)
def add_section(
    request: PersonRequest, concern: Concern, data: SectionIn
) -> "Status[dict[str, Any]]":
    """Als letzten."""
    section = services.add_section(
        actor=request.user,
        mandate=_writing(request, concern),
        concern=concern,
        **checked(SectionForm(data.dict())),
    )
    return Status(201, _one(section))


@router.get(
    "/concerns/{slug}/sections/{int:number}",
    response=SectionOut,
    summary=gettext_noop("Ein Abschnitt"),
)
@guarded("forum.view_position", queries.get_section, about=ITS_CONCERN)
def show_section(request: ApiRequest, section: Section, response: HttpResponse) -> dict[str, Any]:
    """Mit seiner neuesten Version. Der ETag ist zugleich das „If-Match“ einer Änderung."""
    shown = _one(section)
    response["X-Edition"] = str(shown["edition"])
    return shown


@router.patch(
    "/concerns/{slug}/sections/{int:number}",
    response=SectionOut,
    summary=gettext_noop("Einen Abschnitt neu schreiben"),
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def write_section(request: PersonRequest, section: Section, data: SectionChange) -> dict[str, Any]:
    """Als neue Version. War jemand anderes schneller, kommt 409 oder 412, und nichts ist geändert."""
    given = data.dict()
    newest = queries.newest_version(section)
    seen = edition_seen(request, given.pop("edition"), newest.number)
    services.write_section(
        actor=request.user,
        mandate=_writing(request, section.concern),
        section=section,
        seen=int(seen),
        **checked(SectionForm(given)),
    )
    return _one(section)


@router.delete(
    "/concerns/{slug}/sections/{int:number}",
    response={204: None},
    summary=gettext_noop("Einen Abschnitt entfernen"),
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def remove_section(request: PersonRequest, section: Section) -> "Status[None]":
    """Mit „put-back“ steht er wieder da."""
    services.remove_section(
        actor=request.user, mandate=_writing(request, section.concern), section=section
    )
    return Status(204, None)


@router.post(
    "/concerns/{slug}/sections/{int:number}/put-back",
    response=SectionOut,
    summary=gettext_noop("Einen entfernten Abschnitt zurückholen"),
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def put_back_section(request: PersonRequest, section: Section) -> dict[str, Any]:
    """Dorthin, wo er stand."""
    services.put_back_section(
        actor=request.user, mandate=_writing(request, section.concern), section=section
    )
    section.refresh_from_db()
    return _one(section)


@router.post(
    "/concerns/{slug}/sections/{int:number}/move",
    response=PositionDraftOut,
    summary=gettext_noop("Einen Abschnitt verschieben"),
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def move_section(request: PersonRequest, section: Section, data: MoveIn) -> dict[str, Any]:
    """Um einen Platz. Am Rand bleibt er, wo er ist; steht er schon woanders, kommt 409."""
    services.move_section(
        actor=request.user,
        mandate=_writing(request, section.concern),
        section=section,
        seen=data.place,
        up=data.up,
    )
    return _draft(section.concern)


@router.get(
    "/concerns/{slug}/sections/{int:number}/versions",
    response=PageOf[VersionOut],
    summary=gettext_noop("Versionen eines Abschnitts"),
)
@guarded("forum.view_position", queries.get_section, about=ITS_CONCERN)
def list_versions(request: ApiRequest, section: Section, filters: Query[Paging]) -> dict[str, Any]:
    """Alles, was er je sagte."""
    return page_of(request, queries.versions_of(section), filters, _version)


@router.post(
    "/concerns/{slug}/sections/{int:number}/restore",
    response=SectionOut,
    summary=gettext_noop("Eine frühere Version wiederherstellen"),
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def restore_section(request: PersonRequest, section: Section, data: RestoreIn) -> dict[str, Any]:
    """Als neue Version."""
    if not section.versions.filter(number=data.version).exists():
        raise Problem(422, _("Diese Version gibt es nicht. Bitte wählen Sie eine der Liste."))
    services.restore_section(
        actor=request.user,
        mandate=_writing(request, section.concern),
        section=section,
        number=data.version,
    )
    return _one(section)
