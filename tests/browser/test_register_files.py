"""The register as files in the browser: out, looked at, and in; a large one by a worker."""

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import Facility, ImportCheck, imports
from tests.factories import (
    FacilityFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    second_factor,
)
from tests.worker import work

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "Name;Leistung;Betreiber;Gemeinde;Versorgte Menschen;Kontakte\n"
ROWS = (
    "Wasserwerk Lindenfurt;Trinkwasser;Ahornwerke;Lindenfurt;640;Bereitschaft | 0123 4567\n"
    "Pflegeheim Lindenhof;Pflege;Lindenhof gGmbH;Lindenfurt;84;\n"
)


@pytest.fixture
def staff() -> User:
    village = MunicipalityFactory(ars="095740123456", name="Lindenfurt")
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=village))
    FacilityFactory(
        name="Wasserwerk Lindenfurt", provider_name="Ahornwerke", region=village, served=600
    )
    return second_factor(seat.mandate.user)


def seen(page: Page, name: str) -> None:
    """It is accessible and fits in all four ways; pictures for the guides."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"{name}-{way}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def send(page: Page, text: str) -> None:
    page.goto("/krise/einrichtungen/einlesen/")
    page.locator("input[type=file]").set_input_files(
        {"name": "einrichtungen.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Datei prüfen").click()


def test_a_list_is_looked_at_and_taken_over(look: Eye, staff: User) -> None:
    page = sign_in(look(), staff)
    page.goto("/krise/einrichtungen/ausgeben/")
    seen(page, "register-abrufen")
    send(page, HEAD + "Werk;Zauberei;X;Lindenfurt;viele;\n")
    expect(page.get_by_role("heading", name="Die Datei hat Fehler")).to_be_visible()
    seen(page, "register-fehler")
    send(page, HEAD + ROWS)
    expect(page.get_by_role("heading", name="Das würde sich ändern")).to_be_visible()
    seen(page, "register-einlesen")
    page.get_by_role("button", name="Alles übernehmen").click()
    expect(page.get_by_role("heading", name="Übernommen", exact=True)).to_be_visible()
    assert Facility.objects.get(served=640).contacts.get().telephone == "0123 4567"


def test_an_old_file_asks_what_counts_where_somebody_was_quicker(look: Eye, staff: User) -> None:
    facility = Facility.objects.get()
    page = sign_in(look(javascript=False), staff)
    old = f"Nummer;Name;Versorgte Menschen;Stand\n{facility.pk};Wasserwerk am Brunnen;640;1\n"
    services.change_facility(
        actor=staff,
        mandate=staff.mandates.get(),
        facility=facility,
        seen=1,
        fields={"name": "Wasserwerk Lindenfurt Süd", "region": facility.region},
        shares={},
    )
    send(page, old)
    expect(page.get_by_role("heading", name="Seit dem Abruf der Datei geändert")).to_be_visible()
    page.get_by_label("Datei: Wasserwerk am Brunnen").check()
    page.get_by_role("button", name="So übernehmen").click()
    expect(page.get_by_role("heading", name="Übernommen", exact=True)).to_be_visible()
    there = Facility.objects.get()
    assert (there.name, there.served) == ("Wasserwerk am Brunnen", facility.served)
    page = sign_in(look(), staff)
    page.set_viewport_size({"width": 360, "height": 800})
    for name in ("W" * 170, "Wasserwerk Lindenfurt Süd"):
        Facility.objects.update(name=name, version=3)
        send(page, old)
        assert_fits(page)
    seen(page, "register-geaendert")


def test_of_two_who_change_a_facility_the_second_sees_what_differs(look: Eye, staff: User) -> None:
    facility = Facility.objects.get()
    page = sign_in(look(width=360), staff)
    page.goto(f"{facility.get_absolute_url()}aendern/")
    page.get_by_label("Name", exact=True).fill("Wasserwerk am Brunnen")
    Facility.objects.update(name="Wasserwerk Lindenfurt Süd", version=2)
    page.get_by_role("button", name="Speichern").click()
    row = page.get_by_role("row", name="Wasserwerk Lindenfurt Süd")
    expect(row).to_contain_text("Wasserwerk am Brunnen")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Wasserwerk am Brunnen")).to_be_visible()


def test_it_works_without_javascript(look: Eye, staff: User) -> None:
    page = sign_in(look(javascript=False), staff)
    send(page, HEAD + ROWS)
    page.get_by_role("button", name="Alles übernehmen").click()
    expect(page.get_by_role("heading", name="Übernommen", exact=True)).to_be_visible()


def test_a_large_list_shows_by_itself_when_it_is_done(
    look: Eye, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 1)
    page = sign_in(look(), staff)
    send(page, HEAD + ROWS)
    page.get_by_role("button", name="Alles übernehmen").click()
    expect(page.get_by_text("Zeilen warten darauf")).to_be_visible()
    seen(page, "register-hintergrund")
    work()
    expect(page.get_by_role("heading", name="Übernommen", exact=True)).to_be_visible()
    assert ImportCheck.objects.get().carried_out_at is not None
