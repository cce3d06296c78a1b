"""Generators: the list of those who need to know of them, one entered, changed, removed, and taken along."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.facility_list import (
    GENERATOR_COLUMNS,
    GENERATORS,
    GENERATORS_DERIVED,
    Cell,
    Table,
    write_workbook,
    written,
)
from allmende.formats.marks import MARKS, Mark
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other
from allmende.portal.tables import csv_response, json_response
from allmende.registry.models import Region

from .. import queries, services
from ..forms import GeneratorFilterForm, GeneratorForm, OwnedGeneratorForm
from ..models import Facility, Generator

PAGE_SIZE = 50


@require_safe
@requires("crisis.open_register", login=True)
def generators(request: SignedInRequest) -> HttpResponse:
    """All that a person needs to know of, the strongest first."""
    form = GeneratorFilterForm(request.GET)
    found = queries.chosen_generators(request.user, **form.chosen())
    sums = found.order_by().aggregate(
        count=Count("pk"), mobile=Count("pk", filter=Q(is_mobile=True)), power=Sum("power_kw")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    rows = [(one, queries.generator_mandate(request.user, one) is not None) for one in page]
    context = {"form": form, "page": page, "rows": rows, "sums": sums}
    return render(request, "crisis/generators.html", context)


@require_POST
@requires("crisis.open_register", login=True)
def export(request: SignedInRequest) -> HttpResponseBase:
    """The same as a file that says for whom it was made; that somebody takes it along is written down."""
    form = GeneratorFilterForm(request.POST)
    found = list(queries.chosen_generators(request.user, **form.chosen()))
    format_ = request.POST.get("als", "")
    format_ = format_ if format_ in {"json", "xlsx"} else "csv"
    mark = services.export_generators(
        actor=request.user, format_=format_, filters=form.filters, count=len(found)
    )
    response = _file(queries.generator_rows(found), mark, format_)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _file(rows: Iterable[list[Cell]], mark: Mark, format_: str) -> HttpResponseBase:
    header = [*(column.heading for column in GENERATOR_COLUMNS), *GENERATORS_DERIVED]
    if format_ == "json":
        about: dict[str, object] = {"format": "allmende/generators", "version": 1}
        about["mark"] = mark.document
        return json_response("notstrom.json", header, rows, **about)
    if format_ == "xlsx":
        target = BytesIO()
        table = Table(GENERATORS, GENERATOR_COLUMNS, rows, GENERATORS_DERIVED)
        write_workbook([table], mark=mark, target=target)
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename="notstrom.xlsx")
    marked = ([written(cell) for cell in (*row, *mark.cells)] for row in rows)
    return csv_response("notstrom.csv", [*header, *MARKS], marked)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def add_to(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Enter a generator of a facility."""
    form = GeneratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_generator(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            fields=form.said,
            facility=facility,
        )
        messages.success(request, _("Die Netzersatzanlage ist eingetragen."))
        return see_other(facility.get_absolute_url())
    return render(request, "crisis/edit_generator.html", {"form": form, "facility": facility})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_generator", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Enter one that belongs to no facility."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        services.add_generator(
            actor=request.user,
            mandate=queries.generator_mandate(request.user, Generator(**form.said)),
            fields=form.said,
        )
        messages.success(request, _("Die Netzersatzanlage ist eingetragen."))
        return see_other(reverse("crisis:generators"))
    return render(request, "crisis/edit_generator.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_generator", queries.get_generator, login=True)
def change(request: SignedInRequest, generator: Generator) -> HttpResponse:
    """Say it otherwise, or confirm it by saving."""
    facility = generator.facility
    form = _form(request, instance=generator)
    seen = posted_number(request, "version") if request.method == "POST" else generator.version
    differences = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_generator(
                actor=request.user,
                mandate=queries.generator_mandate(request.user, generator),
                generator=generator,
                seen=seen,
                fields=form.said,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            # Told of what is there by now, she may save over it.
            if there := getattr(conflict, "there", None):
                seen, differences = there.version, form.differences(there)
        else:
            messages.success(request, _("Gespeichert. Die Angaben gelten damit als bestätigt."))
            return see_other(_back(facility))
    context = {"form": form, "facility": facility, "generator": generator, "version": seen}
    return render(request, "crisis/edit_generator.html", context | {"differences": differences})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_generator", queries.get_generator, login=True)
def remove(request: SignedInRequest, generator: Generator) -> HttpResponse:
    """Say that it is there no more; asks first."""
    facility = generator.facility
    if request.method != "POST":
        context = {
            "deed": _("Netzersatzanlage löschen"),
            "name": generator.name,
            "where": queries.where_it_stands(generator),
            "meaning": _("Das lässt sich nicht zurücknehmen."),
            "facility": facility,
            "back": _back(facility),
        }
        return render(request, "crisis/remove.html", context)
    try:
        services.remove_generator(
            actor=request.user,
            mandate=queries.generator_mandate(request.user, generator),
            generator=generator,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Die Netzersatzanlage ist gelöscht."))
    return see_other(_back(facility))


def _back(facility: Facility | None) -> str:
    return facility.get_absolute_url() if facility else reverse("crisis:generators")


def _form(request: SignedInRequest, **options: Any) -> GeneratorForm:
    there = options.get("instance")
    if there is not None and there.facility is not None:
        return GeneratorForm(request.POST or None, **options)
    owners = queries.possible_providers(request.user)
    regions = queries.possible_regions(request.user)
    if there is not None:
        # Whose it is and where it stands may stay as it is, whoever changes the rest.
        if there.owner is not None and there.owner not in owners:
            owners.append(there.owner)
        regions = regions | Region.objects.filter(pk=there.region_id)
    return OwnedGeneratorForm(
        request.POST or None,
        owners=owners,
        regions=regions,
        may_write=lambda said: queries.generator_mandate(request.user, said) is not None,
        **options,
    )
