"""Whether a facility is critical for the Bund: measures, groups, thresholds that operators add."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from tests.factories import (
    FacilityFactory,
    MeasureFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    UserFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import queries, services
from allmende.crisis.forms import MeasureForm
from allmende.crisis.models import Facility, ReportingOffice, Service, Threshold
from allmende.formats.kritis import Level, read_thresholds
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db
APRIL = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def law() -> int:
    return services.load_thresholds()


@pytest.fixture
def village() -> Region:
    return MunicipalityFactory(ars="095740123456")


@pytest.fixture
def head(village: Region) -> User:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=village))
    return second_factor(seat.mandate.user)


def measured(value: int, year: int = 2024, **fields: object) -> Facility:
    facility: Facility = FacilityFactory(**fields)
    MeasureFactory(facility=facility, year=year, value=Decimal(value))
    return facility


def test_what_comes_with_the_version_is_loaded_once_and_keeps_what_operators_say(law: int) -> None:
    assert law == len(read_thresholds()) == services.load_thresholds()
    Threshold.objects.filter(key="wasserwerk").update(amount=1)
    services.load_thresholds()
    assert Threshold.objects.get(key="wasserwerk").amount == 1


@pytest.mark.parametrize(
    ("value", "level", "since"),
    [(21_999_999, Level.LOCAL, None), (22_000_000, Level.BUND, APRIL)],
)
def test_a_waterworks_of_22_million_cubic_metres_is_the_bunds(
    value: int, level: Level, since: date | None
) -> None:
    status = queries.status_of(measured(value), on=APRIL)
    assert (status.level, status.since) == (level, since)
    [line] = status.lines
    assert line.years == [(2024, Decimal(value), value // 44)]


def test_where_the_threshold_is_zero_every_plant_counts() -> None:
    plant = FacilityFactory(service=Service.POWER)
    MeasureFactory(facility=plant, key="schwarzstart", value=Decimal("0.5"), year=2024)
    status = queries.status_of(plant, on=APRIL)
    assert (status.level, status.since) == (Level.BUND, APRIL)


def test_a_threshold_of_zero_is_said_as_every_plant(
    client: Client, head: User, village: Region
) -> None:
    plant = FacilityFactory(service=Service.POWER, region=village)
    MeasureFactory(facility=plant, key="schwarzstart", value=Decimal("0.5"), year=2024)
    client.force_login(head)
    content = client.get(f"{plant.get_absolute_url()}versorgungsgrad/").content.decode()
    assert "Schwellenwert des Bundes: jede Anlage" in content
    assert "Schwellenwert des Bundes 0" not in content


def test_plants_in_close_operational_link_are_summed() -> None:
    one = measured(12_000_000, group="Verbund Nord", provider_name="Stadtwerke")
    measured(10_000_000, group="Verbund Nord", provider_name="Stadtwerke")
    measured(10_000_000, group="Verbund Nord", provider_name="Andere")
    measured(10_000_000, group="", provider_name="Stadtwerke")
    status = queries.status_of(one, on=APRIL)
    assert status.level == Level.BUND
    assert status.lines[0].values == {2024: Decimal(22_000_000)}
    assert len(status.together) == 1
    Facility.objects.filter(pk=status.together[0].pk).update(closed_on=date(2025, 1, 1))
    assert queries.status_of(one, on=APRIL).level == Level.LOCAL


def test_a_land_counts_in_that_land_only() -> None:
    here, there = (
        measured(200_000, region=MunicipalityFactory(ars=ars))
        for ars in ("095740123456", "080740123456")
    )
    services.add_threshold(
        actor=UserFactory(is_operator=True),
        fields={
            **{"key": "wasserwerk", "sector": "wasser", "category": "Wasserwerk"},
            **{"criterion": "Wasser", "unit": "m³ im Jahr", "amount": Decimal(100_000)},
            **{"level": "land", "land": "09", "valid_from": date(2025, 1, 1), "source": "GVBl."},
        },
    )
    found = queries.statuses([here, there], on=APRIL)
    assert [found[one.pk].level for one in (here, there)] == [Level.LAND, Level.LOCAL]


@pytest.mark.parametrize("rows", [1, 3])
def test_many_are_asked_as_often_as_one(
    rows: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    for number in range(rows):
        measured(1_000 + number, group=f"Gruppe {number}")
    facilities = list(Facility.objects.select_related("region"))
    with django_assert_num_queries(3):
        queries.statuses(facilities, on=APRIL)


def test_a_value_is_entered_and_replaced(client: Client, head: User, village: Region) -> None:
    facility = FacilityFactory(region=village)
    client.force_login(head)
    page = f"{facility.get_absolute_url()}versorgungsgrad/"
    typed = {"key": "wasserwerk", "year": 2024, "value": "22.000.000", "version": 1}
    assert client.post(page, typed).status_code == 303
    answer = client.post(page, typed | {"value": "23.000.000,5"})
    assert "Jemand anderes hat diese Einrichtung inzwischen geändert" in answer.content.decode()
    assert client.post(page, typed | {"value": "23.000.000,5", "version": 2}).status_code == 303
    assert facility.measures.get().value == Decimal("23000000.5")
    content = client.get(page).content.decode()
    assert "kritisch für den Bund seit 1. April 2025" in content
    assert "522.727" in content
    assert client.post(f"/krise/versorgungsgrad/{facility.measures.get().pk}/loeschen/")
    assert facility.measures.count() == 0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("viel", "Bitte nennen Sie eine Zahl über null"),
        ("0", "Bitte nennen Sie eine Zahl über null"),
        ("-3", "Bitte nennen Sie eine Zahl über null"),
        ("0,0001", "Diese Zahl ist zu klein"),
        ("9" * 20, "Diese Zahl ist zu groß"),
    ],
)
def test_impossible_values_get_a_sentence(value: str, said: str) -> None:
    form = MeasureForm(
        {"key": "a", "year": 2024, "value": value},
        facility=FacilityFactory(),
        categories=[("a", "A")],
    )
    assert said in str(form.errors["value"])


def test_a_year_that_runs_has_no_value() -> None:
    form = MeasureForm(
        {"key": "a", "year": 2099, "value": "1"},
        facility=FacilityFactory(),
        categories=[("a", "A")],
    )
    assert "noch nicht zu Ende" in str(form.errors["year"])


def test_who_may_not_see_the_group_sees_no_sum(client: Client, head: User, village: Region) -> None:
    facility = measured(12_345_678, region=village, group="Verbund", provider_name="Stadtwerke")
    measured(10_000_000, group="Verbund", provider_name="Stadtwerke")
    client.force_login(head)
    content = client.get(f"{facility.get_absolute_url()}versorgungsgrad/").content.decode()
    assert "Die Summe sehen Sie nicht" in content
    assert "22.345.678" not in content
    assert "12.345.678" in content


def test_thresholds_are_public_with_their_sources(client: Client) -> None:
    content = client.get("/krise/schwellenwerte/").content.decode()
    assert "30.000" in content
    assert "nicht geprüft" in content
    lines = client.get("/krise/schwellenwerte/schwellenwerte.csv").getvalue().decode().splitlines()
    assert len(lines) == 1 + len(read_thresholds())
    [waterworks] = [line for line in lines if line.startswith("wasserwerk;")]
    assert ";22000000;44;Bund;01.01.2022;;" in waterworks
    found = json.loads(client.get("/krise/schwellenwerte/schwellenwerte.json").getvalue())
    assert [row["Kennung"] for row in found["records"]] == [
        line.split(";")[0] for line in lines[1:]
    ]


def test_an_operator_adds_a_newer_threshold(client: Client) -> None:
    client.force_login(second_factor(UserFactory(is_operator=True)))
    typed = {
        **{
            "key": "wasserwerk",
            "sector": "wasser",
            "category": "Wasserwerk",
            "criterion": "Wasser",
        },
        **{"unit": "m³ im Jahr", "amount": "6.600.000", "per_person": "44", "level": "bund"},
        **{"valid_from": "2026-01-01", "source": "Verordnung nach § 5"},
    }
    assert client.post("/betrieb/schwellenwerte/", typed).status_code == 303
    assert Entry.objects.order_by("-number").first().deed == "crisis.add_threshold"  # type: ignore[union-attr]
    answer = client.post("/betrieb/schwellenwerte/", typed).content.decode()
    assert "gibt es schon einen Schwellenwert, der an diesem Tag beginnt" in answer
    facility = measured(7_000_000, year=2025)
    assert queries.status_of(facility, on=date(2026, 4, 1)).level == Level.BUND
    zero = typed | {"amount": "0", "valid_from": "2027-01-01"}
    assert client.post("/betrieb/schwellenwerte/", zero).status_code == 303
    assert "jede Anlage" in client.get("/krise/schwellenwerte/").content.decode()
    answer = client.post("/betrieb/schwellenwerte/", typed | {"level": "land"}).content.decode()
    assert "Das Land gehört zum Schwellenwert eines Landes" in answer


def test_an_operator_says_where_to_report(client: Client) -> None:
    client.force_login(second_factor(UserFactory(is_operator=True)))
    typed = {"land": "", "name": "Gemeinsame Meldestelle", "how": "Portal"}
    assert client.post("/betrieb/meldestellen/", typed).status_code == 303
    assert client.post("/betrieb/meldestellen/", typed | {"how": "0800"}).status_code == 303
    assert [office.how for office in ReportingOffice.objects.all()] == ["0800"]
    client.post("/betrieb/meldestellen/", typed | {"land": "09"})
    assert [o.land for o in queries.reporting_offices("09")] == ["", "09"]
    assert [o.land for o in queries.reporting_offices("08")] == [""]
