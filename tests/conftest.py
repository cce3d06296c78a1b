"""What all tests share."""

import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import settings

from allmende.accounts.models import User
from tests.factories import AccountFactory

# A busy machine is no fault of the code.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")

ROOT = Path(__file__).resolve().parent.parent
# What pytest-django gives to whom it lets at the database.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's content is no name: a ZIP holds the second it was made, and two workers must agree on the tests."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that ``make test-postgres`` runs that and nothing else."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


def pytest_collection_finish() -> None:
    """For speed alone: what is there before the first test is not looked through for waste time and again.

    With that, and as rarely as this, tests of pages take a seventh less.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _with_room(function: Callable[..., object], **arguments: object) -> object:
    __tracebackhide__ = True
    return function(**arguments)


# For speed alone, and only with CPython 3.11: that keeps the frames of calls in pieces of 16 KB, and a loop of
# calls across the edge of a piece asks the system for memory each time, a sixth of the longest test. This frame
# asks for 1 MB and is given the next power of two, of which all that it calls has the rest.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=2**17)
IS_CPYTHON_3_11 = sys.implementation.name == "cpython" and sys.version_info[:2] == (3, 11)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Let pytest call the test with room for all that it calls."""
    if IS_CPYTHON_3_11:
        pyfuncitem.obj = partial(_with_room, pyfuncitem.obj)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What one test has cached, such as how often somebody tried to sign in, is no other's concern."""
    cache.clear()


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
    return AccountFactory.create(name="Alice Ahrens", email="alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    """Another person, who belongs with Alice where a test says so."""
    return AccountFactory.create(name="Bob Brandt", email="bob@example.org")


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger."""
    return AccountFactory.create(name="Charlie Cremer", email="charlie@example.org")
