"""Inviting somebody, signing up by the link, accepting; and managing people."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from allmende.accounts.models import User
from allmende.formats.invitation_list import ListRow
from allmende.mail.models import Message
from allmende.registry import services
from allmende.registry.models import EmailDomain, Mandate, Office, Organisation
from tests.factories import (
    AccountFactory,
    MandateFactory,
    OrganisationFactory,
    UserFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lindenfurt() -> Organisation:
    organisation: Organisation = OrganisationFactory(region__name="Lindenfurt")
    return organisation


@pytest.fixture
def alice(lindenfurt: Organisation) -> User:
    user: User = AccountFactory.create(name="Alice Ahrens", email="alice@lindenfurt.example")
    MandateFactory(user=user, organisation=lindenfurt, office=Office.MAYOR, may_manage=True)
    return second_factor(user)


def test_from_the_invitation_to_the_mandate(
    look: Eye, alice: User, lindenfurt: Organisation
) -> None:
    page = sign_in(look(), alice)
    page.goto(lindenfurt.get_absolute_url())
    page.get_by_role("link", name="Menschen verwalten").click()
    page.get_by_role("link", name="Person einladen").click()
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator("#fehler")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("E-Mail-Adresse").fill("erika@lindenfurt.example")
    page.get_by_label("Name").fill("Erika Eich")
    take(page, "einladen-1-1280", whole=False)
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Verwaltung").check()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_label("Für die Organisation abstimmen")).to_be_checked()
    assert_accessible(page)
    assert_fits(page)
    take(page, "einladen-3-1280")
    page.get_by_role("button", name="Einladung senden").click()
    expect(page.get_by_text("ist unterwegs")).to_be_visible()

    found = re.search(r"/verzeichnis/einladung/\S+", Message.objects.latest("pk").text)
    assert found
    phone = look(found.group(), width=360)
    assert_accessible(phone)
    assert_fits(phone)
    take(phone, "einladung-360")
    phone.get_by_label("Passwort", exact=False).first.fill("drei lange Wörter hier")
    phone.get_by_label("Passwort noch einmal").fill("drei lange Wörter hier")
    phone.get_by_role("button", name="Konto anlegen und annehmen").click()
    expect(phone.locator("h1")).to_have_text("Lindenfurt")
    expect(phone.get_by_text("Willkommen.")).to_be_visible()
    assert Mandate.objects.get(user__email="erika@lindenfurt.example").user.name == "Erika Eich"
    phone.goto(found.group().replace("einladung/", "einladung/x"))
    expect(phone.locator("h1")).to_contain_text("gilt nicht")
    assert_accessible(phone)


def test_managing_people(look: Eye, alice: User, lindenfurt: Organisation) -> None:
    today = timezone.localdate()
    bob = MandateFactory(
        user__name="Bob Brandt", organisation=lindenfurt, until=today + timedelta(days=20)
    )
    MandateFactory(
        user__name="Frieda Früher", organisation=lindenfurt, until=today - timedelta(days=9)
    )
    EmailDomain.objects.create(organisation=lindenfurt, domain="lindenfurt.example")
    dora = AccountFactory.create(name="Dora Dietz", email="dora@lindenfurt.example")
    services.request_mandate(actor=dora, organisation=lindenfurt, office=Office.COUNCIL)
    services.invite(
        actor=alice,
        organisation=lindenfurt,
        email="erika@lindenfurt.example",
        office=Office.ADMINISTRATION,
        rights=frozenset(),
    )

    page = sign_in(look(), alice)
    page.goto(f"{lindenfurt.get_absolute_url()}menschen/")
    assert_accessible(page)
    assert_fits(page)
    take(page, "menschen-1280")
    page.get_by_role("link", name="Verlängern").click()
    assert_accessible(page)
    assert_fits(page)
    take(page, "mandat-verlaengern-1280")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("endet bald")).to_have_count(0)
    bob.refresh_from_db()
    assert bob.until > today + timedelta(days=365)
    page.get_by_role("link", name="Entscheiden").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Bestätigen").check()
    page.get_by_role("button", name="Entscheidung speichern").click()
    expect(page.get_by_text("Dora Dietz hat jetzt ein Mandat")).to_be_visible()
    page.get_by_role("link", name=re.compile("Beenden.*Alice")).click()
    page.get_by_label("Grund").fill("Neue Wahlperiode")
    page.get_by_role("button", name="Mandat beenden").click()
    expect(page.locator("#fehler")).to_contain_text("letzte Person")
    assert_accessible(page)
    page.goto(f"{lindenfurt.get_absolute_url()}einstellungen/")
    assert_accessible(page)
    assert_fits(page)
    take(page, "einstellungen-1280")

    visitor = look(lindenfurt.get_absolute_url(), width=360)
    assert_accessible(visitor)
    assert_fits(visitor)
    take(visitor, "organisation-360")
    visitor.goto("/verzeichnis/organisationen/")
    assert_accessible(visitor)
    assert_fits(visitor)

    kept = services.keep_list(
        actor=None,
        file_name="kommunen.csv",
        rows=[ListRow(2, "Lindenfurt", "rathaus@lindenfurt.example", "Rat", "", "bald")],
    )
    desk = sign_in(look(), second_factor(UserFactory(name="Olga", is_operator=True)))
    for address, name in {
        "organisationen/": "betrieb-organisationen-1280",
        "mandate/": "betrieb-mandate-1280",
        "einladungen/": "betrieb-einladungen-1280",
        f"einladungen/datei/{kept.pk}/": "betrieb-liste-1280",
    }.items():
        desk.goto(f"/betrieb/{address}")
        assert_accessible(desk)
        assert_fits(desk)
        take(desk, name)
