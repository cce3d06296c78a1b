"""Who knows of a facility: its provider, the crisis staffs around it, and authorities with insight."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories import (
    FacilityFactory,
    GeneratorFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    UserFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.crisis import queries
from allmende.crisis.models import Facility, Insight, Sector, Service
from allmende.registry.models import Level, Office, OrganisationKind, Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Region:
    return MunicipalityFactory(ars="095740123456")


@pytest.fixture
def waterworks(village: Region) -> Facility:
    return FacilityFactory(region=village)


def in_staff_of(region: Region | None, **organisation: object) -> User:
    """Somebody in the crisis staff of a region's organisation, or of another one."""
    seat = SeatFactory(
        mandate__organisation=OrganisationFactory(region=region, **organisation),
        mandate__office=Office.ADMINISTRATION if region else Office.DESK,
    )
    return second_factor(seat.mandate.user)


def seen_by(user: User) -> set[int]:
    return set(queries.visible_facilities(user).values_list("pk", flat=True))


def test_staffs_see_their_own_area_and_nobody_elses(village: Region, waterworks: Facility) -> None:
    kreis = MunicipalityFactory(level=Level.KREIS, ars="09574", ags="", kind=44, size_class=None)
    other = FacilityFactory(region=MunicipalityFactory(ars="095740999999"))
    far = FacilityFactory(region=MunicipalityFactory(ars="095750123456"))
    assert seen_by(in_staff_of(village)) == {waterworks.pk}
    assert seen_by(in_staff_of(kreis, kind=OrganisationKind.DISTRICT)) == {waterworks.pk, other.pk}
    assert seen_by(in_staff_of(far.region)) == {far.pk}


def test_a_town_sees_what_supplies_its_people_from_elsewhere(waterworks: Facility) -> None:
    town = MunicipalityFactory(ars="095750123456")
    mayor = in_staff_of(town)
    assert seen_by(mayor) == set()
    waterworks.shares.create(region=town, persons=200)
    assert seen_by(mayor) == {waterworks.pk}
    assert queries.changing_mandate(mayor, waterworks) is None


def test_a_mandate_alone_shows_nothing(village: Region, waterworks: Facility) -> None:
    mandate = MandateFactory(
        organisation=OrganisationFactory(region=village), may_release=True, may_manage=True
    )
    assert seen_by(second_factor(mandate.user)) == set()


def test_without_a_second_factor_a_seat_counts_for_nothing(
    village: Region, waterworks: Facility
) -> None:
    user = SeatFactory(mandate__organisation=OrganisationFactory(region=village)).mandate.user
    assert seen_by(user) == set()
    assert queries.needs_second_factor(user)
    second_factor(user)
    assert seen_by(user) == {waterworks.pk}
    assert not queries.needs_second_factor(user)


def test_a_provider_sees_what_it_runs(village: Region, waterworks: Facility) -> None:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER)
    user = second_factor(MandateFactory(organisation=provider, office=Office.ADMINISTRATION).user)
    assert seen_by(user) == set()
    waterworks.provider = provider
    waterworks.save()
    assert seen_by(user) == {waterworks.pk}


def test_an_authority_sees_the_sector_that_it_was_given(
    village: Region, waterworks: Facility
) -> None:
    ministry = OrganisationFactory(region=None, kind=OrganisationKind.MINISTRY)
    seat = SeatFactory(mandate__organisation=ministry, mandate__office=Office.DESK)
    user = second_factor(seat.mandate.user)
    FacilityFactory(region=village, service=Service.HOSPITAL)
    insight = Insight.objects.create(organisation=ministry, region=village, sector=Sector.WATER)
    assert seen_by(user) == {waterworks.pk}
    insight.revoked_at = "2026-01-01T00:00Z"
    insight.save()
    assert seen_by(user) == set()


