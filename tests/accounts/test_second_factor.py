"""The second factor: who needs one, what counts without it, setting it up and using it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from tests.factories import (
    PASSWORD,
    TOTP_SECRET,
    AccountFactory,
    UserFactory,
    code_of,
    second_factor,
)

from allmende.accounts.demo import PASSWORD as DEMO_PASSWORD
from allmende.accounts.demo import code_of as code_of_demo
from allmende.accounts.demo import create_demo_person
from allmende.accounts.models import User
from allmende.accounts.rules import is_operator
from allmende.audit.queries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(db: None) -> User:
    """Runs the installation and has set up nothing yet."""
    return AccountFactory.create(name="Olga", email="olga@example.org", is_operator=True)


@pytest.fixture
def as_olga(client: Client, olga: User) -> Client:
    """Olga has just signed in with her password."""
    client.post("/konto/anmelden/", {"login": olga.email, "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_rights_count_only_with_it(olga: User) -> None:
    assert not is_operator(olga)
    assert is_operator(second_factor(olga))


def test_recovery_codes_alone_are_none(olga: User) -> None:
    Authenticator.objects.create(user=olga, type="recovery_codes", data={})
    assert not olga.has_second_factor


@pytest.mark.parametrize("path", ["/forum/", "/verzeichnis/?q=Linden"])
def test_who_needs_one_is_led_to_setting_it_up(as_olga: Client, path: str) -> None:
    response = as_olga.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/konto/zweiter-faktor/?next=%2F")


def test_a_part_of_a_page_leads_there_too(as_olga: Client) -> None:
    response = as_olga.get("/forum/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/konto/zweiter-faktor/?next=%2Fforum%2F"


@pytest.mark.parametrize(
    "path", ["/", "/konto/", "/konto/zweiter-faktor/", "/gesund/", "/quellen/"]
)
def test_pages_that_help_stay_open(as_olga: Client, path: str) -> None:
    assert as_olga.get(path).status_code == 200


def test_the_start_page_names_it_first(as_olga: Client) -> None:
    page = as_olga.get("/").content.decode()
    assert 'href="/konto/zweiter-faktor/"' in page
    assert "Zweiten Faktor einrichten" in page


@pytest.mark.parametrize("has_one", [True, False])
def test_nobody_else_is_led_anywhere(client: Client, alice: User, has_one: bool) -> None:
    client.force_login(second_factor(alice) if has_one else alice)
    assert client.get("/forum/").status_code == 200
    assert "Zweiten Faktor" not in client.get("/").content.decode()


def test_once_it_is_there_pages_open(as_olga: Client, olga: User) -> None:
    second_factor(olga)
    assert as_olga.get("/forum/").status_code == 200


@pytest.mark.parametrize("needs", [True, False])
def test_it_costs_no_query_of_its_own(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, needs: bool
) -> None:
    user = second_factor(UserFactory(is_operator=needs))
    client.force_login(user)
    with django_assert_num_queries(3):  # session, person, mandates for the menu
        client.get("/quellen/")


def set_up(client: Client) -> str:
    """Confirm the password, type the app's code, and return the page that follows."""
    client.post("/konto/bestaetigen/", {"password": PASSWORD})
    client.get("/konto/zweiter-faktor/app/")
    session = client.session
    session["mfa.totp.secret"] = TOTP_SECRET
    session.save()
    code = code_from_secret()
    answer = client.post("/konto/zweiter-faktor/app/", {"code": code}, follow=True)
    return answer.content.decode()


def code_from_secret() -> str:
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30)))


def test_an_app_is_set_up_and_recovery_codes_come_with_it(as_olga: Client, olga: User) -> None:
    page = set_up(as_olga)
    assert olga.has_second_factor
    codes = Authenticator.objects.get(user=olga, type="recovery_codes").wrap().generate_codes()
    assert [code for code in codes if code not in page] == []
    assert [entry.deed for entry in history_of(olga)] == ["accounts.add_factor"]


