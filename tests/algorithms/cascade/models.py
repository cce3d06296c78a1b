"""Networks and scenarios to try, small and in whole hours."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from allmende.algorithms.cascade.network import Facility, Supply
from allmende.algorithms.cascade.scenario import (
    Damage,
    Generator,
    Intervention,
    Isolate,
    Rerank,
    Restock,
    Scenario,
)

HORIZON = 48.0
POOLS = ("nord", "süd")

Model = tuple[list[Facility], list[Supply]]


def some_model(chance: random.Random, size: int, *, alone: bool = True) -> Model:
    """Facilities with cycles, several groups, weights and stores; ``alone``: all start by themselves."""
    facilities = [
        Facility(
            f"f{number}",
            f"s{number % 3}",
            f"m{number % 2}",
            served=float(chance.randint(0, 50)),
            pool=chance.choice(POOLS),
            rank=chance.randint(0, 3),
            starts_alone=alone or chance.random() > 0.2,
        )
        for number in range(size)
    ]
    supplies = []
    for facility in facilities:
        others = [each.key for each in facilities if each.key != facility.key]
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            suppliers = tuple(chance.sample(others, min(len(others), chance.randint(1, 3))))
            weights = tuple(chance.randint(1, 3) for _ in suppliers) * (chance.random() < 0.3)
            supplies.append(
                Supply(
                    facility.key,
                    suppliers,
                    chance.randint(1, sum(weights) or len(suppliers)),
                    chance.choice([0, 0, 1, 2, 5, 9]),
                    chance.choice([0, 1, 2]),
                    weights,
                )
            )
    return facilities, supplies


def some_damages(
    chance: random.Random, model: Model, most: int = 6, *, once: bool = False
) -> list[Damage]:
    """``once``: nobody is damaged again, when it makes a difference whether it is up by then."""
    keys = [each.key for each in model[0]]
    count = chance.randint(1, most)
    chosen = chance.sample(keys, count) if once else chance.choices(keys, k=count)
    return [Damage(key, chance.randint(0, 20), chance.randint(1, 15)) for key in chosen]


def some_acts(chance: random.Random, model: Model, most: int = 5) -> list[Intervention]:
    facilities, supplies = model
    found: list[Intervention] = []
    isolated: set[str] = set()
    for _ in range(chance.randint(0, most)):
        key, at = chance.choice(facilities).key, chance.randint(0, 30)
        groups = sum(supply.facility == key for supply in supplies)
        kind = chance.randrange(4)
        if kind == 0 and groups:
            until = at + chance.randint(1, 20)
            found.append(Generator(key, chance.randrange(groups), at, until))
        elif kind == 1 and groups:
            found.append(Restock(key, chance.randrange(groups), at))
        elif kind == 2 and key not in isolated:
            isolated.add(key)
            found.append(Isolate(key, at, at + chance.randint(1, 10)))
        elif kind == 3:
            found.append(Rerank(key, at, chance.randint(-2, 5)))
    return found


def some_scenario(chance: random.Random, model: Model) -> Scenario:
    pools = {each.pool for each in model[0]}
    return Scenario(
        HORIZON,
        some_damages(chance, model),
        some_acts(chance, model),
        {pool: chance.randint(0, 2) for pool in sorted(pools) if chance.random() < 0.8},
        first_come=chance.random() < 0.5,
    )


def without_limits(scenario: Scenario) -> Scenario:
    """With as many crews as are needed."""
    return replace(scenario, crews={})


# Hypothesis varies the seed; a case is what grows from it.
chances: Any = st.integers(0, 2**32).map(random.Random)
