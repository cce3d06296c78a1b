"""What a table of injects would add to a script, and change in it: by key, and nothing is done yet."""

from dataclasses import fields
from typing import NamedTuple

from allmende.formats.exercise_script.cells import write_cell
from allmende.formats.exercise_script.changes import Document, Row, free_key, rows_of
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.fields import INJECT
from allmende.formats.exercise_script.model import Inject, Script
from allmende.formats.exercise_script.tables import Table

PLAIN = {each.name: each.default for each in fields(Inject)}


class Changed(NamedTuple):
    """An inject that would say something else: heading, before and after of each field."""

    row: Row
    differences: tuple[tuple[str, str, str], ...]


class Merge(NamedTuple):
    """What would happen; ``left`` counts injects of the script of which the table says nothing."""

    new: tuple[Row, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    left: int

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed)


def merge_injects(document: Document, table: Table) -> Merge:
    """Compare a table with the injects of a script.

    Fields that no column holds stay as they are. Without a column of keys, all rows are new.
    """
    present = {str(row["key"]): row for row in rows_of(document, "injects")}
    rows = [dict(row) for row in document_of(Script("?", 1, injects=table.injects))["injects"]]
    if "key" not in table.columns:
        first = int(free_key(document, "injects"))
        rows = [row | {"key": str(number)} for number, row in enumerate(rows, start=first)]
    new, changed, unchanged = [], [], 0
    for row in rows:
        there = present.get(row["key"])
        if there is None:
            new.append(row)
            continue
        kept = {name: value for name, value in there.items() if name not in table.columns}
        after = kept | row
        differences = _differences(there, after)
        if differences:
            changed.append(Changed(after, differences))
        else:
            unchanged += 1
    named = {row["key"] for row in rows}
    return Merge(tuple(new), tuple(changed), unchanged, len(present.keys() - named))


def carry_out(document: Document, merge: Merge) -> None:
    """Do what was planned, in place."""
    rows = document.setdefault("injects", [])
    places = {row["key"]: place for place, row in enumerate(rows)}
    for each in merge.changed:
        rows[places[each.row["key"]]] = each.row
    rows.extend(merge.new)


def _differences(before: Row, after: Row) -> tuple[tuple[str, str, str], ...]:
    found = []
    for field in INJECT:
        one, other = (row.get(field.name, PLAIN[field.name]) for row in (before, after))
        if (one or None) != (other or None) and one != other:
            found.append((field.heading, write_cell(one, field), write_cell(other, field)))
    return tuple(found)
