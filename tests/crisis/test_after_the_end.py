"""Pages that are still open when an exercise ends, and decisions that another window has overtaken."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import Choice, Delivery, Exercise, Note, Part
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
OVER = "Die Übung ist beendet."


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def running(control: User) -> Exercise:
    made = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script()
    )
    serve.join(actor=UserFactory(), exercise=made, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=made)
    serve.give_order(actor=control, exercise=made, kind="trigger", inject="3")
    made.refresh_from_db()
    return made


@pytest.fixture
def head(running: Exercise) -> Part:
    return running.parts.get(role="stab")


@pytest.fixture
def ended(running: Exercise, control: User) -> Exercise:
    serve.end_exercise(actor=control, exercise=running)
    running.refresh_from_db()
    return running


def lands(client: Client, exercise: Exercise, method: str, address: str) -> bool:
    """Whether it leads to the exercise's page, which says that it is over."""
    answer = getattr(client, method)(address)
    said = [str(each) for each in get_messages(answer.wsgi_request)]
    return answer.headers.get("Location") == exercise.get_absolute_url() and said[-1:] == [OVER]


def test_the_control_comes_to_the_exercise(
    client: Client, ended: Exercise, control: User, head: Part
) -> None:
    client.force_login(control)
    address = ended.get_absolute_url()
    for method, path in (
        ("get", "leitung/"),
        ("get", "teilnahme/"),
        ("get", "beenden/"),
        ("post", "beenden/"),
        ("post", "beginnen/"),
        ("post", "stellen/"),
        ("post", "einlage/"),
    ):
        assert lands(client, ended, method, address + path), path
    assert lands(client, ended, "get", f"/krise/uebungen/teilnahme/{head.pk}/")
    assert lands(client, ended, "post", f"/krise/uebungen/teilnahme/{head.pk}/entfernen/")
    head.refresh_from_db()


def test_a_player_comes_to_the_exercise(client: Client, ended: Exercise, head: Part) -> None:
    client.force_login(head.user)
    delivery = Delivery.objects.get(exercise=ended, inject="3")
    assert lands(client, ended, "post", f"/krise/uebungen/einlagen/{delivery.pk}/gelesen/")
    assert lands(client, ended, "get", f"{ended.get_absolute_url()}entscheiden/wohin/")
    delivery.refresh_from_db()
    assert delivery.seen_wall is None


def test_what_was_typed_is_shown_back(client: Client, ended: Exercise, head: Part) -> None:
    client.force_login(head.user)
    address = ended.get_absolute_url()
    for path, data in (
        ("schreiben/", {"recipient": "presse", "text": "Das Wasser fehlt."}),
        ("entscheiden/wohin/", {"option": "nord", "reason": "Das Wasser fehlt."}),
    ):
        answer = client.post(address + path, {"key": str(uuid4()), **data})
        shown = answer.content.decode()
        assert (answer.status_code, "Das Wasser fehlt." in shown) == (200, True)
        assert "Diese Übung ist beendet." in shown
        assert '<button class="kern-btn kern-btn--primary"' not in shown.partition('id="senden"')[2]
    assert (Note.objects.count(), Choice.objects.count()) == (0, 0)


def test_open_pages_put_the_end_in_the_place_of_their_buttons(
    client: Client, ended: Exercise, control: User, head: Part
) -> None:
    address = ended.get_absolute_url()
    htmx = {"HX-Request": "true"}
    client.force_login(control)
    part = client.get(f"{address}leitung/", headers=htmx)
    shown = part.content.decode()
    assert part.status_code == 200
    assert 'id="tun" hx-swap-oob="true"' in shown
    assert 'id="senden" hx-swap-oob="true"' in shown
    assert "<form" not in shown
    client.force_login(head.user)
    shown = client.get(f"{address}neues/", headers=htmx).content.decode()
    assert 'id="senden" hx-swap-oob="true"' in shown
    assert "<form" not in shown
    assert "hx-swap-oob" not in client.get(address).content.decode()
    shown = client.get(f"{address}entscheiden/wohin/", headers=htmx).content.decode()
    assert OVER in shown.partition('id="senden"')[2]


def test_the_links_say_that_it_is_over(client: Client, ended: Exercise, head: Part) -> None:
    links = (
        f"/krise/uebungen/mitmachen/{ended.token}/",
        f"/krise/uebungen/zuschauen/{ended.spectator_token}/",
    )
    for person, takes_part in ((UserFactory(), False), (head.user, True)):
        client.force_login(person)
        for link in links:
            for method in ("get", "post"):
                shown = getattr(client, method)(link).content.decode()
                assert OVER in shown
                assert (f'"{ended.get_absolute_url()}"' in shown) is takes_part
    assert ended.parts.count() == 2


def test_strangers_find_nothing(client: Client, ended: Exercise) -> None:
    client.force_login(UserFactory())
    for path in ("leitung/", "schreiben/", "stellen/", "entscheiden/wohin/", "beenden/"):
        assert client.post(ended.get_absolute_url() + path).status_code in {404, 405}, path
        assert client.get(ended.get_absolute_url() + path).status_code in {404, 405}, path
    assert client.get(f"{ended.get_absolute_url()}leitung/").status_code == 404


def test_nobody_overrules_unknowingly(client: Client, running: Exercise, head: Part) -> None:
    client.force_login(head.user)
    address = f"{running.get_absolute_url()}entscheiden/wohin/"
    two = [client.get(address).context["form"] for _window in range(2)]

    def send(form: object, option: str, seen: object) -> str:
        data = {"key": form["key"].value(), "seen": seen, "option": option, "reason": "Darum."}  # type: ignore[index]
        return client.post(address, data).content.decode()

    send(two[0], "nord", two[0]["seen"].value())
    shown = send(two[1], "sued", two[1]["seen"].value())
    assert "Inzwischen wurde schon entschieden: Wasserwerk nord" in shown
    assert "Darum." in shown
    assert [choice.option for choice in Choice.objects.all()] == ["nord"]
    newest = Choice.objects.get().pk
    assert f'name="seen" value="{newest}"' in shown
    send(two[1], "sued", newest)
    assert [choice.option for choice in Choice.objects.order_by("pk")] == ["nord", "sued"]
