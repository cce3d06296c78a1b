"""Where generators help most; models, generators and draws of a script."""

import random
from collections.abc import Mapping
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from tests.algorithms.cascade.models import chances
from tests.algorithms.exercise.rehearsed import MODEL, NAMES, SCRIPT, played

from allmende.algorithms.cascade.network import ModelError
from allmende.algorithms.cascade.scenario import Damage
from allmende.algorithms.exercise import placement
from allmende.algorithms.exercise.decisions import Made, Send
from allmende.algorithms.exercise.placement import place_units
from allmende.algorithms.exercise.rehearsal import (
    Losses,
    exercise_of,
    losses,
)
from allmende.algorithms.exercise.world import world_of
from allmende.commands.cascade.case import make_case
from allmende.formats.cascade_model.reader import model_of


def changed(**parts: Any) -> Mapping[str, Any]:
    return {**MODEL, **parts}


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
