"""A message to a whole team is one message, which all its roles read."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import CONTROL, Exercise, Note, Part
from allmende.crisis.queries.exercises import notes_of, stand_of, waiting_notes
from allmende.crisis.queries.games import Game
from allmende.crisis.queries.log import log_of
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
WHOLE = "das ganze Team „Kranichsee“"
NOBODY = "Dort spielt gerade niemand; das übernimmt die Übungsleitung."
Players = dict[str, Part]
Send = Callable[..., Note]


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def running(control: User) -> Exercise:
    """Two teams of two roles, and one of which nobody plays the only role."""
    teams = [
        {"key": key, "name": key.capitalize()} for key in ("lindenfurt", "kranichsee", "erlengrund")
    ]
    roles = [
        {"key": key, "name": name, "team": team}
        for key, name, team in (
            ("stab", "Leitung des Krisenstabs", "lindenfurt"),
            ("presse", "Presse", "lindenfurt"),
            ("k-stab", "Leitung in Kranichsee", "kranichsee"),
            ("k-presse", "Presse in Kranichsee", "kranichsee"),
            ("e-stab", "Leitung in Erlengrund", "erlengrund"),
        )
    ]
    script = small_script(teams=teams, roles=[*roles, {"key": "r", "name": "R", "simulated": True}])
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script
    )
    for role in ("stab", "presse", "k-stab", "k-presse"):
        serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role=role)
    serve.start_exercise(actor=control, exercise=exercise)
    exercise.refresh_from_db()
    return exercise


@pytest.fixture
def players(running: Exercise) -> Players:
    """Who plays, by role; the control stands there by its own name."""
    return {part.role or CONTROL: part for part in running.parts.all()}


@pytest.fixture
def send(players: Players) -> Send:
    def send(sender: str, recipient: str, text: str = "Wer hat Diesel?", **more: object) -> Note:
        part = players[sender]
        return serve.send_note(
            actor=part.user,
            part=part,
            recipient=recipient,
            text=text,
            **{"key": uuid4()} | more,  # type: ignore[arg-type]
        )

    return send


def test_it_is_one_message_and_each_role_of_the_team_reads_it(
    running: Exercise, players: Players, send: Send
) -> None:
    key = uuid4()
    [note] = {send("stab", "kranichsee", key=key) for _twice in range(2)}
    assert Note.objects.get() == note
    watching = serve.join(actor=UserFactory(), exercise=running, kind="beobachtung", role="")
    looking = serve.join(actor=UserFactory(), exercise=running, kind="zuschauen", role="")
    reads = {role: list(notes_of(part)) for role, part in players.items()}
    assert {role for role, read in reads.items() if read == [note]} == {
        *("stab", "k-stab", "k-presse", CONTROL)
    }
    assert reads["presse"] == []
    assert (list(notes_of(watching)), list(notes_of(looking))) == ([note], [])
    game = Game(running, serve.microseconds())
    for part in (*(players[role] for role in ("stab", "k-stab", "k-presse", CONTROL)), watching):
        assert [line.to for line in log_of(game, part) if line.kind == "Nachricht"] == [WHOLE]
    for part in (players["presse"], looking):
        assert [line for line in log_of(game, part) if line.kind == "Nachricht"] == []


def test_in_ones_own_team_it_reaches_the_others(players: Players, send: Send) -> None:
    note = send("k-stab", "kranichsee")
    assert [list(notes_of(players[role])) for role in ("k-stab", "k-presse")] == [[note], [note]]


@pytest.mark.parametrize("recipient", ["gibtesnicht", "r", "stab", ""])
def test_whom_nobody_can_write_to(send: Send, recipient: str) -> None:
    with pytest.raises(services.Conflict):
        send("stab", recipient)
    assert Note.objects.count() == 0


def test_it_is_news_to_the_team_and_to_nobody_else(
    running: Exercise, players: Players, send: Send
) -> None:
    def stands() -> dict[str, str]:
        running.refresh_from_db()
        roles = ("presse", "k-stab", "k-presse")
        return {role: stand_of(players[role], running) for role in roles}

    before = stands()
    send("stab", "kranichsee")
    after = stands()
    assert {role for role in after if after[role] != before[role]} == {"k-stab", "k-presse"}


def test_the_form_offers_teams_and_the_page_says_whom_it_reached(
    client: Client, running: Exercise, players: Players
) -> None:
    address = running.get_absolute_url()
    client.force_login(players["stab"].user)
    page = client.get(address)
    groups = [each for each in page.context["form"].fields["recipient"].choices if each[1:]]
    assert groups == [
        (CONTROL, "Übungsleitung und Außenwelt"),
        ("Lindenfurt", [("presse", "Presse"), ("lindenfurt", "Alle im Team: Lindenfurt")]),
        (
            "Kranichsee",
            [
                ("k-stab", "Leitung in Kranichsee"),
                ("k-presse", "Presse in Kranichsee"),
                ("kranichsee", "Alle im Team: Kranichsee"),
            ],
        ),
        (
            "Erlengrund",
            [
                ("e-stab", "Leitung in Erlengrund"),
                ("erlengrund", "Alle im Team: Erlengrund"),
            ],
        ),
    ]
    sent = {"key": str(uuid4()), "recipient": "kranichsee", "text": "Wer hat Diesel?"}
    told = client.post(f"{address}schreiben/", sent, headers={"HX-Request": "true"})
    assert f"Nachricht gesendet an {WHOLE}, Tag 1, 08:" in told.content.decode()
    assert NOBODY not in told.content.decode()
    for role in ("stab", "k-presse"):
        client.force_login(players[role].user)
        for path in ("", "nachrichten/"):
            shown = client.get(f"{address}{path}").content.decode()
            assert shown.count(f"Leitung des Krisenstabs → {WHOLE}") == 1


def test_an_answer_goes_to_who_wrote_it(
    client: Client, running: Exercise, players: Players, send: Send
) -> None:
    note = send("stab", "kranichsee")
    call = send(CONTROL, "kranichsee", outside="Netzleitstelle")
    address = running.get_absolute_url()
    link = f"{address}?auf={note.pk}#schreiben"
    for role, offered in (("stab", 0), ("k-stab", 1)):
        client.force_login(players[role].user)
        assert client.get(address).content.decode().count(link) == offered
    answering = client.get(f"{address}?auf={note.pk}").content.decode()
    assert '<option value="stab" selected>' in answering
    assert 'name="outside" value=' not in answering
    answering = client.get(f"{address}?auf={call.pk}").content.decode()
    assert f'<option value="{CONTROL}" selected>' in answering
    assert 'name="outside" value="Netzleitstelle"' in answering
    # Whoever does not read a message does not learn who wrote it.
    client.force_login(players["presse"].user)
    assert " selected>" not in client.get(f"{address}?auf={note.pk}").content.decode()


@pytest.mark.parametrize("recipient", ["erlengrund", "e-stab"])
def test_where_nobody_plays_the_control_answers(
    client: Client, running: Exercise, players: Players, recipient: str
) -> None:
    address = running.get_absolute_url()
    client.force_login(players["stab"].user)
    sent = {"key": str(uuid4()), "recipient": recipient, "text": "Wer hat Diesel?"}
    told = client.post(f"{address}schreiben/", sent, headers={"HX-Request": "true"})
    assert NOBODY in told.content.decode()
    note = Note.objects.get()
    client.force_login(players[CONTROL].user)
    page = client.get(f"{address}leitung/").content.decode()
    assert "1 Nachricht wartet auf Antwort" in page
    assert page.count("dort spielt niemand · <strong>wartet auf Antwort</strong>") == 1
    name = {"erlengrund": "Erlengrund", "e-stab": "Leitung in Erlengrund"}[recipient]
    answering = client.get(f"{address}leitung/?auf={note.pk}").content.decode()
    assert '<option value="stab" selected>' in answering
    assert f'name="outside" value="{name}"' in answering
    serve.join(actor=UserFactory(), exercise=running, kind="spiel", role="e-stab")
    page = client.get(f"{address}leitung/").content.decode()
    assert "auf Antwort" not in page
    assert "spielt niemand" not in page


def test_one_answer_of_the_control_to_a_team_answers_all_of_it(
    running: Exercise, send: Send
) -> None:
    for role in ("k-stab", "k-presse", "stab"):
        send(role, CONTROL)
    send(CONTROL, "kranichsee")
    assert waiting_notes(running) == [Note.objects.get(sender="stab").pk]


def test_files_tell_it_once(
    client: Client, running: Exercise, players: Players, send: Send
) -> None:
    send("stab", "kranichsee")
    client.force_login(players[CONTROL].user)
    address = f"{running.get_absolute_url()}verlauf"
    table = b"".join(client.get(f"{address}.csv")).decode()
    assert table.count(WHOLE.replace('"', '""')) == 1
    rows = json.loads(b"".join(client.get(f"{address}.json")))["records"]
    assert [row["An"] for row in rows if row["Art"] == "Nachricht"] == [WHOLE]


def test_pages_ask_as_often_for_many(
    client: Client,
    players: Players,
    send: Send,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    address = players["stab"].exercise.get_absolute_url()
    for recipients in (["kranichsee"], ["erlengrund", "k-stab"]):
        for recipient in recipients:
            send("stab", recipient)
        for who, path, count in (("k-stab", "", 9), (CONTROL, "leitung/", 15)):
            client.force_login(players[who].user)
            client.get(f"{address}{path}")
            with django_assert_num_queries(count):
                client.get(f"{address}{path}")


def test_each_question_waits_for_its_own_answer(running: Exercise, send: Send) -> None:
    first, second, third = (
        send("stab", CONTROL, outside=name).pk for name in ("Rettungsdienst", "Bundeswehr", "")
    )
    assert waiting_notes(running) == [first, second, third]
    send(CONTROL, "stab", outside="Bundeswehr")
    assert waiting_notes(running) == [first, third]
    again = send("stab", CONTROL, outside="Rettungsdienst").pk
    assert waiting_notes(running) == [third, again]
    send(CONTROL, "stab", outside="Presse")  # whom nobody asked
    assert waiting_notes(running) == [third]
    send(CONTROL, "stab")
    send(CONTROL, "stab")
    assert waiting_notes(running) == []
