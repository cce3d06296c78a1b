"""Who has written a message is told that it was sent, to whom, and at what time of the exercise."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import CONTROL, Exercise, Note
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
MINUTE = 60_000_000


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def running(control: User) -> Exercise:
    """It has run for 20 minutes and stands."""
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script()
    )
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=exercise)
    serve.change_clock(actor=control, exercise=exercise, change="pause")
    serve.change_clock(actor=control, exercise=exercise, change="jump", value=20 * MINUTE)
    exercise.refresh_from_db()
    return exercise


@pytest.mark.parametrize(
    ("way", "to"),
    [
        (("stab", "presse", ""), "Presse"),
        (("stab", "lindenfurt", ""), "das ganze Team „Lindenfurt“"),
        (("stab", CONTROL, "Netzleitstelle"), "Netzleitstelle"),
        (("stab", CONTROL, ""), "Übungsleitung"),
        (("", "stab", "Netzleitstelle"), "Leitung des Krisenstabs"),
    ],
)
def test_it_says_to_whom_and_when(
    client: Client, running: Exercise, way: tuple[str, str, str], to: str
) -> None:
    sender, recipient, outside = way
    told = f"Nachricht gesendet an {to}, Tag 1, 08:20 Uhr Übungszeit."
    if recipient == "presse":
        told += " Dort spielt gerade niemand; das übernimmt die Übungsleitung."
    address = f"{running.get_absolute_url()}schreiben/"
    client.force_login(running.parts.get(role=sender).user)
    note = {"recipient": recipient, "outside": outside, "text": "Wie lange noch?"}
    answer = client.post(address, {"key": str(uuid4()), **note})
    assert answer.status_code == 303
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [told]
    # With JavaScript the page stays: a new form, what was sent, and a sign to ask for what is new.
    key = str(uuid4())
    answer = client.post(address, {"key": key, **note}, headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert "<html" not in shown
    assert told in shown
    assert f'data-sent="{key}"' in shown
    assert f'value="{key}"' not in shown
    assert "Wie lange noch?" not in shown
    assert "neues" in answer.headers["HX-Trigger"]
    assert Note.objects.count() == 2


@pytest.mark.parametrize(
    ("recipient", "outside", "fault"),
    [
        ("gibtesnicht", "", "Bitte prüfen Sie eine Eingabe"),
        ("presse", "Netzleitstelle", "Wenn Sie an jemanden außerhalb schreiben"),
    ],
)
def test_what_is_wrong_stays_in_the_form(
    client: Client, running: Exercise, recipient: str, outside: str, fault: str
) -> None:
    client.force_login(running.parts.get(role="stab").user)
    key = str(uuid4())
    note = {"key": key, "recipient": recipient, "outside": outside, "text": "Wie lange noch?"}
    answer = client.post(
        f"{running.get_absolute_url()}schreiben/", note, headers={"HX-Request": "true"}
    )
    shown = answer.content.decode()
    assert "<html" not in shown
    assert "Wie lange noch?" in shown
    assert fault in shown
    assert outside in shown
    assert "Nachricht gesendet" not in shown
    assert "HX-Trigger" not in answer.headers
