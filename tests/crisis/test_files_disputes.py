"""An old file and what others have changed since: shown, left as it is, and overruled only on purpose."""

import csv
import re
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.crisis.files import IMPORT, export, send, unsigned
from tests.factories import ContactFactory, FacilityFactory, MeasureFactory, SupplyFactory
from tests.worker import work

from allmende.accounts.models import User
from allmende.crisis import queries, services
from allmende.crisis.models import Facility, ImportCheck, Service, Supply, imports
from allmende.crisis.services.imports import plan
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db


def rename(user: User, facility: Facility, name: str) -> None:
    """What somebody does in the form."""
    facility.refresh_from_db()
    fields = {"name": name, "region": facility.region}
    shares = {share.region: share.persons for share in facility.shares.all()}
    services.change_facility(
        actor=user,
        mandate=user.mandates.get(),
        facility=facility,
        seen=facility.version,
        fields=fields,
        shares=shares,
    )


def edited(content: bytes, number: int, **cells: str) -> str:
    """A CSV file with other cells in the row of one facility."""
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    for row in rows:
        if row["Nummer"] == str(number):
            row.update(cells)
    target = StringIO()
    writer = csv.DictWriter(target, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def page(client: Client, check: ImportCheck) -> str:
    return client.get(f"{IMPORT}{check.pk}/").content.decode()


def decide(client: Client, check: ImportCheck, **said: object) -> None:
    answer = client.post(f"{IMPORT}{check.pk}/uebernehmen/", said)
    assert answer.status_code == 303


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "geojson"])
def test_an_old_file_does_not_undo_what_somebody_changed_since(
    desk: Client, staff: User, register: list[Facility], form: str
) -> None:
    water = register[1]
    before = water.name
    old = unsigned(export(desk, form), form)
    rename(staff, water, "Wasserwerk neu")
    check = send(desk, old, f"liste.{form}")
    assert (check.disputed, check.counts["changed"], check.counts["disputed_rows"]) == (1, 0, 1)
    shown = page(desk, check)
    assert "Seit dem Abruf der Datei geändert" in shown
    assert "Register: <strong>Wasserwerk neu</strong>" in shown
    assert "zuletzt geändert am" in shown
    assert staff.name in shown
    decide(desk, check)
    water.refresh_from_db()
    assert water.name == "Wasserwerk neu"
    check.refresh_from_db()
    assert check.counts["left"] == 1
    assert "Wie im Register gelassen" in page(desk, check)
    check = send(desk, old, f"liste.{form}")
    decide(desk, check, file_wins=[water.pk])
    water.refresh_from_db()
    assert water.name == before
    # Now the file says what is there.
    assert send(desk, old, f"liste.{form}").changes == 0


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "geojson"])
def test_what_only_the_register_has_changed_stays_without_a_question(
    desk: Client, staff: User, register: list[Facility], form: str
) -> None:
    services.load_thresholds()
    old = export(desk, form)
    Supply.objects.update(buffer_hours=48)
    register[1].contacts.all().delete()
    register[1].measures.all().delete()
    for each in register:
        rename(staff, each, f"{each.name} neu")
    check = send(desk, old, f"liste.{form}")
    assert (check.faults, check.changes) == ([], 0)


