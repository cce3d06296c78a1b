"""``allmende check``: is the installation sound?"""

from collections.abc import Iterator

import click
import django
from django.core.checks import ERROR, WARNING, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@click.command()
def check() -> None:
    """Prüft, ob die Installation in Ordnung ist.

    Endet mit 1, wenn etwas fehlt, und sagt dann, was zu tun ist. Erreichen andere die Installation
    (ALLMENDE_ORIGIN), gelten die Regeln für den Betrieb: verschlüsselt, ohne Beispieldaten, mit
    Mailserver. Was davon unsicher ist, hält auch den Start auf.
    """
    django.setup()
    found = list(faults())
    if found:
        raise click.ClickException("\n  ".join(["Die Installation hat Mängel:", *found]))
    click.echo("Alles in Ordnung.")


def faults() -> Iterator[str]:
    """Everything that is wrong, in sentences."""
    from . import production

    in_service = production.is_in_service()
    for message in run_checks(include_deployment_checks=in_service):
        if message.level >= (WARNING if in_service else ERROR) and not message.is_silenced():
            yield str(message)
    if in_service:
        yield from map(str, production.faults_of_settings())
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield "Die Datenbank ist veraltet. Abhilfe: allmende migrate"
        elif in_service:
            yield from map(str, production.faults_of_data())
    except DatabaseError as error:
        yield f"Die Datenbank antwortet nicht: {error}"
