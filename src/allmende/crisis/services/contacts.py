"""Contacts and papers of facilities: added, changed, removed, and forgotten in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import Deed, audited, record, record_many
from allmende.forum.services import Conflict
from allmende.portal.services import keep_upload, remove_upload
from allmende.registry.models import Mandate

from ..models import Contact, Document, Facility
from .facilities import take_version

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile

MOST_CONTACTS = 20
MOST_DOCUMENTS = 30


def _count_change(facility: Facility) -> None:
    """Count a change. It locks the facility's row: limits cannot be passed by two at once."""
    Facility.objects.filter(pk=facility.pk).update(version=F("version") + 1)


@audited
def add_contact(
    *, actor: "User", mandate: Mandate | None, facility: Facility, fields: Mapping[str, Any]
) -> Contact:
    """Say whom to call. The same one twice is one; raises ``Conflict`` if there are too many."""
    _count_change(facility)
    today = timezone.localdate()
    if there := facility.contacts.filter(**fields).first():
        return there
    if facility.contacts.count() >= MOST_CONTACTS:
        raise Conflict(
            _("Mehr als %(most)s Kontakte hat eine Einrichtung nicht.") % {"most": MOST_CONTACTS}
        )
    contact = Contact.objects.create(facility=facility, confirmed_on=today, **fields)
    record(actor=actor, mandate=mandate, deed="crisis.add_contact", obj=facility)
    return contact


@audited
def change_contact(
    *,
    actor: "User",
    mandate: Mandate | None,
    contact: Contact,
    seen: int,
    fields: Mapping[str, Any],
) -> None:
    """Say it otherwise, or confirm it; ``seen`` is the version of the facility that the page showed."""
    take_version(contact.facility, seen)
    there = Contact.objects.filter(pk=contact.pk)
    if not there.update(**fields, confirmed_on=timezone.localdate()):
        raise Conflict(_("Dieser Kontakt ist inzwischen gelöscht."))
    record(actor=actor, mandate=mandate, deed="crisis.change_contact", obj=contact.facility)


@audited
def remove_contact(*, actor: "User", mandate: Mandate | None, contact: Contact) -> None:
    """Forget whom to call. Raises ``Conflict`` if it is gone already."""
    facility = contact.facility
    if not Contact.objects.filter(pk=contact.pk).delete()[0]:
        raise Conflict(_("Dieser Kontakt ist schon gelöscht."))
    _count_change(facility)
    record(actor=actor, mandate=mandate, deed="crisis.remove_contact", obj=facility)


@audited
def clear_contacts(before: datetime) -> int:
    """Forget contacts that nobody has confirmed since a day; returns how many.

    It counts as a change: a file that was written before must not bring them back unnoticed, nor may that be
    laid to whoever changed the facility last.
    """
    old = Contact.objects.filter(confirmed_on__lt=timezone.localdate(before))
    of_old = Facility.objects.filter(pk__in=old.values("facility"))
    deeds = [Deed("crisis.clear_contacts", facility) for facility in of_old.order_by("pk")]
    of_old.update(version=F("version") + 1)
    record_many(actor=None, deeds=deeds)
    return old.delete()[0]


@audited
def add_document(
    *,
    actor: "User",
    mandate: Mandate | None,
    facility: Facility,
    title: str,
    file: "CheckedFile",
) -> Document:
    """Keep a paper with a facility. The same file twice is one; ``Conflict`` if there are too many."""
    _count_change(facility)
    if there := facility.documents.filter(upload__sha256=file.sha256, title=title).first():
        return there
    if facility.documents.count() >= MOST_DOCUMENTS:
        raise Conflict(
            _("Mehr als %(most)s Dokumente hat eine Einrichtung nicht.") % {"most": MOST_DOCUMENTS}
        )
    upload = keep_upload(actor=actor, file=file)
    document = Document.objects.create(
        facility=facility, title=title, upload=upload, added_by=actor
    )
    record(actor=actor, mandate=mandate, deed="crisis.add_document", obj=facility)
    return document


@audited
def remove_document(*, actor: "User", mandate: Mandate | None, document: Document) -> None:
    """Remove a paper and its file. Raises ``Conflict`` if it is gone already."""
    facility, upload = document.facility, document.upload
    if not Document.objects.filter(pk=document.pk).delete()[0]:
        raise Conflict(_("Dieses Dokument ist schon gelöscht."))
    remove_upload(upload=upload)
    _count_change(facility)
    record(actor=actor, mandate=mandate, deed="crisis.remove_document", obj=facility)


@audited
def fetch_document(*, actor: "User", mandate: Mandate | None, document: Document) -> None:
    """Write down that somebody takes a paper along."""
    record(actor=actor, mandate=mandate, deed="crisis.fetch_document", obj=document.facility)
