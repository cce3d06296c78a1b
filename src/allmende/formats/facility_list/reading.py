"""Read a file of the register, within bounds."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from allmende.formats.csv_rows import (
    LONGEST_LINE,
    WINDOWS,
    decode_line,
    delimiter_of,
    encoding_of,
    find_columns,
    open_regular,
    read_table,
    split_rows,
)
from allmende.formats.errors import FormatError
from allmende.formats.file_kinds import FileKind, refuse_other_kinds
from allmende.formats.marks import EARLIER_MARKS, MARKS
from allmende.formats.workbook import open_workbook, refuse_many_rows, rows_of

from .cells import Fault, written
from .columns import (
    DERIVED,
    FACILITIES,
    FACILITY_COLUMNS,
    GENERATOR_COLUMNS,
    GENERATORS,
    GENERATORS_DERIVED,
    NEED_COLUMNS,
    NEEDS,
    Column,
)

# What ``views.exports`` writes as JSON.
FORMAT, VERSION = "allmende/facilities", 1
MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
ACCEPTED = "Excel (.xlsx), CSV, JSON des Registers oder GeoJSON"
MOST_COLUMNS = 40
# Where a fault is of no single column.
WHOLE_ROW = "Zeile"
PASSED_OVER = tuple(
    name.lower() for name in dict.fromkeys((*MARKS, *EARLIER_MARKS, *DERIVED, *GENERATORS_DERIVED))
)
COLUMNS = {
    table: {column.heading.lower(): column for column in columns}
    for table, columns in (
        (FACILITIES, FACILITY_COLUMNS),
        (NEEDS, NEED_COLUMNS),
        (GENERATORS, GENERATOR_COLUMNS),
    )
}


@dataclass(frozen=True)
class Row:
    """One row as it is written; ``columns`` are those that the file has."""

    line: int
    columns: Sequence[Column]
    texts: tuple[str, ...]

    @property
    def cells(self) -> Iterator[tuple[Column, str]]:
        return zip(self.columns, self.texts, strict=True)


@dataclass
class RegisterFile:
    """All rows of a file, by table; ``faults`` are of rows that cannot be told apart into cells.

    ``from_windows``: it was written in the character set of Windows.
    """

    facilities: list[Row] = field(default_factory=list)
    needs: list[Row] = field(default_factory=list)
    generators: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    from_windows: bool = False

    def add(self, table: str, row: Row, *, file: str) -> None:
        """Take one more row, as long as there are not too many."""
        self._check_count(file)
        self.rows[table].append(row)

    @property
    def rows(self) -> dict[str, list[Row]]:
        """Rows by table."""
        return {FACILITIES: self.facilities, NEEDS: self.needs, GENERATORS: self.generators}

    def refuse(self, table: str, error: FormatError) -> None:
        """Take note of a row that cannot be read; it counts as one."""
        self._check_count(error.file)
        self.faults.append(Fault(table, error.line or 0, WHOLE_ROW, error.message))

    def _check_count(self, file: str) -> None:
        if sum(map(len, self.rows.values())) + len(self.faults) == MOST_ROWS:
            raise _too_many(file)


def read_register_file(path: Path) -> RegisterFile:
    """Read facilities, what they need, and generators.

    Parameters
    ----------
    path
        A CSV file (UTF-8 or as Windows writes; semicolons, commas or tabs) with one of the tables, a workbook with some of them, JSON
        as the register is written, or GeoJSON with points; told by its content.

    Returns
    -------
    RegisterFile
        At most 50,000 rows.

    Raises
    ------
    FormatError
        If the file cannot be read, names unknown columns, or has no or too many rows.
    """
    refuse_other_kinds(
        path, FileKind.WORKBOOK, FileKind.JSON, wanted="keine Tabelle", accepted=ACCEPTED
    )
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        begin = stream.read(200).removeprefix(b"\xef\xbb\xbf").lstrip()
    found = RegisterFile()
    if begin.startswith(b"PK"):
        _read_workbook(path, found)
    elif begin.startswith((b"{", b"[")):
        _read_json(path, found)
    else:
        _read_csv(path, found)
    if not any(found.rows.values()) and not found.faults:
        raise FormatError("Die Datei hat keine Zeilen unter der Kopfzeile.", file=path.name)
    return found


def _too_many(file: str) -> FormatError:
    return FormatError(
        f"Die Datei hat mehr als {MOST_ROWS:,} Zeilen. Bitte teilen Sie sie auf.".replace(",", "."),
        file=file,
    )


def _table_of(headings: Sequence[str]) -> str:
    """Needs name suppliers, generators their power or whose they are; facilities none of this."""
    names = {heading.strip().lower() for heading in headings}
    if names & {"leistung (kw)", "halter", "stunden bei volllast", "freigabe durch"}:
        return GENERATORS
    return NEEDS if "lieferanten" in names or "bedarfsnummer" in names else FACILITIES


def _check_naming(table: str, names: Sequence[str], *, file: str, sheet: str = "") -> None:
    """A row must say which facility it is about."""
    name = "einrichtung" if table == NEEDS else "name"
    by_name = name in names and ("gemeinde" in names or "gemeindeschlüssel" in names)
    by_name = by_name or (table == GENERATORS and {"name", "einrichtung"} <= {*names})
    if "nummer" in names or by_name or "bedarfsnummer" in names:
        return
    raise FormatError(
        f"Es fehlen Spalten: „Nummer“, oder „{name.capitalize()}“ und „Gemeindeschlüssel“ oder „Gemeinde“.",
        file=file,
        sheet=sheet,
        line=1,
    )


def _read_csv(path: Path, found: RegisterFile) -> None:
    encoding = encoding_of(path, most_bytes=MOST_BYTES)
    found.from_windows = encoding == WINDOWS
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        first = stream.readline(LONGEST_LINE)
        header = decode_line(first, file=path.name, line=1, encoding=encoding)
    rows = split_rows(iter([header]), file=path.name, delimiter=delimiter_of(header))
    headings = next(rows, (1, []))[1]
    table = _table_of(headings)
    known = COLUMNS[table]
    optional = (*known, *PASSED_OVER)
    columns: list[Column] = []
    names: list[str] = []
    for line, cells in read_table(
        path,
        required=(),
        optional=optional,
        most_bytes=MOST_BYTES,
        refuse=partial(found.refuse, table),
    ):
        if not columns:
            names = [name for name in cells if name in known]
            _check_naming(table, names, file=path.name)
            columns = [known[name] for name in names]
        texts = tuple(cells[name] for name in names)
        if any(texts):
            found.add(table, Row(line, columns, texts), file=path.name)


def _read_workbook(path: Path, found: RegisterFile) -> None:
    # Before anything is unpacked into memory: shared texts of a million rows are large.
    refuse_many_rows(path, most=MOST_ROWS + 1, error=_too_many(path.name))
    with open_workbook(path) as sheets:
        titled = list(sheets)
        ours = [sheet for sheet in titled if sheet.title in COLUMNS] or titled[:1]
        for sheet in ours:
            _read_sheet(sheet, found, file=path.name)


def _read_sheet(sheet: Any, found: RegisterFile, *, file: str) -> None:
    table = ""
    columns: list[Column] = []
    positions: list[int] = []
    for line, row in rows_of(sheet, file=file, columns=MOST_COLUMNS):
        texts = [_text(cell) for cell in row]
        if not any(texts):
            continue
        if not columns:
            while texts and not texts[-1]:
                texts.pop()
            table = sheet.title if sheet.title in COLUMNS else _table_of(texts)
            known = COLUMNS[table]
            there = find_columns(
                texts, required=(), optional=(*known, *PASSED_OVER), file=file, strict=True
            )
            names = [name for name in there if name in known]
            _check_naming(table, names, file=file, sheet=sheet.title)
            columns = [known[name] for name in names]
            positions = [there[name] for name in names]
            continue
        ours = tuple(texts[position] if position < len(texts) else "" for position in positions)
        if any(ours):
            found.add(table, Row(line, columns, ours), file=file)


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float) and not isfinite(cell):
        return str(cell)
    if cell is None or isinstance(cell, str | int | float):
        return written(cell)
    return str(cell).strip()


def _read_json(path: Path, found: RegisterFile) -> None:
    """What the register writes for programs, or points for maps."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict) and content.get("format") == FORMAT:
        _read_own(content, found, file=path.name)
    elif (
        isinstance(content, dict)
        and content.get("type") == "FeatureCollection"
        and isinstance(features := content.get("features"), list)
    ):
        _read_points(features, found, file=path.name)
    else:
        raise FormatError(
            "Das ist weder JSON des Registers noch GeoJSON mit einer Liste von Punkten "
            "(FeatureCollection).",
            file=path.name,
        )


