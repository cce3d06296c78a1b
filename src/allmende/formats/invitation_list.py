"""A list of people to be invited, as CSV or as a workbook (.xlsx).

Columns, in any order: „AGS“ or „Organisation“, „E-Mail“, „Amt“; and, where wanted, „Name“ and „Mandat
bis“ (docs/reference/registry.md). What stands in them is checked by whoever knows the registry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from allmende.formats.csv_rows import find_columns, open_regular, read_table
from allmende.formats.errors import FormatError
from allmende.formats.workbook import open_workbook, rows_of

REQUIRED = ("e-mail", "amt")
OPTIONAL = ("ags", "organisation", "name", "mandat bis")
MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 30


@dataclass(frozen=True)
class ListRow:
    """One row, as it is written; ``line`` counts from 1 with the header."""

    line: int
    organisation: str
    email: str
    office: str
    name: str
    until: str


def read_invitation_list(path: Path) -> list[ListRow]:
    """Read all rows of a list.

    Parameters
    ----------
    path
        A CSV file (UTF-8; semicolons or commas) or a workbook, told by its content.

    Returns
    -------
    list of ListRow
        At most 20,000.

    Raises
    ------
    FormatError
        If the file cannot be read, a column is missing or there are no or too many rows.
    """
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        is_workbook = stream.read(2) == b"PK"
    rows: list[ListRow] = []
    for line, cells in _workbook_rows(path) if is_workbook else _csv_rows(path):
        if len(rows) == MOST_ROWS:
            raise FormatError(
                f"Die Liste hat mehr als {MOST_ROWS} Zeilen. Bitte aufteilen.", file=path.name
            )
        rows.append(
            ListRow(
                line=line,
                organisation=_key(cells.get("ags", "") or cells.get("organisation", "")),
                email=cells["e-mail"],
                office=cells["amt"],
                name=cells.get("name", ""),
                until=cells.get("mandat bis", ""),
            )
        )
    if not rows:
        raise FormatError("Die Liste hat keine Zeilen unter der Kopfzeile.", file=path.name)
    return rows


def parse_day(text: str) -> date | None:
    """A day as people and programs write it; None where there is none.

    >>> parse_day("31.12.2030"), parse_day("2030-12-31"), parse_day("")
    (datetime.date(2030, 12, 31), datetime.date(2030, 12, 31), None)

    Raises
    ------
    ValueError
        If it is no day.
    """
    if not text:
        return None
    return datetime.strptime(text, "%d.%m.%Y" if "." in text else "%Y-%m-%d").date()


def _key(text: str) -> str:
    """Spreadsheets take the zero off keys of eight digits."""
    return text.zfill(8) if text.isdigit() and len(text) == 7 else text


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    named = None
    for line, cells in read_table(
        path, required=REQUIRED, optional=OPTIONAL, most_bytes=MOST_BYTES
    ):
        named = named or _check_names_an_organisation(cells, path)
        yield line, cells


def _workbook_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    columns: dict[str, int] = {}
    with open_workbook(path) as sheets:
        sheet = next(sheets, None)
        if sheet is None:
            return
        for line, row in rows_of(sheet, file=path.name, columns=MOST_COLUMNS):
            texts = [_text(cell) for cell in row]
            if not columns:
                header = texts[: len("\0".join(texts).rstrip("\0").split("\0"))]
                columns = find_columns(header, required=REQUIRED, optional=OPTIONAL, file=path.name)
                _check_names_an_organisation(columns, path)
            elif any(texts):
                yield line, {name: texts[position] for name, position in columns.items()}


def _check_names_an_organisation(columns: dict[str, str] | dict[str, int], path: Path) -> bool:
    if "ags" in columns or "organisation" in columns:
        return True
    raise FormatError("Es fehlt die Spalte „AGS“ oder „Organisation“.", file=path.name, line=1)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
