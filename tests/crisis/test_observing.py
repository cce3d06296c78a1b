"""Observers note what they see: each mark counts once, those of others stay, and players see none."""

from uuid import uuid4

import pytest
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import CONTROL, Exercise, Observation, Part
from allmende.crisis.queries.observing import observations_of, tasks_of
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
MINUTE = 60 * SECOND
BEGIN = 1_000_000 * SECOND


def after(minutes: float) -> int:
    """The moment here at which so many minutes of the exercise are over: it runs 60 times as fast."""
    return BEGIN + int(minutes * SECOND)


@pytest.fixture
def control() -> User:
    return UserFactory(name="Dirk Director")


@pytest.fixture
def exercise(control: User) -> Exercise:
    return serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script()
    )


@pytest.fixture
def head(exercise: Exercise) -> Part:
    return serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")


def observer(exercise: Exercise, name: str) -> Part:
    person = UserFactory(name=name)
    return serve.join(actor=person, exercise=exercise, kind="beobachtung", role="")


@pytest.fixture
def olga(exercise: Exercise) -> Part:
    return observer(exercise, "Olga Observer")


@pytest.fixture
def running(exercise: Exercise, control: User, head: Part, olga: Part) -> Exercise:
    """At minute 20; a task has come to both roles."""
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    serve.deliver_due(exercise=exercise, wall=after(20))
    exercise.refresh_from_db()
    return exercise


def mark(part: Part, mark: str, *, minutes: float, role: str = "stab", text: str = "") -> None:
    serve.mark_task(
        actor=part.user,
        part=part,
        inject="1",
        role=role,
        mark=mark,
        text=text,
        wall=after(minutes),
    )


def marks(exercise: Exercise) -> list[tuple[str, str, str, str]]:
    """Role, mark, exercise time and by whom."""
    return [
        (task.role, each.mark, each.time.clock, each.by)
        for task in tasks_of(exercise)
        for each in task.marks
    ]


def test_tasks_are_what_has_come_with_how_long_it_took(running: Exercise, head: Part) -> None:
    serve.mark_seen(delivery=running.deliveries.get(recipient="stab"), wall=after(15))
    serve.decide(
        actor=head.user, part=head, key=uuid4(), decision="wohin", option="nord", wall=after(25)
    )
    first, second = tasks_of(running)
    assert (first.inject, first.role, first.title) == ("1", "stab", "Das Licht flackert")
    assert (first.expected, first.within) == ("Beim Netzbetreiber nachfragen", 30)
    assert (str(first.time), first.at) == ("Tag 1, 08:10 Uhr", 10 * MINUTE)
    assert (first.opened, first.answered) == (5, 15)
    assert (second.role, second.opened, second.answered) == ("presse", None, None)


def test_who_answers_before_she_says_that_she_has_read_it_has_acted(
    running: Exercise, head: Part
) -> None:
    serve.send_note(
        actor=head.user,
        part=head,
        key=uuid4(),
        recipient=CONTROL,
        text="Der Netzbetreiber prüft.",
        wall=after(22),
    )
    serve.mark_seen(delivery=running.deliveries.get(recipient="stab"), wall=after(23))
    serve.decide(
        actor=head.user, part=head, key=uuid4(), decision="wohin", option="nord", wall=after(46)
    )
    assert (tasks_of(running)[0].opened, tasks_of(running)[0].answered) == (13, 12)


@pytest.mark.parametrize(
    ("decided", "answered"),
    [((12,), [2, -8, None]), ((12, 25), [2, 5, 5]), ((25,), [15, 5, 5]), ((), [None, None, None])],
)
def test_who_has_decided_before_she_is_reminded_has_answered(
    control: User, decided: tuple[int, ...], answered: list[int | None]
) -> None:
    injects = [
        {
            "key": str(number),
            "at": at,
            "title": "Zur Entscheidung",
            "to": ["stab"],
            "expected_action": "Entscheiden",
            "asks_for": asks_for,
        }
        for number, (at, asks_for) in enumerate(((10, ["wohin"]), (20, ["wohin"]), (20, [])))
    ]
    exercise = serve.add_exercise(
        actor=control,
        mandate=None,
        host=OrganisationFactory(),
        script=small_script(injects=injects),
    )
    part = serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    for minutes in decided:
        serve.decide(
            actor=part.user,
            part=part,
            key=uuid4(),
            decision="wohin",
            option="nord",
            wall=after(minutes),
        )
    serve.deliver_due(exercise=exercise, wall=after(40))
    assert [task.answered for task in tasks_of(exercise)] == answered


