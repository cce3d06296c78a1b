"""People are told that a concern was opened, and that its result is there; each of them once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import Concern, ConcernState, Result, Voices
from allmende.forum.queries import Voice
from allmende.mail.models import Notice
from tests.factories import MandateFactory, StatementFactory

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.order_by("topic", "user__name").values_list("topic", "user__name")
    return [(str(topic), str(name)) for topic, name in rows]


@pytest.fixture
def fresh(concern: Concern, alice: User) -> Concern:
    """Alice has just opened it."""
    concern.author, concern.opened_at = alice, timezone.now()
    concern.save()
    return concern


def test_who_speaks_for_a_municipality_hears_of_a_new_concern_but_not_its_author(
    fresh: Concern, bob: User, charlie: User, dora: User
) -> None:
    MandateFactory(user__name="Erfunden", region__invented=True)
    MandateFactory(user__name="Früher", until=timezone.localdate() - timedelta(days=1))
    for _ in range(2):
        services.tell_of_concerns()
    assert told() == [("forum.opened", "Bob"), ("forum.opened", "Charlie")]
    notice = Notice.objects.first()
    assert notice is not None
    assert notice.title == f"Neues Anliegen: {fresh.question}"
    assert notice.url == fresh.get_absolute_url()


def test_neither_drafts_nor_old_concerns_are_news(fresh: Concern, charlie: User) -> None:
    Concern.objects.update(state=ConcernState.DRAFT)
    services.tell_of_concerns()
    Concern.objects.update(state=ConcernState.OPEN, opened_at=timezone.now() - timedelta(days=3))
    services.tell_of_concerns()
    assert told() == []


@pytest.fixture
def closed(concern: Concern, charlie: User) -> Concern:
    """Charlie has voted; its owner has ended it; the results come one after the other."""
    voice = Voice(charlie, charlie.mandates.get().region)
    services.cast_vote(
        actor=charlie,
        mandate=charlie.mandates.get(),
        participant=services.join_concern(concern=concern, voice=voice),
        statement=StatementFactory(concern=concern),
        stand=1,
    )
    Concern.objects.update(state=ConcernState.POSITION)
    Result.objects.update(is_final=True, computed_at=timezone.now())
    return concern


def test_who_took_part_hears_of_the_result(closed: Concern, bob: User) -> None:
    for _ in range(2):
        services.tell_of_concerns()
    assert told() == [("forum.result", "Charlie")]


def test_not_before_all_of_it_is_there(closed: Concern) -> None:
    Result.objects.create(concern=closed, voices=Voices.PERSONAL)
    services.tell_of_concerns()
    assert told() == []


def test_a_confidential_result_is_news_once_it_may_be_seen(closed: Concern) -> None:
    Concern.objects.update(is_confidential=True)
    services.tell_of_concerns()
    assert told() == []
    Concern.objects.update(deadline=timezone.now())
    Result.objects.update(computed_at=timezone.now() - timedelta(days=8))
    services.tell_of_concerns()
    assert told() == [("forum.result", "Charlie")]


def test_a_tick_that_was_cut_short_is_made_up_for(fresh: Concern, bob: User, charlie: User) -> None:
    services.tell_of_concerns()
    Notice.objects.get(user=charlie).delete()
    services.tell_of_concerns()
    assert told() == [("forum.opened", "Bob"), ("forum.opened", "Charlie")]


@pytest.mark.parametrize("people", [1, 3])
def test_it_takes_the_same_number_of_queries_for_more_people(
    fresh: Concern, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MandateFactory.create_batch(people)
    with django_assert_num_queries(9):
        services.tell_of_concerns()
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=2))
    with django_assert_num_queries(4):
        services.tell_of_concerns()
