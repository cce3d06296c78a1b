"""Injects as rows of a CSV file or a workbook (.xlsx): reading with a column mapper, writing.

Columns are guessed from headings that are in use (`guess_columns`); who knows better says so (``columns``).
Cells: times as „T+26:30“, „2:30“ or minutes; several names with „;“ between them; conditions as JSON.

>>> guess_columns(["Nummer", "Uhr", "Betreff", "Empfänger"])
{'key': 'Nummer', 'title': 'Betreff', 'to': 'Empfänger'}
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allmende.formats.csv_rows import (
    LONGEST_LINE,
    check_width,
    decode_line,
    delimiter_of,
    lines_of,
    open_regular,
    split_rows,
)
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.cells import read_cell, text_of, write_cell
from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.fields import INJECT, Field
from allmende.formats.exercise_script.model import Inject
from allmende.formats.exercise_script.values import checked
from allmende.formats.file_kinds import FileKind, refuse_other_kinds
from allmende.formats.marks import MARKS, Mark
from allmende.formats.workbook import open_workbook, rows_of

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
# A cell that begins so is a formula for a spreadsheet; an apostrophe in front of it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Columns = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """What was read. ``columns``: heading by field; ``ignored``: headings that belong to no field."""

    injects: tuple[Inject, ...]
    columns: Columns
    ignored: tuple[str, ...]


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """The heading of each field, as far as it can be told; the first if several mean the same."""
    found: dict[str, str] = {}
    for field in INJECT:
        names = [field.heading.casefold(), *field.also, field.name]
        for name in names:
            fitting = [each for each in headings if _bare(each) == _bare(name)]
            if fitting:
                found[field.name] = fitting[0]
                break
    return found


@dataclass(frozen=True)
class Cells:
    """A table before anybody has said what its columns mean: line and cells of each row, as wide as the headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_cells(path: Path) -> Cells:
    """Read a table as it is.

    Parameters
    ----------
    path
        CSV (UTF-8; semicolons or commas) or a workbook, told by its content.

    Returns
    -------
    Cells
        At most 5,000 rows.

    Raises
    ------
    FormatError
        If the file cannot be read, is empty or has too many rows.
    """
    rows = _rows(path)
    headings = next(rows, (1, []))[1]
    if not any(headings):
        raise FormatError("Die Tabelle ist leer.", file=path.name)
    found: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in rows:
        if len(found) == MOST_ROWS:
            raise FormatError(
                f"Die Tabelle hat mehr als {MOST_ROWS} Zeilen. Bitte aufteilen.", file=path.name
            )
        found.append((line, tuple(cells)))
    if not found:
        raise FormatError("Die Tabelle hat keine Zeilen unter der Kopfzeile.", file=path.name)
    return Cells(tuple(headings), tuple(found))


def read_injects(path: Path, columns: Columns | None = None) -> Table:
    """Read all rows of a table as injects.

    Parameters
    ----------
    path
        As `read_cells` takes it.
    columns
        Heading by field, where the guess is wrong; "" for a field that no column holds.

    Returns
    -------
    Table
        At most 5,000 injects. Without a column of keys, they are numbered.

    Raises
    ------
    ScriptError
        With every fault, its row, column and reason. FormatError if the file cannot be read.
    """
    return injects_of(read_cells(path), columns, file=path.name)


def injects_of(table: Cells, columns: Columns | None = None, *, file: str = "") -> Table:
    """The same of a table that was read already."""
    headings = list(table.headings)
    chosen = _chosen(headings, columns or {}, file)
    places = {name: headings.index(heading) for name, heading in chosen.items()}
    faults: list[Fault] = []
    injects: list[Inject] = []
    lines: dict[str, int] = {}
    for line, cells in table.rows:
        before = len(faults)
        written = {name: cells[place] for name, place in places.items()}
        written.setdefault("key", str(len(injects) + 1))
        values = {
            field.name: _value(written[field.name], field, line, chosen, faults)
            for field in INJECT
            if written.get(field.name, "") != "" or (field.required and field.name in written)
        }
        key = values.get("key")
        if isinstance(key, str) and key in lines:
            reason = f"Die Nummer „{key}“ steht schon in Zeile {lines[key]}."
            faults.append(Fault("", chosen.get("key", "Nr."), reason, line))
        elif isinstance(key, str):
            lines[key] = line
        if len(faults) == before:
            injects.append(Inject(**values))
    if faults:
        raise ScriptError(faults, file=file)
    passed_over = {*chosen.values(), *MARKS}
    ignored = tuple(each for each in headings if each and each not in passed_over)
    return Table(tuple(injects), chosen, ignored)


