"""Whatever is written: a script or a fault with its place, findings, and no error of another kind."""

import random
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.algorithms.exercise.rehearsal import exercise_of, losses, rehearse, states_seen
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.findings import ERROR
from allmende.formats.exercise_script.model import Script
from tests.formats.exercise_script.scripts import FULL

FULL_DOCUMENT = document_of(FULL)
SCRAPS: list[Any] = [
    None, True, 0, -1, 3, 1e300, 0.5, "", "x", "klinik", "netz", "stab", "failed", "d", "wohin", "1", "3", "4", [], {}, [None],
    ["stab"], [{}], {"inject": "1"}, {"inject": "2"}, {"not": {"inject": "3"}}, {"decision": "wohin"},
    {"facility": "klinik", "state": "buffered", "since_minutes": 5}, {"all": [{"inject": "1"}, {"decision": "wohin"}]},
    {"kind": "generator", "unit": "aggregat", "facility": "klinik"}, {"kind": "isolate", "facility": "netz"},
    {"kind": "evacuate", "municipality": "Lindenfurt", "share": 0.5},
]  # fmt: skip


def spoiled(chance: random.Random, value: Any, depth: int = 0) -> Any:
    """The same with something changed, dropped or doubled somewhere."""
    if depth and (not isinstance(value, dict | list) or not value or chance.random() < 0.15):
        return chance.choice(SCRAPS)
    if isinstance(value, list):
        place = chance.randrange(len(value))
        rest = [*value[:place], *value[place + 1 :]]
        changed = spoiled(chance, value[place], depth + 1)
        return chance.choice(
            [[*value[:place], changed, *value[place + 1 :]], rest, [*value, value[place]]]
        )
    key = chance.choice(sorted(value))
    others = {name: each for name, each in value.items() if name != key}
    return chance.choice([others, *[{**others, key: spoiled(chance, value[key], depth + 1)}] * 5])


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32).map(random.Random), st.integers(1, 4))
def test_spoiled_scripts(chance: random.Random, times: int) -> None:
    document = FULL_DOCUMENT
    for _ in range(times):
        document = spoiled(chance, document)
    try:
        script = script_of(document)
    except FormatError:
        return
    assert script_of(document_of(script)) == script
    plays(script)


def plays(script: Script) -> None:
    """What the check finds no error in can be played."""
    findings = check_script(script)
    assert all(finding.message and finding.advice for finding in findings)
    if any(finding.severity == ERROR for finding in findings):
        return
    exercise = exercise_of(document_of(script))
    future = rehearse(exercise).future
    check_script(script, spans=future.spans() if future else None, seen=states_seen(exercise))
    for option in exercise.options:
        rehearse(exercise, [(0, *option)])
    losses(exercise, [])


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_no_script_at_all(document: Any) -> None:
    for wrong in (
        document,
        {"format": "allmende-exercise/1", "name": "a", "duration_minutes": 9, "model": document},
    ):
        with suppress(FormatError):
            check_script(script_of(wrong))
