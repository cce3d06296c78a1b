"""Observing: tasks that are marked, notes, and all of it as a file."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.exercise_script.words import MARK
from allmende.formats.marks import MARKS
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response, kind_of_file, moment

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.observing import MarkForm, ObservationForm, RoleForm
from ..models import Delivery, Exercise, Mark, Observation
from ..queries import exercises as queries
from ..queries import observing
from ..services import exercises as serve
from .playing import look, near_and_far

PAGE_SIZE = 30
# Notes of one exercise that the page shows; the file has all.
MOST_NOTES = 100
# Tasks that are told before they come.
MOST_COMING = 3


def _observed(request: SignedInRequest, exercise: Exercise) -> dict[str, Any]:
    """What the page shows: tasks of one role or of all and notes, newest first; the earlier ones are folded."""
    context = look(request, exercise)
    game = context["game"]
    roles = [
        (role.key, context["names"][role.key]) for role in game.script.roles if not role.simulated
    ]
    chosen = RoleForm(request.GET, roles=roles)
    seen = observing.observations_of(exercise, game)
    tasks = [
        task
        for task in reversed(observing.tasks_of(exercise, game, seen))
        if chosen.role in {"", task.role}
    ]
    page = Paginator(tasks, PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = [(task, task.mark_of(request.user.pk)) for task in page]
    near, earlier = near_and_far(shown) if page.number == 1 else (shown, [])
    notes = [each for each in reversed(seen) if not each.is_mark and chosen.role in {"", each.role}]
    near_notes, far_notes = near_and_far(notes[:MOST_NOTES])
    return context | {
        "here": _("Beobachten"),
        "is_open": observing.takes_observations(exercise),
        "filter": chosen,
        "roles": roles,
        "page": page,
        "tasks": near,
        "earlier": earlier,
        "unmarked": sum(own is None for _task, own in earlier),
        # Without JavaScript the page comes anew after a mark, and shows the task that it was for.
        "unfolded": any(str(task.delivery) == request.GET.get("aufgabe") for task, _own in earlier),
        "coming": observing.coming_tasks(game, chosen.role)[:MOST_COMING],
        "near_notes": near_notes,
        "far_notes": far_notes,
        "marks": Mark,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.observe_exercise", queries.get_exercise, login=True)
def observe(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Tasks to mark; what is posted is a free note."""
    context = _observed(request, exercise)
    form = ObservationForm(
        request.POST or None, roles=context["roles"], initial={"role": context["filter"].role}
    )
    if request.method == "POST" and form.is_valid():
        try:
            serve.note_observation(actor=request.user, part=context["part"], **form.cleaned_data)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return see_other(_back(request, exercise, gesendet=str(form.cleaned_data["key"])))
    part = "_observe" if request.headers.get("HX-Request") else "observe"
    return render(request, f"crisis/exercises/{part}.html", context | {"form": form})


def _back(
    request: HttpRequest, exercise: Exercise, *, delivery: Delivery | None = None, **more: str
) -> str:
    """The page that somebody came from: the same role, the same page of tasks, at the task of a delivery."""
    query = request.GET.copy()
    anchor = ""
    if delivery is not None:
        query["aufgabe"] = str(delivery.pk)
        anchor = f"#aufgabe-{delivery.pk}"
    for key, value in more.items():
        query[key] = value
    address = reverse("exercises:observe", args=[exercise.pk])
    return f"{address}?{query.urlencode()}{anchor}" if query else f"{address}{anchor}"


@require_POST
@requires("crisis.mark_task", queries.get_delivery, login=True)
def mark(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    """Say in one tap how a task was done, or take that back."""
    form = MarkForm(request.POST)
    kept = _keep(request, delivery, form)
    said = [str(message) for messages_ in form.errors.values() for message in messages_]
    refused = "" if kept else " ".join(said)
    if request.headers.get("HX-Request"):
        context = _observed(request, delivery.exercise) | {"refused": refused}
        return render(request, "crisis/exercises/_observe.html", context)
    if refused:
        messages.warning(request, refused)
    return see_other(_back(request, delivery.exercise, delivery=delivery))


def _keep(request: SignedInRequest, delivery: Delivery, form: MarkForm) -> bool:
    """Keep a mark, or take it back; says whether that was possible."""
    part = queries.part_of(request.user, delivery.exercise)
    assert part is not None  # noqa: S101  the rules have seen to it
    part.exercise = delivery.exercise
    task: Any = {"inject": delivery.inject, "role": delivery.recipient}
    takes_back = "zuruecknehmen" in request.POST
    if not form.is_valid() and not takes_back:
        return False
    try:
        if takes_back:
            serve.unmark_task(actor=request.user, part=part, **task)
            return True
        serve.mark_task(
            actor=request.user,
            part=part,
            mark=form.cleaned_data["mark"],
            text=form.words,
            **task,
        )
    except services.Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.mark_task", queries.get_delivery, login=True)
def task(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    """One task, with room for words."""
    context = look(request, delivery.exercise)
    shown = observing.task_of(delivery, context["game"])
    own = shown.mark_of(request.user.pk) if shown is not None else None
    said = {"mark": own.mark, "text": own.text} if own is not None else {}
    form = MarkForm(request.POST or None, initial=said)
    if request.method == "POST" and _keep(request, delivery, form):
        sent = {"gesendet": str(form.cleaned_data.get("key") or "")}
        return see_other(_back(request, delivery.exercise, delivery=delivery, **sent))
    context |= {
        "here": _("Beobachten"),
        "form": form,
        "task": shown,
        "own": own,
        "delivery": delivery,
    }
    return render(request, "crisis/exercises/observe_task.html", context)


@require_POST
@requires("crisis.remove_observation", observing.get_observation, login=True)
def remove(request: SignedInRequest, observation: Observation) -> HttpResponse:
    """Take back a note of one's own."""
    try:
        serve.remove_observation(actor=request.user, observation=observation)
        messages.success(request, _("Die Notiz ist gelöscht."))
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(_back(request, observation.exercise))


@require_safe
@requires("crisis.observe_exercise", queries.get_exercise, login=True)
def observations_csv(request: SignedInRequest, exercise: Exercise) -> StreamingHttpResponse:
    """All that was observed, for a spreadsheet."""
    mark = services.export_of_exercise(
        actor=request.user,
        exercise=exercise,
        deed="crisis.export_observations",
        format_=kind_of_file(request),
    )
    return csv_response(
        f"uebung-{exercise.pk}-beobachtungen.csv",
        [
            *(_("Übungszeit"), _("Uhrzeit"), _("Rolle"), _("Aufgabe"), _("Beobachtet")),
            *(_("Text"), _("Von"), *MARKS),
        ],
        (
            [
                str(each.time),
                moment(each.wall),
                each.role_name,
                each.title,
                each.label,
                f"{MARK}: {each.text}" if each.text else "",
                each.by,
                *mark.cells,
            ]
            for each in observing.observations_of(exercise)
        ),
    )
