"""Mode ``polis``: the map and the groups as Polis computes them, from votes alone.

For those who want to compare with a Polis conversation. Every number follows Polis' published
program, with two differences that make a result repeatable: the principal components come from a
sparse singular value decomposition instead of an unseeded power iteration (they span the same
plane), and participants are taken in one fixed order, because the first rows are the starting
points of the clustering. Polis' own groups also depend on every earlier state of the conversation,
which no export contains, so they are matched often, not always. See
``docs/algorithms/opinion-polis.md``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from allmende.algorithms.opinion.polis_lists import (
    ConsensusStatement,
    RepresentativeStatement,
    consensus_statements,
    representative_statements,
)
from allmende.algorithms.opinion.polis_statements import (
    GroupVotes,
    comment_priorities,
    count_group_votes,
    group_aware_consensus,
)
from allmende.algorithms.opinion.votes import Votes

MINIMUM_VOTES = 7
FEWEST_PARTICIPANTS = 15
BASE_CLUSTERS = 100
MOST_GROUPS = 5
DENSE = 20


@dataclass(frozen=True)
class PolisMap:
    """The plane on which Polis draws participants and statements.

    centre : (S,) float, mean vote on each statement; 0 if moderated out
    loadings : (S, 2) float, columns of unit length; the entry largest in size is positive
    positions : (P, 2) float
    statement_positions : (S, 2) float, where a participant would stand with this one vote
    extremity : (S,) float, distance of each statement from the origin
    """

    centre: NDArray[np.float64]
    loadings: NDArray[np.float64]
    positions: NDArray[np.float64]
    statement_positions: NDArray[np.float64]
    extremity: NDArray[np.float64]


@dataclass(frozen=True)
class PolisGroups:
    """Clusters of participants.

    groups : (P,) int64, from 0 to G-1, or -1 for those with too few votes
    base_clusters : (P,) int64, or -1
    centres : (G, 2) float
    silhouettes : mean silhouette for each number of groups that was tried
    """

    groups: NDArray[np.int64]
    base_clusters: NDArray[np.int64]
    centres: NDArray[np.float64]
    silhouettes: dict[int, float]


@dataclass(frozen=True)
class PolisResult:
    """Everything that Polis publishes about a conversation; fields as in the parts.

    included : (P,) bool, participants with enough votes to be grouped
    representative : one list of statements for each group
    """

    votes: Votes
    moderated_out: NDArray[np.bool_]
    meta: NDArray[np.bool_]
    map: PolisMap
    included: NDArray[np.bool_]
    groups: PolisGroups
    counts: GroupVotes
    representative: tuple[tuple[RepresentativeStatement, ...], ...]
    consensus: tuple[ConsensusStatement, ...]
    group_aware_consensus: NDArray[np.float64]
    priorities: NDArray[np.float64]
    seed: int


def analyse_polis(
    votes: Votes,
    *,
    moderated_out: ArrayLike | None = None,
    meta: ArrayLike | None = None,
    order: ArrayLike | None = None,
    included: ArrayLike | None = None,
    seed: int = 0,
) -> PolisResult:
    """Compute map, groups and statement figures as Polis does.

    Parameters
    ----------
    votes : Votes
        P participants, S statements, at least one vote.
    moderated_out : (S,) bool, optional
        Statements that were rejected. Their votes count for nothing but for taking part.
    meta : (S,) bool, optional
        Statements about the participants; they are treated as moderated out.
    order : (P,) int, optional
        Positions of the participants in the order in which they joined. By default identifiers
        that are numbers come in their order, which is how Polis numbers those who join.
    included : (P,) bool, optional
        Participants to group. By default those with enough votes now; Polis also keeps those whom
        it once took in because they were among the first.
    seed : int
        Of the start vector of the singular value decomposition.

    Returns
    -------
    PolisResult
        The same for the same votes in any order of rows.

    Raises
    ------
    ValueError
        If there is no vote, or an array has another length than the statements.

    References
    ----------
    Polis, math/src/polismath/math/conversation.clj. Small, C. et al. (2021). Polis: Scaling
    deliberation by mapping high dimensional opinion spaces. Recerca 26(2).
    https://doi.org/10.6035/recerca.5516
    """
    about = _marks(meta, votes)
    hidden = _marks(moderated_out, votes) | about
    if len(votes.values) == 0:
        raise ValueError("there is no vote")
    polis_map = map_participants(votes, moderated_out=hidden, seed=seed)
    grouped = (
        include_participants(votes) if included is None else np.asarray(included, dtype=np.bool_)
    )
    groups = find_groups(
        polis_map.positions,
        included=grouped,
        order=_joining_order(votes.participants) if order is None else order,
    )
    counts = count_group_votes(votes, groups.groups)
    return PolisResult(
        votes=votes,
        moderated_out=hidden,
        meta=about,
        map=polis_map,
        included=grouped,
        groups=groups,
        counts=counts,
        representative=representative_statements(counts, moderated_out=hidden),
        consensus=consensus_statements(votes, moderated_out=hidden),
        group_aware_consensus=group_aware_consensus(counts),
        priorities=comment_priorities(counts, polis_map.extremity, meta=about),
        seed=seed,
    )


def _marks(marks: ArrayLike | None, votes: Votes) -> NDArray[np.bool_]:
    width = votes.shape[1]
    marked = np.zeros(width, dtype=np.bool_) if marks is None else np.asarray(marks, dtype=np.bool_)
    if len(marked) != width:
        raise ValueError(f"{len(marked)} marks for {width} statements")
    return marked


def _joining_order(participants: NDArray[np.str_]) -> NDArray[np.intp]:
    return np.lexsort((participants, np.char.str_len(participants)))


def include_participants(votes: Votes) -> NDArray[np.bool_]:
    """Participants that Polis puts into groups.

    Parameters
    ----------
    votes : Votes
        P participants, S statements.

    Returns
    -------
    (P,) bool
        Those with min(7, S) votes, passes and rejected statements included; if they are fewer than
        15, the most active ones up to 15.

    Raises
    ------
    ValueError
        Never for votes made by the functions of this package.

    References
    ----------
    Polis, math/src/polismath/math/conversation.clj, ``in-conv``.
    """
    number, width = votes.shape
    cast = np.bincount(votes.rows, minlength=number)
    included = cast >= min(MINIMUM_VOTES, width)
    if included.sum() < FEWEST_PARTICIPANTS:
        joined = _joining_order(votes.participants)
        most_active = joined[np.argsort(-cast[joined], kind="stable")]
        included[most_active[:FEWEST_PARTICIPANTS]] = True
        included &= cast > 0
    return included


def map_participants(
    votes: Votes, *, moderated_out: ArrayLike | None = None, seed: int = 0
) -> PolisMap:
    """Place participants and statements on two principal components.

    Parameters
    ----------
    votes : Votes
        P participants, S statements.
    moderated_out : (S,) bool, optional
        Statements set to zero for everybody, which also counts as everybody having voted on them.
    seed : int
        Of the start vector.

    Returns
    -------
    PolisMap
        Centre, loadings, positions.

    Raises
    ------
    ValueError
        If ``moderated_out`` has another length than the statements.

    Notes
    -----
    Polis fills a missing vote with the statement's mean and centres; both together make every
    missing entry exactly zero, so its components are the right singular vectors of the sparse
    matrix of v - μ. Position: z_i = sqrt(S/n_i)·Σ_s (v_is - μ_s)·l_s over the votes cast.

    References
    ----------
    Polis, math/src/polismath/math/pca.clj.
    """
    number, width = votes.shape
    hidden = _marks(moderated_out, votes)
    kept = ~hidden[votes.columns]
    rows, columns = votes.rows[kept], votes.columns[kept]
    values = votes.values[kept].astype(float)
    cast = np.maximum(np.bincount(columns, minlength=width), 1)
    centre = np.bincount(columns, weights=values, minlength=width) / cast
    centred = csr_array((values - centre[columns], (rows, columns)), shape=(number, width))
    loadings = _two_components(centred, seed)
    taken = np.bincount(rows, minlength=number) + hidden.sum()
    scale = np.sqrt(width / np.maximum(taken, 1))
    statement_positions = np.sqrt(width) * (1 - centre)[:, None] * loadings
    return PolisMap(
        centre=centre,
        loadings=loadings,
        positions=scale[:, None] * np.asarray(centred @ loadings),
        statement_positions=statement_positions,
        extremity=np.linalg.norm(statement_positions, axis=1),
    )


def _two_components(matrix: csr_array, seed: int) -> NDArray[np.float64]:
    """Two leading right singular vectors, (S, 2); zero where the votes do not differ that much."""
    smaller = min(matrix.shape)
    if matrix.nnz == 0 or np.abs(matrix.data).max() < 1e-9:
        return np.zeros((matrix.shape[1], 2))
    if smaller <= DENSE:
        _, values, vectors = np.linalg.svd(matrix.toarray(), full_matrices=False)
    else:
        start = np.random.default_rng(seed).normal(size=smaller)
        _, values, vectors = svds(matrix, k=2, v0=start)
    order = np.argsort(-values, kind="stable")[:2]
    loadings = np.zeros((matrix.shape[1], 2))
    for axis, component in enumerate(order):
        if values[component] > 1e-9:
            vector = vectors[component]
            loadings[:, axis] = vector * np.sign(vector[np.argmax(np.abs(vector))])
    return loadings


def find_groups(
    positions: NDArray[np.float64], *, included: ArrayLike, order: ArrayLike | None = None
) -> PolisGroups:
    """Group participants in two stages: up to 100 base clusters, then two to five groups of these.

    Parameters
    ----------
    positions : (P, 2) float
        Where the participants stand.
    included : (P,) bool
        Those that are grouped.
    order : (P,) int, optional
        Positions of the participants in the order in which they joined; the first distinct ones
        are the starting points.

    Returns
    -------
    PolisGroups
        Groups of all participants, and the silhouette of each number of groups.

    Raises
    ------
    ValueError
        If nobody is included.

    References
    ----------
    Polis, math/src/polismath/math/clusters.clj.
    """
    chosen = np.asarray(included, dtype=np.bool_)
    joined = np.arange(len(positions)) if order is None else np.asarray(order, dtype=np.int64)
    joined = joined[chosen[joined]]
    if len(joined) == 0:
        raise ValueError("nobody to group")
    points = positions[joined]
    base, base_centres = _k_means(points, np.ones(len(points)), BASE_CLUSTERS, rounds=100)
    sizes = np.bincount(base, minlength=len(base_centres)).astype(float)
    most = min(MOST_GROUPS, 2 + len(base_centres) // 12)
    label = np.zeros(len(base_centres), dtype=np.int64)
    centres = np.average(base_centres, axis=0, weights=sizes)[None, :]
    silhouettes: dict[int, float] = {}
    best = -np.inf
    for count in range(2, most + 1):
        found, found_centres = _k_means(base_centres, sizes, count, rounds=20)
        silhouettes[count] = _silhouette(base_centres, found)
        if len(found_centres) > 1 and silhouettes[count] >= best:
            best, label, centres = silhouettes[count], found, found_centres
    groups = np.full(len(positions), -1, dtype=np.int64)
    base_clusters = groups.copy()
    base_clusters[joined] = base
    groups[joined] = label[base]
    return PolisGroups(
        groups=groups, base_clusters=base_clusters, centres=centres, silhouettes=silhouettes
    )


def _k_means(
    points: NDArray[np.float64], weights: NDArray[np.float64], count: int, *, rounds: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Lloyd's k-means from the first distinct points; empty clusters vanish."""
    _, first = np.unique(points, axis=0, return_index=True)
    centres = points[np.sort(first)[:count]]
    label = _nearest(points, centres)
    for _ in range(rounds):
        mass = np.bincount(label, weights=weights, minlength=len(centres))
        moved = (
            np.column_stack(
                [
                    np.bincount(label, weights=weights * axis, minlength=len(centres))
                    for axis in points.T
                ]
            )[mass > 0]
            / mass[mass > 0, None]
        )
        still = len(moved) == len(centres) and bool(
            (np.linalg.norm(_sorted(moved) - _sorted(centres), axis=1) < 0.01).all()
        )
        centres = moved
        label = _nearest(points, centres)
        if still:
            break
    return label, centres


def _sorted(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    return centres[np.lexsort(centres.T[::-1])]


def _nearest(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    distance = (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.asarray(distance.argmin(axis=1), dtype=np.int64)


def _silhouette(points: NDArray[np.float64], label: NDArray[np.int64]) -> float:
    """Mean silhouette; a point that is alone in its cluster counts as zero."""
    count = int(label.max()) + 1
    sizes = np.bincount(label, minlength=count)
    if count < 2:
        return 0.0
    distance = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    member = np.eye(count)[label]
    total = distance @ member
    own = np.arange(len(points))
    inside = total[own, label] / np.maximum(sizes[label] - 1, 1)
    mean = total / np.maximum(sizes, 1)
    mean[:, sizes == 0] = np.inf
    mean[own, label] = np.inf
    outside = mean.min(axis=1)
    largest = np.maximum(inside, outside)
    value = np.where(largest > 0, (outside - inside) / np.where(largest > 0, largest, 1), 0.0)
    return float(np.where(sizes[label] > 1, value, 0.0).mean())
