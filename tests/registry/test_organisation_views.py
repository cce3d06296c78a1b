"""Public pages of organisations: who may speak for whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.audit.services import record
from allmende.registry.models import Office, Organisation, OrganisationKind
from tests.factories import MandateFactory, MunicipalityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def lindenfurt() -> Organisation:
    organisation: Organisation = OrganisationFactory(region__name="Lindenfurt")
    return organisation


def test_the_list_shows_who_has_people_and_who_was_made(
    client: Client, lindenfurt: Organisation
) -> None:
    assert "Noch spricht niemand" in page(client, "/verzeichnis/organisationen/")
    OrganisationFactory(region=None, kind=OrganisationKind.MINISTRY, name="Bundesministerium")
    MandateFactory(region__name="Kranichsee")
    text = page(client, "/verzeichnis/organisationen/")
    assert [name in text for name in ("Lindenfurt", "Bundesministerium", "Kranichsee")] == [
        False,
        True,
        True,
    ]
    text = page(client, "/verzeichnis/organisationen/", art="ministerium")
    assert ("Bundesministerium" in text, "Kranichsee" in text) == (True, False)
    assert "Hierzu spricht noch niemand" in page(client, "/verzeichnis/organisationen/", q="Xanten")
    rows = client.get("/verzeichnis/organisationen.csv").getvalue().decode().splitlines()
    assert [row.split(";")[0] for row in rows[1:]] == ["Bundesministerium", "Kranichsee"]


@pytest.mark.parametrize("count", [1, 3])
def test_both_pages_ask_the_database_a_constant_number_of_times(
    count: int,
    client: Client,
    lindenfurt: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        MandateFactory()
        MandateFactory(organisation=lindenfurt)
    with django_assert_num_queries(2):
        page(client, "/verzeichnis/organisationen/")
    with django_assert_num_queries(9):
        page(client, lindenfurt.get_absolute_url())


def test_the_page_tells_offices_rights_and_days_but_no_names(
    client: Client, lindenfurt: Organisation
) -> None:
    today = timezone.localdate()
    MandateFactory(
        organisation=lindenfurt,
        user__name="Maria Muster",
        office=Office.MAYOR,
        title="Bürgerliste",
        may_release=True,
        until=today + timedelta(days=30),
    )
    MandateFactory(organisation=lindenfurt, office=Office.COUNCIL, until=today - timedelta(days=1))
    text = page(client, lindenfurt.get_absolute_url())
    assert "Bürgermeisterin oder Bürgermeister, Bürgerliste" in text
    assert "Darf mitlesen, Beiträge entwerfen, abstimmen und Beiträge freigeben." in text
    assert "bestätigt vom Betrieb dieser Plattform" in text
    assert ("Maria" in text, "Mitglied des Rates" in text) == (False, False)


def test_a_municipality_says_who_speaks_for_it_or_how_to_get_started(client: Client) -> None:
    region = MunicipalityFactory(name="Lindenfurt")
    assert "Mit einem Brief." in page(client, region.get_absolute_url())
    mandate = MandateFactory(region=region)
    text = page(client, region.get_absolute_url())
    assert "1 Person hat" in text
    assert mandate.organisation.get_absolute_url() in text


def test_what_is_dissolved_says_so(client: Client, lindenfurt: Organisation) -> None:
    Organisation.objects.update(dissolved_on=timezone.localdate())
    assert "gibt es nicht mehr" in page(client, lindenfurt.get_absolute_url())
    assert client.get("/verzeichnis/organisationen/gibt-es-nicht/").status_code == 404


def test_outsiders_read_of_mandates_and_nothing_of_what_goes_on_inside(
    alice: User, client: Client
) -> None:
    organisation = MandateFactory(user=alice).organisation
    mandate = alice.mandates.get()
    for deed, obj in (
        ("registry.grant_mandate", mandate),
        ("forum.return_drafts", organisation),
    ):
        record(actor=alice, mandate=mandate, deed=deed, obj=obj)
    address = organisation.get_absolute_url()
    told = [line.entry.deed for line in client.get(address).context["history"]]
    assert told == ["registry.grant_mandate"]
    client.force_login(alice)
    told = [line.entry.deed for line in client.get(address).context["history"]]
    assert told == ["forum.return_drafts", "registry.grant_mandate"]
