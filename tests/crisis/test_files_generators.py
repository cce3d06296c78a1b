"""Generators as files: out and in again, every fault with its row, all or nothing."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.crisis.files import IMPORT, carry_out, faults, send
from tests.factories import (
    FacilityFactory,
    GeneratorFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis.models import Facility, Fuel, Generator, Seat
from allmende.registry.models import Office, OrganisationKind, Region

pytestmark = pytest.mark.django_db
HEADER = (
    "Nummer;Name;Art;Leistung (kW);Kraftstoff;Stunden bei Volllast;Einrichtung;Halter;Gemeinde;"
    "Standort;Stand\n"
)


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def both(village: Region, waterworks: Facility) -> list[Generator]:
    """One of a facility, and one of the fire brigade."""
    fixed = GeneratorFactory(
        name="NEA; 1",
        facility=waterworks,
        region=None,
        owner_name="",
        is_mobile=False,
        fuel_hours=None,
        place="=Halle 2",
        confirmed_on="2026-01-01",
    )
    return [fixed, GeneratorFactory(region=village, fuel=Fuel.BATTERY, confirmed_on="2026-01-01")]


def take(client: Client, form: str) -> bytes:
    answer = client.post("/krise/notstrom/abrufen/", {"als": form})
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.getvalue()


def rows() -> list[dict[str, object]]:
    return list(Generator.objects.order_by("pk").values())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_taken_along_comes_back_unchanged(
    desk: Client, both: list[Generator], form: str
) -> None:
    before = rows()
    check = send(desk, take(desk, form), f"notstrom.{form}")
    assert (check.faults, check.changes) == ([], 0)
    assert check.counts == {"new_generators": 0, "changed_generators": 0, "unchanged": 2}
    assert rows() == before


def test_a_workbook_says_for_whom_it_was_made(desk: Client, both: list[Generator]) -> None:
    book = load_workbook(BytesIO(take(desk, "xlsx")), read_only=True)
    assert book.sheetnames == ["Notstrom", "Hinweise"]
    entry = Entry.objects.get(deed="crisis.export_generators")
    assert entry.details == {"format": "xlsx", "filters": [], "generators": 2}
    [header, _first, second] = book["Notstrom"].iter_rows(values_only=True)
    said = dict(zip(header, second, strict=True))
    assert str(said["Abrufkennung"]).startswith(f"{entry.number}-")
    assert said["Einrichtung"] == f"Nr. {both[0].facility_id} Wasserwerk"


def test_a_file_enters_and_changes_generators(
    desk: Client, both: list[Generator], village: Region, waterworks: Facility
) -> None:
    fixed, mobile = both
    said = (
        f"{mobile.pk};Aggregat Feuerwehr;mobil;1.250;Diesel oder Heizöl;;;;;;1\n"
        f";NEA 2;fest;300;;72,5;Wasserwerk (Lindenfurt);;;Keller;\n"
        f";Anhänger;mobil;60;gas;8;;THW;Lindenfurt;Halle;\n"
        f"{fixed.pk};;;;;;Nr. {waterworks.pk};;;=Halle 2;1\n"
    )
    check = send(desk, HEADER + said)
    assert check.faults == []
    assert check.counts == {"new_generators": 2, "changed_generators": 1, "unchanged": 1}
    page = desk.get(f"{IMPORT}{check.pk}/").content.decode()
    assert "Neue Anlagen" in page
    assert "Neue Einrichtungen" not in page
    assert "Leistung (kW)</span>: <del>100</del>" in page
    assert "<strong>NEA 2</strong> · Wasserwerk · neue" in page
    assert f"<strong>Aggregat Feuerwehr</strong> · {village.short_name} · Angaben" in page
    shown = carry_out(desk, check)
    assert "Alles ist übernommen." in shown
    assert "Zur Liste „Notstrom“" in shown
    mobile.refresh_from_db()
    assert (mobile.power_kw, mobile.fuel, mobile.fuel_hours, mobile.version) == (
        *(1250, Fuel.DIESEL, None, 2),
    )
    assert str(mobile.confirmed_on) != "2026-01-01"
    new = Generator.objects.get(name="NEA 2")
    assert (new.facility, new.region, new.whose) == (waterworks, None, waterworks.who_runs_it)
    trailer = Generator.objects.get(name="Anhänger")
    assert (trailer.town, trailer.owner_name, trailer.is_mobile) == (village, "THW", True)
    deeds = Entry.objects.filter(deed__endswith="_generator").order_by("number")
    assert [(each.deed, each.object_key, each.details) for each in deeds] == [
        ("crisis.add_generator", str(new.pk), {"from_file": True}),
        ("crisis.add_generator", str(trailer.pk), {"from_file": True}),
        ("crisis.change_generator", str(mobile.pk), {"from_file": True}),
    ]
    assert deeds[0].capacity != ""
    # The same rows without numbers are the same generators.
    again = send(desk, HEADER + "".join(said.splitlines(keepends=True)[1:3]))
    assert again.counts == {"new_generators": 0, "changed_generators": 0, "unchanged": 2}
    assert "Zur Liste „Notstrom“" in desk.get(f"{IMPORT}{again.pk}/").content.decode()


def test_every_fault_is_told_and_nothing_is_done(
    desk: Client, both: list[Generator], waterworks: Facility
) -> None:
    before = rows()
    closed = FacilityFactory(name="Zu", region=waterworks.region, closed_on="2026-01-01")
    check = send(
        desk,
        HEADER
        + ";Gut;mobil;60;;;;THW;Lindenfurt;;\n"
        + ";;halb;0;Holz;-1;;;Nirgends;;\n"
        + "999999;Fremd;;60;;;;;;;\n"
        + f"{both[1].pk};;;;;;Nr. {waterworks.pk};;;;\n"
        + ";Dort;mobil;60;;;Gibt es nicht;;;;\n"
        + f";Alt;mobil;60;;;Nr. {closed.pk};;;;\n"
        + ";gut;mobil;70;;;;THW;Lindenfurt;;\n"
        + f"{both[1].pk};Anders;;;;;;;;;9\n"
        + ";Ohne;mobil;60;;;;;;;\n",
    )
    assert faults(check) == [
        *((3, "Art"), (3, "Gemeinde"), (3, "Kraftstoff"), (3, "Name"), (3, "Halter")),
        *((3, "Leistung (kW)"), (3, "Stunden bei Volllast")),
        *((4, "Nummer"), (5, "Einrichtung"), (6, "Einrichtung"), (7, "Einrichtung")),
        *((8, "Name"), (9, "Nummer"), (9, "Stand"), (10, "Halter"), (10, "Gemeindeschlüssel")),
    ]
    carry_out(desk, check)
    assert rows() == before


def test_nobody_writes_about_what_she_may_only_see(
    client: Client, both: list[Generator], village: Region, waterworks: Facility
) -> None:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Netze GmbH")
    worker = second_factor(MandateFactory(organisation=provider, office=Office.ADMINISTRATION).user)
    far = FacilityFactory(region=MunicipalityFactory(ars="095750123456"), provider=provider)
    own = GeneratorFactory(name="Netz 1", facility=far, region=None, owner_name="")
    client.force_login(worker)
    check = send(
        client,
        HEADER
        + f";Fremd;mobil;60;;;Nr. {waterworks.pk};;;;\n"
        + f"{both[1].pk};Meins;;;;;;;;;\n"
        + ";Fremd;mobil;60;;;;THW;Lindenfurt;;\n",
    )
    assert faults(check) == [(2, "Einrichtung"), (3, "Nummer"), (4, "Gemeinde")]
    check = send(
        client,
        HEADER + f"{own.pk};;;250;;;;;;;\n" + ";Wagen;mobil;60;;;;Netze GmbH;Lindenfurt;;\n",
    )
    assert check.faults == []
    carry_out(client, check)
    own.refresh_from_db()
    assert (own.power_kw, own.facility) == (250, far)
    assert Generator.objects.get(name="Wagen").owner == provider


def test_who_was_quicker_wins(desk: Client, both: list[Generator]) -> None:
    check = send(desk, HEADER + f"{both[1].pk};Anders;;;;;;;;;\n")
    Generator.objects.filter(pk=both[1].pk).update(power_kw=7, version=2)
    assert "hat jemand geändert, seit Sie die Datei geprüft haben" in carry_out(desk, check)
    both[1].refresh_from_db()
    assert (both[1].name, both[1].power_kw) == ("Aggregat Feuerwehr", 7)
    check = send(desk, HEADER + ";Neu;mobil;60;;;;THW;Lindenfurt;;\n")
    GeneratorFactory(name="Neu", owner_name="THW", region=both[1].region)
    assert "hat inzwischen jemand eingetragen" in carry_out(desk, check)
    assert Generator.objects.filter(name="Neu").count() == 1


def test_who_may_no_longer_write_about_where_it_is_moves_it_nowhere(
    desk: Client, alice: User, both: list[Generator]
) -> None:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Netze GmbH")
    MandateFactory(user=alice, organisation=provider, office=Office.ADMINISTRATION)
    before = rows()
    check = send(desk, HEADER + f"{both[1].pk};;;;;;;Netze GmbH;;;\n")
    assert check.faults == []
    Seat.objects.all().delete()
    assert "dürfen Sie nicht mehr schreiben" in carry_out(desk, check)
    assert rows() == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_can_be_filled_in_and_sent(desk: Client, village: Region, ending: str) -> None:
    content = desk.get(f"/krise/einrichtungen/vorlagen/notstrom.{ending}").getvalue()
    check = send(desk, content, f"notstrom.{ending}")
    assert faults(check) == [(2, "Gemeindeschlüssel")]
    if ending == "csv":
        [row] = csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";")
        assert (row["Name"], row["Halter"], row["Nummer"]) == ("Aggregat Bauhof", "THW", "")
