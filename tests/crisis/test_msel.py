"""Every inject with all its fields: planned when, what has become of it, and from which run it came."""

import csv
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from tests.crisis.small import small_document
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.algorithms.exercise.runs import run_hash, world_hash
from allmende.audit.models import Entry
from allmende.crisis.models import Exercise
from allmende.crisis.portal.exercises import tasks
from allmende.crisis.queries.exercises import deliveries_to
from allmende.crisis.queries.games import Game
from allmende.crisis.queries.log import log_of
from allmende.crisis.queries.msel import InjectState, PlannedInjects
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import script_of
from allmende.forum.services import Conflict

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
START = 1_790_000_000_000_000
SECOND, MINUTE = 1_000_000, 60_000_000


def document(**changes: Any) -> dict[str, Any]:
    """The small one, in which the newspaper asks unless somebody has decided by then, else it praises."""
    rows = small_document()["injects"]
    rows[0] |= {"synopsis": "Erstes Zeichen.", "status": "approved"}
    rows[1] |= {"condition": {"not": {"decision": "wohin"}}, "fallback": "4"}
    rows += [
        {"key": "4", "at": None, "title": "Die Zeitung lobt", "to": ["presse"], "channel": "media"},
        {"key": "5", "at": 60, "title": "Aus", "to": ["presse"], "enabled": False},
        {"key": "6", "at": 60, "title": "An niemanden", "to": ["Kranichsee"]},
        {
            "key": "7",
            "at": 20,
            "title": "Vertraulich",
            "to": ["stab"],
            "channel": "media",
            "classification": "restricted",
        },
    ]
    return small_document(injects=rows) | changes


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def exercise(control: User) -> Exercise:
    made = serve.add_exercise(
        actor=control,
        mandate=None,
        host=OrganisationFactory(),
        script=script_of(document()),
        planned_at=BEGIN,
    )
    serve.join(actor=UserFactory(), exercise=made, kind="spiel", role="stab")
    return made


def begin(exercise: Exercise, control: User) -> None:
    serve.start_exercise(actor=control, exercise=exercise, wall=START)
    exercise.refresh_from_db()


def play_until(exercise: Exercise, minute: int) -> Game:
    """An exercise of which a minute takes a second."""
    wall = START + minute * SECOND
    serve.advance(exercise, wall)
    exercise.refresh_from_db()
    return Game(exercise, wall)


def states(game: Game) -> dict[str, str]:
    return {each.key: each.state.value for each in PlannedInjects(game) if each.row}


def test_before_it_begins_the_script_says_where_an_inject_stands(exercise: Exercise) -> None:
    game = Game(exercise, START)
    assert states(game) == {
        "1": "approved",
        "2": "draft",
        "3": "draft",
        "4": "draft",
        "5": "off",
        "6": "error",
        "7": "draft",
    }
    found = {each.key: each for each in PlannedInjects(game)}
    assert found["2"].planned == BEGIN + timedelta(minutes=5)  # 300 minutes, sixty times as fast
    assert found["3"].planned is None
    assert found["4"].instead_of == "2"


def test_what_becomes_of_injects_follows_from_the_play(exercise: Exercise, control: User) -> None:
    begin(exercise, control)
    assert states(play_until(exercise, 5)) == {
        "1": "scheduled",
        "2": "scheduled",
        "3": "draft",
        "4": "draft",
        "5": "off",
        "6": "error",
        "7": "scheduled",
    }
    game = play_until(exercise, 15)
    seen = states(game)
    assert seen["1"] == "delivered"
    for delivery in exercise.deliveries.filter(inject="1"):
        serve.mark_seen(delivery=delivery, wall=game.wall)
    assert states(play_until(exercise, 15))["1"] == "acknowledged"
    serve.give_order(
        actor=control, exercise=exercise, kind="skip", inject="7", wall=START + 16 * SECOND
    )
    seen = states(play_until(exercise, 310))
    assert (seen["7"], seen["2"], seen["4"]) == ("skipped", "delivered", "lapsed")
    serve.end_exercise(actor=control, exercise=exercise, wall=START + 320 * SECOND)
    exercise.refresh_from_db()
    assert states(Game(exercise, START + 330 * SECOND))["3"] == "lapsed"


