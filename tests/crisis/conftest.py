"""A village whose crisis staff Alice sits in: a substation, and the waterworks that need it."""

import pytest
from tests.factories import (
    FacilityFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.crisis.models import Facility, Service
from allmende.registry.models import Office, Region


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
