"""Tables of injects that wait to be taken over."""

from collections.abc import Mapping
from typing import NamedTuple

from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.fields import INJECT
from allmende.formats.exercise_script.merging import Merge, merge_injects
from allmende.formats.exercise_script.tables import Cells, guess_columns, injects_of

from ..models import InjectTable


class Look(NamedTuple):
    """What a table would do: heading by field, headings that belong to nothing, and faults or changes."""

    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]
    merge: Merge | None


def get_table(number: int) -> InjectTable:
    """A table of a draft that is not removed."""
    found = InjectTable.objects.select_related("draft__host")
    return found.get(pk=number, draft__removed_at=None)


def cells_of(table: InjectTable) -> Cells:
    """What was sent."""
    rows = tuple((line, tuple(cells)) for line, cells in table.cells["rows"])
    return Cells(tuple(table.cells["headings"]), rows)


def look_at(table: InjectTable, columns: Mapping[str, str] | None) -> Look:
    """See what a table would do; without ``columns``, as its headings are understood."""
    cells = cells_of(table)
    chosen = guess_columns(cells.headings) if columns is None else columns
    told = {field.name: chosen.get(field.name, "") for field in INJECT}
    ignored = tuple(each for each in cells.headings if each and each not in chosen.values())
    try:
        read = injects_of(cells, told, file=table.file_name)
    except ScriptError as error:
        return Look(told, ignored, error.faults, None)
    return Look(told, ignored, (), merge_injects(table.draft.script, read))
