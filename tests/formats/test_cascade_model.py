"""Models of cascades: what is read is what was written, and each fault is told with its place."""

import copy
import json
from dataclasses import replace
from math import inf, isnan
from pathlib import Path
from typing import Any

import pytest

from allmende.formats.cascade_model import reader
from allmende.formats.cascade_model.reader import read_model
from allmende.formats.cascade_model.rows import (
    AttackRow,
    DamageRow,
    EvacuateRow,
    FacilityRow,
    FieldRow,
    GeneratorRow,
    IsolateRow,
    ModelRow,
    OutageRow,
    RerankRow,
    RestockRow,
    ScenarioRow,
    SupplyRow,
)
from allmende.formats.cascade_model.writer import write_model
from allmende.formats.errors import FormatError

MODEL = ModelRow(
    "Kreis Musterland",
    (
        FacilityRow("netz", "strom", "Adorf", 5_000.0, pool="kreis", rank=2, repair_hours=inf),
        FacilityRow("wasserwerk", "wasser", "Adorf", 4_000.5, repair_hours=8.0, spread=0.4),
        FacilityRow(
            "Klinik „Süd“",
            "gesundheit",
            "",
            30.0,
            {"Adorf": 10.0, "Bdorf": 20.0},
            starts_alone=False,
        ),
    ),
    (
        SupplyRow("wasserwerk", ("netz",), buffer_hours=6.5, recharge=0.5),
        SupplyRow("Klinik „Süd“", ("netz", "wasserwerk"), 2, inf, 1.0, (1, 3)),
        SupplyRow("Klinik „Süd“", ("wasserwerk",)),
    ),
    ScenarioRow(
        100.0,
        (DamageRow("netz", 0.0, 12.0), DamageRow("wasserwerk", 1.5, inf)),
        (OutageRow("netz", 30.0, 2.0),),
        (
            FieldRow({"netz": 1.5}, {"strom": (1.0, 0.5)}, {"netz": 3.0}),
            FieldRow(2.0, {"wasser": (1.0, 0.5)}, 0.0),
            AttackRow(("netz",), 0.3, 5.0, 48.0),
        ),
        {"kreis": 2},
        True,
        (
            GeneratorRow("Klinik „Süd“", 1, 4.0, 60.0),
            RestockRow("wasserwerk", 0, 7.0),
            RerankRow("netz", 2.0, -1),
            IsolateRow("netz", 40.0),
            EvacuateRow("Bdorf", 3.0, 0.5, 9.0),
        ),
    ),
)


def written(tmp_path: Path, document: Any, name: str = "modell.json") -> Path:
    path = tmp_path / name
    text = document if isinstance(document, str) else json.dumps(document)
    path.write_text(text, encoding="utf-8")
    return path


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(write_model(MODEL)))
    return found


def test_what_was_written_is_read(tmp_path: Path) -> None:
    read = read_model(written(tmp_path, "".join(write_model(MODEL))))
    assert replace(read, sha256="") == MODEL
    assert len(read.sha256) == 64


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    small = {
        "format": "allmende-cascade/1",
        "facilities": [{"key": "netz", "sector": "strom"}, {"key": "werk", "sector": "wasser"}],
        "supplies": [{"facility": "werk", "suppliers": ["netz"]}],
        "scenario": {
            "damages": [{"facility": "netz"}],
            "hazards": [{"kind": "attack", "sectors": ["wasser"], "share": 1, "hours": None}],
        },
    }
    read = read_model(written(tmp_path, small))
    assert (read.name, read.facilities[0]) == ("modell", FacilityRow("netz", "strom"))
    assert read.supplies == (SupplyRow("werk", ("netz",)),)
    damage = read.scenario.damages[0]
    assert damage[:2] == ("netz", 0.0)
    assert isnan(damage.hours)
    assert read.scenario.hazards == (AttackRow(("werk",), 1.0, 0.0, inf),)
    assert read.scenario.horizon_hours == 336.0


def test_a_scenario_of_its_own_replaces_that_of_the_model(tmp_path: Path) -> None:
    own = {"format": "allmende-cascade-scenario/1", "name": "Nacht", "horizon_hours": 5}
    read = read_model(written(tmp_path, document()), written(tmp_path, own, "szenario.json"))
    assert read.scenario == ScenarioRow(5.0)
    assert len(read.scenario_sha256) == 64
    with pytest.raises(FormatError, match=r"^szenario\.json: Szenario: Das Feld „format“ fehlt\.$"):
        read_model(written(tmp_path, document()), written(tmp_path, {}, "szenario.json"))


