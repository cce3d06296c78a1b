"""The operator's desk: organisations, mandates and invitations."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.registry import services
from allmende.registry.models import (
    EmailDomain,
    Invitation,
    Mandate,
    MandateRequest,
    Office,
    Organisation,
)
from tests.factories import MandateFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(olga: User) -> Client:
    client = Client()
    client.force_login(olga)
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_association_is_made_renamed_and_dissolved(desk: Client) -> None:
    form = {"kind": "spitzenverband", "name": "Städtebund", "parent": ""}
    answer = desk.post("/betrieb/organisationen/neu/", form)
    assert answer["Location"] == "/verzeichnis/organisationen/staedtebund/menschen/einladen/"
    parent = Organisation.objects.get()
    desk.post(
        "/betrieb/organisationen/neu/", form | {"name": "Städtebund Nord", "parent": parent.pk}
    )
    assert "gibt es schon" in desk.post("/betrieb/organisationen/neu/", form).content.decode()
    assert "Städtebund Nord" in text_of(desk, parent.get_absolute_url())
    desk.post("/betrieb/organisationen/staedtebund/umbenennen/", {"name": "Stadtverband"})
    desk.post("/betrieb/organisationen/staedtebund/aufloesen/", {"reason": "Fusion"})
    parent.refresh_from_db()
    assert (parent.name, parent.dissolved_on) == ("Stadtverband", timezone.localdate())


def test_the_first_person_of_a_municipality_is_invited_from_its_page(desk: Client) -> None:
    region = MunicipalityFactory(name="Xanten")
    button = f"/betrieb/gebiete/{region.key}/einladen/"
    assert button not in text_of(Client(), region.get_absolute_url())
    assert button in text_of(desk, region.get_absolute_url())
    answer = desk.post(button)
    made = Organisation.objects.get(region=region)
    assert answer["Location"] == f"{made.get_absolute_url()}menschen/einladen/"


def test_registers_name_regions(desk: Client, lindenfurt: Organisation) -> None:
    for deed, form in (("umbenennen", {"name": "Neu"}), ("aufloesen", {"reason": "Weg"})):
        answer = desk.post(f"/betrieb/organisationen/{lindenfurt.slug}/{deed}/", form)
        assert "das amtliche Verzeichnis" in answer.content.decode()


def test_filters_find_who_needs_somebody(
    desk: Client, alice: User, lindenfurt: Organisation
) -> None:
    MandateFactory(region__name="Kranichsee", until=timezone.localdate() + timedelta(days=9))
    found = {
        state: [
            name
            for name in ("Lindenfurt", "Kranichsee")
            if name in text_of(desk, f"/betrieb/organisationen/?stand={state}")
        ]
        for state in ("", "ohne", "ohne-verwaltung", "endet")
    }
    assert found == {
        "": ["Lindenfurt", "Kranichsee"],
        "ohne": [],
        "ohne-verwaltung": ["Kranichsee"],
        "endet": ["Kranichsee"],
    }
    rows = desk.get("/betrieb/organisationen/liste.csv").getvalue().decode().splitlines()
    assert len(rows) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_more_rows_are_not_more_queries(
    count: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        organisation = MandateFactory().organisation
        Invitation.objects.create(
            organisation=organisation,
            email=f"x{number}@example.org",
            office=Office.MAYOR,
            token_hash=str(number),
            expires_at=timezone.now(),
        )
    for address, queries in (
        ("/betrieb/organisationen/", 6),
        ("/betrieb/mandate/", 5),
        ("/betrieb/einladungen/", 5),
    ):
        with django_assert_num_queries(queries):
            text_of(desk, address)


def test_mandates_are_shown_without_their_people(desk: Client, alice: User, bob: User) -> None:
    text = text_of(desk, "/betrieb/mandate/")
    text += desk.get("/betrieb/mandate/liste.csv").getvalue().decode()
    assert ("Lindenfurt" in text, "Alice" in text, "alice@" in text) == (True, False, False)
    Mandate.objects.filter(user=bob).update(until=timezone.localdate() - timedelta(days=1))
    text = text_of(desk, "/betrieb/mandate/?stand=beendet")
    assert (f"Mandat {bob.mandates.get().pk} " in text, "Bürgermeister" in text) == (True, False)


def test_requests_that_nobody_else_decides_on_wait_on_the_desk(
    desk: Client, bob: User, dora: User, lindenfurt: Organisation
) -> None:
    EmailDomain.objects.create(organisation=lindenfurt, domain="lindenfurt.example")
    services.request_mandate(actor=dora, organisation=lindenfurt, office=Office.COUNCIL)
    assert "Anfragen, über die sonst niemand" in text_of(desk, "/betrieb/organisationen/")
    assert "1 offen" in text_of(desk, "/betrieb/")


def test_what_is_over_goes_after_its_time(
    alice: User, dora: User, lindenfurt: Organisation
) -> None:
    now = timezone.now()
    for number, days in enumerate((0, 400)):
        Invitation.objects.create(
            organisation=lindenfurt,
            email=f"x{number}@example.org",
            office=Office.MAYOR,
            token_hash=str(number),
            expires_at=now - timedelta(days=days),
        )
    MandateRequest.objects.create(
        user=dora,
        organisation=lindenfurt,
        email="dora@lindenfurt.example",
        office=Office.COUNCIL,
        decided_at=now - timedelta(days=400),
    )
    before = now - timedelta(days=180)
    assert (services.clear_invitations(before), services.clear_requests(before)) == (1, 1)
    assert [invitation.email for invitation in Invitation.objects.all()] == ["x0@example.org"]
