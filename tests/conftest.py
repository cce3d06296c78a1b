"""What all tests share."""

from pathlib import Path

import pytest

from allmende.accounts.models import User
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real registers and conversations that lie beside the checkout, where they do."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the real data do not lie beside this checkout")
    return path


@pytest.fixture
def alice(db: None) -> User:
    """A person with an account."""
    return UserFactory.create(name="Alice Ahrens")


@pytest.fixture
def bob(db: None) -> User:
    """Another person, who belongs with Alice where a test says so."""
    return UserFactory.create(name="Bob Brandt")


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger."""
    return UserFactory.create(name="Charlie Cremer")
