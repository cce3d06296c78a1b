"""A decision for which somebody asks only if something comes true is told: it may stay shut."""

from dataclasses import replace
from typing import Any

import pytest

from allmende.algorithms.exercise.rehearsal import exercise_of, rehearse, states_seen
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.findings import WARNING
from allmende.formats.exercise_script.model import Decision, Inject, Option, Script
from tests.formats.exercise_script.scripts import MODEL, script

OPTIONS = (Option("ja", "Ja"), Option("nein", "Nein"))
BEFORE, ASKED = (
    Decision("e", "Was zuerst?", "stab", OPTIONS),
    Decision("d", "Was?", "stab", OPTIONS),
)
FIRST, SECOND = script().injects
# The grid is under repair from minute 60 on, the klinik has a store for a day.
GRID = {"facility": "netz", "state": ["failed", "repairing"]}
DECIDED = {"decision": "e"}

CONDITION = "Nach ihr fragen nur Einlagen mit Bedingungen: Treffen diese nicht zu, bleibt sie zu."
TRIAL = "Entscheidet niemand etwas, bleibt sie zu: Keine Einlage, die nach ihr fragt, kommt dann."


def asking(*more: Inject, **parts: Any) -> Script:
    """Who decides is asked by one inject in the middle of two hours, and by any others there are."""
    inject = Inject("3", 60, "Dritte", "Text", to=("stab",), asks_for=("d",))
    injects = (replace(FIRST, asks_for=("e",)), SECOND, replace(inject, **parts), *more)
    return script(injects=injects, model=MODEL, decisions=(BEFORE, ASKED))


def hints(checked: Script) -> tuple[list[str], list[str]]:
    """What is said of decisions before and after trial runs."""
    exercise = exercise_of(document_of(checked))
    future = rehearse(exercise).future
    assert future is not None
    known = {"spans": future.spans(), "seen": states_seen(exercise)}
    found = [
        [each for each in check_script(checked, **more) if each.at.section == "decisions"]
        for more in ({}, known)
    ]
    assert {each.severity for each in (*found[0], *found[1])} <= {WARNING}
    return [each.message for each in found[0]], [each.message for each in found[1]]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (None, None),
        (DECIDED, CONDITION),
        ({"not": DECIDED}, CONDITION),
        ({"inject": "2"}, None),
        (GRID, None),
        (GRID | {"since_minutes": 30}, None),
        (GRID | {"since_minutes": 61}, TRIAL),
        (GRID | {"state": "failed"}, TRIAL),
        ({"facility": "klinik", "state": "failed"}, TRIAL),
        ({"not": {"facility": "klinik", "state": "failed"}}, None),
        ({"all": [GRID, {"inject": "2"}]}, None),
        ({"all": [GRID, DECIDED]}, CONDITION),
        ({"any": [GRID, DECIDED]}, None),
        ({"any": [{"facility": "klinik", "state": "failed"}, DECIDED]}, TRIAL),
    ],
)
def test_whether_it_opens_hangs_on_a_condition(
    condition: dict[str, Any] | None, said: str | None
) -> None:
    static, tried = hints(asking(condition=condition))
    assert static == ([CONDITION] if said == CONDITION else [])
    assert tried == ([] if said is None else [said])


def test_who_comes_too_late_or_waits_for_who_may_not_come() -> None:
    late = asking(condition=GRID | {"since_minutes": 30}, until=80)
    assert hints(late) == ([], [TRIAL])
    waits = Inject("4", 0, "Vierte", "Text", to=("stab",), condition=DECIDED)
    assert hints(asking(waits, condition={"inject": "4"})) == ([CONDITION], [CONDITION])
    # One after the other, from whoever comes anyway.
    chain = [
        Inject(key, 0, key, "Text", to=("stab",), condition={"inject": other})
        for key, other in (("4", "5"), ("5", "6"), ("6", "2"))
    ]
    assert hints(asking(*chain, condition={"inject": "4"})) == ([], [])


def test_what_comes_instead_asks_as_well() -> None:
    instead = Inject("4", None, "Vierte", "Text", to=("stab",))
    parts = {"condition": DECIDED, "until": 90, "fallback": "4"}
    assert hints(asking(instead, **parts)) == ([CONDITION], [CONDITION])
    assert hints(asking(replace(instead, asks_for=("d",)), **parts)) == ([], [])
    another = Inject("5", 70, "Fünfte", "Text", to=("stab",), asks_for=("d",))
    assert hints(asking(instead, another, **parts)) == ([], [])
