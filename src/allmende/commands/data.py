"""``allmende data``: open data as files."""

import click
import django

from .lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    table={
        "dump": (
            "allmende.commands.data:dump",
            "Schreibt den Abzug der offenen Daten jetzt, nicht erst in der Nacht.",
        ),
    },
)
def data_group() -> None:
    """Offene Daten: alles, was öffentlich ist, als Dateien."""


@click.command()
def dump() -> None:
    """Schreibt alles, was öffentlich ist, in eine SQLite-Datei und als Parquet.

    Die Dateien stehen danach unter /daten/ und in ALLMENDE_DATA_DIR/open-data. In jeder Nacht geschieht
    das von selbst, wenn „tick“ und „worker“ laufen.
    """
    django.setup()
    from allmende.portal.open_data import dumps

    try:
        made = dumps.make_dump()
    except dumps.BusyError:
        raise click.ClickException("Ein anderer Abzug läuft gerade. Bitte warten Sie.") from None
    for name, rows in made.rows.items():
        click.echo(f"{name}: {rows}")
    size = sum(file.bytes for file in made.files.values())
    click.echo(f"{dumps.folder() / made.name}: {size / 1_000_000:.1f} MB")
