"""Destatis' yearly and quarterly extract of the register of municipalities (AuszugGV….xlsx).

One sheet holds a headed table of the record types ("Satzart") 10 Land, 20 Regierungsbezirk, 30
Region (Baden-Württemberg only, left out), 40 Kreis, 50 Gemeindeverband and 60 Gemeinde. Columns are
found by their headings, so that an added or moved column does no harm.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from allmende.formats.errors import FormatError
from allmende.formats.municipalities.records import (
    KEY_LENGTHS,
    Level,
    RegionRecord,
    digits,
    split_key,
)
from allmende.formats.workbook import Row

MAX_COLUMNS = 40
HEADER_WITHIN = 20
ATTRIBUTION = (
    "© Statistisches Bundesamt (Destatis), Daten im Auftrag der Herausgebergemeinschaft "
    "Statistische Ämter des Bundes und der Länder. Vervielfältigung und Verbreitung, auch auszugsweise, mit "
    "Quellenangabe gestattet."
)

LEVELS = {
    "10": Level.LAND,
    "20": Level.REGIERUNGSBEZIRK,
    "40": Level.KREIS,
    "50": Level.GEMEINDEVERBAND,
    "60": Level.GEMEINDE,
}
REGION_BETWEEN = "30"

# Heading (letters only, lower case) → our name for the column.
HEADINGS = {
    "satzart": "record",
    "textkennzeichen": "kind",
    "land": "land",
    "rb": "rb",
    "kreis": "kreis",
    "vb": "vb",
    "gem": "gem",
    "gemeindename": "name",
    "fläche": "area",
    "insgesamt": "population",
    "postleitzahl": "postcode",
    "längengrad": "longitude",
    "breitengrad": "latitude",
}
GERMAN_LABELS = {
    "record": "Satzart",
    "kind": "Textkennzeichen",
    "land": "Land",
    "rb": "RB",
    "kreis": "Kreis",
    "vb": "VB",
    "gem": "Gem",
    "name": "Gemeindename",
    "area": "Fläche",
    "population": "Bevölkerung insgesamt",
    "postcode": "Postleitzahl",
    "longitude": "Längengrad",
    "latitude": "Breitengrad",
}
DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")


@dataclass(frozen=True)
class Table:
    """Where the table stands: columns by name, first line of data, and the dates of its heading."""

    columns: dict[str, int]
    first_line: int
    status_date: date
    population_date: date | None


def find_table(head: list[Row], *, file: str, sheet: str) -> Table | None:
    """Find the table in the first rows of a sheet; None if this sheet does not hold it.

    Raises
    ------
    FormatError
        If the table begins here but lacks a column or its date.
    """
    for index, row in enumerate(head):
        words = {_letters(cell) for cell in row}
        if not {"satzart", "gemeindename"} <= words:
            continue
        line = index + 1
        columns: dict[str, int] = {}
        for candidate in head[index : index + 2]:
            for position, cell in enumerate(candidate):
                if name := HEADINGS.get(_letters(cell)):
                    columns.setdefault(name, position)
        missing = [label for name, label in GERMAN_LABELS.items() if name not in columns]
        if missing:
            raise FormatError(
                f"In der Tabelle fehlt die Spalte „{missing[0]}“.",
                file=file,
                sheet=sheet,
                line=line,
            )
        status = _status_date(head)
        if status is None:
            raise FormatError(
                "Der Gebietsstand („Gebietsstand am TT.MM.JJJJ“) fehlt im Tabellenkopf.",
                file=file,
                sheet=sheet,
                line=line,
            )
        population_date = None
        for candidate in head[index + 1 : index + 4]:
            if columns["population"] < len(candidate):
                population_date = population_date or find_date(candidate[columns["population"]])
        if population_date is None:
            # One heading spans area and population when both have the same date.
            for candidate in head[index + 1 : index + 4]:
                if columns["area"] < len(candidate):
                    population_date = population_date or find_date(candidate[columns["area"]])
        first = next(
            (
                number
                for number, candidate in enumerate(head[index + 2 :], start=index + 3)
                if _text(candidate[columns["record"]])
            ),
            index + 3,
        )
        return Table(columns, first, status, population_date)
    return None


def read_regions(
    rows: Iterable[tuple[int, Row]], table: Table, *, file: str, sheet: str
) -> Iterator[RegionRecord]:
    """Read the rows below the heading up to the notes at the foot of the table."""
    ended = False
    columns = table.columns
    for line, row in rows:
        if line < table.first_line:
            continue
        cells = {name: _at(row, position) for name, position in columns.items()}
        record = _text(cells["record"])
        if ended or not record:
            if record in LEVELS or (not record and _text(cells["name"])):
                raise FormatError(
                    "Die Satzart fehlt."
                    if not record
                    else "Nach dem Ende der Tabelle folgen Daten.",
                    file=file,
                    sheet=sheet,
                    line=line,
                )
            continue
        if record == REGION_BETWEEN:
            continue
        level = LEVELS.get(record)
        if level is None:
            if _text(cells["name"]) or _text(cells["land"]):
                raise FormatError(
                    f"Die Satzart „{record[:20]}“ ist unbekannt (erwartet: 10 bis 60).",
                    file=file,
                    sheet=sheet,
                    line=line,
                )
            ended = True
            continue
        yield _region(cells, level, table.status_date, file=file, sheet=sheet, line=line)
    if not ended:
        raise FormatError(
            "Die Tabelle bricht ab: Die Quellenangabe am Ende fehlt.", file=file, sheet=sheet
        )


def _region(
    cells: dict[str, object], level: Level, status: date, *, file: str, sheet: str, line: int
) -> RegionRecord:
    length = KEY_LENGTHS[level]
    ars = "".join(
        _text(cells[name]) for name in ("land", "rb", "kreis", "vb", "gem")[: _parts(level)]
    )
    digits(ars, length, "Der Regionalschlüssel", file=file, sheet=sheet, line=line)
    name = _text(cells["name"])
    if not name:
        raise FormatError("Der Name fehlt.", file=file, sheet=sheet, line=line)
    population = number(cells["population"], "Bevölkerung", file=file, sheet=sheet, line=line)
    if population is not None and population != int(population):
        raise FormatError(
            "Die Bevölkerung ist keine ganze Zahl.", file=file, sheet=sheet, line=line
        )
    if level == Level.GEMEINDE and population is None:
        raise FormatError("Die Bevölkerung fehlt.", file=file, sheet=sheet, line=line)
    postcode = _text(cells["postcode"])
    if postcode:
        digits(postcode, 5, "Die Postleitzahl", file=file, sheet=sheet, line=line)
    return RegionRecord(
        level=level,
        ars=ars,
        ags=split_key(ars)[0] if level == Level.GEMEINDE else "",
        name=name,
        kind=_text(cells["kind"]) if level >= Level.KREIS else "",
        population=None if population is None else int(population),
        area=number(cells["area"], "Fläche", file=file, sheet=sheet, line=line),
        longitude=_degrees(
            cells["longitude"], "Längengrad", 5, 16, file=file, sheet=sheet, line=line
        ),
        latitude=_degrees(
            cells["latitude"], "Breitengrad", 47, 56, file=file, sheet=sheet, line=line
        ),
        postcode=postcode,
        status_date=status,
        line=line,
    )


def _parts(level: Level) -> int:
    return {
        Level.LAND: 1,
        Level.REGIERUNGSBEZIRK: 2,
        Level.KREIS: 3,
        Level.GEMEINDEVERBAND: 4,
    }.get(level, 5)


def number(
    value: object, label: str, *, file: str, sheet: str, line: int, limit: float = 1e9
) -> float | None:
    """Read a number that is a cell's number or German text with a decimal comma; None if empty."""
    if isinstance(value, bool):
        value = str(value)
    if isinstance(value, int | float):
        found = float(value)
    else:
        text = _text(value)
        if not text:
            return None
        try:
            found = float(text.replace(",", "."))
        except ValueError:
            raise FormatError(
                f"„{label}“ ist keine Zahl: „{text[:40]}“.", file=file, sheet=sheet, line=line
            ) from None
    if not 0 <= found < limit:
        raise FormatError(
            f"„{label}“ hat keinen möglichen Wert: {found:g}.", file=file, sheet=sheet, line=line
        )
    return found


