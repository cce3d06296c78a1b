"""The report of an exercise: its figures, its files, written together and closed."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader
from tests.crisis.conftest import in_staff_of
from tests.crisis.reports.conftest import (
    BEGIN,
    SECOND,
    address,
    fields,
    play,
    report,
    script,
    write,
)
from tests.crisis.small import small_document
from tests.factories import OrganisationFactory

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import (
    Exercise,
    Improvement,
    Passage,
)
from allmende.crisis.queries import reports as queries
from allmende.crisis.queries.closing import loose_ends
from allmende.crisis.queries.games import Game
from allmende.crisis.queries.log import log_of
from allmende.crisis.queries.situation import exercise_time
from allmende.crisis.services import exercises as serve
from allmende.crisis.views import reports as views
from allmende.formats.exercise_report import MoreCrews, read_json, report_paper, write_json
from allmende.formats.marks import Mark
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db

MINUTE = 60 * SECOND
END = BEGIN + 700 * SECOND


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
        ("Auslöser", "Ortsnetz: beschädigt"),
        ("Entscheidung", "Wohin soll das Aggregat? Wasserwerk nord"),
        ("Ausfall", "Wasserwerk Süd ausgefallen"),
        ("wieder da", "Wasserwerk Süd wieder in Betrieb"),
        ("wieder da", "Ortsnetz wieder in Betrieb"),
    ]
    assert [(row.time, row.facilities, row.missing) for row in found.failures] == [
        ("Tag 1, 09:00 Uhr", ("Ortsnetz",), ()),
        ("Tag 1, 11:00 Uhr", ("Wasserwerk Süd",), ("Ortsnetz",)),
    ]
    assert [(row.role, row.people) for row in found.present] == [
        ("Leitung des Krisenstabs", 1),
        ("Übungsleitung", 1),
        ("beobachtet", 1),
    ]


def test_a_long_table_is_folded_away_on_the_page_and_whole_in_the_paper(
    client: Client, ended: Exercise, control: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(control)
    began = "Am Anfang stand, was das Drehbuch vorgab: Tag 1, 09:00 Uhr fiel Ortsnetz durch einen Schaden aus."
    [events] = [
        each for each in report_paper(report(ended, control)).sections if each.key == "verlauf"
    ]
    assert events.table is not None
    rows = len(events.table.rows)
    fold = f"Was geschah: Tabelle mit {rows} Zeilen</summary>"
    for longest, folded in ((rows, False), (rows - 1, True)):
        monkeypatch.setattr(views, "LONG_TABLE", longest)
        page = client.get(address(ended, "/")).content.decode()
        assert (fold in page) == folded
        assert "Wasserwerk Süd ausgefallen" in page
        assert began in page
        assert 'href="#verlauf"' in page


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


@pytest.mark.parametrize(
    ("rerank", "ends", "crews", "order"),
    [
        (False, 601, (MoreCrews("trupp", 2700.0),), 0.0),
        (True, 601, (), 2700.0),
        (True, 420, (), 0.0),  # until then, the klinik would have waited anyway
    ],
)
def test_it_says_where_a_crew_more_or_another_order_was_worse(
    control: User,
    player: User,
    observer: User,
    *,
    rerank: bool,
    ends: int,
    crews: tuple[MoreCrews, ...],
    order: float,
) -> None:
    """The only crew is free for the klinik at hour 6; two, or one that does c first, are busy until hour 9."""
    document = small_document()
    hours = {"a": (0, 3), "b": (0, 3), "c": (0, 6), "d": (0, 6), "klinik": (5, 1)}
    ranks = {"a": 2, "b": 2, "c": 9, "d": 9, "klinik": 1}
    model = document["model"]
    model["facilities"] += [
        {"key": key, "sector": "gesundheit", "rank": rank, "pool": "trupp"}
        | ({"municipality": "Lindenfurt", "served": 900} if key == "klinik" else {})
        for key, rank in ranks.items()
    ]
    model["scenario"]["damages"] += [
        {"facility": key, "at": at, "hours": each} for key, (at, each) in hours.items()
    ]
    model["scenario"]["crews"] = {"trupp": 1}
    if rerank:
        acts = document["decisions"][0]["options"][0]["acts"]
        acts.append({"kind": "rerank", "facility": "c", "rank": 0})
    changes = {key: document[key] for key in ("model", "decisions")}
    played = play(control, player, observer, ends=ends, **changes)
    losses = report(played, control).losses
    assert (losses.crews, losses.order) == (crews, order)


def test_who_ends_it_before_it_began_has_a_report_all_the_same(control: User) -> None:
    unplayed = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script()
    )
    serve.end_exercise(actor=control, exercise=unplayed)
    unplayed.refresh_from_db()
    found = report(unplayed, control)
    assert (found.began, found.tasks, found.decisions) == (None, (), ())
    assert "nicht gespielt" in report_paper(found).subject


def test_an_exercise_that_was_ended_early_says_when_and_counts_up_to_there(
    control: User, player: User, observer: User
) -> None:
    """Of the five hours of south without water, two are over at hour five."""
    stopped = play(control, player, observer, ends=300)
    found = report(stopped, control)
    assert found.stopped == str(exercise_time(Game(stopped, END), 300 * MINUTE))
    [water] = [row for row in found.losses.services if row.service == "Trinkwasser"]
    assert (water.decided, water.nothing, water.placed) == pytest.approx((1000, 2600, 1000))
    paper = report_paper(found)
    [section] = [each for each in paper.sections if "bewirkt" in each.title]
    assert f"vorzeitigen Ende der Übung bei Übungszeit {found.stopped}" in section.text
    assert ("Vorzeitig beendet", f"bei Übungszeit {found.stopped}") in paper.sections[1].facts


def test_played_to_its_end_it_was_not_ended_early(ended: Exercise, control: User) -> None:
    assert report(ended, control).stopped == ""
    future = Game(ended, END).future
    assert future is not None
    everything = future.lost_by(10_000 * MINUTE)
    assert everything == pytest.approx(future.by_sector)


def test_what_the_control_did_stands_in_log_and_report(
    control: User, player: User, client: Client
) -> None:
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script()
    )
    head = serve.join(actor=player, exercise=exercise, kind="spiel", role="stab")
    serve.start_exercise(actor=control, exercise=exercise, wall=BEGIN)
    act = {"actor": control, "exercise": exercise}
    serve.give_order(**act, kind="skip", inject="1", wall=BEGIN + 5 * SECOND)
    serve.change_clock(**act, change="pause", wall=BEGIN + 10 * SECOND)
    serve.give_order(**act, kind="trigger", inject="2", wall=BEGIN + 12 * SECOND)
    serve.change_clock(**act, change="jump", value=30 * MINUTE, wall=BEGIN + 13 * SECOND)
    serve.change_clock(**act, change="speed", value=120_000, wall=BEGIN + 14 * SECOND)
    serve.change_clock(**act, change="resume", wall=BEGIN + 15 * SECOND)
    serve.end_exercise(**act, wall=BEGIN + 20 * SECOND)
    exercise.refresh_from_db()
    game = Game(exercise, END)
    said = [line.text for line in log_of(game) if line.kind in {"Uhr", "Übungsleitung"}]
    assert said == [
        "Die Übung beginnt, 60-mal so schnell wie die Wirklichkeit.",
        "Ausgelassen: „Das Licht flackert“",
        "Die Uhr hält an.",
        "Von Hand eingespielt: „Die Zeitung fragt“",
        "Die Uhr springt von Tag 1, 08:10 Uhr auf Tag 1, 08:30 Uhr.",
        "Die Uhr geht jetzt 120-mal so schnell wie die Wirklichkeit.",
        "Die Uhr geht weiter.",
        "Die Uhr hält an.",
        "Die Übung ist beendet.",
    ]
    known = [line.text for line in log_of(game, head)]
    assert "Die Uhr hält an." in known
    assert not [text for text in known if "Von Hand" in text or "Ausgelassen" in text]
    events = [row.text for row in report(exercise, control).events if row.kind == "Einlage"]
    assert events == ["Die Zeitung fragt"]
    client.force_login(control)
    shown = client.get(reverse("exercises:log_csv", args=[exercise.pk])).getvalue().decode()
    rows = csv.DictReader(shown.removeprefix("\ufeff").splitlines(), delimiter=";")
    texts = [row["Text"] for row in rows]
    assert "ÜBUNG: Die Zeitung fragt" in texts
    assert [text.count("ÜBUNG: ") for text in texts] == [1] * len(texts)


@pytest.mark.parametrize("more", [1, 3])
def test_however_much_came_it_takes_as_many_queries(
    ended: Exercise, control: User, more: int, django_assert_num_queries: Any
) -> None:
    [first, *_] = ended.deliveries.order_by("pk")
    for number in range(more):
        first.pk, first.inject = None, f"weitere-{number}"
        first.save()
    ended = Exercise.objects.get(pk=ended.pk)
    with django_assert_num_queries(27):
        report(ended, control)


def test_a_long_log_has_pages(
    client: Client, ended: Exercise, control: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has all of it."""
    monkeypatch.setattr("allmende.crisis.views.control.LINES_ON_PAGE", 2)
    client.force_login(control)
    log = reverse("exercises:log", args=[ended.pk])
    lines = [line.text for line in log_of(Game(ended, END))]
    for number in (1, 2):
        page = client.get(log, {"seite": number}).context["page"]
        assert [line.text for line in page] == lines[2 * number - 2 : 2 * number]
    file = client.get(reverse("exercises:log_csv", args=[ended.pk])).getvalue().decode()
    assert len(file.splitlines()) == 1 + len(lines)


