"""The official files as they are, and every way in which they can be broken."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from allmende.formats.errors import FormatError
from allmende.formats.municipalities import (
    ChangeKind,
    Level,
    RegionRecord,
    Register,
    Source,
    read_register,
)

from .builders import (
    CHANGE_HEADINGS,
    FIRST_LINE,
    FOOTER,
    HEADINGS,
    Row,
    germany,
    gv100ad_line,
    municipality,
    write_changes,
    write_extract,
    write_gv100ad,
    write_workbook,
)

CHANGE: Row = [
    "16/2024/0017-R", "Gemeinde", "160645052055", "16064055", "Rodeberg", "1", "11165472", "1552",
    "160610118118", "16061118", "Dingelstädt, Stadt", "01.01.2024", "01.01.2024",
]  # fmt: skip


def levels(register: Register) -> dict[str, int]:
    return dict(Counter(region.level.name for region in register.regions))


def test_extract_is_recognised_by_content_and_read_whole(tmp_path: Path) -> None:
    register = read_register(write_extract(tmp_path / "irgendwas.bin", germany()))
    assert register.source == Source.EXTRACT
    assert register.status_date == date(2024, 12, 31)
    assert register.population_date == date(2023, 12, 31)
    assert register.complete
    assert levels(register) == {"LAND": 16, "KREIS": 16, "GEMEINDEVERBAND": 16, "GEMEINDE": 32}
    assert register.regions[3] == RegionRecord(
        level=Level.GEMEINDE,
        ars="010010001001",
        ags="01001001",
        name="Erstes Schleswig-Holstein",
        kind="64",
        population=1000,
        area=12.5,
        longitude=10.5,
        latitude=51.25,
        postcode="01234",
        status_date=date(2024, 12, 31),
        line=FIRST_LINE + 3,
    )


def test_columns_are_found_by_heading_not_by_place(tmp_path: Path) -> None:
    rows = [*HEADINGS, *germany(), *FOOTER]
    moved = [[*row[:8], None, *row[8:]] if len(row) > 8 else row for row in rows]
    plain = read_register(write_workbook(tmp_path / "a.xlsx", rows))
    assert read_register(write_workbook(tmp_path / "b.xlsx", moved)).regions == plain.regions


def test_gv100ad_says_the_same_but_for_coordinates(tmp_path: Path) -> None:
    extract = read_register(write_extract(tmp_path / "a.xlsx", germany()))
    register = read_register(write_gv100ad(tmp_path / "b.txt", germany()))
    assert register.source == Source.GV100AD
    assert register.status_date == date(2023, 11, 30)
    assert register.population_date is None
    assert [(r.ars, r.ags, r.name, r.kind, r.population, r.area) for r in register.regions] == [
        (r.ars, r.ags, r.name, r.kind, r.population, r.area) for r in extract.regions
    ]
    assert {r.longitude for r in register.regions} == {None}


def test_list_of_changes(tmp_path: Path) -> None:
    both = [*CHANGE[:5], "3, 4", None, None, *CHANGE[8:]]
    register = read_register(write_changes(tmp_path / "a.xlsx", [CHANGE, both, [], ["Hinweis"]]))
    assert register.source == Source.CHANGES
    first, second = register.changes
    assert (first.old_ags, first.new_ags) == ("16064055", "16061118")
    assert first.kinds == (ChangeKind.DISSOLVED,)
    assert first.statistical_date == date(2024, 1, 1)
    assert first.area == pytest.approx(11.165472)
    assert first.population == 1552
    assert second.kinds == (ChangeKind.KEY_CHANGED, ChangeKind.RENAMED)
    assert second.area is None


def changed(position: int, **cells: object) -> list[Row]:
    """Germany with some cells of one row replaced: ``c2="x"`` sets the third cell."""
    rows = germany()
    for name, value in cells.items():
        rows[position][int(name[1:])] = value
    return rows


# The fourth row is the first municipality, the second its Kreis.
BROKEN_EXTRACTS = {
    "letters in a key": (changed(3, c6="00A"), FIRST_LINE + 3, "12 Ziffern"),
    "short key": (changed(1, c4="1"), FIRST_LINE + 1, "5 Ziffern"),
    "doubled key": (
        [*germany()[:4], municipality("01", "001", "Doppelt"), *germany()[4:]],
        FIRST_LINE + 4,
        f"steht schon in Zeile {FIRST_LINE + 3}",
    ),
    "municipality without its Kreis": (
        [row for index, row in enumerate(germany()) if index != 1],
        FIRST_LINE + 1,
        "hat keinen Kreis",
    ),
    "Kreis without municipality": (
        [row for index, row in enumerate(germany()) if index not in {3, 4}],
        FIRST_LINE + 1,
        "hat keine Gemeinde",
    ),
    "Land missing": (germany()[:-5], None, "fehlen 1 von 16 Ländern (Thüringen)"),
    "population in words": (changed(3, c9="viele"), FIRST_LINE + 3, "„Bevölkerung“ ist keine Zahl"),
    "no population": (changed(3, c9=None), FIRST_LINE + 3, "Bevölkerung fehlt"),
    "half a person": (changed(3, c9=1.5), FIRST_LINE + 3, "keine ganze Zahl"),
    "negative area": (changed(3, c8=-1), FIRST_LINE + 3, "keinen möglichen Wert"),
    "infinite area": (changed(3, c8="1e999"), FIRST_LINE + 3, "keinen möglichen Wert"),
    "not a number": (changed(3, c8="nan"), FIRST_LINE + 3, "keinen möglichen Wert"),
    "coordinates elsewhere": (changed(3, c14="110,5"), FIRST_LINE + 3, "außerhalb Deutschlands"),
    "postcode": (changed(3, c13="1234"), FIRST_LINE + 3, "5 Ziffern"),
    "no name": (changed(3, c7=" "), FIRST_LINE + 3, "Der Name fehlt"),
    "unknown record type": (changed(3, c0="70"), FIRST_LINE + 3, "Satzart „70“ ist unbekannt"),
    "no record type": (changed(3, c0=None), FIRST_LINE + 3, "Satzart fehlt"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_EXTRACTS)
def test_a_broken_extract_is_told_with_sheet_and_line(tmp_path: Path, case: str) -> None:
    rows, line, message = BROKEN_EXTRACTS[case]
    with pytest.raises(FormatError) as error:
        read_register(write_extract(tmp_path / "kaputt.xlsx", rows))
    assert message in error.value.message
    assert error.value.line == line
    where = f", Zeile {line}" if line else ""
    assert str(error.value).startswith(f"kaputt.xlsx, Blatt „Gemeinden“{where}: ")


def test_an_extract_without_its_footer_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="bricht ab"):
        read_register(write_workbook(tmp_path / "a.xlsx", [*HEADINGS, *germany()]))


def test_data_below_the_footer_are_not_ignored(tmp_path: Path) -> None:
    rows = [*HEADINGS, *germany(), *FOOTER, municipality("01", "003", "Zu spät")]
    with pytest.raises(FormatError, match="Nach dem Ende der Tabelle"):
        read_register(write_workbook(tmp_path / "a.xlsx", rows))


@pytest.mark.parametrize("heading", ["insgesamt", "Längengrad", "Kreis", "Postleit-zahl3)"])
def test_a_missing_column_is_named(tmp_path: Path, heading: str) -> None:
    headings = [[None if cell == heading else cell for cell in row] for row in HEADINGS]
    with pytest.raises(FormatError, match="fehlt die Spalte") as error:
        read_register(write_workbook(tmp_path / "a.xlsx", [*headings, *germany(), *FOOTER]))
    assert error.value.line == 3


def test_a_missing_date_is_told(tmp_path: Path) -> None:
    headings = [["Gemeinden"], *HEADINGS[1:4]]
    with pytest.raises(FormatError, match="Gebietsstand"):
        read_register(write_workbook(tmp_path / "a.xlsx", [*headings, *germany(), *FOOTER]))


def test_another_workbook_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="Kein Blatt enthält ein Gemeindeverzeichnis"):
        read_register(write_workbook(tmp_path / "a.xlsx", [["Haushalt", 2024]]))


BROKEN_CHANGES = {
    "unknown kind": ({5: "9"}, "Änderungsart „9“"),
    "letters in a key": ({3: "1606405X"}, "AGS muss aus 8 Ziffern"),
    "short ARS": ({8: "1606"}, "ARS muss aus 12 Ziffern"),
    "unknown unit": ({1: "Dorf"}, "Regionaleinheit „Dorf“"),
    "no date": ({12: "bald"}, "Wirksamkeitsdatum"),
    "impossible date": ({12: "31.02.2024"}, "Wirksamkeitsdatum"),
    "no name": ({4: None}, "Der Name fehlt"),
    "no reference": ({0: "?"}, "Kennziffer „?“"),
}


@pytest.mark.parametrize("case", BROKEN_CHANGES)
def test_a_broken_list_of_changes_is_told_with_sheet_and_line(tmp_path: Path, case: str) -> None:
    cells, message = BROKEN_CHANGES[case]
    row = [cells.get(position, cell) for position, cell in enumerate(CHANGE)]
    with pytest.raises(FormatError) as error:
        read_register(write_changes(tmp_path / "a.xlsx", [CHANGE, row]))
    assert message in error.value.message
    assert (error.value.sheet, error.value.line) == ("Gebietsaenderungen", 6)


def test_a_list_with_moved_columns_is_told(tmp_path: Path) -> None:
    headings = [list(row) for row in CHANGE_HEADINGS]
    headings[1].insert(2, "Neu")
    with pytest.raises(FormatError, match="Spalte 3 muss"):
        read_register(write_workbook(tmp_path / "a.xlsx", [*headings, CHANGE]))


def test_a_list_without_changes_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="keine Änderungen"):
        read_register(write_changes(tmp_path / "a.xlsx", []))


LINES = [gv100ad_line(row) for row in germany()]
BROKEN_TEXTS = {
    "cut in the last line": ("\n".join(LINES)[:-30], 80, "190 statt 220 Zeichen"),
    "cut between two lines": ("\n".join(LINES[:40]) + "\n", None, "fehlen 8 von 16 Ländern"),
    "line too long": ("\n".join([LINES[0] + "x", *LINES[1:]]) + "\n", 1, "221 statt 220"),
    "letters in a key": (
        "\n".join([*LINES[:3], LINES[3].replace("01001001", "01O01001", 1), *LINES[4:]]) + "\n",
        4,
        "12 Ziffern",
    ),
    "letters in a number": (
        "\n".join([*LINES[:3], LINES[3].replace("00000001000", "0000000l000"), *LINES[4:]]) + "\n",
        4,
        "Die Bevölkerung muss aus 11 Ziffern",
    ),
    "doubled line": ("\n".join([*LINES[:4], LINES[3], *LINES[4:]]) + "\n", 5, "schon in Zeile 4"),
    "another date": (
        "\n".join([*LINES[:3], LINES[3].replace("20231130", "20231231"), *LINES[4:]]) + "\n",
        4,
        "weicht von dem der ersten Zeile ab",
    ),
    "no date": (
        "\n".join([LINES[0].replace("20231130", "20231332"), *LINES[1:]]) + "\n",
        1,
        "kein Datum",
    ),
    "unknown record type": (
        "\n".join([LINES[0], "99" + LINES[1][2:], *LINES[2:]]) + "\n",
        2,
        "Satzart „99“",
    ),
}


@pytest.mark.parametrize("case", BROKEN_TEXTS)
def test_a_broken_gv100ad_is_told_with_its_line(tmp_path: Path, case: str) -> None:
    text, line, message = BROKEN_TEXTS[case]
    path = tmp_path / "kaputt.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        read_register(path)
    assert message in error.value.message
    assert error.value.line == line


def test_gv100ad_with_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(LINES).encode() + b"\r\n")
    assert len(read_register(path).regions) == 80


def test_gv100ad_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\n".join(LINES).encode("latin-1") + b"\n")
    with pytest.raises(FormatError, match="nicht in UTF-8") as error:
        read_register(path)
    first = next(n for n, text in enumerate(LINES, start=1) if not text.isascii())
    assert error.value.line == first


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Die Datei ist leer"),
        (b"\n", "kein bekanntes Gemeindeverzeichnis"),
        ("10".encode("utf-16"), "kein bekanntes Gemeindeverzeichnis"),
        (b"AGS;Name\n01001000;Flensburg\n", "kein bekanntes Gemeindeverzeichnis"),
        (b"PK\x03\x04 und dann nichts", "beschädigt oder unvollständig"),
    ],
)
def test_something_else_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "GV100AD_311224.txt"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message):
        read_register(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="gibt es nicht"):
        read_register(tmp_path / "gibt-es-nicht.xlsx")
    with pytest.raises(FormatError, match="ist ein Ordner"):
        read_register(tmp_path)


def test_progress_ends_with_the_number_of_records(tmp_path: Path) -> None:
    counts: list[int] = []
    read_register(write_extract(tmp_path / "a.xlsx", germany()), progress=counts.append)
    assert counts[-1] == 80


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "status", "inhabited", "people", "associations"),
    [
        ("AuszugGV4QAktuell_2024.xlsx", date(2024, 12, 31), 10_754, 84_669_326, 4_596),
        ("31122023_Auszug_GV.xlsx", date(2023, 12, 31), 10_775, 84_669_326, 4_597),
        ("GV100AD_301123.txt", date(2023, 11, 30), 10_775, 84_358_845, 4_597),
    ],
)
def test_published_totals(
    *, shared_data: Path, name: str, status: date, inhabited: int, people: int, associations: int
) -> None:
    register = read_register(shared_data / "municipalities" / name)
    counts = levels(register)
    assert register.status_date == status
    assert (counts["LAND"], counts["REGIERUNGSBEZIRK"], counts["KREIS"]) == (16, 29, 400)
    assert counts["GEMEINDEVERBAND"] == associations
    numbers = [r.population or 0 for r in register.regions if r.level == Level.GEMEINDE]
    assert sum(number > 0 for number in numbers) == inhabited
    assert sum(numbers) == people


@pytest.mark.shared
@pytest.mark.parametrize(("year", "rows"), [(2023, 58), (2024, 82)])
def test_published_changes(shared_data: Path, year: int, rows: int) -> None:
    path = shared_data / "municipalities" / f"namens-grenz-aenderungen-{year}.xlsx"
    register = read_register(path)
    assert len(register.changes) == rows
    assert {change.statistical_date.year for change in register.changes} == {year}
