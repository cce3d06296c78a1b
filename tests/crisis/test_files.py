"""Files into the register: as a whole or not at all, by whoever may, and not over what others did."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.crisis.files import IMPORT, NEW, carry_out, export, faults, send
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
from allmende.registry.models import Level, Office, OrganisationKind, Region

pytestmark = pytest.mark.django_db


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
    [shown] = [each["differences"] for each in check.shown if each["kind"] == "new"]
    assert {tuple(each) for each in shown} >= {
        ("Name", "", "Klinik"),
        ("Leistung", "", "Krankenhaus"),
        ("Betreiber", "", "Stiftung"),
        ("Gemeinde", "", "Lindenfurt"),
    }


def test_the_preview_shows_whose_supply_would_change(
    desk: Client, register: list[Facility]
) -> None:
    water = register[1]
    share = water.shares.first()
    assert share is not None
    table = f"Nummer;Versorgte Menschen;Davon je Gemeinde\n{water.pk};7;{share.region.ags} 7\n"
    check = send(desk, table, "liste.csv")
    assert check.faults == []
    [shown] = [each["differences"] for each in check.shown]
    assert [
        f"Davon je Gemeinde: {share.region.name}",
        str(share.persons),
        "7",
    ] in shown


def test_a_municipality_is_known_without_its_title_where_it_is_the_only_one(
    desk: Client, village: Region
) -> None:
    Region.objects.filter(pk=village.pk).update(name="Lindenfurt, Stadt")
    check = send(desk, NEW + "Werk;Strom;Netz GmbH;Lindenfurt;800\n")
    carry_out(desk, check)
    assert Facility.objects.get().region == village
    # Two are called so: the one where she may enter facilities is meant; who may in neither, has to say.
    MunicipalityFactory(name="Lindenfurt, Markt")
    MunicipalityFactory(name="Kranich, Stadt")
    MunicipalityFactory(name="Kranich, Markt")
    check = send(desk, NEW + "Werk 2;Strom;Netz;Lindenfurt;800\n" + "Werk 3;Strom;Netz;Kranich;8\n")
    [fault] = check.faults
    assert fault["reason"] == "„Kranich“ gibt es mehrfach. Bitte nennen Sie den Gemeindeschlüssel."


def test_the_preview_names_suppliers_as_a_sentence_does(desk: Client, village: Region) -> None:
    grids = [
        FacilityFactory(name=f"Netz {n}", service=Service.POWER, region=village) for n in range(7)
    ]
    need = SupplyFactory(facility=FacilityFactory(region=village), of=grids[:2])
    named = "; ".join(f"Nr. {grid.pk}" for grid in grids)
    check = send(
        desk, f'Bedarfsnummer;Nummer;Lieferanten\n{need.pk};{need.facility_id};"{named}"\n'
    )
    [shown] = check.shown
    assert shown["differences"] == [
        [
            "Lieferanten",
            "Netz 0 und Netz 1",
            "Netz 0, Netz 1, Netz 2, Netz 3, Netz 4, Netz 5 und Netz 6",
        ]
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
    shown = carry_out(desk, check)
    assert f"„{power.name}“ hat jemand geändert, seit Sie die Datei geprüft haben." in shown
    # It still says so later, and where to begin anew.
    again = desk.get(f"{IMPORT}{check.pk}/").content.decode()
    assert f'<a class="kern-link" href="{IMPORT}">Datei noch einmal laden</a>' in again
    assert "Nichts ist übernommen" in again
    power.refresh_from_db()
    assert (power.name, supply.pk > 0) == ("Umspannwerk; Nord", True)
    carry_out(desk, send(desk, f"Nummer;Name\n{power.pk};Neu\n"))
    power.refresh_from_db()
    assert power.name == "Neu"


def test_who_loses_a_facility_by_a_file_is_told(
    desk: Client, staff: User, register: list[Facility], village: Region
) -> None:
    water = register[1]
    there = "„Stadtwerke A &amp; B“ betreibt diese Einrichtung dann nicht mehr: Wer dort arbeitet, sieht sie"
    table = f"Nummer;Betreiber\n{water.pk};Netz GmbH\n"
    check = send(desk, table)
    assert [each["differences"] for each in check.shown] == [
        [["Betreiber", "Stadtwerke A & B", "Netz GmbH"]]
    ]
    shown = desk.get(f"{IMPORT}{check.pk}/").content.decode()
    assert there in shown
    assert "Bei 1 Einrichtung wechselt der Betreiber" in shown
    assert "„Netz GmbH“ steht dann nur als Name im Register." in shown
    assert "Auch Sie" not in shown
    # An empty cell takes nothing away, nor does a file that says the same.
    for said in ("", "Stadtwerke A & B"):
        assert send(desk, f"Nummer;Betreiber\n{water.pk};{said}\n").changes == 0
    provider = water.provider
    assert provider is not None
    worker = second_factor(MandateFactory(organisation=provider, office=Office.ADMINISTRATION).user)
    desk.force_login(worker)
    assert "Auch Sie können sie dann nicht mehr ändern." in send(desk, table).shown[0]["warning"]
    # Where the staff's own municipality runs it, it stays in the staff's sight.
    desk.force_login(staff)
    Facility.objects.filter(pk=water.pk).update(provider=staff.mandates.get().organisation)
    assert send(desk, table).shown[0]["warning"] == ""


def test_a_file_that_was_not_taken_over_is_found_again_and_can_be_discarded(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    text = NEW + "Werk 1;Strom;Netz GmbH;Lindenfurt;800\n"
    kept = send(desk, text, "neu.csv")
    wrong = send(desk, text.replace("Strom", "Zauberei"), "falsch.csv")
    carry_out(desk, send(desk, text.replace("Werk 1", "Werk 2"), "fertig.csv"))
    send(desk, f"Nummer;Versorgte Menschen\n{register[0].pk};0\n", "gleich.csv")
    shown = desk.get(IMPORT)
    assert shown.context["waiting"] == [wrong, kept]
    words = " ".join(shown.content.decode().split())
    assert f'<a class="kern-link" href="{IMPORT}{kept.pk}/">neu.csv</a>' in words
    assert "würde 1 Zeile ändern" in words
    assert "fertig.csv" not in words
    desk.force_login(
        second_factor(SeatFactory(mandate__organisation__region=register[0].region).mandate.user)
    )
    assert desk.get(IMPORT).context["waiting"] == []
    assert desk.post(f"{IMPORT}{kept.pk}/verwerfen/").status_code == 404
    desk.force_login(staff)
    answer = desk.get(desk.post(f"{IMPORT}{kept.pk}/verwerfen/").headers["Location"])
    assert "„neu.csv“ ist verworfen." in answer.content.decode()
    assert answer.context["waiting"] == [wrong]
    done = ImportCheck.objects.get(file_name="fertig.csv")
    answer = desk.get(desk.post(f"{IMPORT}{done.pk}/verwerfen/").headers["Location"])
    assert "schon übernommen" in answer.content.decode()
    assert ImportCheck.objects.filter(pk=done.pk).exists()


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_tables_are_read_as_german_spreadsheets_write_them(
    encoding: str, sign: str, desk: Client
) -> None:
    text = NEW + "Kläranlage „Süd“;Strom;Größe & Söhne – €;Lindenfurt;800\n"
    check = send(desk, text.replace(";", sign).encode(encoding))
    shown = desk.get(f"{IMPORT}{check.pk}/").content.decode()
    assert ("im Zeichensatz von Windows (cp1252) gelesen" in shown) == (encoding == "cp1252")
    carry_out(desk, check)
    made = Facility.objects.get()
    assert (made.name, made.provider_name) == ("Kläranlage „Süd“", "Größe & Söhne – €")


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
