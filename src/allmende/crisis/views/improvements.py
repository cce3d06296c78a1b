"""What was learnt from exercises, and what becomes of it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.forum.queries import municipal_mandates
from allmende.portal.access import SignedInRequest, requires, see_other, signed_in
from allmende.portal.tables import csv_response
from allmende.registry.models import Right

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.reports import (
    ChangeImprovementForm,
    ImprovementFilterForm,
    ImprovementForm,
    RaiseForm,
    SettleForm,
)
from ..models import TO_DO, Exercise, Improvement, ImprovementState, PartKind
from ..queries import reports as queries
from ..queries.exercises import get_exercise, part_of, parts_in
from ..services import exercises as serve

PAGE_SIZE = 50


def _form_of(
    kind: type[ImprovementForm], request: SignedInRequest, exercise: Exercise, **kwargs: Any
) -> ImprovementForm:
    goals = queries.sections_of(exercise)
    # Who only looked on has nothing to do with it.
    people = [part.user for part in parts_in(exercise).exclude(kind=PartKind.SPECTATOR)]
    owner = getattr(kwargs.get("instance"), "owner", None)
    return kind(
        request.POST or None,
        goals={key: name for key, name in goals.items() if key.startswith(queries.GOAL)},
        # Whoever has left the exercise keeps what she took on.
        people=[*people, *([owner] if owner else [])],
        **kwargs,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_improvement", get_exercise, login=True)
def add(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Write down a lesson, and what is done about it."""
    form = _form_of(ImprovementForm, request, exercise)
    if request.method == "POST" and form.is_valid():
        try:
            serve.add_improvement(actor=request.user, exercise=exercise, **form.cleaned_data)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(f"{reverse('exercises:report', args=[exercise.pk])}#massnahmen")
    context = {
        "form": form,
        "exercise": exercise,
        "outside": part_of(request.user, exercise) is None,
        "here": _("Maßnahme"),
    }
    return render(request, "crisis/exercises/measure_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_improvement", queries.get_improvement, login=True)
