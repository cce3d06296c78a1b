"""A small script on a small network: what the simulation tells, and that playing it is rehearsing it."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import chances
from tests.algorithms.exercise.rehearsed import NAMES, played, short

from allmende.algorithms.cascade.network import ModelError
from allmende.algorithms.exercise.announcements import Announcement, announcements
from allmende.algorithms.exercise.clock import HOUR, MINUTE
from allmende.algorithms.exercise.decisions import Made
from allmende.algorithms.exercise.delivery import Ledger, missing
from allmende.algorithms.exercise.rehearsal import (
    cues_now,
    exercise_of,
    facts_of,
    losses,
    rehearse,
    told_by,
)


def test_a_script_is_laid_out() -> None:
    exercise = played()
    assert exercise.cues[0].recipients == ("leitung-l", "presse-l", "leitung-k")
    assert exercise.recipients["situation", ""] == ("kreis", "leitung-l", "presse-l")
    assert (exercise.duration, exercise.most) == (72 * HOUR, 2)
    with pytest.raises(ModelError, match="unknown option"):
        exercise.decide(0, "wohin", "nirgends")


def test_the_timeline_if_nobody_decides() -> None:
    assert short(played(), []) == [
        (0.0, "lage"),
        # At hour 1 the grid fails: it and one shop are told, the other five gathered.
        (1.0, "simulation/failed/netz"),
        (1.0, "simulation/buffered/brunnen"),
        (1.0, "simulation/buffered/klinik"),
        (1.0, "simulation/failed/ort-0"),
        (1.25, "simulation/failed/Lindenfurt"),
        (2.0, "mahnung"),
        # The water works of Lindenfurt; that of Kranichsee is told to nobody in charge of the press.
        (7.0, "simulation/failed/wasser"),
        (7.0, "simulation/buffered/klinik"),
        (9.5, "notruf"),
        (30 + 1 / HOUR, "gebrochen"),
        (51.0, "simulation/restored/netz"),
        (51.0, "simulation/restored/wasser"),
        (51.0, "simulation/restored/brunnen"),
        (51.0, "simulation/restored/klinik"),
        (51.25, "simulation/restored/Lindenfurt"),
    ]


def test_a_decision_changes_who_has_water() -> None:
    exercise, at = played(), 90 * MINUTE
    timelines = {
        option: rehearse(exercise, [(at, "wohin", option)]) for option in ("brunnen", "wasser")
    }
    without = {
        option: found.future.without_supply(20 * HOUR)[1].tolist()  # type: ignore[union-attr]
        for option, found in timelines.items()
    }
    assert without == {"brunnen": [4000, 0], "wasser": [0, 1000]}
    told = {
        key: [(line.inject, line.at / HOUR) for line in found.lines if line.announcement is None]
        for key, found in timelines.items()
    }
    assert told == {
        "brunnen": [("lage", 0.0), ("notruf", 25.5), ("gebrochen", 30 + 1 / HOUR)],
        "wasser": [("lage", 0.0), ("notruf", 9.5), ("gehalten", 24.0)],
    }
    made = [exercise.decide(at, "wohin", "brunnen")]
    nothing = rehearse(exercise).future
    assert nothing is not None
    found = losses(exercise, made)
    assert found is not None
    assert found.decided == timelines["brunnen"].future.person_hours  # type: ignore[union-attr]
    assert found.nothing == nothing.person_hours
    assert found.decided < found.nothing


def test_what_is_gathered_says_whom_it_is_about() -> None:
    found = told_by(played(), rehearse(played()).future)
    gathered = next(each for each in found if each.gathered)
    assert (gathered.audience, gathered.municipality, gathered.due) == (
        "public",
        "Lindenfurt",
        75 * MINUTE,
    )
    assert [item.facility for item in gathered.items] == NAMES[1:]
    assert gathered.items[0][1:] == ("ernährung", 10.0, 0.0, ("strom",))
    clinic = [e.items[0] for e in found if e.key.startswith("simulation/buffered/klinik")]
    assert [(item.left, item.missing) for item in clinic] == [
        (24.0, ("strom",)),
        (2.0, ("wasser",)),
    ]


def test_all_one_by_one_and_all_together() -> None:
    future = rehearse(played()).future
    assert future is not None
    single = announcements(future, most=100)
    assert not any(each.gathered for each in single)
    together = announcements(future, most=0)
    assert all(each.gathered for each in together)
    assert sorted(i for e in single for i in e.items) == sorted(
        i for e in together for i in e.items
    )
    here = announcements(future, municipalities={"Kranichsee"})
    assert {each.municipality for each in here} == {"Kranichsee"}
    with pytest.raises(ValueError, match="length"):
        announcements(future, window=0)


def some_choices(chance: random.Random) -> list[tuple[int, str]]:
    found = [chance.randrange(71 * HOUR) for _ in range(chance.randrange(5))]
    return [(at, chance.choice(["brunnen", "wasser", "warten"])) for at in sorted(set(found))]


@settings(max_examples=60, deadline=None)
@given(chances)
def test_playing_is_rehearsing(chance: random.Random) -> None:
    """Tick by tick, recomputing after each decision: the same injects at the same times as in one go."""
    exercise = played()
    assert exercise.replay is not None
    made: list[Made] = []
    ledger = Ledger()
    choices = some_choices(chance)
    ticks = sorted([*(chance.randrange(72 * HOUR) for _ in range(25)), 72 * HOUR])
    future = exercise.replay.future(made)
    for tick in ticks:
        while choices and choices[0][0] < tick:
            at, option = choices.pop(0)
            made.append(exercise.decide(ledger.stamp(at), "wohin", option))
            future = exercise.replay.future(made)
        cues = cues_now(exercise, told_by(exercise, future))
        ledger = ledger.append(missing(cues, ledger, now=tick, facts=facts_of(made, future)))
    rehearsed = rehearse(exercise, [(each.at, each.decision, each.option) for each in made]).lines
    assert [(due, *id_[:2]) for id_, due in ledger.delivered.items()] == [
        (line.at, line.inject, recipient) for line in rehearsed for recipient in line.recipients
    ]


@settings(max_examples=60, deadline=None)
@given(chances)
def test_a_decision_changes_only_what_is_still_to_be_told(chance: random.Random) -> None:
    exercise = played()
    assert exercise.replay is not None
    made: list[Made] = []
    before: list[Announcement] = told_by(exercise, exercise.replay.future(made))
    for at, option in some_choices(chance):
        made.append(exercise.decide(at, "wohin", option))
        after = told_by(exercise, exercise.replay.future(made))
        assert [e for e in before if e.due < at] == [e for e in after if e.due < at]
        before = after


def test_without_a_simulation_the_script_alone_is_played() -> None:
    script = {"duration_minutes": 60, "injects": [{"key": "a", "at": 5}, {"key": "b", "at": 61}]}
    exercise = exercise_of(script)
    assert [line.inject for line in rehearse(exercise).lines] == ["a"]
    assert losses(exercise, []) is None


def test_what_nobody_hears_is_not_delivered() -> None:
    exercise = replace(played(), recipients={})
    assert [line.inject for line in rehearse(exercise).lines] == [
        "lage",
        "mahnung",
        "notruf",
        "gebrochen",
    ]
