"""Counting votes by statement and by stratum: the plain numbers under every figure.

>>> from allmende.algorithms.opinion.votes import votes_from_log
>>> votes = votes_from_log(["a", "b", "c"], ["s", "s", "s"], [1, 1, -1])
>>> tally(votes, cells=np.array([0, 0, 1]), count=2)[:, :, 0].tolist()
[[2, 0, 0], [0, 0, 1]]
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.votes import Votes

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Shares:
    """Weighted shares of C cells (groups, Länder, size classes) on S statements.

    agree, disagree : (C, S) float64
        Share of all who voted, those who passed included; 0 where nobody voted.
    answers : (C, S) int64
        Number of votes.
    effective : (C, S) float64
        Kish's effective number of votes.
    mass : (C, S) float64
        Sum of weights.
    """

    agree: Floats
    disagree: Floats
    answers: Counts
    effective: Floats
    mass: Floats


def tally(votes: Votes, *, cells: Counts | None = None, count: int = 1) -> Counts:
    """Count agree, pass and disagree on each statement in each cell.

    Parameters
    ----------
    votes : Votes
        V votes of P participants on S statements.
    cells : (P,) int64, optional
        Cell of each participant, 0 to count - 1; -1 to leave out. One cell for all by default.
    count : int
        Number of cells, C.

    Returns
    -------
    (C, 3, S) int64
        Numbers of agree, pass, disagree.

    Raises
    ------
    ValueError
        If there is not one cell for each participant, or a cell is not below ``count``.

    References
    ----------
    None: counting.
    """
    kept, cell = _cells(votes, cells, count)
    statements = votes.shape[1]
    kind = 1 - votes.values[kept].astype(np.int64)
    key = (cell * 3 + kind) * statements + votes.columns[kept]
    return np.bincount(key, minlength=count * 3 * statements).reshape(count, 3, statements)


def weighted_shares(
    votes: Votes, *, weights: Floats, cells: Counts | None = None, count: int = 1
) -> Shares:
    """Return weighted shares of agreement and disagreement in each cell.

    Parameters
    ----------
    votes : Votes
        V votes of P participants on S statements.
    weights : (P,) float64
        Weight of each participant, zero or more.
    cells, count
        As in `tally`.

    Returns
    -------
    Shares

    Raises
    ------
    ValueError
        As in `tally`, or if there is not one weight for each participant.

    References
    ----------
    Effective number: L. Kish, "Survey Sampling", Wiley 1965, section 11.7.
    """
    if len(weights) != votes.shape[0]:
        raise ValueError(f"{len(weights)} weights for {votes.shape[0]} participants")
    kept, cell = _cells(votes, cells, count)
    size = count * votes.shape[1]
    key = cell * votes.shape[1] + votes.columns[kept]
    weight = weights[votes.rows[kept]]
    value = votes.values[kept]

    def total(per_vote: Floats) -> Floats:
        sums = np.asarray(np.bincount(key, per_vote, minlength=size), dtype=np.float64)
        return sums.reshape(count, votes.shape[1])

    mass, squares = total(weight), total(weight * weight)
    safe = np.where(mass > 0, mass, 1.0)
    return Shares(
        agree=np.minimum(total(weight * (value > 0)) / safe, 1.0),
        disagree=np.minimum(total(weight * (value < 0)) / safe, 1.0),
        answers=np.bincount(key, minlength=size).reshape(count, votes.shape[1]),
        effective=np.where(squares > 0, mass**2 / np.where(squares > 0, squares, 1.0), 0.0),
        mass=mass,
    )


def _cells(votes: Votes, cells: Counts | None, count: int) -> tuple[Counts | slice, Counts]:
    """Positions of the votes that count, and the cell of each."""
    if cells is None:
        return slice(None), np.zeros(len(votes.values), dtype=np.int64)
    if len(cells) != votes.shape[0]:
        raise ValueError(f"{len(cells)} cells for {votes.shape[0]} participants")
    if len(cells) and not (cells.min() >= -1 and cells.max() < count):
        raise ValueError(f"a cell lies outside -1 to {count - 1}")
    cell = np.asarray(cells, dtype=np.int64)[votes.rows]
    kept = np.flatnonzero(cell >= 0)
    return kept, cell[kept]
