"""A village whose crisis staff Alice sits in: a substation, and the waterworks that need it."""

from decimal import Decimal

import pytest
from django.test import Client
from tests.crisis.small import small_script
from tests.factories import (
    ContactFactory,
    FacilityFactory,
    MeasureFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.crisis.models import Facility, ScriptDraft, Service
from allmende.crisis.queries.exercises import hosting_mandates
from allmende.crisis.services.exercises import authoring
from allmende.registry.models import Office, Organisation, OrganisationKind, Region


def in_staff_of(region: Region) -> User:
    """Somebody in the crisis staff of a municipality."""
    seat = SeatFactory(
        mandate__organisation=OrganisationFactory(region=region),
        mandate__office=Office.ADMINISTRATION,
    )
    return second_factor(seat.mandate.user)


@pytest.fixture
def village() -> Region:
    return MunicipalityFactory(ars="095740123456", name="Lindenfurt")


@pytest.fixture
def alice(village: Region) -> User:
    return in_staff_of(village)


@pytest.fixture
def substation(village: Region) -> Facility:
    return FacilityFactory(name="Umspannwerk", service=Service.POWER, region=village, served=0)


@pytest.fixture
def waterworks(village: Region, substation: Facility) -> Facility:
    """It lasts four hours without electricity, and supplies a thousand people."""
    facility = FacilityFactory(name="Wasserwerk", region=village, served=1_000, feed_in_kw=60)
    SupplyFactory(facility=facility, of=[substation], buffer_hours=4)
    return facility


@pytest.fixture
def far(waterworks: Facility) -> Facility:
    """A power line from another Kreis, that Alice may not see."""
    return FacilityFactory(
        name="Geheime Leitung",
        service=Service.POWER,
        region=MunicipalityFactory(ars="095750123456"),
    )


@pytest.fixture
def stranger(far: Facility) -> User:
    """She sits in the crisis staff of the other Kreis's municipality."""
    return in_staff_of(far.region)


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
        group="Werk; Süd",
    )
    ContactFactory(facility=water, name="Bereitschaft; Werk | Süd", reachable="Tag  und Nacht")
    ContactFactory(facility=water, name="Leitung", telephone="", email="leitung@example.org")
    MeasureFactory(facility=water, year=2024, value=Decimal("21999999.125"))
    MeasureFactory(facility=water, year=2023, value=Decimal(22_000_000))
    water.shares.create(region=village, persons=700)
    water.shares.create(region=MunicipalityFactory(ars="095750000001"), persons=500)
    unseen = FacilityFactory(
        name="Fern", service=Service.POWER, region=MunicipalityFactory(ars="095750123456")
    )
    SupplyFactory(facility=water, of=[power, unseen], buffer_hours=7.25, note="@Vorrat")
    return [power, water]


@pytest.fixture
def host(alice: User) -> Organisation:
    """The organisation in whose crisis staff Alice sits."""
    [host] = hosting_mandates(alice)
    return host


@pytest.fixture
def draft(alice: User, host: Organisation) -> ScriptDraft:
    """The small exercise, to be written on by Alice."""
    return authoring.add_draft(actor=alice, mandate=None, host=host, script=small_script())


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client
