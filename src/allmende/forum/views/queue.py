"""The queue of a ministry: what waits for its answer, how long, and with whom."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import SignedInRequest, requires
from allmende.portal.languages import in_language_of_reader
from allmende.portal.tables import csv_response, moment
from allmende.registry.models import Right
from allmende.registry.queries import mandates_with

from .. import queries
from ..forms import AssignmentForm, FilterNameForm, QueueFilterForm, UndoForm
from ..models import ConcernQuerySet, queue_address

PAGE_SIZE = 20
AT_ONCE = 500


@require_safe
@requires("forum.work_in_ministry", login=True)
def queue(request: SignedInRequest) -> HttpResponse:
    """What lies with one's ministries and what comes to them, the most urgent first."""
    filters = queries.filters_of(request.user)
    first = next((saved for saved in filters if saved.is_default), None)
    if first is not None and not request.GET:
        return redirect(first.address)
    form = queue_form(request)
    found = _filtered(request, form).values_list("pk", flat=True)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = {
        "form": form,
        "page": page,
        "rows": queries.queue_rows(list(page)),
        "counts": queries.count_queue(request.user, form.ministries),
        "filters": filters,
        "shown_filter": next((saved for saved in filters if saved.wishes == form.wishes), None),
        "name_form": FilterNameForm(),
        "assignment": AssignmentForm(queue=form, me=request.user),
        "undo": _just_assigned(request),
        "may_extend": any(
            mandates_with(Right.RELEASE, request.user, house) for house in form.ministries
        ),
        "most": queries.MOST_AT_ONCE,
    }
    return render(request, "forum/queue/queue.html", shown)


def queue_form(request: SignedInRequest) -> QueueFilterForm:
    """The filter as the address has it."""
    ministries = queries.own_ministries(request.user)
    return QueueFilterForm(
        request.GET, ministries=ministries, colleagues=queries.colleagues_in(ministries)
    )


def _filtered(request: SignedInRequest, form: QueueFilterForm) -> ConcernQuerySet:
    return queries.queue_of(request.user, form.chosen_ministries, **form.chosen())


def _just_assigned(request: HttpRequest) -> UndoForm | None:
    """What has just been assigned from here and can be taken back."""
    first, _dash, last = request.GET.get("zugewiesen", "").partition("-")
    form = UndoForm({"von": first, "bis": last})
    return form if form.is_valid() else None


def ticked(request: HttpRequest) -> list[int]:
    """The concerns that were ticked, by their keys; what is no number is left out."""
    numbers = {key for key in request.GET.getlist("wahl") if key.isdecimal() and len(key) < 10}
    return sorted(map(int, numbers))


def chosen_concerns(request: SignedInRequest, form: QueueFilterForm) -> ConcernQuerySet:
    """What is to be worked on: all that fits the filter, or what was ticked."""
    if request.GET.get("umfang") == "alle":
        return _filtered(request, form)
    everything = queries.queue_of(request.user, form.ministries, state="alle")
    return everything.filter(pk__in=ticked(request))


def back_to_queue(form: QueueFilterForm) -> str:
    """The address of the queue with the same filter."""
    return queue_address(form.wishes)


@require_safe
@requires("forum.work_in_ministry", login=True)
def queue_csv(request: SignedInRequest) -> HttpResponseBase:
    """The queue for a spreadsheet: all that fits the filter, or what was ticked."""
    form = queue_form(request)
    found = chosen_concerns(request, form) if "umfang" in request.GET else _filtered(request, form)
    keys = list(found.values_list("pk", flat=True))
    if "umfang" in request.GET and not keys:
        with in_language_of_reader(request):
            messages.warning(request, _("Bitte kreuzen Sie zuerst mindestens ein Anliegen an."))
        return redirect(back_to_queue(form))
    header = [
        _("Frage"),
        _("Themenfeld"),
        _("Stand"),
        _("Ministerium"),
        _("Eingegangen am"),
        _("Antwort bis"),
        _("Tage übrig"),
        _("Zuständig"),
        _("Abschnitte"),
        _("davon beantwortet"),
        _("Mitzeichnungen"),
        _("Beispieldaten"),
        _("Adresse"),
    ]
    return csv_response("anliegen-ministerium.csv", header, _lines(request, keys))


def _lines(request: HttpRequest, keys: Sequence[int]) -> Iterator[list[object]]:
    for start in range(0, len(keys), AT_ONCE):
        for row in queries.queue_rows(keys[start : start + AT_ONCE]):
            yield _line(request, row)


def _line(request: HttpRequest, row: queries.QueueRow) -> list[object]:
    concern = row.concern
    return [
        concern.question,
        concern.get_topic_display(),
        concern.get_state_display(),
        concern.ministry,
        moment(concern.sent_at),
        moment(concern.answer_due),
        row.days_left,
        row.official or "",
        row.sections,
        row.answered,
        concern.supporters,
        _("ja") if concern.is_example else _("nein"),
        request.build_absolute_uri(concern.get_absolute_url()),
    ]
