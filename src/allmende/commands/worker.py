"""``allmende worker``: runs what views have put off."""

import click
import django
from django.core.management import call_command


@click.command()
@click.option("--once", is_flag=True, help="Arbeitet ab, was wartet, und endet dann.")
def worker(once: bool) -> None:
    """Arbeitet Aufträge im Hintergrund ab, bis er mit Strg-C oder SIGTERM beendet wird.

    Ein begonnener Auftrag wird noch zu Ende gebracht. Es dürfen mehrere zugleich laufen.
    """
    django.setup()
    call_command("db_worker", batch=once, startup_delay=False, verbosity=0 if once else 1)
