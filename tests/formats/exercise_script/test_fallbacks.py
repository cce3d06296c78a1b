"""What the check finds about injects that come instead of others, and about who may know them."""

from dataclasses import replace
from typing import Any

import pytest

from allmende.formats.exercise_script.changes import put_row, uses
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.findings import ERROR
from allmende.formats.exercise_script.model import Decision, Inject, Option, Script
from tests.formats.exercise_script.scripts import script

DECISION = Decision("d", "Was nun?", "stab", (Option("ja", "Ja"), Option("nein", "Nein")))
HOLDS = Inject(
    "3", 60, "Hält", "Text", to=("stab",), condition={"decision": "d"}, until=80, fallback="4"
)
BREAKS = Inject("4", None, "Bricht", "Text", to=("stab",))


def with_fallback(holds: dict[str, Any], breaks: dict[str, Any], *more: Inject) -> Script:
    first, second = script().injects
    rows = (replace(HOLDS, **holds), replace(BREAKS, **breaks))
    asking = replace(first, asks_for=("d",))
    return script(injects=(asking, second, *rows, *more), decisions=(DECISION,))


@pytest.mark.parametrize(
    ("holds", "breaks", "message"),
    [
        ({}, {}, ""),
        ({}, {"at": 100}, ""),
        ({}, {"condition": {"decision": "d"}}, ""),
        ({"fallback": "weg"}, {}, "Die Einlage „weg“ gibt es nicht."),
        ({"fallback": "3"}, {}, "Unter „Sonst“ führt sie zu sich selbst."),
        (
            {"condition": None},
            {},
            "Sie hat keine Bedingung; „Bricht“ kommt dann nie an ihrer Stelle.",
        ),
        (
            {"at": None, "condition": None, "until": None},
            {},
            "Sie kommt nur auf Anweisung; „Bricht“ kommt dann nie an ihrer Stelle.",
        ),
        (
            {"until": None, "condition": {"inject": "2"}, "at": 10},
            {},
            "Ihre Bedingung ist frühestens um T+00:30 erfüllt; dann ist die Einlage verfallen oder die Übung zu Ende.",
        ),
        (
            {},
            {"condition": {"decision": "d"}, "until": 70},
            "Sie kommt statt „Hält“, aber erst ab T+01:20; dann ist sie verfallen oder die Übung zu Ende.",
        ),
        (
            {"until": 119},
            {"condition": {"all": [{"inject": "3"}, {"not": {"inject": "3"}}]}},
            "Ihre Bedingung kann nie erfüllt sein.",
        ),
    ],
)
def test_findings_about_a_fallback(
    holds: dict[str, Any], breaks: dict[str, Any], message: str
) -> None:
    found = [each.message for each in check_script(with_fallback(holds, breaks))]
    assert found == ([message] if message else [])


def test_circles_and_two_for_one_are_found() -> None:
    found = check_script(
        with_fallback({}, {"at": 90, "condition": {"decision": "d"}, "fallback": "3"})
    )
    assert [(each.at.key, each.message) for each in found] == [
        ("3", "Unter „Sonst“ führt sie zu sich selbst."),
        ("4", "Unter „Sonst“ führt sie zu sich selbst."),
    ]
    found = check_script(with_fallback({}, {}, replace(HOLDS, key="5")))
    assert [(each.at.key, each.message) for each in found] == [
        ("4", "2 Einlagen nennen sie unter „Sonst“.")
    ]


def test_what_waits_for_a_fallback_waits_for_the_other() -> None:
    """The fallback comes at 80 at the earliest, so what lapses at 70 can never come."""
    waits = Inject("5", 0, "Folge", "Text", to=("stab",), condition={"inject": "4"}, until=70)
    late = replace(BREAKS, at=0)
    found = check_script(with_fallback({}, {"at": late.at}, waits))
    assert [each.at.key for each in found] == ["5"]
    assert check_script(with_fallback({}, {"at": 0}, replace(waits, until=80))) == []


def test_a_long_chain_is_checked_in_time() -> None:
    chain = [
        replace(
            HOLDS, key=str(n), at=0, until=100, fallback=str(n + 1), condition={"decision": "d"}
        )
        for n in range(10, 3000)
    ]
    last = Inject("3000", 0, "Ende", "Text", to=("steuerung",))
    told = {each.message for each in check_script(with_fallback({}, {}, *chain, last))}
    assert not any("Sonst" in message for message in told)


@pytest.mark.parametrize(
    ("classification", "to", "found"),
    [("control", "stab", True), ("control", "steuerung", False), ("restricted", "stab", False)],
)
def test_what_only_the_control_may_know_goes_to_nobody_else(
    classification: str, to: str, *, found: bool
) -> None:
    row = Inject("5", 0, "Geheim", "Text", to=(to,), classification=classification)
    told = [(each.severity, each.message) for each in check_script(with_fallback({}, {}, row))]
    message = "Sie ist nur für die Übungsleitung, geht aber an Rollen, die gespielt werden."
    assert told == ([(ERROR, message)] if found else [])


def test_who_names_a_fallback_follows_a_new_key() -> None:
    document = document_of(with_fallback({}, {}))
    assert [(use.section, use.key) for use in uses(document, "injects", "4")] == [("injects", "3")]
    row = next(each for each in document["injects"] if each["key"] == "4")
    put_row(document, "injects", {**row, "key": "neu"}, before="4")
    assert next(each for each in document["injects"] if each["key"] == "3")["fallback"] == "neu"