NETZ, WERK, KLINIK = ("facilities", 0), ("facilities", 1), ("facilities", 2)
NEED, BOTH = ("supplies", 0), ("supplies", 1)
SCENARIO = ("scenario",)
WRONG: list[tuple[tuple[str | int, ...], Any, str]] = [
    (("format",), "other/1", "Modell: „format“ muss „allmende-cascade/1“ sein"),
    (("color",), 1, "Modell: Das Feld „color“ ist unbekannt"),
    (("facilities",), [], "keine einzige Einrichtung"),
    (("facilities",), {}, "Modell: „facilities“ muss eine Liste sein"),
    (NETZ, 7, "Einrichtung 1: Hier wird ein Objekt"),
    ((*NETZ, "key"), "", "Einrichtung 1: „key“ ist leer"),
    ((*NETZ, "key"), "x" * 201, "mehr als 200 Zeichen"),
    ((*NETZ, "key"), "a\nb", "die man nicht sieht"),
    (
        (*NETZ, "key"),
        "wasserwerk",
        "Einrichtung 2 („wasserwerk“): Sie steht zweimal da, zuerst als Einrichtung 1",
    ),
    ((*NETZ, "sector"), 5, "Einrichtung 1 („netz“): „sector“ muss ein Text sein"),
    ((*NETZ, "served"), -1, "Einrichtung 1 („netz“): „served“ muss 0 oder größer sein"),
    ((*NETZ, "served"), True, "„served“ muss eine Zahl sein"),
    ((*NETZ, "served"), "viele", "„served“ muss eine Zahl sein"),
    ((*NETZ, "served"), 10**13, "„served“ ist größer als 1.000.000.000.000"),
    ((*NETZ, "rank"), 1.5, "„rank“ muss eine ganze Zahl sein"),
    ((*NETZ, "rank"), 10**10, "„rank“ muss zwischen"),
    ((*NETZ, "repair_hours"), 0, "„repair_hours“ muss größer als 0 sein"),
    ((*NETZ, "repair_spread"), 6, "„repair_spread“ ist größer als 5"),
    ((*NETZ, "starts_alone"), 1, "„starts_alone“ muss true oder false sein"),
    ((*NETZ, "operator"), "x", "Einrichtung 1: Das Feld „operator“ ist unbekannt"),
    ((*KLINIK, "shares", "Adorf"), 15, "ergeben zusammen nicht „served“"),
    ((*KLINIK, "shares", "Adorf"), -1, "Der Anteil von „Adorf“ muss 0 oder größer sein"),
    ((*KLINIK, "municipality"), "Adorf", "schließen sich aus"),
    (
        (*NEED, "facility"),
        "keins",
        "Versorgung 1 (von „keins“): Die Einrichtung „keins“ gibt es nicht",
    ),
    (
        (*NEED, "suppliers"),
        ["nichts"],
        "Versorgung 1 (von „wasserwerk“): Die Einrichtung „nichts“ gibt",
    ),
    ((*NEED, "suppliers"), ["wasserwerk"], "versorgt sich selbst"),
    ((*NEED, "suppliers"), ["netz", "netz"], "zweimal in „suppliers“"),
    ((*NEED, "suppliers"), "netz", "muss eine Liste von Texten sein"),
    ((*NEED, "suppliers"), [], "Nötig („needed“) sind 1, aber es gibt nur 0"),
    ((*NEED, "needed"), 2, "Nötig („needed“) sind 2, aber es gibt nur 1"),
    ((*NEED, "needed"), 0, "„needed“ muss zwischen 1 und"),
    ((*NEED, "buffer_hours"), -0.5, "„buffer_hours“ muss 0 oder größer sein"),
    ((*NEED, "recharge"), -1, "„recharge“ muss 0 oder größer sein"),
    ((*BOTH, "weights"), [1], "„weights“ braucht für jeden"),
    ((*BOTH, "weights"), [0, 1], "ganzer Zahlen ab 1"),
    ((*BOTH, "weights"), [10**9, 10**9], "zusammen zu groß"),
    ((*SCENARIO, "weather"), 1, "Szenario: Das Feld „weather“ ist unbekannt"),
    ((*SCENARIO, "horizon_hours"), 0, "Szenario: „horizon_hours“ muss größer als 0 sein"),
    ((*SCENARIO, "horizon_hours"), 10**6, "„horizon_hours“ ist größer als 87.600"),
    ((*SCENARIO, "crews"), {"land": 1}, "Keine Einrichtung hat den Bereich („pool“) „land“"),
    ((*SCENARIO, "crews"), {"kreis": -1}, "Die Trupps von „kreis“ müssen eine ganze Zahl ab 0"),
    ((*SCENARIO, "crews"), [], "„crews“ muss ein Objekt"),
    ((*SCENARIO, "damages", 1, "facility"), "x", "Schaden 2: Die Einrichtung „x“ gibt es nicht"),
    ((*SCENARIO, "damages", 1, "at"), -2, "Schaden 2: „at“ muss 0 oder größer sein"),
    ((*SCENARIO, "damages", 1, "hours"), 0, "Schaden 2: „hours“ muss größer als 0 sein"),
    ((*SCENARIO, "outages", 0, "hours"), None, "Ausfall 1: „hours“ muss eine Zahl sein"),
    (
        (*SCENARIO, "hazards", 0, "kind"),
        "feuer",
        "Gefahr 1: „feuer“ ist unbekannt; möglich sind „field“, „attack“",
    ),
    ((*SCENARIO, "hazards", 0, "fragility"), {}, "Gefahr 1: Ohne „fragility“ nimmt nichts Schaden"),
    ((*SCENARIO, "hazards", 0, "fragility", "luft"), {}, "Gefahr 1: Den Sektor „luft“ hat keine"),
    (
        (*SCENARIO, "hazards", 0, "fragility", "strom", "median"),
        0,
        "Gefahr 1, „fragility“ von „strom“: „median“ muss größer",
    ),
    (
        (*SCENARIO, "hazards", 0, "intensity"),
        {"x": 1},
        "Gefahr 1: Die Einrichtung „x“ gibt es nicht",
    ),
    (
        (*SCENARIO, "hazards", 0, "intensity"),
        {"netz": -1},
        "„intensity“ von „netz“ muss 0 oder größer",
    ),
    ((*SCENARIO, "hazards", 2, "share"), 1.5, "Gefahr 3: „share“ ist größer als 1"),
    ((*SCENARIO, "hazards", 2, "sectors"), ["strom"], "entweder „users“ oder „sectors“"),
    ((*SCENARIO, "hazards", 2, "users"), ["x"], "Gefahr 3: Die Einrichtung „x“ gibt es nicht"),
    (
        (*SCENARIO, "interventions", 0, "supply"),
        3,
        "Maßnahme 1: „Klinik „Süd““ hat keine Versorgung 3 (es gibt 2)",
    ),
    ((*SCENARIO, "interventions", 0, "until"), 4, "Maßnahme 1: „until“ liegt nicht nach „at“"),
    ((*SCENARIO, "interventions", 0, "share"), 1, "Maßnahme 1: Das Feld „share“ ist unbekannt"),
    (
        (*SCENARIO, "interventions", 2, "rank"),
        "hoch",
        "Maßnahme 3: „rank“ muss eine ganze Zahl sein",
    ),
    ((*SCENARIO, "interventions", 3), [], "Maßnahme 4: Hier wird ein Objekt"),
    (
        (*SCENARIO, "interventions", 4, "municipality"),
        "Cdorf",
        "Maßnahme 5: Die Gemeinde „Cdorf“ gibt es nicht",
    ),
]


