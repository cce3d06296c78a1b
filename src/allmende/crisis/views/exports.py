"""The register as a file: for whom and when it was made stands in it."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from allmende.formats.facility_list import (
    DERIVED,
    FACILITIES,
    FACILITY_COLUMNS,
    NEED_COLUMNS,
    NEEDS,
    Cell,
    Table,
    write_workbook,
    written,
)
from allmende.formats.marks import MARKS, Mark
from allmende.portal.access import SignedInRequest, requires
from allmende.portal.tables import csv_response, to_json

from .. import queries, services
from ..forms import ExportForm, FacilityFilterForm
from ..forms.files import FileFormat
from ..models import FacilityQuerySet
from .facilities import chosen_facilities

FACILITY_HEADER = [*(column.heading for column in FACILITY_COLUMNS), *DERIVED]
LON, LAT = (
    next(column.heading for column in FACILITY_COLUMNS if column.field == name)
    for name in ("lon", "lat")
)
NEED_HEADER = [column.heading for column in NEED_COLUMNS]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.open_register", login=True)
def export(request: SignedInRequest) -> HttpResponseBase:
    """Choose what to take along; sending the form answers with the file and leaves a trace."""
    if request.method == "POST":
        form = ExportForm(request.POST)
        if form.is_valid():
            return _file(request, form)
    else:
        chosen = FacilityFilterForm(request.GET).chosen()
        form = ExportForm(initial={**chosen, "format": FileFormat.XLSX})
    return render(request, "crisis/export.html", {"form": form})


def _file(request: SignedInRequest, form: ExportForm) -> HttpResponseBase:
    found = chosen_facilities(request, form.chosen())
    kind = FileFormat(form.cleaned_data["format"])
    mark = services.export_facilities(
        actor=request.user, format_=kind.value, filters=form.filters, count=found.count()
    )
    response = WRITERS[kind](found, mark)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _csv(found: FacilityQuerySet, mark: Mark) -> HttpResponseBase:
    header = [*FACILITY_HEADER, *MARKS]
    return csv_response("einrichtungen.csv", header, _marked(queries.facility_rows(found), mark))


def _needs_csv(found: FacilityQuerySet, mark: Mark) -> HttpResponseBase:
    header = [*NEED_HEADER, *MARKS]
    return csv_response("bedarf.csv", header, _marked(queries.need_rows(found), mark))


def _marked(rows: Iterator[list[Cell]], mark: Mark) -> Iterator[list[str]]:
    return ([written(cell) for cell in (*row, *mark.cells)] for row in rows)


def _xlsx(found: FacilityQuerySet, mark: Mark) -> HttpResponseBase:
    target = BytesIO()
    tables = [
        Table(FACILITIES, FACILITY_COLUMNS, queries.facility_rows(found), DERIVED),
        Table(NEEDS, NEED_COLUMNS, queries.need_rows(found)),
    ]
    write_workbook(tables, mark=mark, target=target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename="einrichtungen.xlsx")


def _json(found: FacilityQuerySet, mark: Mark) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        yield f'{{"format": "allmende/facilities", "version": 1, "mark": {to_json(mark.document)},\n"facilities": ['
        yield from _objects(FACILITY_HEADER, queries.facility_rows(found))
        yield '\n],\n"needs": ['
        yield from _objects(NEED_HEADER, queries.need_rows(found))
        yield "\n]}\n"

    return _sent(lines(), "einrichtungen.json", "application/json")


def _geojson(found: FacilityQuerySet, mark: Mark) -> HttpResponseBase:
    left_out = found.filter(lon=None).count()

    def lines() -> Iterator[str]:
        yield (
            f'{{"type": "FeatureCollection", "mark": {to_json(mark.document)}, "without_place": {left_out},\n'
            '"features": ['
        )
        between = "\n"
        for row in queries.facility_rows(found.exclude(lon=None)):
            said = dict(zip(FACILITY_HEADER, row, strict=True))
            point = [said.pop(LON), said.pop(LAT)]
            feature = {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": point},
                "properties": said | dict(zip(MARKS, mark.cells, strict=True)),
            }
            yield between + to_json(feature)
            between = ",\n"
        yield "\n]}\n"

    return _sent(lines(), "einrichtungen.geojson", "application/geo+json")


def _objects(header: Sequence[str], rows: Iterator[list[Any]]) -> Iterator[str]:
    objects = (to_json(dict(zip(header, row, strict=True))) for row in rows)
    between = chain(["\n"], iter(lambda: ",\n", None))
    return (f"{sign}{line}" for sign, line in zip(between, objects, strict=False))


def _sent(lines: Iterator[str], name: str, media_type: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


WRITERS: dict[FileFormat, Callable[[FacilityQuerySet, Mark], HttpResponseBase]] = {
    FileFormat.XLSX: _xlsx,
    FileFormat.CSV: _csv,
    FileFormat.NEEDS: _needs_csv,
    FileFormat.JSON: _json,
    FileFormat.GEOJSON: _geojson,
}