def test_a_fallback_comes_once_in_the_place_of_the_other(exercise: Exercise, control: User) -> None:
    begin(exercise, control)
    part = exercise.parts.get(kind="spiel")
    serve.decide(
        actor=part.user,
        part=part,
        key="1f0c3f2e-1111-4111-8111-111111111111",
        decision="wohin",
        option="nord",
        wall=START + 100 * SECOND,
    )
    assert states(play_until(exercise, 299))["4"] == "scheduled"
    for minute in (301, 301, 400):
        play_until(exercise, minute)
    came = exercise.deliveries.filter(inject__in=("2", "4")).values_list("inject", "due")
    assert list(came) == [("4", 300 * MINUTE + 1)]
    assert states(play_until(exercise, 400))["2"] == "lapsed"


def test_what_the_simulation_tells_names_its_event_and_its_run(
    exercise: Exercise, control: User
) -> None:
    begin(exercise, control)
    game = play_until(exercise, 70)
    world = world_hash(exercise.script)
    told = {each.source: each for each in PlannedInjects(game) if each.row is None and each.came}
    assert {each.kind for each in told.values()} == {"simulation-generated"}
    failed = told["Ortsnetz: ausgefallen"]
    assert failed.run == run_hash(world, [])
    part = exercise.parts.get(kind="spiel")
    serve.decide(
        actor=part.user,
        part=part,
        key="1f0c3f2e-1111-4111-8111-111111111111",
        decision="wohin",
        option="nord",
        wall=START + 100 * SECOND,
    )
    at = exercise.choices.get().at
    later = play_until(exercise, 500)
    told = {each.source: each for each in PlannedInjects(later) if each.row is None and each.came}
    assert told["Ortsnetz: ausgefallen"].run == failed.run
    assert told["Wasserwerk Süd: ausgefallen"].run == run_hash(world, [(at, "wohin", "nord")])
    line = next(each for each in log_of(later) if each.run and "Wasserwerk Süd" in each.source)
    assert (line.state, line.run) == ("zugestellt", told[line.source].run)


def test_older_exercises_go_on(control: User) -> None:
    made = serve.add_exercise(
        actor=control,
        mandate=None,
        host=OrganisationFactory(),
        script=script_of(small_document()),
    )
    serve.join(actor=UserFactory(), exercise=made, kind="spiel", role="stab")
    stored = made.script
    assert not {"synopsis", "fallback", "classification"} & set(stored["injects"][0])
    begin(made, control)
    rows = {each.key: each for each in PlannedInjects(play_until(made, 15))}
    assert rows["1"].state == InjectState.DELIVERED
    assert rows["1"].planned is not None  # from the real beginning


def test_the_classification_stands_with_the_mark_and_spectators_see_what_is_open(
    exercise: Exercise, control: User
) -> None:
    guest = serve.join(actor=UserFactory(), exercise=exercise, kind="zuschauen", role="")
    begin(exercise, control)
    serve.give_order(
        actor=control, exercise=exercise, kind="trigger", inject="4", wall=START + 16 * SECOND
    )
    play_until(exercise, 30)
    title = exercise.deliveries.get(inject="7").title
    assert title == "ÜBUNG · VS – nur für den Dienstgebrauch (Übung): Vertraulich"
    assert [each.inject for each in deliveries_to(guest)] == ["4"]


# Pages and files