@pytest.mark.parametrize(("place", "value", "said"), WRONG, ids=[str(row[0]) for row in WRONG])
def test_each_fault_is_told_with_its_place(
    tmp_path: Path, place: tuple[str | int, ...], value: Any, said: str
) -> None:
    wrong = copy.deepcopy(document())
    target: Any = wrong
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    with pytest.raises(FormatError) as error:
        read_model(written(tmp_path, wrong))
    assert said in str(error.value)
    assert str(error.value).startswith("modell.json: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", r"modell\.json, Zeile 1: Das ist kein JSON \(Spalte 2\)"),
        ('{"format": NaN}', "„NaN“ ist keine Zahl"),
        ('{"format": "a", "format": "b"}', "Das Feld „format“ steht zweimal"),
        ("[" * 100_000, "zu tief verschachtelt"),
        ('{"format": ' + "1" * 5_000 + "}", "zu viele Stellen"),
        ("[]", "Modell: Hier wird ein Objekt"),
        ("{}", "Modell: Das Feld „format“ fehlt"),
    ],
)
def test_files_that_are_no_model(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read_model(written(tmp_path, text))


def test_numbers_too_large_for_a_float(tmp_path: Path) -> None:
    text = "".join(write_model(MODEL)).replace('"served": 5000', '"served": 1e999')
    with pytest.raises(FormatError, match=r"Einrichtung 1 .*: „served“ ist zu groß"):
        read_model(written(tmp_path, text))


def test_files_that_are_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="gibt es nicht"):
        read_model(tmp_path / "fehlt.json")
    path = tmp_path / "latin.json"
    path.write_bytes(b'{"name": "K\xf6ln"}')
    with pytest.raises(FormatError, match="nicht in UTF-8"):
        read_model(path)


def test_more_than_can_be_computed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, document())
    monkeypatch.setattr(reader, "MOST_SUPPLIERS", 2)
    with pytest.raises(FormatError, match="mehr als 2 Lieferbeziehungen"):
        read_model(path)
    monkeypatch.setattr(reader, "MOST_FACILITIES", 2)
    with pytest.raises(FormatError, match="Es sind 3 Einrichtungen; mehr als 2 rechnet"):
        read_model(path)
