"""What a script must not hold, since no database keeps it, or nothing can be computed with it."""

from typing import Any

import pytest

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.document import document_of, script_of

BARE: dict[str, Any] = {"format": "allmende-exercise/1", "name": "Sturm", "duration_minutes": 60}


def deep(levels: int) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for _level in range(levels):
        document = {"a": document}
    return document


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Sturm\u00adflut"},
        {"summary": "\ud800"},
        {"speed": 10**400},
        {"speed": float("nan")},
        {"model": {"facilities": [{"key": "a\0"}]}},
        {"model": {"facilities": [{"key": "\ud800"}]}},
        {"model": {"horizon": float("nan")}},
        {"model": deep(100)},
    ],
)
def test_it_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        script_of(BARE | wrong)


def test_who_changes_a_document_changes_no_script() -> None:
    script = script_of(BARE | {"model": {"facilities": [{"key": "netz"}]}})
    document_of(script)["model"]["facilities"][0]["key"] = "anders"
    assert document_of(script)["model"]["facilities"][0]["key"] == "netz"
