"""``allmende import municipalities``: a table when it works, one message and nothing done if not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from allmende.commands.import_municipalities import municipalities
from allmende.registry import queries
from allmende.registry.models import RegisterImport
from tests.formats.municipalities.builders import (
    germany,
    municipality,
    write_extract,
    write_gv100ad,
)

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: Path | str) -> Result:
    return CliRunner().invoke(municipalities, [str(argument) for argument in arguments])


def test_a_register_is_taken_in_and_told(tmp_path: Path) -> None:
    report = tmp_path / "bericht.json"
    result = run(write_extract(tmp_path / "a.xlsx", germany()), "--json", report)
    assert result.exit_code == 0, result.output
    assert "32 Gemeinden mit Einwohnern" in result.output
    assert "Stand                   31.12.2024" in result.output
    (content,) = json.loads(report.read_text(encoding="utf-8"))
    assert content["status_date"] == "2024-12-31"
    assert content["totals"]["population"] == 32_000
    assert queries.totals().municipalities == 32


def test_the_same_file_again_is_told(tmp_path: Path) -> None:
    path = write_extract(tmp_path / "a.xlsx", germany())
    assert run(path).exit_code == 0
    again = run(path)
    assert again.exit_code == 0
    assert "schon eingelesen, nichts geändert" in again.output


def test_a_broken_file_changes_nothing_and_exits_with_2(tmp_path: Path) -> None:
    good = write_extract(tmp_path / "gut.xlsx", germany())
    rows = [*germany()[:4], municipality("01", "001", "Doppelt"), *germany()[4:]]
    bad = write_extract(tmp_path / "schlecht.xlsx", rows)
    result = run(good, bad)
    assert result.exit_code == 2
    assert (
        "Fehler: schlecht.xlsx, Blatt „Gemeinden“, Zeile 10: Der Schlüssel 01001001"
        in result.output
    )
    assert "Es wurde nichts geändert." in result.output
    assert RegisterImport.objects.count() == 0


def test_a_missing_file_exits_with_2(tmp_path: Path) -> None:
    result = run(tmp_path / "gibt-es-nicht.xlsx")
    assert result.exit_code == 2
    assert "gibt-es-nicht.xlsx: Die Datei gibt es nicht." in result.output


def test_a_report_that_cannot_be_written_is_told_before_anything_is_done(tmp_path: Path) -> None:
    path = write_extract(tmp_path / "a.xlsx", germany())
    result = run(path, "--json", tmp_path / "nirgends" / "bericht.json")
    assert result.exit_code == 2
    assert RegisterImport.objects.count() == 0


def test_what_there_is_now_is_told_once_at_the_end(tmp_path: Path) -> None:
    result = run(
        write_extract(tmp_path / "a.xlsx", germany()), write_gv100ad(tmp_path / "b.txt", germany())
    )
    assert result.exit_code == 0
    assert result.output.index("b.txt") < result.output.index("a.xlsx")
    assert result.output.count("Bestand") == 1


def test_help_names_the_files() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "AuszugGV" in result.output
    assert "DATEI…" in result.output
