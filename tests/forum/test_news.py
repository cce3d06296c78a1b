"""What is newest of all: the same whether much or little of it is asked for."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from allmende.audit.services import record
from allmende.forum.models import AgendaItem, Answer, Commitment, Sitting, SittingState, Step
from allmende.forum.news import MOST, news
from allmende.forum.scopes import everything, of_topic
from allmende.registry.models import Topic
from tests.factories import SittingFactory
from tests.forum.test_feeds import opened
from tests.forum.test_open_data import answered

pytestmark = pytest.mark.django_db


def test_a_commitment_is_overdue_after_all_that_happened_on_its_day() -> None:
    answered()
    day = timezone.localdate() - timedelta(days=2)
    Commitment.objects.update(due_on=day)
    Step.objects.all().delete()
    Answer.objects.update(published_at=timezone.now() - timedelta(days=100))
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    for minute in range(4):
        opened().steps.update(at=noon + timedelta(minutes=minute))
    everything_new = news(everything())
    assert everything_new[0].title.startswith("Überfällig")
    for most in range(1, 6):
        assert news(everything(), most=most) == everything_new[:most]


def test_a_sitting_of_a_topic_however_many_there_are_of_others() -> None:
    concern = opened(topic=Topic.CLIMATE)
    when = timezone.now()
    there = SittingFactory(state=SittingState.INVITED, starts_at=when + timedelta(days=1))
    AgendaItem.objects.create(sitting=there, place=1, title="Klima", concern=concern)
    later = [
        SittingFactory(
            series=there.series, state=SittingState.INVITED, starts_at=when + timedelta(days=9)
        )
        for _ in range(MOST)
    ]
    for sitting in (there, *later):
        record(actor=None, deed="forum.invite_members", obj=sitting)
    assert Sitting.objects.count() == MOST + 1
    titles = [item.title for item in news(of_topic(Topic.CLIMATE))]
    assert f"Sitzung: {there.title}" in titles
