"""Playing an exercise: each inject once, whatever is pressed, and a world that follows decisions."""

from uuid import uuid4

import pytest
from django.test import Client
from tests.crisis.small import small_document, small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import CONTROL, Choice, Delivery, Exercise, Note, Part
from allmende.crisis.queries import situation
from allmende.crisis.queries.exercises import deliveries_to
from allmende.crisis.queries.games import Game
from allmende.crisis.queries.reports import losses_of
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import script_of

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
BEGIN = 1_000_000 * SECOND  # any moment here


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
def running(exercise: Exercise, control: User, head: Part) -> Exercise:
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    exercise.refresh_from_db()
    return exercise


def after(minutes: float) -> int:
    """The moment here at which so many minutes of the exercise are over: it runs 60 times as fast."""
    return BEGIN + int(minutes * SECOND)


def told(exercise: Exercise) -> list[tuple[str, str, int]]:
    """Title, recipient and minute of what came, in its order."""
    rows = Delivery.objects.filter(exercise=exercise).order_by("due", "pk")
    return [(row.title, row.recipient, row.due // MINUTE) for row in rows]


def tell(exercise: Exercise, wall: int) -> None:
    serve.deliver_due(exercise=exercise, wall=wall)


def test_what_is_due_comes_once_to_whom_it_concerns(running: Exercise) -> None:
    for minutes in (9, 10, 10, 30):
        tell(running, after(minutes))
    assert told(running) == [
        ("ÜBUNG: Das Licht flackert", "stab", 10),
        ("ÜBUNG: Das Licht flackert", "presse", 10),
    ]


def test_the_simulation_tells_what_happens(running: Exercise) -> None:
    tell(running, after(599))
    assert told(running)[2:] == [
        ("ÜBUNG: Wasserwerk Nord läuft auf Vorrat, noch 2 Stunden", "stab", 60),
        ("ÜBUNG: Wasserwerk Süd läuft auf Vorrat, noch 2 Stunden", "stab", 60),
        ("ÜBUNG: Ortsnetz ausgefallen", "stab", 60),
        ("ÜBUNG: Wasserwerk Nord ausgefallen", "stab", 180),
        ("ÜBUNG: Wasserwerk Süd ausgefallen", "stab", 180),
        ("ÜBUNG: Die Zeitung fragt", "presse", 300),
        ("ÜBUNG: Wasserwerk Nord wieder in Betrieb", "stab", 480),
        ("ÜBUNG: Wasserwerk Süd wieder in Betrieb", "stab", 480),
        ("ÜBUNG: Ortsnetz wieder in Betrieb", "stab", 480),
    ]


def test_a_decision_changes_what_is_still_to_come_and_nothing_else(
    running: Exercise, head: Part
) -> None:
    tell(running, after(61))
    before = told(running)
    serve.decide(
        actor=head.user,
        part=head,
        key=uuid4(),
        decision="wohin",
        option="nord",
        wall=after(61),
    )
    tell(running, after(300))
    assert told(running)[: len(before)] == before
    assert "ÜBUNG: Wasserwerk Nord ausgefallen" not in {title for title, *_ in told(running)}
    game = Game(running, after(300))
    assert situation.people_without(game, game.now) == [
        situation.Missing("Kranichsee", "Trinkwasser", 500)
    ]
    assert losses_of(game) == ("wird berechnet", None)
    serve.want_yardstick(running)
    serve.compute_yardstick(running.script_hash)
    state, losses = losses_of(game)
    assert losses is not None
    assert state == "berechnet"
    [(_water, decided, nothing, placed)] = [
        (row.service, row.decided, row.nothing, row.placed)
        for row in losses.services
        if row.service == "Trinkwasser"
    ]
    assert (nothing - decided) == pytest.approx(800 * 5)
    assert placed == pytest.approx(decided)  # nowhere else is it of more use


def test_a_decision_sent_twice_is_one(running: Exercise, head: Part) -> None:
    key = uuid4()
    for _twice in range(2):
        serve.decide(
            actor=head.user, part=head, key=key, decision="wohin", option="nord", wall=after(5)
        )
    assert Choice.objects.count() == 1


def test_in_a_pause_nothing_comes_and_two_presses_are_one(running: Exercise, control: User) -> None:
    for _two in range(2):
        serve.change_clock(actor=control, exercise=running, change="pause", wall=after(5))
    assert running.clock_changes.count() == 2
    tell(running, after(500))
    assert told(running) == []
    serve.change_clock(actor=control, exercise=running, change="resume", wall=after(500))
    tell(running, after(504))
    assert told(running) == []
    tell(running, after(505))
    assert [minute for *_rest, minute in told(running)] == [10, 10]


def test_what_is_ordered_comes_at_once_even_in_a_pause(running: Exercise, control: User) -> None:
    serve.change_clock(actor=control, exercise=running, change="pause", wall=after(5))
    trigger = {"actor": control, "exercise": running, "kind": "trigger", "inject": "3"}
    serve.give_order(**trigger, wall=after(100))  # type: ignore[arg-type]
    with pytest.raises(services.Conflict, match="Diese Einlage ist schon angekommen"):
        serve.give_order(**trigger, wall=after(100))  # type: ignore[arg-type]
    assert told(running) == [("ÜBUNG: Ein Bagger im Graben", "stab", 5)]
    again = {"actor": control, "exercise": running, "kind": "again", "inject": "3"}
    for _twice in range(2):
        serve.give_order(**again, attempt=2, wall=after(101))  # type: ignore[arg-type]
    assert len(told(running)) == 2


# The other classic faults of the peers stand in tests/algorithms/exercise/test_due_injects.py.


def test_regression_6_one_player_is_a_target_like_any_other(
    client: Client, exercise: Exercise, control: User, head: Part
) -> None:
    """OpenAEV #1502, #5609: a single player could be reached by a team of one only, and then it failed.

    Here whoever plays has a role, and a role is a target: with one player, with several, or with nobody yet.
    """
    other = serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="presse")
    serve.start_exercise(actor=control, exercise=exercise)
    for inject in ("3", "2"):  # to the head alone, to the press alone
        serve.give_order(actor=control, exercise=exercise, kind="trigger", inject=inject)
    told_to = {}
    for part in (head, other):
        client.force_login(part.user)
        page = client.get(exercise.get_absolute_url()).content.decode()
        told_to[part.role] = [
            title for title in ("Ein Bagger im Graben", "Die Zeitung fragt") if title in page
        ]
    assert told_to == {"stab": ["Ein Bagger im Graben"], "presse": ["Die Zeitung fragt"]}


def test_regression_6_what_came_to_nobody_waits_for_whoever_comes(
    client: Client, running: Exercise, control: User
) -> None:
    """OpenAEV #1502: what was for a team without players was lost."""
    serve.give_order(actor=control, exercise=running, kind="trigger", inject="2", wall=after(5))
    assert told(running) == [("ÜBUNG: Die Zeitung fragt", "presse", 5)]
    late = serve.join(actor=UserFactory(), exercise=running, kind="spiel", role="presse")
    assert [each.title for each in deliveries_to(late)] == ["ÜBUNG: Die Zeitung fragt"]


def test_regression_7_what_comes_by_hand_and_says_nothing_comes(
    running: Exercise, control: User
) -> None:
    """OpenAEV #2605: a manual inject has no content, and failed for the lack of it."""
    tell(running, after(1))
    serve.give_order(actor=control, exercise=running, kind="trigger", inject="3", wall=after(2))
    [came] = Delivery.objects.filter(exercise=running)
    assert (came.title, came.text) == ("ÜBUNG: Ein Bagger im Graben", "")
    assert came.due // MINUTE == 2


def test_what_is_left_out_does_not_come(running: Exercise, control: User) -> None:
    serve.give_order(actor=control, exercise=running, kind="skip", inject="2", wall=after(5))
    tell(running, after(599))
    assert "ÜBUNG: Die Zeitung fragt" not in {title for title, *_ in told(running)}


@pytest.mark.parametrize(
    ("change", "value", "said"),
    [
        ("speed", 1_000_000, "Schneller als 360-fach geht nicht"),
        ("speed", 50, "Langsamer als ein Zehntel geht nicht"),
        ("jump", 0, "Zurück geht die Uhr nicht"),
        ("jump", 601 * MINUTE, "Das liegt hinter dem Ende der Übung."),
    ],
)
def test_what_the_clock_cannot_do_is_said(
    running: Exercise, control: User, change: str, value: int, said: str
) -> None:
    with pytest.raises(services.Conflict, match=said):
        serve.change_clock(
            actor=control, exercise=running, change=change, value=value, wall=after(5)
        )
    assert running.clock_changes.count() == 1


def test_it_ends_by_itself_when_its_time_is_over(running: Exercise) -> None:
    serve.advance(running, after(599))
    assert running.state == "laeuft"
    serve.advance(running, after(601))
    assert running.state == "beendet"
    assert len(told(running)) == 11


def test_nobody_plays_without_players(exercise: Exercise, control: User) -> None:
    with pytest.raises(services.Conflict, match="Noch spielt niemand mit"):
        serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)


