"""``allmende migrate``: the database as this version needs it."""

import click
import django
from django.core.management import call_command
from django.db import OperationalError


@click.command()
def migrate() -> None:
    """Bringt die Datenbank auf den Stand dieser Version.

    Auch mehrmals hintereinander unschädlich. Vorhandene Daten bleiben erhalten.
    """
    django.setup()
    bring_up_to_date()
    click.echo("Die Datenbank ist auf dem neuesten Stand.")


def bring_up_to_date() -> None:
    """Apply what is missing; say in one line if the database does not answer.

    What can be found since this version is indexed; thresholds that came with it are added.
    """
    from allmende.crisis.services import load_thresholds
    from allmende.portal.search import index

    try:
        call_command("migrate", verbosity=0, interactive=False)
        load_thresholds()
        if index.kinds_without_entries():
            index.rebuild()
    except OperationalError as error:
        raise click.ClickException(f"Die Datenbank antwortet nicht: {error}") from error
