"""What a stranger may learn and try: nothing about who has an account, and not often."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings
from tests.factories import PASSWORD, AccountFactory, second_factor

from allmende.accounts.models import User

SHARED = {"default": {"BACKEND": "allmende.portal.cache.DatabaseCache", "LOCATION": "portal_cache"}}
CHANGES = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|\w+@example\.org')


def answer(path: str, form: dict[str, str]) -> tuple[int, str, str]:
    """Status, where it leads, and the page after that, without what differs each time."""
    client = Client()
    first = client.post(path, form)
    page = client.get(first.headers["Location"]) if first.status_code == 302 else first
    return (
        first.status_code,
        first.headers.get("Location", ""),
        CHANGES.sub("", page.content.decode()),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/konto/anmelden/", {"login": "{}", "password": "not hers at all"}),
        (
            "/konto/neu/",
            {"email": "{}", "name": "X", "password1": PASSWORD, "password2": PASSWORD},
        ),
        ("/konto/passwort/vergessen/", {"email": "{}"}),
    ],
    ids=["sign in", "sign up", "reset"],
)
def test_known_and_unknown_addresses_are_answered_alike(
    alice: User, path: str, form: dict[str, str]
) -> None:
    second_factor(AccountFactory.create(email="protected@example.org"))
    answers = {
        answer(path, {key: value.format(f"{name}@example.org") for key, value in form.items()})
        for name in ("alice", "protected", "nobody")
    }
    assert len(answers) == 1
    assert len(mail.outbox) in {0, 3}  # a mail to each or to none: no difference in time, either


@pytest.mark.django_db
def test_an_unknown_address_takes_as_long_to_refuse(settings: Settings) -> None:
    """Argon2 runs for both; without that, the unknown one would be refused many times faster."""
    settings.PASSWORD_HASHERS = ["allmende.accounts.hashers.PasswordHasher"]
    known = User.objects.create_user("known@example.org", PASSWORD)

    def cost(address: str) -> float:
        began = time.process_time()
        Client().post("/konto/anmelden/", {"login": address, "password": "not hers"})
        return time.process_time() - began

    cost("warm@example.org")  # templates and hasher are loaded once
    assert 0.3 < cost(known.email) / cost("nobody@example.org") < 3


def try_once() -> bool:
    """Try a wrong password; whether that was one too many."""
    try:
        page = Client().post("/konto/anmelden/", {"login": "bob@example.org", "password": "x"})
        return "Zu viele Versuche" in page.content.decode()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_limits_hold_across_processes(settings: Settings) -> None:
    settings.CACHES = SHARED
    with ThreadPoolExecutor(max_workers=2) as workers:
        # Two threads with a connection and a cache of their own each, by turns.
        stopped = [workers.submit(try_once).result() for _ in range(12)]
    assert stopped == [False] * 5 + [True] * 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache")
        assert cursor.fetchone()[0] > 0


@pytest.mark.django_db
def test_too_many_requests_of_one_connection_are_told_what_to_do() -> None:
    for number in range(40):
        last = Client().post(
            "/konto/anmelden/", {"login": f"p{number}@example.org", "password": "x"}
        )
    assert last.status_code == 429
    assert "Warten Sie bitte fünf Minuten" in last.content.decode()


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def sign_in(client: Client, user: User) -> None:
    client.post(
        "/konto/anmelden/",
        {"login": user.email, "password": PASSWORD},
        headers={"User-Agent": FIREFOX},
    )


@pytest.mark.django_db
def test_a_new_browser_is_told_of_by_mail_and_a_known_one_is_not(
    client: Client, alice: User
) -> None:
    sign_in(client, alice)  # her first browser is no news
    client.post("/konto/abmelden/")
    sign_in(client, alice)
    assert mail.outbox == []
    sign_in(Client(), alice)
    (told,) = mail.outbox
    assert (told.to, told.subject) == (
        [alice.email],
        "Allmende: Anmeldung mit einem neuen Browser",
    )
    assert "Browser: Firefox unter Linux" in told.body
    assert "Waren Sie das nicht?" in told.body
    assert "127.0.0.1" not in told.body


@pytest.mark.django_db
def test_a_browser_knows_one_person_without_knowing_another(
    client: Client, alice: User, bob: User
) -> None:
    sign_in(Client(), bob)
    sign_in(client, alice)
    client.post("/konto/abmelden/")
    sign_in(client, bob)
    assert [told.to for told in mail.outbox] == [[bob.email]]


@pytest.mark.django_db
def test_a_forged_cookie_makes_no_browser_known(client: Client, alice: User) -> None:
    sign_in(Client(), alice)
    client.cookies["known_browser"] = f"{alice.pk}:forged"
    sign_in(client, alice)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_sessions_are_listed_and_ended_one_by_one(client: Client, alice: User, bob: User) -> None:
    elsewhere, stranger = Client(), Client()
    sign_in(client, alice)
    sign_in(elsewhere, alice)
    sign_in(stranger, bob)
    page = client.get("/konto/sitzungen/").content.decode()
    assert page.count("Firefox unter Linux") == 2
    (address,) = re.findall(r'action="(/konto/sitzungen/\d+/beenden/)"', page)
    assert stranger.post(address).status_code == 404
    assert client.post(address).status_code == 303
    assert elsewhere.get("/konto/").status_code == 302
    assert client.get("/konto/").status_code == 200
