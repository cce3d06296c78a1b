"""What providers say about themselves, once for all their facilities."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import Deed, audited, record, record_many
from allmende.forum.services import Overtaken
from allmende.registry.models import Mandate, Organisation

from ..models import Particulars

if TYPE_CHECKING:
    from allmende.accounts.models import User

NO_CONTACT = {"contact_name": "", "contact_telephone": "", "contact_email": ""}


@audited
def set_particulars(
    *,
    actor: "User",
    mandate: Mandate | None,
    provider: Organisation,
    seen: int,
    fields: Mapping[str, Any],
) -> None:
    """Say or confirm what the law asks about a provider; ``seen`` is the version that the page showed, or 0.

    The very same again is once: a button was pressed twice. Raises ``Overtaken`` if somebody else has said
    something else since.
    """
    said = {**fields, "confirmed_on": timezone.localdate()}
    if seen == 0:
        there, new = Particulars.objects.get_or_create(organisation=provider, defaults=said)
    else:
        rows = Particulars.objects.filter(organisation=provider, version=seen)
        new = bool(rows.update(**said, version=F("version") + 1))
        there = Particulars.objects.get(organisation=provider)
    if not new and all(getattr(there, name) == value for name, value in said.items()):
        return
    if not new:
        raise Overtaken(
            _(
                "Jemand anderes hat diese Angaben inzwischen geändert. Ihre Eingabe steht noch hier: "
                "Vergleichen Sie sie mit dem neuen Stand und speichern Sie noch einmal."
            ),
            there=there,
        )
    record(actor=actor, mandate=mandate, deed="crisis.set_particulars", obj=provider)


@audited
def clear_provider_contacts(before: datetime) -> int:
    """Forget contacts of providers that nobody has confirmed since a day; returns how many."""
    old = Particulars.objects.filter(confirmed_on__lt=timezone.localdate(before))
    old = old.exclude(**NO_CONTACT)
    deeds = [
        Deed("crisis.clear_provider_contacts", each.organisation)
        for each in old.select_related("organisation").order_by("pk")
    ]
    record_many(actor=None, deeds=deeds)
    return old.update(**NO_CONTACT, version=F("version") + 1)
