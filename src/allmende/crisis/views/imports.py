"""Facilities, needs and generators from a file: look first, then take over all of it or nothing."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from allmende.formats.errors import FormatError
from allmende.formats.facility_list import (
    FACILITIES,
    FACILITY_COLUMNS,
    GENERATOR_COLUMNS,
    GENERATORS,
    NEED_COLUMNS,
    NEEDS,
    Column,
    RegisterFile,
    read_register_file,
    template_workbook,
)
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response
from allmende.portal.templatetags.portal import number
from allmende.portal.uploads import safe_name

from .. import queries, services
from ..forms import DisputesForm, ImportForm
from ..models import ImportCheck

MOST_SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES: dict[str, dict[str, tuple[Column, ...]]] = {
    "einrichtungen": {FACILITIES: FACILITY_COLUMNS, NEEDS: NEED_COLUMNS},
    "bedarf": {NEEDS: NEED_COLUMNS},
    "notstrom": {GENERATORS: GENERATOR_COLUMNS},
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_facility", login=True)
def choose(request: SignedInRequest) -> HttpResponse:
    """Send a file; nothing changes before it was looked at."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = _read(file)
        except FormatError as error:
            form.add_error("file", str(error))
        else:
            name = safe_name(file.name or "")
            if rows.from_windows:
                messages.info(request, from_windows())
            made = services.keep_import(actor=request.user, file_name=name, file=rows)
            return see_other(reverse("crisis:import", args=[made.pk]))
    context = {"form": form, "waiting": queries.waiting_imports(request.user)}
    return render(request, "crisis/choose_import.html", context)


def from_windows() -> str:
    """What is said of a table that is not written in UTF-8."""
    return _(
        "Die Datei ist nicht in UTF-8 geschrieben; wir haben sie im Zeichensatz von Windows (cp1252) gelesen. "
        "Bitte sehen Sie nach, ob die Umlaute stimmen."
    )


def _read(file: UploadedFile) -> RegisterFile:
    """What was sent; read by its path, and gone again afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, safe_name(file.name or ""))
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        return read_register_file(path)


@require_safe
@requires("crisis.carry_out_import", queries.get_import, login=True)
def check(request: SignedInRequest, check: ImportCheck) -> HttpResponse:
    """What a file would change, or what is wrong with it."""
    places = queries.places_in(check)
    context = {
        "check": check,
        "faults": check.faults[:MOST_SHOWN],
        "most": MOST_SHOWN,
        "plain": sorted(
            (
                one | {"where": places.get(one["line"]) if one["table"] == GENERATORS else None}
                for one in check.shown
                if "facility" not in one
            ),
            key=lambda one: not one.get("warning"),
        ),
        "disputes": queries.disputes_of(check, reader=request.user),
    }
    if request.headers.get("HX-Request"):
        # The page asks while a worker is at it, and shows itself anew when it has finished.
        if not check.is_under_way:
            return HttpResponseClientRefresh()
        return render(request, "crisis/_import_state.html", context)
    return render(request, "crisis/import.html", context)


@require_safe
@requires("crisis.carry_out_import", queries.get_import, login=True)
def faults(request: SignedInRequest, check: ImportCheck) -> HttpResponseBase:
    """Every fault, to be mended row by row."""
    return csv_response(
        "fehler.csv",
        ["Blatt", "Zeile", "Spalte", "Grund"],
        ([each["table"], each["line"], each["column"], each["reason"]] for each in check.faults),
    )


@require_POST
@requires("crisis.carry_out_import", queries.get_import, login=True)
def carry_out(request: SignedInRequest, check: ImportCheck) -> HttpResponse:
    """Take over all of it: at once, or by a worker if it is large."""
    form = DisputesForm(request.POST, choices=queries.choices_of(check))
    serve = services.request_import if check.is_large else services.carry_out_import
    if form.is_valid():
        try:
            serve(actor=request.user, check=check, file_wins=form.chosen)
            if check.carried_out_at:
                messages.success(request, _taken_over(check))
        except services.Conflict as conflict:
            # Its page says so and what to do now, today and when she comes back.
            if not services.note_problem(check=check, words=str(conflict)):
                messages.warning(request, str(conflict))
    # A second click names what the first has settled: its page says how far that is.
    elif not (check.carried_out_at or check.is_under_way):
        said = _(
            "Nichts ist übernommen: Die Auswahl passt nicht zu dieser Datei. Bitte wählen Sie neu."
        )
        messages.warning(request, said)
    return see_other(reverse("crisis:import", args=[check.pk]))


@require_POST
@requires("crisis.carry_out_import", queries.get_import, login=True)
def discard(request: SignedInRequest, check: ImportCheck) -> HttpResponse:
    """Forget a file."""
    try:
        services.discard_import(check=check)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
        return see_other(reverse("crisis:import", args=[check.pk]))
    messages.success(request, _("„%(file)s“ ist verworfen.") % {"file": check.file_name})
    return see_other(reverse("crisis:choose_import"))


def _taken_over(check: ImportCheck) -> str:
    left = check.counts.get("left", 0)
    if not left:
        return _("Alles ist übernommen.")
    return ngettext(
        "Übernommen. %(shown)s Angabe bleibt, wie sie im Register steht.",
        "Übernommen. %(shown)s Angaben bleiben, wie sie im Register stehen.",
        left,
    ) % {"shown": number(left)}


def _template_called(file: str) -> str:
    name, _dot, ending = file.partition(".")
    if name not in TEMPLATES or ending not in {"csv", "xlsx"}:
        raise Http404
    return file


@require_safe
@requires("crisis.add_facility", _template_called, about=lambda _: None, login=True)
def template(request: HttpRequest, file: str) -> HttpResponseBase:
    """Headings and one example, to be filled in."""
    name, _dot, ending = file.partition(".")
    tables = TEMPLATES[name]
    if ending == "csv":
        columns = next(iter(tables.values()))
        header = [column.heading for column in columns]
        return csv_response(file, header, [[column.example for column in columns]])
    disposition = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(template_workbook(tables), content_type=XLSX, headers=disposition)
