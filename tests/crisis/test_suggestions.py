"""Suppliers proposed by distance: only what fits, only to who may write, and never twice."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories import (
    FacilityFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import queries
from allmende.crisis.models import Facility, Service, Supply
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db
PAGE = "/krise/einrichtungen/lieferanten/"


@pytest.fixture
def village() -> Region:
    return MunicipalityFactory(ars="095740123456", name="Lindenfurt")


@pytest.fixture
def staff(village: Region, client: Client) -> User:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=village))
    user = second_factor(seat.mandate.user)
    client.force_login(user)
    return user


def at(lon: float, village: Region, service: Service = Service.DRINKING_WATER) -> Facility:
    return FacilityFactory(
        name=f"{service} {lon}", region=village, service=service, lon=lon, lat=49
    )


@pytest.fixture
def grids(village: Region) -> list[Facility]:
    return [at(lon, village, Service.POWER) for lon in (11, 12, 13)]


def proposed(user: User) -> list[tuple[str, str, list[str]]]:
    register = queries.read_known_needs(user)
    missing = queries.missing_needs(user, register)
    return [
        (
            each.missing.facility.name,
            str(each.missing.service),
            [near.facility.name for near in each.suppliers],
        )
        for each in queries.suggestions_for(register, missing)
    ]


def test_the_nearest_is_proposed_for_what_others_of_the_kind_need(
    staff: User, village: Region, grids: list[Facility]
) -> None:
    SupplyFactory(facility=at(11.1, village), of=[grids[0]])
    at(12.2, village)
    assert proposed(staff) == [("trinkwasser 12.2", "strom", ["strom 12"])]
    at(12.3, village, Service.CARE)  # nobody of its kind has said what it needs
    assert len(proposed(staff)) == 1


def test_as_many_are_proposed_as_others_usually_have(
    staff: User, village: Region, grids: list[Facility]
) -> None:
    SupplyFactory(facility=at(11.1, village), of=grids[:2], needed=2)
    at(12.8, village)
    assert proposed(staff) == [("trinkwasser 12.8", "strom", ["strom 13", "strom 12"])]


def test_nobody_is_proposed_who_depends_on_the_facility(
    staff: User, village: Region, grids: list[Facility]
) -> None:
    exchange = at(11.2, village, Service.TELECOM)
    SupplyFactory(facility=exchange, of=[grids[2]])
    SupplyFactory(facility=grids[1], service=Service.TELECOM, of=[exchange])
    # The third grid lacks it as the first does, but the exchange hangs on it.
    assert proposed(staff) == [("strom 11", "telekommunikation", ["telekommunikation 11.2"])]


def test_of_the_own_kind_only_those_above_are_proposed(
    staff: User, village: Region, grids: list[Facility]
) -> None:
    substation, local, _new = grids
    SupplyFactory(facility=local, of=[substation])
    assert proposed(staff) == [("strom 13", "strom", ["strom 11"])]


def test_a_stranger_is_not_asked(staff: User, village: Region, grids: list[Facility]) -> None:
    far = FacilityFactory(region=MunicipalityFactory(ars="095750123456"))
    far.shares.create(region=village, persons=800)
    SupplyFactory(facility=at(11.1, village), of=[grids[0]])
    assert proposed(staff) == []


@pytest.mark.usefixtures("staff")
def test_chosen_ones_become_needs_once(
    client: Client, village: Region, grids: list[Facility]
) -> None:
    SupplyFactory(facility=at(11.1, village), of=[grids[0]])
    one, other = at(12.1, village), at(12.2, village)
    keys = [f"{facility.pk}:strom:{grids[1].pk}" for facility in (one, other)]
    page = client.get(PAGE).content.decode()
    assert [key in page for key in keys] == [True, True]
    assert "checked" not in page
    assert client.post(PAGE, {"vorschlag": keys[:1]}).status_code == 303
    assert Supply.objects.filter(facility__in=[one, other]).count() == 1
    for _twice in range(2):
        client.post(PAGE, {"vorschlag": keys})
    made = Supply.objects.filter(facility__in=[one, other]).order_by("pk")
    assert [(each.facility, each.needed, each.buffer_hours) for each in made] == [
        (one, 1, 0),
        (other, 1, 0),
    ]
    assert [list(each.suppliers.all()) for each in made] == [[grids[1]], [grids[1]]]
    assert Entry.objects.filter(deed="crisis.add_supply").count() == 2
    assert "Es fehlt nichts" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("chosen", [1, 2])
@pytest.mark.usefixtures("staff")
def test_each_of_several_suppliers_is_chosen_by_itself(
    client: Client, village: Region, grids: list[Facility], chosen: int
) -> None:
    SupplyFactory(facility=at(11.1, village), of=grids[:2], needed=2)
    lacking = at(12.8, village)
    keys = [f"{lacking.pk}:strom:{grid.pk}" for grid in (grids[2], grids[1])]
    page = client.get(PAGE).content.decode()
    assert [f'value="{key}"' in page for key in keys] == [True, True]
    assert "(58 km entfernt, ungewöhnlich weit: Faustregel 40 km)" in page
    client.post(PAGE, {"vorschlag": keys[:chosen]})
    made = lacking.supplies.get()
    assert (made.needed, list(made.suppliers.order_by("-pk"))) == (
        chosen,
        grids[3 - chosen :][::-1],
    )


@pytest.mark.usefixtures("staff")
def test_what_was_never_proposed_cannot_be_sent(
    client: Client, village: Region, grids: list[Facility]
) -> None:
    SupplyFactory(facility=at(11.1, village), of=[grids[0]])
    lacking = at(12.1, village)
    unseen = FacilityFactory(service=Service.POWER, region=MunicipalityFactory(ars="095750123456"))
    for key in (
        f"{lacking.pk}:strom:{unseen.pk}",
        f"{lacking.pk}:gas:{grids[0].pk}",
        f"{unseen.pk}:strom:{grids[0].pk}",
        f"{lacking.pk}:strom:",
        "x",
        f"{'9' * 30}:strom:1",
    ):
        assert client.post(PAGE, {"vorschlag": key}).status_code == 303
    assert client.post(PAGE).status_code == 303
    assert Supply.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.usefixtures("staff")
def test_it_asks_as_often_for_many_as_for_one(
    client: Client,
    village: Region,
    grids: list[Facility],
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    SupplyFactory(facility=at(11.1, village), of=[grids[0]])
    for number in range(rows):
        at(12 + number / 10, village)
    client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(PAGE)