def _read_own(content: dict[str, Any], found: RegisterFile, *, file: str) -> None:
    """Both tables with their headings as names; each row has those that it says something of."""
    if content.get("version") != VERSION:
        raise FormatError(f"Von diesem Format wird die Fassung {VERSION} gelesen.", file=file)
    tables = {FACILITIES: content.get("facilities", []), NEEDS: content.get("needs", [])}
    for name, rows in zip(("facilities", "needs"), tables.values(), strict=True):
        if not isinstance(rows, list):
            raise FormatError(f"„{name}“ ist keine Liste.", file=file)
    if sum(map(len, tables.values())) > MOST_ROWS:
        raise _too_many(file)
    for table, rows in tables.items():
        for number, row in enumerate(rows, 1):
            try:
                cells = _cells_of(row.items(), table)
            except (AttributeError, ValueError) as error:
                said = "Diese Zeile ist kein Objekt mit einfachen Angaben."
                raise FormatError(said, file=file, sheet=table, line=number) from error
            _check_naming(table, [column.heading.lower() for column in cells], file=file)
            found.add(table, Row(number, tuple(cells), tuple(cells.values())), file=file)


def _cells_of(items: Iterable[tuple[str, Any]], table: str) -> dict[Column, str]:
    known = COLUMNS[table]
    cells: dict[Column, str] = {}
    for name, value in items:
        if (column := known.get(name.strip().lower())) is not None:
            if isinstance(value, list | dict):
                raise ValueError(name)
            cells[column] = _text(value)
    return cells


def _read_points(features: list[Any], found: RegisterFile, *, file: str) -> None:
    """Points with the columns of facilities as properties; what else GIS programs add is passed over."""
    if len(features) > MOST_ROWS:
        raise _too_many(file)
    for number, feature in enumerate(features, 1):
        try:
            cells = _feature_cells(feature)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise FormatError(
                "Dieses Objekt ist kein Punkt mit Länge und Breite und einfachen Angaben.",
                file=file,
                line=number,
            ) from error
        _check_naming(FACILITIES, [column.heading.lower() for column in cells], file=file)
        row = Row(number, tuple(cells), tuple(cells.values()))
        found.add(FACILITIES, row, file=file)


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _feature_cells(feature: Any) -> dict[Column, str]:
    known = COLUMNS[FACILITIES]
    cells = _cells_of((feature.get("properties") or {}).items(), FACILITIES)
    if (geometry := feature["geometry"]) is not None:
        lon, lat = (float(value) for value in geometry["coordinates"][:2])
        if geometry["type"] != "Point":
            raise ValueError(geometry["type"])
        cells |= {known["länge"]: written(lon), known["breite"]: written(lat)}
    return cells
