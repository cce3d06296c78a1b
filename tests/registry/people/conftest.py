"""Alice manages the people of Lindenfurt, where Bob works; Charlie manages Kranichsee; Olga operates."""

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.registry.models import Office, Organisation
from tests.factories import (
    AccountFactory,
    MandateFactory,
    OrganisationFactory,
    second_factor,
)


@pytest.fixture
def lindenfurt(db: None) -> Organisation:
    organisation: Organisation = OrganisationFactory(region__name="Lindenfurt")
    return organisation


@pytest.fixture
def alice(lindenfurt: Organisation) -> User:
    user: User = AccountFactory.create(name="Alice Ahrens", email="alice@lindenfurt.example")
    MandateFactory(user=user, organisation=lindenfurt, office=Office.MAYOR, may_manage=True)
    return second_factor(user)


@pytest.fixture
def bob(lindenfurt: Organisation) -> User:
    user: User = AccountFactory.create(name="Bob Brandt", email="bob@lindenfurt.example")
    MandateFactory(user=user, organisation=lindenfurt)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    user: User = AccountFactory.create(name="Charlie Cremer", email="charlie@example.org")
    MandateFactory(user=user, region__name="Kranichsee", may_manage=True)
    return second_factor(user)


@pytest.fixture
def dora(db: None) -> User:
    """Somebody of Lindenfurt's administration who has no mandate yet."""
    user: User = AccountFactory.create(name="Dora Dietz", email="dora@lindenfurt.example")
    return user


@pytest.fixture
def olga(db: None) -> User:
    user: User = AccountFactory.create(name="Olga", email="olga@betrieb.example", is_operator=True)
    return second_factor(user)


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client