def test_nobody_is_asked_without_a_choice(exercise: Exercise, control: User, head: Part) -> None:
    kept = small_script(
        decisions=[{"key": "e", "question": "Wohin nun?", "role": "stab", "options": []}]
    )
    serve.replace_script(actor=control, exercise=exercise, script=kept)
    with pytest.raises(
        services.Conflict, match="„Wohin nun\\?“ hat weniger als zwei Möglichkeiten"
    ):
        serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    assert not exercise.clock_changes.exists()


def test_a_player_cannot_be_in_two_roles(exercise: Exercise, head: Part) -> None:
    with pytest.raises(services.Conflict, match="In zwei Rollen zugleich geht nicht"):
        serve.join(actor=head.user, exercise=exercise, kind="spiel", role="presse")
    assert serve.join(actor=head.user, exercise=exercise, kind="spiel", role="stab") == head


def test_nobody_makes_herself_the_control(exercise: Exercise) -> None:
    with pytest.raises(services.Conflict, match="Zur Übungsleitung gehört"):
        serve.join(actor=UserFactory(), exercise=exercise, kind="leitung", role="")


def test_the_last_control_stays(exercise: Exercise, control: User) -> None:
    part = exercise.parts.get(user=control)
    with pytest.raises(services.Conflict, match="Ohne Übungsleitung geht es nicht"):
        serve.leave(actor=control, part=part)


