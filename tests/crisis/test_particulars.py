"""What the law asks about a provider is said once, and stands in the papers of all its facilities."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import (
    FacilityFactory,
    MandateFactory,
    OrganisationFactory,
    SeatFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.accounts.queries import everything_about
from allmende.audit.models import Entry
from allmende.crisis import queries, services
from allmende.crisis.models import Facility, Incident, Particulars
from allmende.formats.kritis import duty_paper
from allmende.registry.models import Office, Organisation, OrganisationKind

pytestmark = pytest.mark.django_db
PAGE = "/krise/betreiber/fernwasser/"
SAID = {
    "legal_form": "Zweckverband",
    "register_court": "Amtsgericht Beispielstadt",
    "register_number": "HRA 12",
    "address": "Am Speicher 1\n00000 Beispielstadt",
    "contact_name": "Leitwarte",
    "contact_telephone": "0800 1",
    "contact_email": "warte@example.org",
    "eu_states": "keine",
}


@pytest.fixture
def provider() -> Organisation:
    return OrganisationFactory(
        region=None, kind=OrganisationKind.PROVIDER, name="Fernwasser", slug="fernwasser"
    )


@pytest.fixture
def head(client: Client, provider: Organisation) -> User:
    mandate = MandateFactory(organisation=provider, office=Office.LEADERSHIP, may_contribute=True)
    user = second_factor(mandate.user)
    client.force_login(user)
    return user


@pytest.fixture
def works(provider: Organisation) -> Facility:
    return FacilityFactory(provider=provider)


def facts_of(facility: Facility, reader: User, key: str) -> dict[str, str]:
    paper = duty_paper(key, queries.sheet_of(facility, reader=reader))
    return {name: value for section in paper.sections for name, value in section.facts}


@pytest.mark.parametrize("key", ["registrierung", "risikoanalyse", "resilienzplan"])
def test_said_once_it_stands_in_every_paper(
    client: Client, head: User, works: Facility, provider: Organisation, key: str
) -> None:
    assert facts_of(works, head, key)["Rechtsform"] == "Bitte ergänzen"
    assert client.post(PAGE, SAID | {"version": 0}).status_code == 303
    for facility in (works, FacilityFactory(provider=provider)):
        facts = facts_of(facility, head, key)
        assert facts["Rechtsform"] == "Zweckverband"
        assert facts["Registergericht und Registernummer"] == "Amtsgericht Beispielstadt, HRA 12"
        assert facts["Anschrift"].splitlines() == ["Am Speicher 1", "00000 Beispielstadt"]
        assert facts["Jederzeit erreichbarer Kontakt"] == "Leitwarte: 0800 1, warte@example.org"
        if key == "registrierung":
            assert facts["Versorgte Mitgliedstaaten der EU"] == "keine"
    assert Entry.objects.get(deed="crisis.set_particulars").object_key == str(provider.pk)


def test_an_incident_begins_with_it(client: Client, head: User, works: Facility) -> None:
    client.post(PAGE, SAID | {"version": 0})
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    client.post(
        f"{works.get_absolute_url()}stoerung/",
        {"what": "Rohrbruch", "began_at": now, "known_at": now},
    )
    incident = Incident.objects.get()
    assert incident.contact_name == "Leitwarte"
    said = queries.said_of(incident, is_legal=True)["einrichtung"]
    assert (said["rechtsform"], said["handelsregister"]) == (
        "Zweckverband",
        "Amtsgericht Beispielstadt, HRA 12",
    )


def test_two_who_write_at_once_are_told(client: Client, head: User, works: Facility) -> None:
    client.post(PAGE, SAID | {"version": 0})
    for seen in (0, 7):
        told = client.post(PAGE, SAID | {"version": seen, "legal_form": "GmbH"})
        assert told.context["differences"] == [("Rechtsform", "Zweckverband", "GmbH")]
    client.post(PAGE, SAID | {"version": 1, "legal_form": "GmbH"})
    assert Particulars.objects.get().legal_form == "GmbH"


def test_sent_twice_is_said_once(client: Client, head: User) -> None:
    for seen in (0, 0, 1, 1):
        legal_form = "GmbH" if seen else "Zweckverband"
        answer = client.post(PAGE, SAID | {"version": seen, "legal_form": legal_form})
        assert answer.status_code == 303
    assert Particulars.objects.get().version == 2
    assert Entry.objects.filter(deed="crisis.set_particulars").count() == 2


def test_a_contact_without_a_way_to_reach_it_is_none(client: Client, head: User) -> None:
    answer = client.post(PAGE, {"contact_name": "Leitwarte", "version": 0})
    assert "eine Telefonnummer oder eine E-Mail-Adresse" in answer.content.decode()


def test_only_its_own_people_say_it(client: Client, works: Facility) -> None:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=works.region))
    client.force_login(second_factor(seat.mandate.user))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, SAID | {"version": 0}).status_code == 404
    assert Particulars.objects.count() == 0
    content = client.get(f"{works.get_absolute_url()}pflichten/").content.decode()
    assert "Angaben zum Betreiber" not in content


def test_a_municipality_says_it_for_what_it_runs(client: Client) -> None:
    town = OrganisationFactory(slug="fernwasser")
    seat = SeatFactory(mandate__organisation=town)
    client.force_login(second_factor(seat.mandate.user))
    facility = FacilityFactory(region=town.region, provider=town)
    content = client.get(f"{facility.get_absolute_url()}pflichten/").content.decode()
    assert "noch nicht eingetragen" in content
    assert client.post(PAGE, SAID | {"version": 0}).status_code == 303


def test_who_is_not_confirmed_for_two_years_is_forgotten(
    client: Client, head: User, provider: Organisation
) -> None:
    client.post(PAGE, SAID | {"contact_email": head.email, "version": 0})
    title = "Kontakt von Betreibern mit Ihrer E-Mail-Adresse"
    [rows] = [part.rows for part in everything_about(head) if part.title == title]
    assert [row["Betreiber"] for row in rows] == ["Fernwasser"]
    before = timezone.now() - timedelta(days=730)
    assert services.clear_provider_contacts(before) == 0
    Particulars.objects.update(confirmed_on=timezone.localdate() - timedelta(days=731))
    assert services.clear_provider_contacts(before) == 1
    assert services.clear_provider_contacts(before) == 0
    there = Particulars.objects.get()
    assert (there.contact, there.legal_form) == ("", "Zweckverband")
