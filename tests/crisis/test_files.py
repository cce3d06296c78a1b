"""The register as files: out with a mark, in as a whole or not at all, and nothing is lost on the way."""

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.factories import (
    FacilityFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.anchors import verify_chain
from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import Facility, ImportCheck, Service, Supply
from allmende.crisis.portal import offer
from allmende.registry.models import Level, OrganisationKind, Region

pytestmark = pytest.mark.django_db

EXPORT, IMPORT = "/krise/einrichtungen/ausgeben/", "/krise/einrichtungen/einlesen/"
FORMATS = ["xlsx", "csv", "bedarf", "geojson"]


@pytest.fixture
def village() -> Region:
    return MunicipalityFactory(ars="095740123456", name="Lindenfurt")


@pytest.fixture
def staff(village: Region) -> User:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=village))
    return second_factor(seat.mandate.user)


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def register(village: Region) -> list[Facility]:
    """Facilities with all that makes files difficult."""
    power = FacilityFactory(
        name="Umspannwerk; Nord", service=Service.POWER, region=village, served=0
    )
    water = FacilityFactory(
        name="=Wasserwerk „Süd“",
        region=village,
        provider=OrganisationFactory(
            region=None, kind=OrganisationKind.PROVIDER, name="Stadtwerke A & B"
        ),
        place="#3, -Ufer",
        lon=-3.123456789012,
        lat=48.1,
        served=1_200,
        repair_hours=0.1,
        repair_spread=1 / 3,
        starts_alone=False,
        feed_in_kw=120,
        note="Tor 1\r\n+49 klingeln",
    )
    water.shares.create(region=village, persons=700)
    water.shares.create(region=MunicipalityFactory(ars="095750000001"), persons=500)
    unseen = FacilityFactory(
        name="Fern", service=Service.POWER, region=MunicipalityFactory(ars="095750123456")
    )
    SupplyFactory(facility=water, of=[power, unseen], buffer_hours=7.25, note="@Vorrat")
    return [power, water]


def export(client: Client, form: str, **filters: str) -> bytes:
    answer = client.post(EXPORT, {"format": form, **filters})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.getvalue()


def send(client: Client, content: bytes | str, name: str = "liste.csv") -> ImportCheck:
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 303, answer.content.decode()
    return ImportCheck.objects.latest("pk")


def carry_out(client: Client, check: ImportCheck) -> str:
    answer = client.post(f"{IMPORT}{check.pk}/uebernehmen/")
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).content.decode()


def faults(check: ImportCheck) -> list[tuple[int, str]]:
    return [(fault["line"], fault["column"]) for fault in check.faults]


def state() -> list[object]:
    """All that is in the register."""
    rows: list[object] = list(Facility.objects.order_by("pk").values())
    rows += Supply.objects.order_by("pk").values()
    rows += Supply.suppliers.through.objects.order_by("pk").values()
    return rows


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("form", FORMATS)
def test_what_was_taken_along_changes_nothing_when_it_comes_back(desk: Client, form: str) -> None:
    before = state()
    check = send(desk, export(desk, form), f"liste.{form}")
    assert check.faults == []
    rows = {"xlsx": 3, "csv": 2, "bedarf": 1, "geojson": 1}[form]
    assert {kind: n for kind, n in check.counts.items() if n} == {"unchanged": rows}
    assert "Es ändert sich nichts" in desk.get(f"{IMPORT}{check.pk}/").content.decode()
    carry_out(desk, check)
    assert state() == before