def test_messages_reach_whom_they_are_for(running: Exercise, head: Part, control: User) -> None:
    press = serve.join(actor=UserFactory(), exercise=running, kind="spiel", role="presse")
    key = uuid4()
    for _twice in range(2):
        serve.send_note(
            actor=head.user,
            part=head,
            key=key,
            recipient=CONTROL,
            outside="Netzbetreiber",
            text="Wie lange noch?",
            wall=after(5),
        )
    assert Note.objects.count() == 1
    from allmende.crisis.queries.exercises import notes_of, waiting_notes

    assert waiting_notes(running) == [Note.objects.get().pk]
    assert [note.text for note in notes_of(head)] == ["Wie lange noch?"]
    assert [note.text for note in notes_of(press)] == []
    serve.send_note(
        actor=control,
        part=running.parts.get(user=control),
        key=uuid4(),
        recipient="stab",
        outside="Netzbetreiber",
        text="Bis heute Abend.",
        wall=after(6),
    )
    assert waiting_notes(running) == []


def test_spectators_only_read(running: Exercise) -> None:
    part = serve.join(actor=UserFactory(), exercise=running, kind="zuschauen", role="")
    with pytest.raises(services.Conflict):
        serve.send_note(
            actor=part.user, part=part, key=uuid4(), recipient=CONTROL, text="?", wall=after(5)
        )


def test_the_script_of_what_has_begun_stays(running: Exercise, control: User) -> None:
    with pytest.raises(services.Conflict, match="Ihr Drehbuch ändert sich nicht mehr"):
        serve.replace_script(actor=control, exercise=running, script=small_script(name="Anders"))
    with pytest.raises(services.Conflict, match="Die Übung hat begonnen"):
        serve.remove_exercise(actor=control, exercise=running)


def test_the_page_is_told_what_concerns_its_role(
    client: Client, exercise: Exercise, head: Part, control: User
) -> None:
    client.force_login(head.user)
    address = exercise.get_absolute_url()
    page = client.get(address).content.decode()
    assert "ÜBUNG ÜBUNG ÜBUNG" in page
    assert "Die Übung hat noch nicht begonnen." in page

    def ask(stand: str) -> tuple[bool, str]:
        answer = client.get(f"{address}uhr/?stand={stand}", headers={"HX-Request": "true"})
        return "neues" in answer.headers.get("HX-Trigger", ""), answer.context["stand"]

    _new, stand = ask("")
    assert ask(stand) == (False, stand)
    serve.start_exercise(actor=control, exercise=exercise)
    is_new, stand = ask(stand)
    assert is_new
    serve.give_order(actor=control, exercise=exercise, kind="trigger", inject="2")  # to the press
    is_new, later = ask(stand)
    assert (is_new, later) == (False, stand)
    serve.give_order(actor=control, exercise=exercise, kind="trigger", inject="3")
    assert ask(later)[0]


