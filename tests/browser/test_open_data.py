"""Open data and feeds, as people see them."""

from pathlib import Path

import pytest
from django.conf import settings

from allmende.portal.open_data import dumps
from tests.factories import OrganisationFactory, VoteFactory

from .conftest import Eye, assert_accessible, assert_fits, every_way, take


@pytest.fixture
def some_data(transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A few rows and two dumps of them."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    VoteFactory.create_batch(3)
    OrganisationFactory(
        region=None, kind="ministerium", slug="bmi", name="Bundesministerium des Innern"
    )
    dumps.make_dump()
    dumps.make_dump()


@pytest.mark.usefixtures("some_data")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/daten/", "daten"),
        ("/daten/anliegen/", "daten-anliegen"),
        ("/neues/", "neues"),
    ],
)
def test_pages_are_accessible_and_fit(look: Eye, path: str, name: str) -> None:
    page = look(path)
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"{name}-{way}")


@pytest.mark.usefixtures("some_data")
def test_a_click_takes_everything_along(look: Eye) -> None:
    page = look("/", javascript=False)
    page.get_by_role("contentinfo").get_by_role("link", name="Offene Daten").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="SQLite-Datei laden").click()
    newest = dumps.newest()
    assert newest is not None
    assert Path(started.value.path()).read_bytes() == newest.path_of(newest.sqlite).read_bytes()
    page.get_by_role("link", name="Anliegen", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="JSON").click()
    assert started.value.suggested_filename == "anliegen.json"
