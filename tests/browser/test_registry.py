"""Pages of the registry: searched by name, read on a phone, with a map that has its table."""

import pytest

from allmende.formats.municipalities import ChangeKind
from allmende.registry.demo import create_invented_municipalities
from allmende.registry.services import import_registers
from tests.registry.builders import GERMANY, NEW, change, changes, gemeinde, germany

from .conftest import Eye, assert_accessible, assert_fits, every_way, take

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "/verzeichnis/": "Verzeichnis",
    "/verzeichnis/?q=muehl": "Verzeichnis",
    "/verzeichnis/16/": "Thüringen",
    "/verzeichnis/16061097/": "Uder",
    "/verzeichnis/16061065/": "Lenterode",
    "/verzeichnis/09999001/": "Lindenfurt",
    "/verzeichnis/kommunen/": "Gemeinden",
    "/verzeichnis/karte/": "Karte der Gemeinden",
    "/verzeichnis/aenderungen/": "Änderungen",
}


@pytest.fixture(autouse=True)
def register(transactional_db: None) -> None:
    """Germany in small, a year on; Lenterode has gone to Uder."""
    villages = tuple(
        gemeinde(
            f"160615012{number:03}",
            f"Dorf {number}",
            100 * number,
            longitude=10 + number % 7 / 10,
            latitude=51 + number % 11 / 20,
        )
        for number in range(200, 230)
    )
    import_registers(
        registers=[
            germany(extra=villages),
            germany(NEW, extra=villages, without={"16061065"}),
            changes(change(ChangeKind.DISSOLVED, GERMANY[9], GERMANY[8], area=10, population=312)),
        ],
        actor=None,
    )
    create_invented_municipalities(seed=1, count=3)


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_fits(look: Eye, path: str) -> None:
    page = look(path)
    assert page.locator("h1").inner_text() == PAGES[path]
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        if path.endswith("karte/") and way == "phone-light":
            take(page, "verzeichnis-karte")


def test_hits_appear_while_typing(look: Eye) -> None:
    page = look("/verzeichnis/")
    page.get_by_label("Name, Postleitzahl oder Schlüssel").press_sequentially("muehlhausen")
    page.get_by_role("link", name="Mühlhausen/Thüringen, Stadt").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="Mühlhausen/Thüringen, Stadt").click()
    assert page.locator("h1").inner_text() == "Mühlhausen/Thüringen, Stadt"


def test_search_and_list_work_without_javascript(look: Eye) -> None:
    page = look("/verzeichnis/", width=360, javascript=False)
    page.get_by_label("Name, Postleitzahl oder Schlüssel").fill("37318")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    page.get_by_role("link", name="Uder", exact=True).first.click()
    assert page.locator("h1").inner_text() == "Uder"


def test_the_map_draws_its_dots(look: Eye) -> None:
    page = look("/verzeichnis/karte/")
    drawn = page.evaluate(
        """() => {
          const map = document.querySelector("svg.al-map");
          const dots = map.querySelector("g").getBBox();
          const {width, height} = map.viewBox.baseVal;
          return dots.x > 0 && dots.y > 0 && dots.x + dots.width < width
            && dots.y + dots.height < height && dots.width > width / 2;
        }"""
    )
    assert drawn
