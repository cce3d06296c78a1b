"""The joint position: writing its draft, sealing it, endorsing it and dissenting."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import (
    ApiRequest,
    PageOf,
    Paging,
    Problem,
    Schema,
    as_choice,
    checked,
    guarded,
    page_of,
)
from allmende.portal.api.guards import PersonRequest
from allmende.registry.api import AGS_WORDS, Ags, OrganisationShort, in_area, organisation_short

from .. import queries, services
from ..forms import SectionForm
from ..models import Concern, SealedPosition, Section, Word, WordKind
from .parts import edition_seen, mandate_among, said, without_release
from .way import Slug

router = Router(tags=["Position"])

KindKey = as_choice(WordKind)
ITS_CONCERN = attrgetter("concern")


class SectionOut(Schema):
    """A section of the draft as it is now."""

    id: int
    place: int
    title: str
    text: str
    statement: int | None
    figures: dict[str, Any]
    edition: int = Field(description="Nummer der Version; bei Änderungen mitschicken")
    at: datetime


class PositionDraftOut(Schema):
    """The draft of the position."""

    sections: list[SectionOut]
    edition: str = Field(description="Beim Versiegeln mitschicken: was Sie gelesen haben")


class SectionIn(Schema):
    """A section."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=5_000)]
    note: Annotated[str, StringConstraints(max_length=300)] = Field(
        "", description="Was Sie geändert haben und warum; öffentlich"
    )


class SectionChange(SectionIn):
    """The same for one that is there."""

    edition: int | None = Field(None, ge=1, le=10**9, description="Wie gelesen; oder If-Match")


class SealIn(Schema):
    """What is sealed."""

    edition: str = Field(description="„edition“ des Entwurfs, den Sie gelesen haben")


class SealedOut(Schema):
    """An edition that nobody can change any more."""

    concern: str
    number: int
    sealed_at: datetime
    office: str
    hash: str = Field(description="SHA-256 des Dokuments, kanonisch geschrieben")


class SealedDocumentOut(SealedOut):
    """The same with all that it says."""

    document: dict[str, Any] = Field(description="docs/reference/position-json.md")


class WordOut(Schema):
    """How an organisation stands to an edition or a section of it."""

    id: int
    organisation: OrganisationShort
    section: int | None = Field(description="Nummer des Abschnitts; null: die ganze Position")
    kind: KindKey  # type: ignore[valid-type]
    text: str
    office: str
    given_at: datetime


class WordFilter(Paging):
    """Which words."""

    ags: Ags | None = Field(None, description=AGS_WORDS)
    kind: KindKey | None = Field(None, description="Mittragen oder Sondervotum")  # type: ignore[valid-type]


class WordIn(Schema):
    """Endorse the whole or a section, or dissent."""

    kind: KindKey  # type: ignore[valid-type]
    section: int | None = Field(None, ge=1, le=1_000)
    text: Annotated[str, StringConstraints(max_length=2_000)] = Field(
        "", description="Für ein Sondervotum nötig; wird abgedruckt"
    )
    organisation: Slug | None = Field(
        None, description="Kurzname; kann fehlen, wo Sie nur für eine sprechen"
    )


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


def _one(section: Section) -> dict[str, Any]:
    return _section(queries.Row(section, queries.newest_version(section)))


def _sealed(position: SealedPosition) -> dict[str, Any]:
    return {
        "concern": position.concern.slug,
        "number": position.number,
        "sealed_at": position.sealed_at,
        "office": position.mandate.capacity if position.mandate else "",
        "hash": position.hash,
    }


def word_out(word: Word) -> dict[str, Any]:
    """A word as a document."""
    return {
        "id": word.pk,
        "organisation": organisation_short(word.organisation),
        "section": word.section.number if word.section else None,
        "kind": word.kind,
        "text": word.text,
        "office": word.mandate.get_office_display() if word.mandate else "",
        "given_at": word.given_at,
    }


@router.get(
    "/concerns/{slug}/position-draft", response=PositionDraftOut, summary="Entwurf der Position"
)
@guarded("forum.view_position", queries.get_position)
def show_draft(request: ApiRequest, concern: Concern) -> dict[str, Any]:
    """Alle Abschnitte mit ihrer neuesten Version."""
    rows = queries.draft_rows(concern)
    return {"sections": [_section(row) for row in rows], "edition": queries.edition_of(rows)}


@router.post(
    "/concerns/{slug}/position-draft",
    response={201: PositionDraftOut},
    summary="Abschnitte aus dem Ergebnis anlegen",
)
@guarded("forum.write_position", queries.get_position, scope=Scope.CONTRIBUTE)
def fill_draft(request: PersonRequest, concern: Concern) -> "Status[dict[str, Any]]":
    """Aus den Aussagen, die einen und noch nicht im Entwurf sind."""
    mandate = next(iter(queries.writing_mandates(request.user, concern)), None)
    services.draft_sections(actor=request.user, mandate=mandate, concern=concern)
    return Status(201, show_rows(concern))


def show_rows(concern: Concern) -> dict[str, Any]:
    """The draft after it was changed."""
    rows = queries.draft_rows(concern)
    return {"sections": [_section(row) for row in rows], "edition": queries.edition_of(rows)}


