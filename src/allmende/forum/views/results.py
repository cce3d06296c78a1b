"""The result of a concern: its page, the two lists behind it, and the same as files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import requires
from allmende.portal.tables import csv_response
from allmende.registry.models import SizeClass

from .. import queries
from ..forms import ParticipantFilterForm, ResultFilterForm, StatementOrderForm
from ..models import Concern, Result, VoiceLevel, Voices
from ..results import queries as result_queries
from ..results.cells import FEWEST
from ..results.certainty import alike, certainty
from ..results.masks import masked, may_show_groups
from ..results.participation import by_land, by_size, group_rows, without_group
from ..results.published import LEVELS, published
from ..results.reader import Filter, Place, Reader
from ..results.statements import StatementLists

PERSONAL = "persoenlich"
SHOWN = 3
STATEMENTS_ON_PAGE = 20
PARTICIPANTS_ON_PAGE = 50


@dataclass(frozen=True)
class _Asked:
    """What an address asks for: whose voices, of those there are, and their result if there is one."""

    kinds: list[Voices]
    voices: Voices
    result: Result | None


def _asked(request: HttpRequest, concern: Concern) -> _Asked:
    kinds = result_queries.kinds_of_voices(concern)
    asked = Voices.PERSONAL if request.GET.get("stimmen") == PERSONAL else Voices.OFFICIAL
    voices = asked if asked in kinds else kinds[0]
    result = result_queries.get_result(concern=concern, voices=voices)
    return _Asked(kinds, voices, result)


def _reader(request: HttpRequest, concern: Concern, asked: _Asked) -> Reader | None:
    """The result as this person may see it; None as long as there is nothing to see."""
    result = asked.result
    if result is None or not result.is_there:
        return None
    reader = Reader(concern=concern, voices=asked.voices, result=result, user=request.user)
    if reader.has_filter:
        form = ResultFilterForm(request.GET, lands=reader.lands)
        reader.filter = Filter(*form.chosen())
    return reader


def _shown(request: HttpRequest, concern: Concern, asked: _Asked | None = None) -> Reader:
    """The same for tables and files, which do not exist before there is something in them."""
    reader = _reader(request, concern, asked or _asked(request, concern))
    if reader is None or (reader.is_too_small):
        raise Http404
    return reader


def _frame(
    concern: Concern, asked: _Asked, here: str, *, is_main: bool = False
) -> dict[str, object]:
    return {
        "concern": concern,
        "here": here,
        "is_main": is_main,
        "voices": asked.voices,
        "is_personal": asked.voices == Voices.PERSONAL,
        "kinds": asked.kinds,
        "asked": asked.result,
    }


@require_safe
@requires("forum.view_result", queries.get_concern)
def result(request: HttpRequest, concern: Concern) -> HttpResponse:
    """What unites, what divides, who stands where, and how sure that is."""
    asked = _asked(request, concern)
    frame = _frame(concern, asked, _("Ergebnis"), is_main=True)
    reader = _reader(request, concern, asked)
    if reader is None or not reader.all_places:
        return render(request, "forum/result_empty.html", frame)
    if reader.is_too_small:
        return render(request, "forum/result_few.html", {**frame, "fewest": FEWEST})
    lists, groups = StatementLists(reader), group_rows(reader)
    without, without_share = without_group(reader)
    return render(
        request,
        "forum/result.html",
        {
            **frame,
            "reader": reader,
            "form": ResultFilterForm(request.GET, lands=reader.lands),
            "waiting": result_queries.waiting_count(concern),
            "groups": groups,
            "without_group": without,
            "without_share": without_share,
            "certainty": certainty(reader),
            "alike": alike(reader),
            "uniting": lists.rows(lists.uniting()[:SHOWN]),
            "uniting_count": len(lists.uniting()),
            "rejected": lists.rows(lists.rejected()[:SHOWN]),
            "dividing": lists.rows(lists.dividing()[:SHOWN]),
            "typical": [
                (group, lists.rows(lists.typical(number)[:SHOWN]))
                for number, group in enumerate(groups)
            ],
            "own_differences": lists.own_differences(),
            "by_land": by_land(reader) if reader.is_official else (),
            "by_size": by_size(reader) if reader.is_official else (),
        },
    )


@require_safe
@requires("forum.view_result", queries.get_concern)
def statements(request: HttpRequest, concern: Concern) -> HttpResponse:
    """All statements, sorted by what unites, divides or is typical."""
    asked = _asked(request, concern)
    reader = _shown(request, concern, asked)
    letters = [group.letter for group in reader.figures.groups]
    form = StatementOrderForm(request.GET, lands=reader.lands, groups=letters)
    lists = StatementLists(reader)
    page = Paginator(lists.ordered(form.order()), STATEMENTS_ON_PAGE).get_page(
        request.GET.get("seite")
    )
    return render(
        request,
        "forum/result_statements.html",
        {
            **_frame(concern, asked, _("Aussagen")),
            "reader": reader,
            "form": form,
            "page": page,
            "rows": lists.rows(page.object_list),
        },
    )


@require_safe
@requires("forum.view_result", queries.get_concern)
def participants(request: HttpRequest, concern: Concern) -> HttpResponse:
    """The map as a table: everybody on it, with group and place."""
    asked = _asked(request, concern)
    reader = _shown(request, concern, asked)
    letters = [group.letter for group in reader.figures.groups]
    form = ParticipantFilterForm(request.GET, lands=reader.lands, groups=letters)
    found = list(enumerate(_found(reader, form), start=1))
    page = Paginator(found, PARTICIPANTS_ON_PAGE).get_page(request.GET.get("seite"))
    return render(
        request,
        "forum/result_participants.html",
        {
            **_frame(concern, asked, _("Teilnehmende")),
            "reader": reader,
            "form": form,
            "page": page,
            "rows": [
                (
                    n,
                    place,
                    reader.lands.get(place.member.land, ""),
                    ", ".join(sorted(reader.answered_by.get(place.member.pk, {}))),
                )
                for n, place in page
            ],
        },
    )


def _found(reader: Reader, form: ParticipantFilterForm) -> list[Place]:
    form.is_valid()
    words = (form.cleaned_data.get("q") or "").casefold()
    group = form.cleaned_data.get("gruppe") or ""
    return [
        place
        for place in reader.places
        if (reader.is_anonymous or words in place.member.name.casefold())
        and (not group or (place.letter or "ohne") == group)
    ]


@require_safe
@requires("forum.view_result", queries.get_concern)
def statements_csv(request: HttpRequest, concern: Concern) -> HttpResponseBase:
    """All statements with their figures, for a spreadsheet."""
    reader = _shown(request, concern)
    letters = [group.letter for group in reader.figures.groups]
    header = [
        *(_("Nr."), _("Aussage"), _("Stimmen"), _("stimmen zu"), _("lehnen ab"), _("übergehen"))
    ]
    for reading in (_("Kommunen") if reader.is_official else _("Alle"), _("Einwohner")):
        header += [f"{reading}: {figure}" for figure in (_("Zustimmung"), _("von"), _("bis"))]
    header += [_("sichere Zustimmung überall"), _("sichere Ablehnung überall")]
    header += [_("trennt"), _("von"), _("bis")]
    for letter in letters:
        group = _("Gruppe %(group)s") % {"group": letter}
        header += [f"{group}: {figure}" for figure in (_("Zustimmung"), _("Stimmen"))]
    return csv_response(f"{concern.slug}-aussagen.csv", header, _statement_cells(reader))


def _statement_cells(reader: Reader) -> Iterator[list[object]]:
    texts = result_queries.texts_of(reader.concern)
    for each in reader.figures.statements:
        cells: list[object] = [each.number, texts.get(each.number, "")]
        shown = masked(each)
        if not (reader.is_official or shown.is_whole):
            yield [*cells, shown.total, shown.agree, shown.disagree, shown.passed]
            continue
        cells += [each.total, each.agree, each.disagree, each.passed]
        for estimate in (each.municipalities, each.inhabitants):
            bounds = (estimate.value, estimate.low, estimate.high) if estimate else ("", "", "")
            cells += bounds
        division = each.division
        cells += each.consensus, each.rejection
        cells += division.value, division.low, division.high
        if reader.is_official or may_show_groups(each):
            for share in each.groups:
                cells += [share.agree.value, share.answers]
        yield cells


@require_safe
@requires("forum.view_result", queries.get_concern)
def participants_csv(request: HttpRequest, concern: Concern) -> HttpResponseBase:
    """The map for a spreadsheet; people and confidential voices only by running number."""
    reader = _shown(request, concern)
    header = [_("Schlüssel"), _("Kommune"), _("Land"), _("Größe"), _("Einwohner")]
    levels = {} if reader.is_anonymous else result_queries.levels_of(concern)
    return csv_response(
        f"{concern.slug}-teilnehmende.csv",
        [
            *([_("Nr.")] if reader.is_anonymous else header),
            *(_("Gruppe"), _("Ort rechts"), _("Ort oben")),
            *([] if reader.is_anonymous else [_("Stimmen in Vollmacht"), _("in Vollmacht von")]),
            *([] if reader.is_anonymous else [_votes_of(level) for level in LEVELS]),
        ],
        (
            [
                *_member_cells(reader, place, number),
                place.letter,
                place.x,
                place.y,
                *_agent_cells(reader, place),
                *_level_cells(reader, levels.get(place.member.pk, {})),
            ]
            for number, place in enumerate(reader.all_places, start=1)
        ),
    )


def _votes_of(level: str) -> str:
    by = VoiceLevel(level).label if level else _("nicht angegeben")
    return _("Stimmen: %(level)s") % {"level": by}


def _agent_cells(reader: Reader, place: Place) -> list[object]:
    if reader.is_anonymous:
        return []
    by_agent = reader.answered_by.get(place.member.pk, {})
    return [sum(by_agent.values()), ", ".join(sorted(by_agent))]


def _level_cells(reader: Reader, votes: dict[str, int]) -> list[object]:
    return [] if reader.is_anonymous else [votes.get(level, 0) for level in LEVELS]


def _member_cells(reader: Reader, place: Place, number: int) -> list[object]:
    if reader.is_anonymous:
        return [number]
    member = place.member
    size = SizeClass(member.size_class).label if member.size_class else ""
    land = reader.lands.get(member.land, "")
    return [member.key, member.name, land, size, member.population]


@require_safe
@requires("forum.view_result", queries.get_concern)
def result_json(request: HttpRequest, concern: Concern) -> HttpResponse:
    """The stored document, ``docs/reference/opinion-json.md``; nobody to be recognised in it."""
    reader = _shown(request, concern)
    return HttpResponse(
        json.dumps(published(reader), ensure_ascii=False),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{concern.slug}.json"'},
    )
