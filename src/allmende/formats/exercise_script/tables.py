"""Injects as rows of a CSV file or of a sheet of a workbook (.xlsx): reading with a column mapper, writing.

Columns are guessed from headings that are in use (`guess_columns`); who knows better says so (``columns``).
Cells: times as „T+26:30“, „2:30“ or minutes; several names with „;“ between them; conditions as JSON.

>>> guess_columns(["Nummer", "Uhr", "Betreff", "Empfänger"])
{'key': 'Nummer', 'title': 'Betreff', 'to': 'Empfänger'}
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allmende.formats.csv_rows import (
    LONGEST_LINE,
    check_width,
    decode_line,
    delimiter_of,
    encoding_of,
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
from allmende.formats.marks import MARKS, Mark, without_marks
from allmende.formats.workbook import open_workbook, rows_of

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
SHEET = "Einlagen"
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
            fitting = [each for each in headings if bare(each) == bare(name)]
            if fitting:
                found[field.name] = fitting[0]
                break
    return found


@dataclass(frozen=True)
class Cells:
    """A table before anybody has said what its columns mean: line and cells of each row, as wide as the headings.

    sheet : what it is called, if it is one of several in a workbook
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    sheet: str = ""

    @property
    def place(self) -> str:
        """Where faults are, beside their row."""
        return f"Blatt „{self.sheet}“" if self.sheet else ""


def read_cells(path: Path) -> Cells:
    """Read a table as it is.

    Parameters
    ----------
    path
        CSV (UTF-8 or the character set of Windows; semicolons, commas or tabs) or a workbook, told by its content.

    Returns
    -------
    Cells
        At most 5,000 rows.

    Raises
    ------
    FormatError
        If the file cannot be read, is empty or has too many rows.
    """
    if is_workbook(path):
        with open_workbook(path) as sheets:
            found = cells_of(sheet_rows(injects_sheet(list(sheets)), file=path.name), path.name)
    else:
        found = cells_of(_csv_rows(path), path.name)
    return filled(found, path.name)


def cells_of(
    rows: Iterator[tuple[int, list[str]]], file: str, *, sheet: str = "", most: int = MOST_ROWS
) -> Cells:
    """A table of rows, the first of which are its headings."""
    headings = next(rows, (1, []))[1]
    found: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in rows:
        if len(found) == most:
            reason = f"Die Tabelle hat mehr als {most} Zeilen. Bitte aufteilen."
            raise FormatError(reason, file=file, sheet=sheet)
        found.append((line, tuple(cells)))
    return Cells(tuple(headings), tuple(found), sheet)


def filled(table: Cells, file: str) -> Cells:
    """The table. Raises ``FormatError`` if nothing is in it."""
    if not any(table.headings):
        raise FormatError("Die Tabelle ist leer.", file=file)
    if not table.rows:
        raise FormatError("Die Tabelle hat keine Zeilen unter der Kopfzeile.", file=file)
    return table


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
    headings = list(without_marks(table.headings))
    chosen = _chosen(headings, columns or {}, file)
    places = {name: headings.index(heading) for name, heading in chosen.items()}
    faults: list[Fault] = []
    injects: list[Inject] = []
    lines: dict[str, int] = {}
    for line, cells in table.rows:
        before = len(faults)
        written = {name: cells[place] for name, place in places.items()}
        written.setdefault("key", str(len(injects) + 1))
        values = values_of(written, INJECT, chosen, (table.place, line), faults)
        key = values.get("key")
        if isinstance(key, str) and key in lines:
            reason = f"Die Nummer „{key}“ steht schon in Zeile {lines[key]}."
            faults.append(Fault(table.place, chosen.get("key", "Nr."), reason, line))
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
    for row in written_rows(injects, mark):
        writer.writerow(["'" + cell if cell.startswith(FORMULA) else cell for cell in row])
    return "\ufeff" + stream.getvalue()


def bare(heading: str) -> str:
    """A heading as far as it counts."""
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


def values_of(
    written: Mapping[str, str],
    fields: Iterable[Field],
    columns: Columns,
    where: tuple[str, int],
    faults: list[Fault],
) -> dict[str, Any]:
    """What the cells of a row say, by field; empty ones say nothing. ``where``: sheet and line."""
    found = {}
    for field in fields:
        text = written.get(field.name, "")
        if text == "" and not (field.required and field.name in written):
            continue
        try:
            found[field.name] = checked(read_cell(text, field), field)
        except ValueError as error:
            heading = columns.get(field.name, field.heading)
            faults.append(Fault(where[0], heading, str(error), where[1]))
            found[field.name] = None
    return found


def written_rows(injects: Iterable[Inject], mark: Mark | None) -> Iterator[list[str]]:
    """Headings and a row for each inject; a ``mark`` stands in columns of its own."""
    yield [*(field.heading for field in INJECT), *(MARKS if mark else ())]
    marked = mark.cells if mark else ()
    for inject in injects:
        yield [*(write_cell(getattr(inject, field.name), field) for field in INJECT), *marked]


def is_workbook(path: Path) -> bool:
    """Whether a file is one, else it is CSV. Raises ``FormatError`` if it is known to be something else."""
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        found = stream.read(2) == b"PK"
    refuse_other_kinds(
        path, FileKind.WORKBOOK, wanted="keine Tabelle", accepted="Excel (.xlsx) oder CSV"
    )
    return found


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    encoding = encoding_of(path, most_bytes=MOST_BYTES)
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        first = stream.readline(LONGEST_LINE)
        header = decode_line(first, file=path.name, line=1, encoding=encoding)
    delimiter, width = delimiter_of(header), 0
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        lines = lines_of(stream, file=path.name, encoding=encoding)
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


def injects_sheet(
    sheets: Sequence["ReadOnlyWorksheet"], others: Collection[str] = ()
) -> "ReadOnlyWorksheet | None":
    """The sheet with the injects: the one that is called so, or the first unless it is one of ``others``."""
    for sheet in sheets:
        if bare(sheet.title) == bare(SHEET):
            return sheet
    return next((sheet for sheet in sheets[:1] if bare(sheet.title) not in others), None)


def sheet_rows(sheet: "ReadOnlyWorksheet | None", *, file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a worksheet that are not blank, the header first; all as wide as it is."""
    if sheet is None:
        return
    width = 0
    for line, row in rows_of(sheet, file=file, columns=MOST_COLUMNS):
        cells = [text_of(cell) for cell in row]
        if not width:
            width = len("\0".join(cells).rstrip("\0").split("\0"))
        if any(cells):
            cells = [*cells, *[""] * width]
            yield line, cells[:width]
