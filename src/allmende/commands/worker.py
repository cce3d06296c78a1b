"""``allmende worker``: runs what views have put off."""

import logging
import os

import click
import django
from django.utils.crypto import get_random_string

# A result may wait for a moment, whoever looks at a page may not: where the processor is short, she comes first.
BEHIND_THE_PAGES = 10


@click.command()
@click.option("--once", is_flag=True, help="Arbeitet ab, was wartet, und endet dann.")
def worker(once: bool) -> None:
    """Arbeitet Aufträge im Hintergrund ab, bis er mit Strg-C oder SIGTERM beendet wird.

    Ein begonnener Auftrag wird noch zu Ende gebracht. Es dürfen mehrere zugleich laufen.
    """
    django.setup()
    from django_tasks_db.management.commands.db_worker import Worker

    # What its tasks have to say is logged; its own coming and going needs no line.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    runner = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=1,
        batch=once,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
    )
    runner.configure_signals()
    if not once:
        os.nice(BEHIND_THE_PAGES)
        click.echo("Die Hintergrundarbeit wartet auf Aufträge.")
    runner.run()
