"""Taking the register along: nobody does so without a trace."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from allmende.audit.services import audited, record
from allmende.formats.facility_list import Mark

from .. import queries

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def export_facilities(*, actor: "User", format_: str, filters: list[str], count: int) -> Mark:
    """Write down that somebody takes facilities along, and say what her file has to carry.

    The log knows the names of the filters, not their words, and how many facilities there were.
    """
    details = {"format": format_, "filters": sorted(filters), "facilities": count}
    return _mark(actor, "crisis.export_facilities", details)


@audited
def export_generators(*, actor: "User", format_: str, filters: list[str], count: int) -> Mark:
    """The same of generators."""
    details = {"format": format_, "filters": sorted(filters), "generators": count}
    return _mark(actor, "crisis.export_generators", details)


def _mark(actor: "User", deed: str, details: Mapping[str, Any]) -> Mark:
    mandates = queries.reading_mandates(actor)
    entry = record(actor=actor, mandate=mandates[0], deed=deed, obj=actor, **details)
    return Mark(
        capacity=" / ".join(mandate.capacity for mandate in mandates),
        at=timezone.localtime(entry.at).strftime("%d.%m.%Y %H:%M"),
        code=f"{entry.number}-{entry.hash[:8]}",
    )
