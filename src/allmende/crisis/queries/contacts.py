"""Contacts and papers of facilities."""

from collections import defaultdict
from collections.abc import Iterable

from ..models import Contact, Document


def get_contact(number: int) -> Contact:
    """A contact with its facility."""
    found = Contact.objects.select_related("facility__provider", "facility__region__parent")
    return found.get(pk=number)


def get_document(number: int) -> Document:
    """A paper with its file and facility."""
    found = Document.objects.select_related(
        "upload", "facility__provider", "facility__region__parent"
    )
    return found.get(pk=number)


def contacts_of(facilities: Iterable[int]) -> dict[int, list[Contact]]:
    """Whom to call about some facilities, by their numbers."""
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(facility__in=list(facilities)):
        found[contact.facility_id].append(contact)
    return found