@pytest.mark.usefixtures("register")
def test_every_file_says_for_whom_it_was_made_and_the_log_says_so(
    desk: Client, staff: User
) -> None:
    [mandate] = staff.mandates.all()
    for form in ("csv", "bedarf", "json", "geojson", "xlsx"):
        content = export(desk, form, q="Werk", sektor="" if form == "bedarf" else "wasser")
        entry = Entry.objects.get(deed="crisis.export_facilities", details__format=form)
        mark = [mandate.capacity, f"{entry.number}-{entry.hash[:8]}"]
        assert entry.details["filters"] == (["q"] if form == "bedarf" else ["q", "sektor"])
        assert (entry.actor, entry.mandate_key) == (staff, str(mandate.pk))
        if form in {"csv", "bedarf"}:
            row = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))[-1]
            assert [row["Abgerufen für"], row["Kennung"]] == mark
        elif form == "xlsx":
            book = load_workbook(BytesIO(content))
            assert book.sheetnames == ["Einrichtungen", "Bedarf", "Hinweise"]
            for name in book.sheetnames[:2]:
                assert mark[1] in str(book[name].oddFooter.center.text)
                assert [book[name].cell(2, book[name].max_column).value] == mark[1:]
            assert mark[1] in str(book.properties.subject)
        else:
            said = json.loads(content)["mark"]
            assert [said["for"], said["code"]] == mark
        assert staff.name.encode() not in content


@pytest.mark.usefixtures("register")
def test_points_without_a_place_are_left_out_and_counted(desk: Client) -> None:
    content = json.loads(export(desk, "geojson"))
    assert content["without_place"] == 1
    [feature] = content["features"]
    assert feature["geometry"]["coordinates"] == [-3.123456789012, 48.1]
    assert json.loads(export(desk, "json"))["needs"][0]["Vorrat (Stunden)"] == 7.25


@pytest.mark.usefixtures("register")
def test_a_file_holds_only_what_a_person_may_see(desk: Client, client: Client) -> None:
    FacilityFactory(name="Geheim", region=MunicipalityFactory(ars="095750999999"))
    assert "Geheim" not in export(desk, "csv").decode()
    assert desk.get(EXPORT).status_code == 200
    desk.logout()
    assert desk.post(EXPORT, {"format": "csv"}).status_code == 302
    stranger = second_factor(MandateFactory(may_release=True).user)
    desk.force_login(stranger)
    assert desk.post(EXPORT, {"format": "csv"}).status_code == 404


NEW = "Name;Leistung;Betreiber;Gemeinde;Versorgte Menschen\n"


def test_new_facilities_and_needs_come_together(desk: Client, staff: User, village: Region) -> None:
    check = send(
        desk, NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\nWerk 2;trinkwasser;GW;Lindenfurt;\n"
    )
    page = desk.get(f"{IMPORT}{check.pk}/").content.decode()
    assert (check.counts["new"], "Werk 1" in page, Facility.objects.count()) == (2, True, 0)
    carry_out(desk, check)
    one, two = Facility.objects.order_by("name")
    assert (one.service, one.provider_name, one.region, one.served) == (
        "strom",
        "Netz GmbH",
        village,
        800,
    )
    assert (two.service, two.served, two.repair_hours) == ("trinkwasser", 0, 24)
    check = send(
        desk,
        "Einrichtung;Gemeindeschlüssel;Leistung;Lieferanten;Vorrat (Stunden)\n"
        f"Werk 2;{village.ags};Strom;Werk 1 (Lindenfurt);8,5\n",
    )
    carry_out(desk, check)
    supply = Supply.objects.get()
    assert (supply.facility, list(supply.suppliers.all()), supply.buffer_hours) == (two, [one], 8.5)
    two.refresh_from_db()
    assert two.version == 2
    deeds = Entry.objects.order_by("number").values_list("deed", "object_key", "capacity")
    capacity = staff.mandates.get().capacity
    assert list(deeds) == [
        ("crisis.add_facility", str(one.pk), capacity),
        ("crisis.add_facility", str(two.pk), capacity),
        ("crisis.carry_out_import", str(check.pk - 1), ""),
        ("crisis.add_supply", str(two.pk), capacity),
        ("crisis.carry_out_import", str(check.pk), ""),
    ]
    assert verify_chain().is_sound


