"""A small script on a small network: what the simulation tells, and that playing it is rehearsing it."""

import random
from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import chances

from allmende.algorithms.cascade.network import ModelError
from allmende.algorithms.cascade.scenario import Damage
from allmende.algorithms.exercise import placement
from allmende.algorithms.exercise.announcements import Announcement, announcements
from allmende.algorithms.exercise.clock import HOUR, MINUTE
from allmende.algorithms.exercise.decisions import Made, Send
from allmende.algorithms.exercise.delivery import Ledger, missing
from allmende.algorithms.exercise.placement import place_units
from allmende.algorithms.exercise.rehearsal import (
    Exercise,
    Losses,
    cues_now,
    exercise_of,
    facts_of,
    losses,
    rehearse,
    told_by,
)
from allmende.algorithms.exercise.world import world_of
from allmende.commands.cascade.case import make_case
from allmende.formats.cascade_model.reader import model_of

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
    ],
}


def played() -> Exercise:
    return exercise_of(SCRIPT)


def short(exercise: Exercise, choices: list[tuple[int, str, str]]) -> list[tuple[float, str]]:
    """Hours and injects, without what the simulation tells of shops."""
    lines = rehearse(exercise, choices).lines
    return [(line.at / HOUR, line.inject.rpartition("/")[0] or line.inject) for line in lines]


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
        "brunnen": [("lage", 0.0), ("notruf", 25.5)],
        "wasser": [("lage", 0.0), ("notruf", 9.5)],
    }
    made = [exercise.decide(at, "wohin", "brunnen")]
    nothing = rehearse(exercise).future
    assert nothing is not None
    found = losses(exercise, made)
    assert found is not None
    assert found.decided == timelines["brunnen"].future.person_hours  # type: ignore[union-attr]
    assert found.nothing == nothing.person_hours
    assert found.decided < found.nothing


def test_where_generators_help_most() -> None:
    """The grid itself fails for lack of nothing; of the others the larger water works gains most."""
    exercise = played()
    found = losses(exercise, [])
    assert found is not None
    assert (found.places, found.exact) == ((Send("aggregat", "wasser", 0),), True)
    assert found.placed == losses(exercise, [Made(0, found.places)]).decided  # type: ignore[union-attr]
    for option in ("brunnen", "wasser", "warten"):
        assert found.placed <= losses(exercise, [exercise.decide(0, "wohin", option)]).decided  # type: ignore[union-attr]
    many = exercise_of({**SCRIPT, "units": [{"key": f"a{n}", "hours": n} for n in range(12)]})
    greedy = losses(many, [])
    assert greedy is not None
    assert not greedy.exact
    assert greedy.placed < found.placed
    bound = exercise_of(
        {**SCRIPT, "units": [{"key": "aggregat", "sites": ["brunnen"]}], "decisions": []}
    )
    assert losses(bound, []).places == (Send("aggregat", "brunnen", 0),)  # type: ignore[union-attr]
    with pytest.raises(ModelError, match="cannot feed"):
        losses(bound, [Made(0, found.places)])
    none = exercise_of({**SCRIPT, "units": [], "decisions": []})
    assert losses(none, []) == Losses(found.nothing, found.nothing, found.nothing, (), True)


