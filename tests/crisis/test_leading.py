"""What the control does: it is asked before what cannot be undone, and told what has become of the rest."""

from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from tests.crisis.small import small_document, small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import CONTROL, Delivery, Exercise, Note, Part
from allmende.crisis.portal.exercises import tasks
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import script_of

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
    # One of three has to be chosen: only the beginning is optional.
    assert page.get("/krise/uebungen/neu/").content.decode().count("– optional") == 1
    host = page.get("/krise/uebungen/neu/").context["form"].fields["host"].queryset[0]
    template = page.get("/krise/uebungen/neu/").context["form"].fields["template"].choices[1][0]
    answer = page.post("/krise/uebungen/neu/", {"host": host.pk, "template": template})
    shown = page.get(answer.headers["Location"]).content.decode()
    assert "/krise/uebungen/mitmachen/" in shown


def test_who_waits_for_an_answer_stands_at_the_top(
    leading: Client, exercise: Exercise, head: Part
) -> None:
    address = f"{exercise.get_absolute_url()}leitung/"
    assert "auf Antwort" not in leading.get(address).content.decode()
    for text in ("Wie lange noch?", "Hallo?"):
        serve.send_note(actor=head.user, part=head, key=uuid4(), recipient=CONTROL, text=text)
    newest = Note.objects.latest("pk").pk
    shown = leading.get(address).content.decode()
    assert "1 Nachricht wartet auf Antwort" in shown.partition("Was kommt</h2>")[0]
    assert shown.count(f'href="#nachricht-{newest}"') == 1
    assert shown.count(f'id="nachricht-{newest}"') == 1
    assert shown.count("<strong>wartet auf Antwort</strong>") == 1
    assert shown.index("Wie lange noch?") < shown.index("Was kommt</h2>")
    assert f"leitung/?auf={newest}#schreiben" in shown
    answering = leading.get(f"{address}?auf={newest}").content.decode()
    assert '<option value="stab" selected>' in answering


def test_an_answer_comes_from_whom_it_was_written_to(
    leading: Client, exercise: Exercise, head: Part
) -> None:
    address = f"{exercise.get_absolute_url()}leitung/"
    note = serve.send_note(
        actor=head.user,
        part=head,
        key=uuid4(),
        recipient=CONTROL,
        outside="Betreiber des Campingplatzes",
        text="Wie viele sind noch dort?",
    )
    prefilled = 'name="outside" value="Betreiber des Campingplatzes"'
    shown = leading.get(f"{address}?auf={note.pk}").content.decode()
    assert prefilled in shown
    assert '<option value="stab" selected>' in shown
    for number in ("", "x", str(note.pk + 1), "9" * 30, "²"):
        shown = leading.get(address, {"auf": number}).content.decode()
        assert 'name="outside" value=' not in shown
        assert '<option value="stab" selected>' not in shown


def test_roles_that_nobody_plays_are_counted_before_it_begins(
    client: Client, exercise: Exercise, head: Part, control: User
) -> None:
    client.force_login(control)
    address = f"{exercise.get_absolute_url()}leitung/"
    said_so = "1 von 2 Rollen spielt niemand; die Übungsleitung spielt sie mit."
    assert said_so in client.get(address).content.decode()
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="presse")
    assert "spielt niemand" not in client.get(address).content.decode()
    exercise.parts.filter(role="presse").delete()
    serve.start_exercise(actor=control, exercise=exercise)
    assert "spielt niemand" not in client.get(address).content.decode()


def test_players_write_once_it_has_begun(
    client: Client, exercise: Exercise, head: Part, control: User
) -> None:
    client.force_login(head.user)
    address = exercise.get_absolute_url()
    before = client.get(address).content.decode()
    assert "Schreiben können Sie, sobald die Übung begonnen hat." in before
    assert "<textarea" not in before
    assert "Senden</span>" not in before
    serve.start_exercise(actor=control, exercise=exercise)
    begun = client.get(address).content.decode()
    assert "<textarea" in begun
    assert "sobald die Übung begonnen hat" not in begun


def test_sender_and_way_are_said_once_and_nobody_is_nameless(
    leading: Client, exercise: Exercise, head: Part
) -> None:
    for inject, sender, channel in (("a", "Medien", "media"), ("b", "", "mail")):
        Delivery.objects.create(
            exercise=exercise,
            inject=inject,
            recipient="stab",
            attempt=1,
            due=0,
            wall=0,
            channel=channel,
            sender=sender,
            title="Lage",
        )
    address = exercise.get_absolute_url()
    shown = " ".join(leading.get(f"{address}leitung/").content.decode().split())
    assert "Übungsleitung → Leitung des Krisenstabs" in shown
    assert "· → " not in shown
    log = " ".join(leading.get(f"{address}verlauf/").content.decode().split())
    assert "Einlage · Übungsleitung → Leitung des Krisenstabs" in log
    leading.force_login(head.user)
    for path in ("", "einlagen/"):
        shown = " ".join(leading.get(f"{address}{path}").content.decode().split())
        assert "· Medien" in shown
        assert "Medien · Medien" not in shown


