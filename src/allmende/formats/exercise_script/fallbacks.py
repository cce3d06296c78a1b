"""Injects that come instead of others, and what is wrong with them."""

from collections import Counter
from collections.abc import Iterator
from math import inf

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.conditions import beginnings
from allmende.formats.exercise_script.findings import ERROR, WARNING, Finding, place_of, quoted
from allmende.formats.exercise_script.model import Inject, Script


def wrong_fallbacks(script: Script) -> Iterator[Finding]:
    """A finding for each fallback that never comes, or of which nobody could say when."""
    rows = {each.key: each for each in script.injects}
    bound = script.instead_of
    counts = Counter(each.fallback for each in script.injects if each.fallback)
    for inject in script.injects:
        instead = rows.get(inject.fallback)
        if instead is None:
            continue
        if inject.at is None and inject.key not in bound:
            yield Finding(
                WARNING,
                place_of(inject),
                f"Sie kommt nur auf Anweisung; {quoted(instead.title)} kommt dann nie an ihrer Stelle.",
                "Geben Sie der Einlage eine Zeit, oder streichen Sie „Sonst“.",
            )
        elif inject.condition is None:
            yield Finding(
                WARNING,
                place_of(inject),
                f"Sie hat keine Bedingung; {quoted(instead.title)} kommt dann nie an ihrer Stelle.",
                "Geben Sie eine Bedingung an, oder streichen Sie „Sonst“.",
            )
    begins = beginnings(script)
    for key, other in bound.items():
        begin = begins.get(key)
        if key not in rows or begin is None or begin == inf:
            continue
        until = rows[key].until
        last = script.duration_minutes if until is None else min(until, script.duration_minutes)
        if begin > last:
            yield Finding(
                ERROR,
                place_of(rows[key]),
                f"Sie kommt statt {quoted(other.title)}, aber erst ab {format_minutes(int(begin))}; dann ist sie "
                "verfallen oder die Übung zu Ende.",
                "Setzen Sie „Verfällt“ bei ihr später oder bei der anderen früher.",
            )
    for key, count in counts.items():
        if key in rows and count > 1:
            yield Finding(
                ERROR,
                place_of(rows[key]),
                f"{count} Einlagen nennen sie unter „Sonst“.",
                "Jede Einlage kann nur an die Stelle einer anderen treten: Schreiben Sie eine zweite.",
            )
    for inject in _in_circles(script, rows):
        yield Finding(
            ERROR,
            place_of(inject),
            "Unter „Sonst“ führt sie zu sich selbst.",
            "Nennen Sie unter „Sonst“ eine Einlage, von der kein Weg hierher zurückführt.",
        )


def _in_circles(script: Script, rows: dict[str, Inject]) -> Iterator[Inject]:
    done: set[str] = set()
    for inject in script.injects:
        way: dict[str, None] = {}
        key = inject.key
        while key in rows and key not in done and key not in way:
            way[key] = None
            key = rows[key].fallback
        if key in way:
            keys = list(way)
            yield from (rows[each] for each in keys[keys.index(key) :])
        done.update(way)
