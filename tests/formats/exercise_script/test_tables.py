"""Injects as rows: there and back, columns guessed or told, every fault with its row and column."""

import csv
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.faults import ScriptError
from allmende.formats.exercise_script.fields import INJECT
from allmende.formats.exercise_script.tables import (
    guess_columns,
    read_cells,
    read_injects,
    write_csv,
)
from allmende.formats.exercise_script.workbooks import write_workbook
from tests.formats.exercise_script.scripts import FULL


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "einlagen.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_and_back_is_the_same(tmp_path: Path) -> None:
    found = read_injects(table(tmp_path, write_csv(FULL.injects)))
    assert found.injects == FULL.injects
    assert found.ignored == ()
    path = tmp_path / "einlagen.xlsx"
    path.write_bytes(write_workbook(FULL))
    assert read_injects(path).injects == FULL.injects


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    first = replace(FULL.injects[0], title="=HYPERLINK(1)", sender="+49 30 1")
    written = write_csv([first])
    rows = list(csv.reader(written.lstrip("\ufeff").splitlines(), delimiter=";"))
    assert [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell] == []
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook(replace(FULL, injects=(first,))))
    cells = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert read_injects(table(tmp_path, written)).injects == (first,)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ([field.heading for field in INJECT], [field.name for field in INJECT]),
        (
            ["#", "Real Time", "Subject", "From", "Player", "Script"],
            ["key", "at", "title", "text", "sender", "to"],
        ),
        (["Betreff", "EMPFÄNGER ", "Zeit"], ["at", "title", "to"]),
        (["Wetter"], []),
    ],
)
def test_columns_are_guessed(headings: list[str], fields: list[str]) -> None:
    assert list(guess_columns(headings)) == fields


def test_who_knows_better_tells_the_columns(tmp_path: Path) -> None:
    path = table(tmp_path, "Zeit,Beginn,Überschrift,An,Farbe\n08:00,0:15,Anruf,stab;presse,rot\n")
    with pytest.raises(ScriptError, match="Es fehlt: „Titel“"):
        read_injects(path)
    found = read_injects(path, {"at": "Beginn", "title": "Überschrift"})
    assert (found.injects[0].at, found.injects[0].key, found.injects[0].to) == (
        15,
        "1",
        ("stab", "presse"),
    )
    assert found.ignored == ("Zeit", "Farbe")
    assert read_cells(path).headings == ("Zeit", "Beginn", "Überschrift", "An", "Farbe")
    for wrong in ({"at": "Ende"}, {"farbe": "Farbe"}):
        with pytest.raises(ScriptError, match="gibt es nicht"):
            read_injects(path, {"title": "Überschrift", **wrong})


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("x;Anruf;stab;ja;E-Mail;", "Zeit", "keine Zeit"),
        ("T-0:10;Anruf;stab;ja;E-Mail;", "Zeit", "keine Zeit"),
        ("-10;Anruf;stab;ja;E-Mail;", "Zeit", "vor dem Beginn"),
        ("0:10;;stab;ja;E-Mail;", "Titel", "leer"),
        ("0:10;Anruf;;ja;E-Mail;", "An", "leer"),
        ("0:10;Anruf;stab;vielleicht;E-Mail;", "Aktiv", "„ja“ und „nein“"),
        ("0:10;Anruf;stab;ja;Taube;", "Weg", "„Telefon“"),
        ("0:10;Anruf;stab;ja;E-Mail;wenn es regnet", "Bedingung", "kein JSON"),
        ("0:10;Anruf;stab;ja;E-Mail;{}", "Bedingung", "eines der Felder"),
    ],
)
def test_faults_have_row_and_column(row: str, column: str, reason: str, tmp_path: Path) -> None:
    text = f"Zeit;Titel;An;Aktiv;Weg;Bedingung\n0:05;Gut;stab;ja;Telefon;\n{row}\n"
    with pytest.raises(ScriptError) as refused:
        read_injects(table(tmp_path, text))
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(3, column)]
    assert reason in refused.value.faults[0].reason
    assert str(refused.value).startswith(f"einlagen.csv: Zeile 3, „{column}“: ")


def test_every_fault_is_told_and_nothing_is_read_by_halves(tmp_path: Path) -> None:
    text = "Nr.;Zeit;Titel;An\n1;0:05;Gut;stab\n1;0:06;Doppelt;stab\n2;wann;;stab\n"
    with pytest.raises(ScriptError) as refused:
        read_injects(table(tmp_path, text))
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (3, "Nr."),
        (4, "Zeit"),
        (4, "Titel"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "leer"),
        ("Zeit;Titel;An\n", "keine Zeilen"),
        ("Zeit;Zeit;Titel;An\n1;2;3;4\n", "doppelt"),
        ("Zeit;Titel;An\n1;2\n", "2 Felder"),
        ("Titel;An\na;b\n", "„Zeit“"),
        ("Zeit;Titel;An\n" + "1;a;b\n" * 5001, "mehr als 5000"),
    ],
)
def test_tables_that_cannot_be_read(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=reason):
        read_injects(table(tmp_path, text))


def test_cells_of_spreadsheets(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["Nr.", "Zeit", "Titel", "An", "Aktiv", None])
    book.active.append([1, time(2, 30), "a", "stab", True, None])
    book.active.append([2.0, timedelta(hours=26, minutes=30), "b", "stab", "nein", None])
    book.active.append([])
    book.active.append([3, 90, 4711, "stab\npresse", None, None])
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = [(i.key, i.at, i.title, i.to, i.enabled) for i in read_injects(path).injects]
    assert found == [
        ("1", 150, "a", ("stab",), True),
        ("2", 1590, "b", ("stab",), False),
        ("3", 90, "4711", ("stab", "presse"), True),
    ]
    book.active["B2"] = datetime(2026, 11, 22, 8, 0)
    book.save(path)
    with pytest.raises(ScriptError, match="keine Zeit"):
        read_injects(path)
