"""The operator's queue: what waits in all concerns, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.forum.models import Concern
from tests.factories import ConcernFactory, StatementFactory

pytestmark = pytest.mark.django_db
QUEUE = "/betrieb/aussagen/"


@pytest.fixture
def desk(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def test_the_queue_holds_what_waits_oldest_first(desk: Client, concern: Concern) -> None:
    first = StatementFactory(concern=concern, state="pending", text="Mehr Zeit für Anhörungen.")
    second = StatementFactory(concern=ConcernFactory(owner=None), state="pending")
    StatementFactory(concern=concern)
    assert list(desk.get(QUEUE).context["page"]) == [first, second]
    assert list(desk.get(QUEUE, {"q": "anhörungen"}).context["page"]) == [first]
    assert list(desk.get(QUEUE, {"wer": "betrieb"}).context["page"]) == [second]
    assert list(desk.get(QUEUE, {"wer": "unsinn"}).context["page"]) == [first, second]


def test_it_leads_to_the_decision_and_is_empty_afterwards(desk: Client, concern: Concern) -> None:
    statement = StatementFactory(concern=concern, state="pending")
    address = reverse("forum:decide", args=[concern.slug, statement.pk])
    assert address in desk.get(QUEUE).content.decode()
    desk.post(address, {"state": "accepted", "seen_state": "pending"})
    assert "Alles geprüft." in desk.get(QUEUE).content.decode()
    assert "Keine Aussage passt" in desk.get(QUEUE, {"q": "x"}).content.decode()


def test_the_list_can_be_had_for_a_spreadsheet(desk: Client, concern: Concern) -> None:
    StatementFactory(concern=concern, state="pending", text="=1+1")
    answer = desk.get(reverse("forum_desk:moderation_csv"))
    (head, row) = b"".join(answer).decode("utf-8-sig").splitlines()
    assert head.split(";")[:2] == ["Eingegangen", "Aussage"]
    assert "'=1+1" in row


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_a_constant_number_of_times(
    desk: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        StatementFactory(state="pending")
    with django_assert_num_queries(5):
        desk.get(QUEUE)
