"""Audit entries in words."""

from django import template

from allmende.portal.offers import all_offers

from ..models import Entry

register = template.Library()


@register.filter
def deed(entry: Entry) -> str:
    """What was done, as the app that did it says it in German."""
    words = {name: label for offer in all_offers() for name, label in offer.deeds.items()}
    return words.get(entry.deed, entry.deed)
