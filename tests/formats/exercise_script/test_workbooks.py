"""A script as a workbook: the same there and back, sheets of others passed over, every fault with sheet, row, column."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from allmende.crisis import scripts
from allmende.formats.cascade_model.reader import model_of
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.cells import read_cell
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.faults import ScriptError
from allmende.formats.exercise_script.fields import Field
from allmende.formats.exercise_script.merging import carry_out, merge_book
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.sheets import SHEETS, is_ours
from allmende.formats.exercise_script.tables import Cells
from allmende.formats.exercise_script.workbooks import (
    NOTHING,
    Book,
    checked_sheets,
    read_book,
    write_workbook,
)
from allmende.formats.marks import Mark
from tests.crisis.small import small_document, small_script
from tests.formats.exercise_script.scripts import FULL
from tests.formats.exercise_script.test_any import spoiled

EVERY = {
    "voll": FULL,
    "klein": small_script(),
    **{key: scripts.read(key) for key, _n in scripts.names()},
}


def written(script: Script, path: Path, change: Callable[[Any], None] | None = None) -> Path:
    """A script as a workbook, perhaps changed by somebody."""
    path.write_bytes(write_workbook(script, Mark("Stab", "heute", "1-a")))
    if change is not None:
        book = load_workbook(path)
        change(book)
        book.save(path)
    return path


def merged(document: dict[str, Any], path: Path) -> dict[str, Any]:
    carry_out(document, merge_book(document, read_book(path)))
    return document


@pytest.mark.parametrize("key", EVERY)
def test_there_and_back_is_the_same(key: str, tmp_path: Path) -> None:
    script = EVERY[key]
    path = written(script, tmp_path / "a.xlsx")
    book = read_book(path)
    assert book.passed_over == ()
    assert [
        each.changes_something
        for each in merge_book(document_of(script), book)
        if each.changes_something
    ] == []
    empty = document_of(Script("Leer", 60))
    found = script_of(merged(empty, path))
    one, other = (document_of(each) for each in (script, found))
    for document in (one, other):
        said = document.pop("model", None)
        network = (
            model_of({"format": "allmende-cascade/1", **said} | {"name": ""}) if said else None
        )
        document["model"] = network and (
            network.facilities,
            sorted(network.supplies),
            network.scenario,
        )
        for decision in document.get("decisions", ()):
            for option in decision["options"]:
                option.setdefault("acts", [])
    assert other == one


def test_what_somebody_changes_is_told_and_taken_over(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Rollen"].append(["bauhof", "Bauhof", "lindenfurt"])
        book["Rollen"]["B3"] = "Pressestelle"
        book["Einrichtungen"]["E3"] = 1200
        book["Abhängigkeiten"].append(["netz", "nord", 1, "unbegrenzt"])
        book["Drehbuch"]["C2"] = "T+12:00"
        book["Ausfälle"]["C2"] = 2.5
        del book["Ziele"]

    path = written(small_script(), tmp_path / "a.xlsx", change)
    document = small_document()
    merges = {each.part: each for each in merge_book(document, read_book(path))}
    assert [row["key"] for row in merges["roles"].new] == ["bauhof"]
    told = {
        part: [one.differences for one in each.changed]
        for part, each in merges.items()
        if each.changed
    }
    assert told == {
        "roles": [(("Name", "Presse", "Pressestelle"),)],
        "facilities": [
            (("Was sie braucht", "", "Lieferanten: nord, Vorrat (Stunden): unbegrenzt"),),
            (("Versorgte Menschen", "800", "1200"),),
        ],
        "head": [(("Dauer", "T+10:00", "T+12:00"),)],
        "scenario": [(("Ausfälle", "netz · beschädigt · 1 · 7", "netz · beschädigt · 2,5 · 7"),)],
    }
    carry_out(document, merges.values())
    found = script_of(document)
    assert (found.duration_minutes, found.model["scenario"]["damages"][0]["at"]) == (720, 2.5)  # type: ignore[index]
    assert found.model["supplies"][-1] == {
        "facility": "netz",
        "suppliers": ["nord"],
        "buffer_hours": None,
    }  # type: ignore[index]
    assert not any(each.changes_something for each in merge_book(document, read_book(path)))


def test_needs_that_change_places_take_acts_along(tmp_path: Path) -> None:
    document = small_document()
    document["model"]["supplies"].insert(1, {"facility": "nord", "suppliers": ["sued"]})
    act = document["decisions"][0]["options"][0]["acts"][0]
    act["supply"] = 2

    def change(book: Any) -> None:
        sheet = book["Abhängigkeiten"]
        for column in "AB":
            sheet[f"{column}2"].value, sheet[f"{column}3"].value = (
                sheet[f"{column}3"].value,
                sheet[f"{column}2"].value,
            )
        sheet["D2"].value, sheet["D3"].value = sheet["D3"].value, sheet["D2"].value

    merged(document, written(script_of(document), tmp_path / "a.xlsx", change))
    assert [row["suppliers"] for row in document["model"]["supplies"]][:2] == [["sued"], ["netz"]]
    assert document["decisions"][0]["options"][0]["acts"][0]["supply"] == 1


def drop(*sheets: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for title in sheets:
            del book[title]

    return change


def say_nothing(book: Any) -> None:
    del book["Drehbuch"]
    sheet = book["Einrichtungen"]
    for [cell] in sheet.iter_rows(min_col=14, max_col=14):
        cell.value = None


def deny(book: Any) -> None:
    book["Drehbuch"]["H2"] = "nein"


@pytest.mark.parametrize("change", [drop("Drehbuch"), say_nothing, deny])
def test_a_network_of_the_register_stays_one(change: Any, tmp_path: Path) -> None:
    path = written(small_script(), tmp_path / "a.xlsx")
    assert merged(small_document(from_register=True), path)["from_register"] is True
    assert "from_register" not in merged(small_document(), path)
    real = written(small_script(from_register=True), path, change)
    for document in (document_of(Script("Leer", 60)), small_document()):
        merges = merge_book(document, read_book(real))
        [head] = [each for each in merges if each.part == "head"]
        told = {heading: after for heading, _before, after in head.changed[0].differences}
        assert told["Netz aus dem Register"] == "ja"
        carry_out(document, merges)
        assert script_of(document).from_register


def test_facilities_that_only_needs_name_keep_what_they_are(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Einrichtungen"].delete_rows(4)
        book["Abhängigkeiten"].delete_rows(2)
        book["Abhängigkeiten"]["D2"] = 3

    document = small_document()
    merged(document, written(small_script(), tmp_path / "a.xlsx", change))
    expected = small_document()
    expected["model"]["supplies"][1]["buffer_hours"] = 3
    # „Abhängigkeiten“ says all that those need whom „Einrichtungen“ names.
    del expected["model"]["supplies"][0]
    assert script_of(document) == script_of(expected)


def test_names_may_have_any_sign(tmp_path: Path) -> None:
    document = small_document()
    shares = {"A; B": 300, '"C"': 400.5, "D = E": 99.5}
    document["model"]["facilities"][1] |= {"pool": "x;y", "shares": shares, "served": 800}
    del document["model"]["facilities"][1]["municipality"]
    document["model"]["scenario"]["crews"] = {"x;y": 2}
    path = written(script_of(document), tmp_path / "a.xlsx")
    assert [e for e in merge_book(document, read_book(path)) if e.changes_something] == []


@pytest.mark.parametrize(
    ("text", "number"), [("0.500", 0.5), ("1.500", 1_500), ("0,5", 0.5), ("12.000,5", 12_000.5)]
)
def test_a_number_that_begins_with_a_nought_has_no_groups(text: str, number: float) -> None:
    assert read_cell(text, Field("hours", "number")) == number
    with suppress(ValueError):
        assert read_cell(text, Field("needed", "whole")) == number


def book_of(**sheets: list[list[object]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for each in rows:
            sheet.append(each)
    return book


def test_a_workbook_that_holds_only_injects_is_read_as_before(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    injects = [["Nr.", "Zeit", "Titel", "An"], ["1", "0:10", "Anruf", "stab"]]
    book_of(Tabelle1=injects, Rollen=[["Wer", "Telefon"], ["Maier", "123"]]).save(path)
    book = read_book(path)
    assert (book.injects.headings, book.others, book.passed_over) == (
        ("Nr.", "Zeit", "Titel", "An"),
        (),
        ("Rollen",),
    )
    book_of(Ziele=[["Kennung", "Name"], ["g", "Lage"]]).save(path)
    [merge] = merge_book(small_document(), read_book(path))
    assert (merge.title, merge.new) == ("Ziele", ({"key": "g", "name": "Lage"},))
    book_of(Ziele=[["Kennung", "Name"]]).save(path)
    with pytest.raises(FormatError, match="leer"):
        read_book(path)


@pytest.mark.parametrize(
    ("title", "rows", "where", "reason"),
    [
        ("Ziele", [["Kennung"], ["g"]], (1, "Name"), "fehlt die Spalte"),
        ("Ziele", [["Kennung", "Name", "Rang"], ["g", "Lage", "hoch"]], (2, "Rang"), "ganze Zahl"),
        (
            "Ziele",
            [["Kennung", "Name"], ["g", "A"], ["g", "B"]],
            (3, "Kennung"),
            "steht schon in Zeile 2",
        ),
        ("Rollen", [["Kennung", "Name"], ["", "A"]], (2, "Kennung"), "leer"),
        ("Drehbuch", [["Titel", "Dauer"], ["A", "60"], ["B", "60"]], (3, ""), "nur eine Zeile"),
        (
            "Entscheidungen",
            [
                [
                    "Kennung",
                    "Frage",
                    "Wer entscheidet",
                    "Möglichkeit",
                    "Name der Möglichkeit",
                    "Wirkungen",
                ],
                ["d", "Was?", "stab", "a", "A", "abschalten"],
            ],
            (2, "Wirkungen"),
            "kein JSON",
        ),
        (
            "Entscheidungen",
            [
                ["Kennung", "Frage", "Wer entscheidet", "Möglichkeit", "Name der Möglichkeit"],
                ["d", "Was?", "stab", "a", "A"],
                ["d", "Wie?", "stab", "b", "B"],
            ],
            (3, "Frage"),
            "In Zeile 2 steht",
        ),
        (
            "Einrichtungen",
            [["Kennung", "Name", "Leistung", "Davon je Gemeinde"], ["x", "X", "strom", "A 3"]],
            (2, "Davon je Gemeinde"),
            "Name = Zahl",
        ),
        (
            "Einrichtungen",
            [
                ["Kennung", "Name", "Leistung", "Versorgte Menschen", "Davon je Gemeinde"],
                ["x", "X", "strom", "5", "A = 3"],
            ],
            (2, ""),
            "ergeben zusammen nicht",
        ),
        (
            "Abhängigkeiten",
            [["Einrichtung", "Lieferanten"], ["nord", "netz"], ["ost", "netz"]],
            (3, "Einrichtung"),
            "gibt es nicht",
        ),
        (
            "Abhängigkeiten",
            [["Einrichtung", "Lieferanten", "So viele genügen"], ["nord", "netz; sued", "3"]],
            (2, "So viele genügen"),
            "nur 2",
        ),
        (
            "Abhängigkeiten",
            [["Einrichtung", "Lieferanten", "Gewichte der Lieferanten"], ["nord", "netz", "-1"]],
            (2, "Gewichte der Lieferanten"),
            "mindestens 1",
        ),
        (
            "Ausfälle",
            [["Einrichtung", "Wie", "In Stunde"], ["netz", "kaputt", "1"]],
            (2, "Wie"),
            "„beschädigt“",
        ),
    ],
)
def test_faults_have_sheet_row_and_column(
    title: str, rows: list[list[object]], where: tuple[int, str], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    book_of(**{title: rows}).save(path)
    with pytest.raises(ScriptError) as refused:
        merge_book(small_document(), read_book(path))
    [fault] = refused.value.faults
    assert (fault.place, fault.line, fault.column) == (f"Blatt „{title}“", *where)
    assert reason in fault.reason
    assert fault.where == f"Blatt „{title}“, Zeile {where[0]}"


def test_what_does_not_fit_together_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    goals = [["Kennung", "Name"], ["g", "Lage"]]
    book_of(**{"Ziele": goals, "Ziele.": goals}).save(path)
    with pytest.raises(ScriptError) as refused:
        merge_book(small_document(), read_book(path))
    assert [fault.where for fault in refused.value.faults] == ["Blatt „Ziele.“"]
    book_of(Teams=[["Kennung", "Name"], ["stab", "Stab"]]).save(path)
    with pytest.raises(ScriptError, match="Die Kennung gibt es schon") as refused:
        merge_book(small_document(), read_book(path))
    assert [fault.where for fault in refused.value.faults] == ["Blatt „Teams“, Zeile 2"]


def test_faults_of_a_sheet_stand_together_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book_of(
        Abhängigkeiten=[
            ["Einrichtung", "Lieferanten", "Vorrat (Stunden)"],
            ["ost", "netz", ""],
            ["nord", "netz", "2000000000000"],
        ],
        Ziele=[["Kennung", "Name", "Rang"], ["g", "Lage", "hoch"]],
        Einlagen=[["Zeit", "Titel", "An"], ["später", "Anruf", "stab"]],
    ).save(path)
    with pytest.raises(ScriptError) as refused:
        merge_book(small_document(), read_book(path))
    assert [fault.where for fault in refused.value.faults] == [
        "Blatt „Einlagen“, Zeile 2",
        "Blatt „Abhängigkeiten“, Zeile 2",
        "Blatt „Abhängigkeiten“, Zeile 3",
        "Blatt „Ziele“, Zeile 2",
    ]
    assert [fault.reason for fault in refused.value.faults][2].startswith(
        "Die Zahl liegt nicht zwischen 0 und 1.000.000."
    )


def test_what_a_condition_would_be_is_told_in_words(tmp_path: Path) -> None:
    path, document = tmp_path / "a.xlsx", small_document()
    condition = '{"any": [{"facility": "nord", "state": "failed"}, {"inject": "2"}]}'
    row = next(each for each in document["injects"] if each["key"] == "1")
    book_of(
        Einlagen=[
            ["Nr.", "Zeit", "Titel", "An", "Bedingung"],
            ["1", str(row["at"]), row["title"], "; ".join(row["to"]), condition],
        ]
    ).save(path)
    [merge] = merge_book(document, read_book(path))
    [changed] = merge.changed
    words = "Einrichtung „nord“: ausgefallen oder Einlage „2“ ist gekommen"
    assert changed.differences == (("Bedingung", "", words),)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32).map(random.Random), st.integers(0, 3))
def test_whatever_can_be_read_can_be_taken_along(chance: random.Random, times: int) -> None:
    """And comes back the same, unless it cannot be played anyway."""
    document = document_of(FULL)
    for _ in range(times):
        document = spoiled(chance, document)
    with suppress(FormatError):
        script = script_of(document)
        with TemporaryDirectory() as folder:
            path = Path(folder, "a.xlsx")
            path.write_bytes(write_workbook(script))
            merges = merge_book(document_of(script), read_book(path))
        assert [each for each in merges if each.changes_something] == []


def test_the_mark_has_a_name_of_its_own_and_earlier_files_are_still_read(tmp_path: Path) -> None:
    def rename(book: Any) -> None:
        for sheet in book.worksheets:
            heads = [cell.value for cell in sheet[1]]
            assert heads[-1] == "Abrufkennung"
            assert heads.count("Kennung") <= 1
            sheet.cell(1, len(heads)).value = "Kennung"

    book = read_book(written(FULL, tmp_path / "a.xlsx", rename))
    merges = merge_book(document_of(FULL), book)
    assert [each for each in merges if each.changes_something] == []


WHOLE = [
    Cells(tuple(rows[0]), tuple(enumerate(map(tuple, rows[1:]), start=2)), title)
    for title, rows in checked_sheets(FULL, Mark("Stab", "heute", "1-a"))
]
ODD = [
    *("", "-1", "0", "0.500", "1.000", "1e9", "klinik", "netz; klinik", "klinik = 2", "x = y"),
    *(
        '"',
        '"a; b" = 1',
        "=",
        ";",
        "unbegrenzt",
        "nein",
        "T+1:00",
        "[]",
        "{}",
        '[{"kind": 1}]',
        "aus",
    ),
]


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_whatever_is_in_a_workbook_is_taken_over_or_told(chance: random.Random) -> None:
    tables = []
    for table in WHOLE:
        if chance.random() < 0.3:
            continue
        rows = [row for row in table.rows if chance.random() < 0.8]
        kept = [place for place in range(len(table.headings)) if chance.random() < 0.95]
        cells = [
            (line, [chance.choice(ODD) if chance.random() < 0.02 else row[n] for n in kept])
            for line, row in rows
        ]
        headings = tuple(table.headings[n] for n in kept)
        found = Cells(headings, tuple((n, tuple(row)) for n, row in cells), table.sheet)
        if rows and (found.sheet == "Einlagen" or is_ours(found)):
            tables.append(found)
    injects = next((each for each in tables if each.sheet == "Einlagen"), NOTHING)
    book = Book(injects, tuple(each for each in tables if each is not injects))
    for document in (document_of(FULL), small_document(), document_of(Script("Leer", 60))):
        with suppress(FormatError):
            carry_out(document, merge_book(document, book))
            script_of(document)


def test_the_network_of_a_script_has_to_be_one(tmp_path: Path) -> None:
    document = small_document()
    document["model"]["supplies"][0]["suppliers"] = ["gibt-es-nicht"]
    with pytest.raises(FormatError, match="als JSON mit"):
        write_workbook(script_of(document))
    path = written(small_script(), tmp_path / "a.xlsx")
    with pytest.raises(ScriptError, match="Berichtigen Sie zuerst das Netz"):
        merge_book(document, read_book(path))
    book_of(Ziele=[["Kennung", "Name"], ["g", "Lage"]]).save(path)
    assert [each.part for each in merge_book(document, read_book(path))] == ["goals"]


def test_the_reference_names_every_sheet_and_column() -> None:
    text = (Path(__file__).parents[3] / "docs/reference/exercise-json.md").read_text("utf-8")
    table = text.partition("\n## A workbook\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| ")][1:]
    told = {
        name.strip(): [
            column.strip() for column in re.sub(r";.*| \(`.*?\)", "", columns).split(", ")
        ]
        for names, columns in rows
        for name in names.split(",")
    }
    # A heading with a comma is one all the same.
    assert told.pop("Mobile Mittel")[2:4] == ["*Stunden", "bis es wirkt*"]
    assert told == {
        sheet.title: [
            field.heading if field.required else f"*{field.heading}*" for field in sheet.fields
        ]
        for sheet in SHEETS.values()
        if sheet.title != "Mobile Mittel"
    }