# Files


@pytest.mark.parametrize("kind", ["pdf", "docx", "json"])
def test_taking_it_along_is_written_down(
    client: Client, ended: Exercise, control: User, kind: str
) -> None:
    client.force_login(control)
    assert client.get(address(ended, f".{kind}")).status_code == 200
    entry = Entry.objects.get(deed="crisis.export_report")
    assert (entry.object_key, entry.details) == (str(ended.pk), {"format": kind})


@pytest.mark.parametrize("file", ["bericht.json", "verlauf.csv", "verlauf.json", "bericht.docx"])
def test_a_file_says_for_whom_it_was_made(
    client: Client, ended: Exercise, player: User, file: str
) -> None:
    serve.share_report(actor=ended.parts.get(kind="leitung").user, exercise=ended, shared=True)
    client.force_login(player)
    content = client.get(f"{ended.get_absolute_url()}{file}").getvalue()  # type: ignore[attr-defined]
    entry = Entry.objects.get(deed__startswith="crisis.export_")
    assert (entry.actor, entry.details) == (player, {"format": file.rpartition(".")[2]})
    mark = (f"Leitung des Krisenstabs · {ended.host}", f"{entry.number}-{entry.hash[:8]}")
    if file == "bericht.docx":
        document = Document(io.BytesIO(content))
        foot = document.sections[0].footer.paragraphs[0].text
        assert all(said in foot for said in mark)
        return
    if file == "verlauf.csv":
        rows = csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";")
        found = {(row["Abgerufen für"], row["Abrufkennung"]) for row in rows}
    elif file == "verlauf.json":
        records = json.loads(content)["records"]
        found = {(row["Abgerufen für"], row["Abrufkennung"]) for row in records}
    else:
        said = json.loads(content)["mark"]
        found = {(said["for"], said["code"])}
    assert found == {mark}