def test_the_beginning_is_planned_and_told(
    client: Client, exercise: Exercise, control: User
) -> None:
    client.force_login(control)
    address = reverse("exercises:plan", args=[exercise.pk])
    assert 'value="2026-12-01T09:00"' in client.get(address).content.decode()
    told = client.post(address, {"planned_at": "2020-12-02T10:30"}).content.decode()
    assert "Dieser Zeitpunkt ist vorbei." in told
    assert client.post(address, {"planned_at": "2096-12-02T10:30"}).status_code == 303
    exercise.refresh_from_db()
    assert exercise.planned_at == datetime(2096, 12, 2, 9, 30, tzinfo=UTC)
    assert Entry.objects.filter(deed="crisis.plan_exercise").exists()
    # What is past may stay as it is.
    Exercise.objects.update(planned_at=BEGIN.replace(year=2020))
    assert client.post(address, {"planned_at": "2020-12-01T09:00"}).status_code == 303
    Exercise.objects.update(planned_at=exercise.planned_at)
    player = exercise.parts.get(kind="spiel").user
    assert [each.note for each in tasks(player)] == ["Die Übung soll am 02.12.2096 10:30 beginnen."]
    client.force_login(player)
    assert (
        "Geplanter Beginn: 02.12.2096 10:30"
        in client.get(exercise.get_absolute_url()).content.decode()
    )
    address = reverse("exercises:calendar", args=[exercise.pk])
    assert address in client.get(exercise.get_absolute_url()).content.decode()
    (event,) = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart")) == (
        f"ÜBUNG: {exercise.title}",
        exercise.planned_at,
    )
    assert str(event["url"]) == f"http://testserver{exercise.get_absolute_url()}"
    serve.plan_exercise(actor=control, exercise=exercise, planned_at=None)
    assert client.get(address).status_code == 404
    assert address not in client.get(exercise.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    begin(exercise, control)
    with pytest.raises(Conflict):
        serve.plan_exercise(actor=control, exercise=exercise, planned_at=None)


def test_the_control_reads_and_takes_along_all_of_it(
    client: Client, exercise: Exercise, control: User
) -> None:
    client.force_login(control)
    page = client.get(reverse("exercises:msel", args=[exercise.pk])).content.decode()
    assert "Erstes Zeichen." in page
    coming = reverse("exercises:coming", args=[exercise.pk])
    assert "geplant für 01.12.2026 09:05" in page
    assert "geplant für 01.12.2026 09:05" in client.get(coming).content.decode()
    shown = client.get(reverse("exercises:msel_csv", args=[exercise.pk])).getvalue().decode()  # type: ignore[attr-defined]
    rows = {
        row["Nr."]: row
        for row in csv.DictReader(shown.removeprefix("\ufeff").splitlines(), delimiter=";")
    }
    entry = Entry.objects.get(deed="crisis.export_msel")
    assert rows["1"] == {
        "Nr.": "1",
        "Strang": "",
        "Zeit": "T+00:10",
        "Geplant um": "01.12.2026 09:00",
        "Titel": "ÜBUNG: Das Licht flackert",
        "Worum es geht": "Erstes Zeichen.",
        "Art": "Information",
        "Einstufung": "offen",
        "An": "Leitung des Krisenstabs · Presse",
        "Statt": "",
        "Stand": "freigegeben",
        "Übungszeit": "Tag 1, 08:10 Uhr",
        "Zugestellt um": "",
        "Gelesen um": "",
        "Auslöser": "",
        "Lauf der Simulation": "",
        "Abgerufen für": rows["1"]["Abgerufen für"],
        "Abgerufen am": rows["1"]["Abgerufen am"],
        "Abrufkennung": f"{entry.number}-{entry.hash[:8]}",
    }
    assert rows["4"]["Statt"] == "2"
    assert rows["7"]["Einstufung"] == "VS – nur für den Dienstgebrauch (Übung)"
    # Begun at another time than planned, the exercise time alone is right.
    begin(exercise, control)
    for address in (reverse("exercises:msel", args=[exercise.pk]), coming):
        assert "geplant für" not in client.get(address).content.decode()
    client.force_login(exercise.parts.get(kind="spiel").user)
    assert client.get(reverse("exercises:msel", args=[exercise.pk])).status_code in (403, 404)