def test_one_workbook_brings_facilities_and_what_they_need(
    desk: Client, register: list[Facility]
) -> None:
    book = load_workbook(BytesIO(export(desk, "xlsx")))
    heads = {name: [cell.value for cell in book[name][1]] for name in ("Einrichtungen", "Bedarf")}
    new = {
        "Name": "Klinik",
        "Leistung": "Krankenhaus",
        "Betreiber": "Stiftung",
        "Gemeinde": "Lindenfurt",
    }
    book["Einrichtungen"].append([new.get(head) for head in heads["Einrichtungen"]])
    need = {
        "Einrichtung": "Klinik",
        "Gemeinde": "Lindenfurt",
        "Leistung": "Trinkwasser",
        "Lieferanten": f"Nr. {register[1].pk}",
        "Vorrat (Stunden)": 12,
    }
    book["Bedarf"].append([need.get(head) for head in heads["Bedarf"]])
    book["Einrichtungen"]["B2"] = "Wasserwerk"
    target = BytesIO()
    book.save(target)
    check = send(desk, target.getvalue(), "liste.xlsx")
    assert check.faults == []
    assert check.counts == {
        "new": 1,
        "changed": 1,
        "new_needs": 1,
        "changed_needs": 0,
        "unchanged": 2,
    }
    carry_out(desk, check)
    clinic = Facility.objects.get(name="Klinik")
    assert list(clinic.supplies.get().suppliers.all()) == [register[1]]
    assert Facility.objects.get(pk=register[1].pk).name == "Wasserwerk"
    assert [each["differences"] for each in check.shown if each["kind"] == "changed"] == [
        [["Name", "=Wasserwerk „Süd“", "Wasserwerk"]]
    ]


def test_a_file_with_few_columns_leaves_the_others_alone(
    desk: Client, register: list[Facility]
) -> None:
    water = register[1]
    point = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [11.5, 48.95]},
                "properties": {"nummer": water.pk, "fid": 3},
            }
        ],
    }
    carry_out(desk, send(desk, json.dumps(point), "punkte.geojson"))
    after = Facility.objects.get(pk=water.pk)
    assert (after.lon, after.lat, after.version) == (11.5, 48.95, 2)
    assert (after.name, after.note, after.provider, after.shares.count()) == (
        water.name,
        water.note,
        water.provider,
        2,
    )


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


def test_who_may_only_see_a_facility_cannot_change_it_by_file(
    desk: Client, village: Region
) -> None:
    far = FacilityFactory(name="Fern", region=MunicipalityFactory(ars="095750123456"))
    far.shares.create(region=village, persons=far.served)
    check = send(desk, f"Nummer;Name\n{far.pk};Nah\n")
    assert faults(check) == [(2, "Nummer")]
    assert send(desk, f"Nummer;Name\n{far.pk};Fern\n").counts["unchanged"] == 1


def test_a_given_up_facility_stays_as_it_is(desk: Client, village: Region) -> None:
    old = FacilityFactory(region=village, closed_on="2026-01-01")
    content = export(desk, "csv", stand="aufgegeben")
    assert send(desk, content).counts["unchanged"] == 1
    assert faults(send(desk, f"Nummer;Name\n{old.pk};Neu\n")) == [(2, "Nummer")]


