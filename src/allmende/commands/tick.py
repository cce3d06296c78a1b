"""``allmende tick``: what is due at fixed times, for cron."""

import logging
import sys
import time

import click
import django
from django.db import DatabaseError, close_old_connections

logger = logging.getLogger(__name__)


@click.command()
@click.option(
    "--every",
    type=click.IntRange(1, 86_400),
    metavar="SEKUNDEN",
    help="Bleibt und wiederholt es in diesem Abstand, statt zu enden.",
)
def tick(every: int | None) -> None:
    """Erledigt, was zu festen Zeiten fällig ist: schließt, was seine Frist hinter sich hat, holt
    Ergebnisse nach, deren Berechnung verloren ging, und sendet Mails, die warten.

    Für cron, einmal in der Minute:

    \b
        * * * * * allmende tick

    Ohne cron: allmende tick --every 60
    """
    django.setup()
    from allmende.portal.offers import all_offers

    while True:
        failed = False
        for offer in all_offers():
            try:
                offer.tick()
            except DatabaseError:
                raise
            except Exception:
                # What one app cannot do must not keep the others from their deadlines.
                logger.exception("a part of tick failed")
                failed = True
        if every is None:
            sys.exit(failed)
        close_old_connections()
        time.sleep(every)
