"""Looking at a file: what would be new or changed, and every fault; nothing is done yet."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from allmende.formats.facility_list import FACILITIES, NEEDS, RegisterFile, Row, read_values

from ... import queries
from ...models import ImportCheck
from ...queries.towns import folded
from .facilities import FacilityRows
from .needs import NeedRows
from .plan import Plan
from .world import Read, World

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Nobody mends more than that by hand.
MOST_FAULTS = 5_000


def keep_import(*, actor: "User", file_name: str, file: RegisterFile) -> ImportCheck:
    """Look at a file and keep what it would do, until the same person says yes.

    What is kept of it is German, whoever reads it.
    """
    with override(settings.LANGUAGE_CODE):
        plan, rows = _look(actor, file)
    found = [*file.faults, *(fault for row in rows for fault in row.faults)]
    faults = [asdict(fault) for fault in sorted(found, key=lambda fault: fault.line)]
    return ImportCheck.objects.create(
        created_by=actor,
        file_name=file_name[:200],
        plan={} if faults else plan.kept(),
        counts=dict(plan.counts),
        shown=plan.shown,
        faults=faults[:MOST_FAULTS],
        fault_count=len(faults),
    )


def _look(actor: "User", file: RegisterFile) -> tuple[Plan, list[Read]]:
    facilities = [_read(FACILITIES, row) for row in file.facilities]
    needs = [_read(NEEDS, row) for row in file.needs]
    world, plan = World(actor, facilities, needs), Plan()
    services = _services()
    looker = FacilityRows(world, plan, services)
    known = [looker.identify(row) for row in facilities]
    world.load(each.pk for each in known if each)
    for row, each in zip(facilities, known, strict=True):
        looker.look_at(row, each)
    needy = NeedRows(world, plan, services)
    known = [needy.identify(row) for row in needs]
    world.load(each.pk for each in known if each and each.pk > 0)
    needy.gather()
    for row, each in zip(needs, known, strict=True):
        needy.look_at(row, each)
    return plan, [*facilities, *needs]


def _read(table: str, row: Row) -> Read:
    values, faults = read_values(table, row.line, row.cells)
    return Read(row.line, values, faults)


def _services() -> dict[str, str]:
    """Services by the words and by the names that files have for them."""
    words = queries.german_words().services
    return {folded(said): value for value, label in words.items() for said in (label, value)}
