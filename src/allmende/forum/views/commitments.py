"""Commitments: the public list, one commitment, and what municipalities say of it."""

import rules
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.portal.access import public, requires
from allmende.portal.charts import share_bar
from allmende.portal.tables import csv_response, moment
from allmende.portal.uploads import download
from allmende.registry.queries import people_of

from .. import queries
from ..forms import CommitmentFilterForm, VerdictFilterForm
from ..models import Commitment, CommitmentQuerySet, Report

PAGE_SIZE = 20
MOST_REPORTS = 20


@require_safe
@public
def commitments(request: HttpRequest) -> HttpResponse:
    """What was promised, the overdue first."""
    form, found = _filtered(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    overdue = Commitment.objects.overdue().count()
    shown = {"form": form, "page": page, "overdue": overdue}
    return render(request, "forum/commitments.html", shown)


def _filtered(request: HttpRequest) -> tuple[CommitmentFilterForm, CommitmentQuerySet]:
    form = CommitmentFilterForm(request.GET, organisations=queries.promising_organisations())
    return form, queries.listed_commitments(**form.chosen())


@require_safe
@public
def commitments_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    header = [
        _("Zusage"),
        _("Zugesagt von"),
        _("Wer"),
        _("Bis"),
        _("Woran man es erkennt"),
        _("Stand"),
        _("Ergebnis vom"),
        _("Bewertungen"),
        _("davon eingehalten"),
        _("Anliegen"),
        _("Themenfeld"),
        _("Beispieldaten"),
        _("Adresse"),
    ]
    _form, found = _filtered(request)
    rows = found.iterator(chunk_size=500)
    return csv_response("zusagen.csv", header, (_row(request, each) for each in rows))


def _row(request: HttpRequest, commitment: Commitment) -> list[object]:
    concern = commitment.concern
    return [
        commitment.what,
        commitment.organisation,
        commitment.who,
        commitment.due_on.strftime("%d.%m.%Y"),
        commitment.sign,
        state_in_words(commitment),
        moment(commitment.outcome_at),
        commitment.verdicts_given,
        commitment.verdicts_kept,
        concern.question if concern else "",
        concern.get_topic_display() if concern else "",
        _("ja") if commitment.is_example else _("nein"),
        request.build_absolute_uri(commitment.get_absolute_url()),
    ]


def state_in_words(commitment: Commitment) -> str:
    """Where a commitment stands: its outcome, overdue, or open."""
    if commitment.outcome:
        return str(commitment.get_outcome_display())
    return _("Überfällig") if commitment.is_overdue else _("Offen")


@require_safe
@requires("forum.view_commitment", queries.get_commitment)
def commitment(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """One commitment: what was promised, what happened, and what both sides say."""
    views = queries.views_on(commitment)
    may_report = rules.has_perm("forum.report_commitment", request.user, commitment)
    may_judge = rules.has_perm("forum.judge_commitment", request.user, commitment)
    judging = queries.judging_mandates(request.user, commitment) if may_judge else []
    works_there = queries.works_for(request.user, commitment.organisation)
    return render(
        request,
        "forum/commitment.html",
        {
            "commitment": commitment,
            "views": views,
            "bars": [(line, share_bar(line.share)) for line in views.lines],
            "milestones": commitment.milestones.all(),
            "postponements": commitment.postponements.select_related("mandate__organisation"),
            "reports": commitment.reports.select_related("upload", "mandate__organisation")[
                :MOST_REPORTS
            ],
            "verdicts": queries.verdicts_on(commitment).exclude(text="")[:5],
            "own": queries.verdicts_of(commitment, judging).values() if judging else [],
            "may_report": may_report,
            "may_settle": rules.has_perm("forum.settle_commitment", request.user, commitment),
            "may_judge": may_judge,
            "releasers": people_of(commitment.organisation).filter(may_release=True)
            if works_there and not may_report
            else [],
            "history": list(tell(history_of(commitment)[:20], reader=request.user)),
        },
    )


@require_safe
@requires("forum.view_commitment", queries.get_commitment)
def verdicts(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """What each municipality and association says of a commitment."""
    form = VerdictFilterForm(request.GET)
    found = queries.verdicts_on(commitment, outcome=form.chosen())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = {"commitment": commitment, "form": form, "page": page}
    return render(request, "forum/verdicts.html", shown)


@require_safe
@requires("forum.view_commitment", queries.get_commitment)
def verdicts_csv(request: HttpRequest, commitment: Commitment) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    found = queries.verdicts_on(commitment, outcome=VerdictFilterForm(request.GET).chosen())
    return csv_response(
        f"bewertungen-{commitment.pk}.csv",
        [_("Organisation"), _("Art"), _("Schlüssel"), _("Bewertung"), _("Warum"), _("Am")],
        (
            [
                verdict.organisation,
                verdict.organisation.get_kind_display(),
                verdict.organisation.region.ags if verdict.organisation.region else "",
                verdict.get_outcome_display(),
                verdict.text,
                moment(verdict.at),
            ]
            for verdict in found
        ),
    )


@require_safe
@requires("forum.view_commitment", queries.get_report, about=lambda report: report.commitment)
def document(request: HttpRequest, report: Report) -> FileResponse:
    """The evidence of a report."""
    assert report.upload is not None  # noqa: S101  the finder asks for it
    return download(report.upload)