def test_what_only_the_file_has_changed_is_taken_over_and_only_what_both_have_is_asked(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    power, water = register
    old = edited(export(desk, "csv"), water.pk, **{"Name": "Werk Süd", "Bemerkung": "Tor 2"})
    old = edited(old.encode(), power.pk, Bemerkung="Nur hier")
    for each in register:
        rename(staff, each, f"{each.name} neu")
    check = send(desk, old)
    assert queries.choices_of(check) == {water.pk: ["einrichtungen-2-name"]}
    assert (check.counts["changed"], check.disputed) == (1, 1)
    shown = page(desk, check)
    assert "Register: <strong>=Wasserwerk „Süd“ neu</strong>" in shown
    assert shown.count("nur in der Datei geändert") == 1
    decide(desk, check)
    for each in register:
        each.refresh_from_db()
    assert (power.name, power.note) == ("Umspannwerk; Nord neu", "Nur hier")
    assert (water.name, water.note) == ("=Wasserwerk „Süd“ neu", "Tor 2")
    check.refresh_from_db()
    assert (check.counts["changed"], check.counts["left"]) == (2, 1)
    decide(desk, send(desk, old), **{"wahl-einrichtungen-2-name": "datei"})
    water.refresh_from_db()
    assert water.name == "Werk Süd"


def test_needs_merge_as_facilities_do(
    desk: Client, staff: User, village: Region, register: list[Facility]
) -> None:
    power, water = register
    other = SupplyFactory(facility=power, of=[FacilityFactory(service=Service.GAS, region=village)])
    need = water.supplies.get()
    old = export(desk, "bedarf").decode("utf-8-sig")
    new = f";{water.pk};;;;Strom;Nr. {power.pk};1;2;1;neu;1;\n"
    columns = old.splitlines()[0].count(";") - new.count(";")
    Supply.objects.filter(pk=need.pk).update(buffer_hours=48)
    services.remove_supply(actor=staff, mandate=staff.mandates.get(), supply=other)
    Facility.objects.filter(pk=water.pk).update(version=2)
    check = send(desk, old.replace("'@Vorrat", "Vorrat") + new.rstrip() + ";" * columns, "b.csv")
    assert (check.faults, check.disputed) == ([], 0)
    assert (check.counts["new_needs"], check.counts["changed_needs"]) == (1, 1)
    decide(desk, check)
    need.refresh_from_db()
    assert (need.note, need.buffer_hours) == ("Vorrat", 48)
    assert sorted(water.supplies.values_list("note", flat=True)) == ["Vorrat", "neu"]
    assert not power.supplies.exists()


def test_each_value_is_decided_by_itself(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    power, water = register
    need = water.supplies.get()
    old = unsigned(export(desk, "xlsx"), "xlsx")
    shares = {share.region_id: share.persons for share in water.shares.all()}
    Facility.objects.filter(pk=water.pk).update(
        name="Wasserwerk neu", vendor="anders", served=9, lon=None, lat=None, version=2
    )
    water.shares.all().delete()
    water.contacts.all().delete()
    unseen = need.suppliers.exclude(pk=power.pk).get()
    need.suppliers.set([unseen])
    Supply.objects.update(buffer_hours=48, note="neu")
    check = send(desk, old, "liste.xlsx")
    assert queries.choices_of(check) == {
        water.pk: [
            *(f"einrichtungen-2-{each}" for each in ("name", "lat", "served", "vendor")),
            *("einrichtungen-2-contact-0", "einrichtungen-2-contact-1"),
            *(f"bedarf-2-{each}" for each in ("buffer_hours", "note", "suppliers")),
        ]
    }
    shown = page(desk, check)
    assert "Register: <strong>Länge – · Breite –</strong>" in shown
    assert "Bei dieser Einrichtung gilt überall die Datei" in shown
    taken = ("einrichtungen-2-lat", "einrichtungen-2-served", "einrichtungen-2-contact-1")
    said = {f"wahl-{key}": "datei" for key in (*taken, "bedarf-2-note")}
    decide(desk, check, **said, **{"wahl-einrichtungen-2-name": "register"})
    water.refresh_from_db()
    assert (water.name, water.vendor, water.lon, water.lat, water.served) == (
        *("Wasserwerk neu", "anders", -3.123456789012, 48.1, 1_200),
    )
    assert {share.region_id: share.persons for share in water.shares.all()} == shares
    assert list(water.contacts.values_list("name", flat=True)) == ["Leitung"]
    need.refresh_from_db()
    assert (need.note, need.buffer_hours, list(need.suppliers.all())) == ("@Vorrat", 48, [unseen])
    check.refresh_from_db()
    assert (check.counts["changed"], check.counts["changed_needs"], check.counts["left"]) == (
        *(1, 1, 5),
    )


def test_what_fits_together_only_as_it_is_stays_together(
    desk: Client, staff: User, village: Region
) -> None:
    services.load_thresholds()
    clinic = FacilityFactory(service=Service.HOSPITAL, region=village)
    power = FacilityFactory(name="Netz", service=Service.POWER, region=village)
    SupplyFactory(
        facility=clinic, of=[power, FacilityFactory(service=Service.POWER, region=village)]
    )
    Supply.objects.update(needed=2)
    MeasureFactory(facility=clinic, key="krankenhaus", year=2024)
    old = unsigned(export(desk, "xlsx"), "xlsx")
    clinic.measures.all().delete()
    Facility.objects.filter(pk=clinic.pk).update(
        service=Service.CARE, provider=None, provider_name="Stift", version=2
    )
    Supply.objects.update(needed=1)
    Supply.objects.get().suppliers.set([power])
    check = send(desk, old, "liste.xlsx")
    [keys] = queries.choices_of(check).values()
    assert [key.split("-", 2)[2] for key in keys] == ["service", "provider", "suppliers"]
    decide(desk, check, **{f"wahl-{keys[1]}": "datei"})
    clinic.refresh_from_db()
    assert (clinic.service, clinic.measures.count()) == (Service.CARE, 0)
    assert clinic.provider_name != "Stift"
    decide(desk, send(desk, old, "liste.xlsx"), **{f"wahl-{keys[0]}": "datei"})
    clinic.refresh_from_db()
    assert (clinic.service, clinic.measures.get().key) == (Service.HOSPITAL, "krankenhaus")
    assert Supply.objects.get().needed == 1


def test_what_is_not_disputed_is_taken_over_beside_it(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    power, water = register
    old = unsigned(export(desk, "csv"), "csv")
    rename(staff, water, "Wasserwerk neu")
    check = send(desk, edited(old, power.pk, Name="Umspannwerk West"))
    assert (check.disputed, check.counts["changed"]) == (1, 1)
    assert "<strong></strong>" not in page(desk, check)
    decide(desk, check)
    names = dict(Facility.objects.values_list("pk", "name"))
    assert (names[power.pk], names[water.pk]) == ("Umspannwerk West", "Wasserwerk neu")


def test_needs_are_disputed_as_facilities_are(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    water = register[1]
    need = water.supplies.get()
    old = unsigned(export(desk, "bedarf"), "bedarf")
    services.change_supply(
        actor=staff,
        mandate=staff.mandates.get(),
        supply=need,
        seen=water.version,
        fields={"service": need.service, "buffer_hours": 48.0},
        suppliers=list(need.suppliers.all()),
    )
    check = send(desk, old, "bedarf.csv")
    assert (check.disputed, check.counts["changed_needs"]) == (1, 0)
    decide(desk, check)
    need.refresh_from_db()
    assert need.buffer_hours == 48
    decide(desk, send(desk, old, "bedarf.csv"), file_wins=[water.pk])
    need.refresh_from_db()
    assert need.buffer_hours != 48


def test_a_need_that_somebody_has_removed_comes_back_on_purpose_only(
    desk: Client, staff: User, village: Region
) -> None:
    power = FacilityFactory(name="Netz", service=Service.POWER, region=village)
    need = SupplyFactory(facility=FacilityFactory(region=village), of=[power])
    old = unsigned(export(desk, "bedarf"), "bedarf")
    services.remove_supply(actor=staff, mandate=staff.mandates.get(), supply=need)
    check = send(desk, old, "bedarf.csv")
    assert (check.faults, check.disputed) == ([], 1)
    assert "neuer Bedarf" in page(desk, check)
    decide(desk, check)
    assert not Supply.objects.exists()
    decide(desk, send(desk, old, "bedarf.csv"), file_wins=[need.facility_id])
    assert list(Supply.objects.get().suppliers.all()) == [power]


def test_a_file_without_the_column_counts_as_before(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    water = register[1]
    rename(staff, water, "Wasserwerk neu")
    check = send(desk, f"Nummer;Name;Stand\n{water.pk};Wasserwerk alt;\n")
    assert check.disputed == 0
    decide(desk, check)
    water.refresh_from_db()
    assert water.name == "Wasserwerk alt"


def test_values_that_were_removed_and_contacts_that_were_forgotten_do_not_come_back_unseen(
    desk: Client, staff: User, village: Region
) -> None:
    services.load_thresholds()
    clinic = FacilityFactory(service=Service.HOSPITAL, region=village)
    measure = MeasureFactory(facility=clinic, key="krankenhaus", year=2024)
    contact = ContactFactory(facility=clinic, confirmed_on=date(2025, 1, 1))
    rename(staff, clinic, "Klinikum")
    old = unsigned(export(desk, "csv"), "csv")
    services.remove_measure(actor=staff, mandate=staff.mandates.get(), measure=measure)
    assert send(desk, old).disputed == 1
    old = unsigned(export(desk, "csv"), "csv")
    assert services.clear_contacts(timezone.now()) == 1
    check = send(desk, old)
    assert check.disputed == 1
    shown = page(desk, check)
    assert contact.telephone in shown
    # It was the clock, not whoever changed the facility before the file was written.
    assert "Kontakt gelöscht, den lange niemand bestätigt hat." in shown
    assert staff.name not in re.findall("zuletzt geändert am.*", shown)[0]


@pytest.mark.django_db(transaction=True)
def test_a_worker_carries_out_what_was_decided(
    desk: Client, staff: User, register: list[Facility], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 1)
    power, water = register
    old = unsigned(export(desk, "csv"), "csv")
    for each in register:
        rename(staff, each, f"{each.name} neu")
    check = send(desk, old)
    decide(desk, check, file_wins=[power.pk])
    work()
    names = {each.pk: each.name for each in Facility.objects.all()}
    assert (names[power.pk], names[water.pk]) == (power.name.removesuffix(" neu"), water.name)
    check.refresh_from_db()
    assert (check.counts["changed"], check.counts["left"]) == (1, 1)


def test_more_than_a_page_shows_can_be_decided_at_once(
    desk: Client, village: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "MOST_DISPUTED", 2)
    for number in range(3):
        FacilityFactory(name=f"Werk {number}", region=village)
    old = unsigned(export(desk, "csv"), "csv")
    Facility.objects.update(vendor="anders", version=2)
    check = send(desk, old)
    shown = page(desk, check)
    assert "Gezeigt sind 2 von 3" in shown
    assert "Bei allen 3 gilt die Datei" in shown
    decide(desk, check, file_always_wins="on")
    assert set(Facility.objects.values_list("vendor", flat=True)) == {""}


def test_all_rows_of_the_facilities_that_are_shown_are_shown(
    desk: Client, village: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "MOST_DISPUTED", 2)
    power = FacilityFactory(name="Netz", service=Service.POWER, region=village)
    made = [FacilityFactory(name=f"Werk {number}", region=village) for number in range(3)]
    for each in made:
        SupplyFactory(facility=each, of=[power], buffer_hours=4)
    old = unsigned(export(desk, "xlsx"), "xlsx")
    Facility.objects.exclude(pk=power.pk).update(vendor="anders", version=2)
    Supply.objects.update(buffer_hours=48)
    check = send(desk, old, "liste.xlsx")
    assert (check.disputed, check.counts["disputed_rows"]) == (3, 6)
    rows = Counter((row["facility"], row["kind"]) for row in check.shown)
    assert rows == {
        (each.pk, kind): 1 for each in made[:2] for kind in ("changed", "changed_needs")
    }
    decide(desk, check, file_wins=[made[0].pk])
    assert list(Supply.objects.order_by("pk").values_list("buffer_hours", flat=True)) == [4, 48, 48]


def test_what_differs_is_seen_before_it_is_decided(
    desk: Client, staff: User, village: Region
) -> None:
    power, gas = (
        FacilityFactory(name="Netz", service=service, region=village)
        for service in (Service.POWER, Service.POWER)
    )
    made = FacilityFactory(name="Werk", region=village, note="x" * 120 + "DATEI")
    contact = ContactFactory(facility=made, name="n" * 110, telephone="0123 4567")
    need = SupplyFactory(facility=made, of=[power], note="y" * 120 + "DATEI")
    old = unsigned(export(desk, "xlsx"), "xlsx")
    Facility.objects.filter(pk=made.pk).update(note="x" * 120 + "REGISTER", version=2)
    made.contacts.filter(pk=contact.pk).update(telephone="0123 9999")
    made.supplies.update(note="y" * 120 + "REGISTER")
    need.suppliers.set([gas])
    shown = page(desk, send(desk, old, "liste.xlsx"))
    pairs = re.findall("(?:Register|Datei): <strong>(.*?)</strong>", shown)
    assert pairs[:2] == [f"…{'x' * 40}{said}" for said in ("REGISTER", "DATEI")]
    assert [pair.partition("|")[2][:10] for pair in pairs[2:4]] == [" 0123 9999", " 0123 4567"]
    assert pairs[4:] == [
        *(f"…{'y' * 40}{said}" for said in ("REGISTER", "DATEI")),
        *(f"Netz (Nr. {one.pk})" for one in (gas, power)),
    ]


def test_for_a_facility_the_file_counts_beyond_what_its_page_shows(
    desk: Client, village: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "MOST_CHOICES", 2)
    power = FacilityFactory(name="Netz", service=Service.POWER, region=village)
    made = FacilityFactory(name="Werk", region=village)
    for _number in range(3):
        SupplyFactory(facility=made, of=[power], buffer_hours=4)
    old = unsigned(export(desk, "xlsx"), "xlsx")
    Facility.objects.filter(pk=made.pk).update(vendor="anders", version=2)
    Supply.objects.update(buffer_hours=48)
    check = send(desk, old, "liste.xlsx")
    shown = page(desk, check)
    assert shown.count("Register: <strong>") == 2
    assert "2 weitere Angaben zu dieser Einrichtung sind nicht gezeigt." in shown
    decide(desk, check, file_wins=[made.pk])
    assert set(Supply.objects.values_list("buffer_hours", flat=True)) == {4}
    check.refresh_from_db()
    assert check.counts.get("left", 0) == 0


def test_who_sends_a_facility_that_is_not_disputed_is_told_and_nothing_happens(
    desk: Client, register: list[Facility]
) -> None:
    check = send(desk, f"Nummer;Name\n{register[0].pk};Neu\n")
    for said in ({"file_wins": ["1000000"]}, {"wahl-einrichtungen-2-name": "datei"}):
        decide(desk, check, **said)
        assert "Die Auswahl passt nicht zu dieser Datei." in page(desk, check)
    assert Facility.objects.filter(name="Neu").count() == 0


def test_a_second_click_on_what_was_decided_is_no_fault(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    water = register[1]
    before, old = water.name, unsigned(export(desk, "csv"), "csv")
    rename(staff, water, "Wasserwerk neu")
    check = send(desk, old)
    for _twice in range(2):
        decide(desk, check, file_wins=[water.pk])
    shown = page(desk, check)
    assert "Alles ist übernommen." in shown
    assert "kern-alert--warning" not in shown
    water.refresh_from_db()
    assert water.name == before


def test_what_stays_as_it_is_in_the_register_is_not_said_to_be_taken_over(
    desk: Client, staff: User, register: list[Facility]
) -> None:
    old = unsigned(export(desk, "csv"), "csv")
    for number, each in enumerate(register, 1):
        rename(staff, each, f"{each.name} neu")
        check = send(desk, old)
        decide(desk, check)
        left = "Angabe bleibt, wie sie" if number == 1 else "Angaben bleiben, wie sie"
        shown = page(desk, check)
        assert f"Übernommen. {number} {left} im Register" in shown
        assert "Alles ist übernommen." not in shown


def test_the_page_asks_as_often_for_three_disputes_as_for_one(
    desk: Client, staff: User, village: Region
) -> None:
    counts = []
    for number in (1, 3):
        made = [
            FacilityFactory(name=f"Werk {number} {each}", region=village) for each in range(number)
        ]
        old = unsigned(export(desk, "csv"), "csv")
        for each in made:
            rename(staff, each, f"{each.name} neu")
        check = send(desk, old)
        page(desk, check)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(desk, check)
        counts.append(len(asked))
        assert check.disputed == number
    assert counts[0] == counts[1]
