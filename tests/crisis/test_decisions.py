"""A decision opens with the first inject that asks for it: whatever the clock does, and to its role alone."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.crisis.small import small_document, small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import Choice, Delivery, Exercise, Part
from allmende.crisis.queries.decisions import asked_in, open_to, with_openers
from allmende.crisis.queries.exercises import stand_of
from allmende.crisis.queries.games import Game
from allmende.crisis.queries.situation import coming_in
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.model import Script

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
MINUTE = 60 * SECOND
BEGIN = 1_000_000 * SECOND
NOT_YET = "Noch steht diese Entscheidung nicht an"


def after(minutes: float) -> int:
    """The moment here at which so many minutes of the exercise are over: it runs 60 times as fast."""
    return BEGIN + int(minutes * SECOND)


def asking() -> Script:
    """„wohin“ is asked for at minute 90 of both roles and once more at 200, „radio“ of the press by order only,
    and „gleich“ by no inject that comes.
    """
    document = small_document()
    options = [{"key": key, "name": key} for key in ("ja", "nein")]
    document["decisions"] += [
        {"key": "radio", "question": "Ins Radio?", "role": "presse", "options": options},
        {"key": "gleich", "question": "Gleich?", "role": "presse", "options": options},
    ]
    document["injects"] += [
        {"key": "4", "at": 90, "title": "Wohin?", "to": ["lindenfurt"], "asks_for": ["wohin"]},
        {"key": "5", "at": 200, "title": "Nun?", "to": ["stab"], "asks_for": ["wohin", "radio"]},
        {"key": "6", "at": None, "title": "Radio", "to": ["presse"], "asks_for": ["radio"]},
        {"key": "7", "at": 0, "title": "Aus", "to": ["presse"], "asks_for": ["gleich"], "enabled": False},
        {"key": "8", "at": 500, "title": "Niemand", "to": ["Kranichsee"], "asks_for": ["gleich"]},
    ]  # fmt: skip
    return small_script(**document)


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def running(control: User) -> Exercise:
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=asking()
    )
    for role in ("stab", "presse"):
        serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role=role)
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    return Exercise.objects.get(pk=exercise.pk)


def part(exercise: Exercise, role: str) -> Part:
    return exercise.parts.get(role=role)


def decide(exercise: Exercise, role: str, decision: str, option: str, wall: int) -> Choice:
    here = part(exercise, role)
    return serve.decide(
        actor=here.user, part=here, key=uuid4(), decision=decision, option=option, wall=wall
    )


def shown(exercise: Exercise, wall: int) -> dict[str, list[str]]:
    """What each role is to decide."""
    serve.deliver_due(exercise=exercise, wall=wall)
    game = Game(exercise, wall)
    return {
        role: [each.decision.key for each in open_to(game, role)] for role in ("stab", "presse")
    }


def test_it_opens_when_it_is_asked_for_and_not_before(running: Exercise) -> None:
    assert shown(running, after(89)) == {"stab": [], "presse": ["gleich"]}
    with pytest.raises(services.Conflict, match=NOT_YET):
        decide(running, "stab", "wohin", "nord", after(89.99))
    # Nobody has looked since: who decides is told first what has come.
    choice = decide(running, "stab", "wohin", "nord", after(90))
    assert choice.at > 90 * MINUTE
    assert shown(running, after(91)) == {"stab": ["wohin"], "presse": ["gleich"]}
    assert shown(running, after(200)) == {"stab": ["wohin"], "presse": ["radio", "gleich"]}


def test_what_no_inject_asks_for_is_open_from_the_beginning(control: User) -> None:
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script()
    )
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    [asked] = asked_in(Game(exercise, BEGIN))
    assert str(asked.since) == "Tag 1, 08:00 Uhr"
    assert decide(exercise, "stab", "wohin", "nord", BEGIN).at == 1


def test_the_control_opens_it_early_even_in_a_pause(running: Exercise, control: User) -> None:
    serve.change_clock(actor=control, exercise=running, change="pause", wall=after(5))
    order = {"actor": control, "exercise": running, "kind": "trigger"}
    serve.give_order(**order, inject="4", wall=after(50))  # type: ignore[arg-type]
    assert shown(running, after(60)) == {"stab": ["wohin"], "presse": ["gleich"]}
    serve.give_order(**order, inject="6", wall=after(60))  # type: ignore[arg-type]
    assert shown(running, after(60)) == {"stab": ["wohin"], "presse": ["radio", "gleich"]}
    assert decide(running, "stab", "wohin", "nord", after(61)).at // MINUTE == 5


def test_what_is_left_out_opens_nothing(running: Exercise, control: User) -> None:
    order = {"actor": control, "exercise": running, "kind": "skip"}
    serve.give_order(**order, inject="4", wall=after(5))  # type: ignore[arg-type]
    assert shown(running, after(199)) == {"stab": [], "presse": ["gleich"]}
    assert shown(running, after(200)) == {"stab": ["wohin"], "presse": ["radio", "gleich"]}


CLOCK = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 60)),
    st.tuples(st.just("pause"), st.just(0)),
    st.tuples(st.just("resume"), st.just(0)),
    st.tuples(st.just("speed"), st.sampled_from([1_000, 30_000, 360_000])),
    st.tuples(st.just("jump"), st.integers(0, 100)),
    st.tuples(st.just("order"), st.sampled_from("456")),
    st.tuples(st.just("skip"), st.sampled_from("45")),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=st.lists(CLOCK, min_size=3, max_size=10))
def test_it_opens_with_the_delivery_whatever_the_clock_does(
    deeds: list[tuple[str, Any]], control: User
) -> None:
    """After each deed: decided is what has been asked for, and only that; told anew, it is all the same."""
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=asking()
    )
    for role in ("stab", "presse"):
        serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role=role)
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    exercise = Exercise.objects.get(pk=exercise.pk)
    wall = BEGIN
    for deed, value in deeds:
        lead(exercise, control, deed, value, wall)
        wall += SECOND * value if deed == "wait" else 1
        if Game(exercise, wall).is_over:
            return  # nobody decides any more
        for role, decision, option, askers in (
            ("stab", "wohin", "nord", ("4", "5")),
            ("presse", "radio", "ja", ("5", "6")),
        ):
            came = exercise.deliveries.filter(inject__in=askers)
            at = decided(exercise, role, decision, option, wall)
            opened = min(came.values_list("due", flat=True), default=None)
            assert (at is None) == (opened is None)
            assert at is None or opened is None or opened < at
    before = shown(exercise, wall)
    exercise.deliveries.all().delete()
    assert shown(exercise, wall) == before


def decided(exercise: Exercise, role: str, decision: str, option: str, wall: int) -> int | None:
    """When it was decided, None if it cannot be: nobody has asked yet."""
    try:
        return decide(exercise, role, decision, option, wall).at
    except services.Conflict as conflict:
        if str(conflict).startswith(NOT_YET):
            return None
        raise


def lead(exercise: Exercise, control: User, deed: str, value: Any, wall: int) -> None:
    """What the control does; what cannot be is told, and nothing happens."""
    try:
        if deed in ("order", "skip"):
            kind = "trigger" if deed == "order" else "skip"
            serve.give_order(actor=control, exercise=exercise, kind=kind, inject=value, wall=wall)
        elif deed != "wait":
            there = Game(exercise, wall).now
            value = there + value * MINUTE if deed == "jump" else value
            serve.change_clock(
                actor=control, exercise=exercise, change=deed, value=value, wall=wall
            )
    except services.Conflict:
        pass


@pytest.fixture
def paused(running: Exercise, control: User) -> Exercise:
    """At minute 20, while the clock stands: pages show the same whenever they are asked."""
    serve.change_clock(actor=control, exercise=running, change="pause", wall=after(20))
    return Exercise.objects.get(pk=running.pk)


def page_of(client: Client, exercise: Exercise, role: str, path: str = "") -> str:
    client.force_login(part(exercise, role).user)
    return client.get(exercise.get_absolute_url() + path).content.decode()


def test_a_player_sees_what_she_is_asked_beside_what_asks(
    client: Client, paused: Exercise, control: User
) -> None:
    question = "Wohin soll das Aggregat?"
    assert question not in page_of(client, paused, "stab")
    serve.give_order(actor=control, exercise=paused, kind="trigger", inject="4", wall=after(21))
    page = page_of(client, paused, "stab")
    assert page.count("entscheiden/wohin/") == 2
    assert f"Zur Entscheidung: {question}" in page
    assert question not in page_of(client, paused, "presse")


def test_who_sends_it_too_early_is_told_so_and_loses_nothing(
    client: Client, paused: Exercise, control: User
) -> None:
    client.force_login(part(paused, "stab").user)
    address = f"{paused.get_absolute_url()}entscheiden/wohin/"
    told = [str(each) for each in get_messages(client.get(address).wsgi_request)]
    assert told == ["Noch steht diese Entscheidung nicht an."]
    sent = {"key": str(uuid4()), "seen": "0", "option": "nord", "reason": "Dort ist die Klinik."}
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert NOT_YET in page
    assert "Dort ist die Klinik." in page
    assert not Choice.objects.exists()
    serve.give_order(actor=control, exercise=paused, kind="trigger", inject="4", wall=after(21))
    assert client.post(address, sent).status_code == 303
    assert [each.reason for each in Choice.objects.all()] == ["Dort ist die Klinik."]
    again = client.get(address).content.decode()
    assert "<strong>Wasserwerk nord</strong><br>seit Tag 1, 08:20 Uhr" in again
    assert again.count("Dort ist die Klinik.") == 1


def test_the_control_sees_all_and_what_opens_them(
    client: Client, paused: Exercise, control: User
) -> None:
    game = Game(paused, after(20))
    asked = with_openers(asked_in(game), coming_in(game))
    assert [
        (each.decision.key, each.since is not None, each.opens_with and each.opens_with.key)
        for each in asked
    ] == [("wohin", False, "4"), ("radio", False, "5"), ("gleich", True, None)]
    client.force_login(control)
    address = f"{paused.get_absolute_url()}leitung/"
    page = client.get(address).content.decode()
    assert "Öffnet mit Einlage 4 „Wohin?“" in page
    assert "Öffnet die Entscheidung: Wohin soll das Aggregat?" in page
    client.post(f"{paused.get_absolute_url()}einlage/", {"inject": "4", "kind": "trigger"})
    page = client.get(address).content.decode()
    assert "Öffnet mit Einlage 4" not in page
    assert "offen seit Tag 1, 08:20 Uhr" in page


def test_a_left_out_inject_is_named_only_if_no_other_comes(paused: Exercise, control: User) -> None:
    opens = []
    for inject in ("4", "5"):
        serve.give_order(actor=control, exercise=paused, kind="skip", inject=inject, wall=after(20))
        game = Game(paused, after(20))
        [wohin, *_others] = with_openers(asked_in(game), coming_in(game))
        assert wohin.opens_with is not None
        opens.append((wohin.opens_with.key, wohin.opens_with.skipped))
    assert opens == [("5", False), ("4", True)]


def test_what_opens_is_news_to_who_decides_though_another_gets_it(
    paused: Exercise, control: User
) -> None:
    """Inject 5 asks the press, and only the staff gets it."""
    press = part(paused, "presse")
    before = stand_of(press, paused)
    serve.give_order(actor=control, exercise=paused, kind="trigger", inject="3", wall=after(20))
    paused.refresh_from_db()
    same = stand_of(press, paused)
    serve.give_order(actor=control, exercise=paused, kind="trigger", inject="5", wall=after(20))
    paused.refresh_from_db()
    after_it = stand_of(press, paused)
    assert [before == same, same == after_it] == [True, False]
    assert Delivery.objects.filter(recipient="presse", inject="5").count() == 0
