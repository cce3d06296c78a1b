"""Where the generators of an exercise help most, if they are sent at once and stay: what play is held against.

Generators that can feed the same facilities are placed as ``cascade`` does it. Where each can feed others, the
choices of all of them are tried together if they are few, else one after the other.
"""

from collections.abc import Sequence
from itertools import product
from math import prod

from allmende.algorithms.cascade.hazards import damages
from allmende.algorithms.cascade.places import (
    MOST_CHOICES,
    MOST_EXACT,
    NOTHING,
    Sites,
    choices_of,
    place_best,
    place_one_by_one,
)

from .decisions import Send, Unit
from .replay import World

MOST_TRIED = 5_000

Groups = list[int | None]  # by generator; None: it helps nowhere


def place_units(world: World) -> tuple[tuple[Send, ...], bool]:
    """Find the best places for all generators of an exercise.

    Parameters
    ----------
    world : World

    Returns
    -------
    tuple of Send
        Those that help somewhere.
    bool
        Whether all choices were looked at; else they were placed one after the other, which promises
        nothing. Looked at with the longest way that any of them has, and as if nobody were evacuated.

    Raises
    ------
    ModelError
        If the world cannot be.

    References
    ----------
    docs/algorithms/exercise.md
    """
    units = sorted(world.units.values(), key=lambda unit: unit.hours)
    if not units:
        return (), True
    nobody = damages([], [], [])
    latest = max(max(unit.hours, *unit.travel.values(), 0.0) for unit in units)
    sites = Sites(world.network, [nobody], world.scenario, at=world.begins + latest)
    options = [
        [group for group in sites.candidates() if _feeds(world, unit, group)] for unit in units
    ]
    if all(each == options[0] for each in options):
        found, exact = _alike(sites, options)
    else:
        found, exact = _unlike(sites, options)
    sent = [
        _send(world, unit, group)
        for unit, group in zip(units, found, strict=True)
        if group is not None
    ]
    return tuple(sent), exact


def _feeds(world: World, unit: Unit, group: int) -> bool:
    owner = str(world.network.facilities[world.network.wires.owner[group]])
    return not unit.sites or owner in unit.sites


def _send(world: World, unit: Unit, group: int) -> Send:
    owner = int(world.network.wires.owner[group])
    first = world.network.groups_of(owner)[0]
    return Send(unit.key, str(world.network.facilities[owner]), group - first)


def _alike(sites: Sites, options: Sequence[list[int]]) -> tuple[Groups, bool]:
    among, count = options[0], len(options)
    exact = count <= MOST_EXACT and choices_of(len(among), count) <= MOST_CHOICES
    groups = (place_best if exact else place_one_by_one)(sites, count, among).groups
    return [*groups, *[None] * (count - len(groups))], exact


def _unlike(sites: Sites, options: Sequence[list[int]]) -> tuple[Groups, bool]:
    least = NOTHING * sites.before
    best: Groups = [None] * len(options)
    most = 0.0
    if prod(len(each) + 1 for each in options) <= MOST_TRIED:
        for chosen in product(*([None, *each] for each in options)):
            saved = sites.saved({group for group in chosen if group is not None})
            if saved > most + least:
                best, most = list(chosen), saved
        return best, True
    while True:
        here = {group for group in best if group is not None}
        gains = [
            (sites.saved(here | {group}), -place, -group)
            for place, each in enumerate(options)
            if best[place] is None
            for group in each
            if group not in here
        ]
        saved, place, group = max(gains, default=(0.0, 0, 0))
        if saved <= most + least:
            return best, False
        best[-place], most = -group, saved
