"""The register: facilities entered, changed, given up, and what each needs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.crisis.files import NEW, carry_out, send
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
from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import Facility, Insight, Seat, Service
from allmende.registry.models import Office, Organisation, OrganisationKind, Region

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Wasserwerk Nord",
    "service": "trinkwasser",
    "provider_name": "Stadtwerke",
    "municipality": "Lindenfurt",
    "served": "812",
    "repair_hours": "24",
    "repair_spread": "0,5",
    "repair_rank": "5",
    "starts_alone": "on",
}


@pytest.fixture
def village() -> Region:
    return MunicipalityFactory(name="Lindenfurt", ars="095740123456")


@pytest.fixture
def organisation(village: Region) -> Organisation:
    return OrganisationFactory(region=village)


@pytest.fixture
def clerk(organisation: Organisation) -> User:
    return second_factor(SeatFactory(mandate__organisation=organisation).mandate.user)


@pytest.fixture
def signed_in(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def errors_of(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def test_who_sits_in_the_staff_enters_a_facility(
    signed_in: Client, clerk: User, village: Region
) -> None:
    for _twice in range(2):
        response = signed_in.post("/krise/einrichtungen/neu/", FIELDS)
    facility = Facility.objects.get()
    assert response.headers["Location"] == facility.get_absolute_url()
    assert (facility.name, facility.region, facility.sector, facility.repair_spread) == (
        "Wasserwerk Nord",
        village,
        "wasser",
        0.5,
    )
    entry = Entry.objects.get(deed="crisis.add_facility")
    assert (entry.actor, entry.object_name) == (clerk, f"Einrichtung {facility.pk}")


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"provider_name": ""}, "provider_name", "Bitte nennen Sie den Betreiber."),
        (
            {"municipality": "Fernhausen"},
            "municipality",
            "„Fernhausen“ ist keine Gemeinde, für die Sie hier Angaben machen können.",
        ),
        ({"lat": "48"}, "lat", "Bitte nennen Sie Länge und Breite, oder keine von beiden."),
        (
            {"share_lines": "Lindenfurt 640"},
            "share_lines",
            "Zusammen sind das 640 Menschen, oben stehen 812.",
        ),
        (
            {"share_lines": "Lindenfurt 1.640"},
            "share_lines",
            "Zusammen sind das 1.640 Menschen, oben stehen 812.",
        ),
        (
            {"share_lines": "Lindenfurt"},
            "share_lines",
            "Zeile 1: Am Ende fehlt die Zahl der Menschen.",
        ),
        *(
            (
                {"share_lines": f"Lindenfurt {persons}", "served": "8.125"},
                "share_lines",
                "Zeile 1: Am Ende fehlt die Zahl der Menschen.",
            )
            for persons in ("812,5", "81.25", "8.1.2.5", "1.172.", "٨١٢٥", "9" * 5000)
        ),
        (
            {"share_lines": "Lindenfurt 640\nNirgendwo 172"},
            "share_lines",
            "Zeile 2: „Nirgendwo“ ist keine Gemeinde, für die Sie hier Angaben machen können.",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    signed_in: Client, village: Region, wrong: dict[str, str], field: str, said: str
) -> None:
    response = signed_in.post("/krise/einrichtungen/neu/", FIELDS | wrong)
    assert errors_of(response) == {field: [said]}
    assert "Wasserwerk Nord" in response.content.decode()
    assert not Facility.objects.exists()


@pytest.mark.parametrize("typed", ["lindenfurt", "Stadt Lindenfurt", "Lindenfurt, Stadt"])
def test_a_municipality_is_found_by_its_name_with_and_without_its_title(
    signed_in: Client, village: Region, typed: str
) -> None:
    village.name = "Lindenfurt, Stadt"
    village.save()
    response = signed_in.post("/krise/einrichtungen/neu/", FIELDS | {"municipality": typed})
    assert response.status_code == 303
    assert Facility.objects.get().region == village


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Neustadt an der Weinstraße, Stadt", "Neustadt an der Weinstraße"),
        ("Neumarkt in der Oberpfalz", "neumarkt in der  Oberpfalz"),
        ("Stadt Wehlen, Stadt", "Stadt Wehlen"),
        ("Stadt Wehlen", "Stadt Stadt Wehlen"),
    ],
)
def test_forms_and_files_know_a_municipality_by_the_same_names(
    signed_in: Client, village: Region, name: str, typed: str
) -> None:
    Region.objects.filter(pk=village.pk).update(name=name)
    fields = FIELDS | {"municipality": typed, "share_lines": f"{typed} 812"}
    assert signed_in.post("/krise/einrichtungen/neu/", fields).status_code == 303
    check = send(signed_in, f"{NEW}Werk 2;Strom;Netz GmbH;{typed};8\n")
    assert check.faults == []
    carry_out(signed_in, check)
    assert [each.region for each in Facility.objects.all()] == [village, village]


@pytest.mark.parametrize(
    ("typed", "is_titled"),
    [("Lindenfurt", False), ("Stadt Lindenfurt", True), ("Lindenfurt, Stadt", True)],
)
def test_who_is_called_exactly_so_is_meant(
    signed_in: Client, village: Region, typed: str, is_titled: bool
) -> None:
    town = MunicipalityFactory(name="Lindenfurt, Stadt", ars="095740999999")
    fields = FIELDS | {"share_lines": f"{typed} 812"}
    assert signed_in.post("/krise/einrichtungen/neu/", fields).status_code == 303
    [share] = Facility.objects.get().shares.all()
    assert share.region == (town if is_titled else village)


def test_of_two_with_the_same_name_neither_is_guessed(signed_in: Client, village: Region) -> None:
    Region.objects.filter(pk=village.pk).update(name="Lindenfurt, Stadt")
    MunicipalityFactory(name="Lindenfurt, Markt", ars="095740999999")
    lines = FIELDS | {"municipality": village.key, "share_lines": "Lindenfurt 812"}
    [said] = errors_of(signed_in.post("/krise/einrichtungen/neu/", lines))["share_lines"]
    assert said == "Zeile 1: „Lindenfurt“ gibt es mehrfach. Bitte nennen Sie den Gemeindeschlüssel."


def test_the_only_municipality_stands_there_already(signed_in: Client, village: Region) -> None:
    html = signed_in.get("/krise/einrichtungen/neu/").content.decode()
    assert 'name="municipality" value="Lindenfurt"' in html


def test_nobody_enters_a_facility_elsewhere(signed_in: Client) -> None:
    MunicipalityFactory(name="Anderswo", ars="095750123456")
    response = signed_in.post("/krise/einrichtungen/neu/", FIELDS | {"municipality": "Anderswo"})
    assert list(errors_of(response)) == ["municipality"]


def test_of_two_who_change_it_the_second_is_told(
    signed_in: Client, clerk: User, village: Region
) -> None:
    facility = FacilityFactory(region=village)
    address = f"{facility.get_absolute_url()}aendern/"
    mine = FIELDS | {"name": "Wasserwerk Süd", "version": "1"}
    assert signed_in.post(address, FIELDS | {"version": "1"}).status_code == 303
    response = signed_in.post(address, mine)
    assert "Jemand anderes hat diese Einrichtung inzwischen geändert." in (
        response.content.decode()
    )
    assert response.context["differences"] == [("Name", "Wasserwerk Nord", "Wasserwerk Süd")]
    assert "Jetzt gespeichert" in response.content.decode()
    assert response.context["form"]["name"].value() == "Wasserwerk Süd"
    facility.refresh_from_db()
    assert (facility.name, facility.version) == ("Wasserwerk Nord", 2)
    # The page that told it knows the new version: saving once more takes.
    assert 'name="version" value="2"' in response.content.decode()
    assert signed_in.post(address, mine | {"version": "2"}).status_code == 303


def test_every_kind_of_value_is_compared_in_words(signed_in: Client, village: Region) -> None:
    facility = FacilityFactory(region=village)
    address = f"{facility.get_absolute_url()}aendern/"
    note = {"note": "Tor 1\r\nklingeln"}
    assert signed_in.post(address, FIELDS | note | {"version": "1"}).status_code == 303
    mine = FIELDS | note | {"served": "1.200", "share_lines": f"{village.ags} 1.200"}
    mine |= {"service": "strom", "repair_hours": "0,5", "starts_alone": "", "version": "1"}
    found = signed_in.post(address, mine).context["differences"]
    assert {label: said for label, *said in found} == {
        "Leistung": ["Trinkwasser", "Strom"],
        "Versorgte Menschen": ["812", "1.200"],
        "Reparatur dauert meist (Stunden)": ["24", "0,5"],
        "Kann ohne fremde Hilfe wieder anfahren": ["ja", "nein"],
        "Davon je Gemeinde": ["", "Lindenfurt 1.200"],
    }


def test_where_something_else_was_changed_the_page_says_so(
    signed_in: Client, clerk: User, village: Region
) -> None:
    facility = FacilityFactory(region=village)
    address = f"{facility.get_absolute_url()}aendern/"
    assert signed_in.post(address, FIELDS | {"version": "1"}).status_code == 303
    response = signed_in.post(address, FIELDS | {"version": "1"})
    assert response.context["differences"] == []
    assert "geändert wurde etwas anderes" in response.content.decode()


def test_shares_are_kept_by_municipality(signed_in: Client, village: Region) -> None:
    other = MunicipalityFactory(name="Kranichsee", ars="095750123456")
    lines = f"Lindenfurt 640\n{other.ags} 1.172"
    signed_in.post("/krise/einrichtungen/neu/", FIELDS | {"share_lines": lines, "served": "1812"})
    shares = Facility.objects.get().shares.values_list("region__name", "persons")
    assert list(shares) == [("Kranichsee", 1172), ("Lindenfurt", 640)]


def test_giving_up_can_be_undone(signed_in: Client, village: Region) -> None:
    facility = FacilityFactory(region=village)
    signed_in.post(f"{facility.get_absolute_url()}aufgeben/")
    facility.refresh_from_db()
    assert facility.closed_on is not None
    assert signed_in.get(f"{facility.get_absolute_url()}aendern/").status_code == 404
    signed_in.post(f"{facility.get_absolute_url()}aufgeben/")
    facility.refresh_from_db()
    assert facility.closed_on is None


def test_a_need_is_met_by_the_nearest_first(signed_in: Client, village: Region) -> None:
    facility = FacilityFactory(region=village, lon=11.0, lat=49.0)
    far = FacilityFactory(region=village, service=Service.POWER, name="A", lon=11.5, lat=49.0)
    near = FacilityFactory(region=village, service=Service.POWER, name="B", lon=11.01, lat=49.0)
    address = f"{facility.get_absolute_url()}bedarf/?leistung=strom"
    choices = signed_in.get(address).context["form"].fields["suppliers"].choices
    assert choices == [(near.pk, "B · Lindenfurt · 0,7 km"), (far.pk, "A · Lindenfurt · 36 km")]
    form = {"suppliers": [far.pk, near.pk], "needed": "3", "buffer_hours": "4", "recharge": "1"}
    assert errors_of(signed_in.post(address, form)) == {
        "needed": ["So viele Lieferanten sind nicht gewählt: Es sind 2."]
    }
    for _twice in range(2):
        signed_in.post(address, form | {"needed": "1"})
    supply = facility.supplies.get()
    assert (supply.service, supply.needed, supply.buffer_hours) == ("strom", 1, 4)
    assert {row.facility_id for row in supply.rows.all()} == {near.pk, far.pk}


def test_no_supplier_is_chosen_by_itself_and_a_long_way_is_told(
    signed_in: Client, village: Region
) -> None:
    facility = FacilityFactory(region=village, lon=11.0, lat=49.0)
    FacilityFactory(region=village, service=Service.POWER, name="A", lon=11.65, lat=49.0)
    response = signed_in.get(f"{facility.get_absolute_url()}bedarf/?leistung=strom")
    [(_number, label)] = response.context["form"].fields["suppliers"].choices
    assert label == "A · Lindenfurt · 47 km entfernt, ungewöhnlich weit: Faustregel 40 km"
    assert response.context["form"]["suppliers"].value() is None


@pytest.mark.parametrize(
    ("town", "place", "said"),
    [
        ((11.0, 49.0), ("11,1", "49,1"), ""),
        ((11.0, 49.0), ("12,0", "49,0"), "Die Koordinaten liegen 73 km von Lindenfurt entfernt."),
        ((None, None), ("12,0", "49,0"), ""),
        ((None, None), ("49,0", "12,0"), "Die Koordinaten liegen nicht in Deutschland."),
        ((11.0, 49.0), ("", ""), ""),
    ],
)
def test_a_strange_place_is_told_and_not_refused(
    signed_in: Client,
    village: Region,
    town: tuple[float | None, float | None],
    place: tuple[str, str],
    said: str,
) -> None:
    village.lon, village.lat = town
    village.save()
    form = FIELDS | dict(zip(("lon", "lat"), place, strict=True))
    added = signed_in.post("/krise/einrichtungen/neu/", form)
    facility = Facility.objects.get()
    changed = signed_in.post(f"{facility.get_absolute_url()}aendern/", form | {"version": "1"})
    assert (added.status_code, changed.status_code) == (303, 303)
    page = signed_in.get(facility.get_absolute_url()).content.decode()
    asked = "Stimmen Länge und Breite, und sind sie nicht vertauscht?"
    assert page.count(asked) == (2 if said else 0)
    assert page.count(f"{said} {asked}") == (2 if said else 0)


def test_a_need_is_changed_and_deleted(signed_in: Client, village: Region) -> None:
    supply = SupplyFactory(facility__region=village)
    [row] = supply.rows.all()
    form = {"suppliers": [row.facility_id], "needed": "1", "buffer_hours": "8", "recharge": "0"}
    address = f"/krise/bedarf/{supply.pk}/"
    told = signed_in.post(address, form | {"version": "7"})
    assert told.context["differences"] == [
        ("Vorrat oder Notbetrieb (Stunden)", "4", "8"),
        ("Vorrat füllt sich um (Stunden je Stunde)", "1", "0"),
    ]
    assert signed_in.post(address, form | {"version": "1"}).status_code == 303
    supply.refresh_from_db()
    assert supply.buffer_hours == 8
    asked = signed_in.get(f"{address}loeschen/").content.decode()
    assert f"<strong>Strom</strong> · {supply.facility.name}" in asked
    assert supply.facility.supplies.count() == 1
    signed_in.post(f"{address}loeschen/")
    assert not supply.facility.supplies.exists()


def test_a_conflict_over_a_need_asks_as_often_for_three_suppliers_as_for_one(
    signed_in: Client, village: Region
) -> None:
    counts = []
    for number in (1, 3):
        power = FacilityFactory.create_batch(number, service=Service.POWER, region=village)
        supply = SupplyFactory(facility__region=village, of=power)
        form = {"suppliers": [power[0].pk], "needed": "1", "buffer_hours": "8", "recharge": "1"}
        with CaptureQueriesContext(connection) as asked:
            told = signed_in.post(f"/krise/bedarf/{supply.pk}/", form | {"version": "7"})
        assert told.context["differences"]
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_nobody_supplies_from_what_she_may_not_see(signed_in: Client, village: Region) -> None:
    facility = FacilityFactory(region=village)
    hidden = FacilityFactory(service=Service.POWER)
    FacilityFactory(service=Service.POWER, region=village)
    address = f"{facility.get_absolute_url()}bedarf/?leistung=strom"
    form = {"suppliers": [hidden.pk], "needed": "1", "buffer_hours": "4", "recharge": "1"}
    assert list(errors_of(signed_in.post(address, form))) == ["suppliers"]


def test_its_head_appoints_the_staff(client: Client, organisation: Organisation) -> None:
    head = MandateFactory(organisation=organisation, office=Office.MAYOR, may_release=True)
    client.force_login(second_factor(head.user))
    member = MandateFactory(organisation=organisation)
    elsewhere = MandateFactory()
    address = f"/krise/krisenstab/{organisation.slug}/"
    client.post(f"{address}berufen/", {"who": elsewhere.pk, "function": "s2"})
    assert not Seat.objects.exists()
    client.post(f"{address}berufen/", {"who": member.pk, "function": "s2"})
    seat = Seat.objects.get()
    assert (seat.mandate, seat.function) == (member, "s2")
    entry = Entry.objects.get(deed="crisis.appoint")
    assert member.user.name not in f"{entry.object_name} {entry.details}"
    assert client.post(f"/krise/plaetze/{seat.pk}/entfernen/").status_code == 303
    assert not Seat.objects.exists()


def test_insight_is_given_once_and_taken_back(client: Client, organisation: Organisation) -> None:
    head = MandateFactory(organisation=organisation, office=Office.MAYOR, may_release=True)
    client.force_login(second_factor(head.user))
    OrganisationFactory(region=None, kind=OrganisationKind.MINISTRY, name="Ministerium")
    address = f"/krise/krisenstab/{organisation.slug}/einsicht/"
    for _twice in range(2):
        client.post(address, {"authority": "ministerium", "sector": "wasser"})
    insight = Insight.objects.get()
    assert (insight.organisation.name, insight.region) == ("Ministerium", organisation.region)
    for _twice in range(2):
        client.post(f"/krise/einsicht/{insight.pk}/entziehen/")
    assert not Insight.objects.current().exists()
    response = client.post(address, {"authority": organisation.name})
    assert "Ihr eigener Krisenstab sieht Ihr Gebiet schon." in response.content.decode()


def test_what_was_given_up_meanwhile_is_not_changed(clerk: User, village: Region) -> None:
    facility = FacilityFactory(region=village)
    services.close_facility(actor=clerk, mandate=None, facility=facility)
    with pytest.raises(services.Conflict, match="inzwischen aufgegeben"):
        services.change_facility(
            actor=clerk,
            mandate=None,
            facility=facility,
            seen=1,
            fields={"region": village},
            shares={},
        )


def test_an_account_that_goes_leaves_the_staff(clerk: User) -> None:
    from allmende.portal.offers import all_offers

    for offer in all_offers():
        list(offer.forget(clerk))
    assert not Seat.objects.exists()


def test_shares_are_shown_as_people_write_them_and_read_back(
    signed_in: Client, village: Region
) -> None:
    facility = FacilityFactory(region=village, served=1_640)
    facility.shares.create(region=village, persons=1_640)
    page = signed_in.get(f"{facility.get_absolute_url()}aendern/")
    lines = page.context["form"].initial["share_lines"]
    assert lines.endswith(" 1.640")
    fields = FIELDS | {"served": "1.640", "share_lines": lines, "version": "1"}
    assert signed_in.post(f"{facility.get_absolute_url()}aendern/", fields).status_code == 303
    assert facility.shares.get().persons == 1_640
