"""Contacts, the degree of supply and the operational link of facilities in files."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from tests.crisis.files import IMPORT, carry_out, faults, send, state
from tests.factories import ContactFactory, FacilityFactory, MeasureFactory

from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import Facility, Measure, Service
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db
LONG_AGO = date(2025, 9, 1)


@pytest.fixture
def hospital(village: Region) -> Facility:
    """It has two contacts that somebody confirmed a while ago, and one value."""
    services.load_thresholds()
    facility: Facility = FacilityFactory(name="Klinik", service=Service.HOSPITAL, region=village)
    for name, telephone in (("Pforte", "0123 1"), ("Technik", "0123 2")):
        ContactFactory(
            facility=facility,
            name=name,
            telephone=telephone,
            email="",
            reachable="",
            confirmed_on=LONG_AGO,
        )
    MeasureFactory(facility=facility, key="krankenhaus", year=2024, value=Decimal(30_500))
    return facility


def contacts(facility: Facility) -> list[tuple[str, str, str, str, bool]]:
    """Name, telephone, mail, when, and whether it was confirmed today."""
    rows = facility.contacts.order_by("name").values_list(
        "name", "telephone", "email", "reachable", "confirmed_on"
    )
    return [(*said, day == timezone.localdate()) for *said, day in rows]  # type: ignore[misc]


def test_contacts_are_added_and_changed_and_none_goes(desk: Client, hospital: Facility) -> None:
    said = "Pforte | 0123 99 | pforte@example.org | rund um die Uhr; Leitung | leitung@example.org"
    check = send(desk, f'Nummer;Kontakte\n{hospital.pk};"{said}"\n')
    assert check.faults == []
    shown = desk.get(f"{IMPORT}{check.pk}/").content.decode()
    assert "<del>Pforte | 0123 1</del>" in shown
    assert "Übernommen" in carry_out(desk, check)
    assert contacts(hospital) == [
        ("Leitung", "", "leitung@example.org", "", True),
        ("Pforte", "0123 99", "pforte@example.org", "rund um die Uhr", True),
        ("Technik", "0123 2", "", "", False),
    ]
    deeds = Entry.objects.order_by("number").values_list("deed", flat=True)
    assert list(deeds)[-4:] == [
        "crisis.change_facility",
        "crisis.change_contact",
        "crisis.add_contact",
        "crisis.carry_out_import",
    ]


def test_a_contact_that_is_there_is_not_confirmed_by_a_file(
    desk: Client, hospital: Facility
) -> None:
    before = state()
    check = send(desk, f'Nummer;Kontakte\n{hospital.pk};"Pforte | 0123 1"\n')
    assert check.counts["unchanged"] == 1
    carry_out(desk, check)
    assert state() == before


def test_what_was_supplied_is_added_and_replaced_by_year(desk: Client, hospital: Facility) -> None:
    said = "krankenhaus 2024 31.000,5; krankenhaus 2023 29.000"
    head = "Nummer;Versorgungsgrad;Betrieblicher Zusammenhang\n"
    carry_out(desk, send(desk, head + f'{hospital.pk};"{said}";Häuser  am Markt\n'))
    values = Measure.objects.order_by("year").values_list("year", "value")
    assert list(values) == [(2023, Decimal(29_000)), (2024, Decimal("31000.5"))]
    hospital.refresh_from_db()
    assert (hospital.group, hospital.version) == ("Häuser am Markt", 2)


def test_a_new_facility_comes_with_all_of_it(desk: Client, village: Region) -> None:
    services.load_thresholds()
    head = "Name;Leistung;Betreiber;Gemeinde;Kontakte;Versorgungsgrad\n"
    row = 'Klinik;Krankenhaus;Stiftung;Lindenfurt;"Pforte | 0123 1";"krankenhaus 2024 30.000"\n'
    carry_out(desk, send(desk, head + row))
    made = Facility.objects.get()
    assert [one.name for one in made.contacts.all()] == ["Pforte"]
    assert made.measures.get().value == 30_000


def test_every_fault_has_its_column(desk: Client, hospital: Facility) -> None:
    many = "; ".join(f"Stelle {number} | 0123" for number in range(19))
    rows = [
        ("Kontakte", "Pforte"),
        ("Kontakte", "Pforte | 0123 1 | keine-adresse"),
        ("Kontakte", "Pforte | 7; Pforte | 8"),
        ("Kontakte", f"{'x' * 121} | 0123"),
        ("Kontakte", many),
        ("Versorgungsgrad", "krankenhaus 2024"),
        ("Versorgungsgrad", "krankenhaus 2024 viele"),
        ("Versorgungsgrad", "klaerwerk 2024 7"),
        ("Versorgungsgrad", f"krankenhaus {timezone.localdate().year} 7"),
        ("Versorgungsgrad", "krankenhaus 2001 7"),
        ("Versorgungsgrad", "krankenhaus 2023 0"),
        ("Versorgungsgrad", "krankenhaus 2023 0,0001"),
        ("Versorgungsgrad", "krankenhaus 2023 7; krankenhaus 2023 8"),
        ("Betrieblicher Zusammenhang", "x" * 101),
    ]
    before = state()
    for column, said in rows:
        check = send(desk, f'Nummer;{column}\n{hospital.pk};"{said}"\n')
        assert faults(check) == [(2, column)], said
        carry_out(desk, check)
    assert state() == before


def test_two_contacts_of_one_name_stay_two(desk: Client, hospital: Facility) -> None:
    """Regression: a file with both of them changed one into the other."""
    ContactFactory(facility=hospital, name="Pforte", telephone="0123 3", confirmed_on=LONG_AGO)
    said = "Pforte | 0123 1; Pforte | 0123 4"
    check = send(desk, f'Nummer;Kontakte\n{hospital.pk};"{said}"\n')
    assert check.faults == []
    carry_out(desk, check)
    found = hospital.contacts.filter(name="Pforte").order_by("telephone")
    assert [one.telephone for one in found] == ["0123 1", "0123 4"]


def test_who_changed_a_contact_meanwhile_is_not_overwritten(
    desk: Client, hospital: Facility
) -> None:
    check = send(desk, f'Nummer;Kontakte\n{hospital.pk};"Pforte | 0123 99"\n')
    Facility.objects.filter(pk=hospital.pk).update(version=7)
    assert "hat jemand geändert" in carry_out(desk, check)
    assert hospital.contacts.filter(telephone="0123 99").count() == 0


def test_a_plan_of_the_version_before_is_still_carried_out(
    desk: Client, hospital: Facility
) -> None:
    check = send(desk, f"Nummer;Bemerkung\n{hospital.pk};Neu\n")
    for each in check.plan["facilities"]:
        del each["contacts"], each["measures"]
    check.created_at -= timedelta(days=1)
    check.save()
    assert "Übernommen" in carry_out(desk, check)
    hospital.refresh_from_db()
    assert hospital.note == "Neu"
