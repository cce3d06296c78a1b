"""The frame of every page, and the pages that nobody must be signed in for."""

import pytest
from playwright.sync_api import expect

from allmende.accounts.models import User

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "/": "Jede Stimme führt zu einer Antwort, die man nachverfolgen kann",
    "/konto/anmelden/": "Anmelden",
    "/konto/neu/": "Konto anlegen",
    "/konto/passwort/vergessen/": "Neues Passwort",
    "/suche/?q=Musterstadt": "Suche",
    "/quellen/": "Quellen und Lizenzen",
    "/gibt-es-nicht/": "Diese Seite gibt es nicht",
}


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_fits(look: Eye, path: str) -> None:
    page = look(path)
    assert page.locator("h1").inner_text() == PAGES[path]
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("path", PAGES)
def test_page_works_without_javascript(look: Eye, path: str) -> None:
    page = look(path, width=360, javascript=False)
    assert page.locator("h1").inner_text() == PAGES[path]
    page.get_by_text("Menü").click()
    assert page.get_by_role("link", name="Anmelden").first.is_visible()


def test_menu_folds_on_a_phone_and_is_open_on_a_desk(look: Eye) -> None:
    page = look("/", width=360)
    sign_in = page.get_by_role("link", name="Anmelden")
    assert not sign_in.is_visible()
    page.get_by_text("Menü").click()
    assert sign_in.is_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert sign_in.is_visible()
    assert not page.get_by_text("Menü").is_visible()


def test_the_first_tab_leads_to_the_content(look: Eye) -> None:
    page = look("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Zum Inhalt"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"


def test_a_failed_form_moves_the_focus_to_its_errors(look: Eye) -> None:
    page = look("/konto/anmelden/")
    page.get_by_label("E-Mail-Adresse").fill("alice@example.org")
    page.get_by_label("Passwort", exact=True).fill("not hers")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_selector("#fehler")
    assert page.evaluate("document.activeElement.id") == "fehler"
    assert page.get_by_label("E-Mail-Adresse").input_value() == "alice@example.org"
    assert_accessible(page)


def test_ones_own_pages_are_accessible_and_fit(look: Eye, alice: User) -> None:
    page = sign_in(look(), alice)
    for path in ("/", "/konto/e-mail/", "/konto/passwort/", "/konto/abmelden/"):
        page.goto(path)
        for _ in every_way(page):
            assert_accessible(page)
            assert_fits(page)


def test_the_edge_of_a_wide_table_fades_where_it_goes_on(look: Eye) -> None:
    page = look("/quellen/", width=360)
    page.locator("main").evaluate(
        """main => main.insertAdjacentHTML("beforeend", `<div class="kern-table-responsive" tabindex="0">
        <table class="kern-table"><tr>${"<td>Umspannwerk</td>".repeat(6)}</tr></table></div>`)"""
    )
    table = page.locator(".kern-table-responsive").last
    for width, left, start, end in (
        (1280, 0, "0px", "0px"),
        (360, 0, "0px", "48px"),
        (360, 200, "48px", "48px"),
        (360, 9_999, "48px", "0px"),
    ):
        page.set_viewport_size({"width": width, "height": 800})
        table.evaluate("(table, left) => { table.scrollLeft = left }", left)
        expect(table).to_have_css("--al-fade-start", start)
        expect(table).to_have_css("--al-fade-end", end)
