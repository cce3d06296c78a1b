"""The JSON document is documented field by field."""

import dataclasses
from pathlib import Path

import pytest

from allmende.formats.opinion_report import model

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "opinion-json.md"
ROWS = [entry for entry in vars(model).values() if dataclasses.is_dataclass(entry)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_every_field_is_described(row: type) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [f.name for f in dataclasses.fields(row) if f"`{f.name}`" not in text] == []
