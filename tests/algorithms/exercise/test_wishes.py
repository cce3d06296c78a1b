"""What a rehearsal may decide, and when: nothing before somebody has been asked."""

from typing import Any

from tests.algorithms.exercise.rehearsed import SCRIPT, played

from allmende.algorithms.exercise.clock import HOUR, MINUTE
from allmende.algorithms.exercise.rehearsal import exercise_of, rehearse
from allmende.algorithms.exercise.wishes import Early, Wish, in_play

WHERE = "wohin"


def asking(**changes: Any) -> dict[str, Any]:
    """The script, in which an inject asks at hour 3 where to go, and then another what comes next."""
    second = {"key": "weiter", "options": [{"key": "ja"}, {"key": "nein"}]}
    told = {"condition": {"decision": WHERE}, "asks_for": ["weiter"]}
    return SCRIPT | {
        "decisions": [*SCRIPT["decisions"], second],
        "injects": [
            *SCRIPT["injects"],
            {"key": "frage", "at": 180, "to": ["kreis"], "asks_for": [WHERE], **changes},
            {"key": "folge", "at": 240, "to": ["kreis"], **told},
        ],
    }


def test_what_nobody_asks_for_is_open_from_the_beginning() -> None:
    wishes = [Wish(None, WHERE, "wasser"), Wish(90 * MINUTE, WHERE, "brunnen")]
    made = [(0, WHERE, "wasser"), (90 * MINUTE, WHERE, "brunnen")]
    assert in_play(played(), reversed(wishes)) == (made, [])


def test_a_decision_waits_for_the_inject_that_asks_for_it() -> None:
    exercise = exercise_of(asking())
    early = Wish(2 * HOUR, WHERE, "warten")
    wishes = [Wish(None, "weiter", "ja"), early, Wish(None, WHERE, "wasser")]
    made, refused = in_play(exercise, wishes)
    # The second question comes only of the first answer.
    assert made == [(3 * HOUR, WHERE, "wasser"), (4 * HOUR, "weiter", "ja")]
    assert refused == [Early(early, 3 * HOUR)]
    assert "mahnung" in [line.inject for line in rehearse(exercise, made).lines]
    assert in_play(exercise, [Wish(None, "weiter", "ja")]) == (
        [],
        [Early(Wish(None, "weiter", "ja"), None)],
    )


def test_what_is_asked_only_by_order_stays_shut() -> None:
    exercise = exercise_of(asking(at=None))
    wish = Wish(20 * HOUR, WHERE, "wasser")
    assert in_play(exercise, [wish]) == ([], [Early(wish, None)])
