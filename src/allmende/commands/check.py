"""``allmende check``: is the installation sound?"""

import time
from collections.abc import Iterator

import click
import django
from django.conf import settings
from django.core.checks import ERROR, WARNING, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone


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
    ours = list(production.faults_of_settings()) if in_service else []
    yield from map(str, ours)
    # Django's own say in English what ours have said, and more where ours find nothing.
    thorough = in_service and not any(fault.unsafe for fault in ours)
    for message in run_checks(include_deployment_checks=thorough):
        if message.level >= (WARNING if thorough else ERROR) and not message.is_silenced():
            yield str(message)
    # SQLite counts days by the system's time zones, not by Python's; without them, by UTC.
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite and time.strftime("%z") != timezone.localtime().strftime("%z"):
        zone = settings.TIME_ZONE
        yield f"Dem System fehlt die Zeitzone {zone}. Abhilfe: das Paket tzdata installieren"
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield "Die Datenbank ist veraltet. Abhilfe: allmende migrate"
        elif in_service:
            yield from map(str, production.faults_of_data())
    except DatabaseError as error:
        yield f"Die Datenbank antwortet nicht: {error}"
