"""Signing in with a directory, against a real one: oidc-provider, certified for OpenID Connect."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings
from tests.factories import PASSWORD, AccountFactory, code_of, second_factor

from allmende.accounts.models import User
from allmende.accounts.rules import is_operator
from allmende.settings import as_allauth_app, read_directories

pytestmark = pytest.mark.django_db

PEOPLE = {
    "dora": {"email": "Dora@stadt.example", "name": "Dora Dorn", "email_verified": True},
    "alice": {"email": "alice@example.org", "name": "Not Alice", "email_verified": True},
    "emil": {"email": "emil@stadt.example", "name": "Emil", "email_verified": False},
    "frieda": {
        "email": "frieda@stadt.example",
        "name": "Frieda",
        "email_verified": True,
        "amr": ["pwd", "mfa"],
        "groups": ["what is no business of ours"],
    },
}


ENTRY = {
    "id": "stadt",
    "name": "Stadtverwaltung",
    "server_url": "https://keycloak.stadt.example/realms/stadt",
    "client_id": "allmende",
    "client_secret": "not secret: only for tests",
    "email_domains": ["stadt.example"],
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the directory listens."""
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))
    script = Path(__file__).with_name("directory.mjs")
    with subprocess.Popen(
        [node, str(script), json.dumps(PEOPLE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def directory(settings: Settings, address: str) -> str:
    """The directory of a city, which vouches for the city's addresses only."""
    use(settings, address)
    return address


def use(settings: Settings, server_url: str) -> None:
    entry = ENTRY | {"server_url": server_url}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [as_allauth_app(entry)]}}


def come_in(client: Client, who: str) -> str:
    """Go to the directory and back as a browser does; where that leads."""
    there = client.post(f"/konto/dienste/stadt/?auth_params=login_hint%3D{who}")
    with requests.Session() as browser:
        address = there.headers["Location"]
        while not address.startswith("http://testserver/"):
            address = urljoin(
                address, browser.get(address, allow_redirects=False).headers["Location"]
            )
    back = urlsplit(address)
    return client.get(f"{back.path}?{back.query}").headers.get("Location", "")


def who_is_in(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


@pytest.mark.usefixtures("directory")
def test_the_first_time_makes_an_account_and_the_second_finds_it(client: Client) -> None:
    assert come_in(client, "dora") == "/"
    assert who_is_in(client) == "dora@stadt.example"
    dora = User.objects.get()
    assert (dora.name, dora.has_usable_password()) == ("Dora Dorn", False)
    User.objects.update(email="dora@anderswo.example")  # found by what the directory calls her
    again = Client()
    come_in(again, "dora")
    assert who_is_in(again) == "dora@anderswo.example"
    assert User.objects.count() == 1


@pytest.mark.usefixtures("directory")
def test_within_its_domains_it_vouches_for_accounts_that_exist(client: Client) -> None:
    dora = AccountFactory.create(email="dora@stadt.example", name="Dora")
    come_in(client, "dora")
    assert who_is_in(client) == dora.email
    assert SocialAccount.objects.get().user == dora
    assert dora.has_usable_password()


@pytest.mark.usefixtures("directory")
def test_nobody_gets_into_an_account_of_another_domain(client: Client, alice: User) -> None:
    assert come_in(client, "alice") == "/konto/e-mail/gesendet/"
    assert who_is_in(client) is None
    assert SocialAccount.objects.count() == 0
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([alice.email], "Allmende: Es gibt schon ein Konto")
    ]


@pytest.mark.usefixtures("directory")
def test_nor_with_an_address_that_the_directory_has_not_checked(client: Client) -> None:
    emil = AccountFactory.create(email="emil@stadt.example")
    come_in(client, "emil")
    assert who_is_in(client) is None
    assert not SocialAccount.objects.filter(user=emil).exists()


@pytest.mark.usefixtures("directory")
def test_a_new_address_of_another_domain_is_confirmed_by_mail_first(client: Client) -> None:
    assert come_in(client, "alice") == "/konto/e-mail/gesendet/"
    assert who_is_in(client) is None
    assert mail.outbox[0].to == ["alice@example.org"]
    assert mail.outbox[0].subject == "Allmende: Bitte bestätigen Sie Ihre E-Mail-Adresse"


@pytest.mark.usefixtures("directory")
def test_only_what_is_needed_is_kept(client: Client) -> None:
    come_in(client, "frieda")
    kept = SocialAccount.objects.get().extra_data
    assert sorted(kept["userinfo"]) == ["email", "name", "sub"]
    assert sorted(kept["id_token"]) == ["amr", "sub"]


@pytest.mark.usefixtures("directory")
def test_ones_own_second_factor_is_asked_for_all_the_same(client: Client) -> None:
    dora = second_factor(AccountFactory.create(email="dora@stadt.example"))
    assert come_in(client, "dora") == "/konto/anmelden/code/"
    assert who_is_in(client) is None
    client.post("/konto/anmelden/code/", {"code": code_of(dora)})
    assert who_is_in(client) == dora.email


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("who", "trusted", "counts"),
    [("frieda", True, True), ("frieda", False, False), ("dora", True, False)],
)
def test_its_second_factor_counts_where_the_operator_says_so(
    client: Client, settings: Settings, who: str, trusted: bool, counts: bool
) -> None:
    settings.OIDC_TRUSTS_FACTOR = trusted
    AccountFactory.create(email=f"{who}@stadt.example", is_operator=True)
    come_in(client, who)
    answer = client.get("/forum/")
    assert (answer.status_code == 200) == counts
    person = answer.wsgi_request.user
    assert is_operator(person) == counts


