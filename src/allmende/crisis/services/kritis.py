"""What facilities supply by year, thresholds, and where incidents are told."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.formats.kritis import read_thresholds
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate

from ..models import Facility, Measure, ReportingOffice, Threshold
from .facilities import take_version

if TYPE_CHECKING:
    from allmende.accounts.models import User


def load_thresholds() -> int:
    """Add the thresholds that come with this version and are not there; returns how many there are.

    What operators have added or said otherwise stays.
    """
    there = set(Threshold.objects.values_list("key", "level", "land", "valid_from"))
    Threshold.objects.bulk_create(
        (
            Threshold(**vars(row))
            for row in read_thresholds()
            if (row.key, row.level, row.land, row.valid_from) not in there
        ),
        ignore_conflicts=True,  # two who bring the database up to date at once
    )
    return Threshold.objects.count()


@audited
def set_measure(
    *,
    actor: "User",
    mandate: Mandate | None,
    facility: Facility,
    seen: int,
    key: str,
    year: int,
    value: Decimal,
    group: str,
) -> None:
    """Say how much a facility supplied in a year, and to what it belongs; a value that is there is replaced.

    Raises ``Overtaken`` if somebody else has changed the facility since version ``seen``.
    """
    take_version(facility, seen)
    Facility.objects.filter(pk=facility.pk).update(group=group)
    Measure.objects.update_or_create(
        facility=facility, key=key, year=year, defaults={"value": value}
    )
    record(
        actor=actor, mandate=mandate, deed="crisis.set_measure", obj=facility, key=key, year=year
    )


@audited
def remove_measure(*, actor: "User", mandate: Mandate | None, measure: Measure) -> None:
    """Take a value back. Raises ``Conflict`` if it is gone already."""
    facility, key, year = measure.facility, measure.key, measure.year
    if not Measure.objects.filter(pk=measure.pk).delete()[0]:
        raise Conflict(_("Dieser Wert ist schon gelöscht."))
    Facility.objects.filter(pk=facility.pk).update(version=F("version") + 1)
    record(
        actor=actor, mandate=mandate, deed="crisis.remove_measure", obj=facility, key=key, year=year
    )


@audited
def add_threshold(*, actor: "User", fields: Mapping[str, Any]) -> Threshold:
    """Add a threshold. Raises ``Conflict`` if one of the same key begins on the same day."""
    try:
        with transaction.atomic():
            threshold = Threshold.objects.create(**fields, added_by=actor)
    except IntegrityError:
        raise Conflict(
            _("Für diese Kategorie gibt es schon einen Schwellenwert, der an diesem Tag beginnt.")
        ) from None
    record(
        actor=actor,
        deed="crisis.add_threshold",
        obj=threshold,
        key=threshold.key,
        amount=str(threshold.amount),
        valid_from=threshold.valid_from.isoformat(),
    )
    return threshold


@audited
def set_reporting_office(*, actor: "User", land: str, name: str, how: str) -> None:
    """Say where incidents are told: to the Bund, or in one Land."""
    office, _new = ReportingOffice.objects.update_or_create(
        land=land, defaults={"name": name, "how": how}
    )
    record(actor=actor, deed="crisis.set_reporting_office", obj=office)
