"""The report of an exercise: its figures, written together, closed, and what follows from it."""

import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from tests.crisis.conftest import in_staff_of
from tests.crisis.small import small_document
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.demo.reports import make_report
from allmende.crisis.models import (
    Exercise,
    Improvement,
    ImprovementState,
    Passage,
    Yardstick,
)
from allmende.crisis.portal import reports as portal
from allmende.crisis.queries import reports as queries
from allmende.crisis.queries.games import Game
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_report import read_json, report_paper, write_json
from allmende.formats.exercise_script.document import script_of
from allmende.forum.models import Concern
from allmende.mail.models import Notice
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db
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


def play(control: User, player: User, observer: User, **changes: Any) -> Exercise:
    """The generator goes to the north one minute after the grid has failed; ended after ten hours."""
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
    serve.advance(exercise, wall=BEGIN + 601 * SECOND)
    serve.end_exercise(actor=control, exercise=exercise, wall=BEGIN + 601 * SECOND)
    exercise.refresh_from_db()
    return exercise


@pytest.fixture
def ended(control: User, player: User, observer: User) -> Exercise:
    return play(control, player, observer)


def report(exercise: Exercise, reader: User) -> Any:
    serve.keep_yardstick(exercise)
    return queries.report_of(Game(exercise, BEGIN + 601 * SECOND), reader=reader)


def address(exercise: Exercise, path: str = "") -> str:
    return f"{exercise.get_absolute_url()}bericht{path}"


# Figures


def test_its_figures_are_known(ended: Exercise, control: User) -> None:
    """North is supplied from hour 2 on, south is without water from hour 3 to hour 8: 500 people."""
    found = report(ended, control)
    assert [(row.minute, row.option, row.reason) for row in found.decisions] == [
        (61, "Wasserwerk nord", "Dort wohnen mehr.")
    ]
    [task] = found.tasks  # the press, which nobody played, had none
    assert (task.title, task.within, task.opened, task.acted) == (
        "Das Licht flackert",
        30,
        None,
        51,
    )
    assert (task.done, task.partly, task.not_done, task.not_seen) == (0, 1, 0, 0)
    goals = [(row.key, row.tasks, row.observed, row.suggested, row.rating) for row in found.goals]
    assert goals == [("ziel-1", 1, 1, "M", ""), ("ziel-2", 0, 0, "", "")]
    [water] = [row for row in found.losses.services if row.service == "Trinkwasser"]
    assert (water.decided, water.nothing, water.placed) == pytest.approx((2500, 6500, 2500))
    [place] = found.losses.places
    assert (place.unit, place.facility, found.losses.exact) == ("Aggregat", "Wasserwerk Nord", True)
    kinds = [(row.kind, row.text) for row in found.events]
    assert kinds == [
        ("Ausfall", "Ortsnetz ausgefallen"),
        ("Entscheidung", "Wohin soll das Aggregat? Wasserwerk nord"),
        ("Ausfall", "Wasserwerk Süd ausgefallen"),
        ("wieder da", "Wasserwerk Süd wieder in Betrieb"),
        ("wieder da", "Ortsnetz wieder in Betrieb"),
    ]
    assert [(row.role, row.people) for row in found.present] == [
        ("Leitung des Krisenstabs", 1),
        ("Übungsleitung", 1),
        ("beobachtet", 1),
    ]


def test_what_play_is_held_against_is_computed_once_for_a_script(
    control: User, player: User, observer: User
) -> None:
    for _two in range(2):
        report(play(control, player, observer), control)
    assert Yardstick.objects.count() == 1


