"""``allmende opinion`` from the outside: files in; summary, JSON and HTML out."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from allmende.commands.opinion import opinion

HEADER = "voter-id,comment-id,vote\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(opinion, [str(argument) for argument in arguments])


@pytest.fixture
def two_camps(tmp_path: Path) -> Path:
    """A folder with 60 participants in two camps, 20 statements, times, and one rejected."""
    random = np.random.default_rng(6)
    folder = tmp_path / "zwei-lager"
    folder.mkdir()
    lines = ["timestamp,voter-id,comment-id,vote"]
    for person in range(60):
        for statement in range(20):
            side = 1 if person < 35 else -1
            vote = side if random.random() < 0.92 else -side
            vote = 1 if statement == 0 else vote * (1 if statement % 2 else -1)
            moment = 1_600_000_000_000 + int(random.integers(0, 10**9))
            lines.append(f"{moment},{person},{statement},{vote}")
    lines.append("1600000000000,0,99,1")
    (folder / "votes.csv").write_text("\n".join(lines) + "\n")
    rows = [f'{place},"Aussage <{place}> & mehr",1' for place in range(20)] + ["99,Beleidigung,-1"]
    (folder / "comments.csv").write_text("comment-id,comment-body,moderated\n" + "\n".join(rows))
    (folder / "summary.csv").write_text('topic,Bäume & Bänke\nurl,\nconversation-description,"Ä"\n')
    return folder


def document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_summary_json_and_page_of_a_folder(two_camps: Path, tmp_path: Path) -> None:
    result = run(two_camps, "--json", tmp_path / "a.json", "--html", tmp_path / "a.html")
    assert result.exit_code == 0, result.output
    assert "Bäume & Bänke" in result.stdout
    assert "2 stabile Gruppen. Zwischen ihnen liegt eine Lücke." in result.stdout
    assert "1 abgelehnte Aussage zählt nicht mit" in result.stdout
    found = document(tmp_path / "a.json")
    assert found["format"] == "allmende-opinion/1"
    assert [group["size"] for group in found["groups"]] == [35, 25]
    assert len(found["participants"]) == 60
    assert [row["id"] for row in found["statements"]] == sorted(str(i) for i in range(20))
    unanimous = next(row for row in found["statements"] if row["id"] == "0")
    assert unanimous["counts"] == {"agree": 60, "passed": 0, "disagree": 0}
    assert unanimous["consensus"]["agree"]["least"] > 0.8
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Aussage &lt;0&gt; &amp; mehr" in page
    assert "Beleidigung" not in page
    assert "<script" not in page


def test_same_seed_same_bytes_and_row_order_does_not_matter(
    two_camps: Path, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    run(two_camps, "--json", first, "--seed", "3")
    run(two_camps, "--json", second, "--seed", "3")
    assert first.read_bytes() == second.read_bytes()
    header, *rows = (two_camps / "votes.csv").read_text().splitlines()
    (two_camps / "votes.csv").write_text("\n".join([header, *rows[::-1]]) + "\n")
    run(two_camps, "--json", third, "--seed", "3")
    one, other = document(first), document(third)
    assert one["input"].pop("sha256") != other["input"].pop("sha256")
    assert one == other


def test_mode_polis(two_camps: Path, tmp_path: Path) -> None:
    result = run(
        two_camps, "--mode", "polis", "--json", tmp_path / "p.json", "--html", tmp_path / "p.html"
    )
    assert result.exit_code == 0, result.output
    found = document(tmp_path / "p.json")
    assert (found["mode"], found["version"]) == ("polis", "polis-1")
    assert sorted(group["size"] for group in found["groups"]) == [25, 35]
    assert found["statements"][0]["polis"]["group_aware_consensus"] > 0.9
    assert found["statements"][0]["municipalities"] is None
    assert "Group-aware Consensus" in result.stdout


def test_strata_give_coverage_and_a_second_reading(two_camps: Path, tmp_path: Path) -> None:
    """The file lists 600 municipalities, of which 60 took part."""
    table = ["participant,land,size-class,population"]
    table += [f"{i},{'Hessen' if i % 2 else 'Bayern'},{1 + i % 3},{1000 + i}" for i in range(600)]
    strata = tmp_path / "strata.csv"
    strata.write_text("\n".join(table))
    result = run(
        two_camps,
        "--strata",
        strata,
        "--json",
        tmp_path / "s.json",
        "--html",
        tmp_path / "s.html",
        "--quick",
    )
    assert result.exit_code == 0, result.output
    found = document(tmp_path / "s.json")
    assert found["participation"]["lands"] == [
        {"name": "Bayern", "present": 30, "total": 300},
        {"name": "Hessen", "present": 30, "total": 300},
    ]
    assert found["statements"][1]["inhabitants"] is not None
    assert "Beteiligung nach Land" in (tmp_path / "s.html").read_text()
    assert "Grundgesamtheit laut Schichten-Datei: 600" in result.stdout


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "unknown column": ("voter-id,comment-id,vote,mood\n1,1,1,1\n", "„mood“ ist unbekannt"),
    "missing column": ("voter-id,vote\n1,1\n", "Es fehlt die Spalte „comment-id“"),
    "vote of 2": (HEADER + "1,1,2\n", "Zeile 2: In der Spalte „vote“ steht „2“"),
    "header only": (HEADER, "keine einzige Stimme"),
    "0 bytes": (b"", "leer (0 Bytes)"),
    "binary": (b"\x00\x01\x02" * 100, "keine Textdatei"),
    "Latin-1": (HEADER.encode() + b"K\xf6ln,1,1\n", "nicht in UTF-8"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_bad_files_end_with_2_and_one_message(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    path = tmp_path / "votes.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = run(path, "--json", tmp_path / "x.json")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "x.json").exists()


def test_two_gigabytes_of_zeros(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(HEADER + "1,1,1\n")
    with path.open("r+b") as file:
        file.truncate(2_000_000_000)
    result = run(path)
    assert (result.exit_code, "NUL-Bytes" in result.stderr) == (2, True)


@pytest.mark.parametrize("mode", ["allmende", "polis"])
@pytest.mark.parametrize(
    "rows",
    [
        "1,1,1\n",
        "1,1,0\n",
        "1,1,1\n1,2,-1\n1,3,0\n",
        "1,1,1\n2,1,-1\n3,1,1\n",
        "".join(f"{person},{statement},-1\n" for person in range(20) for statement in range(9)),
        "".join(f"{person},{statement},0\n" for person in range(20) for statement in range(9)),
        "".join(f"{person},{person},1\n" for person in range(30)),
    ],
    ids=[
        "one vote",
        "one pass",
        "single participant",
        "single statement",
        "nobody agrees",
        "all pass",
        "no common statement",
    ],
)
def test_small_votes_give_a_correct_small_result(tmp_path: Path, rows: str, mode: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(HEADER + rows)
    target = tmp_path / "x.json"
    result = run(path, "--mode", mode, "--json", target, "--html", tmp_path / "x.html")
    assert result.exit_code == 0, result.output
    found = document(target)
    log = [line.split(",") for line in rows.split()]
    assert len(found["participants"]) == len({who for who, _, _ in log})
    assert sum(row["counts"]["agree"] for row in found["statements"]) == sum(
        vote == "1" for _, _, vote in log
    )
    if mode == "allmende":
        assert found["groups"] == []
        assert found["grouping"]["reason"] in {
            "too few",
            "no difference",
            "not clearer than chance",
        }
        assert all(
            row["municipalities"]["agree_interval"][0] <= row["municipalities"]["agree"]
            for row in found["statements"]
        )


def test_bad_options_end_with_2(two_camps: Path, tmp_path: Path) -> None:
    assert run(two_camps, "--seed", "-1").exit_code == 2
    assert run(two_camps, "--mode", "other").exit_code == 2
    assert run(tmp_path / "nowhere").exit_code == 2
    assert run(tmp_path).exit_code == 2
    assert run(two_camps, "--mode", "polis", "--strata", tmp_path / "s.csv").exit_code == 2
    missing_folder = run(two_camps, "--json", tmp_path / "no" / "x.json")
    assert (missing_folder.exit_code, "gibt es nicht" in missing_folder.stderr) == (2, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("participant,land,population\n0,06,900\n", "„size-class“"),
        ("participant,land,size-class,population\n0,06,7,viele\n", "Zeile 2: In der Spalte „pop"),
        (
            "participant,land,size-class,population\n0,06,7,9\n0,06,7,9\n",
            "Zeile 3: „0“ steht doppelt",
        ),
        ("participant,land,size-class,population\n0,,7,9\n", "„land“ fehlt der Wert"),
        ("participant,land,size-class,population\n0,06,7,9\n", "Für 59 von 60 Teilnehmenden"),
    ],
)
def test_broken_strata(two_camps: Path, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "strata.csv"
    path.write_text(content)
    result = run(two_camps, "--strata", path)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


def test_all_statements_rejected(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(HEADER + "1,1,1\n")
    (tmp_path / "comments.csv").write_text("comment-id,comment-body,moderated\n1,Text,-1\n")
    result = run(tmp_path)
    assert (result.exit_code, "Alle Aussagen sind abgelehnt" in result.stderr) == (2, True)


def test_help_has_examples() -> None:
    result = run("--help")
    assert "allmende opinion votes.csv --json karte.json --html karte.html" in result.stdout


class Outline(HTMLParser):
    """Collects what a reader without eyes relies on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))


