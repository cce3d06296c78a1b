"""Generators: entered, changed, removed; who releases them is forgotten in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import Deed, audited, record, record_many
from allmende.forum.services import Conflict, Overtaken
from allmende.registry.models import Mandate

from ..models import Facility, Generator

if TYPE_CHECKING:
    from allmende.accounts.models import User

NOBODY = {"release_name": "", "release_telephone": ""}


@audited
def add_generator(
    *,
    actor: "User | None",
    mandate: Mandate | None,
    fields: Mapping[str, Any],
    facility: Facility | None = None,
) -> Generator:
    """Enter a generator. The very same again is one: a button was pressed twice."""
    said = {**fields, "facility": facility}
    if there := Generator.objects.filter(**said).first():
        return there
    generator = Generator.objects.create(**said, confirmed_on=timezone.localdate())
    record(actor=actor, mandate=mandate, deed="crisis.add_generator", obj=generator)
    return generator


@audited
def change_generator(
    *,
    actor: "User",
    mandate: Mandate | None,
    generator: Generator,
    seen: int,
    fields: Mapping[str, Any],
) -> None:
    """Say it otherwise, or confirm it; ``seen`` is the version that the page showed.

    Raises ``Overtaken`` if somebody else has changed it since, ``Conflict`` if it is gone.
    """
    there = Generator.objects.filter(pk=generator.pk)
    said = {**fields, "confirmed_on": timezone.localdate(), "version": F("version") + 1}
    if not there.filter(version=seen).update(**said):
        if (stored := there.first()) is None:
            raise Conflict(_("Diese Netzersatzanlage ist inzwischen gelöscht."))
        raise Overtaken(
            _(
                "Jemand anderes hat diese Angaben inzwischen geändert. Ihre Eingabe steht noch hier: "
                "Vergleichen Sie sie mit dem neuen Stand und speichern Sie noch einmal."
            ),
            there=stored,
        )
    record(actor=actor, mandate=mandate, deed="crisis.change_generator", obj=generator)


@audited
def remove_generator(*, actor: "User", mandate: Mandate | None, generator: Generator) -> None:
    """Say that it is there no more. Raises ``Conflict`` if it is gone already."""
    record(actor=actor, mandate=mandate, deed="crisis.remove_generator", obj=generator)
    if not Generator.objects.filter(pk=generator.pk).delete()[0]:
        raise Conflict(_("Diese Netzersatzanlage ist schon gelöscht."))


@audited
def clear_releases(before: datetime) -> int:
    """Forget who releases generators where nobody has confirmed it since a day; returns how many."""
    old = Generator.objects.filter(confirmed_on__lt=timezone.localdate(before)).exclude(**NOBODY)
    deeds = [Deed("crisis.clear_releases", each) for each in old.order_by("pk")]
    record_many(actor=None, deeds=deeds)
    return old.update(**NOBODY, version=F("version") + 1)