def test_who_joins_chooses_what_to_be(client: Client, exercise: Exercise) -> None:
    client.force_login(UserFactory())
    shown = client.get(f"/krise/uebungen/mitmachen/{exercise.token}/").content.decode()
    words = [line.strip() for line in shown.splitlines()]
    assert any("Beobachtung" in line for line in words)
    assert "schaut zu" not in shown
    assert "beobachtet" not in shown


def test_an_inject_to_many_roles_is_one_entry(leading: Client, exercise: Exercise) -> None:
    order = {"kind": "trigger", "inject": "1"}
    leading.post(f"{exercise.get_absolute_url()}einlage/", order)
    assert exercise.deliveries.filter(inject="1").count() == 2
    page = leading.get(f"{exercise.get_absolute_url()}leitung/").content.decode()
    came = page.partition('id="angekommen"')[2]
    assert came.count("an 2 Rollen") == 1
    assert came.count('<p class="kern-body">ÜBUNG: Das Licht flackert</p>') == 1
    assert "<li>Presse</li>" in came


def test_a_player_is_told_what_is_new(client: Client, leading: Client, exercise: Exercise) -> None:
    leading.post(f"{exercise.get_absolute_url()}einlage/", {"kind": "trigger", "inject": "3"})
    client.force_login(exercise.parts.get(role="stab").user)
    delivery = exercise.deliveries.get(inject="3")
    page = client.get(exercise.get_absolute_url()).content.decode()
    assert f'href="#einlage-{delivery.pk}"' in page
    assert "1 neue Einlage<" in page
    assert '<details class="al-below"><summary class="kern-link">Worum es geht' in page
    client.post(f"/krise/uebungen/einlagen/{delivery.pk}/gelesen/")
    assert "neue Einlage" not in client.get(exercise.get_absolute_url()).content.decode()


def test_older_messages_are_folded_away_but_for_those_that_wait(
    leading: Client, exercise: Exercise, head: Part, control: User
) -> None:
    press = serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="presse")
    own = exercise.parts.get(user=control)

    def write(part: Part, text: str, to: str) -> None:
        serve.send_note(
            actor=part.user, part=part, key=uuid4(), recipient=to, outside="", text=text
        )

    write(head, "Das Erste", CONTROL)
    write(press, "Presse wartet", CONTROL)
    for number in range(5):
        write(own, f"Antwort {number}", "stab")
    near, far = (
        leading.get(f"{exercise.get_absolute_url()}leitung/")
        .content.decode()
        .split('id="aeltere-nachrichten"')
    )
    assert "Presse wartet" in near
    assert [f"Antwort {number}" in near for number in range(5)] == [False, True, True, True, True]
    folded = far.partition("</details>")[0]
    assert "2 ältere Nachrichten" in folded
    assert "Das Erste" in folded
    assert "Antwort 0" in folded
    assert 'href="#schreiben"' in near  # on a phone, the form stands below


def test_what_comes_to_many_roles_names_them_on_demand(client: Client, control: User) -> None:
    roles = [{"key": f"r{number}", "name": f"Rolle {number}"} for number in range(4)]
    document = small_document(roles=[*small_document()["roles"], *roles])
    document["injects"][0]["to"] = [role["key"] for role in roles]
    many = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script_of(document)
    )
    client.force_login(control)
    page = client.get(f"{many.get_absolute_url()}leitung/").content.decode()
    assert "→ an 4 Rollen" in page
    assert page.count("<li>Rolle 3</li>") == 1
    assert "→ Presse</p>" in page  # few are named at once


@pytest.mark.parametrize("path", ["verlauf/", "teilnahme/", "lage/"])
def test_the_path_leads_back_to_the_exercise(
    leading: Client, exercise: Exercise, path: str
) -> None:
    page = leading.get(f"{exercise.get_absolute_url()}{path}").content.decode()
    back = f'<a class="kern-link" href="{exercise.get_absolute_url()}">{exercise.title}</a> ›'
    assert page.count(back) == 1


def test_what_comes_much_later_stands_on_a_page_of_its_own(
    client: Client, exercise: Exercise, head: Part, control: User
) -> None:
    many = [
        {"key": f"w{number}", "at": 5 + number, "title": f"Meldung {number}", "to": ["stab"]}
        for number in range(100)
    ]
    document = small_document()
    document["injects"] += many
    serve.replace_script(actor=control, exercise=exercise, script=small_script(**document))
    serve.start_exercise(actor=control, exercise=exercise)
    client.force_login(control)
    address = f"{exercise.get_absolute_url()}einlagen/kommend/"
    page = client.get(f"{exercise.get_absolute_url()}leitung/").content.decode()
    assert (page.count("Jetzt einspielen"), f'href="{address}"' in page) == (40, True)
    assert f"Alle {len(document['injects'])} Einlagen, die noch kommen" in page
    last = client.get(f"{address}?seite=3").content.decode()
    assert "Meldung 99" in last
    said_then = said(client, f"{exercise.get_absolute_url()}einlage/", kind="trigger", inject="w99")
    assert said_then == ["Eingespielt: Meldung 99"]
    client.get(address)  # which says so once more
    assert "Meldung 99" not in client.get(f"{address}?seite=3").content.decode()