def test_hundreds_of_insights_are_no_more_than_one(
    client: Client, village: Region, waterworks: Facility
) -> None:
    user = in_staff_of(None, kind=OrganisationKind.MINISTRY)
    ministry = user.mandates.get().organisation
    keys = [f"0818{number:08}" for number in range(1_000)]
    towns = Region.objects.bulk_create(MunicipalityFactory.build(ars=key) for key in keys)
    kreis = MunicipalityFactory(level=Level.KREIS, ars="09574", ags="", kind=44, size_class=None)
    Insight.objects.bulk_create(
        Insight(organisation=ministry, region=region, sector=sector)
        for region in (*towns, kreis)
        for sector in (Sector.WATER, Sector.ENERGY)
    )
    power = FacilityFactory(region=towns[-1], service=Service.POWER)
    FacilityFactory(region=village, service=Service.HOSPITAL)
    FacilityFactory(region=MunicipalityFactory(ars="095750000000"))
    hers = [
        GeneratorFactory(name="Hier", region=village),
        GeneratorFactory(name="Dort", facility=power, region=None, owner_name=""),
    ]
    GeneratorFactory(region=MunicipalityFactory(ars="095750000001"))
    assert seen_by(user) == {waterworks.pk, power.pk}
    assert set(queries.visible_generators(user)) == set(hers)
    client.force_login(user)
    for page in ("einrichtungen/", "notstrom/", f"einrichtungen/{power.pk}/"):
        assert client.get(f"/krise/{page}").status_code == 200


def test_an_operator_of_the_platform_sees_nothing(waterworks: Facility) -> None:
    assert seen_by(second_factor(UserFactory(is_operator=True))) == set()


def test_a_mandate_that_has_ended_takes_the_seat_with_it(
    village: Region, waterworks: Facility
) -> None:
    user = in_staff_of(village)
    user.mandates.update(until="2026-01-01")
    assert seen_by(user) == set()


def test_a_foreign_facility_is_not_found(
    client: Client, village: Region, waterworks: Facility
) -> None:
    client.force_login(in_staff_of(MunicipalityFactory(ars="095750123456")))
    assert client.get(waterworks.get_absolute_url()).status_code == 404
    assert client.post(f"{waterworks.get_absolute_url()}aufgeben/").status_code == 404
    client.force_login(in_staff_of(village))
    assert client.get(waterworks.get_absolute_url()).status_code == 200


def test_what_depends_on_it_is_named_only_to_who_may_know(
    client: Client, village: Region, waterworks: Facility
) -> None:
    hidden = FacilityFactory(name="Klinik", region=MunicipalityFactory(ars="095750123456"))
    supply = hidden.supplies.create(service=Service.DRINKING_WATER)
    supply.rows.create(facility=waterworks)
    client.force_login(in_staff_of(village))
    page = client.get(waterworks.get_absolute_url()).content.decode()
    assert "Klinik" not in page
    assert "Dazu kommt 1, die Sie nicht sehen dürfen." in page


@pytest.mark.parametrize("count", [4, 5])
def test_the_public_sees_no_small_numbers(client: Client, village: Region, count: int) -> None:
    FacilityFactory.create_batch(count, region=village)
    FacilityFactory(region=village, closed_on="2026-01-01")
    [row] = queries.counts_by_sector_and_land()
    shown = 5 if count == 5 else None
    assert row == queries.Counted("Bayern", Sector.WATER, shown, is_example=False)
    page = client.get("/krise/").content.decode()
    assert ("unter 5" in page) is (count == 4)
    lines = client.get("/krise/anzahl.csv").getvalue().decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    told = 5 if count == 5 else "unter 5"
    assert lines == [
        "Land;Sektor;Einrichtungen;Beispieldaten",
        f"Bayern;{row.sector.label};{told};nein",
    ]
    records = json.loads(client.get("/krise/anzahl.json").getvalue())["records"]  # type: ignore[attr-defined]
    assert [each["Einrichtungen"] for each in records] == [told]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    client: Client,
    village: Region,
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    client.force_login(in_staff_of(village))
    FacilityFactory.create_batch(rows, region=village)
    client.get("/krise/einrichtungen/")
    with django_assert_num_queries(7):
        client.get("/krise/einrichtungen/")
