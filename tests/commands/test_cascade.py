"""``allmende cascade`` from the outside: a model in; summary, JSON and HTML out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.commands.test_opinion import Outline

from allmende.algorithms.cascade.synthetic import make_country, parts_of
from allmende.commands.cascade.case import invent, make_case
from allmende.commands.cascade.command import cascade
from allmende.formats.cascade_model.reader import read_model

KREIS: dict[str, Any] = {
    "format": "allmende-cascade/1",
    "name": "Kreis <Musterland>",
    "facilities": [
        {"key": "netz", "sector": "strom", "municipality": "Adorf", "served": 100, "pool": "kreis"},
        {"key": "werk", "sector": "wasser", "municipality": "Bdorf", "served": 50},
        {
            "key": "klinik",
            "sector": "gesundheit",
            "served": 30,
            "shares": {"Adorf": 10, "Bdorf": 20},
        },
    ],
    "supplies": [
        {"facility": "werk", "suppliers": ["netz"], "buffer_hours": 6},
        {"facility": "klinik", "suppliers": ["netz"], "buffer_hours": 20},
        {"facility": "klinik", "suppliers": ["werk"]},
    ],
    "scenario": {
        "horizon_hours": 48,
        "damages": [{"facility": "netz", "at": 1, "hours": 10}],
        "crews": {"kreis": 1},
    },
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cascade, [str(argument) for argument in arguments])


def model(tmp_path: Path, **scenario: Any) -> Path:
    path = tmp_path / "kreis.json"
    changed = {**KREIS, "scenario": {**KREIS["scenario"], **scenario}}
    path.write_text(json.dumps(changed), encoding="utf-8")
    return path


def result_of(tmp_path: Path, *arguments: str | Path) -> dict[str, Any]:
    target = tmp_path / "ergebnis.json"
    done = run(*arguments, "--json", target)
    assert done.exit_code == 0, done.output
    loaded: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return loaded


def test_one_run_tells_what_happens_and_why(tmp_path: Path) -> None:
    """The netz is out from 1 to 11; the werk lasts until 7, and takes the klinik with it."""
    found = result_of(tmp_path, model(tmp_path))
    told = found["run"]
    assert (found["format"], found["ensemble"]) == ("allmende-cascade-result/1", None)
    assert (told["damaged"], told["down"]) == (1, 3)
    assert [(row["name"], row["loss"]) for row in told["sectors"]] == [
        ("strom", 1000.0),
        ("wasser", 200.0),
        ("gesundheit", 120.0),
    ]
    assert told["loss"] == 1320.0
    assert [(row["name"], row["by_sector"]) for row in told["municipalities"]] == [
        ("Adorf", [1000.0, 0.0, 40.0]),
        ("Bdorf", [0.0, 200.0, 80.0]),
    ]
    assert told["moments"] == [0.0, 1.0, 7.0, 11.0]
    assert told["sectors"][0]["shares"] == [1.0, 0.0, 0.0, 1.0]
    assert told["sectors"][0]["lost_hours"] == 10.0
    assert [
        (row["at"], row["facility"], row["event"], row["because"]) for row in told["events"]
    ] == [
        (1.0, "netz", "beschädigt", ""),
        (1.0, "netz", "Reparatur beginnt", ""),
        (1.0, "netz", "ausgefallen", "weil beschädigt"),
        (1.0, "werk", "nicht mehr versorgt", "aus netz"),
        (1.0, "klinik", "nicht mehr versorgt", "aus netz"),
        (
            7.0,
            "werk",
            "ausgefallen",
            "weil zu wenig aus netz kommt; der Vorrat für 6 Stunden ist leer",
        ),
        (7.0, "klinik", "ausgefallen", "weil zu wenig aus werk kommt; einen Vorrat gibt es nicht"),
        (7.0, "klinik", "nicht mehr versorgt", "aus werk"),
        (11.0, "netz", "repariert", ""),
        (11.0, "netz", "wieder in Betrieb", ""),
        (11.0, "werk", "wieder in Betrieb", ""),
        (11.0, "klinik", "wieder in Betrieb", ""),
        (11.0, "werk", "wieder versorgt", "aus netz"),
        (11.0, "klinik", "wieder versorgt", "aus netz"),
        (11.0, "klinik", "wieder versorgt", "aus werk"),
    ]
    # All are out for the 48 hours, but what the stores hold: 48 · 100 + 42 · 50 + 42 · 30.
    assert [(row["facility"], row["loss"], row["own"]) for row in told["single_failures"]] == [
        ("netz", 8160.0, 4800.0),
        ("werk", 3840.0, 2400.0),
        ("klinik", 1440.0, 1440.0),
    ]
    assert [(row["facility"], row["supply"], row["saved"]) for row in told["buffers"]] == [
        ("werk", 1, 80.0),
        ("klinik", 2, 30.0),
    ]


def test_measures_and_places_for_generators(tmp_path: Path) -> None:
    acts = [
        {"kind": "generator", "facility": "klinik", "supply": 2, "at": 8, "until": 10},
        {"kind": "evacuate", "municipality": "Adorf", "share": 1, "at": 7},
    ]
    path = model(tmp_path, interventions=acts, outages=[{"facility": "werk", "at": 20, "hours": 2}])
    done = run(path, "--generators", "2")
    told = result_of(tmp_path, path, "--generators", "2")["run"]
    # The klinik: 7 to 8, 10 to 11 and 20 to 22, of Bdorf alone; Adorf left at 7, and has lost 6 hours of strom.
    assert [row["loss"] for row in told["sectors"]] == [600.0, 300.0, 80.0]
    assert ("werk", "fällt aus", "für 2 Stunden") in [
        (row["facility"], row["event"], row["because"]) for row in told["events"]
    ]
    places = told["generators"]
    assert (places["exact"], places["asked"]) == (True, 2)
    assert [(row["facility"], row["supply"]) for row in places["places"]] == [
        ("werk", 1),
        ("klinik", 2),
    ]
    assert "Alle Möglichkeiten unter 3 möglichen Plätzen sind verglichen" in " ".join(
        done.stdout.split()
    )
    many = run(path, "--generators", "4")
    assert "Eine Garantie gibt es dafür nicht" in " ".join(many.stdout.split())


def test_what_people_do_stands_in_the_course_of_events(tmp_path: Path) -> None:
    acts = [
        {"kind": "generator", "facility": "klinik", "supply": 2, "at": 8, "until": 10},
        {"kind": "restock", "facility": "werk", "at": 3},
        {"kind": "rerank", "facility": "netz", "at": 4, "rank": -2},
        {"kind": "isolate", "facility": "werk", "at": 15, "until": 16},
        {"kind": "evacuate", "municipality": "Bdorf", "share": 0.25, "at": 2, "until": 30},
        {"kind": "isolate", "facility": "klinik", "at": 47, "until": 90},
    ]
    told = result_of(tmp_path, model(tmp_path, interventions=acts))["run"]["events"]
    done = {
        (row["at"], row["facility"] or row["municipality"], row["event"], row["because"])
        for row in told
    }
    assert done >= {
        (2.0, "Bdorf", "geräumt", "25 % gehen"),
        (3.0, "werk", "Vorrat aufgefüllt", "von Versorgung 1"),
        (4.0, "netz", "anderer Rang", "bei Reparaturen: −2"),
        (8.0, "klinik", "Notstrom kommt an", "für Versorgung 2"),
        (10.0, "klinik", "Notstrom wird abgezogen", ""),
        (15.0, "werk", "abgeschaltet", ""),
        (15.0, "werk", "ausgefallen", "weil abgeschaltet oder gestört"),
        (16.0, "werk", "darf wieder ans Netz", ""),
        (30.0, "Bdorf", "Rückkehr", ""),
        (47.0, "klinik", "abgeschaltet", ""),
    }
    assert max(row["at"] for row in told) == 47.0
    assert [row["at"] for row in told] == sorted(row["at"] for row in told)


def test_many_runs_tell_the_spread_by_sector(tmp_path: Path) -> None:
    hazards = [{"kind": "attack", "sectors": ["strom"], "share": 0.5, "at": 0, "hours": 24}]
    path = model(tmp_path, damages=[], hazards=hazards)
    found = result_of(tmp_path, path, "--runs", "600")
    told = found["ensemble"]
    assert (found["run"], told["runs"]) == (None, 600)
    hit = told["damaged"]
    assert hit == pytest.approx(0.5, abs=0.07)
    # Hit, the netz is out 24 hours, werk and klinik 18.
    assert told["whole"]["mean"] == pytest.approx(hit * (2400 + 900 + 540), rel=1e-3)
    assert [row["mean"] for row in told["sectors"]] == pytest.approx(
        [hit * 2400, hit * 900, hit * 540], rel=1e-3
    )
    assert told["sectors"][0]["quantiles"][0] == {"share": 0.05, "loss": 0.0}
    assert told["sectors"][0]["quantiles"][-1] == {"share": 0.99, "loss": 2400.0}
    assert sum(row["runs"] for row in told["bins"]) == 600


def test_what_it_matters_whom_a_hazard_hits(tmp_path: Path) -> None:
    """Hit, the netz costs 2,400 and takes werk and klinik along; the werk is hit in any case, by nothing."""
    hazards = [
        {"kind": "attack", "sectors": ["strom"], "share": 0.5, "at": 0, "hours": 24},
        {"kind": "attack", "sectors": ["gesundheit"], "share": 0.1, "at": 0, "hours": 24},
    ]
    path = model(tmp_path, damages=[], hazards=hazards)
    page = tmp_path / "bericht.html"
    many = (path, "--runs", "300", "--importance", "5")
    told = result_of(tmp_path, *many, "--html", page)["ensemble"]["importance"]
    assert (told["candidates"], told["runs"]) == (2, 100)
    netz, klinik = told["facilities"]
    assert (netz["facility"], netz["sector"], netz["chance"]) == ("netz", "strom", 0.5)
    # The klinik is out with the netz for 18 hours, unless it is hit itself.
    assert 2400 + 900 <= netz["loss"] <= 2400 + 900 + 540
    assert netz["error"] > 0
    # Hit, it is out for 24 hours, where it would be out for 18 if the netz is hit.
    assert klinik["chance"] == 0.1
    assert 30 * 6 < klinik["loss"] < 30 * 24
    assert "Wichtigkeit nach Birnbaum" in page.read_text(encoding="utf-8")
    said = " ".join(run(*many).stdout.split())
    assert "2 Einrichtungen können getroffen werden. Geprüft sind die 2" in said
    assert result_of(tmp_path, path, "--runs", "2")["ensemble"]["importance"] is None
    once = result_of(tmp_path, path, "--runs", "1", "--importance", "1")
    assert [row["error"] for row in once["ensemble"]["importance"]["facilities"]] == [None]


@pytest.mark.slow
def test_more_processes_give_the_same_bytes(tmp_path: Path) -> None:
    country = tmp_path / "land.json"
    assert run("--generate", "200", "--seed", "2", "--json", country).exit_code == 0
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    for target, processes in ((one, "1"), (two, "2")):
        done = run(country, "--runs", "300", "--processes", processes, "--json", target)
        assert done.exit_code == 0, done.output
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    country = tmp_path / "land.json"
    assert run("--generate", "200", "--seed", "2", "--json", country).exit_code == 0
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    assert run(country, "--runs", "300", "--json", one).exit_code == 0
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        done = run(country, "--runs", "300", "--cluster", address, "--json", two)
    assert done.exit_code == 0, done.output
    assert one.read_bytes() == two.read_bytes()


def test_an_invented_country_is_read_as_it_was_invented(tmp_path: Path) -> None:
    path = tmp_path / "land.json"
    assert run("--generate", "150", "--seed", "4", "--json", path).exit_code == 0
    first = path.read_bytes()
    assert run("--generate", "150", "--seed", "4").stdout_bytes == first
    case = make_case(read_model(path))
    invented = make_case(invent(150, 4))
    country = make_country(150, seed=4)
    for ours, theirs, whole in zip(
        case.network.wires, invented.network.wires, country.wires, strict=True
    ):
        assert ours.tolist() == theirs.tolist()
        assert len(ours) == len(whole)
    assert parts_of(case.network) == parts_of(country)
    assert len(case.exposure.facility) == 150
    assert run(path).exit_code == 0


def test_the_page_stands_alone_and_says_its_curves_in_tables(tmp_path: Path) -> None:
    path = model(tmp_path)
    for options in ([], ["--runs", "20"]):
        page = tmp_path / "bericht.html"
        assert run(path, *options, "--html", page).exit_code == 0
        text = page.read_text(encoding="utf-8")
        outline = Outline()
        outline.feed(text)
        assert outline.tags.count("h1") == outline.tags.count("main") == 1
        assert not {"script", "link", "img", "iframe"} & set(outline.tags)
        assert not re.search(r"(src|href)=.https?:", text)
        assert "Kreis &lt;Musterland&gt;" in text
        assert outline.tags.count("svg") == (1 if options else 3)
        assert outline.tags.count("table") >= 2


def test_bad_input_ends_with_2_and_one_message(tmp_path: Path) -> None:
    path = model(tmp_path, crews={"land": 1})
    done = run(path, "--json", tmp_path / "x.json")
    assert done.exit_code == 2
    assert "kreis.json: Szenario: Keine Einrichtung hat den Bereich („pool“) „land“." in " ".join(
        done.stderr.split()
    )
    assert not (tmp_path / "x.json").exists()
    good = model(tmp_path)
    for arguments in (
        [],
        [tmp_path / "fehlt.json"],
        [good, "--runs", "0"],
        [good, "--processes", "2"],
        [good, "--importance", "2"],
        [good, "--runs", "5", "--generators", "1"],
        [good, "--runs", "5", "--processes", "2", "--cluster", "tcp://127.0.0.1:1"],
        [good, "--generate", "400"],
        ["--generate", "99"],
        [good, "--json", tmp_path / "no" / "x.json"],
        [good, "--scenario", good],
    ):
        assert run(*arguments).exit_code == 2, arguments
    assert run("--help").stdout.count("allmende cascade ") == 4


def test_what_fails_ends_with_1(tmp_path: Path) -> None:
    done = run(model(tmp_path), "--runs", "2", "--cluster", "nirgends")
    assert (done.exit_code, "Traceback" in done.output) == (1, False)
