"""Looking at a file: what would be new or changed, and every fault; nothing is done yet."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from allmende.formats.facility_list import (
    CHECKS,
    FACILITIES,
    GENERATORS,
    NEEDS,
    RegisterFile,
    Row,
    plain_cell,
    read_values,
)

from ... import queries
from ...models import ImportCheck
from ...queries.towns import folded
from .facilities import FacilityRows
from .generators import GeneratorRows
from .needs import NeedRows
from .plan import Plan
from .world import Known, Read, World

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Nobody mends more than that by hand.
MOST_FAULTS = 5_000
TABLES = (FACILITIES, NEEDS, GENERATORS)


def keep_import(*, actor: "User", file_name: str, file: RegisterFile) -> ImportCheck:
    """Look at a file and keep what it would do, until the same person says yes.

    What is kept of it is German, whoever reads it.
    """
    with override(settings.LANGUAGE_CODE):
        plan, rows = _look(actor, file)
    found = [*file.faults, *(fault for row in rows for fault in row.faults)]
    found.sort(key=lambda fault: (TABLES.index(fault.table), fault.line))
    faults = [asdict(fault) for fault in found]
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
    read = {table: [_read(table, row) for row in rows] for table, rows in file.rows.items()}
    facilities, needs, generators = (read[table] for table in (FACILITIES, NEEDS, GENERATORS))
    rows = [*facilities, *needs, *generators]
    world = World(actor, rows)
    plan = Plan(_tables(file))
    services = _services()
    looker = FacilityRows(world, plan, services)
    known = [looker.identify(row) for row in facilities]
    world.load(each.pk for each in known if each)
    world.load_checks(_old(world, facilities, known))
    for row, each in zip(facilities, known, strict=True):
        looker.look_at(row, each)
    needy = NeedRows(world, plan, services)
    known = [needy.identify(row) for row in needs]
    world.load(each.pk for each in known if each and each.pk > 0)
    world.load_checks(_old(world, needs, known))
    needy.gather()
    for row, each in zip(needs, known, strict=True):
        needy.look_at(row, each)
    if generators:
        # Those of facilities hang on the ones that are there, not on new ones of the same file.
        of_generators = GeneratorRows(world, plan)
        for row in generators:
            of_generators.look_at(row)
    return plan, rows


def _old(world: World, rows: list[Read], known: list[Known | None]) -> Iterator[int]:
    """Facilities that somebody has changed since a row about them was written that says what it was."""
    for row, each in zip(rows, known, strict=True):
        if row.texts and each and each.pk > 0 and world.is_disputed(row, each.pk):
            yield each.pk


def _tables(file: RegisterFile) -> list[str]:
    """Which tables a file has; needs are counted where facilities are."""
    tables = [FACILITIES, NEEDS] if file.facilities or file.needs else []
    return [*tables, GENERATORS] if file.generators else tables


def _read(table: str, row: Row) -> Read:
    values, faults = read_values(table, row.line, row.cells)
    texts = {}
    if values.get(CHECKS.field):
        texts = {column.field: plain_cell(text) for column, text in row.cells}
    return Read(row.line, values, faults, texts)


def _services() -> dict[str, str]:
    """Services by the words and by the names that files have for them."""
    words = queries.german_words().services
    return {folded(said): value for value, label in words.items() for said in (label, value)}