def change(request: SignedInRequest, improvement: Improvement) -> HttpResponse:
    """Change it; what somebody else has changed meanwhile is shown beside what was typed."""
    exercise = improvement.exercise
    form = _form_of(
        ChangeImprovementForm,
        request,
        exercise,
        instance=improvement,
        initial={"seen": improvement.edition},
    )
    assert isinstance(form, ChangeImprovementForm)  # noqa: S101  for the type checker
    context = _about(request, improvement) | {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            serve.change_improvement(
                actor=request.user, improvement=improvement, **form.cleaned_data
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            context["meanwhile"] = form.catch_up(overtaken.there)
        else:
            return see_other(improvement.get_absolute_url())
    status = 409 if "meanwhile" in context else 200
    return render(request, "crisis/exercises/measure_edit.html", context, status=status)


@require_safe
@requires("crisis.view_improvement", queries.get_improvement, login=True)
def improvement(request: SignedInRequest, improvement: Improvement) -> HttpResponse:
    """A measure, how far it has come, and what was said of it."""
    return _page(request, improvement)


def _about(request: SignedInRequest, improvement: Improvement) -> dict[str, Any]:
    """What every page about one measure shows."""
    exercise = improvement.exercise
    return {
        "exercise": exercise,
        "outside": part_of(request.user, exercise) is None,
        "here": _("Maßnahme"),
        "improvement": improvement,
    }


def _page(
    request: SignedInRequest, improvement: Improvement, form: SettleForm | None = None
) -> HttpResponse:
    goals = queries.sections_of(improvement.exercise)
    context = _about(request, improvement) | {
        "goal": goals.get(improvement.goal, ""),
        "steps": improvement.steps.all(),
        "sees_concern": bool(queries.concerns_seen(request.user, [improvement])),
        "form": form or SettleForm(initial={"state": improvement.state}),
    }
    return render(request, "crisis/exercises/measure.html", context)


@require_POST
@requires("crisis.change_improvement", queries.get_improvement, login=True)
def settle(request: SignedInRequest, improvement: Improvement) -> HttpResponse:
    """Say how far it has come."""
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, improvement, form)
    try:
        serve.settle_improvement(
            actor=request.user,
            improvement=improvement,
            seen=request.POST.get("vorher", ""),
            **form.cleaned_data,
        )
    except services.Conflict as conflict:
        form.add_error(None, str(conflict))
        return _page(request, queries.get_improvement(improvement.pk), form)
    messages.success(request, _("Gespeichert."))
    return see_other(improvement.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.raise_concern", queries.get_improvement, login=True)
def raise_concern(request: SignedInRequest, improvement: Improvement) -> HttpResponse:
    """Make a draft of a concern of it, and go on writing there; once there is one, it leads to that.

    The button on its page asks nothing where nothing has to be chosen: the question that we propose can be
    changed in the draft.
    """
    if improvement.concern is not None:
        return _to_concern(request, improvement)
    mandates = {
        mandate.region: mandate
        for mandate in municipal_mandates(request.user, Right.CONTRIBUTE)
        if mandate.region is not None
    }
    proposed = {"question": serve.question_of(improvement)}
    data: Mapping[str, Any] | None = request.POST if "question" in request.POST else None
    if request.method == "POST" and data is None and len(mandates) == 1:
        data = proposed | {"owner": str(next(iter(mandates)).pk)}
    form = RaiseForm(data, owners=list(mandates), initial=proposed)
    if request.method == "POST" and form.is_valid():
        serve.raise_concern(
            actor=request.user,
            improvement=improvement,
            mandate=mandates[form.cleaned_data["owner"]],
            question=form.cleaned_data["question"],
        )
        messages.success(
            request,
            _("Als Entwurf gespeichert. Noch sieht ihn nur Ihre Kommune: Schreiben Sie weiter."),
        )
        return _to_concern(request, improvement)
    context = _about(request, improvement) | {"form": form}
    return render(request, "crisis/exercises/measure_raise.html", context)


def _to_concern(request: SignedInRequest, improvement: Improvement) -> HttpResponse:
    """To what has become of it, if this person may see that."""
    concern = improvement.concern
    if concern is None or not queries.concerns_seen(request.user, [improvement]):
        messages.warning(
            request,
            _(
                "Daraus hat schon jemand ein Anliegen gemacht. Es ist noch ein Entwurf einer anderen Kommune."
            ),
        )
        return see_other(improvement.get_absolute_url())
    return see_other(queries.address_to_write(request.user, concern))


def _chosen(request: SignedInRequest, form: ImprovementFilterForm) -> QuerySet[Improvement]:
    """What the list shows: what is overdue first, then what is due next."""
    found = queries.improvements_for(request.user)
    wishes = form.cleaned_data if form.is_valid() else {}
    state = wishes.get("stand", "")
    if state in {"", "ueberfaellig"}:
        found = found.filter(state__in=TO_DO)
    if state == "ueberfaellig":
        found = found.filter(due_on__lt=timezone.localdate())
    elif state in ImprovementState.values:
        found = found.filter(state=state)
    if wishes.get("uebung"):
        found = found.filter(exercise=wishes["uebung"])
    if wishes.get("meine"):
        found = found.filter(owner=request.user)
    is_over = Case(
        When(state__in=TO_DO, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return found.order_by(is_over, "due_on", "pk")


def _filter(request: SignedInRequest) -> ImprovementFilterForm:
    known = queries.improvements_for(request.user).order_by().values("exercise")
    exercises = Exercise.objects.filter(pk__in=known).only("title")
    return ImprovementFilterForm(request.GET, exercises=exercises)


@require_safe
@signed_in
def improvements(request: SignedInRequest) -> HttpResponse:
    """The measures of all exercises that a person may know of."""
    form = _filter(request)
    page = Paginator(_chosen(request, form), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {"form": form, "page": page}
    return render(request, "crisis/exercises/measures.html", context)


@require_safe
@signed_in
def improvements_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    header = [
        _("Übung"),
        _("Wer übt"),
        _("Lehre"),
        _("Maßnahme"),
        _("Wer"),
        _("Bis wann"),
        _("Stand"),
    ]
    header += [_("Stand vom"), _("überfällig")]
    return csv_response(
        "massnahmen.csv",
        header,
        (
            [
                *(each.exercise.title, each.exercise.host.name, each.lesson, each.what, each.who),
                *(each.due_on.isoformat(), each.get_state_display()),
                timezone.localdate(each.state_at).isoformat(),
                _("ja") if each.is_overdue else _("nein"),
            ]
            for each in _chosen(request, _filter(request))
        ),
    )
