"""The report of an exercise: what was written is read, and what it says in words."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.formats.errors import FormatError
from allmende.formats.exercise_report import (
    BY_DAMAGE,
    BY_DECISION,
    BY_OUTAGE,
    BY_SUPPLY,
    LOSSES_THERE,
    ExerciseReport,
    Failure,
    Goal,
    Improvement,
    Loss,
    Losses,
    MoreCrews,
    Place,
    Present,
    Question,
    Task,
    Text,
    foot_of,
    read_json,
    report_paper,
    write_json,
)
from allmende.formats.marks import Mark

AT = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
MARK = Mark("Krisenstab · Ahornkreis", "05.03.2026 09:30", "17-0a1b2c3d")
TEXT = Text("zusammenfassung", "Zusammenfassung", "Gut.\n\n*Sehr* #gut.")
TASK = Task(10, "Tag 1, 08:10 Uhr", "Anruf", "Stab", "Nachfragen", 30, 2, 51, 1, 1, 0, 2)
GOAL = Goal("ziel-1", "Lage", "Wer weiß was?", 22, 3, "M", "S", "Ging so.")
LOSSES = Losses(
    (Loss("Strom", 1234567.4, 2000000.0, 1000000.0), Loss("Wasser", 0.0, 10.0, 0.0)),
    (Place("Aggregat", "Wasserwerk"),),
    2,
    exact=False,
    looked=True,
    crews=(),
    order=0.0,
)
REPORT = ExerciseReport(
    title="Stromausfall",
    summary="Das Netz fällt aus.",
    host="Lindenfurt",
    is_example=True,
    began=AT,
    ended=AT,
    duration_minutes=4320,
    stopped="",
    closed_at=None,
    as_of=AT,
    present=(Present("", "Übungsleitung", 1),),
    goals=(GOAL,),
    failures=(Failure(60, "Tag 1, 09:00 Uhr", ("Netz",), BY_OUTAGE, (), 0.0),),
    events=(),
    decisions=(),
    tasks=(TASK,),
    losses_state=LOSSES_THERE,
    losses=LOSSES,
    asked=6,
    questions=(Question("Wusste ich Bescheid?", (0, 1, 2, 2, 1), 3.5),),
    remarks=(),
    texts=(TEXT, Text("weiter", "Wie es weitergeht", "")),
    improvements=(
        Improvement(
            3,
            "Lage",
            "Gelernt.",
            "Tun",
            "Stab",
            date(2026, 4, 1),
            "offen",
            date(2026, 3, 5),
            "",
            "",
        ),
    ),
)


def section(report: ExerciseReport, title: str) -> Any:
    return next(each for each in report_paper(report).sections if each.title == title)


@pytest.mark.parametrize(
    "report",
    [
        REPORT,
        replace(REPORT, losses=None, began=None, ended=None, closed_at=AT),
        replace(REPORT, losses=replace(LOSSES, services=(Loss("Strom", 1.5, 2.5, None),))),
    ],
)
def test_what_was_written_is_read(report: ExerciseReport) -> None:
    assert read_json(write_json(report, MARK)) == report


@given(st.text(), st.integers(0, 10**9), st.floats(0, 1e12, allow_nan=False))
def test_any_words_and_numbers_come_back(words: str, number: int, hours: float) -> None:
    report = replace(
        REPORT,
        title=words,
        duration_minutes=number,
        losses=replace(LOSSES, services=(Loss(words, hours, hours, None),)),
    )
    assert read_json(write_json(report, MARK)) == report


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "anderes/1"}, "Hier muss"),
        ({"title": 7}, "Bericht, title: Hier steht etwas anderes als erwartet."),
        ({"is_example": 1}, "is_example"),
        ({"asked": True}, "asked"),
        ({"as_of": "gestern"}, "Das ist kein Zeitpunkt."),
        ({"texts": {}}, "Hier wird eine Liste erwartet."),
        ({"texts": ["x"]}, "Bericht, texts, 1.: Hier wird ein Objekt"),
        ({"farbe": "rot"}, "Das Feld „farbe“ ist unbekannt."),
    ],
)
def test_a_fault_is_told_with_its_place(changes: dict[str, Any], said: str) -> None:
    document = json.loads(write_json(REPORT, MARK)) | changes
    with pytest.raises(FormatError, match=said):
        read_json(json.dumps(document).encode())


def test_a_missing_field_and_no_json_are_faults() -> None:
    document = json.loads(write_json(REPORT, MARK))
    del document["goals"]
    with pytest.raises(FormatError, match="„goals“ fehlt"):
        read_json(json.dumps(document).encode())
    with pytest.raises(FormatError, match="kein lesbares JSON"):
        read_json(b"\xff")


def test_the_losses_are_told_by_service_and_together() -> None:
    found = section(REPORT, "Was die Entscheidungen bewirkt haben")
    assert found.table.rows == (
        ("Strom", "1.234.567", "2.000.000", "1.000.000"),
        ("Wasser", "0", "10", "0"),
        ("zusammen", "1.234.567", "2.000.010", "1.000.000"),
    )
    assert "gibt es keine Gewähr" in found.text
    assert "Aggregat: Wasserwerk" in found.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exact": True}, "Keine anderen Orte wären besser."),
        ({"looked": False}, "ist nicht gerechnet: Das Drehbuch hat so viele (2)"),
        ({"places": ()}, "Kein bewegliches Mittel hätte"),
        ({"units": 0}, "hat dieses Drehbuch nicht"),
    ],
)
def test_it_says_what_the_best_places_rest_on(changes: dict[str, Any], said: str) -> None:
    report = replace(REPORT, losses=replace(LOSSES, **changes))
    assert said in section(report, "Was die Entscheidungen bewirkt haben").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        (
            {"crews": (MoreCrews("netz", 1234.4),)},
            "Mit einem Reparaturtrupp mehr (netz) wären es in diesem Lauf 1.234 Stunden mehr gewesen",
        ),
        (
            {"crews": (MoreCrews("", 2.0),)},
            "Mit einem Reparaturtrupp mehr wären es in diesem Lauf 2 Stunden mehr gewesen",
        ),
        (
            {"order": 2700.0},
            "Ohne die geänderte Reihenfolge der Reparaturen wären es in diesem Lauf 2.700 Stunden weniger gewesen",
        ),
    ],
)
def test_what_nobody_expects_of_repairs_is_told_where_it_was_so(
    changes: dict[str, Any], said: str
) -> None:
    report = replace(REPORT, losses=replace(LOSSES, **changes))
    told = section(report, "Was die Entscheidungen bewirkt haben").text
    assert said in told
    assert ("Reparatur" in told) == bool(said)
    assert read_json(write_json(report, MARK)) == report


ONE, ALSO = "Tag 1, 09:00 Uhr", "Tag 1, 11:30 Uhr"


@pytest.mark.parametrize(
    ("failures", "said"),
    [
        ((), []),
        (
            REPORT.failures,
            ["Am Anfang stand, was das Drehbuch vorgab: Tag 1, 09:00 Uhr fiel Netz aus."],
        ),
        (
            (
                Failure(60, ONE, tuple("ABCDEFGH"), BY_DAMAGE, (), 0.0),
                Failure(60, ONE, ("Klinik",), BY_SUPPLY, ("A", "B"), 0.0),
                Failure(210, ALSO, ("Werk",), BY_SUPPLY, ("A",), 2.5),
                Failure(210, ALSO, ("Bad", "Halle"), BY_DECISION, (), 0.0),
            ),
            [
                "Am Anfang stand, was das Drehbuch vorgab: Tag 1, 09:00 Uhr fielen A, B, C, D, E, F und 2 weitere "
                "durch Schäden aus.",
                "Alles Weitere folgte daraus und aus dem, was entschieden wurde. Der Reihe nach fielen aus, in Klammern, "
                "wie lange der Vorrat reichte:",
                "Tag 1, 09:00 Uhr: Klinik, weil A und B fehlten.",
                "Tag 1, 11:30 Uhr: Werk, weil A fehlte (Vorrat: 2,5 Stunden); Bad und Halle, "
                "durch eine Entscheidung abgeschaltet.",
            ],
        ),
        (
            tuple(Failure(n, f"T{n}", ("A", "B"), BY_DECISION, (), 0.0) for n in range(26)),
            [
                "Der Reihe nach fielen aus:",
                *(f"T{n}: A und B, durch eine Entscheidung abgeschaltet." for n in range(24)),
                "Danach: 4 weitere Einrichtungen.",
            ],
        ),
    ],
)
def test_the_cause_is_told_before_what_followed(
    failures: tuple[Failure, ...], said: list[str]
) -> None:
    text = section(replace(REPORT, failures=failures), "Was geschah").text
    *told, table = text.split("\n\n")
    assert told == said
    assert table.startswith("Die Tabelle nennt Auslöser")


def test_a_task_says_who_saw_what_and_what_came_late() -> None:
    [row] = section(REPORT, "Aufgaben, Zeiten und Beobachtungen").table.rows
    assert row == (
        "Anruf (Tag 1, 08:10 Uhr)",
        "Stab",
        "Nachfragen (binnen 30 Min.)",
        "2 Min.",
        "51 Min. (später als erwartet)",
        "1× erledigt, 1× teilweise, 2× nicht beobachtet",
    )


def test_what_was_decided_before_it_was_asked_for_says_so() -> None:
    report = replace(REPORT, tasks=(replace(REPORT.tasks[0], acted=-6),))
    [row] = section(report, "Aufgaben, Zeiten und Beobachtungen").table.rows
    assert row[4] == "schon vorher entschieden"
    assert read_json(write_json(report, MARK)) == report


def test_a_goal_says_suggestion_rating_and_why() -> None:
    [row] = section(REPORT, "Ziele und Bewertung").table.rows
    assert row == (
        "Lage",
        "3 von 22 Aufgaben",
        "M: mit großen Einschränkungen erreicht",
        "S: mit kleinen Einschränkungen erreicht",
    )
    assert dict(section(REPORT, "Ziel 1: Lage").facts)["Begründung"] == "Ging so."


def test_a_draft_says_so_on_every_page() -> None:
    told = "abgerufen für Krisenstab · Ahornkreis · 05.03.2026 09:30 · Kennung 17-0a1b2c3d"
    assert foot_of(REPORT, MARK).line == f"ÜBUNG ÜBUNG ÜBUNG · ENTWURF · Stromausfall · {told}"
    closed = replace(REPORT, closed_at=AT)
    said = foot_of(closed, MARK).line
    assert said == f"ÜBUNG ÜBUNG ÜBUNG · Übungsbericht · Stromausfall · {told}"
    assert report_paper(REPORT).note.startswith("ENTWURF, Stand 05.03.2026, 09:30 Uhr")
    assert report_paper(closed).stamp == "ÜBUNG"
