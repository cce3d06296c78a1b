"""``allmende import invitations FILE``: invite the first managers of many organisations."""

import sys
from pathlib import Path

import click
import django

from allmende.formats.errors import FormatError

FAILED, BAD_INPUT = 1, 2
SHOWN = 20


@click.command("invitations")
@click.argument("file", metavar="DATEI", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Prüft nur und lädt niemanden ein.")
def invitations(file: Path, dry_run: bool) -> None:
    """Lädt Menschen aus einer Liste ein, die Menschen ihrer Organisation zu verwalten.

    DATEI ist CSV oder Excel (.xlsx) mit den Spalten AGS oder Organisation, E-Mail und Amt; wenn
    gewünscht auch Name und „Mandat bis“. Ist eine Zeile fehlerhaft, wird niemand eingeladen. Dieselbe
    Datei noch einmal lädt niemanden doppelt ein.

    \b
    Beispiele:
      allmende import invitations kommunen.csv --dry-run
      allmende import invitations kommunen.xlsx
    """
    django.setup()
    from allmende.formats.invitation_list import read_invitation_list
    from allmende.registry import services

    try:
        rows = read_invitation_list(file)
    except FormatError as error:
        click.echo(f"Fehler: {error}", err=True)
        sys.exit(BAD_INPUT)
    check = services.check_rows(rows)
    for fault in check.faults[:SHOWN]:
        click.echo(f"Zeile {fault.line}, {fault.column}: {fault.reason}", err=True)
    if len(check.faults) > SHOWN:
        click.echo(f"… und {len(check.faults) - SHOWN} weitere Fehler.", err=True)
    if check.faults:
        click.echo("Es wurde niemand eingeladen.", err=True)
        sys.exit(BAD_INPUT)
    already = f"; {check.skipped} sind es schon" if check.skipped else ""
    if dry_run:
        click.echo(f"{len(check.wanted)} würden eingeladen{already}.")
        return
    kept = services.keep_list(actor=None, file_name=file.name, rows=rows)
    try:
        services.carry_out_list(actor=None, kept=kept)
    except services.ListError as error:
        click.echo(f"Fehler: {error}", err=True)
        sys.exit(FAILED)
    with click.progressbar(
        length=kept.invited, label="Mails", hidden=not sys.stderr.isatty(), file=sys.stderr
    ) as bar:
        # A worker does the same at the same time, if there is one; no mail goes out twice.
        while queued := services.mail_some(list_id=kept.pk):
            bar.update(queued)
    mails = " Die Mails stehen in der Warteschlange." if kept.invited else ""
    click.echo(f"{kept.invited} eingeladen{already}.{mails}")
