"""Lists as files for a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import StreamingHttpResponse
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


def csv_response(
    name: str, header: list[str], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """Send rows as CSV the way German spreadsheets open it: semicolons and a byte order mark."""
    writer = csv.writer(_Line(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow([_harmless(cell) for cell in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def moment(at: datetime | None) -> str:
    """A point in time as German spreadsheets read it."""
    return timezone.localtime(at).strftime("%d.%m.%Y %H:%M") if at else ""