def _degrees(
    value: object, label: str, low: float, high: float, *, file: str, sheet: str, line: int
) -> float | None:
    found = number(value, label, file=file, sheet=sheet, line=line)
    if not found:  # the German-Luxembourgish territory is written with 0
        return None
    if not low <= found <= high:
        raise FormatError(
            f"„{label}“ {found:g} liegt außerhalb Deutschlands.", file=file, sheet=sheet, line=line
        )
    return found


def find_date(value: object) -> date | None:
    """Find the first German date in a cell's text.

    >>> find_date("Gebietsstand am 31.12.2024 (4. Quartal)")
    datetime.date(2024, 12, 31)
    """
    if match := DATE.search(_text(value)):
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return None
    return None


def _status_date(head: list[Row]) -> date | None:
    cells = [cell for row in head for cell in row if isinstance(cell, str)]
    for cell in cells:
        if "gebietsstand" in cell.casefold() and (found := find_date(cell)):
            return found
    return next((found for cell in cells if (found := find_date(cell))), None)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _letters(value: object) -> str:
    """Letters of a heading, lower case, so that „Fläche km2 1)“ and „Flä-che“ become „fläche“."""
    text = re.sub(r"\bkm2\b|\bkm²", "", _text(value).casefold())
    return "".join(character for character in text if character.isalpha())


def _at(row: Row, position: int) -> object:
    return row[position] if position < len(row) else None
