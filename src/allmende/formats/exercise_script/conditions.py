"""Conditions of injects that can never hold, told by looking for the earliest time at which each could."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from math import inf
from typing import Any

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.fields import STATES
from allmende.formats.exercise_script.findings import ERROR, WARNING, Finding, place_of
from allmende.formats.exercise_script.model import Condition, Inject, Script
from allmende.formats.exercise_script.words import state_words_in

Seen = Collection[tuple[str, str]]


def never_reasons(script: Script, seen: Seen | None = None) -> Iterator[Finding]:
    """A finding for each inject that no play could bring; a warning where trial runs only suggest it."""
    possible = _possible(script)
    times = earliest_times(script, possible)
    asking = script.asking
    words = state_words_in(script)
    begins = beginnings(script)
    for inject in script.injects:
        if not inject.enabled or inject.condition is None:
            continue
        start = begins[inject.key]
        if start is None:
            yield Finding(
                WARNING,
                place_of(inject),
                "Sie kommt nur auf Anweisung; ihre Bedingung gilt dann nicht.",
                "Streichen Sie die Bedingung, oder geben Sie der Einlage eine Zeit.",
            )
            continue
        if start == inf:
            continue  # what is wrong with its fallback is told there
        early = _earliest(_with_askers(inject.condition, asking), times, possible)
        if early == inf:
            yield Finding(
                ERROR,
                place_of(inject),
                "Ihre Bedingung kann nie erfüllt sein.",
                "Prüfen Sie, ob sich Teile ausschließen, Einlagen im Kreis aufeinander warten, nach einer "
                "Entscheidung erst später gefragt wird oder eine Einrichtung gar nicht in diesen Zustand kommt.",
            )
            continue
        last = min(script.duration_minutes, _lapses(inject, start))
        if max(early, start) > last:
            yield Finding(
                ERROR,
                place_of(inject),
                f"Ihre Bedingung ist frühestens um {format_minutes(int(early))} erfüllt; dann ist "
                "die Einlage verfallen oder die Übung zu Ende.",
                "Setzen Sie „Verfällt“ später, oder ändern Sie die Bedingung.",
            )
        elif seen is not None:
            for facility, state in sorted(
                each for each in _states_in(inject.condition) if each not in seen
            ):
                yield Finding(
                    WARNING,
                    place_of(inject),
                    f"„{script.facility_name(facility)}“ ist in keinem Probelauf im Zustand „{words(facility, state)}“.",
                    "Ändern Sie das Szenario oder die Bedingung.",
                )


def beginnings(script: Script) -> dict[str, float | None]:
    """The earliest minute at which each inject is looked at; None: it comes by order only.

    Infinite: it comes instead of one that is never looked at.
    """
    rows = {each.key: each for each in script.injects}
    instead = script.instead_of
    found: dict[str, float | None] = dict.fromkeys(rows, inf)
    for inject in script.injects:
        if inject.key in instead:
            continue
        each: Inject = inject
        begin: float | None = inject.at
        found[each.key] = begin
        # Each of a chain begins when the one before it is missed.
        while (other := rows.get(each.fallback)) is not None and instead[other.key] is each:
            missed = inf if begin is None or not each.enabled else _lapses(each, begin)
            begin = found[other.key] = max(missed, other.at or 0)
            each = other
    return found


def _lapses(inject: Inject, begin: float) -> float:
    """The last minute at which it may come by itself; one with a fallback has no longer than its time, or until."""
    if inject.until is not None:
        return max(inject.until, begin) if inject.fallback else inject.until
    return begin if inject.fallback else inf


def earliest_times(script: Script, possible: Seen | None) -> dict[str, float]:
    """The earliest minute at which each inject could come; infinite: never."""
    times: dict[str, float] = {each.key: inf for each in script.injects}
    waiting: dict[str, list[Inject]] = {}
    asking = script.asking
    begins = beginnings(script)
    conditions = {
        each.key: _with_askers(each.condition, asking) for each in script.injects if each.condition
    }
    for inject in script.injects:
        for other in _injects_in(conditions.get(inject.key, {})):
            waiting.setdefault(other, []).append(inject)
    # Times only fall, and whoever waits for one that has fallen is looked at again.
    looked_at = deque(inject for inject in script.injects if inject.enabled)
    while looked_at:
        inject = looked_at.popleft()
        begin = begins[inject.key]
        early = _earliest_of(inject, begin, conditions.get(inject.key), times, possible)
        if early < times[inject.key]:
            times[inject.key] = early
            looked_at.extend(each for each in waiting.get(inject.key, ()) if each.enabled)
    return times


def _with_askers(condition: Condition, asking: Mapping[str, list[Inject]]) -> Condition:
    """The same, and that somebody was asked: nobody decides before an inject that asks for it has come."""
    if "decision" in condition:
        parts = _asked(condition, asking)
        return {"all": parts} if len(parts) > 1 else condition
    if "any" in condition:
        return {"any": [_with_askers(part, asking) for part in condition["any"]]}
    if "all" in condition:
        # Side by side, as `_excluded` looks at them.
        parts = [part for each in condition["all"] for part in _asked(each, asking)]
        return {"all": parts}
    return condition


def _asked(part: Condition, asking: Mapping[str, list[Inject]]) -> list[Condition]:
    askers = asking.get(part.get("decision", ""), ())
    if askers:
        return [part, {"any": [{"inject": each.key} for each in askers]}]
    return [_with_askers(part, asking)] if "decision" not in part else [part]


def _earliest_of(
    inject: Inject,
    begin: float | None,
    condition: Condition | None,
    times: Mapping[str, float],
    possible: Seen | None,
) -> float:
    if begin is None or (inject.at is None and begin == inf):
        return 0.0  # by order, at any time
    early = float(begin)
    if condition is not None:
        early = max(early, _earliest(condition, times, possible))
        if early > _lapses(inject, begin):
            return inf
    return early


def _injects_in(condition: Condition) -> set[str]:
    if "inject" in condition:
        return {condition["inject"]}
    parts = [*condition.get("all", ()), *condition.get("any", ())]
    return set().union(*map(_injects_in, parts)) if parts else set()


def _earliest(condition: Condition, times: Mapping[str, float], possible: Seen | None) -> float:
    if "inject" in condition:
        return times.get(condition["inject"], inf)
    if "facility" in condition:
        there = possible is None or any(each in possible for each in _states_in(condition))
        return float(condition.get("since_minutes", 0)) if there else inf
    if "all" in condition:
        if _excluded(condition["all"]):
            return inf
        return max(_earliest(part, times, possible) for part in condition["all"])
    if "any" in condition:
        return min(_earliest(part, times, possible) for part in condition["any"])
    return 0.0


def _excluded(parts: list[Condition]) -> bool:
    """Two options of one decision, or two states of one facility, at the same time."""
    options: dict[str, str] = {}
    states: dict[str, set[str]] = {}
    flat = [part for each in parts for part in each.get("all", [each])]
    for part in flat:
        if "not" in part and part["not"] in flat:
            return True
        option = part.get("option", "")
        if option and options.setdefault(part["decision"], option) != option:
            return True
        if "facility" in part:
            here = {state for _facility, state in _states_in(part)}
            left = states.setdefault(part["facility"], here) & here
            states[part["facility"]] = left
            if not left:
                return True
    return False


def condition_in_words(condition: Condition) -> str:
    """What it says, with the keys that a script has.

    >>> condition_in_words({"all": [{"decision": "räumen", "option": "ja"}, {"not": {"inject": "7"}}]})
    'Entscheidung „räumen“: „ja“ und nicht (Einlage „7“ ist gekommen)'
    >>> condition_in_words({"facility": "netz", "state": ["failed", "repairing"], "since_minutes": 30})
    'Einrichtung „netz“: ausgefallen oder in Reparatur, seit 30 Minuten'
    """
    if "decision" in condition:
        option = condition.get("option", "")
        return f"Entscheidung „{condition['decision']}“: " + (
            f"„{option}“" if option else "getroffen"
        )
    if "inject" in condition:
        return f"Einlage „{condition['inject']}“ ist gekommen"
    if "facility" in condition:
        written: Any = condition["state"]
        states = written if isinstance(written, list) else [written]
        since = condition.get("since_minutes", 0)
        words = " oder ".join(STATES[state] for state in states)
        told = f"Einrichtung „{condition['facility']}“: {words}"
        return f"{told}, seit {since} Minuten" if since else told
    if "not" in condition:
        return f"nicht ({condition_in_words(condition['not'])})"
    word = "und" if "all" in condition else "oder"
    parts = condition["all"] if "all" in condition else condition["any"]
    told_parts = [
        f"({condition_in_words(part)})"
        if len(parts) > 1 and _is_joined(part)
        else condition_in_words(part)
        for part in parts
    ]
    return f" {word} ".join(told_parts)


def _is_joined(condition: Condition) -> bool:
    return "all" in condition or "any" in condition


def _states_in(condition: Condition) -> set[tuple[str, str]]:
    """Facilities and states that a condition asks for; not those that it excludes."""
    if "facility" in condition:
        written: Any = condition["state"]
        states = written if isinstance(written, list) else [written]
        return {(condition["facility"], state) for state in states}
    parts = [*condition.get("all", ()), *condition.get("any", ())]
    return set().union(*map(_states_in, parts)) if parts else set()


def _possible(script: Script) -> Seen | None:
    """States that facilities can be in at all: without a store, nobody runs on one."""
    if script.model is None:
        return set()
    stored = {
        str(row.get("facility")) for row in script.supplies if row.get("buffer_hours", 0) != 0
    }
    found = set()
    for row in script.facilities:
        key = str(row.get("key"))
        states = {"operational", "failed", "repairing"} | ({"buffered"} if key in stored else set())
        found |= {(key, state) for state in states}
    return found
