"""Counts and figures from which Polis describes its groups, once these are known.

Vote counts by group, representativeness, group-aware consensus and the priority with which Polis
shows a statement, exactly as Polis computes them, so that its published results can be recomputed.
For an analysis to rely on, use the default mode: these tests look at the same votes that made the
groups, and call one vote of one significant. See ``docs/algorithms/opinion-polis.md``.

Notation: in group g, A agrees, D disagrees and N votes in all (passes included).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allmende.algorithms.opinion.votes import AGREE, DISAGREE, Votes

META_PRIORITY = 49.0


@dataclass(frozen=True)
class GroupVotes:
    """Votes by group.

    members : (G,) int64, participants in each group
    agrees, disagrees, votes : (G, S) int64; ``votes`` counts passes too
    """

    members: NDArray[np.int64]
    agrees: NDArray[np.int64]
    disagrees: NDArray[np.int64]
    votes: NDArray[np.int64]


@dataclass(frozen=True)
class Representativeness:
    """How typical each vote is of each group; all arrays are (G, S) float.

    p_agree, p_disagree : (A+1)/(N+2), (D+1)/(N+2)
    p_agree_test, p_disagree_test : z of the share against one half
    r_agree, r_disagree : ratio of the share to that of all other groups
    r_agree_test, r_disagree_test : z of the difference to all other groups
    """

    p_agree: NDArray[np.float64]
    p_disagree: NDArray[np.float64]
    p_agree_test: NDArray[np.float64]
    p_disagree_test: NDArray[np.float64]
    r_agree: NDArray[np.float64]
    r_disagree: NDArray[np.float64]
    r_agree_test: NDArray[np.float64]
    r_disagree_test: NDArray[np.float64]


def count_group_votes(votes: Votes, groups: ArrayLike) -> GroupVotes:
    """Count votes on each statement by group.

    Parameters
    ----------
    votes : Votes
        P participants, S statements.
    groups : (P,) int
        Group of each participant from 0 to G-1, or -1 for those in none.

    Returns
    -------
    GroupVotes
        Counts by group and statement; participants in no group do not count.

    Raises
    ------
    ValueError
        If ``groups`` does not name one group for each participant.

    References
    ----------
    Polis, math/src/polismath/math/conversation.clj, ``group-votes``.
    """
    group = np.asarray(groups, dtype=np.int64)
    number, width = votes.shape
    if len(group) != number:
        raise ValueError(f"{len(group)} groups for {number} participants")
    count = int(group.max(initial=-1)) + 1
    of_vote = group[votes.rows]
    cell = of_vote * width + votes.columns

    def counted(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        cells = np.bincount(cell[chosen & (of_vote >= 0)], minlength=count * width)
        return cells.reshape(count, width).astype(np.int64)

    return GroupVotes(
        members=np.bincount(group[group >= 0], minlength=count).astype(np.int64),
        agrees=counted(votes.values == AGREE),
        disagrees=counted(votes.values == DISAGREE),
        votes=counted(np.ones(len(cell), dtype=np.bool_)),
    )


def one_proportion_test(successes: ArrayLike, trials: ArrayLike) -> NDArray[np.float64]:
    """z of a share against one half, with one success and one trial added.

    Parameters
    ----------
    successes, trials : (...) int
        Arrays of the same shape.

    Returns
    -------
    (...) float
        2·sqrt(n+1)·((x+1)/(n+1) - 1/2).

    Raises
    ------
    ValueError
        If there are more successes than trials.

    Examples
    --------
    >>> one_proportion_test([1], [1]).round(4).tolist()
    [1.4142]

    References
    ----------
    Polis, math/src/polismath/math/stats.clj, ``prop-test``.
    """
    success, trial = np.asarray(successes) + 1.0, np.asarray(trials) + 1.0
    if (success > trial + 1).any():
        raise ValueError("more successes than trials")
    return np.asarray(2 * np.sqrt(trial) * (success / trial - 0.5))


def two_proportions_test(
    successes: ArrayLike, trials: ArrayLike, other_successes: ArrayLike, other_trials: ArrayLike
) -> NDArray[np.float64]:
    """z of the difference of two shares, with one success and one trial added to both.

    Parameters
    ----------
    successes, trials, other_successes, other_trials : (...) int
        Arrays of the same shape.

    Returns
    -------
    (...) float
        0 where the pooled share is one.

    Raises
    ------
    ValueError
        If there are more successes than trials.

    Examples
    --------
    >>> two_proportions_test([1], [1], [1], [10]).round(3).tolist()
    [2.306]

    References
    ----------
    Polis, math/src/polismath/math/stats.clj, ``two-prop-test``.
    """
    x, n = np.asarray(successes) + 1.0, np.asarray(trials) + 1.0
    y, m = np.asarray(other_successes) + 1.0, np.asarray(other_trials) + 1.0
    if (x > n + 1).any() or (y > m + 1).any():
        raise ValueError("more successes than trials")
    pooled = (x + y) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    safe = np.where(variance > 0, variance, 1.0)
    return np.asarray(np.where(variance > 0, (x / n - y / m) / np.sqrt(safe), 0.0))


def representativeness(counts: GroupVotes) -> Representativeness:
    """How typical each vote is of each group.

    Parameters
    ----------
    counts : GroupVotes
        G groups, S statements.

    Returns
    -------
    Representativeness
        Arrays of shape (G, S).

    Raises
    ------
    ValueError
        If a group has more agrees than votes on a statement.

    References
    ----------
    Polis, math/src/polismath/math/repness.clj, ``add-comparitive-stats``. Small, C. et al. (2021).
    Polis: Scaling deliberation by mapping high dimensional opinion spaces. Recerca 26(2).
    https://doi.org/10.6035/recerca.5516
    """
    agrees, disagrees, votes = counts.agrees, counts.disagrees, counts.votes
    other_agrees, other_disagrees, other_votes = (
        array.sum(axis=0) - array for array in (agrees, disagrees, votes)
    )
    p_agree, p_disagree = (agrees + 1) / (votes + 2), (disagrees + 1) / (votes + 2)
    return Representativeness(
        p_agree=p_agree,
        p_disagree=p_disagree,
        p_agree_test=one_proportion_test(agrees, votes),
        p_disagree_test=one_proportion_test(disagrees, votes),
        r_agree=p_agree / ((other_agrees + 1) / (other_votes + 2)),
        r_disagree=p_disagree / ((other_disagrees + 1) / (other_votes + 2)),
        r_agree_test=two_proportions_test(agrees, votes, other_agrees, other_votes),
        r_disagree_test=two_proportions_test(disagrees, votes, other_disagrees, other_votes),
    )


def group_aware_consensus(counts: GroupVotes) -> NDArray[np.float64]:
    """Product over the groups of (A+1)/(N+2).

    Parameters
    ----------
    counts : GroupVotes
        G groups, S statements.

    Returns
    -------
    (S,) float
        Between 0 and 1; it shrinks with the number of groups.

    Raises
    ------
    ValueError
        Never for counts made by :func:`count_group_votes`.

    References
    ----------
    Polis, math/src/polismath/math/conversation.clj, ``group-aware-consensus``.
    """
    return np.asarray(((counts.agrees + 1) / (counts.votes + 2)).prod(axis=0))


def comment_priorities(
    counts: GroupVotes, extremity: ArrayLike, *, meta: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Weight with which Polis draws the next statement.

    Parameters
    ----------
    counts : GroupVotes
        G groups, S statements.
    extremity : (S,) float
        Distance of each statement from the centre of the map.
    meta : (S,) bool, optional
        Statements about the participants, which get a fixed priority.

    Returns
    -------
    (S,) float
        [(1-(P+1)/(N+2))·(E+1)·(A+1)/(N+2)·(1+8·2^(-N/5))]² with P passes; 49 for meta statements.

    Raises
    ------
    ValueError
        If ``extremity`` has another length than the statements.

    References
    ----------
    Polis, math/src/polismath/math/conversation.clj, ``priority-metric``.
    """
    agrees, disagrees, votes = (
        array.sum(axis=0) for array in (counts.agrees, counts.disagrees, counts.votes)
    )
    distance = np.asarray(extremity, dtype=float)
    if len(distance) != len(votes):
        raise ValueError(f"{len(distance)} extremities for {len(votes)} statements")
    passes = votes - agrees - disagrees
    importance = (1 - (passes + 1) / (votes + 2)) * (distance + 1) * (agrees + 1) / (votes + 2)
    priority = (importance * (1 + 8 * 2.0 ** (-votes / 5))) ** 2
    return priority if meta is None else np.where(np.asarray(meta), META_PRIORITY, priority)
