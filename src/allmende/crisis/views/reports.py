"""The report of an exercise: read, written together, shared, closed, taken along."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.formats.exercise_report import foot_of, report_paper, write_json
from allmende.formats.kritis import write_docx, write_pdf
from allmende.formats.word_diff import diff_words
from allmende.portal.access import SignedInRequest, requires, see_other

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.reports import PassageForm, RatingForm
from ..models import FEWEST_ANSWERS, Exercise, questionnaire_ends
from ..queries import reports as queries
from ..queries.closing import loose_ends
from ..queries.exercises import get_exercise, part_of
from ..queries.games import Game
from ..services import exercises as serve
from .duties import file_response

Section = tuple[Exercise, str]
# With more rows, a table is folded away on the page; files and print show it.
LONG_TABLE = 15


def _its_exercise(found: Section) -> Exercise:
    return found[0]


def _whole(request: SignedInRequest, exercise: Exercise) -> Any:
    """The report as this person may read it."""
    return queries.report_of(Game(exercise, serve.microseconds()), reader=request.user)


def _page(exercise: Exercise, section: str = "") -> str:
    address = reverse("exercises:report", args=[exercise.pk])
    return f"{address}#{section}" if section else address


@require_safe
@requires("crisis.read_report", get_exercise, login=True)
def report(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """What was practised, how it went, and what follows."""
    whole = _whole(request, exercise)
    improvements = list(queries.improvements_in(exercise))
    context = {
        "exercise": exercise,
        "outside": part_of(request.user, exercise) is None,
        "here": _("Übungsbericht"),
        "paper": report_paper(whole),
        "report": whole,
        "long_table": LONG_TABLE,
        "standing": queries.report_in(exercise),
        "sections": queries.sections_of(exercise),
        "improvements": improvements,
        "concerns": queries.concerns_seen(request.user, improvements),
        "raisable": {
            each.pk
            for each in improvements
            if each.concern_id is None and request.user.has_perm("crisis.raise_concern", each)
        },
    }
    return render(request, "crisis/exercises/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_report", queries.get_passage, about=_its_exercise, login=True)
def write(request: SignedInRequest, found: Section) -> HttpResponse:
    """Write a section; what somebody else has written meanwhile is shown beside what was typed."""
    exercise, section = found
    newest = queries.passage_of(exercise, section)
    kind = RatingForm if section.startswith(queries.GOAL) else PassageForm
    form = kind(request.POST or None, initial=PassageForm.values_of(newest))
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            serve.write_passage(
                actor=request.user, exercise=exercise, section=section, **form.cleaned_data
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            form.catch_up(overtaken.there)
            shown["meanwhile"] = overtaken.there
            shown["difference"] = diff_words(overtaken.there.text, form.cleaned_data["text"])
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(_page(exercise, section))
    shown |= _about(request, exercise, section)
    shown["suggested"] = queries.suggestion_in(exercise, section)
    status = 409 if "meanwhile" in shown else 200
    return render(request, "crisis/exercises/report_write.html", shown, status=status)


def _about(request: SignedInRequest, exercise: Exercise, section: str) -> dict[str, Any]:
    return {
        "exercise": exercise,
        "outside": part_of(request.user, exercise) is None,
        "here": _("Übungsbericht"),
        "section": section,
        "name": queries.sections_of(exercise)[section],
    }


@require_safe
@requires("crisis.write_report", queries.get_passage, about=_its_exercise, login=True)
def versions(request: SignedInRequest, found: Section) -> HttpResponse:
    """What a section has said, by whom and when, and what changed each time."""
    rows = list(queries.passages_of(*found))
    before = [*(row.text for row in rows[1:]), ""][: len(rows)]
    context = _about(request, *found) | {
        "versions": [
            (row, diff_words(old, row.text)) for row, old in zip(rows, before, strict=True)
        ]
    }
    return render(request, "crisis/exercises/report_versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.settle_report", get_exercise, login=True)
def settle(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Share the draft or no more, close the report, which asks first, or open it again."""
    if request.method != "POST":
        return _ask_to_close(request, exercise)
    said = request.POST.get("stand", "")
    done = {
        "teilen": _("Wer teilgenommen hat, liest jetzt den Entwurf."),
        "nicht-teilen": _("Den Entwurf lesen jetzt nur noch, wer ihn schreibt."),
        "abschliessen": _(
            "Der Bericht ist abgeschlossen. Alle, die teilgenommen haben, lesen ihn."
        ),
        "oeffnen": _("Der Bericht ist wieder offen."),
    }
    try:
        if said in {"teilen", "nicht-teilen"}:
            serve.share_report(actor=request.user, exercise=exercise, shared=said == "teilen")
        elif said == "abschliessen":
            serve.close_report(actor=request.user, exercise=exercise)
        elif said == "oeffnen" and serve.reopen_report(actor=request.user, exercise=exercise):
            done["oeffnen"] = _("Der Bericht ist wieder offen, der Fragebogen auch.")
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        if said in done:
            messages.success(request, done[said])
    return see_other(_page(exercise))


def _ask_to_close(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    if queries.report_in(exercise).closed_at is not None:
        return see_other(_page(exercise))
    context = {
        "exercise": exercise,
        "outside": part_of(request.user, exercise) is None,
        "here": _("Übungsbericht"),
        "ends": loose_ends(exercise),
        "until": questionnaire_ends(exercise),
        "fewest": FEWEST_ANSWERS,
    }
    return render(request, "crisis/exercises/report_close.html", context)


def _file(request: SignedInRequest, exercise: Exercise, kind: str) -> HttpResponse:
    whole = _whole(request, exercise)
    mark = services.export_of_exercise(
        actor=request.user, exercise=exercise, deed="crisis.export_report", format_=kind
    )
    if kind == "json":
        content = write_json(whole, mark)
    else:
        made, foot = report_paper(whole), foot_of(whole, mark)
        content = (write_docx if kind == "docx" else write_pdf)(made, mark=foot)
    return file_response(content, f"uebungsbericht-{exercise.pk}.{kind}")


@require_safe
@requires("crisis.read_report", get_exercise, login=True)
def as_pdf(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The report to be printed, and to be read out."""
    return _file(request, exercise, "pdf")


@require_safe
@requires("crisis.read_report", get_exercise, login=True)
def as_docx(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The report to go on working with."""
    return _file(request, exercise, "docx")


@require_safe
@requires("crisis.read_report", get_exercise, login=True)
def as_json(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The report for programs: docs/reference/exercise-report-json.md."""
    return _file(request, exercise, "json")
