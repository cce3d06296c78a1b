"""Which statement a participant sees next.

Polis draws the next statement in proportion to a priority that grows with agreement, so that what
everybody rejects is hardly ever shown again, and only from the 999 oldest. Here every statement is
owed the same exposure first; only then does the expected gain of information decide, and agreement
plays no part in either:

1. *Exposure.* Among the statements that this participant may still vote on, those with fewer votes
   in the participant's stratum (Land and size class) than the floor are shown first, the least
   exposed before all others. The floor is 30 votes, or four fifths of the mean exposure in the
   stratum if that is more: so a statement that arrives late catches up instead of stopping at 30.
2. *Information.* When all have reached the floor, the statement whose vote is expected to tell most
   about where this participant stands: p(1-p) · l'Σl, where p is the share of agreement, l the
   statement's loading and Σ the covariance of the participant's position.

Ties are broken at random from a seed, so that a choice can be logged and repeated.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINIMUM_EXPOSURE = 30
CATCH_UP = 0.8

Reason = Literal["exposure", "information", "least_seen"]


@dataclass(frozen=True)
class NextStatement:
    """The statement to show, and all that a log needs to explain and repeat the choice.

    statement : position of the chosen statement
    reason : ``exposure`` it was below the floor in the stratum; ``information`` all others are
        above it too and this one tells most; ``least_seen`` as before, but no loadings are known
    floor : number of votes in the stratum that every statement is owed at this moment
    exposure : votes that the chosen statement has in the stratum
    gain : p(1-p) · l'Σl of the chosen statement; 0 unless the reason is ``information``
    tied : number of statements that were equally eligible, the chosen one included
    seed : of the draw among them
    """

    statement: int
    reason: Reason
    floor: int
    exposure: int
    gain: float
    tied: int
    seed: int


@dataclass(frozen=True)
class Exposure:
    """Whether every statement has been shown often enough to be compared with the others.

    floor : votes that each statement needs
    waiting : (W,) positions of the statements that are below it
    """

    floor: int
    waiting: NDArray[np.intp]

    @property
    def complete(self) -> bool:
        """A ranking of statements may be shown."""
        return len(self.waiting) == 0


def choose_statement(
    *,
    may_vote: ArrayLike,
    stratum_counts: ArrayLike,
    total_counts: ArrayLike | None = None,
    agreement: ArrayLike | None = None,
    loadings: ArrayLike | None = None,
    covariance: ArrayLike | None = None,
    seed: int,
    minimum: int = MINIMUM_EXPOSURE,
) -> NextStatement | None:
    """Choose the next statement for one participant.

    Parameters
    ----------
    may_vote : (S,) bool
        Statements that the participant may see and has not voted on. Only these are chosen; only
        statements that are open to somebody should be in the arrays at all.
    stratum_counts : (S,) int
        Votes (agree, pass, disagree) on each statement from the participant's stratum.
    total_counts : (S,) int, optional
        Votes on each statement from everybody. Breaks ties of exposure.
    agreement : (S,) float, optional
        Share of agreement, between 0 and 1; one half where unknown.
    loadings : (S, D) float, optional
        Loadings of the statements on the axes of the map. Rows of a statement that is not on the
        map yet may be NaN; it then counts as telling as much as the average.
    covariance : (D, D) float, optional
        Covariance of the participant's position.
    seed : int
        Of the draw among equals, at least 0.
    minimum : int
        Exposure that every statement is owed in each stratum.

    Returns
    -------
    NextStatement or None
        None if nothing is left to vote on.

    Raises
    ------
    ValueError
        If the arrays differ in length, or only one of loadings and covariance is given.

    Notes
    -----
    The cost is O(S·D²). ``p(1-p)`` is the same for a statement that all reject and one that all
    accept, so rejection is as visible as consent.

    Examples
    --------
    >>> choose_statement(
    ...     may_vote=[True, True, False], stratum_counts=[40, 3, 0], seed=7
    ... )
    NextStatement(statement=1, reason='exposure', floor=30, exposure=3, gain=0.0, tied=1, seed=7)

    References
    ----------
    Lindley, D. V. (1956). On a measure of the information provided by an experiment. Annals of
    Mathematical Statistics 27(4), 986-1005. https://doi.org/10.1214/aoms/1177728069
    """
    allowed = np.flatnonzero(np.asarray(may_vote, dtype=np.bool_))
    seen = np.asarray(stratum_counts, dtype=np.int64)
    total = seen if total_counts is None else np.asarray(total_counts, dtype=np.int64)
    share = np.full(len(seen), 0.5) if agreement is None else np.asarray(agreement, dtype=float)
    if not len(np.asarray(may_vote)) == len(seen) == len(total) == len(share):
        raise ValueError("may_vote, counts and agreement differ in length")
    if (loadings is None) != (covariance is None):
        raise ValueError("loadings and covariance go together")
    if len(allowed) == 0:
        return None
    floor = max(minimum, int(CATCH_UP * seen.mean()))
    gain = np.zeros(len(allowed))
    reason: Reason
    if seen[allowed].min() < floor:
        reason = "exposure"
        best = _least(allowed, seen, total)
    elif loadings is None or covariance is None:
        reason = "least_seen"
        best = _least(allowed, total, seen)
    else:
        reason = "information"
        gain = _gain(share, np.asarray(loadings, dtype=float), np.asarray(covariance, dtype=float))
        gain = gain[allowed]
        best = np.flatnonzero(gain >= gain.max() * (1 - 1e-9))
    # Among one there is nothing to draw, and making a generator takes a third of the time.
    pick = int(best[np.random.default_rng(seed).integers(len(best)) if len(best) > 1 else 0])
    return NextStatement(
        statement=int(allowed[pick]),
        reason=reason,
        floor=floor,
        exposure=int(seen[allowed[pick]]),
        gain=float(gain[pick]),
        tied=len(best),
        seed=seed,
    )


def position_covariance(
    loadings: ArrayLike, *, spread: ArrayLike, noise: float
) -> NDArray[np.float64]:
    r"""How uncertain a participant's position is after votes on some statements.

    Parameters
    ----------
    loadings : (V, D) float
        Loadings of the statements that the participant has voted on; V may be 0.
    spread : (D,) float
        Variance of positions along each axis before any vote.
    noise : float
        Variance of a vote around what position and loading say.

    Returns
    -------
    (D, D) float64
        Covariance of the position; all 0 where the map has no width or votes have no noise.

    Raises
    ------
    ValueError
        If loadings and spread do not fit, or a variance is negative.

    Notes
    -----
    :math:`(\operatorname{diag}(\text{spread})^{-1} + L^\top L / \sigma^2)^{-1}`, the same that
    ``positions.fit_map`` gives everybody at once.

    Examples
    --------
    >>> position_covariance([[1.0, 0.0]], spread=[1.0, 1.0], noise=1.0).tolist()
    [[0.5, 0.0], [0.0, 1.0]]

    References
    ----------
    Bishop, C. M. (2006). Pattern Recognition and Machine Learning, equation 2.117. Springer.
    """
    width = np.asarray(spread, dtype=float)
    known = np.asarray(loadings, dtype=float).reshape(-1, len(width))
    if noise < 0 or (width < 0).any():
        raise ValueError("a variance cannot be negative")
    if noise == 0 or (width == 0).any():
        return np.zeros((len(width), len(width)))
    return np.linalg.inv(np.diag(1 / width) + known.T @ known / noise)


def check_exposure(
    counts: ArrayLike, *, participants: int, minimum: int = MINIMUM_EXPOSURE
) -> Exposure:
    """Which statements have not been shown often enough for a ranking.

    Parameters
    ----------
    counts : (S,) int
        Votes on each open statement.
    participants : int
        Number of participants who have voted at all; a statement cannot have more votes, so with
        fewer than ``minimum`` of them the floor is half their number.
    minimum : int
        Exposure that every statement needs.

    Returns
    -------
    Exposure
        The floor and the statements below it.

    Raises
    ------
    ValueError
        If a count is negative.

    Examples
    --------
    >>> check_exposure([31, 12, 30], participants=80).waiting.tolist()
    [1]
    >>> check_exposure([6, 5, 7], participants=10).complete
    True

    References
    ----------
    The minimum exposure is this project's own rule; see ``docs/algorithms/opinion-polis.md``.
    """
    votes = np.asarray(counts, dtype=np.int64)
    if (votes < 0).any():
        raise ValueError("a count cannot be negative")
    floor = minimum if participants >= minimum else max(1, participants // 2)
    return Exposure(floor=floor, waiting=np.flatnonzero(votes < floor))


def _least(
    allowed: NDArray[np.intp], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Positions in ``allowed`` with the fewest votes by the first count, then by the second."""
    lowest = np.flatnonzero(first[allowed] == first[allowed].min())
    among = second[allowed[lowest]]
    return np.asarray(lowest[among == among.min()])


def _gain(
    share: NDArray[np.float64], loadings: NDArray[np.float64], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    spread = np.einsum("sd,de,se->s", loadings, covariance, loadings)
    known = np.isfinite(spread)
    spread = np.where(known, spread, spread[known].mean() if known.any() else 0.0)
    return np.asarray(share * (1 - share) * spread)
