"""A whole script as a workbook (.xlsx): a sheet of injects, and one for each other part; files by their names only.

A workbook that holds only injects is read as one; sheets that are none of ours are passed over, and told.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from allmende.formats.csv_rows import WINDOWS, encoding_of
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.cells import write_cell
from allmende.formats.exercise_script.changes import Document, Row
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.fields import Field
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.sheets import (
    MOST_NEEDS,
    MOST_ROWS,
    NEEDS,
    SHEETS,
    Sheet,
    fault_of_network,
    is_ours,
    written_sheets,
)
from allmende.formats.exercise_script.tables import (
    MOST_BYTES,
    SHEET,
    Cells,
    bare,
    cells_of,
    filled,
    injects_sheet,
    is_workbook,
    read_cells,
    sheet_rows,
    written_rows,
)
from allmende.formats.marks import MARKS, Mark
from allmende.formats.workbook import open_workbook

ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST = 32_767  # signs in a cell
NOTHING = Cells((), ())
AS_JSON = "nehmen Sie das Drehbuch als JSON mit."


@dataclass(frozen=True)
class Book:
    """What a file holds, before anybody has said what the columns of its injects mean.

    injects : without headings if there are none
    others : the other parts of a script
    passed_over : names of sheets that are none of ours
    from_windows : it is a table in the character set of Windows
    """

    injects: Cells
    others: tuple[Cells, ...] = ()
    passed_over: tuple[str, ...] = ()
    from_windows: bool = False


def read_book(path: Path) -> Book:
    """Read a table of injects, or a workbook with more.

    Parameters
    ----------
    path
        As `read_cells` takes it.

    Returns
    -------
    Book
        At most 5,000 injects, and 2,000 rows of another part (5,000 needs).

    Raises
    ------
    FormatError
        If the file cannot be read, is empty or has too many rows.
    """
    if not is_workbook(path):
        encoding = encoding_of(path, most_bytes=MOST_BYTES)
        return Book(read_cells(path), from_windows=encoding == WINDOWS)
    with open_workbook(path) as found:
        sheets = list(found)
        main = injects_sheet(sheets, SHEETS)
        others, passed_over = [], []
        for sheet in sheets:
            if sheet is main:
                continue
            known = SHEETS.get(bare(sheet.title))
            rows = sheet_rows(sheet, file=path.name) if known else iter(())
            most = MOST_NEEDS if known and known.part == NEEDS else MOST_ROWS
            table = cells_of(rows, path.name, sheet=sheet.title, most=most)
            if is_ours(table):
                others.append(table)
            else:
                passed_over.append(sheet.title)
        there = tuple(each for each in others if each.rows)
        title = main.title if main is not None and there else ""
        injects = cells_of(sheet_rows(main, file=path.name), path.name, sheet=title)
    if not there:
        injects = filled(injects, path.name)
    return Book(injects if injects.rows else NOTHING, there, tuple(passed_over))


def write_workbook(script: Script, mark: Mark | None = None) -> bytes:
    """All of a script but its files and hazards of other kinds; every cell is text, a ``mark`` stands on each sheet.

    Raises ``FormatError`` if something is longer than a cell, which would be cut off, or the network cannot be.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    # All of it before the first is written: a workbook that is begun has to be ended.
    sheets = checked_sheets(script, mark)
    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in rows:
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value=ILLEGAL.sub("", text))
                cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def why_no_workbook(script: Script) -> str:
    """Why a script cannot be written as one; empty if it can."""
    try:
        checked_sheets(script, None)
    except FormatError as error:
        return str(error)
    return ""


def checked_sheets(script: Script, mark: Mark | None) -> list[tuple[str, list[Sequence[str]]]]:
    """The sheets of a workbook: title, and texts of its rows. Raises ``FormatError`` as `write_workbook`."""
    document = document_of(script)
    if fault := fault_of_network(document):
        raise FormatError(f"{fault} Berichtigen Sie zuerst das Netz, oder {AS_JSON}")
    sheets = [(title, list(rows)) for title, rows in _sheets(script, document, mark)]
    _refuse_long(sheets)
    return sheets


def _refuse_long(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> None:
    for title, rows in sheets:
        for text in chain.from_iterable(rows):
            if len(text) > LONGEST:
                reason = f"„{text[:40]}…“ ist zu lang für eine Zelle. Kürzen Sie es, oder {AS_JSON}"
                raise FormatError(reason, sheet=title)


def _sheets(
    script: Script, document: Document, mark: Mark | None
) -> Iterator[tuple[str, Iterator[Sequence[str]]]]:
    yield SHEET, written_rows(script.injects, mark)
    for sheet, rows in written_sheets(document):
        yield sheet.title, _lines(sheet, rows, mark)


def _lines(sheet: Sheet, rows: list[Row], mark: Mark | None) -> Iterator[Sequence[str]]:
    yield [*(field.heading for field in sheet.fields), *(MARKS if mark else ())]
    for row in rows:
        yield [*(_text(row, field) for field in sheet.fields), *(mark.cells if mark else ())]


def _text(row: Row, field: Field) -> str:
    """A cell; what a row does not say stays empty, and says nothing when it comes back."""
    return write_cell(row[field.name], field) if field.name in row else ""
