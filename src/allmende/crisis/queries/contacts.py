"""Contacts and papers of facilities."""

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
