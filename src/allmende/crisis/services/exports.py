"""Taking the register along: nobody does so without a trace."""

from typing import TYPE_CHECKING

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
    mandates = queries.reading_mandates(actor)
    entry = record(
        actor=actor,
        mandate=mandates[0],
        deed="crisis.export_facilities",
        obj=actor,
        format=format_,
        filters=sorted(filters),
        facilities=count,
    )
    return Mark(
        capacity=" / ".join(mandate.capacity for mandate in mandates),
        at=timezone.localtime(entry.at).strftime("%d.%m.%Y %H:%M"),
        code=f"{entry.number}-{entry.hash[:8]}",
    )
