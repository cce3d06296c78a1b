"""The operator's desk: what waits, background work, clearing, messages about barriers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import queries, services
from ..access import SignedInRequest, requires, see_other
from ..forms import JobFilterForm, ReportFilterForm
from ..models import BarrierReport, RetentionRun
from ..tables import csv_response, moment

PAGE_SIZE = 25
OPERATE = "accounts.operate"


@require_safe
@requires(OPERATE, login=True)
def desk(request: HttpRequest) -> HttpResponse:
    """All that those who run the installation look after, with what waits there."""
    return render(request, "portal/desk.html", {"lines": queries.desk_lines()})


@require_safe
@requires(OPERATE, login=True)
def jobs(request: HttpRequest) -> HttpResponse:
    """Background work."""
    form = JobFilterForm(request.GET)
    page = Paginator(queries.jobs(**form.chosen()), PAGE_SIZE).get_page(request.GET.get("seite"))
    lines = [queries.job_line(job) for job in page]
    return render(request, "portal/desk_jobs.html", {"form": form, "page": page, "lines": lines})


@require_safe
@requires(OPERATE, login=True)
def jobs_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    header = ["Auftrag", "Stand", "Eingestellt", "Begonnen", "Beendet", "Fehler"]
    rows = map(queries.job_line, queries.jobs(**JobFilterForm(request.GET).chosen()).iterator())
    return csv_response(
        "auftraege.csv",
        header,
        (
            [
                line.name,
                line.state,
                moment(line.job.enqueued_at),
                moment(line.job.started_at),
                moment(line.job.finished_at),
                line.error,
            ]
            for line in rows
        ),
    )


@require_POST
@requires(OPERATE, queries.get_job, login=True)
def repeat_job(request: SignedInRequest, job: queries.Job) -> HttpResponse:
    """Let a worker try once more."""
    try:
        services.repeat_job(actor=request.user, job=job)
        messages.success(request, _("Der Auftrag wird wiederholt."))
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(reverse("desk_jobs"))


@require_safe
@requires(OPERATE, login=True)
def retention(request: HttpRequest) -> HttpResponse:
    """How long everything is kept, and what was cleared when."""
    runs = RetentionRun.objects.order_by("-started_at", "-pk")
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("seite"))
    kinds = queries.kinds_of_data()
    names = {kind.key: kind.kind for kind in kinds}
    lines = [(run, names.get(run.key, run.key)) for run in page]
    context = {"kinds": kinds, "page": page, "lines": lines}
    return render(request, "portal/desk_retention.html", context)


@require_safe
@requires(OPERATE, login=True)
def runs_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All runs for a spreadsheet."""
    return csv_response(
        "loeschlaeufe.csv",
        ["Art", "Begonnen", "Beendet", "Gelöscht", "Fehler"],
        (
            [run.key, moment(run.started_at), moment(run.finished_at), run.removed, run.error]
            for run in RetentionRun.objects.iterator()
        ),
    )


@require_safe
@requires(OPERATE, login=True)
def reports(request: HttpRequest) -> HttpResponse:
    """What people could not use."""
    form = ReportFilterForm(request.GET)
    found = queries.reports(which=form.chosen())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "portal/desk_reports.html", {"form": form, "page": page})


@require_safe
@requires(OPERATE, login=True)
def reports_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    found = queries.reports(which=ReportFilterForm(request.GET).chosen())
    return csv_response(
        "rueckmeldungen.csv",
        ["Nummer", "Eingegangen", "Seite", "Text", "E-Mail-Adresse", "Erledigt"],
        (
            [
                report.pk,
                moment(report.sent_at),
                report.page,
                report.text,
                report.email,
                moment(report.settled_at),
            ]
            for report in found.iterator()
        ),
    )


@require_POST
@requires(OPERATE, queries.get_report, login=True)
def settle(request: SignedInRequest, report: BarrierReport) -> HttpResponse:
    """Mark a message as dealt with."""
    try:
        services.settle_report(actor=request.user, report=report)
        messages.success(request, _("Rückmeldung %(number)s ist erledigt.") % {"number": report.pk})
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(reverse("desk_reports"))


@require_safe
@requires(OPERATE, login=True)
def pages(request: HttpRequest) -> HttpResponse:
    """The legal pages, and what is missing in them."""
    return render(request, "portal/desk_pages.html", {"texts": queries.all_page_texts()})
