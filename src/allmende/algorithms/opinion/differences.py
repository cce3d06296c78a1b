"""What is typical of a group, tested on statements that did not form the group.

Groups are made of votes. If the same votes then say on what the groups differ, they differ even
where votes are random. So statements are dealt into two halves: groups from the one are compared on
the other, and the other way round.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.clusters import cluster
from allmende.algorithms.opinion.groups import PLACED
from allmende.algorithms.opinion.intervals import discoveries, share_difference
from allmende.algorithms.opinion.positions import VoteMatrix, fit_map
from allmende.algorithms.opinion.tallies import Shares, weighted_shares
from allmende.algorithms.opinion.votes import Votes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.int64]

FEWEST_ANSWERS = 20
FALSE_RATE = 0.05


@dataclass(frozen=True)
class Contrast:
    """Share of a group minus share of all others, for G groups and S statements.

    value, low, high : (G, S) float64
        Difference as a share, -1 to 1, with its 95 % interval; NaN where not tested.
    p_value : (G, S) float64
        Two-sided; 1 where not tested.
    found : (G, S) bool
        Whether the difference is a finding, with 5 % false ones expected among all findings.
    """

    value: Floats
    low: Floats
    high: Floats
    p_value: Floats
    found: Flags


@dataclass(frozen=True)
class Differences:
    """On what groups differ from the others.

    agree, disagree : Contrast
        For the share of agreement and that of disagreement.
    tested : (G, S) bool
        Whether at least 20 inside and 20 outside the group voted.
    half : (S,) int64
        To which half, 0 or 1, each statement was dealt.
    labels : (2, P) int64
        Groups used for the statements of each half, learned from the other; -1 for none.
    inside, outside : Shares
        Of each group, and of all others, on each statement.
    """

    agree: Contrast
    disagree: Contrast
    tested: Flags
    half: Labels
    labels: Labels
    inside: Shares
    outside: Shares


def find_differences(
    votes: Votes, *, weights: Floats, labels: Labels, count: int, seed: int
) -> Differences:
    r"""Find statements on which a group votes otherwise than the rest.

    Parameters
    ----------
    votes : Votes
        V votes of P participants on S statements.
    weights : (P,) float64
        Weight of each participant, zero or more.
    labels : (P,) int64
        The groups shown, -1 for none. They only give the groups of the halves their names.
    count : int
        Number of groups, G, at least 2.
    seed : int
        Starting point of all randomness.

    Returns
    -------
    Differences

    Raises
    ------
    ValueError
        If labels or weights are not one for each participant, or there are fewer than two groups.

    Notes
    -----
    For each half of the statements: map and k-means on its votes alone; then, on each statement of
    the other half, the two-sample z-test of weighted shares with Kish's effective numbers, group
    against all others who have a group, if at least 20 voted on either side.
    Benjamini-Hochberg at 5 % over all tests of both halves, both directions and all groups.

    On votes shuffled within statements the half that forms the groups knows nothing of the half
    that is tested, so p-values are right. Groups of half the statements are less sharp than those
    shown: differences are rather too small than too large.

    References
    ----------
    D. R. Cox, "A note on data-splitting for the evaluation of significance levels", Biometrika 62
    (1975), doi:10.1093/biomet/62.2.441.
    Y. Benjamini, Y. Hochberg, see `intervals.discoveries`.
    """
    if not len(labels) == len(weights) == votes.shape[0]:
        raise ValueError(
            f"{len(labels)} labels and {len(weights)} weights for {votes.shape[0]} participants"
        )
    if count < 2:
        raise ValueError(f"{count} groups cannot differ")
    dealing, *dividing = np.random.SeedSequence([seed, 1]).spawn(3)
    half = deal_statements(votes, random=np.random.default_rng(dealing))
    learned = np.full((2, votes.shape[0]), -1, dtype=np.int64)
    for side in (0, 1):
        learned[1 - side] = _groups_of_half(
            votes,
            kept=half == side,
            weights=weights,
            labels=labels,
            count=count,
            seed=dividing[side],
        )
    inside, outside = _compare(votes, half, weights, learned, count)
    tested = (inside.answers >= FEWEST_ANSWERS) & (outside.answers >= FEWEST_ANSWERS)
    raw = [
        share_difference(first, inside.effective, second, outside.effective)
        for first, second in ((inside.agree, outside.agree), (inside.disagree, outside.disagree))
    ]
    p_values = np.stack([np.where(tested, each.p_value, 1.0) for each in raw])
    found = np.zeros(p_values.shape, dtype=bool)
    found[:, tested] = discoveries(p_values[:, tested], rate=FALSE_RATE)
    agree, disagree = (
        Contrast(
            value=np.where(tested, each.value, np.nan),
            low=np.where(tested, each.low, np.nan),
            high=np.where(tested, each.high, np.nan),
            p_value=p_values[index],
            found=found[index],
        )
        for index, each in enumerate(raw)
    )
    return Differences(agree, disagree, tested, half, learned, inside, outside)


def deal_statements(votes: Votes, *, random: np.random.Generator) -> Labels:
    """Deal statements into two halves with about the same number of votes.

    Parameters
    ----------
    votes : Votes
        V votes on S statements.
    random : Generator
        Source of randomness.

    Returns
    -------
    (S,) int64
        0 or 1: statements are sorted by number of votes, and of each two neighbours a coin decides
        which goes where.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    None: matched pairs.
    """
    statements = votes.shape[1]
    order = np.argsort(np.bincount(votes.columns, minlength=statements), kind="stable")
    coins = random.integers(0, 2, size=(statements + 1) // 2)
    half = np.empty(statements, dtype=np.int64)
    half[order] = np.stack([coins, 1 - coins], axis=1).ravel()[:statements]
    return half


def _groups_of_half(
    votes: Votes,
    *,
    kept: Flags,
    weights: Floats,
    labels: Labels,
    count: int,
    seed: np.random.SeedSequence,
) -> Labels:
    """Groups from the votes on some statements, named after the groups shown; -1 for none."""
    chosen = kept[votes.columns]
    matrix = VoteMatrix(
        Votes(
            participants=votes.participants,
            statements=votes.statements,
            rows=votes.rows[chosen],
            columns=votes.columns[chosen],
            values=votes.values[chosen],
        )
    )
    space = fit_map(matrix, weights=weights)
    told = weights * space.reliability
    divisions = cluster(
        space.positions, weights=told, counts=(count,), seed=np.random.default_rng(seed)
    )
    if count not in divisions:
        return np.full(len(labels), -1, dtype=np.int64)
    placed = (matrix.cast > 0) & (weights > 0) & (space.reliability >= PLACED)
    found = divisions[count].labels
    both = placed & (labels >= 0)
    common = np.bincount(found[both] * count + labels[both], minlength=count * count)
    common = common.reshape(count, count)
    names = max(permutations(range(count)), key=lambda p: int(common[range(count), p].sum()))
    return np.where(placed, np.array(names)[found], -1)


def _compare(
    votes: Votes, half: Labels, weights: Floats, learned: Labels, count: int
) -> tuple[Shares, Shares]:
    """Shares inside and outside each group, each statement with the groups of the other half."""
    sides = []
    for side in (0, 1):
        within = weighted_shares(votes, weights=weights, cells=learned[side], count=count)
        all_placed = weighted_shares(
            votes, weights=weights, cells=np.where(learned[side] >= 0, 0, -1), count=1
        )
        sides.append((within, _without(all_placed, within)))
    first = half == 0
    inside, outside = (
        Shares(
            *(
                np.where(first, getattr(zero, name), getattr(one, name))
                for name in ("agree", "disagree", "answers", "effective", "mass")
            )
        )
        for zero, one in zip(*sides, strict=True)
    )
    return inside, outside


def _without(everyone: Shares, part: Shares) -> Shares:
    """Shares of everyone (1, S) without each part (G, S)."""
    mass = np.maximum(everyone.mass - part.mass, 0.0)
    answers = everyone.answers - part.answers
    squares = _squares(everyone) - _squares(part)
    filled = (answers > 0) & (mass > 0) & (squares > 0)
    safe = np.where(filled, mass, 1.0)

    def rest(total: Floats, mine: Floats) -> Floats:
        share = (total * everyone.mass - mine * part.mass) / safe
        return np.where(filled, np.clip(share, 0.0, 1.0), 0.0)

    return Shares(
        agree=rest(everyone.agree, part.agree),
        disagree=rest(everyone.disagree, part.disagree),
        answers=answers,
        effective=np.where(filled, mass**2 / np.where(filled, squares, 1.0), 0.0),
        mass=mass,
    )


def _squares(shares: Shares) -> Floats:
    """Sum of squared weights, recovered from the effective number."""
    effective = np.where(shares.effective > 0, shares.effective, 1.0)
    return np.where(shares.effective > 0, shares.mass**2 / effective, 0.0)
