"""What a facility supplied by year, the thresholds that this is held against, and the operator's desk."""

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, posted_number, public, requires, see_other
from allmende.portal.tables import csv_response

from .. import queries, services
from ..forms import MeasureForm, ReportingOfficeForm, ThresholdForm
from ..models import Facility, Measure, Threshold


@require_safe
@public
def thresholds(request: HttpRequest) -> HttpResponse:
    """From which value on a facility is critical, since when, and who says so."""
    context = {"thresholds": queries.thresholds(), "today": timezone.localdate()}
    return render(request, "crisis/thresholds.html", context)


@require_safe
@public
def thresholds_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same for a spreadsheet."""
    header = [
        *(_("Kennung"), _("Sektor"), _("Kategorie"), _("Bemessungskriterium"), _("Einheit")),
        *(_("Schwellenwert"), _("Wert je Mensch"), _("Wer ihn setzt"), _("Gilt ab")),
        *(_("Gilt bis vor"), _("Quelle"), _("Bemerkung"), _("An der Quelle geprüft")),
    ]
    return csv_response("schwellenwerte.csv", header, map(_row, queries.thresholds()))


def _row(row: Threshold) -> list[object]:
    return [
        *(row.key, row.get_sector_display(), row.category, row.criterion, row.unit),
        *(_comma(row.amount), _comma(row.per_person)),
        row.get_land_display() if row.land else row.get_level_display(),
        *(_day(row.valid_from), _day(row.valid_until)),
        *(row.source, row.note, _("ja") if row.is_checked else _("nein")),
    ]


def _day(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""


def _comma(amount: Decimal | None) -> str:
    """As German spreadsheets read it, without zeros at the end."""
    if amount is None:
        return ""
    words = f"{amount:f}"
    return (words.rstrip("0").rstrip(".") if "." in words else words).replace(".", ",")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def measures(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Say how much a facility supplied in a year, and see what follows."""
    form = MeasureForm(
        request.POST or None,
        facility=facility,
        categories=queries.categories_for(facility.sector),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.set_measure(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                facility=facility,
                seen=posted_number(request, "version"),
                **form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(reverse("crisis:measures", args=[facility.pk]))
    status = queries.status_of(facility, on=timezone.localdate())
    context = {
        "facility": facility,
        "form": form,
        "status": status,
        "may_see_sums": queries.sees_all(request.user, status.together),
        "own": facility.measures.all(),
    }
    return render(request, "crisis/measures.html", context)


def _facility_of(measure: Measure) -> Facility:
    return measure.facility


@require_POST
@requires("crisis.change_facility", queries.get_measure, about=_facility_of, login=True)
def remove_measure(request: SignedInRequest, measure: Measure) -> HttpResponse:
    """Take a value back."""
    facility = measure.facility
    try:
        services.remove_measure(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            measure=measure,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Wert ist gelöscht."))
    return see_other(reverse("crisis:measures", args=[facility.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.operate", login=True)
def desk(request: SignedInRequest) -> HttpResponse:
    """Add a threshold: a new row that begins on a day; older ones stay."""
    form = ThresholdForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_threshold(actor=request.user, fields=form.cleaned_data)
        except services.Conflict as conflict:
            form.add_error("valid_from", str(conflict))
        else:
            messages.success(request, _("Der Schwellenwert steht in der Liste."))
            return see_other(reverse("crisis_desk:thresholds"))
    context = {"form": form, "thresholds": queries.thresholds(), "today": timezone.localdate()}
    return render(request, "crisis/desk_thresholds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.operate", login=True)
def offices(request: SignedInRequest) -> HttpResponse:
    """Say where incidents are told."""
    form = ReportingOfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_reporting_office(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Gespeichert."))
        return see_other(reverse("crisis_desk:offices"))
    context = {"form": form, "offices": queries.reporting_offices()}
    return render(request, "crisis/desk_offices.html", context)
