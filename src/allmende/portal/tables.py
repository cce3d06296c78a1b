"""Lists as files: CSV for a spreadsheet, JSON for a program."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file whose ``write`` returns what it is given: ``csv`` writes into it, we send it on."""

    def write(self, line: str) -> str:
        return line


def _harmless(cell: object) -> object:
    """A spreadsheet runs text that begins like a formula; a leading quote stops that.

    Numbers are written as German spreadsheets read them, with a comma.
    """
    if isinstance(cell, float):
        return f"{cell:.4f}".replace(".", ",")
    if cell is None or isinstance(cell, int):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) else text


class TableResponse(StreamingHttpResponse):
    """A table on its way as CSV; ``as_json`` sends the same rows otherwise."""

    def __init__(self, name: str, header: list[str], rows: Iterable[Iterable[object]]) -> None:
        self.name, self.header, self.rows = name, header, rows
        super().__init__(
            self._lines(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _lines(self) -> Iterator[str]:
        writer = csv.writer(_Line(), delimiter=";")
        yield "\ufeff" + writer.writerow(self.header)
        for row in self.rows:
            yield writer.writerow([_harmless(cell) for cell in row])


def csv_response(name: str, header: list[str], rows: Iterable[Iterable[object]]) -> TableResponse:
    """Send rows as CSV the way German spreadsheets open it: semicolons and a byte order mark."""
    return TableResponse(name, header, rows)


def json_response(
    name: str, header: list[str], rows: Iterable[Iterable[object]], **about: object
) -> StreamingHttpResponse:
    """Send rows as one JSON object: what ``about`` says, then ``records``, a row a line."""

    def lines() -> Iterator[str]:
        yield f'{to_json(about)[:-1]}{", " if about else ""}"records": ['
        between = "\n"
        for row in rows:
            yield between + to_json(dict(zip(header, row, strict=True)))
            between = ",\n"
        yield "\n]}\n"

    return StreamingHttpResponse(
        lines(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def as_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view of a list as CSV, sending the same list as JSON: for its own line in ``urls``."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        response = view(request, **parts)
        if not isinstance(response, TableResponse):
            return response
        name = f"{response.name.removesuffix('.csv')}.json"
        return json_response(name, response.header, response.rows)

    return answer


def kind_of_file(request: HttpRequest) -> str:
    """As what a list is asked for: „csv“, „json“."""
    return request.path.rpartition(".")[2]


def to_json(value: object) -> str:
    """JSON with umlauts as they are; days and moments (in UTC) as ISO 8601 writes them."""
    return json.dumps(value, ensure_ascii=False, default=plain)


def plain(value: object) -> object:
    """A cell that any program reads: days and moments (in UTC) as ISO 8601 writes them, else text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | float):
        return value
    return str(value)


def moment(at: datetime | None) -> str:
    """A point in time as German spreadsheets read it."""
    return timezone.localtime(at).strftime("%d.%m.%Y %H:%M") if at else ""
