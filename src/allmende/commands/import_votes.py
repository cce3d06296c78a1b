"""``allmende import votes DIR``: an exported conversation becomes a concern."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allmende.formats.errors import FormatError

if TYPE_CHECKING:
    from allmende.forum.models import Result
    from allmende.forum.services import ImportedConversation

BAD_INPUT = 2
STEPS = {"shuffles": "Vergleich mit Zufall", "bootstraps": "Wiederholungen"}


@click.command("votes")
@click.argument("folder", metavar="ORDNER", type=click.Path(path_type=Path))
@click.option("--open", "stays_open", is_flag=True, help="Das Anliegen bleibt sechs Wochen offen.")
def votes(folder: Path, stays_open: bool) -> None:
    """Macht aus einem Gespräch, das mit Polis geführt wurde, ein Anliegen, und wertet es aus.

    ORDNER ist der Ordner eines Polis-Exports oder eine Datei „votes.csv“. Wird derselbe Export noch
    einmal eingelesen, ändert sich nichts; ein neuerer ergänzt, was neu ist. Was dasselbe Gespräch
    ist, sagt der Name des Ordners.

    \b
    Beispiele:
        allmende import votes ~/export/klima
        allmende import votes ~/export/klima --open
    """
    import django

    django.setup()
    from allmende.commands.migrate import bring_up_to_date
    from allmende.formats.polis_export import read_polis_export
    from allmende.forum import services

    try:
        export = read_polis_export(folder)
    except FormatError as error:
        click.echo(f"Fehler: {error}", err=True)
        click.echo("Es wurde nichts geändert.", err=True)
        sys.exit(BAD_INPUT)
    bring_up_to_date()
    try:
        done = services.import_conversation(actor=None, export=export, stays_open=stays_open)
    except services.Conflict as conflict:
        raise click.UsageError(str(conflict)) from None
    click.echo(describe(done))
    click.echo(describe_result(_compute(done)))


def _compute(done: "ImportedConversation") -> "Result":
    """Compute the result, with a bar on a terminal."""
    from allmende.forum import services
    from allmende.forum.models import Voices

    with click.progressbar(
        length=100, label="Auswerten", hidden=not sys.stderr.isatty(), file=sys.stderr
    ) as bar:

        def progress(step: str, number: int, total: int) -> None:
            bar.label = STEPS.get(step, step)
            bar.length = total
            bar.update(number - bar.pos)

        return services.compute_now(concern=done.concern, voices=Voices.PERSONAL, progress=progress)


def describe(done: "ImportedConversation") -> str:
    """What has come in."""
    if not (done.is_new or done.participants or done.statements or done.votes or done.changed):
        return f"„{done.concern}“ war schon eingelesen. Es gab nichts Neues."
    head = "Neues Anliegen" if done.is_new else "Ergänzt"
    return (
        f"{head}: „{done.concern}“\n"
        f"  {_number(done.participants)} neue Teilnehmende, {_number(done.statements)} neue Aussagen,\n"
        f"  {_number(done.votes)} neue Stimmen, {_number(done.changed)} geänderte"
    )


def describe_result(result: "Result") -> str:
    """What the result says, and where to look at it."""
    from django.urls import reverse

    from allmende.forum.results.figures import figures_of

    figures = figures_of(result)
    address = reverse("forum:result", args=[result.concern.slug])
    groups = f"{len(figures.groups)} Gruppen" if figures.groups else "keine stabilen Gruppen"
    return (
        f"Ergebnis: {_number(figures.voted)} Teilnehmende, {len(figures.statements)} Aussagen, {groups}\n"
        f"  Ansehen: {address}"
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
