"""Signing in, making an account, forgetting a password; with mails as they are really sent."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.factories import PASSWORD, EmailAddressFactory, second_factor

from allmende.accounts.models import User
from allmende.mail.services import deliver_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(settings: Settings, tmp_path: Path) -> Path:
    """The directory into which mails are written, by the backend that a new installation has."""
    settings.EMAIL_BACKEND = "allmende.mail.backend.QueueBackend"  # the test runner's is another
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def only_mail(folder: Path) -> EmailMessage:
    deliver_due()
    (path,) = folder.glob("*.log")
    text = path.read_bytes().rpartition(b"\n-----")[0]
    message = email.message_from_bytes(text, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words_of(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text is not None
    return str(text.get_content())


def link_in(mail: EmailMessage) -> str:
    (link,) = re.findall(r"https?://[^/\s]+(/konto/\S+)", words_of(mail))
    return str(link)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_address_and_password_sign_in(client: Client, alice: User) -> None:
    response = client.post("/konto/anmelden/", {"login": "ALICE@example.org", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_wrong_password_and_unknown_address_are_answered_alike(
    client: Client, alice: User, address: str
) -> None:
    response = client.post("/konto/anmelden/", {"login": address, "password": "falsch"})
    assert "E-Mail-Adresse und Passwort passen nicht zusammen." in response.content.decode()
    assert not is_signed_in(client)


def test_signing_in_costs_the_same_however_many_sessions_one_has(alice: User) -> None:
    typed = {"login": alice.email, "password": PASSWORD}
    Client().post("/konto/anmelden/", typed)
    counts = []
    for _ in range(3):
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert Client().post("/konto/anmelden/", typed).status_code == 302
        counts.append(len(asked))
    assert UserSession.objects.filter(user=alice).count() == 4
    assert counts == [counts[0]] * 3


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client, alice: User) -> None:
    page = client.get("/konto/anmelden/?next=/quellen/").content.decode()
    assert 'name="next" value="/quellen/"' in page
    answers = {"login": alice.email, "password": PASSWORD, "next": "/quellen/"}
    assert client.post("/konto/anmelden/", answers).headers["Location"] == "/quellen/"


def test_nobody_is_sent_to_another_server(client: Client, alice: User) -> None:
    answers = {"login": alice.email, "password": PASSWORD, "next": "https://example.org/"}
    assert client.post("/konto/anmelden/", answers).headers["Location"] == "/"


def test_too_many_attempts_are_stopped(client: Client, alice: User) -> None:
    for _ in range(12):
        response = client.post("/konto/anmelden/", {"login": alice.email, "password": "falsch"})
    assert "Zu viele Versuche" in response.content.decode()


SIGN_UP = {
    "name": "Dora Dorn",
    "email": "dora@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def test_an_account_holds_once_its_address_is_confirmed(client: Client, mails: Path) -> None:
    response = client.post("/konto/neu/", SIGN_UP)
    assert response.headers["Location"] == "/konto/e-mail/gesendet/"
    assert not is_signed_in(client)
    mail = only_mail(mails)
    assert mail["To"] == "dora@example.org"
    assert mail["Subject"] == "Allmende: Bitte bestätigen Sie Ihre E-Mail-Adresse"
    assert "Dora Dorn hat für ein Konto" in words_of(mail)
    assert "http://127.0.0.1:8000/konto/" not in client.get("/").content.decode()
    page = client.get(link_in(mail)).content.decode()
    assert "Gehört" in page
    client.post(link_in(mail))
    client.post("/konto/anmelden/", {"login": "dora@example.org", "password": PASSWORD})
    assert is_signed_in(client)
    assert User.objects.get().name == "Dora Dorn"


def test_before_that_nobody_can_sign_in(client: Client, mails: Path) -> None:
    client.post("/konto/neu/", SIGN_UP)
    client.post("/konto/anmelden/", {"login": "dora@example.org", "password": PASSWORD})
    assert not is_signed_in(client)


def test_a_second_account_for_one_address_is_not_made_and_not_betrayed(
    client: Client, alice: User, mails: Path
) -> None:
    response = client.post("/konto/neu/", SIGN_UP | {"email": "Alice@Example.org"})
    assert response.headers["Location"] == "/konto/e-mail/gesendet/"
    assert only_mail(mails)["Subject"] == "Allmende: Es gibt schon ein Konto"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"password1": "kurz", "password2": "kurz"}, "mindestens 12 Zeichen"),
        ({"password1": "passwordpassword", "password2": "anders"}, "sind verschieden"),
        ({"email": "keine Adresse"}, "gültige E-Mail-Adresse"),
        ({"name": ""}, "Bitte füllen Sie dieses Feld aus."),
    ],
)
def test_faults_are_named_and_nothing_is_made(
    client: Client, changes: dict[str, str], message: str
) -> None:
    response = client.post("/konto/neu/", SIGN_UP | changes)
    assert message in response.content.decode()
    assert User.objects.count() == 0


def test_a_forgotten_password_is_replaced(client: Client, alice: User, mails: Path) -> None:
    client.post("/konto/passwort/vergessen/", {"email": "alice@example.org"})
    mail = only_mail(mails)
    assert mail["Subject"] == "Allmende: Neues Passwort"
    form = client.get(link_in(mail), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "ein ganz neues Wort", "password2": "ein ganz neues Wort"})
    client.logout()
    client.post("/konto/anmelden/", {"login": alice.email, "password": "ein ganz neues Wort"})
    assert is_signed_in(client)
    assert "gilt nicht mehr" in Client().get(link_in(mail)).content.decode()


def test_for_an_unknown_address_the_page_says_the_same(client: Client, mails: Path) -> None:
    response = client.post("/konto/passwort/vergessen/", {"email": "nobody@example.org"})
    assert response.headers["Location"] == "/konto/passwort/vergessen/gesendet/"
    assert only_mail(mails)["Subject"] == "Allmende: Dieses Konto gibt es nicht"


@pytest.mark.parametrize("page", ["passwort/vergessen", "neu"])
def test_an_address_that_somebody_else_merely_claims_opens_and_closes_nothing(
    client: Client, alice: User, mails: Path, page: str
) -> None:
    """Mistyped, it would give a stranger a new password; on purpose, it would keep her out."""
    EmailAddressFactory(user=alice, email="dora@example.org", verified=False, primary=False)
    words = {"password1": PASSWORD, "password2": PASSWORD, "name": "Dora"}
    client.post(f"/konto/{page}/", words | {"email": "dora@example.org"})
    owners = EmailAddress.objects.filter(email="dora@example.org").values_list("user__email")
    assert [*owners] == ([("dora@example.org",)] if page == "neu" else [])
    deliver_due()
    letters = [path.read_text() for path in mails.glob("*.log")]
    assert not [text for text in letters if "/konto/passwort/neu/" in text]


def test_signing_out_takes_a_click(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.get("/konto/abmelden/")
    assert is_signed_in(client)
    client.post("/konto/abmelden/")
    assert not is_signed_in(client)


ACCOUNT_PAGES = [
    "/konto/anmelden/",
    "/konto/neu/",
    "/konto/e-mail/gesendet/",
    "/konto/passwort/vergessen/",
    "/konto/passwort/vergessen/gesendet/",
    "/konto/passwort/neu/fertig/",
    "/konto/e-mail/falscher-schluessel/",
    "/konto/gesperrt/",
]
OWN_PAGES = [
    "/konto/",
    "/konto/e-mail/",
    "/konto/passwort/",
    "/konto/abmelden/",
    "/konto/name/",
    "/konto/sitzungen/",
    "/konto/dienste/",
    "/konto/einwilligungen/",
    "/konto/daten/",
    "/konto/loeschen/",
    "/konto/bestaetigen/",
    "/konto/bestaetigen/code/",
    "/konto/zweiter-faktor/",
    "/konto/zweiter-faktor/app/entfernen/",
    "/konto/zweiter-faktor/ersatzcodes/",
    "/konto/zweiter-faktor/ersatzcodes/neu/",
    "/konto/zweiter-faktor/passkeys/",
    "/konto/zweiter-faktor/passkeys/neu/",
]


@pytest.mark.parametrize("path", ACCOUNT_PAGES + OWN_PAGES)
def test_pages_address_people_politely(client: Client, alice: User, path: str) -> None:
    if path in OWN_PAGES:
        second_factor(alice)
        RecoveryCodes.activate(alice)
        client.force_login(alice)
        client.post("/konto/bestaetigen/", {"password": PASSWORD})
    page = client.get(path)
    assert page.status_code == 200
    words = set(re.findall(r"\w+", page.content.decode().lower()))
    assert words & {"du", "dein", "deine", "deinen", "deiner", "dich", "dir"} == set()
    assert words & {"please", "your", "you", "the"} == set()


@pytest.mark.parametrize(("addresses", "limited"), [(1, True), (40, False)])
def test_behind_a_proxy_attempts_are_limited_by_whom_they_come_from(
    client: Client, settings: Settings, addresses: int, limited: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    answers = {
        client.post(
            "/konto/anmelden/",
            {"login": f"person{number}@example.org", "password": "falsch"},
            headers={"X-Forwarded-For": f"192.0.2.{number % addresses}"},
        ).status_code
        for number in range(40)
    }
    cache.clear()
    assert (429 in answers) == limited
