"""A page asks whether anything on it is new: it is exactly when what it shows has changed."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.crisis.small import small_document, small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import CONTROL, Delivery, Exercise, Part
from allmende.crisis.queries.decisions import open_to
from allmende.crisis.queries.exercises import choices_of, deliveries_to, notes_of, stand_of
from allmende.crisis.queries.games import Game
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
BEGIN = 1_000_000 * SECOND


def after(minutes: float) -> int:
    """The moment here at which so many minutes of the exercise are over: it runs 60 times as fast."""
    return BEGIN + int(minutes * SECOND)


def shown(part: Part, exercise: Exercise) -> object:
    """What the page of somebody who plays shows, but for the clock."""
    rows = (deliveries_to(part), notes_of(part), choices_of(part))
    asked = [each.decision.key for each in open_to(Game(exercise, after(0)), part.role)]
    return exercise.state, [list(found.values_list("pk", flat=True)) for found in rows], asked


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def exercise(control: User) -> Exercise:
    """Inject 4 goes to the press and asks the staff."""
    document = small_document()
    document["injects"].append(
        {"key": "4", "at": 90, "title": "Wohin?", "to": ["presse"], "asks_for": ["wohin"]}
    )
    return serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script(**document)
    )


def test_whatever_changes_what_a_role_sees_is_news_to_it_and_nothing_else_is(
    exercise: Exercise, control: User
) -> None:
    stab, presse = (
        serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role=role)
        for role in ("stab", "presse")
    )
    leader = exercise.parts.get(user=control)

    def write(part: Part, to: str, minutes: int) -> None:
        serve.send_note(
            actor=part.user, part=part, key=uuid4(), recipient=to, text="?", wall=after(minutes)
        )

    def clock(change: str, minutes: int, value: int = 0) -> None:
        serve.change_clock(
            actor=control, exercise=exercise, change=change, value=value, wall=after(minutes)
        )

    deeds: list[Callable[[], object]] = [
        lambda: serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN),
        lambda: serve.advance(exercise, after(11)),  # inject 1 comes to both
        lambda: write(stab, "presse", 12),
        lambda: write(presse, CONTROL, 13),
        lambda: write(leader, "stab", 14),
        lambda: clock("pause", 15),
        lambda: clock("resume", 15),
        lambda: serve.mark_seen(delivery=Delivery.objects.filter(recipient="stab")[0]),
        lambda: serve.advance(exercise, after(62)),  # the power fails: the staff is told
        lambda: serve.advance(exercise, after(91)),  # the press is told, the staff is asked
        lambda: serve.decide(
            actor=stab.user,
            part=stab,
            key=uuid4(),
            decision="wohin",
            option="nord",
            wall=after(92),
        ),
        lambda: serve.give_order(
            actor=control, exercise=exercise, kind="trigger", inject="3", wall=after(93)
        ),
        lambda: serve.end_exercise(actor=control, exercise=exercise, wall=after(94)),
    ]
    news = []
    for deed in deeds:
        before = [(stand_of(part, exercise), shown(part, exercise)) for part in (stab, presse)]
        watched = stand_of(leader, exercise)
        deed()
        exercise.refresh_from_db()
        now = [(stand_of(part, exercise), shown(part, exercise)) for part in (stab, presse)]
        is_new = [old[0] != new[0] for old, new in zip(before, now, strict=True)]
        assert is_new == [old[1] != new[1] for old, new in zip(before, now, strict=True)]
        assert stand_of(leader, exercise) != watched
        news.append("".join(each for each, new in zip("sp", is_new, strict=True) if new))
    assert news == ["sp", "sp", "sp", "p", "s", "", "", "", "s", "sp", "s", "s", "sp"]


def test_who_waited_for_another_to_deliver_finds_it_done(exercise: Exercise, control: User) -> None:
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    first, second = (Exercise.objects.get(pk=exercise.pk) for _each in range(2))
    asked = []
    for each in (first, second):
        with CaptureQueriesContext(connection) as queries:
            serve.advance(each, after(11))
        asked.append(len(queries))
    assert (second.revision, second.next_wall) == (first.revision, first.next_wall)
    assert second.next_wall == after(60)
    assert asked[1] < asked[0] / 2


def test_who_does_something_else_from_now_on_is_shown_another_page(
    exercise: Exercise, control: User
) -> None:
    part = serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    stands = [stand_of(part, exercise)]
    for kind, role in (("spiel", "presse"), ("zuschauen", ""), ("beobachtung", "")):
        serve.change_part(actor=control, exercise=exercise, part=part, kind=kind, role=role)
        part.refresh_from_db()
        stands.append(stand_of(part, exercise))
    assert len(set(stands)) == len(stands)
