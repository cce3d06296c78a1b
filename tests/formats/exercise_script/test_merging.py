"""A table of injects beside a script: what is new, changed and left alone, by key."""

from copy import deepcopy
from pathlib import Path

import pytest

from allmende.crisis import scripts
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.merging import carry_out, merge_injects
from allmende.formats.exercise_script.tables import (
    Cells,
    injects_of,
    read_cells,
    write_csv,
)
from allmende.formats.exercise_script.workbooks import write_workbook
from tests.crisis.small import small_document, small_script


def cells(*lines: str) -> Cells:
    heading, *rows = (tuple(line.split(",")) for line in lines)
    return Cells(heading, tuple(enumerate(rows, start=2)))


def test_rows_are_told_apart_by_key_and_fields_without_a_column_stay() -> None:
    document = document_of(small_script())
    before = deepcopy(document)
    table = injects_of(
        cells(
            "Nr.,Zeit,Titel,An",
            "1,0:15,Das Licht flackert,lindenfurt",
            "9,60,Neu,stab",
            "2,5:00,Die Zeitung fragt,presse",
        )
    )
    merge = merge_injects(document, table)
    assert [row["key"] for row in merge.new] == ["9"]
    assert [(each.row["key"], each.differences) for each in merge.changed] == [
        ("1", (("Zeit", "T+00:10", "T+00:15"),))
    ]
    assert (merge.unchanged, merge.left) == (1, 1)
    assert document == before
    carry_out(document, [merge])
    assert document["injects"][0] == before["injects"][0] | {"at": 15}
    assert [row["key"] for row in document["injects"]] == ["1", "2", "3", "9"]
    again = merge_injects(document, table)
    assert (again.changes_something, again.unchanged) == (False, 3)


def test_without_keys_every_row_is_new() -> None:
    document = small_document()
    merge = merge_injects(document, injects_of(cells("Zeit,Titel,An", "10,A,stab", "20,B,stab")))
    assert [row["key"] for row in merge.new] == ["4", "5"]
    carry_out(document, [merge])
    assert len(script_of(document).injects) == 5


@pytest.mark.parametrize("key", [key for key, _name in scripts.names()])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_was_written_changes_nothing_when_it_comes_back(
    key: str, ending: str, tmp_path: Path
) -> None:
    script = scripts.read(key)
    path = tmp_path / f"einlagen.{ending}"
    content = write_csv(script.injects).encode() if ending == "csv" else write_workbook(script)
    path.write_bytes(content)
    merge = merge_injects(document_of(script), injects_of(read_cells(path)))
    assert (merge.changes_something, merge.unchanged, merge.left) == (False, len(script.injects), 0)
