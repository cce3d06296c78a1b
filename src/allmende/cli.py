"""The command line: ``allmende …``, for operators and analysts.

Messages are German. Exit codes: 0 done, 1 failed, 2 bad input. A command is a function of its own
module in ``allmende.commands``; it raises ``click.ClickException`` where it failed and
``click.UsageError`` where the input was bad.
"""

import gettext
import os
import sys
from pathlib import Path

import click

from allmende.commands.lazy import LazyGroup

NOT_READY = {"OperationalError", "ProgrammingError"}
CONTEXT = {"help_option_names": ["--help", "-h"], "max_content_width": 100}


@click.group(
    cls=LazyGroup,
    table={
        "demo": (
            "allmende.commands.demo:demo",
            "Füllt Beispieldaten ein und startet die Allmende.",
        ),
        "serve": ("allmende.commands.serve:serve", "Startet den Webserver."),
        "worker": ("allmende.commands.worker:worker", "Arbeitet Aufträge im Hintergrund ab."),
        "tick": ("allmende.commands.tick:tick", "Erledigt, was zu festen Zeiten fällig ist."),
        "migrate": (
            "allmende.commands.migrate:migrate",
            "Bringt die Datenbank auf den Stand dieser Version.",
        ),
        "check": ("allmende.commands.check:check", "Prüft, ob die Installation in Ordnung ist."),
        "search": (
            "allmende.commands.search:search_group",
            "Baut das Verzeichnis der Suche neu auf.",
        ),
        "audit": (
            "allmende.commands.audit:audit_group",
            "Prüft das Protokoll: Ist es noch, wie es geschrieben wurde?",
        ),
        "data": ("allmende.commands.data:data_group", "Schreibt die offenen Daten als Dateien."),
        "import": (
            "allmende.commands.import_:import_group",
            "Liest amtliche Verzeichnisse, Gespräche und Listen von Einladungen ein.",
        ),
        "mandate": (
            "allmende.commands.mandate:mandate",
            "Gibt oder beendet das Mandat, für eine Kommune oder Organisation zu sprechen.",
        ),
        "operator": (
            "allmende.commands.mandate:operator",
            "Nimmt eine Person in den Betrieb dieser Installation auf.",
        ),
        "opinion": ("allmende.commands.opinion:opinion", "Rechnet die Meinungskarte von Stimmen."),
        "cascade": (
            "allmende.commands.cascade.command:cascade",
            "Rechnet, wie sich Ausfälle von Einrichtungen ausbreiten.",
        ),
        "exercise": (
            "allmende.commands.exercise:exercise",
            "Prüft das Drehbuch einer Übung und spielt es zur Probe durch.",
        ),
    },
    context_settings=CONTEXT,
    epilog="Mehr zu einem Befehl: allmende BEFEHL --help",
)
@click.version_option(
    package_name="allmende", message="allmende %(version)s", help="Zeigt die Version."
)
def commands() -> None:
    """Allmende: der gemeinsame Grund der Kommunen und des Bundes."""


def speak_german() -> None:
    """Let click find its German catalogue, whatever language the terminal is set to."""
    os.environ["LANGUAGE"] = "de"
    gettext.bindtextdomain("click", str(Path(__file__).parent / "locale"))
    gettext.textdomain("click")


def main() -> None:
    """Run what was typed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.settings")
    speak_german()
    try:
        commands(prog_name="allmende")
    except Exception as error:
        # By name: the command line itself starts without Django.
        kind = type(error)
        if kind.__module__ != "django.db.utils" or kind.__name__ not in NOT_READY:
            raise
        click.echo(f"Fehler: Die Datenbank ist nicht bereit ({error}).", err=True)
        click.echo("Meist hilft zuerst: allmende migrate", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
