"""The short lists that Polis prints: statements typical of a group, and those that unite all.

They are recomputed here to compare with a Polis conversation. The default mode prints no lists cut
off at five, but all differences with their intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allmende.algorithms.opinion.polis_statements import (
    GroupVotes,
    Representativeness,
    count_group_votes,
    one_proportion_test,
    representativeness,
)
from allmende.algorithms.opinion.votes import Votes

Z_90 = 1.2816
MOST_STATEMENTS = 5

Direction = Literal["agree", "disagree"]


@dataclass(frozen=True)
class RepresentativeStatement:
    """A statement in the list of a group.

    statement : position among the statements
    direction : what the group does with it
    successes, trials : votes in that direction, and votes in all, within the group
    p, p_test, r, r_test : the figures of :class:`Representativeness` in that direction
    best_agree : it stands first because it has the strongest agreement
    """

    statement: int
    direction: Direction
    successes: int
    trials: int
    p: float
    p_test: float
    r: float
    r_test: float
    best_agree: bool = False


@dataclass(frozen=True)
class ConsensusStatement:
    """A statement on which all participants taken together agree, or disagree."""

    statement: int
    direction: Direction
    successes: int
    trials: int
    p: float
    p_test: float


def representative_statements(
    counts: GroupVotes, *, moderated_out: ArrayLike | None = None
) -> tuple[tuple[RepresentativeStatement, ...], ...]:
    """The list of at most five statements that stand for each group.

    Parameters
    ----------
    counts : GroupVotes
        G groups, S statements.
    moderated_out : (S,) bool, optional
        Statements that are left out.

    Returns
    -------
    tuple of tuple of RepresentativeStatement
        One list for each group.

    Raises
    ------
    ValueError
        If a group has more agrees than votes on a statement.

    Notes
    -----
    A statement is sufficient if share and difference both have z > 1.2816 in one direction. The
    sufficient ones are ranked by r·r_test·p·p_test. Ahead of them stands the statement with the
    strongest agreement; agrees come before disagrees. If none is sufficient, the one with the
    strongest agreement stands alone, or else the one with the largest difference.

    References
    ----------
    Polis, math/src/polismath/math/repness.clj, ``select-rep-comments``.
    """
    figures = representativeness(counts)
    width = counts.votes.shape[1]
    hidden = (
        np.zeros(width, dtype=np.bool_)
        if moderated_out is None
        else np.asarray(moderated_out, dtype=np.bool_)
    )
    shown = np.flatnonzero(~hidden).tolist()
    return tuple(
        _list_of_group(counts, figures, group, shown) for group in range(len(counts.members))
    )


def _list_of_group(
    counts: GroupVotes, figures: Representativeness, group: int, shown: Sequence[int]
) -> tuple[RepresentativeStatement, ...]:
    agrees = (figures.r_agree_test[group] > Z_90) & (figures.p_agree_test[group] > Z_90)
    disagrees = (figures.r_disagree_test[group] > Z_90) & (figures.p_disagree_test[group] > Z_90)
    strongest = _strongest_agreement(counts, figures, group, shown)
    sufficient = [
        _entry(counts, figures, group, statement)
        for statement in shown
        if (agrees[statement] or disagrees[statement]) and statement != strongest
    ]
    sufficient.sort(key=lambda entry: -entry.r * entry.r_test * entry.p * entry.p_test)
    if strongest is not None:
        sufficient.insert(0, _entry(counts, figures, group, strongest, best_agree=True))
    elif not sufficient and shown:
        largest = np.maximum(figures.r_agree_test[group], figures.r_disagree_test[group])[shown]
        sufficient.append(_entry(counts, figures, group, shown[int(np.argmax(largest))]))
    return tuple(
        sorted(sufficient[:MOST_STATEMENTS], key=lambda entry: entry.direction == "disagree")
    )


def _strongest_agreement(
    counts: GroupVotes, figures: Representativeness, group: int, shown: Sequence[int]
) -> int | None:
    """Statement with the strongest agreement, found in one pass as Polis does.

    What the next candidate has to beat depends on the best one so far: while that one is not more
    frequent here than elsewhere, only the share within the group is compared.
    """
    p, p_test = figures.p_agree[group], figures.p_agree_test[group]
    r, r_test = figures.r_agree[group], figures.r_agree_test[group]
    best: int | None = None
    for statement in shown:
        if counts.agrees[group, statement] == 0 and counts.disagrees[group, statement] == 0:
            continue
        share = p[statement] * p_test[statement]
        if best is None:
            better = p_test[statement] > Z_90 or (r[statement] > 1 and p[statement] > 0.5)
        elif r[best] > 1:
            product = r[statement] * r_test[statement] * share
            better = product > r[best] * r_test[best] * p[best] * p_test[best]
        else:
            better = share > p[best] * p_test[best]
        if better:
            best = statement
    return best


def _entry(
    counts: GroupVotes,
    figures: Representativeness,
    group: int,
    statement: int,
    *,
    best_agree: bool = False,
) -> RepresentativeStatement:
    at = group, statement
    agree = figures.r_agree_test[at] > figures.r_disagree_test[at]
    chosen = (
        (figures.p_agree, figures.p_agree_test, figures.r_agree, figures.r_agree_test)
        if agree
        else (
            figures.p_disagree,
            figures.p_disagree_test,
            figures.r_disagree,
            figures.r_disagree_test,
        )
    )
    p, p_test, r, r_test = (float(array[at]) for array in chosen)
    return RepresentativeStatement(
        statement=statement,
        direction="agree" if agree else "disagree",
        successes=int((counts.agrees if agree else counts.disagrees)[at]),
        trials=int(counts.votes[at]),
        p=p,
        p_test=p_test,
        r=r,
        r_test=r_test,
        best_agree=best_agree,
    )


def consensus_statements(
    votes: Votes, *, moderated_out: ArrayLike | None = None
) -> tuple[ConsensusStatement, ...]:
    """Statements on which the participants as a whole agree or disagree, at most five each.

    Parameters
    ----------
    votes : Votes
        P participants, S statements; every participant counts, also those in no group.
    moderated_out : (S,) bool, optional
        Statements that are left out.

    Returns
    -------
    tuple of ConsensusStatement
        First those agreed on, then those disagreed on, each ranked by p·p_test.

    Raises
    ------
    ValueError
        If ``moderated_out`` has another length than the statements.

    References
    ----------
    Polis, math/src/polismath/math/repness.clj, ``select-consensus-comments``.
    """
    counts = count_group_votes(votes, np.zeros(votes.shape[0], dtype=np.int64))
    width = votes.shape[1]
    hidden = np.zeros(width) if moderated_out is None else np.asarray(moderated_out)
    if len(hidden) != width:
        raise ValueError(f"{len(hidden)} marks for {width} statements")
    found: list[ConsensusStatement] = []
    directions: tuple[tuple[Direction, NDArray[np.int64]], ...] = (
        ("agree", counts.agrees),
        ("disagree", counts.disagrees),
    )
    for direction, array in directions:
        for successes, trials in zip(array, counts.votes, strict=True):
            p = (successes + 1) / (trials + 2)
            test = one_proportion_test(successes, trials)
            chosen = np.flatnonzero((p > 0.5) & (test > Z_90) & (hidden == 0))
            order = chosen[np.argsort(-(p * test)[chosen], kind="stable")]
            found += [
                ConsensusStatement(
                    statement=int(statement),
                    direction=direction,
                    successes=int(successes[statement]),
                    trials=int(trials[statement]),
                    p=float(p[statement]),
                    p_test=float(test[statement]),
                )
                for statement in order[:MOST_STATEMENTS]
            ]
    return tuple(found)
