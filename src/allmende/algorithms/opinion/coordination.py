"""Participants who voted the same, at the same time or in the same order: coordinated voting.

Municipalities may follow a template of their association, and that is legitimate. So nothing is
removed here: members of a component are labelled („gleichlautende Stimmabgabe“), and an alternative
analysis counts each component as one voice.

A pair is joined if at least nine in ten of its common votes are equal, far more than like-minded
participants reach, *and* they were cast within ten minutes of each other or in exactly the same
order. Agreement alone is never enough.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtr, ndtri

from allmende.algorithms.opinion.votes import AGREE, DISAGREE, PASS, Votes

COMMON = 15
AGREEMENT = 0.9
MOST_PAIRS = 200_000
RATE = 0.05
SECONDS = 600.0
MOST_VISITS = 20_000_000_000
CHUNK_CELLS = 4_000_000
BY_CHANCE = 2000.0


@dataclass(frozen=True)
class CoordinatedPairs:
    """Pairs that are joined, strongest first.

    first, second : (E,) int64, positions of the participants, first < second
    common : (E,) int64, statements both voted on
    agreement : (E,) float, share of these with the same vote
    z : (E,) float, how far that is above what like-minded participants reach
    close : (E,) float, share of these votes that were cast within ten minutes of each other
    same_order : (E,) bool, cast in the same order
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    common: NDArray[np.int64]
    agreement: NDArray[np.float64]
    z: NDArray[np.float64]
    close: NDArray[np.float64]
    same_order: NDArray[np.bool_]


@dataclass(frozen=True)
class Coordination:
    """What was found.

    checked : False if times are missing or the votes are too many; then there are no pairs
    pairs_tested : pairs with enough common statements
    pairs : those that are joined
    components : (P,) int64, from 0, the largest first; -1 for participants in none
    weights : (P,) float, one over the size of the component, else 1; for the alternative analysis
    straight_lines : (P,) bool, always the same vote where the statements make that implausible
    """

    checked: bool
    pairs_tested: int
    pairs: CoordinatedPairs
    components: NDArray[np.int64]
    weights: NDArray[np.float64]
    straight_lines: NDArray[np.bool_]


def find_coordination(
    votes: Votes,
    *,
    times: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    minimum_common: int = COMMON,
    least_agreement: float = AGREEMENT,
    rate: float = RATE,
    seconds: float = SECONDS,
) -> Coordination:
    """Find groups of participants with coordinated votes.

    Parameters
    ----------
    votes : Votes
        V votes of P participants on S statements.
    times : (V,) float, optional
        When each vote was cast, in seconds, in the order of ``votes`` (:func:`latest_times`).
        Without times nobody is called coordinated.
    groups : (P,) int, optional
        Opinion group of each participant, -1 for none; only pairs of one group are compared, and
        with what is usual in that group.
    minimum_common : int
        Pairs with fewer common statements are not tested.
    least_agreement : float
        Pairs with a smaller share of equal votes are never joined, however surprising it is.
    rate : float
        Expected share of false ones among the pairs that agree too often.
    seconds : float
        Half of the common votes have to lie closer together than this, or be in the same order.

    Returns
    -------
    Coordination
        Pairs, components, weights and straight-liners.

    Raises
    ------
    ValueError
        If times or groups have the wrong length.

    Notes
    -----
    For a pair with common statements C, z = Σ_C (1[v_is = v_js] - π_s) / sqrt(Σ_C π_s(1-π_s)) with
    π_s = Σ_v p_sv², the chance that two members of the group give the same vote. One-sided p-values
    go through Benjamini-Hochberg over all tested pairs. Only pairs with a p-value below
    min(0.0005, 2000/pairs) are kept in memory, and of the findings the 200,000 strongest are
    compared in time, so with very many findings the rule is stricter.

    The cost is about 2·P·V multiplications in sparse products over slices of participants, for
    10,750 participants with 600,000 votes some three CPU seconds. Beyond P·V = 2·10^10 (10,750
    participants with 1.8 million votes) nothing is tested and ``checked`` is False.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57(1), 289-300. https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    """
    number = votes.shape[0]
    label = np.zeros(number, dtype=np.int64) if groups is None else np.asarray(groups)
    if len(label) != number:
        raise ValueError(f"{len(label)} groups for {number} participants")
    when = None if times is None else np.asarray(times, dtype=np.float64)
    if when is not None and len(when) != len(votes.values):
        raise ValueError(f"{len(when)} times for {len(votes.values)} votes")
    straight = find_straight_lines(votes, minimum=minimum_common)
    if when is None or number * len(votes.values) > MOST_VISITS:
        return _result(number, _no_pairs(), tested=0, checked=False, straight=straight)
    tested, pairs = _similar_pairs(votes, label, minimum_common, least_agreement, rate)
    pairs = _timed(pairs, votes, when, seconds)
    return _result(number, pairs, tested=tested, checked=True, straight=straight)


