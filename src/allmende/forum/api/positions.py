"""The sealed position: sealing it, endorsing it and dissenting."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

from django.http import Http404
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
    as_choice,
    guarded,
    page_of,
)
from allmende.portal.api.guards import PersonRequest
from allmende.registry.api import AGS_WORDS, Ags, OrganisationShort, in_area, organisation_short

from .. import queries, services
from ..models import Concern, SealedPosition, SealedSection, Word, WordKind
from .parts import mandate_among, own_mandate, said, without_release
from .way import Slug

router = Router(tags=[gettext_noop("Position")])

KindKey = as_choice(WordKind)
ITS_CONCERN = attrgetter("concern")


class SealIn(Schema):
    """What is sealed."""

    edition: Text = Field(description=gettext_noop("„edition“ des Entwurfs, den Sie gelesen haben"))


class SealedOut(Schema):
    """An edition that nobody can change any more."""

    concern: str
    number: int
    sealed_at: datetime
    office: str
    hash: str = Field(description=gettext_noop("SHA-256 des Dokuments, kanonisch geschrieben"))


class SealedDocumentOut(SealedOut):
    """The same with all that it says."""

    document: dict[str, Any] = Field(description="docs/reference/position-json.md")


class WordOut(Schema):
    """How an organisation stands to an edition or a section of it."""

    id: int
    organisation: OrganisationShort
    section: int | None = Field(
        description=gettext_noop("Nummer des Abschnitts; null: die ganze Position")
    )
    kind: KindKey  # type: ignore[valid-type]
    text: str
    office: str
    given_at: datetime


class WordFilter(Paging):
    """Which words."""

    ags: Ags | None = Field(None, description=AGS_WORDS)
    kind: KindKey | None = Field(None, description=gettext_noop("Mittragen oder Sondervotum"))  # type: ignore[valid-type]


class WordIn(Schema):
    """Endorse the whole or a section, or dissent."""

    kind: KindKey  # type: ignore[valid-type]
    section: int | None = Field(None, ge=1, le=1_000)
    text: Annotated[Text, StringConstraints(max_length=2_000)] = Field(
        "", description=gettext_noop("Für ein Sondervotum nötig; wird abgedruckt")
    )
    organisation: Slug | None = Field(
        None, description=gettext_noop("Kurzname; kann fehlen, wo Sie nur für eine sprechen")
    )


class WordAbout(Schema):
    """Which word."""

    section: int | None = Field(
        None,
        ge=1,
        le=1_000,
        description=gettext_noop("Nummer des Abschnitts; fehlt: die ganze Position"),
    )


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


@router.post(
    "/concerns/{slug}/positions", response={201: SealedOut}, summary=gettext_noop("Versiegeln")
)
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
    "/concerns/{slug}/positions",
    response=PageOf[SealedOut],
    summary=gettext_noop("Versiegelte Fassungen"),
)
@guarded("forum.view_position", queries.get_position)
def list_editions(request: ApiRequest, concern: Concern, filters: Query[Paging]) -> dict[str, Any]:
    """Die neueste zuerst."""
    rows = queries.editions_of(concern).select_related("concern", "mandate__organisation")
    return page_of(request, rows, filters, _sealed)


@router.get(
    "/concerns/{slug}/positions/{int:number}",
    response=SealedDocumentOut,
    summary=gettext_noop("Eine versiegelte Fassung"),
)
@guarded("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def show_edition(request: ApiRequest, position: SealedPosition) -> dict[str, Any]:
    """Mit dem ganzen Dokument, über das die Prüfsumme geht."""
    return {**_sealed(position), "document": position.document}


@router.get(
    "/concerns/{slug}/positions/{int:number}/words",
    response=PageOf[WordOut],
    summary=gettext_noop("Wer mitträgt und wer nicht"),
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
    summary=gettext_noop("Mittragen oder Sondervotum"),
)
@guarded("forum.give_word", queries.get_edition, about=ITS_CONCERN, scope=Scope.VOTE)
def give_word(
    request: PersonRequest, position: SealedPosition, data: WordIn
) -> "Status[dict[str, Any]]":
    """Zur neuesten Fassung; ersetzt ein früheres Wort zum selben Abschnitt."""
    user = request.user
    free = without_release(user, queries.word_mandates(user, position.concern))
    mandate = mandate_among(free, data.organisation)
    word = services.give_word(
        actor=user,
        mandate=mandate,
        position=position,
        section=_sealed_section(position, data.section),
        kind=WordKind(data.kind),
        text=data.text,
    )
    return Status(201, word_out(word))


def _sealed_section(position: SealedPosition, number: int | None) -> SealedSection | None:
    """What a word is about. Raises ``Problem`` where the edition has no such section."""
    if number is None:
        return None
    section = position.sections.filter(number=number).first()
    if section is None:
        raise Problem(422, _("Diesen Abschnitt gibt es in der Fassung nicht."))
    return section


def _edition(slug: str, number: int, organisation: str) -> SealedPosition:
    """What an address is about in which an organisation stands, too."""
    return queries.get_edition(slug, number)


@router.delete(
    "/concerns/{slug}/positions/{int:number}/words/{organisation}",
    response={204: None},
    summary=gettext_noop("Ein Wort zurückziehen"),
)
@guarded(
    "forum.give_word",
    _edition,
    about=ITS_CONCERN,
    scope=Scope.VOTE,
)
def withdraw_word(
    request: PersonRequest, position: SealedPosition, filters: Query[WordAbout]
) -> "Status[None]":
    """Bis das Ministerium antwortet."""
    user = request.user
    mandate = own_mandate(
        request, without_release(user, queries.word_mandates(user, position.concern))
    )
    services.withdraw_word(
        actor=user,
        mandate=mandate,
        position=position,
        section=_sealed_section(position, filters.section),
    )
    return Status(204, None)
