"""The exercise control: the clock, what comes next, orders, and the log."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.exercise_script.words import MARK
from allmende.formats.marks import MARKS
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other
from allmende.portal.tables import csv_response, kind_of_file, moment

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.exercises import ClockForm, NoteForm, OrderForm
from ..models import CONTROL, Exercise, ExerciseState, OrderKind
from ..queries import decisions
from ..queries import exercises as queries
from ..queries import situation as situations
from ..queries.games import Game, script_of_exercise
from ..queries.joining import requests_in
from ..queries.log import log_of
from ..queries.recipients import unplayed_in
from ..services import exercises as serve
from .over import to_what_is_over, until_it_ends
from .playing import answer_to, feed_of, look, near_and_far

MINUTE = 60_000_000
# Of what is still to come, the page is long enough with these; the others stand on a page of their own.
MOST_COMING = 40
# Most exercises have fewer: their log is one page, to be printed.
LINES_ON_PAGE = 200


@require_safe
@requires("crisis.control_exercise", queries.get_exercise, login=True)
def control(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """All that the control needs: clock, what comes, messages."""
    context = look(request, exercise)
    if exercise.state == ExerciseState.ENDED and not request.htmx:
        return to_what_is_over(request, exercise)
    taken = queries.taken_in(exercise)
    unplayed = unplayed_in(context["game"].script, taken)
    context |= feed_of(context, unplayed)
    waiting = queries.waiting_notes(exercise, unplayed)
    # The newest messages and those that wait for an answer; the others are folded away.
    near, far = near_and_far(context["notes"], lambda note: note.pk in waiting)
    every = situations.coming_in(context["game"])
    coming, later = near_and_far(every[:MOST_COMING])
    asked = decisions.with_openers(decisions.asked_in(context["game"]), every)
    context |= {
        "coming": coming,
        "coming_later": later,
        "coming_in_all": len(every),
        "more_coming": len(every) > MOST_COMING,
        "undecided": [each for each in asked if each.waits],
        "settled": [each for each in asked if not each.waits],
        "near_notes": near,
        "far_notes": far,
        "waiting": waiting,
        "asking": requests_in(exercise)[0],
        # Older messages stand on a page of their own.
        "newest": next((note for note in context["notes"] if note.pk in waiting[-1:]), None),
        **_cast(context["game"], taken),
        "form": NoteForm(
            script=context["game"].script,
            sender=CONTROL,
            initial=answer_to(context, request.GET.get("auf", "")),
        ),
    }
    part = "_control" if request.htmx else "control"
    return render(request, f"crisis/exercises/{part}.html", context)


def _cast(game: Game, taken: list[str]) -> dict[str, int]:
    """How many people play, how many roles there are for people, and how many of these nobody plays."""
    roles = {role.key for role in game.script.roles if not role.simulated}
    return {"players": len(taken), "roles": len(roles), "unplayed": len(roles.difference(taken))}


@require_POST
@requires("crisis.control_exercise", queries.get_exercise, login=True)
@until_it_ends
def start(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Begin to play."""
    try:
        serve.start_exercise(actor=request.user, exercise=exercise)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(reverse("exercises:control", args=[exercise.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.control_exercise", queries.get_exercise, login=True)
@until_it_ends
def end(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """End it for good; asks first."""
    if request.method != "POST":
        context = {
            "exercise": exercise,
            "deed": _("Übung beenden"),
            "here": _("Beenden"),
            "meaning": _(
                "Danach kommt nichts mehr an, und niemand schreibt oder entscheidet mehr. Das lässt sich nicht zurücknehmen. Wollen Sie nur unterbrechen, halten Sie die Uhr mit „Pause“ an."
            ),
        }
        return render(request, "crisis/exercises/sure.html", context)
    serve.end_exercise(actor=request.user, exercise=exercise)
    messages.success(request, _("Die Übung ist beendet. Hier ist ihr Bericht."))
    return see_other(reverse("exercises:report", args=[exercise.pk]))


@require_POST
@requires("crisis.control_exercise", queries.get_exercise, login=True)
@until_it_ends
def change_clock(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Pause, resume, another speed, a jump."""
    form = ClockForm(request.POST)
    if not form.is_valid():
        messages.warning(request, str(next(iter(form.errors.values()))[0]))
    else:
        data = form.cleaned_data
        value = 0
        if data["change"] == "speed":
            value = int((data["speed"] or 0) * 1000)
        elif data["change"] == "jump":
            now = Game(exercise, serve.microseconds()).now
            value = now + (data["minutes"] or 0) * MINUTE
        try:
            serve.change_clock(
                actor=request.user,
                exercise=exercise,
                change=data["change"],
                value=value,
                seen=posted_number(request, "gestellt"),
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _clock_says(data["change"], exercise))
    return see_other(reverse("exercises:control", args=[exercise.pk]))


def _clock_says(change: str, exercise: Exercise) -> str:
    """What has become of the clock."""
    game = Game(exercise, serve.microseconds())
    if change == "jump":
        return _("Die Uhr zeigt jetzt %(time)s. Was bis dahin fällig war, ist angekommen.") % {
            "time": situations.exercise_time(game, game.now)
        }
    if change == "speed":
        return _("Die Uhr läuft %(speed)s-fach.") % {"speed": floatformat(game.speed, "-1")}
    return _("Die Uhr läuft weiter.") if game.clock.runs else _("Pause: Die Uhr steht.")


def _order_says(data: dict[str, Any], exercise: Exercise) -> str:
    """What has become of an inject; what the simulation tells has no title in the script."""
    titles = {row.key: row.title for row in script_of_exercise(exercise).injects}
    said = {
        OrderKind.TRIGGER: _("Eingespielt: %(title)s"),
        OrderKind.SKIP: _("Ausgelassen: %(title)s"),
        OrderKind.AGAIN: _("Noch einmal eingespielt: %(title)s"),
    }[data["kind"]]
    return said % {"title": titles.get(data["inject"], data["inject"])}


@require_POST
@requires("crisis.control_exercise", queries.get_exercise, login=True)
@until_it_ends
def order(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Deliver an inject now, leave it out, or deliver it once more."""
    form = OrderForm(request.POST)
    if form.is_valid():
        try:
            serve.give_order(actor=request.user, exercise=exercise, **form.cleaned_data)
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _order_says(form.cleaned_data, exercise))
    else:
        messages.warning(
            request, _("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.")
        )
    return see_other(reverse("exercises:control", args=[exercise.pk]))


@require_safe
@requires("crisis.view_log", queries.get_exercise, login=True)
def log(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """All that happened."""
    context = look(request, exercise)
    lines = log_of(context["game"], context["part"])
    page = Paginator(lines, LINES_ON_PAGE).get_page(request.GET.get("seite"))
    context |= {"page": page, "here": _("Verlauf")}
    return render(request, "crisis/exercises/log.html", context)


@require_safe
@requires("crisis.view_log", queries.get_exercise, login=True)
def log_csv(request: SignedInRequest, exercise: Exercise) -> StreamingHttpResponse:
    """The same for a spreadsheet."""
    game = Game(exercise, serve.microseconds())
    part = queries.part_of(request.user, exercise)
    mark = services.export_of_exercise(
        actor=request.user,
        exercise=exercise,
        deed="crisis.export_log",
        format_=kind_of_file(request),
    )
    return csv_response(
        f"uebung-{exercise.pk}.csv",
        [
            _("Übungszeit"),
            _("Uhrzeit"),
            _("Art"),
            _("Von"),
            _("An"),
            _("Text"),
            _("Stand"),
            _("Auslöser"),
            _("Lauf der Simulation"),
            *MARKS,
        ],
        (
            [
                str(line.time),
                moment(line.wall),
                line.kind,
                line.who,
                line.to,
                # What was delivered has the mark already.
                line.text if line.text.startswith(MARK) else f"{MARK}: {line.text}",
                line.state,
                line.source,
                line.run,
                *mark.cells,
            ]
            for line in log_of(game, part)
        ),
    )
