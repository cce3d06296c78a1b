"""A small exercise that was played to its end, with a decision and the mark of an observer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.crisis.small import small_document
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import (
    Exercise,
    Passage,
)
from allmende.crisis.queries import reports as queries
from allmende.crisis.queries.games import Game
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import script_of

SECOND = 1_000_000
BEGIN = 1_000_000 * SECOND


def script(**changes: Any) -> Any:
    """The small exercise with two goals; the light that flickers serves the first."""
    document = small_document(
        goals=[
            {"key": "lage", "name": "Lage feststellen", "description": "Wer weiß was?"},
            {"key": "menschen/alle", "name": "Menschen schützen"},
        ],
    )
    document["injects"][0] |= {"goals": ["lage"], "kind": "expected-action"}
    return script_of(document | changes)


@pytest.fixture
def control() -> User:
    return UserFactory(name="Carla Control")


@pytest.fixture
def observer() -> User:
    return UserFactory(name="Olaf Observer")


@pytest.fixture
def player() -> User:
    return UserFactory(name="Petra Player")


def play(
    control: User, player: User, observer: User, *, ends: int = 601, **changes: Any
) -> Exercise:
    """The generator goes to the north one minute after the grid has failed; ended after ten hours.

    ``ends`` is the minute of the exercise in which the control ends it.
    """
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script(**changes)
    )
    head = serve.join(actor=player, exercise=exercise, kind="spiel", role="stab")
    watching = serve.join(actor=observer, exercise=exercise, kind="beobachtung", role="")
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    serve.decide(
        actor=player,
        part=head,
        key=uuid4(),
        decision="wohin",
        option="nord",
        reason="Dort wohnen mehr.",
        wall=BEGIN + 61 * SECOND,
    )
    serve.mark_task(
        actor=observer,
        part=watching,
        inject="1",
        role="stab",
        mark="teilweise",
        wall=BEGIN + 62 * SECOND,
    )
    serve.advance(exercise, wall=BEGIN + ends * SECOND)
    serve.end_exercise(actor=control, exercise=exercise, wall=BEGIN + ends * SECOND)
    exercise.refresh_from_db()
    return exercise


@pytest.fixture
def ended(control: User, player: User, observer: User) -> Exercise:
    return play(control, player, observer)


def report(exercise: Exercise, reader: User) -> Any:
    serve.compute_yardstick(exercise.script_hash)
    return queries.report_of(Game(exercise, BEGIN + 601 * SECOND), reader=reader)


def address(exercise: Exercise, path: str = "") -> str:
    return f"{exercise.get_absolute_url()}bericht{path}"


def write(exercise: Exercise, actor: User, text: str, seen: int = 0, **more: str) -> Passage:
    section = more.pop("section", "zusammenfassung")
    return serve.write_passage(
        actor=actor, exercise=exercise, section=section, seen=seen, text=text, **more
    )


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "lesson": "Ohne Strom gibt es nach zwei Stunden kein Wasser. Das wussten wir nicht.",
        "goal": "ziel-1",
        "what": "Ein zweites Aggregat beschaffen",
        "owner": None,
        "organisation": "Stadtwerke",
        "person": "Betriebsleitung",
        "due_on": timezone.localdate() + timedelta(days=30),
    } | changes
