"""Files within a script as JSON: the same there and back, and what is wrong with one is told with its place."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.formats.exercise_script.attached import AttachedFile, put_files, take_files
from allmende.formats.exercise_script.document import (
    document_of,
    read_with_files,
    write_script,
)
from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.model import Attachment
from tests.formats.exercise_script.scripts import FULL, script

NAMES = st.text("abcäöü -.„", min_size=1, max_size=20).filter(lambda name: name == name.strip())


@given(
    st.lists(st.tuples(NAMES, st.binary(max_size=200), st.booleans()), unique_by=lambda one: one[0])
)
def test_files_come_back_as_they_were(said: list[tuple[str, bytes, bool]]) -> None:
    files = tuple(
        AttachedFile(name, content, "plan.pdf" if renamed else "", "application/pdf")
        for name, content, renamed in said
    )
    there = script(attachments=tuple(Attachment(name) for name, *_rest in said))
    document = document_of(there)
    put_files(document, files)
    faults: list[Fault] = []
    bare, found = take_files(json.loads(json.dumps(document)), faults)
    assert (bare, found, faults) == (document_of(there), files, [])


def test_a_whole_script_comes_back_with_its_files(tmp_path: Path) -> None:
    files = (AttachedFile("karte.pdf", b"%PDF-1.7\n%%EOF\n", media_type="application/pdf"),)
    path = tmp_path / "drehbuch.json"
    path.write_text(write_script(FULL, files=files), encoding="utf-8")
    assert read_with_files(path) == (FULL, files)


def row(**changes: Any) -> dict[str, Any]:
    content = {"content": "VG9y", "size": 3, "sha256": sha256(b"Tor").hexdigest()}
    return {"name": "plan.txt", **content, **changes}


@pytest.mark.parametrize(
    ("rows", "place", "field", "reason"),
    [
        ([row(content="VG9")], "Anlage 1 („plan.txt“)", "content", "kein Base64"),
        ([row(content="Tür!")], "Anlage 1 („plan.txt“)", "content", "kein Base64"),
        ([row(content=7)], "Anlage 1 („plan.txt“)", "content", "ein Text"),
        ([row(size="3")], "Anlage 1 („plan.txt“)", "size", "eine ganze Zahl"),
        ([row(size=4)], "Anlage 1 („plan.txt“)", "size", "hat 3 Bytes, angegeben sind 4"),
        ([row(sha256="0" * 64)], "Anlage 1 („plan.txt“)", "sha256", "Prüfsumme"),
        ([row(), row()], "Anlage 2 („plan.txt“)", "name", "gibt es schon"),
        ([{"name": "a", "size": 3}], "Anlage 1 („a“)", "content", "fehlt"),
    ],
)
def test_faults_have_a_place(
    rows: list[dict[str, Any]], place: str, field: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "drehbuch.json"
    path.write_text(json.dumps({**document_of(script()), "attachments": rows}), encoding="utf-8")
    with pytest.raises(ScriptError) as refused:
        read_with_files(path)
    [fault] = refused.value.faults
    assert (fault.place, fault.column) == (place, field)
    assert reason in fault.reason