def test_a_stranger_finds_nothing(client: Client, exercise: Exercise) -> None:
    client.force_login(UserFactory())
    for path in ("", "lage/", "leitung/", "verlauf/", "teilnahme/"):
        assert client.get(f"{exercise.get_absolute_url()}{path}").status_code == 404
    assert client.get(f"/krise/uebungen/mitmachen/{exercise.token}/").status_code == 200
    assert client.get("/krise/uebungen/mitmachen/falsch/").status_code == 404


def test_every_page_opens(client: Client, exercise: Exercise, head: Part, control: User) -> None:
    serve.start_exercise(actor=control, exercise=exercise)
    serve.change_clock(actor=control, exercise=exercise, change="jump", value=200 * MINUTE)
    address = exercise.get_absolute_url()
    client.force_login(head.user)
    for path in ("", "lage/", "neues/", "entscheiden/wohin/"):
        assert client.get(f"{address}{path}").status_code == 200, path
    assert client.get(f"{address}verlauf/").status_code == 404
    client.force_login(control)
    for path in ("leitung/", "lage/", "teilnahme/", "verlauf/", "verlauf.csv", "verlauf.json"):
        assert client.get(f"{address}{path}").status_code == 200, path
    serve.end_exercise(actor=control, exercise=exercise)
    client.force_login(head.user)
    assert "Das Licht flackert" in client.get(f"{address}verlauf/").content.decode()


def test_a_jump_pressed_twice_is_one(
    client: Client, exercise: Exercise, head: Part, control: User
) -> None:
    serve.start_exercise(actor=control, exercise=exercise)
    client.force_login(control)
    address = exercise.get_absolute_url()
    assert 'name="gestellt" value="1"' in client.get(f"{address}leitung/").content.decode()
    for _twice in range(2):
        client.post(f"{address}stellen/", {"change": "jump", "minutes": "30", "gestellt": "1"})
    assert exercise.clock_changes.count() == 2


def test_a_script_that_would_fail_in_play_is_refused(client: Client, control: User) -> None:
    import json

    from django.core.files.uploadedfile import SimpleUploadedFile
    from tests.crisis.small import small_document

    from allmende.crisis.forms.exercises import ScriptForm
    from allmende.crisis.models import ScriptDraft

    document = small_document()
    document["decisions"][0]["options"][0]["acts"][0]["facility"] = "gibtesnicht"
    document["injects"][1]["to"] = ["niemand"]
    form = ScriptForm(
        {},
        {"file": SimpleUploadedFile("x.json", json.dumps(document).encode())},
        drafts=ScriptDraft.objects.none(),
    )
    assert not form.is_valid()
    assert form.errors["file"] == ["Dieses Drehbuch hat 2 Fehler. Sie stehen unter dem Formular."]
    assert ["niemand" in form.faults[0], "gibtesnicht" in form.faults[1]] == [True, True]


def test_who_controls_alone_and_leaves_ends_it(running: Exercise, control: User) -> None:
    from allmende.crisis.portal.exercises import forget

    forget(control)
    running.refresh_from_db()
    assert (running.state, running.parts.filter(user=control).exists()) == ("beendet", False)
    assert not Game(running, after(1)).clock.runs


def test_it_ends_though_nobody_looks(running: Exercise) -> None:
    from allmende.crisis.portal.exercises import tick

    tick()  # it began long ago
    running.refresh_from_db()
    assert running.state == "beendet"


@pytest.mark.parametrize(
    ("to", "heard"), [(["stab"], [CONTROL]), (["stab", "leitstelle"], ["leitstelle"])]
)
def test_what_is_for_the_control_alone_reaches_nobody_who_plays(
    to: list[str], heard: list[str], control: User
) -> None:
    """The check refuses such a script; one that was prepared before it did is played all the same."""
    document = small_document()
    document["roles"].append({"key": "leitstelle", "name": "Leitstelle", "simulated": True})
    document["injects"][0] |= {"to": to, "classification": "control"}
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script_of(document)
    )
    player = serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    serve.deliver_due(exercise=exercise, wall=BEGIN + MINUTE)
    rows = exercise.deliveries.filter(inject="1").values_list("recipient", flat=True)
    assert list(rows) == heard
    assert not deliveries_to(player).filter(inject="1").exists()
    client = Client()
    client.force_login(control)
    assert (
        "Das Licht flackert"
        in client.get(exercise.get_absolute_url(), follow=True).content.decode()
    )