def test_afterwards_one_gets_where_one_wanted_to_be(as_olga: Client) -> None:
    wanted = "/verzeichnis/?q=Linden"
    led = as_olga.get(wanted)
    as_olga.get(led.headers["Location"])
    link = f'href="{wanted}"'
    assert link in set_up(as_olga)  # the page with the recovery codes
    assert link in as_olga.get("/konto/zweiter-faktor/").content.decode()
    assert as_olga.get(wanted).status_code == 200
    assert link not in as_olga.get("/konto/zweiter-faktor/").content.decode()


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_that_is_never_another_server(as_olga: Client, wanted: str) -> None:
    as_olga.get("/konto/zweiter-faktor/", {"next": wanted})
    assert "Weiter zur gewünschten Seite" not in set_up(as_olga)


def test_sessions_that_began_without_it_end(as_olga: Client, olga: User) -> None:
    elsewhere = Client()
    elsewhere.post("/konto/anmelden/", {"login": olga.email, "password": PASSWORD})
    set_up(as_olga)
    assert is_signed_in(as_olga)
    assert elsewhere.get("/konto/").status_code == 302


def test_its_secret_is_not_in_the_database(as_olga: Client, olga: User) -> None:
    set_up(as_olga)
    stored = Authenticator.objects.get(user=olga, type="totp")
    assert TOTP_SECRET not in str(stored.data)


def test_setting_up_asks_for_the_password_again(as_olga: Client) -> None:
    response = as_olga.get("/konto/zweiter-faktor/app/")
    assert response.headers["Location"].startswith("/konto/bestaetigen/")


def test_signing_in_asks_for_the_code(client: Client, olga: User) -> None:
    second_factor(olga)
    answer = client.post("/konto/anmelden/", {"login": olga.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/konto/anmelden/code/"
    assert not is_signed_in(client)
    wrong = client.post("/konto/anmelden/code/", {"code": "000000"})
    assert "Der Code stimmt nicht" in wrong.content.decode()
    assert not is_signed_in(client)
    client.post("/konto/anmelden/code/", {"code": code_of(olga)})
    assert is_signed_in(client)


def test_a_code_counts_once(client: Client, olga: User) -> None:
    second_factor(olga)
    for browser, expected in ((client, True), (Client(), False)):
        browser.post("/konto/anmelden/", {"login": olga.email, "password": PASSWORD})
        browser.post("/konto/anmelden/code/", {"code": code_of(olga)})
        assert is_signed_in(browser) == expected


@pytest.mark.parametrize(
    ("demo", "email", "tells"),
    [
        (True, "olga@example.org", True),
        (True, "olga@stadt.de", False),
        (False, "olga@example.org", False),
    ],
)
def test_only_the_demo_tells_the_codes_of_its_invented_people(
    client: Client, settings: Settings, demo: bool, email: str, tells: bool
) -> None:
    settings.DEMO = demo
    user = create_demo_person(email=email, name="Olga", is_operator=True)
    client.post("/konto/anmelden/", {"login": email, "password": DEMO_PASSWORD})
    page = client.get("/konto/anmelden/code/").content.decode()
    assert ("Ihr Code ist jetzt" in page) == tells
    assert bool(code_of_demo(user)) == email.endswith("@example.org")


def test_the_demo_tells_a_code_that_nobody_has_used(settings: Settings) -> None:
    settings.DEMO = True
    user = create_demo_person(email="olga@example.org", name="Olga", is_operator=True)
    for browser in (Client(), Client()):
        browser.post("/konto/anmelden/", {"login": user.email, "password": DEMO_PASSWORD})
        page = browser.get("/konto/anmelden/code/").content.decode()
        [told] = re.findall(r"Ihr Code ist jetzt <strong>(\d+)<", page)
        browser.post("/konto/anmelden/code/", {"code": told})
        assert is_signed_in(browser)
    browser = Client()
    browser.post("/konto/anmelden/", {"login": user.email, "password": DEMO_PASSWORD})
    while code := code_of_demo(user):
        assert TOTP(Authenticator.objects.get(user=user)).validate_code(code)
    page = browser.get("/konto/anmelden/code/").content.decode()
    assert "sind schon benutzt" in page
