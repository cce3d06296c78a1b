"""Workbooks of the register: with a mark for whom they were made, or empty to be filled in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from allmende.formats.marks import MARKS, Mark

from .cells import Cell, plain_text
from .columns import Column

HINTS = "Hinweise"
LONGEST_FOOTER = 250
WIDE = {"name", "provider", "suppliers", "shares", "place", "note", "contacts", "measures"}


@dataclass(frozen=True)
class Table:
    """A sheet: its title, its columns, ``derived`` headings that reading passes over, and the values of rows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    derived: Sequence[str] = ()


def write_workbook(tables: Sequence[Table], *, mark: Mark, target: IO[bytes]) -> None:
    """Write tables and a sheet of hints.

    Parameters
    ----------
    tables
        Rows have their values in the order of columns and derived headings; the mark is added here.
    mark
        Stands in columns, in the foot of every page and in the properties.
    target
        Where the file goes.
    """
    book = _book(mark.line)
    for table in tables:
        more = [*table.derived, *MARKS]
        sheet = _sheet(book, table.title, table.columns, more, foot=mark.line)
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in (*row, *mark.cells)])
    about = [f"Abgerufen für: {mark.capacity}", f"Am: {mark.at}", f"Kennung: {mark.code}"]
    _hints(book, tables, about)
    book.save(target)


def template_workbook(tables: Mapping[str, Sequence[Column]]) -> bytes:
    """A workbook with headings and one example in each table, to be filled in."""
    book = _book("Vorlage")
    for title, columns in tables.items():
        sheet = _sheet(book, title, columns, [], foot="")
        sheet.append([_cell(sheet, column.example) for column in columns])
    _hints(
        book,
        [Table(title, columns, ()) for title, columns in tables.items()],
        ["Die Zeile „Musterdorf“ ist ein Beispiel: bitte löschen oder überschreiben."],
    )
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _book(subject: str) -> Any:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    about = book.properties
    about.creator, about.title, about.subject = "Allmende", "Register der Einrichtungen", subject
    about.description = about.keywords = subject
    return book


def _sheet(book: Any, title: str, columns: Sequence[Column], more: list[str], *, foot: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    # „&“ begins a command there.
    sheet.oddFooter.center.text = foot[:LONGEST_FOOTER].replace("&", "&&")
    names = [*(column.heading for column in columns), *more]
    wide = {column.heading for column in columns if column.field in WIDE}
    for number, name in enumerate(names, 1):
        width = 32 if name in wide else max(12, len(name) + 2)
        sheet.column_dimensions[get_column_letter(number)].width = width
    header = [WriteOnlyCell(sheet, name) for name in names]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _cell(sheet: Any, value: Cell) -> Any:
    """A cell; a text stays one, even where it begins like a formula or an error."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, bool):
        return "ja" if value else "nein"
    if not isinstance(value, str):
        return value
    text = plain_text(value)
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _hints(book: Any, tables: Sequence[Table], about: Sequence[str]) -> None:
    sheet = book.create_sheet(HINTS)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 90
    for line in (
        *about,
        "Vertraulich: Geben Sie diese Datei nur an Menschen weiter, die sie für ihre Aufgabe brauchen.",
        "Was in einer Datei nicht steht, bleibt beim Einlesen, wie es ist; gelöscht wird nichts.",
    ):
        sheet.append([line])
    for table in tables:
        sheet.append([])
        sheet.append([f"Blatt „{table.title}“"])
        for column in table.columns:
            sheet.append([column.heading, column.hint])
