"""``allmende tick``: what is due at fixed times, for cron."""

import time

import click
import django
from django.db import close_old_connections


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
        for offer in all_offers():
            offer.tick()
        if every is None:
            return
        close_old_connections()
        time.sleep(every)