def test_beyond_a_bound_it_says_that_nobody_looked(
    ended: Exercise, control: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allmende.algorithms.exercise import rehearsal

    whole = rehearsal.yardstick
    monkeypatch.setattr(rehearsal, "yardstick", lambda plan: whole(plan, work=1))
    found = report(ended, control)
    assert (found.losses.looked, found.losses.services[0].placed) == (False, None)
    [section] = [s for s in report_paper(found).sections if "bewirkt" in s.title]
    assert "ist nicht gerechnet" in section.text


def test_who_ends_it_before_it_began_has_a_report_all_the_same(control: User) -> None:
    unplayed = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script()
    )
    serve.end_exercise(actor=control, exercise=unplayed)
    unplayed.refresh_from_db()
    found = report(unplayed, control)
    assert (found.began, found.tasks, found.decisions) == (None, (), ())
    assert "nicht gespielt" in report_paper(found).subject


# Files


def test_json_comes_back_as_it_was_written(ended: Exercise, control: User) -> None:
    serve.add_improvement(actor=control, exercise=ended, **fields())
    found = report(ended, control)
    assert read_json(write_json(found)) == found


def tags(node: Any) -> list[str]:
    """The kinds of all elements of a tagged document, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_the_pdf_is_tagged_and_says_on_every_page_that_it_is_an_exercise(
    client: Client, ended: Exercise, control: User
) -> None:
    client.force_login(control)
    answer = client.get(address(ended, ".pdf"))
    pdf = PdfReader(io.BytesIO(answer.content))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  an object of pypdf
    assert root["/Lang"] == "de-DE"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    found = tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/Table", "/TH"} <= set(found)
    assert [page for page in pdf.pages if "ÜBUNG ÜBUNG ÜBUNG" not in page.extract_text()] == []
    assert len(pdf.pages) > 1


def test_the_docx_has_headings_and_repeats_the_heads_of_its_tables(
    client: Client, ended: Exercise, control: User
) -> None:
    import docx

    client.force_login(control)
    made = docx.Document(io.BytesIO(client.get(address(ended, ".docx")).content))
    headings = [p.text for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:3] == [
        "Übungsbericht: Kleiner Stromausfall",
        "Zusammenfassung",
        "Wer, wann, was",
    ]
    assert made.sections[0].header.paragraphs[0].text == "ÜBUNG"
    assert made.core_properties.language == "de-DE"


# Written together


def write(exercise: Exercise, actor: User, text: str, seen: int = 0, **more: str) -> Passage:
    section = more.pop("section", "zusammenfassung")
    return serve.write_passage(
        actor=actor, exercise=exercise, section=section, seen=seen, text=text, **more
    )


def test_two_who_write_the_same_lose_nothing(
    client: Client, ended: Exercise, control: User, observer: User
) -> None:
    page = address(ended, "/abschnitte/zusammenfassung/")
    client.force_login(control)
    assert client.post(page, {"text": "Gut.", "seen": 0}).status_code == 303
    client.force_login(observer)
    answer = client.post(page, {"text": "Schlecht.", "seen": 0})
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Gut." in said
    assert ">\nSchlecht.</textarea>" in said
    assert 'name="seen" value="1"' in said
    assert client.post(page, {"text": "Schlecht.", "seen": 1}).status_code == 303
    assert queries.newest_passages(ended)["zusammenfassung"].text == "Schlecht."
    versions = client.get(f"{page}versionen/").content.decode()
    assert "Carla Control" in versions
    assert "Olaf Observer" in versions


def test_what_was_not_changed_makes_no_version(ended: Exercise, control: User) -> None:
    write(ended, control, "Gut.")
    with pytest.raises(services.Conflict):
        write(ended, control, "Gut.", seen=1)
    assert Passage.objects.count() == 1


def test_only_the_last_twenty_versions_are_kept(ended: Exercise, control: User) -> None:
    for number in range(25):
        write(ended, control, f"Fassung {number}", seen=number)
    numbers = Passage.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(6, 26))


def test_a_goal_is_rated_by_a_person_and_says_why(
    client: Client, ended: Exercise, observer: User
) -> None:
    client.force_login(observer)
    page = address(ended, "/abschnitte/ziel-1/")
    assert "legen die Bewertung M nahe" in client.get(page).content.decode()
    assert "Das Licht flackert" in client.get(page).content.decode()
    bare = client.post(page, {"rating": "S", "text": "", "seen": 0})
    assert "Bitte begründen Sie die Bewertung." in bare.content.decode()
    said = {"rating": "S", "text": "Nach dem ersten Anruf lief es.", "seen": 0}
    assert client.post(page, said).status_code == 303
    [goal, _other] = report(ended, observer).goals
    assert (goal.suggested, goal.rating, goal.reasoning) == (
        "M",
        "S",
        "Nach dem ersten Anruf lief es.",
    )
    assert client.post(page, said | {"rating": "A", "seen": 1}).status_code == 200
    assert client.get(address(ended, "/abschnitte/ziel-3/")).status_code == 404
    assert client.get(address(ended, "/abschnitte/verlauf/")).status_code == 404


def test_players_read_it_when_it_is_shared_or_closed(
    client: Client, ended: Exercise, control: User, player: User
) -> None:
    client.force_login(player)
    assert client.get(address(ended, "/")).status_code == 404
    standing = address(ended, "/stand/")
    assert client.post(standing, {"stand": "teilen"}).status_code == 404
    client.force_login(control)
    client.post(standing, {"stand": "teilen"})
    client.force_login(player)
    shown = client.get(address(ended, "/")).content.decode()
    assert "ENTWURF" in shown
    assert "abschnitte" not in shown
    client.force_login(control)
    client.post(standing, {"stand": "nicht-teilen"})
    client.post(standing, {"stand": "abschliessen"})
    client.force_login(player)
    assert "ENTWURF" not in client.get(address(ended, "/")).content.decode()
    assert client.get(address(ended, "/abschnitte/gut/")).status_code == 404


def test_a_closed_report_is_not_written_and_can_be_opened_again(
    client: Client, ended: Exercise, control: User
) -> None:
    serve.close_report(actor=control, exercise=ended)
    client.force_login(control)
    page = address(ended, "/abschnitte/gut/")
    answer = client.post(page, {"text": "Zu spät.", "seen": 0})
    assert answer.status_code == 200
    assert "Der Bericht ist abgeschlossen." in answer.content.decode()
    assert ">\nZu spät.</textarea>" in answer.content.decode()
    serve.reopen_report(actor=control, exercise=ended)
    assert client.post(page, {"text": "Doch.", "seen": 0}).status_code == 303


def test_the_crisis_staff_of_who_held_it_writes_too(
    client: Client, control: User, player: User, observer: User, village: Region
) -> None:
    exercise = play(control, player, observer)
    alice = in_staff_of(village)
    client.force_login(alice)
    assert client.get(address(exercise, "/")).status_code == 404
    Exercise.objects.filter(pk=exercise.pk).update(
        host=alice.mandates.get().organisation  # type: ignore[attr-defined]
    )
    assert client.get(address(exercise, "/")).status_code == 200
    assert client.get(exercise.get_absolute_url()).status_code == 404
    assert exercise.title in client.get("/krise/uebungen/").content.decode()
    page = address(exercise, "/abschnitte/gut/")
    assert client.post(page, {"text": "Vom Stab.", "seen": 0}).status_code == 303
    # It closes the report only if whoever controlled it has left.
    closing = address(exercise, "/stand/"), {"stand": "abschliessen"}
    assert client.post(*closing).status_code == 404
    exercise.parts.filter(user=control).delete()
    assert client.post(*closing).status_code == 303


def test_it_takes_the_same_number_of_queries_however_much_there_is(
    client: Client, ended: Exercise, control: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(control)
    client.get(address(ended, "/"))
    counts = []
    for _rows in range(3):
        serve.add_improvement(actor=control, exercise=ended, **fields())
        with CaptureQueriesContext(connection) as captured:
            client.get(address(ended, "/"))
        counts.append(len(captured))
    assert counts[0] == counts[2]


# Measures


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


def improve(exercise: Exercise, actor: User, **changes: Any) -> Improvement:
    return serve.add_improvement(actor=actor, exercise=exercise, **fields(**changes))


def posted(**changes: Any) -> dict[str, Any]:
    said = fields(**changes)
    return {key: value for key, value in said.items() if value is not None}


def test_a_measure_says_who_does_it_and_until_when(
    client: Client, ended: Exercise, control: User, player: User
) -> None:
    client.force_login(control)
    page = f"{ended.get_absolute_url()}massnahmen/neu/"
    assert client.get(page).status_code == 200
    both = client.post(page, posted() | {"owner": player.pk})
    assert "entweder jemanden, der mitgemacht hat" in both.content.decode()
    nobody = client.post(page, posted(organisation="", person=""))
    assert "Bitte sagen Sie, wer es tut." in nobody.content.decode()
    past = client.post(page, posted(due_on=timezone.localdate() - timedelta(days=1)))
    assert "Dieser Tag ist vorbei." in past.content.decode()
    stranger = client.post(page, posted(organisation="", person="") | {"owner": UserFactory().pk})
    assert stranger.status_code == 200
    assert Improvement.objects.count() == 0
    hers = posted(organisation="", person="") | {"owner": player.pk}
    assert client.post(page, hers).status_code == 303
    [made] = Improvement.objects.all()
    assert (made.who, made.state) == ("Petra Player", ImprovementState.OPEN)
    shown = client.get(address(ended, "/")).content.decode()
    assert "Ein zweites Aggregat beschaffen" in shown
    assert Notice.objects.filter(user=player, topic="crisis.improvements").count() == 1


def test_it_goes_its_way_and_the_report_shows_where_it_is(
    client: Client, ended: Exercise, control: User, player: User, observer: User
) -> None:
    made = improve(ended, control, owner=player, organisation="", person="")
    client.force_login(player)
    page = made.get_absolute_url()
    assert client.get(page).status_code == 200
    dropped = client.post(f"{page}stand/", {"state": "verworfen", "note": "", "vorher": "offen"})
    assert "warum die Maßnahme verworfen wird" in dropped.content.decode()
    done = {"state": "begonnen", "note": "Ist bestellt.", "vorher": "offen"}
    assert client.post(f"{page}stand/", done).status_code == 303
    late = client.post(f"{page}stand/", done | {"note": "Später."})
    assert "Jemand anderes hat den Stand inzwischen geändert." in late.content.decode()
    assert "Später.</textarea>" in late.content.decode()
    [shown] = report(ended, control).improvements
    assert (shown.state, shown.note, shown.state_on) == (
        "begonnen",
        "Ist bestellt.",
        timezone.localdate(),
    )
    client.force_login(observer)
    assert client.post(f"{page}stand/", done).status_code == 404
    assert client.get(f"{page}aendern/").status_code == 404


def test_two_who_change_a_measure_lose_nothing(
    client: Client, ended: Exercise, control: User
) -> None:
    made = improve(ended, control)
    client.force_login(control)
    page = f"{made.get_absolute_url()}aendern/"
    assert client.get(page).status_code == 200
    serve.change_improvement(actor=control, improvement=made, seen=1, what="Zwei Aggregate")
    answer = client.post(page, posted(what="Drei Aggregate") | {"seen": 1})
    assert answer.status_code == 409
    assert "Zwei Aggregate" in answer.content.decode()
    assert 'value="Drei Aggregate"' in answer.content.decode()
    assert client.post(page, posted(what="Drei Aggregate") | {"seen": 2}).status_code == 303
    made.refresh_from_db()
    assert (made.what, made.edition) == ("Drei Aggregate", 3)


def test_it_is_a_task_before_its_day_and_after_it(
    ended: Exercise, control: User, player: User
) -> None:
    today = timezone.localdate()
    for days in (-3, 14, 15):
        improve(
            ended,
            control,
            owner=player,
            organisation="",
            person="",
            what=f"{days} Tage",
            due_on=today + timedelta(days=days),
        )
    assert [(task.title, task.is_overdue) for task in portal.tasks(player)] == [
        ("-3 Tage", True),
        ("14 Tage", False),
    ]
    Improvement.objects.update(state=ImprovementState.DONE)
    assert list(portal.tasks(player)) == []


def test_owners_are_reminded_once_before_and_once_after(
    ended: Exercise, control: User, player: User
) -> None:
    today = timezone.localdate()
    improve(ended, control, owner=player, organisation="", person="", due_on=today)
    improve(ended, control, due_on=today)  # nobody here to be told
    told = Notice.objects.filter(user=player).exclude(title__startswith="Eine Maßnahme")
    for _twice in range(2):
        serve.remind_owners(today - timedelta(days=8))
        assert told.count() == 0
    for days, count in ((-7, 1), (0, 1), (1, 2), (2, 2), (40, 2)):
        serve.remind_owners(today + timedelta(days=days))
        assert told.count() == count, days


def test_the_list_shows_what_is_overdue_first(
    client: Client,
    ended: Exercise,
    control: User,
    player: User,
) -> None:
    today = timezone.localdate()
    for what, days, state in (
        ("Später", 9, "offen"),
        ("Erledigt", -9, "erledigt"),
        ("Überfällig", -2, "begonnen"),
    ):
        made = improve(ended, control, what=what, due_on=today + timedelta(days=days))
        Improvement.objects.filter(pk=made.pk).update(state=state)
    client.force_login(control)
    page = "/krise/uebungen/massnahmen/"

    def names(query: str = "") -> list[str]:
        rows = json.loads(b"".join(client.get(f"{page}massnahmen.json{query}").streaming_content))
        return [row["Maßnahme"] for row in rows["records"]]

    assert client.get(page).status_code == 200
    assert names() == ["Überfällig", "Später"]
    assert names("?stand=ueberfaellig") == ["Überfällig"]
    assert names("?stand=alle") == ["Überfällig", "Später", "Erledigt"]
    assert names("?stand=erledigt&uebung=" + str(ended.pk)) == ["Erledigt"]
    assert names("?meine=on") == []
    assert b"ja" in b"".join(client.get(f"{page}massnahmen.csv").streaming_content)
    client.force_login(player)
    assert names() == []
    serve.close_report(actor=control, exercise=ended)
    assert names() == ["Überfällig", "Später"]


def test_the_list_and_the_tasks_take_the_same_number_of_queries_for_any_number(
    client: Client, ended: Exercise, control: User, player: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(player)
    client.get("/krise/uebungen/massnahmen/")
    counts = []
    for _row in range(3):
        improve(
            ended, control, owner=player, organisation="", person="", due_on=timezone.localdate()
        )
        with CaptureQueriesContext(connection) as captured:
            client.get("/krise/uebungen/massnahmen/")
            list(portal.tasks(player))
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_the_list_says_what_the_rules_say(
    ended: Exercise, control: User, player: User, observer: User
) -> None:
    import rules

    hers = improve(ended, control, owner=player, organisation="", person="")
    others = improve(ended, control)
    people = [control, player, observer, UserFactory()]
    for closed in (False, True):
        if closed:
            serve.close_report(actor=control, exercise=ended)
        for person in people:
            reader = User.objects.get(pk=person.pk)
            listed = set(queries.improvements_for(reader).values_list("pk", flat=True))
            allowed = {
                each.pk
                for each in (queries.get_improvement(hers.pk), queries.get_improvement(others.pk))
                if rules.has_perm("crisis.view_improvement", reader, each)
            }
            assert listed == allowed, (person, closed)


def test_names_of_those_without_an_account_go_after_two_years(
    ended: Exercise, control: User
) -> None:
    made, there = improve(ended, control), improve(ended, control)
    serve.settle_improvement(
        actor=control, improvement=made, seen="offen", state="erledigt", note=""
    )
    assert serve.clear_improvement_persons(timezone.now() - timedelta(days=1)) == 0
    assert serve.clear_improvement_persons(timezone.now() + timedelta(days=1)) == 1
    made.refresh_from_db()
    there.refresh_from_db()
    assert (made.who, there.who) == ("Stadtwerke", "Stadtwerke, Betriebsleitung")


def test_who_leaves_leaves_what_she_took_on(ended: Exercise, control: User, player: User) -> None:
    made = improve(ended, control, owner=player, organisation="", person="")
    write(ended, player, "Gut.")
    titles = {data.title: data.rows for data in portal.personal_data(player)}
    assert [row["Maßnahme"] for row in titles["Maßnahmen aus Übungen"]] == [made.what]
    assert [row["Text"] for row in titles["Abschnitte von Übungsberichten"]] == ["Gut."]
    portal.forget(player)
    made.refresh_from_db()
    assert made.owner is None


def test_the_example_data_have_a_report(control: User, player: User, observer: User) -> None:
    """Ratings, one measure done, one overdue, and a concern of the third."""
    from tests.factories import MandateFactory

    exercise = play(control, player, observer)
    Exercise.objects.filter(pk=exercise.pk).update(is_example=True)
    assert make_report() == 0  # nobody there to write it
    for name in ("werke", "verwaltung"):
        UserFactory(email=f"{name}@example.org")
    MandateFactory(user__email="oberbuergermeister@example.org", may_contribute=True)
    assert make_report() == 3
    assert make_report() == 0
    states = sorted((each.state, each.is_overdue) for each in Improvement.objects.all())
    assert states == [("erledigt", False), ("offen", False), ("offen", True)]
    assert Concern.objects.count() == 1
    exercise.refresh_from_db()
    assert queries.report_in(exercise).closed_at is not None


# In the forum


@pytest.fixture
def mayor(village: Region) -> User:
    """She writes for Lindenfurt."""
    from tests.factories import MandateFactory

    return MandateFactory(organisation__region=village, may_contribute=True).user


def test_a_lesson_becomes_a_draft_of_a_concern_once(
    client: Client, ended: Exercise, control: User, mayor: User, village: Region
) -> None:
    serve_join(ended, mayor)
    made = improve(ended, control)
    client.force_login(mayor)
    page = f"{made.get_absolute_url()}anliegen/"
    first = client.post(page)
    [concern] = Concern.objects.all()
    assert first.headers["Location"] == f"/forum/{concern.slug}/aendern/"
    assert client.get(first.headers["Location"]).status_code == 200
    assert client.post(page).headers["Location"] == first.headers["Location"]
    assert Concern.objects.count() == 1
    assert (concern.owner, concern.state, concern.author) == (village, "draft", mayor)
    assert concern.background == (
        f"{made.lesson}\n\n{made.what}\n\n"
        "Dieses Anliegen entstand aus der Auswertung einer Krisenübung."
    )
    client.force_login(control)  # who may not see the draft
    assert f"/forum/{concern.slug}/" not in client.get(address(ended, "/")).content.decode()
    assert client.post(page).headers["Location"] == made.get_absolute_url()
    client.force_login(mayor)
    assert f"/forum/{concern.slug}/" in client.get(address(ended, "/")).content.decode()


def serve_join(ended: Exercise, user: User) -> None:
    from allmende.crisis.models import Part

    Part.objects.create(exercise=ended, user=user, kind="beobachtung")


def test_who_has_no_mandate_to_write_is_told_why(
    client: Client, ended: Exercise, control: User
) -> None:
    made = improve(ended, control)
    client.force_login(control)
    answer = client.post(f"{made.get_absolute_url()}anliegen/")
    assert answer.headers["Location"] == made.get_absolute_url()
    answer = client.get(made.get_absolute_url())
    assert "Anliegen schreibt, wer ein Mandat für eine Kommune" in answer.content.decode()
    assert Concern.objects.count() == 0