@pytest.mark.usefixtures("directory")
def test_who_changes_her_mind_there_is_told_so(client: Client) -> None:
    assert come_in(client, "nobody") == "/konto/dienste/abgebrochen/"
    assert "abgebrochen" in client.get("/konto/dienste/abgebrochen/").content.decode()


@pytest.mark.parametrize("where", ["http://127.0.0.1:9", "no address at all"])
def test_a_directory_that_does_not_answer_is_no_fault_of_ours(
    client: Client, settings: Settings, where: str
) -> None:
    use(settings, where)
    answer = client.post("/konto/dienste/stadt/")
    assert answer.status_code == 401
    assert "über Stadtverwaltung ist gerade nicht möglich" in answer.content.decode()


def test_one_that_fails_on_the_way_back_neither(
    client: Client, settings: Settings, directory: str
) -> None:
    there = client.post("/konto/dienste/stadt/?auth_params=login_hint%3Ddora")
    state = parse_qs(urlsplit(there.headers["Location"]).query)["state"][0]
    answer = client.get(f"/konto/dienste/stadt/zurueck/?code=invented&state={state}")
    assert answer.status_code == 401
    assert "gerade nicht möglich" in answer.content.decode()


def test_one_that_nobody_knows_does_not_exist(client: Client) -> None:
    assert client.post("/konto/dienste/gibt-es-nicht/").status_code == 404


@pytest.mark.usefixtures("directory")
def test_the_page_for_signing_in_names_it(client: Client) -> None:
    page = client.get("/konto/anmelden/?next=/forum/").content.decode()
    assert "Stadtverwaltung" in page
    assert 'action="/konto/dienste/stadt/?process=login&amp;next=%2Fforum%2F"' in page


def test_one_that_the_operator_has_taken_away_stands_there_all_the_same(
    client: Client, alice: User
) -> None:
    kept = SocialAccount.objects.create(user=alice, provider="frueher", uid="1", extra_data={})
    client.force_login(alice)
    client.post("/konto/bestaetigen/", {"password": PASSWORD})
    for page in (
        client.get("/konto/dienste/"),
        client.post("/konto/dienste/", {"account": kept.pk}),
    ):
        assert "nicht mehr angeschlossen" in page.content.decode()
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[", "Expecting value"),
        (json.dumps([{"id": "stadt"}]), "Es fehlt 'name'"),
        (json.dumps([ENTRY | {"server_url": "http://stadt.example"}]), "nicht verschlüsselt"),
    ],
)
def test_a_faulty_file_stops_the_start_and_says_why(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "oidc.json"
    path.write_text(text)
    with pytest.raises(ImproperlyConfigured, match=fault):
        read_directories(str(path))
    path.write_text(json.dumps([ENTRY]))
    assert read_directories(str(path)) == [ENTRY]
    assert read_directories("") == []


@pytest.mark.usefixtures("directory")
def test_an_address_that_somebody_has_merely_claimed_leads_into_no_account_of_theirs(
    client: Client, alice: User
) -> None:
    """Else she would act in an account that the other one can still get into."""
    EmailAddress.objects.create(user=alice, email="dora@stadt.example", verified=False)
    come_in(client, "dora")
    assert SocialAccount.objects.filter(user=alice).count() == 0
    assert who_is_in(client) == "dora@stadt.example"
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
