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
# Facilities times choices: about a second of work. Who prints a report does not wait longer.
MOST_WORK = 3_000_000

Groups = list[int | None]  # by generator; None: it helps nowhere


class TooMuchError(ValueError):
    """There are so many choices that looking for the best places would take too long."""


def place_units(world: World, *, work: int | None = None) -> tuple[tuple[Send, ...], bool]:
    """Find the best places for all generators of an exercise.

    Parameters
    ----------
    world : World
    work : int, optional
        At most so many facilities times choices; without, as many as there are.

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
    TooMuchError
        If it would be more ``work``.

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
    alike = all(each == options[0] for each in options)
    if work is not None and _tried(options, alike=alike) * world.network.size > work:
        raise TooMuchError(f"more than {work} facilities times choices")
    if alike:
        found, exact = _alike(sites, options)
    else:
        found, exact = _unlike(sites, options)
    sent = [
        _send(world, unit, group)
        for unit, group in zip(units, found, strict=True)
        if group is not None
    ]
    return tuple(sent), exact


def _tried(options: Sequence[list[int]], *, alike: bool) -> int:
    """How many choices will be looked at, at most."""
    count, together = len(options), prod(len(each) + 1 for each in options)
    if alike:
        every = choices_of(len(options[0]), count) if count <= MOST_EXACT else MOST_CHOICES + 1
        return every if every <= MOST_CHOICES else len(options[0]) * count
    if together <= MOST_TRIED:
        return together
    groups = {group for each in options for group in each}
    return sum(map(len, options)) * min(count, len(groups))


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
