"""Tables and workbooks that wait to be taken over."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet

from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.fields import INJECT
from allmende.formats.exercise_script.merging import Merge, merge_book
from allmende.formats.exercise_script.sheets import SHEETS, ignored_in
from allmende.formats.exercise_script.tables import Cells, bare, guess_columns
from allmende.formats.exercise_script.workbooks import Book
from allmende.formats.marks import MARKS, without_marks

from ..models import InjectTable, ScriptDraft


class Look(NamedTuple):
    """What a file would do: heading by field of its injects, what belongs to nothing, and faults or changes."""

    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]
    merges: Sequence[Merge]

    @property
    def columns_wrong(self) -> bool:
        """Whether other columns of the injects might mend it."""
        others = {bare(sheet.place) for sheet in SHEETS.values()}
        return any(bare(fault.place) not in others for fault in self.faults)

    @property
    def changes_something(self) -> bool:
        return any(each.changes_something for each in self.merges)

    @property
    def new(self) -> int:
        return sum(len(each.new) for each in self.merges)

    @property
    def changed(self) -> int:
        return sum(len(each.changed) for each in self.merges)

    @property
    def unchanged(self) -> int:
        return sum(each.unchanged for each in self.merges)

    @property
    def left(self) -> int:
        return sum(each.left for each in self.merges)


def get_table(number: int) -> InjectTable:
    """A table of a draft that is not removed."""
    found = InjectTable.objects.select_related("draft__host")
    return found.get(pk=number, draft__removed_at=None)


def waiting_tables() -> QuerySet[InjectTable]:
    """Tables that nobody has taken over yet, without what is in them."""
    return InjectTable.objects.filter(carried_out_at=None).defer("cells")


def with_waiting_tables(drafts: QuerySet[ScriptDraft]) -> QuerySet[ScriptDraft]:
    """Drafts, each with its tables that nobody has taken over yet, as ``waiting``."""
    return drafts.prefetch_related(Prefetch("tables", waiting_tables(), to_attr="waiting"))


def cells_kept(book: Book) -> dict[str, Any]:
    """What was sent, as it is kept."""
    return {
        **_kept(book.injects),
        "others": [_kept(each) for each in book.others],
        "passed_over": list(book.passed_over),
    }


def book_of(table: InjectTable) -> Book:
    """What was sent."""
    others = tuple(_cells(each) for each in table.cells.get("others", ()))
    return Book(_cells(table.cells), others, tuple(table.cells.get("passed_over", ())))


def look_at(table: InjectTable, columns: Mapping[str, str] | None) -> Look:
    """See what a file would do; without ``columns``, as its headings are understood."""
    book = book_of(table)
    headings = without_marks(book.injects.headings)
    chosen = guess_columns(headings) if columns is None else columns
    told = {field.name: chosen.get(field.name, "") for field in INJECT}
    ignored = [each for each in headings if each and each not in (*chosen.values(), *MARKS)]
    ignored += [f"{each.place}, {name}" for each in book.others for name in ignored_in(each)]
    ignored += [Cells((), (), name).place for name in book.passed_over]
    try:
        merges = merge_book(table.draft.script, book, told, file=table.file_name)
    except ScriptError as error:
        return Look(told, tuple(ignored), error.faults, ())
    return Look(told, tuple(ignored), (), merges)


def _kept(cells: Cells) -> dict[str, Any]:
    return {"headings": cells.headings, "rows": cells.rows, "sheet": cells.sheet}


def _cells(kept: dict[str, Any]) -> Cells:
    rows = tuple((line, tuple(cells)) for line, cells in kept["rows"])
    return Cells(tuple(kept["headings"]), rows, kept.get("sheet", ""))
