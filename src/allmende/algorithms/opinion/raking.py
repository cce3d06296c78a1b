"""Weights that meet two margins: iterative proportional fitting with a limit on each weight.

>>> rake(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), [6, 4], [5, 5]).weights.round(6).tolist()
[3.0, 3.0, 2.0, 2.0]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]

CITY_STATES = frozenset(
    {"02", "04", "11", "Hamburg", "Bremen", "Berlin", "HH", "HB", "BE", "DE-HH", "DE-HB", "DE-BE"}
)
SMALLEST_CELL = 5
TRIM = 5.0


@dataclass(frozen=True)
class Raking:
    """Result of raking.

    weights : (P,) float64
        0 for who did not take part.
    converged : bool
        Whether both margins are met to one in a million.
    trimmed : int
        How many weights were cut at five times the median.
    worst_margin : float
        Largest relative distance of a weighted margin from its target.
    """

    weights: Floats
    converged: bool
    trimmed: int
    worst_margin: float


def merge_cells(
    names: NDArray[np.str_],
    totals: Mapping[str, int],
    *,
    present: NDArray[np.bool_],
    ordered: bool,
) -> tuple[Cells, list[float]]:
    """Merge cells until each has at least five participants, so that no weight gets huge.

    Parameters
    ----------
    names : (P,) str
        Cell of each participant.
    totals : mapping of str to int
        Size of each cell in the whole.
    present : (P,) bool
        Who took part.
    ordered : bool
        Whether only neighbours (in the order of names) may be merged, as for size classes. If not,
        the city states are merged first, then the cells with the fewest participants.

    Returns
    -------
    cells : (P,) int64
        Number of the merged cell of each participant.
    targets : list of float
        Size of each merged cell in the whole.

    Raises
    ------
    ValueError
        If a participant's cell is not among the totals.

    References
    ----------
    R. Valliant, J. A. Dever, F. Kreuter, "Practical Tools for Designing and Weighting Survey
    Samples", Springer 2018, doi:10.1007/978-3-319-93632-1.
    """
    known = sorted(name for name, total in totals.items() if total > 0)
    unknown = set(names.tolist()) - set(known)
    if unknown:
        raise ValueError(f"no total for {sorted(unknown)[0]!r}")
    position = {name: index for index, name in enumerate(known)}
    code = np.array([position[name] for name in names.tolist()], dtype=np.int64)
    counts = np.bincount(code[present], minlength=len(known))
    parts = [[index] for index in range(len(known))]
    if not ordered:
        cities = [index for index, name in enumerate(known) if name in CITY_STATES]
        if len(cities) > 1 and counts[cities].min() < SMALLEST_CELL:
            parts = [[i] for i in range(len(known)) if i not in cities] + [cities]

    def size(part: list[int]) -> int:
        return int(counts[part].sum())

    while len(parts) > 1 and min(map(size, parts)) < SMALLEST_CELL:
        least = min(range(len(parts)), key=lambda i: size(parts[i]))
        others = [i for i in (least - 1, least + 1) if 0 <= i < len(parts)]
        if not ordered:
            others = [i for i in range(len(parts)) if i != least]
        other = min(others, key=lambda i: size(parts[i]))
        parts[min(least, other)] = parts[least] + parts[other]
        del parts[max(least, other)]
    merged = np.empty(len(known), dtype=np.int64)
    for number, part in enumerate(parts):
        merged[part] = number
    return merged[code], [float(sum(totals[known[i]] for i in part)) for part in parts]


def rake(
    rows: Cells,
    columns: Cells,
    row_targets: Sequence[float],
    column_targets: Sequence[float],
    *,
    trim: float = TRIM,
    rounds: int = 200,
) -> Raking:
    r"""Find weights that meet two margins, none above ``trim`` times the median.

    Parameters
    ----------
    rows, columns : (n,) int64
        Cell of each participant in the first and in the second margin.
    row_targets, column_targets : sequence of float
        Wanted sum of weights in each cell.
    trim : float
        Largest weight as a multiple of the median.
    rounds : int
        Most passes over both margins between two trims.

    Returns
    -------
    Raking

    Raises
    ------
    ValueError
        If a target is negative, or positive for a cell without participants.

    Notes
    -----
    Iterative proportional fitting: :math:`w_i \leftarrow w_i\, T_h / \sum_{j \in h} w_j` for the
    rows, then the columns, until no margin is off by more than :math:`10^{-6}`. Trimming and
    fitting alternate at most 20 times and end with trimming: the limit on a single weight goes
    before an exact margin, and ``worst_margin`` says what that costs.

    References
    ----------
    W. E. Deming, F. F. Stephan, "On a least squares adjustment of a sampled frequency table when
    the expected marginal totals are known", Ann. Math. Stat. 11 (1940),
    doi:10.1214/aoms/1177731829.
    """
    margins = [
        (np.asarray(cells), np.asarray(targets, dtype=np.float64))
        for cells, targets in ((rows, row_targets), (columns, column_targets))
    ]
    for cells, targets in margins:
        if targets.min(initial=0.0) < 0:
            raise ValueError("a target is negative")
        if (targets[np.bincount(cells, minlength=len(targets)) == 0] > 0).any():
            raise ValueError("a target is positive, but nobody is in its cell: merge cells first")
    weights = np.ones(len(rows))
    if not len(weights):
        return Raking(weights, True, 0, 0.0)
    cut = np.zeros(len(weights), dtype=bool)
    for _ in range(20):
        for _ in range(rounds):
            for cells, targets in margins:
                sums = np.bincount(cells, weights, minlength=len(targets))
                weights = weights * (targets / np.where(sums > 0, sums, 1.0))[cells]
            if _worst_margin(weights, margins) < 1e-6:
                break
        limit = trim * float(np.median(weights))
        over = weights > limit * (1 + 1e-9)
        if not over.any():
            break
        cut |= over
        weights = np.where(over, limit, weights)
    worst = _worst_margin(weights, margins)
    return Raking(weights, worst < 1e-6, int(cut.sum()), worst)


def _worst_margin(weights: Floats, margins: list[tuple[Cells, Floats]]) -> float:
    worst = 0.0
    for cells, targets in margins:
        sums = np.bincount(cells, weights, minlength=len(targets))
        off = np.abs(sums - targets) / np.where(targets > 0, targets, 1.0)
        worst = max(worst, float(off.max()))
    return worst


def effective_size(weights: ArrayLike) -> float:
    r"""Return how many equally weighted participants would be as precise as these.

    Parameters
    ----------
    weights : (n,) float
        Weights, zero or more.

    Returns
    -------
    float
        Kish's :math:`(\sum w)^2 / \sum w^2`; 0.0 without any weight.

    Raises
    ------
    ValueError
        If a weight is negative.

    Examples
    --------
    >>> effective_size([1, 1, 1, 1]), round(effective_size([3, 1]), 3)
    (4.0, 1.6)

    References
    ----------
    L. Kish, "Survey Sampling", Wiley 1965, section 11.7.
    """
    given = np.asarray(weights, dtype=np.float64)
    if given.size and given.min() < 0:
        raise ValueError("a weight is negative")
    squares = float(np.sum(given * given))
    return float(np.sum(given)) ** 2 / squares if squares > 0 else 0.0
