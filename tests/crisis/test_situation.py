"""The situation as a picture: what all see, what nobody may see, and how often it is drawn."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.crisis.small import come_in, small_document, small_script
from tests.factories import OrganisationFactory, UserFactory, second_factor

from allmende.crisis.models import Exercise, Part
from allmende.crisis.outages import live
from allmende.crisis.queries.course import course_so_far, moment_of
from allmende.crisis.queries.games import Game
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import script_of

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
MINUTE = 60 * SECOND
BEGIN = 1_000_000 * SECOND  # any moment here
PLACES = {"netz": [4, 4], "nord": [8, 8], "sued": [8, 2]}


def begun(**changes: Any) -> Exercise:
    """An exercise whose grid fails after an hour; stores last for two more. It runs 60 times as fast."""
    is_real = changes.get("from_register", False)
    director = second_factor(UserFactory()) if is_real else UserFactory()
    exercise = serve.add_exercise(
        actor=director, mandate=None, host=OrganisationFactory(), script=small_script(**changes)
    )
    (come_in if is_real else joined)(exercise, role="presse")
    serve.start_exercise(actor=director, exercise=exercise, wall=BEGIN)
    exercise.refresh_from_db()
    return exercise


def joined(exercise: Exercise, kind: str = "spiel", role: str = "stab") -> Part:
    return serve.join(actor=UserFactory(), exercise=exercise, kind=kind, role=role)


def at(exercise: Exercise, minutes: float) -> Game:
    return Game(exercise, BEGIN + int(minutes * SECOND))


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def picture(exercise: Exercise, part: Part, minutes: float) -> str:
    return str(live.picture(live.asked_by(at(exercise, minutes), part)))


def sent(exercise: Exercise, part: Part, minutes: float, option: str = "nord") -> None:
    serve.decide(
        actor=part.user,
        part=part,
        key=uuid4(),
        decision="wohin",
        option=option,
        wall=BEGIN + int(minutes * SECOND),
    )


def test_a_map_tells_by_number_and_word_how_every_facility_is() -> None:
    exercise = begun(facility_places=PLACES)
    said = words(picture(exercise, joined(exercise), 90))
    assert "Karte: Zustand der Einrichtungen" in said
    assert "2 Wasserwerk Nord auf Vorrat, noch 1,5 h ohne Lieferung von Ortsnetz" in said
    assert (
        "1 Ortsnetz in Reparatur, noch 6,5 h beschädigt" in said or "1 Ortsnetz ausgefallen" in said
    )
    assert "2 · 1,5 h" in said
    assert "Hängt ab von" not in said


def test_without_places_the_picture_says_who_depends_on_whom() -> None:
    exercise = begun()
    said = words(picture(exercise, joined(exercise), 90))
    assert "Karte" not in said
    assert "Wer von wem abhängt" in said
    assert "2 · Wasserwerk Nord auf Vorrat · 1,5 h" in said
    assert "Hängt ab von" in said


def test_a_facility_without_a_place_is_counted() -> None:
    exercise = begun(facility_places={"nord": [1, 1], "sued": [2, 2]})
    said = words(picture(exercise, joined(exercise), 0))
    assert "1 Einrichtung hat keinen Ort" in said


def test_marks_differ_in_shape_for_every_state() -> None:
    paths = {mark.path(10) + mark.classes.split()[1] for mark in live.MARKS.values()}
    assert len(paths) == len(live.MARKS)


@pytest.mark.parametrize("minutes", [0, 59, 61, 179])
def test_nobody_sees_what_is_still_to_come(minutes: int) -> None:
    exercise = begun(facility_places=PLACES)
    game = at(exercise, minutes)
    # Both stores are empty after three hours; before, nobody is without water.
    assert course_so_far(game, moment_of(game)) == []
    assert "Menschen ohne Versorgung bis jetzt" not in picture(exercise, joined(exercise), minutes)


def test_the_course_ends_now() -> None:
    exercise = begun(facility_places=PLACES)
    game = at(exercise, 200)
    (water,) = course_so_far(game, moment_of(game))
    assert water.service == "Trinkwasser"
    assert water.steps == [(0.0, 0.0), (180.0, 1300.0)]
    assert water.person_hours == pytest.approx(1300 * 20 / 60)
    said = words(picture(exercise, joined(exercise), 200))
    assert "Tag 1, 11:20 (jetzt) 1.300" in said
    # Ten hours are 724 points, on a phone 240: the line ends a third of the way.
    ends = re.findall(r"H([\d.]+)\"", picture(exercise, joined(exercise, role="presse"), 200))
    assert {float(x) for x in ends} == {808.0, 325.3, 316.0, 156.0}  # the grid, and the line


def test_a_change_shows_at_once_and_else_every_five_minutes() -> None:
    exercise = begun()
    assert [moment_of(at(exercise, minutes)) // MINUTE for minutes in (57, 59, 61, 63, 66)] == [
        55,
        55,
        60,
        60,
        65,
    ]
    assert moment_of(at(exercise, 60.5)) == 60 * MINUTE + 1


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[live.Scene]:
    """Every scene that is drawn from here on; nothing is kept from before."""
    made: list[live.Scene] = []
    draw = live._draw

    def counted(scene: live.Scene) -> str:
        made.append(scene)
        return draw(scene)

    monkeypatch.setattr(live, "_draw", counted)
    live._kept.cache_clear()
    return made


def test_a_picture_is_drawn_once_for_all_whatever_their_roles_decided(
    drawings: list[live.Scene],
) -> None:
    exercise = begun(facility_places=PLACES)
    stab, presse = joined(exercise), joined(exercise, role="presse")
    control = exercise.parts.get(kind="leitung")
    watching = joined(exercise, kind="zuschauen", role="")
    sent(exercise, stab, 61)
    for minutes in (200, 201, 202):
        for part in (stab, presse, control, watching):
            picture(exercise, part, minutes)
    assert len(drawings) == 1
    picture(exercise, stab, 206)
    assert len(drawings) == 2


def test_what_is_decided_changes_the_picture_of_all(drawings: list[live.Scene]) -> None:
    exercise = begun(facility_places=PLACES)
    stab, presse = joined(exercise), joined(exercise, role="presse")
    picture(exercise, stab, 200)
    sent(exercise, stab, 61)
    for part in (stab, presse):
        picture(Exercise.objects.get(pk=exercise.pk), part, 200)
    assert len(drawings) == 2


@contextmanager
def somebody_writes() -> Iterator[None]:
    """Another connection holds the lock of a long import; who would wait for it fails at once instead."""
    other = connection.copy()
    sqlite = connection.vendor == "sqlite"
    tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
    with other.cursor() as writing, connection.cursor() as reading:
        writing.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
        if not sqlite:
            writing.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        reading.execute("PRAGMA busy_timeout = 0" if sqlite else "SET lock_timeout = '1ms'")
        yield
        writing.execute("ROLLBACK")
    other.close()
    connection.close()  # the next one waits as usual


@pytest.mark.django_db(transaction=True)
def test_the_situation_is_drawn_while_somebody_else_writes(
    client: Client, drawings: list[live.Scene]
) -> None:
    director = UserFactory()
    exercise = serve.add_exercise(
        actor=director, mandate=None, host=OrganisationFactory(), script=small_script()
    )
    stab = joined(exercise)
    serve.start_exercise(actor=director, exercise=exercise)
    serve.change_clock(actor=director, exercise=exercise, change="pause")
    serve.change_clock(actor=director, exercise=exercise, change="jump", value=200 * MINUTE)
    client.force_login(stab.user)
    with somebody_writes(), CaptureQueriesContext(connection) as asked:
        shown = client.get(f"{exercise.get_absolute_url()}lage/").content.decode()
    assert "Wasserwerk Nord" in shown
    assert len(drawings) == 1
    # Nothing was tried and given up, either: that would have waited.
    assert [each["sql"] for each in asked if not each["sql"].startswith("SELECT")] == []


def test_on_a_phone_the_map_has_larger_marks_in_cells_of_their_own() -> None:
    exercise = begun(facility_places=PLACES)
    shown = picture(exercise, joined(exercise), 90)
    desk, phone = re.findall(r'<svg class="al-map.*?</svg>', shown, re.DOTALL)
    assert words(phone) == "Karte: Zustand der Einrichtungen; die Nummern stehen in der Tabelle" + (
        " Lindenfurt 1 6,5 h 2 1,5 h 3 1,5 h"
    )
    assert "2 · 1,5 h" in words(desk)
    assert len(set(re.findall(r'<title id="([^"]+)"', shown))) == 2
    spots = [(int(x), int(y)) for x, y in re.findall(r'd="M(\d+) (\d+)', phone)]
    assert len(spots) == 3
    assert all(
        abs(a - c) >= 112 or abs(b - d) >= 150
        for a, b in spots
        for c, d in spots
        if (a, b) != (c, d)
    )
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', phone)[0])
    assert all(0 < x < width and 0 < y < height for x, y in spots)


def test_the_legend_says_of_a_dike_that_it_holds_out() -> None:
    document = small_document(facility_places=PLACES)
    document["model"]["facilities"][2]["sector"] = "Hochwasserschutz"
    director = UserFactory()
    exercise = serve.add_exercise(
        actor=director, mandate=None, host=OrganisationFactory(), script=script_of(document)
    )
    stab = joined(exercise)
    serve.start_exercise(actor=director, exercise=exercise, wall=BEGIN)
    exercise.refresh_from_db()
    said = words(picture(exercise, stab, 90))
    assert "auf Vorrat oder vorerst sicher" in said


def test_before_anything_is_missing_there_is_a_sentence_and_no_empty_chart() -> None:
    exercise = begun(facility_places=PLACES)
    stab = joined(exercise)
    sent(exercise, stab, 20)
    shown = picture(exercise, stab, 30)
    assert "bis jetzt waren sie es immer" in shown
    assert "al-lines-chart" not in shown
    assert "Leitung des Krisenstabs: Wohin soll das Aggregat? Wasserwerk nord" in words(shown)


def test_players_see_only_decisions_of_their_role() -> None:
    exercise = begun(facility_places=PLACES)
    stab, presse = joined(exercise), joined(exercise, role="presse")
    control = exercise.parts.get(kind="leitung")
    watching = joined(exercise, kind="zuschauen", role="")
    sent(exercise, stab, 61)
    told = "Leitung des Krisenstabs: Wohin soll das Aggregat? Wasserwerk nord"
    seen = {
        part.pk: told in words(picture(exercise, part, 200)) for part in (stab, control, presse)
    }
    assert seen == {stab.pk: True, control.pk: True, presse.pk: False}
    assert told not in words(picture(exercise, watching, 200))
    assert 'class="al-flag"' in picture(exercise, stab, 200)
    assert 'class="al-flag"' not in picture(exercise, presse, 200)


def test_a_decision_changes_the_picture_for_all() -> None:
    exercise = begun(facility_places=PLACES)
    stab, presse = joined(exercise), joined(exercise, role="presse")
    before = picture(exercise, presse, 200)
    sent(exercise, stab, 61)
    after = picture(Exercise.objects.get(pk=exercise.pk), presse, 200)
    assert "1.300" in words(before)
    assert "1.300" not in words(after)
    assert "500" in words(after)


def test_who_has_the_picture_is_sent_none(client: Client) -> None:
    exercise = begun()
    serve.change_clock(
        actor=exercise.parts.get(kind="leitung").user,
        exercise=exercise,
        change="pause",
        wall=BEGIN,
    )
    client.force_login(joined(exercise).user)
    page = client.get(f"/krise/uebungen/{exercise.pk}/lage/")
    key = re.search(r"\?bild=(\w+)&amp;", page.content.decode())
    assert key is not None
    address = f"/krise/uebungen/{exercise.pk}/lage/?bild="
    assert client.get(address + key[1], headers={"HX-Request": "true"}).status_code == 204
    assert client.get(address + "other", headers={"HX-Request": "true"}).status_code == 200
    assert client.get(address + key[1]).status_code == 200


@pytest.mark.parametrize("decisions", [1, 3])
def test_the_number_of_queries_does_not_depend_on_what_was_decided(
    client: Client, decisions: int, django_assert_num_queries: Any
) -> None:
    exercise = begun(facility_places=PLACES)
    stab = joined(exercise)
    for number in range(decisions):
        sent(exercise, stab, 20 + number, "nord" if number % 2 else "sued")
    serve.change_clock(
        actor=exercise.parts.get(kind="leitung").user,
        exercise=exercise,
        change="pause",
        wall=BEGIN + 30 * SECOND,
    )
    client.force_login(stab.user)
    address = f"/krise/uebungen/{exercise.pk}/lage/"
    client.get(address)
    with django_assert_num_queries(8):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("kind", "role"), [("spiel", "stab"), ("beobachtung", ""), ("zuschauen", ""), ("leitung", "")]
)
def test_every_page_asks_whether_there_is_news_as_cheaply_as_a_players(
    client: Client, kind: str, role: str, django_assert_num_queries: Any
) -> None:
    """Two hundred ask again and again: by far most are told that there is nothing new."""
    exercise = begun(facility_places=PLACES)
    control = exercise.parts.get(kind="leitung")
    serve.change_clock(actor=control.user, exercise=exercise, change="pause", wall=BEGIN)
    part = control if kind == "leitung" else joined(exercise, kind, role)
    client.force_login(part.user)
    asking = re.compile(r'hx-get="([^"]+)" hx-trigger="[^"]*every')
    asked = 0
    for path in ("leitung/" if kind == "leitung" else "", "lage/", "beobachten/"):
        page = client.get(f"/krise/uebungen/{exercise.pk}/{path}")
        if page.status_code == 404:  # only observers and the control observe
            assert (kind, path) in {("spiel", "beobachten/"), ("zuschauen", "beobachten/")}
            continue
        for address in asking.findall(page.content.decode()):
            with django_assert_num_queries(6):
                answer = client.get(html.unescape(address), headers={"HX-Request": "true"})
            assert (answer.status_code, "HX-Trigger" in answer.headers) in {
                (200, False),
                (204, False),
            }
            asked += 1
    assert asked == (3 if kind in {"spiel", "zuschauen"} else 4)


def test_who_has_a_picture_is_sent_another_as_soon_as_something_changes(client: Client) -> None:
    exercise = begun(facility_places=PLACES)
    stab, presse = joined(exercise), joined(exercise, role="presse")
    game = at(exercise, 178)
    asked = live.asked_by(game, presse)
    live.hold(asked)
    # Drawn for five minutes, but both stores are empty after three hours.
    held = [live.still_holds(at(exercise, minutes), asked.key) for minutes in (178, 179.9, 180.1)]
    assert held == [True, True, False]
    assert not live.still_holds(game, "other")
    sent(exercise, stab, 178)
    assert not live.still_holds(at(Exercise.objects.get(pk=exercise.pk), 178), asked.key)


def happened(exercise: Exercise, part: Part, minutes: float) -> list[str]:
    """The lines of what happened."""
    shown = picture(exercise, part, minutes)
    log = shown.partition("Was geschah</h2>")[2].partition("<h2")[0]
    return [words(line) for line in re.findall(r"<li>.*?</li>", log)]


def test_what_failed_and_came_back_is_told_with_time_and_cause_newest_first() -> None:
    exercise = begun(facility_places=PLACES)
    stab = joined(exercise)
    sent(exercise, stab, 61)
    decided = "Entscheidung 1: Leitung des Krisenstabs: Wohin soll das Aggregat? Wasserwerk nord"
    told = [
        "Tag 1, 16:00 · Wieder in Betrieb: Ortsnetz und Wasserwerk Süd",
        "Tag 1, 11:00 · Ausgefallen: Wasserwerk Süd – ohne Lieferung von Ortsnetz",
        "Tag 1, 10:01 · Wieder versorgt: Wasserwerk Nord",
        f"Tag 1, 09:01 · {decided}",
        "Tag 1, 09:00 · Ausgefallen, in Reparatur: Ortsnetz – beschädigt",
        "Tag 1, 09:00 · Auf Vorrat: Wasserwerk Nord (noch 2 h) und Wasserwerk Süd (noch 2 h)"
        " – ohne Lieferung von Ortsnetz",
    ]
    assert happened(exercise, stab, 490) == told
    # What another role decided is not told.
    presse = joined(exercise, role="presse")
    assert happened(exercise, presse, 490) == [line for line in told if "Entscheidung" not in line]


def test_what_is_still_to_come_is_not_told() -> None:
    exercise = begun()
    assert "Was geschah" not in picture(exercise, joined(exercise), 59)


def test_spectators_of_a_registers_network_are_told_sums() -> None:
    exercise = begun(from_register=True)
    watching = joined(exercise, kind="zuschauen", role="")
    assert happened(exercise, watching, 200) == [
        "Tag 1, 11:00 · Trinkwasser: 1.300 Menschen ohne",
    ]


def test_what_comes_to_many_at_once_is_one_line_and_the_older_lines_are_folded() -> None:
    document = small_document()
    model = document["model"]
    works = [
        {"key": f"w{n}", "sector": "trinkwasser", "municipality": "Lindenfurt"} for n in range(8)
    ]
    model["facilities"] += works
    model["supplies"] += [{"facility": each["key"], "suppliers": ["netz"]} for each in works]
    model["facilities"] += [{"key": f"p{n}", "sector": "pflege"} for n in range(12)]
    model["scenario"]["damages"] += [
        {"facility": f"p{n}", "at": 2 + n / 10, "hours": 9} for n in range(12)
    ]
    director = UserFactory()
    exercise = serve.add_exercise(
        actor=director, mandate=None, host=OrganisationFactory(), script=script_of(document)
    )
    stab = joined(exercise)
    serve.start_exercise(actor=director, exercise=exercise, wall=BEGIN)
    exercise.refresh_from_db()
    assert (
        "Tag 1, 09:00 · Ausgefallen: w0, w1, w2, w3, w4 und w5 – ohne Lieferung von Ortsnetz;"
        " 2 weitere Einrichtungen"
    ) in happened(exercise, stab, 100)
    shown = picture(exercise, stab, 200)
    assert len(happened(exercise, stab, 200)) == 16
    folded = shown.partition('<details class="al-fold" id="lage-frueher">')[2]
    assert words(folded).startswith(
        "6 frühere Einträge Tag 1, 10:12 · Ausgefallen, in Reparatur: p2"
    )
