"""Weights that make those who took part stand for all: by Land and by size class.

>>> import numpy as np
>>> strata = make_strata(["06", "07"], [900, 70_000])
>>> strata.size_classes.tolist(), strata.total
(['7', '3'], None)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allmende.algorithms.opinion.raking import Raking, merge_cells, rake

Floats = NDArray[np.float64]

SIZE_BOUNDS = (5_000, 10_000, 20_000, 50_000, 100_000, 500_000)
SIZE_CLASSES = ("7", "6", "5", "4", "3", "2", "1")


@dataclass(frozen=True)
class Strata:
    """What is known of each participant, in the order of ``Votes.participants``, and of the whole.

    lands : (P,) str
        Key or name of the Land.
    size_classes : (P,) str
        "1" (large city of 500,000 and more) to "7" (municipality under 5,000), or any other label.
    populations : (P,) float64
        Inhabitants.
    land_totals, size_totals : mapping of str to int
        How many municipalities the whole has in each Land and in each size class. Empty if unknown:
        then nobody is weighted up and no interval profits from a finite whole.
    """

    lands: NDArray[np.str_]
    size_classes: NDArray[np.str_]
    populations: Floats
    land_totals: Mapping[str, int]
    size_totals: Mapping[str, int]

    @property
    def total(self) -> int | None:
        """Number of municipalities in the whole; None if unknown."""
        return sum(self.land_totals.values()) or sum(self.size_totals.values()) or None


def make_strata(
    lands: Sequence[str] | NDArray[np.str_],
    populations: ArrayLike,
    *,
    size_classes: Sequence[str] | NDArray[np.str_] | None = None,
    land_totals: Mapping[str, int] | None = None,
    size_totals: Mapping[str, int] | None = None,
) -> Strata:
    """Check and assemble what is known of the participants.

    Parameters
    ----------
    lands : (P,) str
        Land of each participant.
    populations : (P,) float
        Inhabitants, zero or more.
    size_classes : (P,) str, optional
        Size class of each participant; taken from the population by default.
    land_totals, size_totals : mapping of str to int, optional
        Number of municipalities of the whole in each Land and size class.

    Returns
    -------
    Strata

    Raises
    ------
    ValueError
        If lengths differ, a population is negative or not a number, a total is smaller than the
        number of participants in it or lacks one of their cells, or the two totals differ in sum.

    References
    ----------
    None: checks only.
    """
    land = np.asarray(lands, dtype=np.str_)
    inhabitants = np.asarray(populations, dtype=np.float64)
    if inhabitants.size and not (np.isfinite(inhabitants).all() and inhabitants.min() >= 0):
        raise ValueError("a population is negative or not a number")
    size = (
        size_classes_of(inhabitants)
        if size_classes is None
        else np.asarray(size_classes, dtype=np.str_)
    )
    if not len(land) == len(inhabitants) == len(size):
        raise ValueError(
            f"lengths differ: {len(land)} Länder, {len(size)} size classes, "
            f"{len(inhabitants)} populations"
        )
    by_land, by_size = dict(land_totals or {}), dict(size_totals or {})
    _check_totals("Land", land, by_land)
    _check_totals("size class", size, by_size)
    if by_land and by_size and sum(by_land.values()) != sum(by_size.values()):
        raise ValueError(
            f"{sum(by_land.values())} municipalities by Land, but "
            f"{sum(by_size.values())} by size class"
        )
    return Strata(land, size, inhabitants, by_land, by_size)


def _check_totals(kind: str, cells: NDArray[np.str_], totals: Mapping[str, int]) -> None:
    if not totals:
        return
    if min(totals.values()) < 0:
        raise ValueError(f"a total by {kind} is negative")
    names, counts = np.unique(cells, return_counts=True)
    for name, count in zip(names.tolist(), counts.tolist(), strict=True):
        if totals.get(name, 0) < count:
            raise ValueError(
                f"{count} participants in {kind} {name!r}, "
                f"but the whole has {totals.get(name, 0)} there"
            )


def size_classes_of(populations: ArrayLike) -> NDArray[np.str_]:
    """Return the size class of each municipality by inhabitants.

    Parameters
    ----------
    populations : (P,) float
        Inhabitants.

    Returns
    -------
    (P,) str
        "1" large city from 500,000, "2" city from 100,000, "3" and "4" middle-sized towns from
        50,000 and 20,000, "5" and "6" small towns from 10,000 and 5,000, "7" below.

    Raises
    ------
    ValueError
        If a population is negative or not a number.

    References
    ----------
    Bundesinstitut für Bau-, Stadt- und Raumforschung, "Stadt- und Gemeindetypen". Only its
    thresholds of inhabitants are used, not the central function of a place.
    """
    inhabitants = np.asarray(populations, dtype=np.float64)
    if inhabitants.size and not inhabitants.min() >= 0:
        raise ValueError("a population is negative or not a number")
    return np.array(SIZE_CLASSES)[np.searchsorted(SIZE_BOUNDS, inhabitants, side="right")]


def strata_weights(strata: Strata, *, present: NDArray[np.bool_]) -> Raking:
    """Weight those who took part so that they match the whole by Land and by size class.

    Parameters
    ----------
    strata : Strata
        Of P participants.
    present : (P,) bool
        Who took part.

    Returns
    -------
    Raking
        Weights with sum equal to the number of those present (mean 1), 0 for the others. All 1
        if the totals of the whole are unknown; if only those of one kind are known, it alone counts.

    Raises
    ------
    ValueError
        If ``present`` has another length than the strata.

    Notes
    -----
    Cells with fewer than five present are merged first: Berlin, Hamburg and Bremen with each other;
    a Land with the one that has the next fewest; a size class with its neighbour.

    References
    ----------
    See `raking.rake`.
    """
    if len(present) != len(strata.lands):
        raise ValueError(f"{len(present)} flags for {len(strata.lands)} participants")
    ones = Raking(present.astype(np.float64), True, 0, 0.0)
    if not present.any() or strata.total is None:
        return ones
    land_cells, land_targets = _margin(strata.lands, strata.land_totals, present, ordered=False)
    size_cells, size_targets = _margin(
        strata.size_classes, strata.size_totals, present, ordered=True
    )
    land_targets = land_targets or [float(strata.total)]
    size_targets = size_targets or [float(strata.total)]
    raked = rake(land_cells[present], size_cells[present], land_targets, size_targets)
    weights = np.zeros(len(present))
    weights[present] = raked.weights / raked.weights.mean()
    return Raking(weights, raked.converged, raked.trimmed, raked.worst_margin)


def _margin(
    names: NDArray[np.str_],
    totals: Mapping[str, int],
    present: NDArray[np.bool_],
    *,
    ordered: bool,
) -> tuple[NDArray[np.int64], list[float]]:
    """Merged cells and their targets; one cell without target if the totals are unknown."""
    if not totals:
        return np.zeros(len(names), dtype=np.int64), []
    return merge_cells(names, totals, present=present, ordered=ordered)
