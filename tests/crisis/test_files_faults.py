"""Files with faults: every one is named with its row and column, and nothing is taken over."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.crisis.files import IMPORT, carry_out, export, faults, send, state
from tests.factories import (
    FacilityFactory,
    MunicipalityFactory,
)

from allmende.crisis.models import Facility, ImportCheck
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db


def test_every_fault_is_named_and_nothing_is_taken_over(
    desk: Client, register: list[Facility], village: Region
) -> None:
    foreign = FacilityFactory(region=MunicipalityFactory(ars="095750999999", name="Fremdheim"))
    head = "Nummer;Name;Leistung;Betreiber;Gemeinde;Breite;Länge;Versorgte Menschen;Davon je Gemeinde;Fährt allein an;Reparatur (Stunden)\n"
    check = send(
        desk,
        head
        + "999999;A;Strom;B;Lindenfurt;;;;;;\n"
        + f"{foreign.pk};A;Strom;B;Lindenfurt;;;;;;\n"
        + ";A;Zauberei;B;Lindenfurt;;;;;;\n"
        + ";B;Strom;;Lindenfurt;;;;;;\n"
        + ";C;Strom;B;Fremdheim;;;;;;\n"
        + ";D;Strom;B;Nirgendwo;;;;;;\n"
        + ";E;Strom;B;Lindenfurt;48;;;;;\n"
        + ";F;Strom;B;Lindenfurt;148;11;;;;\n"
        + ";G;Strom;B;Lindenfurt;;;viele;;;\n"
        + ";H;Strom;B;Lindenfurt;;;10;Lindenfurt 9;;\n"
        + ";I;Strom;B;Lindenfurt;;;;;vielleicht;\n"
        + ";J;Strom;B;Lindenfurt;;;;;;0\n"
        + ";K;Strom;B;Lindenfurt;;;;;;\n"
        + ";K;Strom;B;Lindenfurt;;;;;;\n",
    )
    assert faults(check) == [
        (2, "Nummer"),
        (3, "Nummer"),
        (4, "Leistung"),
        (5, "Betreiber"),
        (6, "Gemeinde"),
        (7, "Gemeinde"),
        (8, "Breite"),
        (9, "Breite"),
        (10, "Versorgte Menschen"),
        (11, "Davon je Gemeinde"),
        (12, "Fährt allein an"),
        (13, "Reparatur (Stunden)"),
        (15, "Name"),
    ]
    before = state()
    assert "hat Fehler" in carry_out(desk, check)
    assert state() == before
    rows = desk.get(f"{IMPORT}{check.pk}/fehler.csv").getvalue().decode().splitlines()
    assert rows[-1] == "Einrichtungen;15;Name;Steht doppelt, zuerst in Zeile 14."


def test_every_fault_of_a_need_is_named(desk: Client, register: list[Facility]) -> None:
    power, water = register
    check = send(
        desk,
        "Bedarfsnummer;Nummer;Leistung;Lieferanten;So viele genügen;Vorrat (Stunden)\n"
        f";{power.pk};Strom;Nr. {power.pk};;\n"
        f";{power.pk};Trinkwasser;Nr. {water.pk};2;\n"
        f";{power.pk};Trinkwasser;Nr. {power.pk};;\n"
        f";{power.pk};Trinkwasser;Unbekannt;;\n"
        f";{power.pk};Trinkwasser;;;\n"
        f";{power.pk};Trinkwasser;Nr. {water.pk};;\n"
        f";{water.pk};Strom;Nr. {power.pk};;-1\n"
        f"999999;{power.pk};Trinkwasser;Nr. {water.pk};;\n"
        ";999999;Strom;Nr. 1;;\n",
    )
    assert faults(check) == [
        (2, "Lieferanten"),
        (3, "So viele genügen"),
        (4, "Lieferanten"),
        (5, "Lieferanten"),
        (6, "Lieferanten"),
        (7, "Leistung"),  # the same as in line 3
        (8, "Vorrat (Stunden)"),
        (9, "Bedarfsnummer"),
        (10, "Nummer"),
    ]


@pytest.mark.usefixtures("register")
def test_all_that_is_wrong_with_a_row_is_told_at_once(desk: Client) -> None:
    check = send(
        desk,
        "Nummer;Name;Leistung;Betreiber;Gemeinde;Breite;Länge;Versorgte Menschen;Reparatur (Stunden)\n"
        ";A;Unsinn;B;Nirgendwo;148;11;viele;0\n"
        "999999;A;Unsinn;B;Nirgendwo;148;11;viele;0\n"
        "999999;;;;;;;5;\n",
    )
    others = ["Leistung", "Gemeinde", "Breite", "Versorgte Menschen", "Reparatur (Stunden)"]
    told = faults(check)
    assert sorted(told) == sorted(
        [
            *((2, column) for column in others),
            *((3, column) for column in ("Nummer", *others)),
            (4, "Nummer"),
        ]
    )


def test_faults_stand_by_sheet_and_row_with_numbers_as_people_write_them(
    desk: Client, register: list[Facility]
) -> None:
    book = load_workbook(BytesIO(export(desk, "xlsx")))
    sheets = {name: book[name] for name in ("Bedarf", "Einrichtungen")}
    heads = {name: [cell.value for cell in sheet[1]] for name, sheet in sheets.items()}
    for name, heading, value, row in (
        ("Bedarf", "Vorrat (Stunden)", 1e9, 2),
        ("Einrichtungen", "Reparatur (Stunden)", 0.01, 2),
        ("Einrichtungen", "Versorgte Menschen", 10**12, 3),
    ):
        sheets[name].cell(row, heads[name].index(heading) + 1).value = value
    target = BytesIO()
    book.save(target)
    check = send(desk, target.getvalue(), "liste.xlsx")
    assert [(fault["table"], fault["line"], fault["column"]) for fault in check.faults] == [
        ("Einrichtungen", 2, "Reparatur (Stunden)"),
        ("Einrichtungen", 3, "Versorgte Menschen"),
        ("Bedarf", 2, "Vorrat (Stunden)"),
    ]
    said = " ".join(fault["reason"] for fault in check.faults)
    assert "größer oder gleich 0,1 sein" in said
    assert "kleiner oder gleich 8.760 sein" in said
    assert "0.1" not in said


def test_all_that_is_wrong_with_a_need_is_told_at_once(
    desk: Client, register: list[Facility]
) -> None:
    power, _water = register
    check = send(
        desk,
        "Nummer;Leistung;Lieferanten;So viele genügen;Vorrat (Stunden)\n"
        "999999;Unsinn;Nr. 1;viele;-1\n"
        f"{power.pk};Trinkwasser;Unbekannt;1;-1\n",
    )
    assert sorted(faults(check)) == [
        (2, "Leistung"),
        (2, "Nummer"),
        (2, "So viele genügen"),
        (2, "Vorrat (Stunden)"),
        (3, "Lieferanten"),
        (3, "Vorrat (Stunden)"),
    ]


@pytest.mark.usefixtures("village")
def test_a_row_with_too_few_cells_does_not_hide_the_others(desk: Client) -> None:
    check = send(desk, "Name;Leistung;Betreiber;Gemeinde\nA;Strom\nB;Unsinn;C;Lindenfurt\n")
    assert faults(check) == [(2, "Zeile"), (3, "Leistung")]
    [first, _second] = check.faults
    assert first["reason"].startswith("Die Zeile hat 2 Felder, die Kopfzeile hat 4.")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Name;Gemeinde\n" + "a\n" * 50_001, "mehr als 50.000 Zeilen"),
        ("x" * 20, "unbekannt"),
        ("Name;Gemeinde;Passwort\na;b;c\n", "unbekannt"),
        ("Name;Leistung\na;b\n", "fehlen Spalten"),
        ("Name;Gemeinde\n", "keine Zeilen"),
        ('{"type": "Feature"}', "weder JSON"),
        ('{"type": "FeatureCollection", "features": [{"geometry": 1}]}', "kein Punkt"),
        ("PK kein Archiv", "beschädigt"),
        ("Name;Gemeinde\n" + "a;b\n" * 50_001, "mehr als 50.000 Zeilen"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(desk: Client, content: str, message: str) -> None:
    answer = desk.post(IMPORT, {"file": SimpleUploadedFile("liste.csv", content.encode())})
    assert (answer.status_code, ImportCheck.objects.count()) == (200, 0)
    assert message in answer.content.decode()


def test_too_large_a_file_gets_one_sentence(desk: Client) -> None:
    rows = b"Name;Gemeinde\n" + b"Wasserwerk;Lindenfurt\n" * 500_000
    answer = desk.post(IMPORT, {"file": SimpleUploadedFile("liste.csv", rows)})
    assert "größer als 10 MB" in answer.content.decode()


def test_templates_can_be_filled_in_and_sent(desk: Client) -> None:
    MunicipalityFactory(name="Musterdorf", ars="095740999999", ags="99999999")
    for name in ("einrichtungen.xlsx", "einrichtungen.csv", "bedarf.csv"):
        answer = desk.get(f"/krise/einrichtungen/vorlagen/{name}")
        content = answer.getvalue() if answer.streaming else answer.content
        check = send(desk, content, name)
        # The example's municipality is not theirs: forgetting to delete it does no harm.
        assert check.fault_count == (2 if name.endswith("xlsx") else 1)
    assert desk.get("/krise/einrichtungen/vorlagen/passwd").status_code == 404


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "Das ist eine PDF-Datei, keine Tabelle."),
        (b"\x89PNG\r\n\x1a\n\0\0", "Das ist ein Bild, keine Tabelle."),
        (b"[1, 2]", "Das ist weder JSON des Registers noch GeoJSON"),
    ],
)
def test_a_file_of_another_kind_is_told_what_it_is(desk: Client, content: bytes, said: str) -> None:
    answer = desk.post(IMPORT, {"file": SimpleUploadedFile("liste.csv", content)})
    shown = answer.content.decode()
    assert said in shown
    assert "Bedarfsnummer" not in shown
    assert "JSON oder GeoJSON, höchstens" in shown