def latest_times(
    votes: Votes, *, rows: ArrayLike, columns: ArrayLike, times: ArrayLike
) -> NDArray[np.float64]:
    """Time of the vote that counts, for each pair of participant and statement.

    Parameters
    ----------
    votes : Votes
        V votes, made from the same log.
    rows, columns : (N,) int
        The log: positions of participant and statement.
    times : (N,) float
        When, in seconds.

    Returns
    -------
    (V,) float
        The largest time of each pair, in the order of ``votes``.

    Raises
    ------
    ValueError
        If the log holds other pairs than ``votes``.

    References
    ----------
    Last vote wins: Polis, math/src/polismath/math/conversation.clj.
    """
    width = max(votes.shape[1], 1)
    pair = np.asarray(rows, dtype=np.int64) * width + np.asarray(columns, dtype=np.int64)
    kept = votes.rows.astype(np.int64) * width + votes.columns
    place = np.searchsorted(kept, pair)
    if len(pair) and (place.max() >= len(kept) or not np.array_equal(kept[place], pair)):
        raise ValueError("the log holds other pairs than the votes")
    latest = np.full(len(kept), -np.inf)
    np.maximum.at(latest, place, np.asarray(times, dtype=np.float64))
    return latest


def find_straight_lines(
    votes: Votes, *, minimum: int = COMMON, error: float = 0.01
) -> NDArray[np.bool_]:
    """Participants who gave every statement the same vote although others do not.

    Parameters
    ----------
    votes : Votes
        P participants, S statements.
    minimum : int
        Participants with fewer votes are never flagged.
    error : float
        Chance that anybody at all is flagged who votes as the others do.

    Returns
    -------
    (P,) bool
        True where all votes are equal and the product of the shares p_s of that vote is below
        ``error`` / P.

    Raises
    ------
    ValueError
        If ``error`` is not between 0 and 1.

    References
    ----------
    Straight-lining: Krosnick, J. A. (1991). Response strategies for coping with the cognitive
    demands of attitude measures in surveys. Applied Cognitive Psychology 5(3), 213-236.
    https://doi.org/10.1002/acp.2350050305
    """
    if not 0 < error < 1:
        raise ValueError("error lies between 0 and 1")
    number, width = votes.shape
    cast = np.bincount(votes.rows, minlength=number)
    shares = _shares(votes.columns, votes.values, width)
    chance = np.log(shares[votes.values + 1, votes.columns])
    flagged = np.zeros(number, dtype=np.bool_)
    for value in (AGREE, PASS, DISAGREE):
        same = np.bincount(votes.rows, weights=votes.values == value, minlength=number) == cast
        plausible = np.bincount(votes.rows, weights=chance, minlength=number)
        flagged |= same & (cast >= minimum) & (plausible < np.log(error / max(number, 1)))
    return flagged


def _shares(
    columns: NDArray[np.int32], values: NDArray[np.int8], width: int
) -> NDArray[np.float64]:
    """Share of each vote (-1, 0, +1) on each statement, (3, S)."""
    counts = np.bincount((values + 1).astype(np.int64) * width + columns, minlength=3 * width)
    counts = counts.reshape(3, width).astype(float)
    return np.asarray(counts / np.maximum(counts.sum(axis=0), 1))


def _no_pairs() -> CoordinatedPairs:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return CoordinatedPairs(whole, whole, whole, real, real, real, np.zeros(0, dtype=np.bool_))


def _similar_pairs(
    votes: Votes, groups: NDArray[np.int64], minimum: int, least_agreement: float, rate: float
) -> tuple[int, CoordinatedPairs]:
    """Pairs of one group that agree too often, before looking at times."""
    found: list[NDArray[np.float64]] = [np.zeros((5, 0))]
    tested = 0
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        count, pairs = _pairs_of_group(votes, members, minimum)
        tested += count
        found.append(pairs)
    first, second, common, agreed, z = np.concatenate(found, axis=1)
    order = np.lexsort((second, first, -z))
    level = np.arange(1, len(order) + 1) / max(tested, 1) * rate
    below = np.flatnonzero(1 - ndtr(z[order]) <= level)
    kept = order[: below[-1] + 1] if len(below) else order[:0]
    kept = kept[agreed[kept] >= least_agreement * common[kept]][:MOST_PAIRS]
    return tested, CoordinatedPairs(
        first=first[kept].astype(np.int64),
        second=second[kept].astype(np.int64),
        common=common[kept].astype(np.int64),
        agreement=agreed[kept] / common[kept],
        z=z[kept],
        close=np.zeros(len(kept)),
        same_order=np.zeros(len(kept), dtype=np.bool_),
    )