def write_csv(injects: Iterable[Inject], mark: Mark | None = None) -> str:
    """All injects as CSV with semicolons, as German spreadsheets read it; a ``mark`` stands in columns of its own."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for row in _written(injects, mark):
        writer.writerow(["'" + cell if cell.startswith(FORMULA) else cell for cell in row])
    return "\ufeff" + stream.getvalue()


def write_workbook(injects: Iterable[Inject], mark: Mark | None = None) -> bytes:
    """The same as a workbook; every cell is text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Einlagen")
    for row in _written(injects, mark):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL.sub("", text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _bare(heading: str) -> str:
    return re.sub(r"[^\w#+]", "", heading.casefold())


def _chosen(headings: Sequence[str], columns: Columns, file: str) -> dict[str, str]:
    fields = {field.name: field for field in INJECT}
    faults = [
        Fault("", name, "Ein solches Feld gibt es nicht.", 1)
        for name in columns
        if name not in fields
    ]
    faults += [
        Fault("", heading, "Eine solche Spalte gibt es nicht.", 1)
        for heading in columns.values()
        if heading and heading not in headings
    ]
    told = {heading for heading in columns.values() if heading}
    guessed = guess_columns([heading for heading in headings if heading not in told])
    chosen = {
        name: heading
        for name, heading in {**guessed, **columns}.items()
        if heading and name in fields
    }
    for heading in chosen.values():
        if headings.count(heading) > 1:
            faults.append(Fault("", heading, "Die Spalte steht doppelt.", 1))
    missing = [
        field.heading
        for field in INJECT
        if field.required and field.name not in chosen and field.name != "key"
    ]
    if missing:
        listed = ", ".join(f"„{heading}“" for heading in missing)
        reason = f"Es fehlt: {listed}. Vorhanden sind: {', '.join(filter(None, headings))[:300]}."
        faults.append(Fault("Kopfzeile", "", reason))
    if faults:
        raise ScriptError(faults, file=file)
    return chosen


def _value(text: str, field: Field, line: int, columns: Columns, faults: list[Fault]) -> Any:
    try:
        return checked(read_cell(text, field), field)
    except ValueError as error:
        faults.append(Fault("", columns.get(field.name, field.heading), str(error), line))
        return None


def _written(injects: Iterable[Inject], mark: Mark | None) -> Iterator[list[str]]:
    yield [*(field.heading for field in INJECT), *(MARKS if mark else ())]
    marked = mark.cells if mark else ()
    for inject in injects:
        yield [*(write_cell(getattr(inject, field.name), field) for field in INJECT), *marked]


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, the header first; all as wide as it is."""
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        is_workbook = stream.read(2) == b"PK"
    refuse_other_kinds(
        path, FileKind.WORKBOOK, wanted="keine Tabelle", accepted="Excel (.xlsx) oder CSV"
    )
    yield from _workbook_rows(path) if is_workbook else _csv_rows(path)


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        first = decode_line(stream.readline(LONGEST_LINE), file=path.name, line=1)
    delimiter, width = delimiter_of(first), 0
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        lines = lines_of(stream, file=path.name)
        for line, cells in split_rows(lines, file=path.name, delimiter=delimiter):
            width = width or len(cells)
            check_width(cells, width, file=path.name, line=line)
            yield (
                line,
                [
                    cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell
                    for cell in cells
                ],
            )


def _workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with open_workbook(path) as sheets:
        sheet = next(sheets, None)
        if sheet is None:
            return
        width = 0
        for line, row in rows_of(sheet, file=path.name, columns=MOST_COLUMNS):
            cells = [text_of(cell) for cell in row]
            if not width:
                width = len("\0".join(cells).rstrip("\0").split("\0"))
            if any(cells):
                cells = [*cells, *[""] * width]
                yield line, cells[:width]
