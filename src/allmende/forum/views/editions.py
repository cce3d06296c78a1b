"""Sealed editions of the joint position, on the page and as files."""

from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from allmende.formats.position import read_document, write_docx, write_json, write_pdf
from allmende.portal.access import requires

from .. import queries
from ..models import SealedPosition, Word
from ..results.queries import lands

ITS_CONCERN = attrgetter("concern")
# In full, but no more than somebody reads on one page; all are in the list and in the files.
MOST_DISSENTS = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@requires("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def edition(request: HttpRequest, position: SealedPosition) -> HttpResponse:
    """One edition: its sections, who stands behind them, who dissents."""
    return show_edition(request, position)


def show_edition(request: HttpRequest, position: SealedPosition) -> HttpResponse:
    """The page of an edition; the newest one lies under the address of the position, too."""
    standings, dissents = queries.standings(position), queries.dissents(position)
    editions = list(queries.editions_of(position.concern))
    told = read_document(position.document)
    mandates = queries.word_mandates(request.user, position.concern)
    return render(
        request,
        "forum/edition.html",
        {
            "concern": position.concern,
            "position": position,
            "told": told,
            "editions": editions,
            "newest": editions[0],
            "rows": [
                (section, standings[section.number], _some(dissents.get(section.number, [])))
                for section in told.sections
            ],
            "whole": standings[None],
            "dissents": _some(dissents.get(None, [])),
            "lands": lands(),
            "own": [
                (mandate.organisation, queries.own_words(position, mandate))
                for mandate in mandates[:1]
            ],
        },
    )


def _some(dissents: list[Word]) -> tuple[list[Word], int]:
    """The first of them, and how many more there are."""
    return dissents[:MOST_DISSENTS], max(len(dissents) - MOST_DISSENTS, 0)


@require_safe
@requires("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def as_json(request: HttpRequest, position: SealedPosition) -> HttpResponse:
    """``docs/reference/position-json.md``."""
    made = write_json(
        position.document, words=queries.printed_words(position), as_of=timezone.now()
    )
    return _file(position, made, "application/json", "json")


@require_safe
@requires("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def as_pdf(request: HttpRequest, position: SealedPosition) -> HttpResponse:
    """For printing and reading out: PDF/UA."""
    made = write_pdf(read_document(position.document), queries.printed_words(position))
    return _file(position, made, "application/pdf", "pdf")


@require_safe
@requires("forum.view_position", queries.get_edition, about=ITS_CONCERN)
def as_docx(request: HttpRequest, position: SealedPosition) -> HttpResponse:
    """For quoting and working with."""
    made = write_docx(read_document(position.document), queries.printed_words(position))
    return _file(position, made, DOCX, "docx")


def _file(position: SealedPosition, content: bytes, media_type: str, ending: str) -> HttpResponse:
    name = f"{position.concern.slug}-fassung-{position.number}.{ending}"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
