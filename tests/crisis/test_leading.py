"""What the control does: it is asked before what cannot be undone, and told what has become of the rest."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import Exercise, Part
from allmende.crisis.portal.exercises import tasks
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def exercise(control: User) -> Exercise:
    return serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script()
    )


@pytest.fixture
def head(exercise: Exercise) -> Part:
    return serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")


@pytest.fixture
def leading(client: Client, exercise: Exercise, head: Part, control: User) -> Client:
    """The control's browser, while the exercise runs."""
    serve.start_exercise(actor=control, exercise=exercise)
    exercise.refresh_from_db()
    client.force_login(control)
    return client


def said(client: Client, address: str, **data: str) -> list[str]:
    """What the page says after a form was sent."""
    return [str(each) for each in get_messages(client.post(address, data).wsgi_request)]


def test_ending_is_asked_first(leading: Client, exercise: Exercise) -> None:
    address = f"{exercise.get_absolute_url()}beenden/"
    assert "Das lässt sich nicht zurücknehmen" in leading.get(address).content.decode()
    exercise.refresh_from_db()
    assert exercise.state == "laeuft"
    leading.post(address)
    exercise.refresh_from_db()
    assert exercise.state == "beendet"


def test_removing_is_asked_first(client: Client, exercise: Exercise, control: User) -> None:
    client.force_login(control)
    address = f"{exercise.get_absolute_url()}loeschen/"
    assert "Das lässt sich nicht zurücknehmen" in client.get(address).content.decode()
    assert Exercise.objects.filter(pk=exercise.pk).exists()
    client.post(address)
    assert not Exercise.objects.filter(pk=exercise.pk).exists()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"change": "speed", "speed": ""}, "das Tempo als Zahl"),
        ({"change": "speed", "speed": "schnell"}, "das Tempo als Zahl"),
        ({"change": "speed", "speed": "-1"}, "Langsamer als ein Zehntel geht nicht"),
        ({"change": "speed", "speed": "120,5"}, "Die Uhr läuft 120,5-fach."),
        ({"change": "jump", "minutes": ""}, "wie viele Minuten"),
        ({"change": "jump", "minutes": "-10"}, "Zurück geht die Uhr nicht"),
        ({"change": "jump", "minutes": "90"}, "Die Uhr zeigt jetzt Tag 1, 09:3"),
        ({"change": "pause"}, "Pause: Die Uhr steht."),
    ],
)
def test_the_clock_says_what_has_become_of_it(
    leading: Client, exercise: Exercise, typed: dict[str, str], answer: str
) -> None:
    [told] = said(leading, f"{exercise.get_absolute_url()}stellen/", gestellt="1", **typed)
    assert answer in told


def test_an_order_says_what_has_become_of_it(leading: Client, exercise: Exercise) -> None:
    address = f"{exercise.get_absolute_url()}einlage/"
    assert said(leading, address, kind="skip", inject="2") == ["Ausgelassen: Die Zeitung fragt"]
    trigger = {"kind": "trigger", "inject": "3"}
    assert said(leading, address, **trigger)[-1] == "Eingespielt: Ein Bagger im Graben"
    again = {"kind": "again", "inject": "3", "attempt": "2"}
    assert said(leading, address, **again)[-1] == "Noch einmal eingespielt: Ein Bagger im Graben"


def test_a_pause_is_called_so_elsewhere_too(
    leading: Client, exercise: Exercise, head: Part, control: User
) -> None:
    assert [task.note for task in tasks(head.user)] == ["Die Übung läuft."]
    assert "läuft · " in leading.get("/krise/uebungen/").content.decode()
    serve.change_clock(actor=control, exercise=exercise, change="pause")
    assert [task.note for task in tasks(head.user)] == ["Pause: Die Uhr steht."]
    page = leading.get("/krise/uebungen/").content.decode()
    assert "Pause · " in page
    assert "läuft · " not in page


def test_who_prepares_an_exercise_comes_to_its_links(page: Client) -> None:
    host = page.get("/krise/uebungen/neu/").context["form"].fields["host"].queryset[0]
    template = page.get("/krise/uebungen/neu/").context["form"].fields["template"].choices[1][0]
    answer = page.post("/krise/uebungen/neu/", {"host": host.pk, "template": template})
    shown = page.get(answer.headers["Location"]).content.decode()
    assert "/krise/uebungen/mitmachen/" in shown
