"""Exercises: the list, preparing one, and who takes part."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.calendars import write_terms
from allmende.portal.access import SignedInRequest, requires, see_other, signed_in
from allmende.portal.calendars import calendar_response

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.exercises import ExerciseForm, PartForm, PlanForm, ScriptForm
from ..models import Exercise, Part
from ..queries import exercises as queries
from ..queries.drafts import drafts_of
from ..queries.games import script_of_exercise
from ..queries.joining import requests_in, requests_of
from ..queries.reports import exercises_evaluated
from ..queries.situation import role_names_of
from ..queries.terms import beginning_of
from ..services import exercises as serve
from .over import until_it_ends

MOST_SHOWN, MOST_NAMED = 100, 5


@require_safe
@signed_in
def exercises(request: SignedInRequest) -> HttpResponse:
    """The exercises in which a person takes part, and those of her crisis staffs that are over."""
    own = queries.exercises_of(request.user)[:MOST_SHOWN]
    context = {
        "exercises": [
            (one, queries.entrance_to(request.user, one, one.kind))  # type: ignore[attr-defined]
            for one in own
        ],
        "requests": requests_of(request.user),
        "evaluated": exercises_evaluated(request.user)[:MOST_SHOWN],
    }
    return render(request, "crisis/exercises/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_exercise", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Prepare an exercise."""
    mandates = queries.hosting_mandates(request.user)
    form = ExerciseForm(
        request.POST or None,
        request.FILES or None,
        hosts=list(mandates),
        drafts=drafts_of(request.user),
        initial={"draft": request.GET.get("drehbuch", "")[:10]},
    )
    if request.method == "POST" and form.is_valid():
        host = form.cleaned_data["host"]
        made = serve.add_exercise(
            actor=request.user,
            mandate=mandates[host],
            host=host,
            script=form.script,
            files=form.files_along,
            planned_at=form.cleaned_data["planned_at"],
        )
        _warn(request, form)
        messages.success(
            request, _("Die Übung ist vorbereitet. Geben Sie jetzt den Link zum Mitmachen weiter.")
        )
        return see_other(reverse("exercises:parts", args=[made.pk]))
    return render(request, "crisis/exercises/add.html", {"form": form})


def _warn(request: SignedInRequest, form: ScriptForm) -> None:
    """Say which attachments come without their files: it can be played so, but may not be meant."""
    if names := form.without_file:
        said = _(
            "Zu diesen Anlagen fehlt die Datei: %(names)s. Fügen Sie sie im Drehbuch unter „Anlagen“ hinzu, und wählen Sie es hier mit „Anderes Drehbuch“ neu."
        )
        shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        messages.warning(request, said % {"names": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.prepare_exercise", queries.get_exercise, login=True)
def replace_script(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Put another script in its place."""
    drafts = drafts_of(request.user)
    form = ScriptForm(request.POST or None, request.FILES or None, drafts=drafts)
    if request.method == "POST" and form.is_valid():
        try:
            serve.replace_script(
                actor=request.user, exercise=exercise, script=form.script, files=form.files_along
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            _warn(request, form)
            messages.success(request, _("Die Übung hat jetzt dieses Drehbuch."))
            return see_other(exercise.get_absolute_url())
    return render(request, "crisis/exercises/add.html", {"form": form, "exercise": exercise})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.prepare_exercise", queries.get_exercise, login=True)
def plan(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Say when it is meant to begin."""
    form = PlanForm(request.POST or None, initial={"planned_at": exercise.planned_at})
    if request.method == "POST" and form.is_valid():
        try:
            serve.plan_exercise(
                actor=request.user, exercise=exercise, planned_at=form.cleaned_data["planned_at"]
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Der geplante Beginn ist gespeichert."))
            return see_other(exercise.get_absolute_url())
    context = {"form": form, "exercise": exercise, "here": _("Beginn planen")}
    return render(request, "crisis/exercises/plan.html", context)


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def calendar(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """When it is meant to begin, for the calendar of everybody who takes part; it names no facility."""
    if exercise.planned_at is None:
        raise Http404
    term = beginning_of(exercise, now=timezone.now(), absolute=request.build_absolute_uri)
    return calendar_response(f"uebung-{exercise.pk}.ics", write_terms(term.title, [term]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.prepare_exercise", queries.get_exercise, login=True)
def remove(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Give up an exercise that has not begun; asks first."""
    if request.method != "POST":
        context = {
            "exercise": exercise,
            "deed": _("Übung löschen"),
            "here": _("Löschen"),
            "meaning": _(
                "Die Links zum Mitmachen und Zuschauen gelten dann nicht mehr, und wer schon eine Rolle hat, verliert sie. Das lässt sich nicht zurücknehmen."
            ),
        }
        return render(request, "crisis/exercises/sure.html", context)
    try:
        serve.remove_exercise(actor=request.user, exercise=exercise)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
        return see_other(exercise.get_absolute_url())
    messages.success(request, _("Die Übung ist gelöscht."))
    return see_other(reverse("exercises:exercises"))


@require_safe
@requires("crisis.control_exercise", queries.get_exercise, login=True)
@until_it_ends
def parts(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Who takes part as what, and the link by which more do."""
    script = script_of_exercise(exercise)
    taken = list(queries.parts_in(exercise))
    played = {part.role for part in taken}
    asking, declined = requests_in(exercise)
    return render(
        request,
        "crisis/exercises/parts.html",
        {
            "exercise": exercise,
            "here": _("Wer mitmacht"),
            "asking": asking,
            "declined": declined,
            "parts": taken,
            "names": role_names_of(script),
            "empty": [r for r in script.roles if not r.simulated and r.key not in played],
            "link": request.build_absolute_uri(reverse("exercises:join", args=[exercise.token])),
            "watching": request.build_absolute_uri(
                reverse("exercises:watch", args=[exercise.spectator_token])
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.control_exercise", queries.get_part, login=True)
@until_it_ends
def change_part(request: SignedInRequest, part: Part) -> HttpResponse:
    """Let somebody do something else, or nothing."""
    form = PartForm(
        request.POST or None,
        script=script_of_exercise(part.exercise),
        with_control=True,
        initial={"part": f"{part.kind}/{part.role}"},
    )
    form.fields["part"].label = _("Nimmt teil als")
    if request.method == "POST" and form.is_valid():
        kind, role = form.chosen
        try:
            serve.change_part(
                actor=request.user, exercise=part.exercise, part=part, kind=kind, role=role
            )
        except services.Conflict as conflict:
            form.add_error("part", str(conflict))
        else:
            return see_other(reverse("exercises:parts", args=[part.exercise_id]))
    context = {
        "form": form,
        "exercise": part.exercise,
        "part": part,
        "here": _("Rolle ändern"),
    }
    return render(request, "crisis/exercises/change_part.html", context)


@require_POST
@requires("crisis.control_exercise", queries.get_part, login=True)
@until_it_ends
def remove_part(request: SignedInRequest, part: Part) -> HttpResponse:
    """Let somebody take part no more."""
    try:
        serve.leave(actor=request.user, part=part)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(reverse("exercises:parts", args=[part.exercise_id]))
