"""Generators: who knows of them and writes about them, what they are good for, and what of them is forgotten."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import (
    FacilityFactory,
    GeneratorFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import queries, services
from allmende.crisis.demo.generators import make_generators
from allmende.crisis.models import Facility, Generator, Insight, Service
from allmende.crisis.queries.generators import matching
from allmende.registry.models import Level, Office, OrganisationKind, Region

pytestmark = pytest.mark.django_db
LIST = "/krise/notstrom/"
TYPED = {
    "name": "NEA 1",
    "power_kw": "1.250",
    "fuel": "diesel",
    "fuel_hours": "72,5",
    "place": "Halle 2",
    "release_name": "Haustechnik",
    "release_telephone": "0911 1",
}
OWNED = TYPED | {"is_mobile": "on", "owner_name": "THW", "municipality": "Lindenfurt"}


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def names(user: User) -> list[str]:
    return sorted(queries.visible_generators(user).values_list("name", flat=True))


def of(facility: Facility, **fields: object) -> Generator:
    return GeneratorFactory(facility=facility, region=None, owner_name="", **fields)


def test_one_of_a_facility_is_entered_once_changed_and_removed(
    desk: Client, waterworks: Facility
) -> None:
    page = f"{waterworks.get_absolute_url()}notstrom/"
    for _click in range(2):
        assert desk.post(page, TYPED).status_code == 303
    made = Generator.objects.get()
    assert (made.facility, made.power_kw, made.fuel_hours) == (waterworks, 1250, 72.5)
    assert (made.whose, made.town) == (waterworks.who_runs_it, waterworks.region)
    content = desk.get(waterworks.get_absolute_url()).content.decode()
    assert "Der Tank reicht 72,5 Stunden, beim Bedarf „Strom“ stehen 4 Stunden" in content
    Generator.objects.update(confirmed_on="2025-01-01")
    change = f"{LIST}{made.pk}/"
    told = desk.post(change, TYPED | {"version": 7, "fuel": "gas"})
    assert told.context["differences"] == [("Kraftstoff", "Diesel oder Heizöl", "Gas")]
    assert desk.post(change, TYPED | {"version": 1, "fuel": "gas"}).status_code == 303
    made.refresh_from_db()
    assert (made.fuel, made.confirmed_on, made.version) == ("gas", timezone.localdate(), 2)
    asked = desk.get(f"{change}loeschen/").content.decode()
    assert "<strong>NEA 1</strong> · Wasserwerk" in asked
    assert Generator.objects.count() == 1
    assert desk.post(f"{change}loeschen/").status_code == 303
    assert Generator.objects.count() == 0
    deeds = Entry.objects.filter(deed__endswith="_generator").order_by("number")
    assert [entry.deed for entry in deeds] == [
        f"crisis.{verb}_generator" for verb in ("add", "change", "remove")
    ]


def test_one_of_nobody_here_says_whose_it_is_and_where(
    desk: Client, alice: User, village: Region
) -> None:
    MunicipalityFactory(name="Woanders", ars="010010000000")
    content = desk.post(f"{LIST}neu/", OWNED | {"owner_name": ""}).content.decode()
    assert "Bitte sagen Sie, wem die Anlage gehört." in content
    content = desk.post(f"{LIST}neu/", OWNED | {"municipality": "Woanders"}).content.decode()
    assert "ist keine Gemeinde, für die Sie hier Angaben machen können" in content
    assert desk.post(f"{LIST}neu/", OWNED | {"power_kw": "0"}).status_code == 200
    assert desk.post(f"{LIST}neu/", OWNED).status_code == 303
    made = Generator.objects.get()
    assert (made.whose, made.town, made.is_mobile) == ("THW", village, True)
    asked = desk.get(f"{LIST}{made.pk}/loeschen/").content.decode()
    assert f"<strong>NEA 1</strong> · THW · {village.short_name} · Halle 2" in asked
    [seat] = queries.seats_of(alice)
    own = seat.mandate.organisation
    desk.post(f"{LIST}{made.pk}/", OWNED | {"own": own.pk, "version": 1})
    made.refresh_from_db()
    assert (made.owner, made.owner_name) == (own, "")


def test_nobody_enters_one_that_she_then_could_not_change(desk: Client, village: Region) -> None:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER)
    worker = second_factor(MandateFactory(organisation=provider, office=Office.ADMINISTRATION).user)
    client = Client()
    client.force_login(worker)
    refused = client.post(f"{LIST}neu/", OWNED)
    assert refused.context["form"].errors == {
        "own": [
            "Dort können Sie nur Anlagen Ihrer eigenen Organisation eintragen. Bitte wählen Sie sie aus."
        ]
    }
    assert Generator.objects.count() == 0
    own = OWNED | {"own": provider.pk}
    assert client.post(f"{LIST}neu/", own).status_code == 303
    made = Generator.objects.get()
    assert names(worker) == [made.name]
    assert provider.name in Entry.objects.get(deed="crisis.add_generator").capacity
    # Nor does she give it away; who sits in the crisis staff there may.
    change = f"{LIST}{made.pk}/"
    assert client.post(change, OWNED | {"version": 1}).status_code == 200
    assert desk.post(change, OWNED | {"version": 1}).status_code == 303
    made.refresh_from_db()
    assert (made.owner, made.owner_name) == (None, "THW")


def test_areas_are_found_by_ranges_of_keys(alice: User, village: Region) -> None:
    """Beginnings („LIKE“) are found in no index of SQLite."""
    GeneratorFactory(region=village)
    for found in (queries.visible_generators(alice), queries.possible_regions(alice)):
        assert found.count() == 1
        assert "LIKE" not in str(found.query)


def test_they_are_known_to_those_who_need_to_know(
    alice: User, village: Region, waterworks: Facility
) -> None:
    far = FacilityFactory()
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER)
    of(waterworks, name="Wasserwerk")
    of(far, name="Fern")
    of(FacilityFactory(region=village, closed_on="2026-01-01"), name="Aufgegeben")
    GeneratorFactory(name="Feuerwehr", region=village)
    GeneratorFactory(name="Werke", owner=provider, owner_name="", region=far.region)
    assert names(alice) == ["Feuerwehr", "Wasserwerk"]
    worker = second_factor(MandateFactory(organisation=provider, office=Office.ADMINISTRATION).user)
    assert names(worker) == ["Werke"]
    ministry = SeatFactory(
        mandate__organisation=OrganisationFactory(region=None, kind=OrganisationKind.MINISTRY),
        mandate__office=Office.DESK,
    )
    reader = second_factor(ministry.mandate.user)
    Insight.objects.create(
        organisation=ministry.mandate.organisation, region=village, sector="wasser"
    )
    assert names(reader) == ["Wasserwerk"]


def test_others_may_neither_see_nor_change_them(client: Client, waterworks: Facility) -> None:
    theirs = of(waterworks)
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=MunicipalityFactory()))
    client.force_login(second_factor(seat.mandate.user))
    assert theirs.name not in client.get(LIST).content.decode()
    for method in (client.get, client.post):
        assert method(f"{LIST}{theirs.pk}/").status_code == 404
        assert method(f"{waterworks.get_absolute_url()}notstrom/").status_code == 404
    assert client.post(f"{LIST}{theirs.pk}/loeschen/").status_code == 404
    assert Generator.objects.count() == 1


def test_the_list_is_filtered_and_taken_along_with_a_mark(
    desk: Client, alice: User, village: Region, waterworks: Facility
) -> None:
    of(waterworks, name="NEA 1", is_mobile=False, power_kw=300)
    for power in (40, 150):
        GeneratorFactory(name=f"Anhänger {power}", power_kw=power, region=village)
    Generator.objects.update(confirmed_on="2026-02-01")
    content = desk.get(LIST).content.decode()
    assert "3 Anlagen, davon 2 mobil, zusammen 490 kW" in content
    assert (
        content.count("(bestätigt am 1. Februar 2026, wird sonst am 1. Februar 2028 gelöscht)") == 3
    )
    content = desk.get(LIST, {"art": "mobil", "ab": "100"}).content.decode()
    assert ("Anhänger 150" in content, "Anhänger 40" in content, "NEA 1" in content) == (
        True,
        False,
        False,
    )
    answer = desk.post(f"{LIST}abrufen/", {"als": "csv", "art": "mobil"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Name"], row["Leistung (kW)"]) for row in rows] == [
        ("Anhänger 150", "150"),
        ("Anhänger 40", "40"),
    ]
    entry = Entry.objects.get(deed="crisis.export_generators")
    assert entry.details == {"format": "csv", "filters": ["art"], "generators": 2}
    assert rows[0]["Abrufkennung"].startswith(f"{entry.number}-")
    assert alice.name not in text
    answer = desk.post(f"{LIST}abrufen/", {"als": "json"})
    said = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (said["format"], len(said["records"])) == ("allmende/generators", 3)
    assert set(said["mark"]) == {"for", "at", "code"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    desk: Client,
    village: Region,
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for _number in range(rows):
        of(FacilityFactory(region=village))
        GeneratorFactory(region=village, owner=OrganisationFactory(), owner_name="")
    desk.get(LIST)
    with django_assert_num_queries(8):
        desk.get(LIST)


def test_hours_count_once(waterworks: Facility) -> None:
    fixed = of(waterworks, is_mobile=False, fuel_hours=4)
    doubt = queries.doubt_hours
    needs = list(queries.needs_of(waterworks))
    assert doubt([fixed], needs) == ""
    assert doubt([of(waterworks, fuel_hours=40)], needs) == ""
    assert "ist nicht eingetragen" in doubt([fixed], [])
    fixed.fuel_hours = 48
    assert "Der Tank reicht 48 Stunden" in doubt([fixed], needs)


def test_what_if_says_how_many_there_are(
    desk: Client, village: Region, waterworks: Facility
) -> None:
    asked = {"was": "leistung:strom", "aggregat": waterworks.pk, "horizont": "24"}
    assert "mobile" not in desk.get("/krise/was-waere-wenn/", asked).content.decode().lower()
    GeneratorFactory(power_kw=59, region=village)
    content = desk.get("/krise/was-waere-wenn/", asked).content.decode()
    assert "Im Register steht 1 mobiles Aggregat" in content
    assert "Gleichzeitig genug Leistung ist nur an 0 von 1 gewählten Stellen da" in content
    GeneratorFactory(power_kw=60, region=village)
    assert (
        "reichen nicht: Gleichzeitig"
        not in desk.get("/krise/was-waere-wenn/", asked).content.decode()
    )


@pytest.mark.parametrize(
    ("powers", "wanted", "met"),
    [
        ([], [1], 0),
        ([100], [], 0),
        ([60, 150], [120, 40], 2),
        ([150, 30], [120, 40], 1),
        ([150, 150], [200, 40, 40, 40], 2),
    ],
)
def test_each_gets_one_that_suffices(powers: list[int], wanted: list[int], met: int) -> None:
    assert matching(powers, wanted) == met


def test_who_releases_it_is_forgotten_after_two_years(village: Region) -> None:
    GeneratorFactory(region=village, confirmed_on=timezone.localdate() - timedelta(days=731))
    GeneratorFactory(region=village)
    before = timezone.now() - timedelta(days=730)
    assert [services.clear_releases(before) for _time in range(2)] == [1, 0]
    assert sorted(Generator.objects.values_list("release_name", "release_telephone")) == [
        ("", ""),
        ("Wehrleitung", "0800 112"),
    ]


def test_the_example_data_have_some() -> None:
    kreis = MunicipalityFactory(
        level=Level.KREIS, ars="09574", ags="", kind=44, size_class=None, invented=True
    )
    town = MunicipalityFactory(ars="095740123456", invented=True)
    clinic = FacilityFactory(region=town, service=Service.HOSPITAL, is_example=True)
    SupplyFactory(facility=clinic, of=[FacilityFactory(service=Service.POWER)], buffer_hours=72)
    make_generators(
        kreis=OrganisationFactory(region=kreis, kind=OrganisationKind.DISTRICT),
        provider=OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER),
    )
    assert Generator.objects.filter(is_mobile=True).count() == 4
    assert queries.doubt_hours(clinic.generators.all(), queries.needs_of(clinic)) == ""
