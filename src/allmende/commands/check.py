"""``allmende check``: is the installation sound?"""

import click
import django
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@click.command()
def check() -> None:
    """Prüft, ob die Installation in Ordnung ist.

    Endet mit 1, wenn etwas fehlt, und sagt dann, was.
    """
    django.setup()
    faults = [str(message) for message in run_checks() if message.level >= ERROR]
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            faults.append("Die Datenbank ist veraltet. Abhilfe: allmende migrate")
    except DatabaseError as error:
        faults.append(f"Die Datenbank antwortet nicht: {error}")
    if faults:
        raise click.ClickException("\n  ".join(["Die Installation hat Mängel:", *faults]))
    click.echo("Alles in Ordnung.")
