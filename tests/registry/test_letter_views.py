"""Pages about letters: the operator makes them, whoever holds one redeems it."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from allmende.accounts.models import User
from allmende.formats.letters import Code, new_secret, read_code
from allmende.registry import services
from allmende.registry.models import LetterBatch, Mandate, Office, Organisation
from tests.factories import (
    PASSWORD,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    UserFactory,
    second_factor,
)

from .test_letters import code_for, make

pytestmark = pytest.mark.django_db
ENTER = "/verzeichnis/brief/"
REDEEM = "/verzeichnis/brief/amt/"


@pytest.fixture(autouse=True)
def sender(settings: Settings) -> None:
    settings.SENDER = ("Kontaktstelle Allmende", "Musterstraße 1", "10115 Berlin")


@pytest.fixture
def desk(client: Client) -> Client:
    """An operator's browser."""
    client.force_login(second_factor(UserFactory(name="Olga", is_operator=True)))
    return client


@pytest.fixture
def village(db: None) -> Organisation:
    return OrganisationFactory(region__name="Lindenfurt", region__postcode="12345")


# The operator's pages


def test_letters_are_counted_before_they_are_made(desk: Client) -> None:
    MunicipalityFactory.create_batch(2)
    MandateFactory()
    page = desk.get("/betrieb/briefe/neu/?art=5&land=09&ohne_mandat=on").content.decode()
    assert "2 Briefe erstellen" in page
    assert LetterBatch.objects.count() == 0
    answer = desk.post("/betrieb/briefe/neu/?art=5&land=09&ohne_mandat=on", {"bezeichnung": "Neu"})
    batch = LetterBatch.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, batch.get_absolute_url())
    assert batch.letters.count() == 2
    assert "werden gerade erstellt" in desk.get(batch.get_absolute_url()).content.decode()


def test_a_single_organisation_is_found_by_key_or_address(
    desk: Client, village: Organisation
) -> None:
    code_for(village)
    network = OrganisationFactory(region=None, kind="netzwerk", name="Junge", slug="junge")
    assert village.region is not None
    for key, said in (
        (village.region.key, "sobald Sie neue Briefe erstellen"),
        (village.slug, "sobald Sie neue Briefe erstellen"),
        (network.slug, "1 Brief erstellen"),
        ("99999999", "Keine Organisation hat diesen Schlüssel"),
    ):
        page = desk.get("/betrieb/briefe/neu/", {"art": 5, "einzeln": key}).content.decode()
        assert said in page, key


def test_the_pages_are_fetched_once_and_the_list_has_no_codes(
    desk: Client, village: Organisation
) -> None:
    batch = make(village)
    services.print_letters(batch_id=batch.pk)
    answer = desk.post(f"/betrieb/briefe/{batch.pk}/datei/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert "wird eine Stunde danach gelöscht" in desk.get(batch.get_absolute_url()).content.decode()
    serial = village.letters.get().serial
    lines = b"".join(desk.get(f"/betrieb/briefe/{batch.pk}/briefe.csv").streaming_content).decode()
    assert lines.splitlines()[1].startswith(f"{serial};Lindenfurt;")
    assert re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", lines) == []


def test_a_letter_is_revoked_after_asking(desk: Client, village: Organisation) -> None:
    batch = make(village, OrganisationFactory())
    services.print_letters(batch_id=batch.pk)
    serial = village.letters.get().serial
    page = f"/betrieb/briefe/{batch.pk}/widerrufen/"
    assert "2 Briefen gilt der Code dann nicht mehr" in desk.get(page).content.decode()
    assert f"Brief {serial} widerrufen" in desk.get(f"{page}?nummer={serial}").content.decode()
    assert desk.post(f"{page}?nummer={serial}", {"begruendung": ""}).status_code == 303
    assert (
        "widerrufen oder ersetzt</td>"
        in desk.get(f"{batch.get_absolute_url()}?stand=widerrufen").content.decode()
    )
    assert batch.letters.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_a_constant_number_of_queries(
    desk: Client, django_assert_max_num_queries: Callable[[int], Iterator[None]], number: int
) -> None:
    for _ in range(number):
        batch = make(*OrganisationFactory.create_batch(number))
    desk.get("/betrieb/briefe/")
    with django_assert_max_num_queries(8):
        desk.get("/betrieb/briefe/")
    with django_assert_max_num_queries(14):
        desk.get(batch.get_absolute_url())


# Redeeming


def test_a_visitor_types_her_code_signs_in_and_speaks_for_her_village(
    client: Client, village: Organisation, alice: User
) -> None:
    code = code_for(village)
    answer = client.post(ENTER, {"code": code.lower()})
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={ENTER}"
    answer = client.post(
        answer.headers["Location"], {"login": alice.email, "password": PASSWORD, "next": ENTER}
    )
    assert answer.headers["Location"] == ENTER
    assert f'value="{code}"' in client.get(ENTER).content.decode()
    assert client.post(ENTER, {"code": code}).headers["Location"] == REDEEM
    page = client.get(REDEEM).content.decode()
    assert "Lindenfurt" in page
    assert village.letters.get().wrong_tries == 0
    answer = client.post(REDEEM, {"amt": Office.MAYOR})
    answer = client.get(answer.headers["Location"], follow=True)
    assert "Sie sprechen jetzt für Lindenfurt." in answer.content.decode()
    assert answer.request["PATH_INFO"] == reverse("mfa_index")
    assert Mandate.objects.get().user == alice


def test_with_a_second_factor_the_way_ends_at_the_organisation(
    client: Client, village: Organisation, alice: User
) -> None:
    client.force_login(second_factor(alice))
    client.post(ENTER, {"code": code_for(village)})
    answer = client.post(REDEEM, {"amt": Office.MAYOR})
    assert answer.headers["Location"] == village.get_absolute_url()
    assert client.get(REDEEM).headers["Location"] == ENTER


def test_a_wrong_code_says_so_and_shows_nothing(
    client: Client, village: Organisation, alice: User
) -> None:
    client.force_login(alice)
    typed = str(Code.of(read_code(code_for(village)).serial, new_secret()))
    page = client.post(ENTER, {"code": typed}).content.decode()
    assert "Diesen Code kennen wir nicht." in page
    assert "Lindenfurt" not in page
    assert f'value="{typed}"' in page
    assert client.get(REDEEM).headers["Location"] == ENTER


def test_a_code_typed_before_signing_in_is_still_checked(
    client: Client, village: Organisation, alice: User
) -> None:
    """Whoever has only typed a code has not shown that it is right."""
    client.post(ENTER, {"code": str(Code.of(read_code(code_for(village)).serial, new_secret()))})
    client.force_login(alice)
    assert client.get(REDEEM).headers["Location"] == ENTER


def test_without_a_mandate_the_start_page_asks_for_a_letter(
    client: Client, village: Organisation, alice: User
) -> None:
    client.force_login(alice)
    assert "Ich habe einen Brief mit Code" in client.get("/").content.decode()
    MandateFactory(user=alice)
    assert "Ich habe einen Brief mit Code" not in client.get("/").content.decode()
