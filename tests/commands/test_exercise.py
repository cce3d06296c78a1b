"""``allmende exercise`` from the outside: findings, timeline, tables, exit codes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.formats.exercise_script.scripts import FULL

from allmende.commands.exercise import exercise
from allmende.formats.exercise_script.document import read_script, write_script
from allmende.formats.exercise_script.model import Announce, Hearer, Inject, Script

HEARERS = (Hearer("operator", ("stab",)), Hearer("public", ("stab",)))
PLAYED = replace(
    FULL,
    begins_hours=0.0,
    announce=Announce(2, 30, HEARERS),
    injects=(
        Inject("1", 0, "Beginn", "Text", to=("team",), goals=("g1",), asks_for=("wohin",)),
        Inject("2", 300, "Mahnung", "Text", to=("stab",), condition={"not": {"decision": "wohin"}}),
    ),
)
BROKEN = replace(PLAYED, injects=(*PLAYED.injects, Inject("3", 1601, "Zu spät", "Text", to=("x",))))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(exercise, [str(argument) for argument in arguments])


def written(tmp_path: Path, script: Script = PLAYED) -> Path:
    path = tmp_path / "drehbuch.json"
    path.write_text(write_script(script), encoding="utf-8")
    return path


def test_it_shows_what_would_come_when(tmp_path: Path) -> None:
    done = run(written(tmp_path))
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        [
            "Die Prüfung hat nichts gefunden.",
            "",
            "T+00:00  Beginn  → stab",
            "T+01:00  ÜBUNG: netz ausgefallen  → stab",
            "T+01:00  ÜBUNG: Kreisklinik Lindenfurt läuft auf Vorrat, noch 24 Stunden  → stab",
            "T+05:00  Mahnung  → stab",
            "T+25:00  ÜBUNG: Kreisklinik Lindenfurt ausgefallen  → stab",
            "",
            "Personenstunden ohne Versorgung: 257.800",
            "  wenn niemand etwas entscheidet: 257.800",
            "  Aggregate sofort, am besten (aggregat → klinik): 250.000",
        ],
    )


def test_decisions_change_it(tmp_path: Path) -> None:
    target = tmp_path / "probe.json"
    done = run(written(tmp_path), "--decide", "T+2:00=wohin:klinik", "--json", target)
    assert done.exit_code == 0, done.output
    found = json.loads(target.read_text(encoding="utf-8"))
    assert [line["title"] for line in found["timeline"]] == [
        "Beginn",
        "ÜBUNG: netz ausgefallen",
        "ÜBUNG: Kreisklinik Lindenfurt läuft auf Vorrat, noch 24 Stunden",
    ]
    assert found["losses"] == {
        "decided": 250_000.0,
        "nothing": 257_800.0,
        "placed": 250_000.0,
        "places": [{"unit": "aggregat", "facility": "klinik", "supply": 1}],
        "exact": True,
    }
    assert (found["format"], found["findings"]) == ("allmende-rehearsal/1", [])


def test_what_cannot_be_played_ends_with_one(tmp_path: Path) -> None:
    target = tmp_path / "probe.json"
    done = run(written(tmp_path, BROKEN), "--json", target)
    assert done.exit_code == 1
    assert "Fehler: Einlage „Zu spät“ (3, T+26:41): Die Rolle „x“ gibt es nicht." in done.output
    assert "Sie kommt nach dem Ende der Übung" in done.output
    found = json.loads(target.read_text(encoding="utf-8"))
    assert {tuple(each) for each in found["findings"]} == {
        ("severity", "place", "message", "advice")
    }
    assert (len(found["findings"]), found["timeline"], found["losses"]) == (2, None, None)


def test_warnings_do_not_keep_it_from_being_played(tmp_path: Path) -> None:
    done = run(written(tmp_path, replace(PLAYED, speed=1.0)))
    assert done.exit_code == 0
    assert done.output.startswith("Hinweis: Drehbuch: Bei dieser Geschwindigkeit dauert")
    assert "Befunde: 1" in done.output


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_tables_there_and_back(ending: str, tmp_path: Path) -> None:
    table, again = tmp_path / f"einlagen.{ending}", tmp_path / "neu.json"
    assert run(written(tmp_path), "--table", table).exit_code == 0
    assert run(written(tmp_path), "--injects", table, "--script", again).exit_code == 0
    assert read_script(again) == PLAYED


def test_columns_can_be_told(tmp_path: Path) -> None:
    table = tmp_path / "einlagen.csv"
    table.write_text("Beginn;Zeile;An;Farbe\n0:05;Hallo;stab;rot\n", encoding="utf-8")
    done = run(
        written(tmp_path), "--injects", table, "--column", "at=Beginn", "--column", "title=Zeile"
    )
    assert done.exit_code == 0, done.output
    assert "Nicht gelesen, weil zu keinem Feld gehörend: Farbe" in done.output
    assert "T+00:05  Hallo  → stab" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--decide", "T+2:00"], "Es fehlt „=“"),
        (["--decide", "T+2:00=wohin"], "Es fehlt „:“"),
        (["--decide", "bald=wohin:klinik"], "keine Zeit"),
        (["--decide", "2:00=wohin:mond"], "Das geht nicht"),
        (["--column", "at=Beginn"], "gilt für --injects"),
        (["--table", "einlagen.pdf"], ".csv oder .xlsx"),
        (["--json", "nirgends/probe.json"], "gibt es nicht"),
        (["--injects", "fehlt.csv"], "gibt es nicht"),
    ],
)
def test_bad_input_ends_with_two(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = run(written(tmp_path), *arguments)
    assert done.exit_code == 2, done.output
    assert message in done.output


def test_every_fault_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "drehbuch.json"
    path.write_text('{"format": "allmende-exercise/1", "name": "", "speed": 900}', encoding="utf-8")
    done = run(path)
    assert done.exit_code == 2
    for field in (
        "„name“: Das Feld ist leer.",
        "„speed“: Die Zahl",
        "„duration_minutes“: Das Feld fehlt.",
    ):
        assert f"Drehbuch, {field}" in done.output
