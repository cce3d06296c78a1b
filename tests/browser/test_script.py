"""A small script is written in the browser, from empty to its dry run, and an exercise is prepared from it."""

import re

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from tests.crisis.conftest import in_staff_of
from tests.factories import FacilityFactory, MunicipalityFactory, SupplyFactory

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def writer() -> User:
    """She sits in the crisis staff of a village with a grid and a waterworks that needs it."""
    village = MunicipalityFactory(ars="095740123456", name="Lindenfurt")
    grid = FacilityFactory(name="Ortsnetz Lindenfurt", service="strom", region=village, served=0)
    works = FacilityFactory(name="Wasserwerk Steinmühle", region=village, served=1_000)
    SupplyFactory(facility=works, of=[grid], buffer_hours=4)
    return in_staff_of(village)


def seen(page: Page, name: str) -> None:
    """It is accessible and fits in all four ways; pictures for the guide."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"drehbuch-{name}-{way}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def save(page: Page, button: str = "Speichern") -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("Gespeichert.")).to_be_visible()


def back(page: Page) -> None:
    page.get_by_role("navigation", name="Pfad").get_by_role("link", name="Sturm über").click()


def add(page: Page, section: str, fields: dict[str, str]) -> None:
    """A row of a section, on its own page; ends on the page of the script."""
    page.get_by_role("link", name=re.compile(rf"^{section} \(")).click()
    page.get_by_role("link", name="Hinzufügen").click()
    for label, text in fields.items():
        page.get_by_label(label, exact=False).first.fill(text)
    save(page)
    back(page)


def begun(page: Page) -> None:
    page.goto("/krise/drehbuecher/")
    seen(page, "liste")
    page.get_by_role("link", name="Drehbuch beginnen").click()
    page.get_by_label("Titel").fill("Sturm über Lindenfurt")
    seen(page, "beginnen")
    page.get_by_role("button", name="Beginnen").click()
    add(page, "Rollen", {"Kennung": "stab", "Name": "Leitung des Krisenstabs"})
    add(page, "Ziele", {"Kennung": "lage", "Name": "Ein Lagebild haben"})
    add(page, "Mobile Mittel", {"Kennung": "aggregat", "Name": "Aggregat der Feuerwehr"})


def facility(page: Page) -> None:
    """One more, which needs what the register has."""
    page.get_by_role("link", name="Einrichtungen bearbeiten").click()
    page.get_by_role("link", name="Einrichtung anlegen").click()
    page.get_by_label("Name", exact=True).fill("Rathaus")
    page.get_by_label("Leistung").select_option(label="Sozialleistungen")
    page.get_by_label("Menschen, die sie versorgt").fill("640")
    line = page.get_by_role("group", name="Zeile 1")
    line.get_by_label(re.compile("^Lieferant")).select_option(label="Ortsnetz Lindenfurt")
    line.get_by_label("Vorrat in Stunden").fill("2,5")
    seen(page, "einrichtung")
    save(page)
    expect(page.get_by_text("Ortsnetz Lindenfurt, Vorrat 2,5 Std.")).to_be_visible()
    seen(page, "netz")


def world(page: Page) -> None:
    page.get_by_role("link", name="Netz und Ausfälle").click()
    page.get_by_role("link", name="Netz aus dem Register nehmen").click()
    seen(page, "register")
    page.get_by_role("button", name="Netz übernehmen").click()
    expect(page.get_by_text("Das Netz hat jetzt 2 Einrichtungen.", exact=False)).to_be_visible()
    seen(page, "netz-register")
    facility(page)
    page.get_by_role("link", name="Netz und Ausfälle").click()
    page.get_by_role("link", name="Bestimmen, was ausfällt").click()
    line = page.get_by_role("group", name="Zeile 1")
    line.get_by_label("Was ausfällt").select_option(label="Ortsnetz Lindenfurt")
    line.get_by_label("In welcher Stunde").fill("1")
    line.get_by_label("Für wie viele Stunden").fill("10")
    seen(page, "ausfall")
    save(page)
    back(page)


def decision(page: Page) -> None:
    page.get_by_role("link", name=re.compile(r"^Entscheidungen \(")).click()
    page.get_by_role("link", name="Hinzufügen").click()
    page.get_by_label("Kennung").fill("wohin")
    page.get_by_label("Frage").fill("Wohin fährt das Aggregat?")
    page.get_by_label("Wer entscheidet").select_option(label="Leitung des Krisenstabs")
    save(page)
    for key, name in (("wasser", "Zum Wasserwerk"), ("warten", "Es bleibt in Bereitschaft")):
        page.get_by_role("link", name="Möglichkeit hinzufügen").click()
        page.get_by_label("Kennung").fill(key)
        page.get_by_label("Name", exact=True).fill(name)
        if key == "wasser":
            line = page.get_by_role("group", name="Zeile 1")
            line.get_by_label("Was geschieht").select_option(
                label="Mobiles Mittel schicken oder abziehen"
            )
            line.get_by_role("combobox", name=re.compile("^Mobiles Mittel")).select_option(
                label="Aggregat der Feuerwehr"
            )
            line.get_by_role("combobox", name=re.compile("^Einrichtung")).select_option(
                label="Wasserwerk Steinmühle"
            )
            seen(page, "wirkung")
        save(page)
    back(page)


def injects(page: Page) -> None:
    page.get_by_role("link", name=re.compile(r"^Einlagen \(")).click()
    page.get_by_role("link", name="Einlage schreiben").click()
    page.get_by_label("Zeit", exact=False).first.fill("0:10")
    page.get_by_label("Titel").fill("Unwetterwarnung")
    page.get_by_label("Text", exact=False).first.fill("Sturmböen ab dem Vormittag.")
    page.get_by_label("Leitung des Krisenstabs").check()
    page.get_by_text("Was erwartet wird").click()
    page.get_by_label("Erwartete Reaktion").fill("Den Stab in Bereitschaft setzen.")
    page.get_by_label("Wohin fährt das Aggregat?").check()
    page.get_by_label("Ein Lagebild haben").check()
    seen(page, "einlage")
    save(page, "Speichern und nächste")
    page.get_by_label("Zeit", exact=False).first.fill("5:00")
    page.get_by_label("Titel").fill("Das Wasser bleibt weg")
    page.get_by_label("Leitung des Krisenstabs").check()
    page.get_by_text("Unter welcher Bedingung sie kommt").click()
    line = page.get_by_role("group", name="Zeile 1")
    line.get_by_label("Entscheidung, Einlage oder Einrichtung").select_option(
        label="Wasserwerk Steinmühle"
    )
    line.get_by_label("Zustand der Einrichtung").select_option(label="ausgefallen")
    save(page)
    seen(page, "einlagen")
    back(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_script_is_written_from_empty_to_its_dry_run(
    javascript: bool, look: Eye, writer: User
) -> None:
    page = sign_in(look(javascript=javascript), writer)
    if not javascript:  # axe is JavaScript: what is seen is judged in the other run
        page.goto("/krise/drehbuecher/neu/")
        page.get_by_label("Beginnen mit").select_option(label="Stromausfall 72 Stunden")
        page.get_by_role("button", name="Beginnen").click()
        page.get_by_role("link", name=re.compile(r"^Einlagen \(")).click()
        page.get_by_label("Stand").select_option(label="freigegeben")
        page.get_by_role("button", name="Anzeigen").click()
        page.get_by_role("table").get_by_role("link").first.click()
        page.get_by_label("Titel").fill("Ohne JavaScript geändert")
        save(page)
        expect(page.get_by_role("link", name="Ohne JavaScript geändert")).to_be_visible()
        return
    begun(page)
    world(page)
    decision(page)
    injects(page)
    seen(page, "drehbuch")
    page.get_by_role("link", name="Prüfen").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(re.compile("Fehler$"))
    expect(page.get_by_text("von Anfang an offen", exact=False)).to_have_count(0)
    seen(page, "pruefung")
    page.get_by_role("link", name="Zur Probe durchspielen").click()
    expect(page.get_by_role("link", name="Das Wasser bleibt weg")).to_be_visible()
    page.get_by_text("Entscheidungen vorgeben").click()
    page.get_by_label("Wohin fährt das Aggregat?").select_option(label="Zum Wasserwerk")
    page.get_by_role("button", name="Durchspielen").click()
    expect(page.get_by_role("link", name="Unwetterwarnung")).to_be_visible()
    expect(page.get_by_role("link", name="Das Wasser bleibt weg")).to_have_count(0)
    seen(page, "probe")
    back(page)
    page.get_by_role("link", name="Übung vorbereiten").click()
    page.get_by_role("button", name="Vorbereiten").click()
    expect(page.get_by_text("Die Übung ist vorbereitet.", exact=False)).to_be_visible()
