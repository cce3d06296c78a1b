"""Joining an exercise by its links, and letting those in who wait."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.exercises import PartForm
from ..models import Exercise, JoinRequest, PartKind
from ..queries import exercises as queries
from ..queries.games import script_of_exercise
from ..queries.joining import has_to_wait, request_of
from ..services import exercises as serve
from .over import is_over, until_it_ends

MOST_DIGITS = 9


def _over(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """What a link to join or to look on shows after the end."""
    part = queries.part_of(request.user, exercise)
    context = {"exercise": exercise, "part": part, "outside": part is None}
    return render(request, "crisis/exercises/over.html", context)


def _go_on(request: SignedInRequest, address: str) -> HttpResponse:
    """To another page, also from a part of one that asks again and again."""
    return HttpResponseClientRedirect(address) if request.htmx else see_other(address)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.join_exercise", queries.get_by_token, login=True)
def join(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Take part, by the link that the control hands out, or wait here until the control lets one in."""
    waited = "wartet" in request.GET
    if is_over(exercise):
        return _go_on(request, exercise.get_join_url()) if waited else _over(request, exercise)
    if (asked := request_of(request.user, exercise)) is not None:
        return _wait(request, exercise, asked)
    part = queries.part_of(request.user, exercise)
    if waited:
        return _go_on(
            request, exercise.get_join_url() if part is None else exercise.get_absolute_url()
        )
    form = PartForm(request.POST or None, script=script_of_exercise(exercise))
    if request.method == "POST" and form.is_valid():
        kind, role = form.chosen
        waits = has_to_wait(request.user, exercise, kind)
        come = serve.ask_to_join if waits else serve.join
        try:
            come(actor=request.user, exercise=exercise, kind=kind, role=role)
        except services.Conflict as conflict:
            form.add_error("part", str(conflict))
        else:
            return see_other(exercise.get_join_url() if waits else exercise.get_absolute_url())
    context = {
        "form": form,
        "exercise": exercise,
        "part": part,
        "lacks_factor": not queries.opens_to(request.user, exercise, PartKind.PLAYER),
        "has_to_wait": has_to_wait(request.user, exercise, PartKind.PLAYER),
    }
    return render(request, "crisis/exercises/join.html", context)


def _wait(request: SignedInRequest, exercise: Exercise, asked: JoinRequest) -> HttpResponse:
    """That one waits, or was declined, and nothing of the exercise."""
    if request.method == "POST":
        if "zurueckziehen" in request.POST:
            serve.withdraw_request(actor=request.user, exercise=exercise)
        return see_other(exercise.get_join_url())
    # Nothing new is nothing to be read out again.
    shown = request.GET.get("wartet") == "abgelehnt"
    if request.htmx and shown is (asked.declined_at is not None):
        return HttpResponse(status=204)
    page = "_wait" if request.htmx else "wait"
    context = {"exercise": exercise, "asked": asked}
    return render(request, f"crisis/exercises/{page}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.join_exercise", queries.get_by_spectator_token, login=True)
def watch(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Look on, by the link for those who do nothing else. Who takes part already stays what she is."""
    if is_over(exercise):
        return _over(request, exercise)
    part = queries.part_of(request.user, exercise)
    context = {"exercise": exercise, "part": part}
    if request.method == "POST":
        try:
            if part is None:
                serve.join(actor=request.user, exercise=exercise, kind=PartKind.SPECTATOR, role="")
        except services.Conflict as conflict:
            return render(request, "crisis/exercises/watch.html", context | {"full": str(conflict)})
        return see_other(exercise.get_absolute_url())
    return render(request, "crisis/exercises/watch.html", context)


@require_POST
@requires("crisis.control_exercise", queries.get_exercise, login=True)
@until_it_ends
def admit(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Let people in who wait, or decline them: those whom the page has listed, one or all."""
    said = request.POST.getlist("wer")
    chosen = [
        int(one) for one in said if one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS
    ]
    if request.POST.get("antwort") == "ablehnen":
        serve.decline(exercise=exercise, requests=chosen)
        messages.info(request, _("Nicht eingelassen. Unter „Wer mitmacht“ können Sie das ändern."))
    else:
        try:
            names = serve.let_in(actor=request.user, exercise=exercise, requests=chosen)
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            if names:
                said_of = _("Eingelassen: %(names)s.") % {"names": ", ".join(names)}
                messages.success(request, said_of)
            else:
                messages.info(request, _("Hier wartet niemand mehr: Das ist schon entschieden."))
    page = "parts" if request.POST.get("seite") == "teilnahme" else "control"
    return see_other(reverse(f"exercises:{page}", args=[exercise.pk]))
