"""``allmende audit``: is the audit log as it was written?"""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django

from .lazy import LazyGroup
from .opinion import OUTPUT

if TYPE_CHECKING:
    from allmende.audit.chain import Anchor, Report


@click.group(
    cls=LazyGroup,
    table={
        "verify": (
            "allmende.commands.audit:verify",
            "Prüft, ob am Protokoll etwas geändert wurde, und nennt es.",
        ),
    },
)
def audit_group() -> None:
    """Das Protokoll: wer was getan hat, in welchem Mandat, wann und warum."""


class WrittenDown(click.ParamType["tuple[int, str]"]):
    """A head that somebody has written down: number and hash."""

    name = "nummer:prüfsumme"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        parts = re.fullmatch(r"\s*(\d+)[:\s]\s*([0-9a-f]{64})\s*", value.lower())
        if parts is None:
            self.fail(f"„{value}“ ist keine Nummer mit einer Prüfsumme von 64 Zeichen.", param, ctx)
        return int(parts[1]), parts[2]


@click.command()
@click.option("--json", "json_file", type=OUTPUT, help="Schreibt das Ergebnis als JSON.")
@click.option(
    "--expect",
    "expected",
    type=WrittenDown(),
    multiple=True,
    metavar="NUMMER:PRÜFSUMME",
    help="Ein Stand, der anderswo notiert wurde; mehrfach möglich.",
)
@click.option("--head", is_flag=True, help="Nennt nur den letzten Eintrag, zum Notieren.")
def verify(*, json_file: Path | None, expected: tuple[tuple[int, str], ...], head: bool) -> None:
    """Prüft, ob am Protokoll etwas geändert, entfernt oder umgestellt wurde, und nennt jeden Eintrag.

    Verglichen wird auch mit den Ankern in audit-anchors.log im Datenverzeichnis: So fällt auf, wenn das
    Ende fehlt oder alles neu geschrieben wurde. Endet mit 1, wenn etwas nicht stimmt.

    \b
    Beispiele:
        allmende audit verify
        allmende audit verify --head
        allmende audit verify --expect 5120:7bc19f7350b47da8…
    """
    django.setup()
    from allmende.audit import queries
    from allmende.audit.anchors import verify_chain
    from allmende.audit.chain import Anchor

    newest = queries.head()
    if head:
        click.echo(_written(newest) if newest else "Das Protokoll ist leer.")
        return
    with click.progressbar(
        length=newest.number if newest else 0,
        label="Einträge prüfen",
        file=sys.stderr,
        show_pos=True,
    ) as bar:
        report = verify_chain(
            expected=[Anchor(number, hash_) for number, hash_ in expected], progress=bar.update
        )
    if json_file is not None:
        _write(json_file, report)
    if not report.is_sound:
        raise click.ClickException(
            "\n  ".join(["Das Protokoll ist verändert worden.", *_told(report)])
        )
    entries = "1 Eintrag" if report.entries == 1 else f"{report.entries} Einträge"
    anchors = "1 Anker" if report.anchors == 1 else f"{report.anchors} Ankern"
    click.echo(f"Das Protokoll ist unversehrt: {entries}, mit {anchors} verglichen.")
    if report.head:
        click.echo(f"Letzter Eintrag: {_written(report.head)}")


def _written(head: "Anchor") -> str:
    return f"{head.number}:{head.hash}"


def _told(report: "Report") -> list[str]:
    lines = [str(finding) for finding in report.findings]
    return [*lines, f"… und {report.unlisted} weitere"] if report.unlisted else lines


def _write(path: Path, report: "Report") -> None:
    text = json.dumps(_document(report), ensure_ascii=False, indent=2)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(
            f"„{path}“ lässt sich nicht schreiben: {error.strerror}"
        ) from error


def _document(report: "Report") -> dict[str, object]:
    return {
        "sound": report.is_sound,
        "entries": report.entries,
        "head": report.head and {"number": report.head.number, "hash": report.head.hash},
        "anchors": report.anchors,
        "findings": [
            {
                "fault": finding.fault,
                "first": finding.first,
                "last": finding.last,
                "belongs": finding.belongs,
                "text": str(finding),
            }
            for finding in report.findings
        ],
        "unlisted": report.unlisted,
    }
