"""The blackout of 72 hours, played in fast time by two municipalities, a Kreis and the control."""

import re

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.registry.models import Level, OrganisationKind
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    UserFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def director() -> User:
    """He sits in the crisis staff of the Kreis, and prepares exercises."""
    kreis = MunicipalityFactory(
        level=Level.KREIS, ars="09574", ags="", kind=44, name="Ahornkreis", size_class=None
    )
    organisation = OrganisationFactory(
        region=kreis, kind=OrganisationKind.DISTRICT, name="Landkreis Ahornkreis"
    )
    seat = SeatFactory(mandate__organisation=organisation, mandate__user__name="Dirk Director")
    return second_factor(seat.mandate.user)


def seen(page: Page, name: str) -> None:
    """It is accessible and fits in all four ways; pictures for the guides."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"uebung-{name}-{way}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def join(page: Page, link: str, role: str) -> Page:
    page.goto(link)
    page.get_by_label(role, exact=False).check()
    page.get_by_role("button", name="Mitmachen").click()
    expect(page.get_by_text(f"Ihre Rolle: {role}")).to_be_visible()
    return page


def jump(page: Page, minutes: int) -> None:
    page.get_by_label("Minuten der Übung vorspringen").fill(str(minutes))
    page.get_by_role("button", name="Springen").click()


def state_of(page: Page, facility: str) -> str:
    row = page.get_by_role("row", name=re.compile(f"^{facility} "))
    return row.get_by_role("cell").first.inner_text().split("\n")[0].strip()


def prepared(page: Page) -> str:
    """Prepare the blackout; the page ends with who takes part. Returns the link to join."""
    page.goto("/krise/uebungen/neu/")
    page.get_by_label("Fertige Übung").select_option(label="Stromausfall 72 Stunden")
    page.get_by_role("button", name="Vorbereiten").click()
    page.get_by_role("link", name="0 spielen mit").click()
    return page.get_by_role("link", name="/mitmachen/").inner_text()


def begin(page: Page) -> None:
    page.get_by_role("link", name="Zurück zur Übungsleitung").click()
    page.get_by_role("button", name="Übung beginnen").click()


def write(page: Page, text: str) -> None:
    page.get_by_label("Nachricht", exact=True).fill(text)
    page.get_by_role("button", name="Senden").click()


def test_a_blackout_is_played_from_preparation_to_report(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    kreis, town, village = (
        sign_in(look(width=width), UserFactory(name=name))
        for name, width in (("Karla Kreis", 1280), ("Stefan Stadt", 1280), ("Vera Dorf", 360))
    )
    join(kreis, link, "Leitung des Führungsstabs, Landkreis")
    join(town, link, "Leitung des Krisenstabs, Falkenbrück")
    join(village, link, "Leitung des Krisenstabs, Lindenfurt")
    begin(control)
    control.get_by_role("button", name="Pause").click()
    expect(control.get_by_text("Pause: Die Uhr steht.")).to_be_visible()

    # Everybody sees by herself what comes, without loading the page anew.
    jump(control, 155)
    asked = kreis.get_by_role("heading", name="ÜBUNG: Zur Entscheidung: eine Anlage, drei Anträge")
    expect(asked).to_be_visible()
    seen(kreis, "spielen")
    kreis.get_by_role("link", name=re.compile("Entscheiden.*Netzersatzanlage des Land")).click()
    kreis.get_by_label("Wasserwerk Steinmühle", exact=False).check()
    kreis.get_by_label("Begründung").fill("Dort hängt das Klinikum mit an der Leitung.")
    seen(kreis, "entscheiden")
    kreis.get_by_role("button", name="Entscheiden").click()
    expect(kreis.get_by_text("Entschieden: Wasserwerk Steinmühle", exact=False)).to_be_visible()

    write(village, "Wie lange reicht unser Wasser noch?")
    expect(control.get_by_text("Wie lange reicht unser Wasser noch?")).to_be_visible()
    control.get_by_label("An", exact=True).select_option(
        label="Leitung des Krisenstabs, Lindenfurt"
    )
    control.get_by_label("Im Namen von").fill("Wasserzweckverband")
    seen(control, "leitung")
    write(control, "Bis etwa 14 Uhr.")
    expect(village.get_by_text("Bis etwa 14 Uhr.")).to_be_visible()

    # Where the generator went there is water, and elsewhere none.
    jump(control, 745)
    town.get_by_role("link", name="Lage").click()
    seen(town, "lage")
    assert state_of(town, "Wasserwerk Steinmühle") == "in Betrieb"
    assert state_of(town, "Wasserwerk Erlengrund") == "ausgefallen"

    control.get_by_role("button", name="Übung beenden").click()
    expect(control.get_by_text("ohne jede Entscheidung")).to_be_visible()
    seen(control, "bericht")
    control.emulate_media(media="print")
    expect(control.get_by_text("ÜBUNG ÜBUNG ÜBUNG")).to_be_visible()
    expect(control.get_by_role("link", name="Bericht als PDF")).to_be_hidden()
    village.reload()
    village.get_by_role("link", name="Verlauf").click()
    expect(village.get_by_text("Wie lange reicht unser Wasser noch?")).to_be_visible()


def test_preparing_and_joining(look: Eye, director: User) -> None:
    control = sign_in(look("/krise/"), director)
    control.goto("/krise/uebungen/")
    seen(control, "liste")
    control.get_by_role("link", name="Übung vorbereiten").click()
    control.get_by_role("button", name="Vorbereiten").click()
    expect(
        control.get_by_text("Bitte wählen Sie entweder eine fertige Übung oder eine Datei.").first
    ).to_be_visible()
    seen(control, "vorbereiten")
    link = prepared(control)
    player = sign_in(look(link, width=360), UserFactory(name="Vera Dorf"))
    player.goto(link)
    seen(player, "mitmachen")
    join(player, link, "Leitung des Krisenstabs, Lindenfurt")
    control.reload()
    seen(control, "teilnahme")
    control.get_by_role("link", name=re.compile("Rolle ändern.*Vera Dorf")).click()
    seen(control, "rolle")
    control.get_by_label("beobachtet").check()
    control.get_by_role("button", name="Speichern").click()
    control.get_by_role("link", name="Zurück zur Übungsleitung").click()
    control.get_by_role("button", name="Übung beginnen").click()
    expect(control.get_by_text("Noch spielt niemand mit.")).to_be_visible()


def test_what_somebody_types_outlasts_a_lost_connection(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    phone = join(
        sign_in(look(width=360), UserFactory()), link, "Leitung des Krisenstabs, Lindenfurt"
    )
    begin(control)
    phone.reload()
    phone.get_by_label("Nachricht", exact=True).fill("Wir brauchen Diesel.")
    phone.context.set_offline(True)
    expect(phone.get_by_text("Keine Verbindung.", exact=False)).to_be_visible()
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.get_by_label("Nachricht", exact=True)).to_have_value("Wir brauchen Diesel.")
    phone.get_by_role("button", name="Senden").click()
    expect(phone.get_by_role("paragraph").filter(has_text="Wir brauchen Diesel.")).to_have_count(1)
    expect(phone.get_by_label("Nachricht", exact=True)).to_have_value("")
    # The browser notes each question that found no answer.
    look.complaints = [each for each in look.complaints if not each.startswith("htmx:")]


def test_it_is_played_without_javascript(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    plain = join(
        sign_in(look(javascript=False), UserFactory()),
        link,
        "Leitung des Krisenstabs, Falkenbrück",
    )
    begin(control)
    plain.reload()
    write(plain, "Verstanden.")
    expect(plain.get_by_text("Verstanden.")).to_be_visible()
    plain.get_by_role("link", name=re.compile("Entscheiden.*Was sagen wir")).click()
    plain.get_by_label("Offen:", exact=False).check()
    plain.get_by_role("button", name="Entscheiden").click()
    expect(plain.get_by_text("Entschieden. Was daraus folgt, zeigt die Lage.")).to_be_visible()