@router.post(
    "/concerns/{slug}/sections", response={201: SectionOut}, summary="Einen Abschnitt hinzufügen"
)
@guarded("forum.write_position", queries.get_position, scope=Scope.CONTRIBUTE)
def add_section(
    request: PersonRequest, concern: Concern, data: SectionIn
) -> "Status[dict[str, Any]]":
    """Als letzten."""
    mandate = next(iter(queries.writing_mandates(request.user, concern)), None)
    section = services.add_section(
        actor=request.user, mandate=mandate, concern=concern, **checked(SectionForm(data.dict()))
    )
    return Status(201, _one(section))


@router.get("/concerns/{slug}/sections/{int:number}", response=SectionOut, summary="Ein Abschnitt")
@guarded("forum.view_position", queries.get_section, about=ITS_CONCERN)
def show_section(request: ApiRequest, section: Section, response: HttpResponse) -> dict[str, Any]:
    """Mit seiner neuesten Version. Der ETag ist zugleich das „If-Match“ einer Änderung."""
    shown = _one(section)
    response["X-Edition"] = str(shown["edition"])
    return shown


@router.patch(
    "/concerns/{slug}/sections/{int:number}",
    response=SectionOut,
    summary="Einen Abschnitt neu schreiben",
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def write_section(request: PersonRequest, section: Section, data: SectionChange) -> dict[str, Any]:
    """Als neue Version. War jemand anderes schneller, kommt 409 oder 412, und nichts ist geändert."""
    given = data.dict()
    newest = queries.newest_version(section)
    seen = edition_seen(request, given.pop("edition"), newest.number)
    mandate = next(iter(queries.writing_mandates(request.user, section.concern)), None)
    services.write_section(
        actor=request.user,
        mandate=mandate,
        section=section,
        seen=int(seen),
        **checked(SectionForm(given)),
    )
    return _one(section)


@router.delete(
    "/concerns/{slug}/sections/{int:number}",
    response={204: None},
    summary="Einen Abschnitt entfernen",
)
@guarded("forum.write_position", queries.get_section, about=ITS_CONCERN, scope=Scope.CONTRIBUTE)
def remove_section(request: PersonRequest, section: Section) -> "Status[None]":
    """Auf der Seite lässt er sich zurückholen."""
    mandate = next(iter(queries.writing_mandates(request.user, section.concern)), None)
    services.remove_section(actor=request.user, mandate=mandate, section=section)
    return Status(204, None)


@router.post("/concerns/{slug}/positions", response={201: SealedOut}, summary="Versiegeln")
@guarded("forum.seal_position", queries.get_position, scope=Scope.VOTE)
def seal_position(
    request: PersonRequest, concern: Concern, data: SealIn
) -> "Status[dict[str, Any]]":
    """Danach ändert die Fassung niemand mehr. Ist das Quorum erreicht, geht sie ans Ministerium."""
    mandate = next(iter(queries.sealing_mandates(request.user, concern)), None)
    if mandate is None and concern.owner_id is not None:
        raise Http404
    sealed = services.seal_position(
        actor=request.user, mandate=mandate, concern=concern, seen=data.edition
    )
    return Status(201, _sealed(sealed))


@router.get(
    "/concerns/{slug}/positions", response=PageOf[SealedOut], summary="Versiegelte Fassungen"
)
@guarded("forum.view_position", queries.get_position)
def list_editions(request: ApiRequest, concern: Concern, filters: Query[Paging]) -> dict[str, Any]:
    """Die neueste zuerst."""
    rows = queries.editions_of(concern).select_related("concern", "mandate__organisation")
    return page_of(request, rows, filters, _sealed)


@router.get(
    "/concerns/{slug}/positions/{int:number}",
    response=SealedDocumentOut,
    summary="Eine versiegelte Fassung",
)
@guarded("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def show_edition(request: ApiRequest, position: SealedPosition) -> dict[str, Any]:
    """Mit dem ganzen Dokument, über das die Prüfsumme geht."""
    return {**_sealed(position), "document": position.document}


@router.get(
    "/concerns/{slug}/positions/{int:number}/words",
    response=PageOf[WordOut],
    summary="Wer mitträgt und wer nicht",
)
@guarded("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def list_words(
    request: ApiRequest, position: SealedPosition, filters: Query[WordFilter]
) -> dict[str, Any]:
    """Mit Sondervoten im Wortlaut."""
    rows = queries.words_of(position, kind=said(filters.kind)).filter(
        in_area(filters.ags, "organisation__region__")
    )
    return page_of(request, rows, filters, word_out)


@router.post(
    "/concerns/{slug}/positions/{int:number}/words",
    response={201: WordOut},
    summary="Mittragen oder Sondervotum",
)
@guarded("forum.give_word", queries.get_edition, about=ITS_CONCERN, scope=Scope.VOTE)
def give_word(
    request: PersonRequest, position: SealedPosition, data: WordIn
) -> "Status[dict[str, Any]]":
    """Zur neuesten Fassung; ersetzt ein früheres Wort zum selben Abschnitt."""
    user = request.user
    free = without_release(user, queries.word_mandates(user, position.concern))
    mandate = mandate_among(free, data.organisation)
    section = None
    if data.section is not None:
        section = position.sections.filter(number=data.section).first()
        if section is None:
            raise Problem(422, _("Diesen Abschnitt gibt es in der Fassung nicht."))
    word = services.give_word(
        actor=user,
        mandate=mandate,
        position=position,
        section=section,
        kind=WordKind(data.kind),
        text=data.text.strip(),
    )
    return Status(201, word_out(word))
