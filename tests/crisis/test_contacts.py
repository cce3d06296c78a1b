"""Contacts of a facility are confirmed or forgotten; papers are kept, counted and watched."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    FacilityFactory,
    OrganisationFactory,
    SeatFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.accounts.queries import everything_about
from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import Contact, Facility
from allmende.portal.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def waterworks() -> Facility:
    return FacilityFactory()


@pytest.fixture
def head(client: Client, waterworks: Facility) -> User:
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=waterworks.region))
    user = second_factor(seat.mandate.user)
    client.force_login(user)
    return user


def test_a_contact_is_entered_once_confirmed_and_removed(
    client: Client, head: User, waterworks: Facility
) -> None:
    page = f"{waterworks.get_absolute_url()}kontakte/"
    typed = {"name": "Bereitschaft", "telephone": "0911 1", "reachable": "rund um die Uhr"}
    for _click in range(2):
        assert client.post(page, typed).status_code == 303
    contact = Contact.objects.get()
    Contact.objects.update(confirmed_on="2025-01-01")
    waterworks.refresh_from_db()
    change = f"/krise/kontakte/{contact.pk}/"
    told = client.post(change, typed | {"telephone": "0911 2", "version": 0})
    assert told.context["differences"] == [("Telefon", "0911 1", "0911 2")]
    content = client.post(change, typed | {"version": 0}).content.decode()
    assert "Jemand anderes hat diese Einrichtung inzwischen geändert" in content
    client.post(change, typed | {"version": waterworks.version})
    contact.refresh_from_db()
    assert contact.confirmed_on == timezone.localdate()
    assert "0911 1" in client.get(waterworks.get_absolute_url()).content.decode()
    client.post(f"{change}loeschen/")
    assert Contact.objects.count() == 0
    assert client.post(f"{change}loeschen/").status_code == 404


def test_a_contact_without_a_way_to_reach_it_is_none(
    client: Client, head: User, waterworks: Facility
) -> None:
    answer = client.post(f"{waterworks.get_absolute_url()}kontakte/", {"name": "Bereitschaft"})
    assert "eine Telefonnummer oder eine E-Mail-Adresse" in answer.content.decode()


def test_there_is_an_end_to_contacts(client: Client, head: User, waterworks: Facility) -> None:
    ContactFactory.create_batch(services.MOST_CONTACTS, facility=waterworks)
    page = f"{waterworks.get_absolute_url()}kontakte/"
    answer = client.post(page, {"name": "Noch eine", "telephone": "1"}).content.decode()
    assert "Mehr als 20 Kontakte hat eine Einrichtung nicht" in answer


def test_who_is_not_confirmed_for_two_years_is_forgotten(waterworks: Facility) -> None:
    today = timezone.localdate()
    for days in (729, 731):
        ContactFactory(facility=waterworks, confirmed_on=today - timedelta(days=days))
    assert services.clear_contacts(timezone.now() - timedelta(days=730)) == 1
    assert Contact.objects.get().confirmed_on == today - timedelta(days=729)


def test_who_is_a_contact_finds_it_in_her_copy(head: User, waterworks: Facility) -> None:
    ContactFactory(facility=waterworks, email=head.email.upper())
    [rows] = [
        part.rows
        for part in everything_about(head)
        if part.title.startswith("Kontakt von Einrichtungen")
    ]
    assert [row["Einrichtung"] for row in rows] == [waterworks.name]


def test_a_paper_is_kept_fetched_and_removed(
    client: Client, head: User, waterworks: Facility
) -> None:
    page = f"{waterworks.get_absolute_url()}dokumente/"
    for _click in range(2):
        file = SimpleUploadedFile("Plan.pdf", b"%PDF-1.7\nPlan\n%%EOF\n")
        assert client.post(page, {"title": "Lageplan", "file": file}).status_code == 303
    document = waterworks.documents.get()
    assert Upload.objects.count() == 1
    assert "Lageplan" in client.get(waterworks.get_absolute_url()).content.decode()
    answer = client.post(f"/krise/dokumente/{document.pk}/abrufen/")
    assert answer.getvalue() == b"%PDF-1.7\nPlan\n%%EOF\n"  # type: ignore[attr-defined]
    newest = Entry.objects.order_by("-number").first()
    assert newest is not None
    assert newest.deed == "crisis.fetch_document"
    client.post(f"/krise/dokumente/{document.pk}/loeschen/")
    assert Upload.objects.count() == 0


def test_what_is_no_paper_is_refused(client: Client, head: User, waterworks: Facility) -> None:
    file = SimpleUploadedFile("Plan.pdf", b"MZ this is a program")
    page = f"{waterworks.get_absolute_url()}dokumente/"
    answer = client.post(page, {"title": "Lageplan", "file": file})
    assert "Diese Art von Datei nehmen wir nicht an" in answer.content.decode()


def test_there_is_an_end_to_papers(client: Client, head: User, waterworks: Facility) -> None:
    DocumentFactory.create_batch(services.MOST_DOCUMENTS, facility=waterworks)
    file = SimpleUploadedFile("Plan.pdf", b"%PDF-1.7\nPlan\n%%EOF\n")
    page = f"{waterworks.get_absolute_url()}dokumente/"
    answer = client.post(page, {"title": "Lageplan", "file": file}).content.decode()
    assert "Mehr als 30 Dokumente hat eine Einrichtung nicht" in answer


def test_papers_of_others_are_not_found(client: Client, head: User) -> None:
    document = DocumentFactory()
    assert client.post(f"/krise/dokumente/{document.pk}/abrufen/").status_code == 404
    assert client.get(f"/krise/kontakte/{ContactFactory().pk}/").status_code == 404