def test_json_comes_back_as_it_was_written(ended: Exercise, control: User) -> None:
    serve.add_improvement(actor=control, exercise=ended, **fields())
    found = report(ended, control)
    assert read_json(write_json(found, Mark("Krisenstab", "heute", "1-a"))) == found


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
    words = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    assert "Am Anfang stand, was das Drehbuch vorgab" in words


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
    assert any("fiel Ortsnetz durch einen Schaden aus." in p.text for p in made.paragraphs)
    assert made.sections[0].header.paragraphs[0].text == "ÜBUNG"
    assert made.core_properties.language == "de-DE"


# Written together


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


def test_closing_asks_first_and_says_what_is_missing(
    client: Client, ended: Exercise, control: User
) -> None:
    client.force_login(control)
    page = address(ended, "/stand/")
    assert f'href="{page}"' in client.get(address(ended, "/")).content.decode()
    write(ended, control, "Gut.", section="gut")
    write(ended, control, "Stand spät.", section="ziel-1", rating="M")
    write(ended, control, "Noch offen.", section="ziel-2")
    found = loose_ends(ended)
    assert [key for key, _name in found.sections] == ["zusammenfassung", "besser", "weiter"]
    assert [key for key, _name in found.goals] == ["ziel-2"]
    assert (found.has_improvements, found.ownerless, found.answered) == (False, (), 0)
    html = client.get(page).content.decode()
    for key in ("zusammenfassung", "besser", "weiter", "ziel-2"):
        assert f'href="{address(ended, f"/abschnitte/{key}/")}"' in html
    assert "Noch keine Lehre und keine Maßnahme" in html
    assert "bisher haben 0 Menschen geantwortet. Ergebnisse werden erst ab 5 gezeigt." in html
    assert not queries.report_in(ended).closed_at
    assert client.post(page, {"stand": "abschliessen"}).status_code == 303
    assert client.get(page).headers["Location"] == address(ended, "/")


def test_with_nothing_missing_it_says_so(client: Client, ended: Exercise, control: User) -> None:
    for section in queries.sections_of(ended):
        rating = {"rating": "P"} if section.startswith(queries.GOAL) else {}
        write(ended, control, "Gut.", section=section, **rating)
    made = serve.add_improvement(
        actor=control, exercise=ended, **fields(owner=control, organisation="", person="")
    )
    serve.close_questionnaire(actor=control, exercise=ended)
    client.force_login(control)
    assert "Der Bericht ist vollständig." in client.get(address(ended, "/stand/")).content.decode()
    Improvement.objects.update(owner=None)  # her account has gone
    assert loose_ends(ended).ownerless == (made,)


def test_opened_again_the_questionnaire_is_open_too(
    client: Client, ended: Exercise, control: User
) -> None:
    client.force_login(control)
    page = address(ended, "/stand/")
    client.post(page, {"stand": "abschliessen"})
    opened = client.get(client.post(page, {"stand": "oeffnen"}).headers["Location"])
    assert "Der Bericht ist wieder offen, der Fragebogen auch." in opened.content.decode()
    assert loose_ends(ended).answered == 0


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
