"""Cells of the register's files: what is written is read as the same."""

import json
from io import BytesIO
from pathlib import Path
from time import process_time
from tracemalloc import get_traced_memory, start, stop

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from allmende.formats.errors import FormatError
from allmende.formats.facility_list import (
    FACILITIES,
    FACILITY_COLUMNS,
    NEED_COLUMNS,
    Cell,
    Column,
    Named,
    Table,
    plain_text,
    read_register_file,
    read_values,
    write_workbook,
    written,
)
from allmende.formats.facility_list.reading import FORMAT
from allmende.formats.marks import Mark

MARK = Mark("Leitung · Lindenfurt", "22.11.2026 15:00", "7-0123abcd")
BY_FIELD = {column.field: column for column in FACILITY_COLUMNS}


def read(field: str, text: str) -> object:
    values, faults = read_values("Einrichtungen", 2, [(BY_FIELD[field], text)])
    return faults[0].reason if faults else values[field]


@given(st.floats(min_value=-1e9, max_value=1e9))
def test_numbers_come_back_exactly(number: float) -> None:
    assert read("lon", written(number)) == number


@given(st.text(max_size=80))
def test_texts_come_back_in_their_one_form(text: str) -> None:
    plain = plain_text(text)
    guarded = f"'{plain}" if plain.startswith(("=", "+", "-", "@")) else plain
    if not plain.startswith("'"):
        assert read("note", guarded) == (plain or None)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("served", "1.200", 1_200),
        ("served", "1200", 1_200),
        ("served", "0.500", "„0.500“ ist keine ganze Zahl."),
        ("served", "1,5", "„1,5“ ist keine ganze Zahl."),
        ("served", "²", "„²“ ist keine ganze Zahl."),
        ("served", "9" * 30, f"„{'9' * 30}“ ist keine ganze Zahl."),
        ("lat", "48.95", 48.95),
        ("lat", "1.234,5", 1_234.5),
        ("lat", "1.234.567", 1_234_567),
        ("lat", "1e5", "„1e5“ ist keine Zahl. Beispiel: 11,5."),
        ("lat", "nan", "„nan“ ist keine Zahl. Beispiel: 11,5."),
        ("lat", "9" * 310, f"„{'9' * 59}…“ ist keine Zahl. Beispiel: 11,5."),
        ("starts_alone", "Nein", False),
        ("key", "1234567", "01234567"),
        ("key", "12 345 678", "12345678"),
        (
            "shares",
            "Lübeck, Hansestadt 1.200; 09574123: 5",
            [("Lübeck, Hansestadt", 1_200), ("09574123", 5)],
        ),
        ("shares", "Lübeck", "Nach „Lübeck“ fehlt die Zahl der Menschen."),
    ],
)
def test_cells(field: str, text: str, value: object) -> None:
    assert read(field, text) == value


def test_suppliers_are_named_by_number_or_name() -> None:
    [column] = [each for each in NEED_COLUMNS if each.field == "suppliers"]
    values, faults = read_values(
        "Bedarf", 2, [(column, "Nr. 17 Umspannwerk; 18; Werk (neu) (Lindenfurt); Netz")]
    )
    assert faults == []
    assert values["suppliers"] == [
        Named("Nr. 17 Umspannwerk", number=17),
        Named("18", number=18),
        Named("Werk (neu) (Lindenfurt)", name="Werk (neu)", place="Lindenfurt"),
        Named("Netz", name="Netz"),
    ]


def test_a_workbook_holds_formulas_as_texts(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    row: list[Cell] = [1, "=1+1", "#N/A", True, -3.5]
    row += [None] * (len(FACILITY_COLUMNS) - len(row))
    with path.open("wb") as file:
        write_workbook([Table(FACILITIES, FACILITY_COLUMNS, [row])], mark=MARK, target=file)
    [read_row] = read_register_file(path).facilities
    assert read_row.texts[:5] == ("1", "=1+1", "#N/A", "ja", "-3,5")
    assert len(read_row.columns) == len(FACILITY_COLUMNS)


def test_columns_are_told_by_their_headings(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Lieferanten", "nummer", "LEISTUNG"])
    sheet.append(["Nr. 3", 4, "Strom"])
    target = BytesIO()
    book.save(target)
    path = tmp_path / "bedarf.xlsx"
    path.write_bytes(target.getvalue())
    [row] = read_register_file(path).needs
    said: dict[Column, str] = dict(row.cells)
    assert {column.field: text for column, text in said.items()} == {
        "suppliers": "Nr. 3",
        "facility": "4",
        "service": "Strom",
    }


def test_a_million_rows_are_refused_at_once_and_take_little_memory(tmp_path: Path) -> None:
    table = tmp_path / "liste.csv"
    table.write_text("Nummer;Name\n" + "1;A\n" * 1_000_000)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Einrichtungen")
    sheet.append(["Nummer", "Name"])
    for number in range(60_000):
        sheet.append([number, f"Werk {number}"])
    workbook = tmp_path / "liste.xlsx"
    book.save(workbook)
    rows = tmp_path / "liste.json"
    rows.write_text(json.dumps({"format": FORMAT, "version": 1, "needs": [None] * 1_000_000}))
    for path, most_seconds, most_bytes in (
        (table, 3, 60e6),
        (workbook, 3, 5e6),
        (rows, 3, 60e6),
    ):
        start()
        begin = process_time()
        with pytest.raises(FormatError, match=r"mehr als 50\.000 Zeilen"):
            read_register_file(path)
        assert process_time() - begin < most_seconds
        assert get_traced_memory()[1] < most_bytes
        stop()


def test_files_with_earlier_headings_of_the_mark_are_read(tmp_path: Path) -> None:
    for mark in ("Kennung", "Abrufkennung"):
        path = tmp_path / f"{mark}.csv"
        path.write_text(f"Nummer;Name;Abgerufen für;Abgerufen am;{mark}\n7;Werk;Stab;heute;1-a\n")
        [row] = read_register_file(path).facilities
        assert row.texts == ("7", "Werk")
