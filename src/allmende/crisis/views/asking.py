"""The questionnaire after an exercise: answering, results, closing it."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.exercise_script.words import MARK
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.charts import share_bar
from allmende.portal.tables import csv_response

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.observing import QuestionnaireForm
from ..models import FEWEST_ANSWERS, Exercise, questionnaire_ends, takes_answers
from ..queries import exercises as queries
from ..queries import observing
from ..queries.games import script_of_exercise
from ..queries.questions import questions_of
from ..services import exercises as serve


def _results_of(exercise: Exercise) -> str:
    return reverse("exercises:results", args=[exercise.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.answer_questionnaire", queries.get_exercise, login=True)
def questionnaire(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Answer once; who has, and who comes too late, sees the results."""
    part = queries.part_of(request.user, exercise)
    assert part is not None  # noqa: S101  the rules have seen to it
    if part.has_answered or not takes_answers(exercise, observing.questionnaire_in(exercise)):
        return see_other(_results_of(exercise))
    questions = questions_of(script_of_exercise(exercise))
    form = QuestionnaireForm(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            serve.answer_questionnaire(part=part, scores=form.scores, remarks=form.remarks)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Danke. Ihre Antworten zählen mit, ohne Ihren Namen."))
            return see_other(f"{_results_of(exercise)}?gesendet={form.cleaned_data['key']}")
    context = {
        "exercise": exercise,
        "here": _("Fragebogen"),
        "form": form,
        "fewest": FEWEST_ANSWERS,
        "until": questionnaire_ends(exercise),
    }
    return render(request, "crisis/exercises/questionnaire.html", context)


@require_safe
@requires("crisis.answer_questionnaire", queries.get_exercise, login=True)
def results(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """What was answered, as far as it can be shown."""
    part = queries.part_of(request.user, exercise)
    there = observing.questionnaire_in(exercise)
    found = observing.questionnaire_of(exercise)
    context = {
        "exercise": exercise,
        "here": _("Fragebogen"),
        "part": part,
        "answered": there.answered if there is not None else 0,
        "is_open": takes_answers(exercise, there),
        "until": questionnaire_ends(exercise),
        "fewest": FEWEST_ANSWERS,
        "results": found,
        "scales": [
            (scale, [(*row, share_bar(row[2])) for row in scale.rows])
            for scale in (found.scales if found is not None else ())
        ],
    }
    return render(request, "crisis/exercises/questionnaire_results.html", context)


@require_safe
@requires("crisis.answer_questionnaire", queries.get_exercise, login=True)
def results_csv(request: SignedInRequest, exercise: Exercise) -> StreamingHttpResponse:
    """The same for a spreadsheet: how often each answer was given, and words."""
    found = observing.questionnaire_of(exercise)
    counted = [
        (scale.question.text, f"{step} · {name}", count)
        for scale in (found.scales if found is not None else ())
        for step, (name, count, _share) in enumerate(scale.rows, 1)
    ]
    written = [
        (question.text, f"{MARK}: {text}", 1)
        for question, texts in (found.remarks if found is not None else ())
        for text in texts
    ]
    return csv_response(
        f"uebung-{exercise.pk}-fragebogen.csv",
        [_("Frage"), _("Antwort"), _("Wie oft")],
        [*counted, *written],
    )


@require_POST
@requires("crisis.close_questionnaire", queries.get_exercise, login=True)
def close(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Close it before its time."""
    serve.close_questionnaire(actor=request.user, exercise=exercise)
    messages.success(request, _("Der Fragebogen ist geschlossen."))
    return see_other(_results_of(exercise))
