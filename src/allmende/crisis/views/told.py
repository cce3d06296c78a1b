"""All that came and was written in an exercise, page by page: the pages of play show the newest."""

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.words import MARK
from allmende.formats.marks import MARKS
from allmende.portal.access import SignedInRequest, requires
from allmende.portal.tables import csv_response, kind_of_file, moment

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..models import CONTROL, Exercise
from ..queries import exercises as queries
from ..queries import situation as situations
from ..queries.attachments import attach
from ..queries.msel import PlannedInjects
from .playing import look

# On a phone, so many lines are still a page that somebody reads.
PAGE_SIZE = 40
# Injects have long texts.
MOST_INJECTS = 25


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def deliveries(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Every inject that came, once, however many roles it went to: for players those of their role."""
    context = look(request, exercise)
    part = context["part"]
    page = Paginator(queries.injects_to(part), MOST_INJECTS).get_page(request.GET.get("seite"))
    found = queries.deliveries_of(part, list(page))
    for each in found:
        each.time = situations.exercise_time(context["game"], each.due)  # type: ignore[attr-defined]
        each.way = situations.channel_label(each.channel)  # type: ignore[attr-defined]
    attach(exercise, part, found)
    context |= {"page": page, "came": situations.by_inject(found)}
    context["here"] = _("Alles, was angekommen ist")
    return render(request, "crisis/exercises/deliveries.html", context)


@require_safe
@requires("crisis.control_exercise", queries.get_exercise, login=True)
def coming(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Every inject that has not come: the control lets it come now, or leaves it out."""
    context = look(request, exercise)
    page = Paginator(situations.coming_in(context["game"]), PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    context |= {"page": page, "here": _("Alles, was noch kommt")}
    return render(request, "crisis/exercises/coming.html", context)


@require_safe
@requires("crisis.control_exercise", queries.get_exercise, login=True)
def msel(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Every inject, when it was meant to come, and what has become of it."""
    context = look(request, exercise)
    page = Paginator(PlannedInjects(context["game"]), PAGE_SIZE).get_page(request.GET.get("seite"))
    context |= {"page": page, "here": _("Stand der Einlagen")}
    return render(request, "crisis/exercises/msel.html", context)


@require_safe
@requires("crisis.control_exercise", queries.get_exercise, login=True)
def msel_csv(request: SignedInRequest, exercise: Exercise) -> StreamingHttpResponse:
    """The same for a spreadsheet."""
    game = look(request, exercise)["game"]
    mark = services.export_of_exercise(
        actor=request.user,
        exercise=exercise,
        deed="crisis.export_msel",
        format_=kind_of_file(request),
    )
    strands = {each.key: each.name for each in game.script.strands}
    return csv_response(
        f"uebung-{exercise.pk}-einlagen.csv",
        [
            _("Nr."),
            _("Strang"),
            _("Zeit"),
            _("Geplant um"),
            _("Titel"),
            _("Worum es geht"),
            _("Art"),
            _("Einstufung"),
            _("An"),
            _("Statt"),
            _("Stand"),
            _("Übungszeit"),
            _("Zugestellt um"),
            _("Gelesen um"),
            _("Auslöser"),
            _("Lauf der Simulation"),
            *MARKS,
        ],
        (
            [
                each.key,
                strands.get(each.row.strand, each.row.strand) if each.row else "",
                format_minutes(each.row.at) if each.row else "",
                moment(each.planned),
                f"{MARK}: {each.title}",
                each.row.synopsis if each.row else "",
                each.kind_label,
                each.classification,
                " · ".join(each.to),
                each.instead_of,
                each.state.label,
                str(each.time or ""),
                moment(each.came),
                moment(each.read),
                each.source,
                each.run,
                *mark.cells,
            ]
            for each in PlannedInjects(game)
        ),
    )


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def notes(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Every message: for players those of their role."""
    context = look(request, exercise)
    found = queries.notes_of(context["part"])
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    for note in page:
        note.time = situations.exercise_time(context["game"], note.at)  # type: ignore[attr-defined]
    context |= {"page": page, "CONTROL": CONTROL, "here": _("Alle Nachrichten")}
    return render(request, "crisis/exercises/notes.html", context)
