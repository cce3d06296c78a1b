"""What the forum puts on the start page, into the search and into the tick."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.forum.models import Concern, ConcernState, Presentation, StatementState
from allmende.forum.portal import offer
from allmende.portal.offers import TaskKind
from allmende.portal.search import index
from allmende.registry.models import Region
from tests.factories import ConcernFactory, ParticipantFactory, StatementFactory, VoteFactory

pytestmark = pytest.mark.django_db


def test_tasks_are_what_waits_for_the_municipality(
    alice: User, charlie: User, dora: User, concern: Concern
) -> None:
    statements = StatementFactory.create_batch(3, concern=concern)
    StatementFactory(concern=concern, state=StatementState.PENDING)
    kranichsee = ParticipantFactory(concern=concern, region=charlie.mandates.get().region)
    VoteFactory(statement=statements[0], participant=kranichsee)
    question = concern.question
    assert [(task.title, task.note) for task in offer.tasks(charlie)] == [
        (f"2 Aussagen zu „{question}“", "Kranichsee · eine Stimme je Kommune")
    ]
    assert [task.title for task in offer.tasks(alice)] == [
        f"3 Aussagen zu „{question}“",
        "1 neue Aussage prüfen",
    ]
    assert list(offer.tasks(dora)) == []


def test_what_nobody_is_in_charge_of_waits_for_the_operator(operator: User) -> None:
    concern = ConcernFactory(owner=None)
    StatementFactory(concern=concern, state=StatementState.PENDING)
    StatementFactory(state=StatementState.PENDING)
    assert [task.note for task in offer.tasks(operator)] == [concern.question]


def test_what_is_done_or_over_is_no_task(charlie: User, concern: Concern) -> None:
    statement = StatementFactory(concern=concern)
    StatementFactory(concern__deadline=timezone.now())
    StatementFactory(concern__state=ConcernState.DRAFT)
    kranichsee = ParticipantFactory(concern=concern, region=charlie.mandates.get().region)
    VoteFactory(statement=statement, participant=kranichsee)
    assert list(offer.tasks(charlie)) == []


def test_the_most_urgent_task_comes_first(client: Client, charlie: User) -> None:
    late = StatementFactory(concern__deadline=timezone.now() + timedelta(days=20)).concern
    soon = StatementFactory(concern__deadline=timezone.now() + timedelta(days=2)).concern
    client.force_login(charlie)
    [(kind, tasks)] = client.get("/").context["groups"]
    assert kind == TaskKind.VOTE
    assert [task.due for _number, task in tasks] == [soon.deadline, late.deadline]


def test_example_data_say_so_wherever_they_are_named(client: Client, charlie: User) -> None:
    StatementFactory(concern__is_example=True, concern__question="Wer zahlt?")
    client.force_login(charlie)
    assert list(offer.tasks(charlie)) == [], "only an invented municipality votes there"
    Region.objects.update(invented=True)
    assert [task.note for task in offer.tasks(charlie)] == [
        "Kranichsee · eine Stimme je Kommune · Beispieldaten"
    ]
    index.rebuild()
    hits = client.get("/suche/", {"q": "zahlt", "art": "forum.concern"}).context["hits"]
    assert [hit.note.endswith("Beispieldaten") for hit in hits] == [True]


def test_the_tick_closes_what_is_over_and_says_why(concern: Concern) -> None:
    offer.tick()
    concern.refresh_from_db()
    assert concern.state == ConcernState.OPEN
    Concern.objects.update(deadline=timezone.now())
    offer.tick()
    offer.tick()
    concern.refresh_from_db()
    assert (concern.state, concern.ends_at) == (ConcernState.POSITION, concern.deadline)
    assert [(e.actor, e.reason) for e in history_of(concern)] == [
        (None, "Die Frist ist abgelaufen.")
    ]
    [line] = tell(history_of(concern), reader=AnonymousUser())
    assert line.who == "automatisch, nach Regel „Ende der Abstimmung“"


def test_why_what_was_shown_is_forgotten_a_year_after_the_deadline() -> None:
    now = timezone.now()
    for days in (400, 10):
        then = now - timedelta(days=days)
        concern = ConcernFactory(deadline=then)
        Presentation.objects.create(
            statement=StatementFactory(concern=concern),
            participant=ParticipantFactory(concern=concern),
            at=then,
            reason="",
            seed=1,
            exposure=0,
            floor=0,
            tied=1,
        )
    (kind,) = [kind for kind in offer.retention if kind.key == "forum.presentation"]
    assert kind.period is not None
    assert kind.clear(now - kind.period) == 1
    assert Presentation.objects.get().at > now - timedelta(days=11)
