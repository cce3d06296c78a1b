"""Facilities and their needs: entered, changed, given up."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.audit.services import audited, record
from allmende.forum.services import Conflict, Overtaken
from allmende.registry.models import Mandate, Region

from ..models import Facility, Share, Supplier, Supply

if TYPE_CHECKING:
    from allmende.accounts.models import User

    from ..queries import Missing


@audited
def add_facility(
    *,
    actor: "User | None",
    mandate: Mandate | None,
    fields: Mapping[str, Any],
    shares: Mapping[Region, int],
) -> Facility:
    """Enter a facility. Invented ones lie in invented regions, and real ones never do.

    The very same again is one: a button was pressed twice.
    """
    if there := Facility.objects.working().filter(**fields).first():
        return there
    facility = Facility.objects.create(**fields, is_example=fields["region"].invented)
    _set_shares(facility, shares)
    record(actor=actor, mandate=mandate, deed="crisis.add_facility", obj=facility)
    return facility


@audited
def change_facility(
    *,
    actor: "User",
    mandate: Mandate | None,
    facility: Facility,
    seen: int,
    fields: Mapping[str, Any],
    shares: Mapping[Region, int],
) -> None:
    """Change what is said of a facility; ``seen`` is the version that the page showed.

    Raises ``Overtaken`` if somebody else has changed it since, ``Conflict`` if it was given up.
    """
    take_version(facility, seen)
    Facility.objects.filter(pk=facility.pk).update(**fields, is_example=fields["region"].invented)
    facility.refresh_from_db()
    _set_shares(facility, shares)
    record(actor=actor, mandate=mandate, deed="crisis.change_facility", obj=facility)


def take_version(facility: Facility, seen: int) -> None:
    """Count a change of a facility's, if nobody else was quicker."""
    there = Facility.objects.filter(pk=facility.pk)
    if there.filter(version=seen, closed_on=None).update(version=F("version") + 1):
        return
    if there.exclude(closed_on=None).exists():
        raise Conflict(_("Diese Einrichtung ist inzwischen aufgegeben."))
    raise Overtaken(
        _(
            "Jemand anderes hat diese Einrichtung inzwischen geändert. Ihre Angaben stehen noch hier: "
            "Vergleichen Sie sie mit dem neuen Stand und speichern Sie noch einmal."
        ),
        there=there.get(),
    )


def _set_shares(facility: Facility, shares: Mapping[Region, int]) -> None:
    facility.shares.all().delete()
    Share.objects.bulk_create(
        Share(facility=facility, region=region, persons=persons)
        for region, persons in shares.items()
    )


@audited
def close_facility(*, actor: "User", mandate: Mandate | None, facility: Facility) -> None:
    """Say that a facility is there no more; its history stays, and it can be put back."""
    today = timezone.localdate()
    if not Facility.objects.filter(pk=facility.pk, closed_on=None).update(closed_on=today):
        raise Conflict(_("Diese Einrichtung ist schon aufgegeben."))
    record(actor=actor, mandate=mandate, deed="crisis.close_facility", obj=facility)


@audited
def reopen_facility(*, actor: "User", mandate: Mandate | None, facility: Facility) -> None:
    """Undo ``close_facility``."""
    given_up = Facility.objects.filter(pk=facility.pk).exclude(closed_on=None)
    if not given_up.update(closed_on=None):
        raise Conflict(_("Diese Einrichtung ist nicht aufgegeben."))
    record(actor=actor, mandate=mandate, deed="crisis.reopen_facility", obj=facility)


@audited
def add_supply(
    *,
    actor: "User | None",
    mandate: Mandate | None,
    facility: Facility,
    fields: Mapping[str, Any],
    suppliers: Sequence[Facility],
) -> Supply:
    """Say what a facility needs, and of whom. The same need twice is one: a button was pressed twice."""
    keys = {supplier.pk for supplier in suppliers}
    for there in facility.supplies.filter(service=fields["service"]).prefetch_related("rows"):
        if {row.facility_id for row in there.rows.all()} == keys:
            return there
    supply = Supply.objects.create(facility=facility, **fields)
    Supplier.objects.bulk_create(
        Supplier(supply=supply, facility=supplier) for supplier in suppliers
    )
    Facility.objects.filter(pk=facility.pk).update(version=F("version") + 1)
    record(
        actor=actor, mandate=mandate, deed="crisis.add_supply", obj=facility, service=supply.service
    )
    return supply


@audited
def confirm_suppliers(
    *, actor: "User", wanted: Sequence[tuple["Missing", Sequence[Facility]]]
) -> int:
    """Say of many facilities of whom they get what; of one that by now has a need of that service, nothing.

    Nobody has said how long they last without it: that counts as not at all, and the note says so. Returns
    how many needs are new.
    """
    keys = [missing.facility.pk for missing, _suppliers in wanted]
    there = Supply.objects.filter(facility__in=keys).order_by()
    known = set(there.values_list("facility", "service"))
    left = [each for each in wanted if (each[0].facility.pk, str(each[0].service)) not in known]
    with override(settings.LANGUAGE_CODE):  # it is kept
        note = _("Nach der Entfernung vorgeschlagen; Vorrat noch nicht eingetragen.")
    for missing, suppliers in left:
        add_supply(
            actor=actor,
            mandate=missing.mandate,
            facility=missing.facility,
            fields={
                "service": missing.service,
                "needed": min(missing.needed, len(suppliers)),
                "note": note,
            },
            suppliers=suppliers,
        )
    return len(left)


@audited
def change_supply(
    *,
    actor: "User",
    mandate: Mandate | None,
    supply: Supply,
    seen: int,
    fields: Mapping[str, Any],
    suppliers: Sequence[Facility],
) -> None:
    """Say it otherwise; ``seen`` is the version of the facility that the page showed.

    Raises ``Overtaken`` if somebody else has changed the facility since.
    """
    take_version(supply.facility, seen)
    if not Supply.objects.filter(pk=supply.pk).update(**fields):
        raise Conflict(_("Dieser Bedarf ist inzwischen gelöscht."))
    supply.rows.all().delete()
    Supplier.objects.bulk_create(
        Supplier(supply=supply, facility=supplier) for supplier in suppliers
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="crisis.change_supply",
        obj=supply.facility,
        service=str(fields["service"]),
    )


@audited
def remove_supply(*, actor: "User", mandate: Mandate | None, supply: Supply) -> None:
    """Say that a facility does not need it. Raises ``Conflict`` if it is gone already."""
    facility, service = supply.facility, supply.service
    if not Supply.objects.filter(pk=supply.pk).delete()[0]:
        raise Conflict(_("Dieser Bedarf ist schon gelöscht."))
    Facility.objects.filter(pk=facility.pk).update(version=F("version") + 1)
    record(actor=actor, mandate=mandate, deed="crisis.remove_supply", obj=facility, service=service)
