"""``allmende search``: the index of the search."""

import sys

import click
import django

from .lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    table={
        "rebuild": (
            "allmende.commands.search:rebuild",
            "Baut das Verzeichnis der Suche neu auf.",
        ),
    },
)
def search_group() -> None:
    """Die Suche über alles, was öffentlich ist oder jemand sehen darf."""


@click.command()
def rebuild() -> None:
    """Baut das Verzeichnis der Suche neu auf.

    Nötig nur, wenn jemand die Datenbank von Hand geändert hat: Sonst hält es sich selbst aktuell. Der
    Betrieb läuft weiter, auch mehrmals hintereinander ist es unschädlich.

    \b
    Beispiel:
        allmende search rebuild
    """
    django.setup()
    from allmende.portal.search import index

    with click.progressbar(
        length=index.size(), label="Suche aufbauen", file=sys.stderr, show_pos=True
    ) as bar:
        entries = index.rebuild(progress=bar.update)
    click.echo("1 Eintrag." if entries == 1 else f"{entries:,} Einträge.".replace(",", "."))