def test_two_taps_are_one_and_another_mark_replaces_it(running: Exercise, olga: Part) -> None:
    for minutes in (20, 21):
        mark(olga, "erledigt", minutes=minutes)
    assert marks(running) == [("stab", "erledigt", "08:20", "Olga Observer")]
    mark(olga, "teilweise", minutes=22)
    assert marks(running) == [("stab", "teilweise", "08:22", "Olga Observer")]
    for _twice in range(2):
        serve.unmark_task(actor=olga.user, part=olga, inject="1", role="stab")
    assert marks(running) == []


def test_what_several_saw_stays_side_by_side(running: Exercise, olga: Part) -> None:
    other = observer(running, "Otto Observer")
    mark(olga, "erledigt", minutes=20)
    mark(other, "nicht-erledigt", minutes=21, text="Erst nach Rückfrage.")
    mark(other, "nicht-beobachtet", minutes=22, role="presse")
    assert marks(running) == [
        ("stab", "erledigt", "08:20", "Olga Observer"),
        ("stab", "nicht-erledigt", "08:21", "Otto Observer"),
        ("presse", "nicht-beobachtet", "08:22", "Otto Observer"),
    ]
    assert tasks_of(running)[0].counted() == {
        "erledigt": 1,
        "teilweise": 0,
        "nicht-erledigt": 1,
        "nicht-beobachtet": 0,
    }
    serve.unmark_task(actor=olga.user, part=olga, inject="1", role="stab")
    assert len(marks(running)) == 2


def test_a_note_sent_twice_is_one_and_its_author_takes_it_back(
    running: Exercise, olga: Part, control: User
) -> None:
    key = uuid4()
    for _twice in range(2):
        note = serve.note_observation(
            actor=olga.user, part=olga, key=key, text="Ruhiger Ton.", role="stab", wall=after(30)
        )
    (seen,) = observations_of(running)
    assert (seen.text, seen.role_name, seen.time.clock) == (
        "Ruhiger Ton.",
        "Leitung des Krisenstabs",
        "08:30",
    )
    serve.remove_observation(actor=control, observation=note)
    assert Observation.objects.count() == 1
    for _twice in range(2):
        serve.remove_observation(actor=olga.user, observation=note)
    assert Observation.objects.count() == 0


@pytest.mark.parametrize(
    ("inject", "role", "value"),
    [("2", "presse", "erledigt"), ("1", "leitung", "erledigt"), ("", "", "erledigt")],
)
def test_what_has_not_come_cannot_be_marked(
    running: Exercise, olga: Part, inject: str, role: str, value: str
) -> None:
    with pytest.raises(services.Conflict, match="ist bei dieser Rolle nicht angekommen"):
        serve.mark_task(
            actor=olga.user, part=olga, inject=inject, role=role, mark=value, wall=after(20)
        )


def test_players_do_not_observe(running: Exercise, head: Part) -> None:
    with pytest.raises(services.Conflict, match="Beobachtungen notieren Beobachtende"):
        mark(head, "erledigt", minutes=20)


def test_before_it_begins_there_is_nothing_to_note(exercise: Exercise, olga: Part) -> None:
    with pytest.raises(services.Conflict, match="hat noch nicht begonnen"):
        serve.note_observation(actor=olga.user, part=olga, key=uuid4(), text="?")


def test_notes_are_added_after_the_end(running: Exercise, olga: Part, control: User) -> None:
    serve.end_exercise(actor=control, exercise=running, wall=after(60))
    serve.note_observation(
        actor=olga.user, part=olga, key=uuid4(), text="Im Nachgespräch.", wall=after(5_000)
    )
    assert [each.time.clock for each in observations_of(running)] == ["09:00"]


def test_observations_are_no_news_for_players(running: Exercise, olga: Part) -> None:
    running.refresh_from_db()
    before = running.revision, running.observed
    mark(olga, "erledigt", minutes=20)
    running.refresh_from_db()
    assert (running.revision, running.observed) == (before[0], before[1] + 1)
