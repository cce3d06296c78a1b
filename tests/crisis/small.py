"""A small exercise: two waterworks, one grid that fails, one generator, two roles."""

from typing import Any

from tests.factories import UserFactory, second_factor

from allmende.accounts.models import User
from allmende.crisis.models import Exercise, Part
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import script_of
from allmende.formats.exercise_script.model import Script


def small_document(**changes: Any) -> dict[str, Any]:
    """Ten hours; the grid fails after one, both waterworks have two hours in store."""
    works = [
        {"key": key, "sector": "trinkwasser", "municipality": place, "served": served}
        for key, place, served in (("nord", "Lindenfurt", 800), ("sued", "Kranichsee", 500))
    ]
    return {
        "format": "allmende-exercise/1",
        "name": "Kleiner Stromausfall",
        "summary": "Das Netz fällt aus.",
        "duration_minutes": 600,
        "starts_at": "08:00",
        "speed": 60,
        "teams": [{"key": "lindenfurt", "name": "Lindenfurt", "municipality": "Lindenfurt"}],
        "roles": [
            {"key": "stab", "name": "Leitung des Krisenstabs", "team": "lindenfurt"},
            {"key": "presse", "name": "Presse", "team": "lindenfurt"},
        ],
        "units": [{"key": "aggregat", "name": "Aggregat", "hours": 1}],
        "decisions": [
            {
                "key": "wohin",
                "question": "Wohin soll das Aggregat?",
                "role": "stab",
                "options": [
                    {
                        "key": key,
                        "name": f"Wasserwerk {key}",
                        "acts": [{"kind": "generator", "unit": "aggregat", "facility": key}],
                    }
                    for key in ("nord", "sued")
                ],
            }
        ],
        "announce": {
            "to": [
                {"audience": audience, "roles": ["stab"]}
                for audience in ("operator", "public", "situation")
            ]
        },
        "injects": [
            {
                "key": "1",
                "at": 10,
                "title": "Das Licht flackert",
                "text": "Im Rathaus flackert das Licht.",
                "sender": "Hausmeisterei",
                "to": ["lindenfurt"],
                "expected_action": "Beim Netzbetreiber nachfragen",
                "expected_minutes": 30,
            },
            {"key": "2", "at": 300, "title": "Die Zeitung fragt", "to": ["presse"]},
            {
                "key": "3",
                "at": None,
                "title": "Ein Bagger im Graben",
                "to": ["stab"],
                "kind": "contingency",
            },
        ],
        "facility_names": {"netz": "Ortsnetz", "nord": "Wasserwerk Nord", "sued": "Wasserwerk Süd"},
        "model": {
            "facilities": [
                {"key": "netz", "sector": "strom", "municipality": "Lindenfurt", "repair_hours": 7},
                *works,
            ],
            "supplies": [
                {"facility": key, "suppliers": ["netz"], "buffer_hours": 2}
                for key in ("nord", "sued")
            ],
            "scenario": {
                "damages": [{"facility": "netz", "at": 1, "hours": 7}],
                "horizon_hours": 12,
            },
        },
    } | changes


def small_script(**changes: Any) -> Script:
    return script_of(small_document(**changes))


def wait_for(exercise: Exercise, user: User, *, kind: str = "spiel", role: str = "stab") -> int:
    """Somebody with a second factor asks to be let in; returns the number of her request."""
    if not user.has_second_factor:
        second_factor(user)
    serve.ask_to_join(actor=user, exercise=exercise, kind=kind, role=role)
    return exercise.join_requests.get(user=user).pk


def come_in(exercise: Exercise, user: User | None = None, **wish: str) -> Part:
    """Somebody asks to be let in, and the control lets her."""
    user = user or UserFactory()
    control = exercise.parts.filter(kind="leitung")[0].user
    serve.let_in(actor=control, exercise=exercise, requests=[wait_for(exercise, user, **wish)])
    return exercise.parts.get(user=user)
