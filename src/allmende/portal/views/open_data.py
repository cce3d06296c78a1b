"""Open data: what there is, and the files of it. All of it is public."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import offers
from ..access import public
from ..open_data import catalogue as open_data_catalogue
from ..open_data import dumps
from ..open_data.dumps import Dump, File
from ..open_data.model import Dataset
from ..tables import csv_response, json_response, plain, to_json

TYPES = {
    ".sqlite": "application/vnd.sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Line:
    """A dataset with what the newest dump knows of it."""

    dataset: Dataset
    rows: int | None
    parquet: File | None


def _line(dataset: Dataset, dump: Dump | None) -> Line:
    if dump is None:
        return Line(dataset, None, None)
    return Line(dataset, dump.rows.get(dataset.name), dump.files.get(f"{dataset.name}.parquet"))


def _find(name: str) -> Dataset:
    try:
        return offers.datasets()[name]
    except KeyError:
        raise Http404 from None


@require_safe
@public
def datasets(request: HttpRequest) -> HttpResponse:
    """All datasets, and the dumps that are kept."""
    kept = dumps.dumps()
    dump = kept[0] if kept else None
    return render(
        request,
        "portal/open_data.html",
        {
            "lines": [_line(dataset, dump) for dataset in offers.datasets().values()],
            "dump": dump,
            "earlier": kept[1:],
            "publisher": open_data_catalogue.publisher(),
        },
    )


@require_safe
@public
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """One dataset: its columns, and the same as files."""
    found = _find(name)
    dump = dumps.newest()
    return render(
        request,
        "portal/open_data_set.html",
        {
            "line": _line(found, dump),
            "dump": dump,
            "attribution": open_data_catalogue.attribution(found),
        },
    )


@require_safe
@public
def dataset_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    """One dataset as it is now, for a spreadsheet."""
    found = _find(name)
    return csv_response(f"{name}.csv", found.header, map(_as_cells, found.rows()))


def _as_cells(row: tuple[object, ...]) -> Iterator[object]:
    for cell in row:
        if isinstance(cell, bool):
            yield _("ja") if cell else _("nein")
        else:
            yield plain(cell)


@require_safe
@public
def dataset_json(request: HttpRequest, name: str) -> HttpResponseBase:
    """One dataset as it is now, for a program."""
    found = _find(name)
    return json_response(
        f"{name}.json",
        found.header,
        found.rows(),
        dataset=name,
        title=str(found.title),
        licence=found.licence.url,
        source=str(found.source),
        at=timezone.now(),
    )


@require_safe
@public
def newest_file(request: HttpRequest, file: str) -> HttpResponseBase:
    """A file of the newest dump, under an address that stays."""
    dump = dumps.newest()
    if dump is None:
        raise Http404
    return _send(request, dump, file)


@require_safe
@public
def kept_file(request: HttpRequest, dump: str, file: str) -> HttpResponseBase:
    """A file of a dump that is still kept."""
    found = next((each for each in dumps.dumps() if each.name == dump), None)
    if found is None:
        raise Http404
    return _send(request, found, file)


@require_safe
@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """The same for machines: DCAT-AP.de in JSON-LD."""
    return HttpResponse(
        to_json(open_data_catalogue.catalogue()), content_type="application/ld+json"
    )


def _send(request: HttpRequest, dump: Dump, name: str) -> HttpResponseBase:
    """Send a file, unless who asks has it already."""
    file = dump.files.get(name)
    if file is None:
        raise Http404
    etag = f'"{file.sha256}"'
    response = get_conditional_response(
        request, etag=etag, last_modified=int(dump.at.timestamp())
    ) or FileResponse(
        dump.path_of(file).open("rb"),
        as_attachment=True,
        filename=name,
        content_type=TYPES[dump.path_of(file).suffix],
    )
    response.headers["ETag"] = etag
    # Parquet is packed already, and who fetches a large file wants to see how much is left:
    # GZipMiddleware leaves alone what has an encoding.
    response.headers["Content-Encoding"] = "identity"
    response.headers["Cache-Control"] = "public, no-cache"
    return response