@pytest.mark.parametrize("most_tried", [5_000, 1])
def test_generators_that_can_feed_different_facilities(
    most_tried: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried together, or one after the other: the larger one goes where only it can."""
    monkeypatch.setattr(placement, "MOST_TRIED", most_tried)
    units = [
        {"key": "klein", "hours": 1, "sites": ["brunnen", "ort-0"]},
        {"key": "gross", "hours": 2, "sites": ["brunnen", "wasser"]},
        {"key": "nirgends", "hours": 3, "sites": ["netz"]},
    ]
    exercise = exercise_of({**SCRIPT, "units": units, "decisions": []})
    assert exercise.replay is not None
    found = place_units(exercise.replay.world)
    assert found == ((Send("klein", "brunnen"), Send("gross", "wasser")), most_tried > 1)


@settings(max_examples=30, deadline=None)
@given(chances)
def test_the_best_places_are_the_best_of_all(chance: random.Random) -> None:
    """Against every choice, simulated with the ways as long as they are: here, all as long."""
    keys = ["wasser", "brunnen", "klinik", *NAMES[:2]]
    units = [
        {"key": f"u{n}", "hours": 2, "sites": chance.sample(keys, chance.randint(1, 3))}
        for n in range(2)
    ]
    exercise = exercise_of({**SCRIPT, "units": units, "decisions": []})
    found = losses(exercise, [])
    assert found is not None
    world = exercise.replay.world  # type: ignore[union-attr]
    choices = [
        [
            (Send(unit["key"], key, supply),)
            for key in unit["sites"]
            for supply in range(len(world.network.groups_of(world.network.position(key))))
        ]
        for unit in units
    ]
    lost = [
        exercise.replay.future([Made(0, first + second)]).person_hours  # type: ignore[union-attr]
        for first in [(), *choices[0]]
        for second in [(), *choices[1]]
    ]
    assert (found.placed, found.exact) == (pytest.approx(min(lost)), True)


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
    assert [line.inject for line in rehearse(exercise).lines] == ["lage", "mahnung", "notruf"]


def changed(**parts: Any) -> Mapping[str, Any]:
    return {**MODEL, **parts}


@pytest.mark.parametrize(
    "model",
    [
        {},
        {"facilities": [{"key": "a"}]},
        {"facilities": "viele"},
        changed(supplies=[{"facility": "klinik", "suppliers": ["nirgends"]}]),
        changed(scenario={"interventions": [{"kind": "rerank"}]}),
        changed(scenario={"hazards": [{"kind": "meteor"}]}),
        changed(scenario={"damages": [{"facility": "nirgends"}]}),
    ],
)
def test_models_that_cannot_be_are_refused(model: Mapping[str, Any]) -> None:
    with pytest.raises(ModelError):
        world_of(model)


def test_generators_that_cannot_be_are_refused() -> None:
    for unit in ({"key": "a", "hours": -1}, {"key": "a", "travel_hours": {"nirgends": 1}}, {}):
        with pytest.raises(ModelError):
            world_of(MODEL, units=[unit])


def test_what_is_drawn_belongs_to_the_seed() -> None:
    hazards = [
        {"kind": "field", "intensity": 1, "fragility": {"wasser": {"median": 1, "spread": 0.5}}},
        {"kind": "attack", "users": NAMES, "share": 0.5, "at": 1, "hours": 8},
    ]
    spread = [{**row, "repair_spread": 0.5} for row in MODEL["facilities"]]
    scenario = {"hazards": hazards, "damages": [{"facility": "netz"}]}
    model = changed(scenario=scenario, facilities=spread)
    drawn = [world_of(model, seed=seed).scenario.damages for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1]
    assert len({tuple(each) for each in drawn}) == 4
    assert {each.facility for found in drawn for each in found} <= {
        *NAMES,
        "wasser",
        "brunnen",
        "netz",
    }
    assert all(found[0].facility == "netz" and found[0].hours != 24.0 for found in drawn)


def test_draws_are_those_of_the_command() -> None:
    """`allmende cascade` reads files and draws in another way of writing, from the same seed."""
    hazards = [
        {"kind": "field", "intensity": 1, "fragility": {"wasser": {"median": 1, "spread": 0.5}}},
        {"kind": "attack", "sectors": ["ernährung"], "share": 0.5, "at": 1, "hours": 8},
    ]
    scenario = {"damages": [{"facility": "netz", "at": 2}], "hazards": hazards}
    spread = [{**row, "repair_spread": 0.5} for row in MODEL["facilities"]]
    model = changed(scenario=scenario, facilities=spread)
    case = make_case(model_of({"format": "allmende-cascade/1", **model}))
    for seed in range(20):
        drawn = [part.tolist() for part in case.exposure.draw(seed)]
        keys = [str(case.network.facilities[what]) for what in drawn[2]]
        assert world_of(model, seed=seed).scenario.damages == tuple(
            map(Damage, keys, drawn[0], drawn[3])
        )


def test_what_cannot_be_repaired_is_null_in_a_document() -> None:
    scenario = {
        "damages": [{"facility": "netz", "hours": None}],
        "outages": [{"facility": "wasser", "at": 1, "hours": 2}],
    }
    found = world_of(changed(scenario=scenario)).scenario
    assert found.damages[0].hours == inf
    assert [(act.at, act.until) for act in found.interventions] == [(1.0, 3.0)]  # type: ignore[union-attr]
