"""Protecting one's account: an app with codes, and passkeys on a virtual device."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from allmende.accounts.models import User
from tests.factories import PASSWORD, AccountFactory

from .conftest import Eye, assert_accessible, assert_fits, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def olga(db: None) -> User:
    """Runs the installation and has no second factor yet."""
    return AccountFactory.create(name="Olga Ohm", email="olga@example.org", is_operator=True)


def enter(page: Page, user: User) -> None:
    page.goto("/konto/anmelden/")
    page.get_by_label("E-Mail-Adresse").fill(user.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def leave(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def confirm(page: Page) -> None:
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()


def check(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def test_setting_up_an_app_and_signing_in_with_its_code(look: Eye, olga: User) -> None:
    page = look(width=360)
    enter(page, olga)
    page.get_by_role("link", name="Zweiten Faktor einrichten").click()
    check(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    take(page, "second-factor-1280")
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_role("link", name="App einrichten").click()
    check(page)
    confirm(page)
    secret = page.locator("code").inner_text()
    check(page)
    take(page, "second-factor-app-360")
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Code aus der App").fill(code)
    page.get_by_role("button", name="Einrichten").click()
    assert page.locator("h1").inner_text() == "Ersatzcodes"
    assert page.locator(".al-codes li").count() == 10
    check(page)
    leave(page)
    enter(page, olga)
    assert page.locator("h1").inner_text() == "Zweiter Faktor"
    check(page)
    take(page, "second-factor-code-360")
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Anmelden").click()
    assert page.locator("h1").inner_text() == "Guten Tag, Olga Ohm"
    for path in ("", "sitzungen/", "einwilligungen/"):
        page.goto(f"/konto/{path}")
        check(page)
    page.goto("/konto/loeschen/")
    confirm(page)
    assert "einzige Person im Betrieb" in page.locator("main").inner_text()
    check(page)


def test_a_passkey_signs_in_without_password(look: Eye, olga: User) -> None:
    page = look(width=360)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    enter(page, olga)
    page.goto("/konto/zweiter-faktor/passkeys/neu/")
    confirm(page)
    check(page)
    page.get_by_label("Auch ohne Passwort anmelden").check()
    page.get_by_role("button", name="Hinzufügen").click()
    page.wait_for_url("**/ersatzcodes/")
    page.goto("/konto/zweiter-faktor/passkeys/")
    assert "meldet auch ohne Passwort an" in page.locator("main").inner_text()
    check(page)
    leave(page)
    page.goto("/konto/anmelden/?next=/forum/")
    check(page)
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    # A pattern with stars would take the „next“ in the address of the page before for it.
    page.wait_for_url(lambda url: url.endswith("/forum/") and "?" not in url)
    leave(page)
    enter(page, olga)  # with the password, it is the second factor
    page.get_by_role("button", name="Passkey benutzen").click()
    page.wait_for_selector("text=Guten Tag, Olga Ohm")
