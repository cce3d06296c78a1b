"""``allmende import municipalities FILE…``: take in official registers of municipalities."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django
from django.core.management import call_command
from django.db import OperationalError

from allmende.formats.errors import FormatError

if TYPE_CHECKING:
    from allmende.formats.municipalities import Register
    from allmende.registry.services import ImportReport

FAILED, BAD_INPUT = 1, 2
# Only for the bar: all of Germany with its associations has about this many records.
USUAL_RECORDS = 15_900
SHOWN = 12


@click.command("municipalities")
@click.argument(
    "files",
    metavar="DATEI…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option(
    "--json",
    "json_file",
    metavar="DATEI",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Bericht zusätzlich als JSON in diese Datei schreiben.",
)
def municipalities(files: tuple[Path, ...], json_file: Path | None) -> None:
    """Amtliche Gemeindeverzeichnisse einlesen.

    DATEI ist AuszugGV….xlsx, GV100AD….txt oder eine Liste der Namens- und Gebietsänderungen (.xlsx)
    des Statistischen Bundesamtes, so wie sie veröffentlicht ist. Mehrere Dateien werden gemeinsam
    übernommen: alle oder keine.

    \b
    Beispiele:
      allmende import municipalities AuszugGV4QAktuell_2024.xlsx
      allmende import municipalities GV100AD_301123.txt namens-grenz-aenderungen-2023.xlsx
    """
    if json_file and not json_file.parent.is_dir():
        click.echo(f"Fehler: Den Ordner „{json_file.parent}“ gibt es nicht.", err=True)
        sys.exit(BAD_INPUT)
    django.setup()
    from allmende.registry.services import import_registers

    call_command("migrate", verbosity=0, interactive=False)
    try:
        registers = [_read(path) for path in files]
        total = sum(len(register.regions) for register in registers)
        with click.progressbar(
            length=total, label="Übernehmen", hidden=not sys.stderr.isatty(), file=sys.stderr
        ) as bar:
            done = 0

            def stored(count: int) -> None:
                nonlocal done
                bar.update(max(0, count - done))
                done = count

            reports = import_registers(registers=registers, actor=None, progress=stored)
    except FormatError as error:
        click.echo(f"Fehler: {error}", err=True)
        click.echo("Es wurde nichts geändert.", err=True)
        sys.exit(BAD_INPUT)
    except OperationalError as error:
        click.echo(
            f"Fehler: Die Datenbank ist nicht bereit oder gerade belegt ({error}).", err=True
        )
        click.echo("Es wurde nichts geändert. Bitte versuchen Sie es noch einmal.", err=True)
        sys.exit(FAILED)
    for report in reports:
        click.echo(describe(report))
    click.echo(describe_totals(reports[-1]))
    if json_file:
        content = json.dumps([report.as_json() for report in reports], ensure_ascii=False, indent=2)
        json_file.write_text(content + "\n", encoding="utf-8")
        click.echo(f"Bericht geschrieben: {json_file}")


def _read(path: Path) -> "Register":
    from allmende.formats.municipalities import read_register

    with click.progressbar(
        length=USUAL_RECORDS,
        label=f"Lesen {path.name}",
        hidden=not sys.stderr.isatty(),
        file=sys.stderr,
    ) as bar:
        register = read_register(
            path, progress=lambda count: bar.update(max(0, min(count, USUAL_RECORDS) - bar.pos))
        )
        bar.update(max(0, USUAL_RECORDS - bar.pos))
    return register


def describe(report: "ImportReport") -> str:
    """Tell in a table what one file changed."""
    rows = [
        ("Quelle", report.source),
        ("Stand", f"{report.status_date:%d.%m.%Y}"),
        ("Ergebnis", report.mode),
        ("neu", _number(report.added)),
        ("umbenannt", _number(len(report.renamed))),
        ("neuer Schlüssel", _number(len(report.rekeyed))),
        ("aufgelöst", _number(len(report.ended))),
        (
            "Einwohner geändert",
            f"{_number(report.population_changed)} Gemeinden "
            f"({'+' if report.population_difference >= 0 else ''}"
            f"{_number(report.population_difference)})",
        ),
        ("frühere ergänzt", _number(report.historical)),
        ("Nachfolger verknüpft", _number(report.successors_linked)),
        ("Änderungen gemerkt", _number(report.changes_stored)),
    ]
    if report.changes_waiting:
        rows.append(("warten auf Verzeichnis", _number(report.changes_waiting)))
    zero = {"0", "0 Gemeinden (+0)"}
    lines = [f"\n{report.file}"]
    lines += [f"  {label:<24}{value}" for label, value in rows if value not in zero]
    lines += _listed("Neu", report.new)
    lines += _listed(
        "Umbenannt", [f"{row.old_name} → {row.new_name} ({row.key})" for row in report.renamed]
    )
    lines += _listed("Neuer Schlüssel", report.rekeyed)
    lines += _listed(
        "Aufgelöst",
        [
            f"{row.name} ({row.key}) → {', '.join(row.successors) or 'Nachfolger nicht bekannt'}"
            for row in report.ended
        ],
    )
    return "\n".join(lines)


def describe_totals(report: "ImportReport") -> str:
    """Tell what there is after the last file."""
    now = report.totals
    if now is None:
        return ""
    return "\n".join(
        [
            "\nBestand",
            f"  {now.laender} Länder, {now.kreise} Kreise",
            f"  {_number(now.municipalities)} Gemeinden mit Einwohnern",
            f"  {_number(now.population)} Einwohner",
            f"  {_number(now.dissolved)} aufgelöste Gemeinden",
        ]
    )


def _listed(label: str, rows: list[str]) -> list[str]:
    if not rows:
        return []
    more = [f"    … und {len(rows) - SHOWN} weitere (alle mit --json)"] if len(rows) > SHOWN else []
    return [f"  {label}:", *[f"    {row}" for row in rows[:SHOWN]], *more]


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
