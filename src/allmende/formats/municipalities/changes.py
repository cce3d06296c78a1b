"""Destatis' lists of changes of names and boundaries ("Namens-, Grenz- und Schlüsseländerungen").

A row says what a region gave up or was called, the kind of change (1 dissolved, 2 part moved, 3 key
changed, 4 renamed; several are separated by commas), and the region that received it or its new
name, with the legal and the statistical date.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from allmende.formats.errors import FormatError
from allmende.formats.municipalities.extract import find_date, number
from allmende.formats.municipalities.records import (
    KEY_LENGTHS,
    ChangeKind,
    ChangeRecord,
    Level,
    digits,
)
from allmende.formats.workbook import Row

COLUMNS = 13
HEADER_WITHIN = 8
M2_PER_KM2 = 1_000_000
REFERENCE = re.compile(r"\d{2}/\d{4}/\d+")
LEVELS = {
    "Land": Level.LAND,
    "Regierungsbezirk": Level.REGIERUNGSBEZIRK,
    "Kreis": Level.KREIS,
    "Gemeindeverband": Level.GEMEINDEVERBAND,
    "Gemeinde": Level.GEMEINDE,
}
EXPECTED = {
    0: "Kennziffer",
    1: "Regionaleinheit",
    2: "Abgebende / Aufgelöste Gemeinde",
    8: "Aufnehmende / Neugebildete Gemeinde",
    11: "Wirksamkeitsdatum",
}


def find_header(head: list[Row], *, file: str, sheet: str) -> int | None:
    """Give the line of the heading in the first rows of a sheet; None if it is another sheet.

    Raises
    ------
    FormatError
        If the heading begins here, but a column is not where it belongs.
    """
    for line, row in enumerate(head, start=1):
        cells = [_text(cell) for cell in row] + [""] * COLUMNS
        if cells[0] != "Kennziffer" or cells[1] != "Regionaleinheit":
            continue
        for position, label in EXPECTED.items():
            if _letters(cells[position]) != _letters(label):
                raise FormatError(
                    f"Spalte {position + 1} muss „{label}“ heißen, hier steht "
                    f"„{cells[position][:40]}“.",
                    file=file,
                    sheet=sheet,
                    line=line,
                )
        return line
    return None


def read_changes(
    rows: Iterable[tuple[int, Row]], header: int, *, file: str, sheet: str
) -> Iterator[ChangeRecord]:
    """Read the rows below the heading up to the notes at the foot of the table."""
    for line, row in rows:
        if line <= header:
            continue
        cells = [*row, *[None] * (COLUMNS - len(row))]
        reference = _text(cells[0])
        if not REFERENCE.match(reference):
            if _text(cells[1]) in LEVELS:
                raise FormatError(
                    f"Die Kennziffer „{reference[:30]}“ ist nicht lesbar.",
                    file=file,
                    sheet=sheet,
                    line=line,
                )
            continue
        yield _change(reference, cells, file=file, sheet=sheet, line=line)


def _change(
    reference: str, cells: list[object], *, file: str, sheet: str, line: int
) -> ChangeRecord:
    def fail(message: str) -> FormatError:
        return FormatError(message, file=file, sheet=sheet, line=line)

    level = LEVELS.get(_text(cells[1]))
    if level is None:
        raise fail(f"Die Regionaleinheit „{_text(cells[1])[:30]}“ ist unbekannt.")
    kinds = []
    for part in re.split(r"[,;]\s*", _text(cells[5])):
        if part not in {"1", "2", "3", "4"}:
            raise fail(f"Die Änderungsart „{part[:20]}“ ist unbekannt (erwartet: 1 bis 4).")
        kinds.append(ChangeKind(int(part)))
    keys = {}
    for side, first in (("old", 2), ("new", 8)):
        ars = _text(cells[first])
        digits(ars, KEY_LENGTHS[level], "Der ARS", file=file, sheet=sheet, line=line)
        ags = _text(cells[first + 1])
        if level == Level.GEMEINDE:
            digits(ags, 8, "Der AGS", file=file, sheet=sheet, line=line)
        name = _text(cells[first + 2])
        if not name:
            raise fail("Der Name fehlt.")
        keys[side] = (ars, ags, name)
    legal, statistical = _day(cells[11]), _day(cells[12])
    if legal is None or statistical is None:
        raise fail("Das Wirksamkeitsdatum ist nicht lesbar (erwartet: TT.MM.JJJJ).")
    area = number(cells[6], "Fläche qm", file=file, sheet=sheet, line=line, limit=1e12)
    people = number(cells[7], "Einwohner", file=file, sheet=sheet, line=line)
    return ChangeRecord(
        reference=reference,
        level=level,
        kinds=tuple(kinds),
        old_ars=keys["old"][0],
        old_ags=keys["old"][1],
        old_name=keys["old"][2],
        new_ars=keys["new"][0],
        new_ags=keys["new"][1],
        new_name=keys["new"][2],
        legal_date=legal,
        statistical_date=statistical,
        area=None if area is None else area / M2_PER_KM2,
        population=None if people is None else int(people),
        line=line,
    )


def _day(value: object) -> date | None:
    # A cell may be formatted as a date; openpyxl then gives a datetime.
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    return find_date(value)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _letters(value: str) -> str:
    return "".join(character for character in value.casefold() if character.isalpha())
