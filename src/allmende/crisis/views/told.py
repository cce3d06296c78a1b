"""All that came and was written in an exercise, page by page: the pages of play show the newest."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import SignedInRequest, requires

from .. import rules  # noqa: F401  rules: they are registered by it
from ..models import CONTROL, Exercise
from ..queries import exercises as queries
from ..queries import situation as situations
from ..queries.attachments import attach
from .playing import look

PAGE_SIZE = 50


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def deliveries(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Every inject that came: for players those of their role."""
    context = look(request, exercise)
    found = queries.deliveries_to(context["part"])
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    for each in page:
        each.time = situations.exercise_time(context["game"], each.due)  # type: ignore[attr-defined]
        each.way = situations.channel_label(each.channel)  # type: ignore[attr-defined]
    attach(exercise, context["part"], page)
    return render(
        request,
        "crisis/exercises/deliveries.html",
        context | {"page": page, "here": _("Alles, was angekommen ist")},
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