@pytest.mark.usefixtures("village")
def test_pressing_twice_takes_over_once(desk: Client) -> None:
    check = send(desk, NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\n")
    carry_out(desk, check)
    assert "schon übernommen" in carry_out(desk, check)
    assert Facility.objects.count() == 1


def test_two_people_with_the_same_new_facilities(
    desk: Client, staff: User, village: Region
) -> None:
    text = NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\n"
    first, second = send(desk, text), send(desk, text)
    carry_out(desk, first)
    assert "inzwischen jemand eingetragen" in carry_out(desk, second)
    assert Facility.objects.count() == 1
    second.refresh_from_db()
    assert second.carried_out_at is None


def test_what_somebody_changed_meanwhile_is_not_overwritten(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    power = register[0]
    check = send(desk, f"Nummer;Name\n{power.pk};Neu\n")
    supply = services.add_supply(
        actor=staff,
        mandate=None,
        facility=power,
        fields={"service": Service.DRINKING_WATER},
        suppliers=[register[1]],
    )
    assert f"Nr. {power.pk}" in carry_out(desk, check)
    power.refresh_from_db()
    assert (power.name, supply.pk > 0) == ("Umspannwerk; Nord", True)
    carry_out(desk, send(desk, f"Nummer;Name\n{power.pk};Neu\n"))
    power.refresh_from_db()
    assert power.name == "Neu"


def test_who_left_the_staff_meanwhile_takes_over_nothing(
    desk: Client, staff: User, village: Region
) -> None:
    check = send(desk, NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\n")
    staff.mandates.get().seat.delete()
    assert desk.post(f"{IMPORT}{check.pk}/uebernehmen/").status_code == 404
    with pytest.raises(services.Conflict, match="nicht mehr schreiben"):
        services.carry_out_import(actor=staff, check=check)
    assert (Facility.objects.count(), ImportCheck.objects.get().carried_out_at) == (0, None)


def test_a_file_is_seen_only_by_whoever_sent_it(desk: Client, village: Region, staff: User) -> None:
    check = send(desk, NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\n")
    kreis = MunicipalityFactory(level=Level.KREIS, ars="09574", ags="", kind=44, size_class=None)
    seat = SeatFactory(
        mandate__organisation=OrganisationFactory(region=kreis, kind=OrganisationKind.DISTRICT)
    )
    desk.force_login(second_factor(seat.mandate.user))
    for page in ("", "fehler.csv"):
        assert desk.get(f"{IMPORT}{check.pk}/{page}").status_code == 404
    assert desk.post(f"{IMPORT}{check.pk}/uebernehmen/").status_code == 404


def test_a_provider_enters_its_own_facilities_only(client: Client, village: Region) -> None:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Ahornwerke")
    user = second_factor(
        MandateFactory(organisation=provider, office="administration", may_release=True).user
    )
    client.force_login(user)
    check = send(
        client,
        NEW + "Werk 1;Strom;ahornwerke;Lindenfurt;800\nWerk 2;Strom;Andere;Lindenfurt;800\n",
    )
    assert faults(check) == [(3, "Gemeinde")]
    check = send(client, NEW + "Werk 1;Strom;ahornwerke;Lindenfurt;800\n")
    carry_out(client, check)
    assert Facility.objects.get().provider == provider


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x" * 20, "unbekannt"),
        ("Name;Gemeinde;Passwort\na;b;c\n", "unbekannt"),
        ("Name;Leistung\na;b\n", "fehlen Spalten"),
        ("Name;Gemeinde\n", "keine Zeilen"),
        ('{"type": "Feature"}', "kein GeoJSON"),
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


def test_files_are_removed_after_days(desk: Client, village: Region) -> None:
    check = send(desk, NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\n")
    [kind] = [each for each in offer.retention if each.key == "crisis.import"]
    assert kind.clear(check.created_at) == 0
    ImportCheck.objects.update(created_at="2026-01-01T00:00Z")
    assert kind.clear(check.created_at) == 1


def test_files_take_as_many_queries_for_many_as_for_one(desk: Client, village: Region) -> None:
    def queries_of(step: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            step()
        return len(asked)

    counts = []
    for rows in (1, 3):
        for supply in SupplyFactory.create_batch(rows, facility__region=village):
            supply.facility.shares.create(region=village, persons=800)
        keys = Facility.objects.values_list("pk", flat=True)
        text = "Nummer;Name\n" + "".join(f"{pk};Werk {pk} {rows}\n" for pk in keys)
        check = send(desk, text)
        counts.append(
            [
                *(queries_of(lambda form=form: export(desk, form)) for form in ("json", "xlsx")),
                queries_of(lambda text=text: send(desk, text)),
                queries_of(lambda check=check: carry_out(desk, check)),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) < 45
