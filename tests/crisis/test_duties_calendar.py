"""Duties and incident reports for a calendar: the same that are a person's tasks, and nobody else's."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from tests.factories import (
    FacilityFactory,
    IncidentFactory,
    MandateFactory,
    MeasureFactory,
    OrganisationFactory,
    SeatFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import portal, services
from allmende.crisis.models import Facility
from allmende.portal.offers import TaskKind
from allmende.registry.models import Office, Organisation, OrganisationKind

pytestmark = pytest.mark.django_db
ADDRESS = "/krise/pflichten/pflichten.ics"


@pytest.fixture
def provider() -> Organisation:
    services.load_thresholds()
    return OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Stadtwerke")


@pytest.fixture
def head(client: Client, provider: Organisation) -> User:
    mandate = MandateFactory(organisation=provider, office=Office.LEADERSHIP, may_contribute=True)
    user = second_factor(mandate.user)
    client.force_login(user)
    return user


def works(provider: Organisation, name: str = "Wasserwerk Nord") -> Facility:
    """Critical, with an incident that is not told yet."""
    facility: Facility = FacilityFactory(provider=provider, name=name)
    MeasureFactory(facility=facility, value=Decimal(22_000_000), year=2024)
    IncidentFactory(facility=facility)
    return facility


def titles(client: Client) -> list[str]:
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_the_calendar_has_what_the_tasks_have(
    client: Client, head: User, provider: Organisation
) -> None:
    facility = works(provider)
    found = titles(client)
    assert found == ["Erstmeldung: Wasserwerk Nord", "Registrieren: Wasserwerk Nord"]
    tasks = [task.title for task in portal.tasks(head) if task.kind == TaskKind.DUTY]
    assert set(tasks) <= set(found)
    assert f"http://testserver{facility.get_absolute_url()}" in client.get(
        ADDRESS
    ).content.decode().replace("\r\n ", "")


def test_who_only_reads_has_an_empty_calendar(client: Client, provider: Organisation) -> None:
    facility = works(provider)
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=facility.region))
    client.force_login(second_factor(seat.mandate.user))
    assert client.get("/krise/pflichten/").status_code == 200
    assert titles(client) == []


def test_it_says_for_whom_it_was_made(client: Client, head: User, provider: Organisation) -> None:
    works(provider)
    calendar = Calendar.from_ical(client.get(ADDRESS).content)
    entry = Entry.objects.get(deed="crisis.export_terms")
    assert (entry.actor, entry.details) == (head, {"terms": 2})
    said = str(calendar["description"])
    assert said.startswith(f"Vertraulich · {entry.capacity} · ")
    assert said.endswith(f" · {entry.number}-{entry.hash[:8]}")


def test_a_stranger_finds_nothing(client: Client) -> None:
    client.force_login(second_factor(MandateFactory().user))
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_how_many_there_are(
    client: Client,
    head: User,
    provider: Organisation,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(count):
        works(provider, f"Wasserwerk {number}")
    client.get(ADDRESS)
    # PostgreSQL asks twice more than SQLite, for locks of the log.
    with django_assert_max_num_queries(15):
        assert len(titles(client)) == 2 * count
