"""A small script on a small network, to be rehearsed."""

from typing import Any

from allmende.algorithms.exercise.clock import HOUR
from allmende.algorithms.exercise.rehearsal import (
    Exercise,
    exercise_of,
    rehearse,
)

NAMES = [f"ort-{number}" for number in range(6)]
MODEL: dict[str, Any] = {
    "facilities": [
        {"key": "netz", "sector": "strom", "municipality": "Lindenfurt", "served": 5000},
        {"key": "wasser", "sector": "wasser", "municipality": "Lindenfurt", "served": 4000},
        {"key": "brunnen", "sector": "wasser", "municipality": "Kranichsee", "served": 1000},
        {"key": "klinik", "sector": "gesundheit", "municipality": "Kranichsee", "served": 300},
        *[
            {"key": key, "sector": "ernährung", "municipality": "Lindenfurt", "served": 10}
            for key in NAMES
        ],
    ],
    "supplies": [
        {"facility": "wasser", "suppliers": ["netz"], "buffer_hours": 6},
        {"facility": "brunnen", "suppliers": ["netz"], "buffer_hours": 6},
        {"facility": "klinik", "suppliers": ["netz"], "buffer_hours": 24},
        {"facility": "klinik", "suppliers": ["brunnen"], "buffer_hours": 2},
        *[{"facility": key, "suppliers": ["netz"]} for key in NAMES],
    ],
    "scenario": {
        "horizon_hours": 96,
        "damages": [{"facility": "netz", "at": 3, "hours": 50}],
    },
}
SCRIPT: dict[str, Any] = {
    "duration_minutes": 72 * 60,
    "begins_hours": 2,
    "model": MODEL,
    "units": [{"key": "aggregat", "hours": 2, "travel_hours": {"brunnen": 1}}],
    "teams": [
        {"key": "stab-l", "municipality": "Lindenfurt"},
        {"key": "stab-k", "municipality": "Kranichsee"},
    ],
    "roles": [
        {"key": "leitung-l", "team": "stab-l"},
        {"key": "presse-l", "team": "stab-l"},
        {"key": "leitung-k", "team": "stab-k"},
        {"key": "kreis"},
    ],
    "announce": {
        "most": 2,
        "window_minutes": 15,
        "to": [
            {"audience": "operator", "municipality": "Kranichsee", "roles": ["leitung-k"]},
            {"audience": "public", "municipality": "Lindenfurt", "roles": ["presse-l"]},
            {"audience": "situation", "roles": ["kreis", "Lindenfurt"]},
        ],
    },
    "decisions": [
        {
            "key": "wohin",
            "options": [
                {
                    "key": "brunnen",
                    "acts": [{"kind": "generator", "unit": "aggregat", "facility": "brunnen"}],
                },
                {
                    "key": "wasser",
                    "acts": [{"kind": "generator", "unit": "aggregat", "facility": "wasser"}],
                },
                {"key": "warten"},
            ],
        }
    ],
    "injects": [
        {"key": "lage", "at": 0, "to": ["stab-l", "stab-k"]},
        {"key": "mahnung", "at": 120, "to": ["kreis"], "condition": {"not": {"decision": "wohin"}}},
        {
            "key": "notruf",
            "at": 0,
            "to": ["leitung-k"],
            "condition": {"facility": "klinik", "state": "failed", "since_minutes": 30},
        },
        {"key": "aus", "at": 5, "to": ["kreis"], "enabled": False},
        {
            "key": "gehalten",
            "at": 24 * 60,
            "until": 30 * 60,
            "to": ["kreis"],
            "condition": {"decision": "wohin", "option": "wasser"},
            "fallback": "gebrochen",
        },
        {"key": "gebrochen", "at": None, "to": ["Lindenfurt"]},
    ],
}


def played() -> Exercise:
    return exercise_of(SCRIPT)


def short(exercise: Exercise, choices: list[tuple[int, str, str]]) -> list[tuple[float, str]]:
    """Hours and injects, without what the simulation tells of shops."""
    lines = rehearse(exercise, choices).lines
    return [(line.at / HOUR, line.inject.rpartition("/")[0] or line.inject) for line in lines]