def test_page_stands_alone_and_says_the_map_in_words(two_camps: Path, tmp_path: Path) -> None:
    run(two_camps, "--html", tmp_path / "a.html", "--quick")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    outline = Outline()
    outline.feed(page)
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("main") == 1
    assert not {"script", "link", "img", "iframe"} & set(outline.tags)
    assert not re.search(r"(src|href)=.https?:", page)
    assert "Gruppe A (Kreis): 35 Teilnehmende" in page
    assert "Gruppe B (Quadrat): 25 Teilnehmende" in page
    people = page[page.index("Die Karte als Tabelle") :]
    assert people.count('<th scope="row">') == 60


@pytest.mark.shared
@pytest.mark.slow
def test_climate_council(shared_data: Path, tmp_path: Path) -> None:
    """A real conversation in German: 1,116 voters, 522 statements, 61,936 rows."""
    folder = shared_data / "votes" / "austria-climate.5twd2jsnkf.2022-08-08"
    result = run(folder, "--mode", "polis", "--json", tmp_path / "p.json")
    assert result.exit_code == 0, result.output
    assert [group["size"] for group in document(tmp_path / "p.json")["groups"]] == [761, 139]
    result = run(folder, "--quick", "--json", tmp_path / "a.json", "--html", tmp_path / "a.html")
    assert result.exit_code == 0, result.output
    found = document(tmp_path / "a.json")
    assert (found["input"]["votes"], found["input"]["statements"]) == (54_440, 277)
    assert "CC BY 4.0" in found["input"]["notice"]
    assert (tmp_path / "a.html").stat().st_size < 400_000