def _pairs_of_group(
    votes: Votes, members: NDArray[np.intp], minimum: int
) -> tuple[int, NDArray[np.float64]]:
    """Number of tested pairs, and of those with a large z: first, second, common, agreed, z."""
    width = votes.shape[1]
    place = np.full(votes.shape[0], -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    chosen = place[votes.rows] >= 0
    rows, columns, values = place[votes.rows[chosen]], votes.columns[chosen], votes.values[chosen]
    same = (_shares(columns, values, width) ** 2).sum(axis=0)
    shape = (len(members), width)
    voted = csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    chance = same.astype(np.float32)
    expecting = csr_array((chance[columns], (rows, columns)), shape=shape)
    varying = csr_array(((chance * (1 - chance))[columns], (rows, columns)), shape=shape)
    kinds = [
        csr_array(((values == value).astype(np.float32), (rows, columns)), shape=shape)
        for value in (AGREE, PASS, DISAGREE)
    ]
    for kind in kinds:
        kind.eliminate_zeros()
    threshold = -float(ndtri(min(5e-4, BY_CHANCE / max(len(members) ** 2 / 2, 1))))
    step = max(1, CHUNK_CELLS // max(len(members), 1))
    tested, found = 0, [np.zeros((5, 0))]
    all_voted = voted.T.toarray()
    all_kinds = [kind.T.toarray() for kind in kinds]
    for start in range(0, len(members), step):
        part = slice(start, start + step)
        rest = slice(start, None)
        common = voted[part] @ all_voted[:, rest]
        later = np.arange(common.shape[1])[None, :] > np.arange(common.shape[0])[:, None]
        enough = (common >= minimum) & later
        tested += int(enough.sum())
        agreed = sum(
            kind[part] @ every[:, rest] for kind, every in zip(kinds, all_kinds, strict=True)
        )
        expected = expecting[part] @ all_voted[:, rest]
        variance = varying[part] @ all_voted[:, rest]
        z = np.where(variance > 0, (agreed - expected) / np.sqrt(np.maximum(variance, 1e-9)), 0)
        row, column = np.nonzero(enough & (z > threshold))
        found.append(
            np.stack(
                [
                    members[row + start],
                    members[column + start],
                    common[row, column],
                    agreed[row, column],
                    z[row, column],
                ]
            ).astype(np.float64)
        )
    return tested, np.concatenate(found, axis=1)


def _timed(
    pairs: CoordinatedPairs, votes: Votes, times: NDArray[np.float64], seconds: float
) -> CoordinatedPairs:
    """Those pairs whose common votes are close in time, or in the same order."""
    starts = np.searchsorted(votes.rows, np.arange(votes.shape[0] + 1))
    close = np.zeros(len(pairs.z))
    same_order = np.zeros(len(pairs.z), dtype=np.bool_)
    for index, (one, other) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        mine, theirs = (slice(starts[who], starts[who + 1]) for who in (one, other))
        _, here, there = np.intersect1d(
            votes.columns[mine], votes.columns[theirs], assume_unique=True, return_indices=True
        )
        my_times, their_times = times[mine][here], times[theirs][there]
        close[index] = (np.abs(my_times - their_times) < seconds).mean()
        ordered = their_times[np.argsort(my_times, kind="stable")]
        distinct = len(np.unique(my_times)) == len(my_times)
        same_order[index] = distinct and bool((np.diff(ordered) > 0).all())
    kept = (close > 0.5) | same_order
    fields = vars(pairs) | {"close": close, "same_order": same_order}
    return CoordinatedPairs(**{name: array[kept] for name, array in fields.items()})


def _result(
    number: int,
    pairs: CoordinatedPairs,
    *,
    tested: int,
    checked: bool,
    straight: NDArray[np.bool_],
) -> Coordination:
    graph = coo_array((np.ones(len(pairs.z)), (pairs.first, pairs.second)), shape=(number, number))
    _, label = connected_components(graph, directed=False)
    sizes = np.bincount(label, minlength=1)
    order = np.lexsort((np.arange(len(sizes)), -sizes))
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[order] = np.arange(len(sizes))
    alone = sizes[label] < 2
    return Coordination(
        checked=checked,
        pairs_tested=tested,
        pairs=pairs,
        components=np.where(alone, -1, rank[label]),
        weights=1.0 / sizes[label],
        straight_lines=straight,
    )
