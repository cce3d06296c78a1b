"""``allmende tick``: what is due at fixed times, for cron."""

import click
import django


@click.command()
def tick() -> None:
    """Erledigt, was zu festen Zeiten fällig ist: schließt, was seine Frist hinter sich hat, und
    holt Ergebnisse nach, deren Berechnung verloren ging.

    Für cron, einmal in der Minute:

    \b
        * * * * * allmende tick
    """
    django.setup()
    from allmende.portal.offers import all_offers

    for offer in all_offers():
        offer.tick()
