"""Alice and Bob speak for the same municipality, Charlie for another; Dora for none."""

import pytest

from allmende.accounts.models import User
from allmende.forum.models import Concern
from tests.factories import ConcernFactory, MandateFactory, UserFactory, second_factor


@pytest.fixture
def alice(db: None) -> User:
    return MandateFactory(user__name="Alice", region__name="Lindenfurt").user


@pytest.fixture
def bob(alice: User) -> User:
    return MandateFactory(user__name="Bob", region=alice.mandates.get().region).user


@pytest.fixture
def charlie(db: None) -> User:
    return MandateFactory(user__name="Charlie", region__name="Kranichsee").user


@pytest.fixture
def dora(db: None) -> User:
    return UserFactory(name="Dora")


@pytest.fixture
def operator(db: None) -> User:
    return second_factor(UserFactory(name="Olga", is_operator=True))


@pytest.fixture
def concern(alice: User) -> Concern:
    """Alice's municipality has opened it; it runs for nine more days."""
    return ConcernFactory(owner=alice.mandates.get().region)
