"""``allmende exercise``: check a script and rehearse it, without server or database."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from allmende.algorithms.exercise.rehearsal import Exercise, Losses, Rehearsal
    from allmende.algorithms.exercise.wishes import Early
    from allmende.formats.exercise_script.attached import AttachedFile
    from allmende.formats.exercise_script.findings import Finding
    from allmende.formats.exercise_script.model import Script

INPUT = click.Path(path_type=Path)
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)
MINUTE = 60_000_000
FORMAT = "allmende-rehearsal/1"


@click.command(epilog="Format der Dateien: docs/reference/exercise-json.md")
@click.argument("path", metavar="DREHBUCH", type=INPUT)
@click.option(
    "--injects",
    "injects_file",
    type=INPUT,
    help="Einlagen aus einer Tabelle (CSV, XLSX) statt der im Drehbuch.",
)
@click.option(
    "--column",
    "columns",
    metavar="FELD=ÜBERSCHRIFT",
    multiple=True,
    help="Welche Spalte der Tabelle welches Feld enthält, etwa „at=Beginn“.",
)
@click.option(
    "--decide",
    "choices",
    metavar="ZEIT=ENTSCHEIDUNG:WAHL",
    multiple=True,
    help="Eine Entscheidung für die Probe, etwa „T+4:00=aggregat:klinik“.",
)
@click.option("--json", "json_file", type=OUTPUT, help="Schreibt Befunde und Ablauf als JSON.")
@click.option("--script", "script_file", type=OUTPUT, help="Schreibt das Drehbuch als JSON.")
@click.option(
    "--table", "table_file", type=OUTPUT, help="Schreibt die Einlagen als CSV, oder alles als XLSX."
)
def exercise(
    *,
    path: Path,
    injects_file: Path | None,
    columns: Sequence[str],
    choices: Sequence[str],
    json_file: Path | None,
    script_file: Path | None,
    table_file: Path | None,
) -> None:
    """Prüft das Drehbuch einer Übung und spielt es zur Probe durch.

    DREHBUCH ist eine JSON-Datei. Gezeigt werden die Befunde der Prüfung, was wann an wen ginge, und wer
    dabei ohne Versorgung bliebe: wenn niemand etwas entscheidet, oder mit --decide. Hat die Prüfung
    Fehler gefunden, endet der Befehl mit 1.

    \b
    Beispiele:
      allmende exercise stromausfall.json
      allmende exercise stromausfall.json --decide T+4:00=aggregat:lindenfurt --json probe.json
      allmende exercise stromausfall.json --table einlagen.xlsx
      allmende exercise stromausfall.json --injects einlagen.xlsx --script neu.json
    """
    from allmende.formats.exercise_script.check import check_script
    from allmende.formats.exercise_script.document import write_script
    from allmende.formats.exercise_script.findings import ERROR

    for target in (json_file, script_file, table_file):
        if target is not None and not target.resolve().parent.is_dir():
            raise click.UsageError(f"Den Ordner „{target.parent}“ gibt es nicht.")
    if columns and injects_file is None:
        raise click.UsageError("--column gilt für --injects.")
    script, files = _read(path, injects_file, columns)
    if script_file is not None:
        _write(script_file, write_script(script, files=files).encode())
    if table_file is not None:
        _write_table(table_file, script)
    findings = check_script(script)
    if any(finding.severity == ERROR for finding in findings):
        _show(findings)
        if json_file is not None:
            _write_json(json_file, script, findings, None, None)
        raise click.ClickException("So lässt sich das Drehbuch nicht spielen.")
    _rehearse(script, choices, json_file)


def _read(
    path: Path, injects_file: Path | None, columns: Sequence[str]
) -> "tuple[Script, Sequence[AttachedFile]]":
    from dataclasses import replace

    from allmende.formats.errors import FormatError
    from allmende.formats.exercise_script.document import read_with_files
    from allmende.formats.exercise_script.faults import ScriptError
    from allmende.formats.exercise_script.tables import read_injects

    told = dict(_split(column, "=", "--column") for column in columns)
    try:
        script, files = read_with_files(path)
        if injects_file is None:
            return script, files
        table = read_injects(injects_file, told)
    except ScriptError as error:
        listed = "\n".join(f"  {fault}" for fault in error.faults)
        raise click.UsageError(f"{error.file}:\n{listed}") from error
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    if table.ignored:
        click.echo(
            f"Nicht gelesen, weil zu keinem Feld gehörend: {', '.join(table.ignored)}", err=True
        )
    return replace(script, injects=table.injects), files


def _rehearse(script: "Script", choices: Sequence[str], json_file: Path | None) -> None:
    from allmende.algorithms.cascade.network import ModelError
    from allmende.algorithms.exercise.rehearsal import exercise_of, losses, rehearse, states_seen
    from allmende.algorithms.exercise.wishes import Wish, in_play
    from allmende.formats.exercise_script.check import check_script
    from allmende.formats.exercise_script.document import document_of

    try:
        played = exercise_of(document_of(script))
        chosen, early = in_play(played, [Wish(*_choice(choice)) for choice in choices])
        if early:
            raise click.UsageError(_too_early(early[0]))
        rehearsal = rehearse(played, chosen)
        lost = losses(played, [played.decide(*choice) for choice in chosen])
        seen, nothing = states_seen(played), rehearse(played).future
    except ModelError as error:
        raise click.UsageError(f"Das geht nicht: {error}") from error
    spans = nothing.spans() if nothing else None
    findings = check_script(script, spans=spans, seen=seen)
    _show(findings)
    for line in _lines(script, rehearsal):
        click.echo(f"{line['at']}  {line['title']}  → {', '.join(line['to'])}")
    _show_supply(played, rehearsal, lost)
    if json_file is not None:
        _write_json(json_file, script, findings, rehearsal, lost)


def _too_early(early: "Early") -> str:
    from allmende.formats.exercise_script.cells import format_minutes

    said = f"--decide: Die Entscheidung „{early.wish.decision}“ ist dann noch nicht offen; "
    if early.opens is None:
        return f"{said}bis zum Ende fragt keine Einlage nach ihr."
    return f"{said}die erste Einlage, die nach ihr fragt, kommt um {format_minutes(early.opens // MINUTE)}."


def _choice(text: str) -> tuple[int, str, str]:
    from allmende.formats.exercise_script.cells import parse_minutes

    time, rest = _split(text, "=", "--decide")
    decision, option = _split(rest, ":", "--decide")
    try:
        return parse_minutes(time) * MINUTE, decision, option
    except ValueError as error:
        raise click.UsageError(f"--decide {text}: {error}") from error


def _split(text: str, sign: str, option: str) -> tuple[str, str]:
    before, found, after = text.partition(sign)
    if not (found and before and after):
        raise click.UsageError(f"{option} {text}: Es fehlt „{sign}“.")
    return before.strip(), after.strip()


def _show(findings: Sequence["Finding"]) -> None:
    names = {"error": "Fehler", "warning": "Hinweis"}
    for finding in findings:
        click.echo(
            f"{names[finding.severity]}: {finding.place}: {finding.message} {finding.advice}"
        )
    click.echo(f"Befunde: {len(findings)}\n" if findings else "Die Prüfung hat nichts gefunden.\n")


def _lines(script: "Script", rehearsal: "Rehearsal") -> list[dict[str, Any]]:
    from allmende.formats.exercise_script.cells import format_minutes
    from allmende.formats.exercise_script.words import words_of

    titles = {inject.key: inject.title for inject in script.injects}
    found = []
    for line in rehearsal.lines:
        title = titles.get(line.inject, "")
        if line.announcement is not None:
            title = words_of(
                line.announcement, names=script.facility_names, starts_at=script.starts_at
            ).title
        found.append(
            {
                "at": format_minutes(line.at // MINUTE),
                "inject": line.inject,
                "title": title,
                "to": list(line.recipients),
                "simulated": line.announcement is not None,
            }
        )
    return found


def _show_supply(played: "Exercise", rehearsal: "Rehearsal", lost: "Losses | None") -> None:
    if rehearsal.future is None or lost is None:
        return
    click.echo(f"\nPersonenstunden ohne Versorgung: {_number(lost.decided)}")
    click.echo(f"  wenn niemand etwas entscheidet: {_number(lost.nothing)}")
    if lost.places:
        places = ", ".join(f"{send.unit} → {send.facility}" for send in lost.places)
        how = "am besten" if lost.exact else "nacheinander gewählt"
        click.echo(f"  Aggregate sofort, {how} ({places}): {_number(lost.placed)}")


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def _write_json(
    path: Path,
    script: "Script",
    findings: Sequence["Finding"],
    rehearsal: "Rehearsal | None",
    lost: "Losses | None",
) -> None:
    document = {
        "format": FORMAT,
        "name": script.name,
        "findings": [
            {name: getattr(finding, name) for name in ("severity", "place", "message", "advice")}
            for finding in findings
        ],
        "timeline": None if rehearsal is None else _lines(script, rehearsal),
        "losses": None
        if lost is None
        else {
            "decided": round(lost.decided, 3),
            "nothing": round(lost.nothing, 3),
            "placed": round(lost.placed, 3),
            "places": [
                {"unit": each.unit, "facility": each.facility, "supply": each.supply + 1}
                for each in lost.places
            ],
            "exact": lost.exact,
        },
    }
    _write(path, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _write_table(path: Path, script: "Script") -> None:
    from allmende.formats.errors import FormatError
    from allmende.formats.exercise_script.tables import write_csv
    from allmende.formats.exercise_script.workbooks import write_workbook

    if path.suffix not in (".csv", ".xlsx"):
        raise click.UsageError("--table: Die Datei endet auf .csv oder .xlsx.")
    try:
        content = (
            write_csv(script.injects).encode() if path.suffix == ".csv" else write_workbook(script)
        )
    except FormatError as error:
        raise click.ClickException(str(error)) from error
    _write(path, content)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(
            f"{path} lässt sich nicht schreiben: {error.strerror}."
        ) from error
