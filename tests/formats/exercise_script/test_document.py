"""A script as JSON: complete there and back, and every fault with its place."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.document import (
    document_of,
    read_script,
    script_of,
    write_script,
)
from allmende.formats.exercise_script.faults import ScriptError
from allmende.formats.exercise_script.fields import FIELDS
from allmende.formats.exercise_script.model import Script
from tests.formats.exercise_script.scripts import FULL, script


def test_there_and_back_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "drehbuch.json"
    path.write_text(write_script(FULL), encoding="utf-8")
    assert read_script(path) == FULL
    assert write_script(read_script(path)) == write_script(FULL)


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_every_attribute_is_a_field(kind: Any) -> None:
    assert {field.name for field in FIELDS[kind]} == {each.name for each in fields(kind)}


def test_the_full_script_uses_every_field() -> None:
    """Else the test above would not notice a field that is lost."""
    document = document_of(FULL)
    missing = [f.name for f in FIELDS[Script] if f.name not in document]
    used = {name for inject in document["injects"] for name in inject}
    assert missing == []
    assert {"condition", "until", "claims", "enabled", "status", "expected_minutes"} <= used


def changed(**parts: Any) -> dict[str, Any]:
    return {**document_of(script()), **parts}


@pytest.mark.parametrize(
    ("document", "place", "field", "reason"),
    [
        (changed(farbe="rot"), "Drehbuch", "farbe", "unbekannt"),
        (changed(duration_minutes=0), "Drehbuch", "duration_minutes", "keine Minute"),
        (changed(duration_minutes="lang"), "Drehbuch", "duration_minutes", "ganze Zahl"),
        (changed(speed=1000), "Drehbuch", "speed", "zwischen 0 und 360"),
        (changed(speed=0), "Drehbuch", "speed", "Zehntel"),
        (changed(starts_at="25:00"), "Drehbuch", "starts_at", "Uhrzeit"),
        (changed(roles=[{"key": "a"}]), "Rolle 1 („a“)", "name", "fehlt"),
        (changed(facility_places=[]), "Drehbuch", "facility_places", "mit Orten"),
        (changed(facility_places={"a": [1]}), "Drehbuch", "facility_places", "zwei Zahlen"),
        (changed(facility_places={"a": [1, -1]}), "Drehbuch", "facility_places", "zwei Zahlen"),
        (changed(facility_places={"a": [1, True]}), "Drehbuch", "facility_places", "zwei Zahlen"),
        (changed(roles=["a"]), "Rolle 1", "", "Objekt"),
        (changed(roles={}), "Drehbuch", "roles", "Liste"),
        (changed(injects=[{}] * 5001), "Drehbuch", "injects", "mehr als 5000"),
        (
            changed(roles=[{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]),
            "Rolle „a“",
            "key",
            "gibt es schon",
        ),
        (
            changed(roles=[{"key": "a", "name": "A"}], teams=[{"key": "a", "name": "B"}]),
            "Team „a“",
            "key",
            "gibt es schon",
        ),
        (
            changed(
                decisions=[{"key": "d", "question": "?", "role": "stab", "options": [{"key": "x"}]}]
            ),
            "Entscheidung 1 („d“), Wahl 1 („x“)",
            "name",
            "fehlt",
        ),
    ],
)
def test_faults_have_a_place(document: Any, place: str, field: str, reason: str) -> None:
    with pytest.raises(ScriptError) as refused:
        script_of(document, file="drehbuch.json")
    fault = refused.value.faults[0]
    assert (fault.place, fault.column) == (place, field)
    assert reason in fault.reason
    assert str(refused.value).startswith(f"drehbuch.json: {place}")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("at", -5, "vor dem Beginn"),
        ("at", 30_000, "14 Tagen"),
        ("at", 1.5, "ganze Zahl"),
        ("at", True, "ganze Zahl"),
        ("key", "simulation/a", "Simulation"),
        ("key", " a", "Leerzeichen"),
        ("key", "", "leer"),
        ("title", "zwei\nZeilen", "einer Zeile"),
        ("title", 7, "Text"),
        ("text", "x" * 20_001, "20000 Zeichen"),
        ("to", [], "leer"),
        ("to", "stab", "Liste"),
        ("channel", "taube", "„mail“"),
        ("enabled", "ja", "true oder false"),
        ("claims", {"werk": "kaputt"}, "unbekannt"),
        ("condition", {}, "eines der Felder"),
        ("condition", {"decision": 3}, "Kennung"),
        ("condition", {"decision": "a", "option": 3}, "Kennung"),
        ("condition", {"decision": "a", "at": 3}, "passt nicht"),
        ("condition", {"facility": "a"}, "Zustände"),
        ("condition", {"facility": "a", "state": "failed", "since_minutes": -1}, "ab 0"),
        ("condition", {"any": []}, "Liste"),
        ("condition", {"not": None}, "leer"),
        ("condition", {"all": [{"not": {"inject": "a"}}, {"wetter": "gut"}]}, "eines der Felder"),
    ],
)
def test_faults_of_injects_have_a_reason(name: str, value: Any, reason: str) -> None:
    row = {"key": "1", "at": 5, "title": "Anruf", "to": ["stab"], name: value}
    with pytest.raises(ScriptError) as refused:
        script_of(changed(injects=[row]))
    assert [fault.column for fault in refused.value.faults] == [name]
    assert reason in refused.value.faults[0].reason


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("fahren", "„kind“"),
        ({"kind": "fly"}, "„kind“"),
        ({"kind": "generator", "facility": "a"}, "fehlt „unit“"),
        ({"kind": "isolate", "facility": "a", "until": 3}, "passt nicht"),
        ({"kind": "evacuate", "municipality": "a", "share": 2}, "geht nicht"),
        ({"kind": "restock", "facility": "a", "supply": 0}, "geht nicht"),
    ],
)
def test_faults_of_acts_have_a_reason(act: Any, reason: str) -> None:
    options = [{"key": "x", "name": "X", "acts": [act]}]
    decision = {"key": "d", "question": "?", "role": "stab", "options": options}
    with pytest.raises(ScriptError, match=reason):
        script_of(changed(decisions=[decision]))


def test_all_faults_are_told_at_once() -> None:
    rows = [{"key": str(number), "at": -1, "title": "", "to": ["stab"]} for number in range(300)]
    with pytest.raises(ScriptError) as refused:
        script_of(changed(injects=rows))
    assert len(refused.value.faults) == 200
    assert "599 weitere Fehler" in str(refused.value)


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    condition: dict[str, Any] = {"inject": "a"}
    for _ in range(12):
        condition = {"not": condition}
    row = {"key": "1", "at": 5, "title": "Anruf", "to": ["stab"], "condition": condition}
    with pytest.raises(ScriptError, match="verschachtelt"):
        script_of(changed(injects=[row]))
    path = tmp_path / "tief.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(FormatError):
        read_script(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "leer"),
        (b"{", "kein JSON"),
        (b"%PDF-1.7", "Das ist eine PDF-Datei, kein Drehbuch. Möglich ist: ein Drehbuch als JSON."),
        (b"PK\x05\x06" + b"\0" * 18, "kein JSON"),
        (
            b"[1]",
            "Das ist eine andere JSON-Datei, kein Drehbuch. Ein Drehbuch als JSON beginnt mit",
        ),
        (b'{"a": 1}', "Das ist eine andere JSON-Datei, kein Drehbuch."),
        (b'{"type": "FeatureCollection"}', r"Das ist eine Karte \(GeoJSON\), kein Drehbuch."),
        (
            b'{"format": "allmende/facilities"}',
            "Das ist ein Auszug aus dem Register, kein Drehbuch.",
        ),
        (b'{"name": "a", "name": "b"}', "steht zweimal"),
        ("ü".encode("latin-1"), "UTF-8"),
        (json.dumps({"format": "allmende-exercise/1"}).encode(), "„name“: Das Feld fehlt"),
        (
            b'{"format": "allmende-exercise/1", "name": "a", "duration_minutes": 5, "speed": NaN}',
            "Zahl",
        ),
    ],
)
def test_files_that_are_no_script_are_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "drehbuch.json"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=reason):
        read_script(path)
