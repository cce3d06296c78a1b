"""How ministries answer and keep what they promise."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import public
from allmende.portal.tables import csv_response

from .. import queries
from ..models import Outcome
from ..queries import MinistryFigures


@require_safe
@public
def ministries(request: HttpRequest) -> HttpResponse:
    """The figures of every ministry, real ones apart from example data."""
    figures = queries.figures_of_ministries()
    parts = [
        (is_example, rows, queries.overdue_answers(is_example=is_example))
        for is_example in (False, True)
        if (rows := [each for each in figures if each.is_example == is_example])
    ]
    shown = {"parts": parts, "today": timezone.localdate()}
    return render(request, "forum/ministries.html", shown)


@require_safe
@public
def ministries_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same figures for a spreadsheet."""
    header = [
        _("Ministerium"),
        _("Beispieldaten"),
        _("Stand"),
        _("Anliegen gesendet"),
        _("davon noch ohne Antwort"),
        _("davon überfällig"),
        _("Antworten"),
        _("Tage bis zur Antwort (Median)"),
        _("Antworten in der Frist"),
        _("Anteil in der Frist"),
        _("Antworten erst in verlängerter Frist"),
        _("Zusagen"),
        _("eingehalten nach eigener Sicht"),
        _("teilweise nach eigener Sicht"),
        _("nicht eingehalten nach eigener Sicht"),
        _("offen"),
        _("überfällig"),
        _("Bewertungen der Kommunen"),
        _("bewertete Zusagen"),
        _("eingehalten nach Bewertungen"),
        _("teilweise nach Bewertungen"),
        _("nicht eingehalten nach Bewertungen"),
    ]
    return csv_response("ministerien.csv", header, map(_row, queries.figures_of_ministries()))


def _row(figures: MinistryFigures) -> list[object]:
    return [
        figures.ministry.name,
        _("ja") if figures.is_example else _("nein"),
        timezone.localdate().strftime("%d.%m.%Y"),
        figures.sent,
        figures.waiting,
        figures.overdue,
        figures.answered,
        None if figures.median_days is None else float(figures.median_days),
        figures.in_time,
        figures.share_in_time,
        figures.in_extended_time,
        figures.promised,
        *(figures.commitments[outcome] for outcome in Outcome),
        figures.commitments[queries.OPEN],
        figures.commitments[queries.OVERDUE],
        figures.judgements,
        figures.judged,
        *(figures.verdicts[outcome] for outcome in Outcome),
    ]
