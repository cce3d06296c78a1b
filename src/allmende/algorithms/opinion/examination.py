"""Three ways to doubt a division into groups: shuffled votes, bootstraps, and a single cloud."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from allmende.algorithms.opinion.clusters import Clustering, cluster
from allmende.algorithms.opinion.positions import OpinionSpace, VoteMatrix, fit_map

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

COUNTS = (2, 3, 4, 5)
MOST_EXPLAINED = 0.95
SMALLEST_POOL = 5


def smallest_group(participants: int) -> int:
    """Return the least number of members that may be shown as a group.

    Parameters
    ----------
    participants : int
        How many voted.

    Returns
    -------
    int
        2 % of them, rounded up, at least 5.

    Raises
    ------
    ValueError
        If the number is negative.

    References
    ----------
    None: a rule of this project, against groups of one that Polis shows.
    """
    if participants < 0:
        raise ValueError(f"{participants} participants")
    return max(5, -(-participants // 50))


def divide(
    space: OpinionSpace,
    *,
    weights: Floats,
    voting: Flags,
    seed: np.random.SeedSequence,
    counts: Iterable[int] = COUNTS,
) -> dict[int, Clustering]:
    """Divide a map into k groups for several k, and keep divisions whose groups are large enough.

    Parameters
    ----------
    space : OpinionSpace
        Map of P participants.
    weights : (P,) float64
        Weight of each; multiplied by the reliability of the position, so that many participants
        with few votes do not make a group of the undecided.
    voting : (P,) bool
        Who voted.
    seed : SeedSequence
        Starting point of randomness.
    counts : iterable of int
        The numbers k.

    Returns
    -------
    dict of int to Clustering
        By k.

    Raises
    ------
    ValueError
        If a k is below 2.

    References
    ----------
    See `clusters.cluster`.
    """
    told = np.where(voting, weights * space.reliability, 0.0)
    found = cluster(space.positions, weights=told, counts=counts, seed=np.random.default_rng(seed))
    smallest = smallest_group(int(voting.sum()))
    return {
        count: division
        for count, division in found.items()
        if np.bincount(division.labels[voting], minlength=count).min() >= smallest
    }


def shuffle_votes(matrix: VoteMatrix, *, random: np.random.Generator) -> VoteMatrix:
    """Deal the votes on each statement out anew among those who voted on it.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes.
    random : Generator
        Source of randomness.

    Returns
    -------
    VoteMatrix
        Same pattern and same number of agree, pass and disagree for each statement.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    F. Pesarin, L. Salmaso, "Permutation Tests for Complex Data", Wiley 2010.
    """
    order, bounds = matrix.by_statement
    dealt = matrix.values[order]
    for start, end in pairwise(bounds):
        random.shuffle(dealt[start:end])
    values = np.empty_like(dealt)
    values[order] = dealt
    return matrix.with_values(values)


def shuffled_peaks(
    matrix: VoteMatrix,
    *,
    weights: Floats,
    voting: Flags,
    seed: np.random.SeedSequence,
    shuffles: int,
    progress: Progress | None = None,
) -> Floats:
    """Return the largest silhouette over all k on shuffled votes.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes of P participants.
    weights, voting
        As in `divide`.
    seed : SeedSequence
        Starting point of randomness.
    shuffles : int
        How many.
    progress : callable, optional
        Called with "shuffles", the number done and the number to do.

    Returns
    -------
    (shuffles,) float64
        0 where no division is possible.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    P. H. Westfall, S. S. Young, "Resampling-Based Multiple Testing", Wiley 1993.
    """
    peaks = np.zeros(shuffles)
    for index, child in enumerate(seed.spawn(shuffles)):
        dealing, dividing = child.spawn(2)
        other = shuffle_votes(matrix, random=np.random.default_rng(dealing))
        space = fit_map(other, weights=weights)
        divisions = divide(space, weights=weights, voting=voting, seed=dividing)
        peaks[index] = max((found.silhouette for found in divisions.values()), default=0.0)
        if progress:
            progress("shuffles", index + 1, shuffles)
    return peaks


def bootstrap_divisions(
    matrix: VoteMatrix,
    *,
    weights: Floats,
    voting: Flags,
    divisions: dict[int, Clustering],
    layers: Labels | None,
    seed: np.random.SeedSequence,
    bootstraps: int,
    progress: Progress | None = None,
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    """Draw participants with replacement, divide anew, and see which groups come back.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes of P participants.
    weights, voting
        As in `divide`.
    divisions : dict of int to Clustering
        The divisions to examine, by k.
    layers : (P,) int64 or None
        Stratum of each participant; drawn within strata of at least five, and among all others.
    seed : SeedSequence
        Starting point of randomness.
    bootstraps : int
        How many.
    progress : callable, optional
        Called with "bootstraps", the number done and the number to do.

    Returns
    -------
    similar : dict of int to (k,) float64
        Mean over bootstraps of the Jaccard index of each group with the most similar new one, over
        participants in the sample; 0 counts where the new division had too small a group.
    clarity : dict of int to (bootstraps,) float64
        Silhouettes.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    C. Hennig, "Cluster-wise assessment of cluster stability", Comput. Stat. Data Anal. 52 (2007),
    doi:10.1016/j.csda.2006.11.025.
    """
    pools = _pools(voting, layers)
    similar = {k: np.zeros(k) for k in divisions}
    clarity = {k: np.zeros(bootstraps) for k in divisions}
    for index, child in enumerate(seed.spawn(bootstraps)):
        drawing, dividing = child.spawn(2)
        random = np.random.default_rng(drawing)
        drawn = np.concatenate([random.choice(pool, len(pool)) for pool in pools])
        times = np.bincount(drawn, minlength=matrix.shape[0]).astype(np.float64)
        sampled = times > 0
        space = fit_map(matrix, weights=weights * times)
        again = divide(
            space, weights=weights * times, voting=sampled, seed=dividing, counts=divisions
        )
        for k in again:
            clarity[k][index] = again[k].silhouette
            similar[k] += best_jaccard(
                divisions[k].labels[sampled], again[k].labels[sampled], count=k
            )
        if progress:
            progress("bootstraps", index + 1, bootstraps)
    return {k: total / bootstraps for k, total in similar.items()}, clarity


def _pools(voting: Flags, layers: Labels | None) -> list[Labels]:
    """Participants among whom to draw; a stratum of one would always return the same."""
    members = np.flatnonzero(voting)
    if layers is None:
        return [members]
    _, layer, sizes = np.unique(layers[members], return_inverse=True, return_counts=True)
    layer[(sizes < SMALLEST_POOL)[layer]] = -1
    return [members[layer == name] for name in np.unique(layer)]


def best_jaccard(first: Labels, second: Labels, *, count: int | None = None) -> Floats:
    """Compare each cluster of one division with the most similar one of another.

    Parameters
    ----------
    first, second : (n,) int64
        Cluster of each point, from 0, in either division.
    count : int, optional
        Number of clusters of the first, k, where the last may have none of the points.

    Returns
    -------
    (k,) float64
        Largest Jaccard index (common members over all members of both) of each cluster of the
        first; 0 for one without points.

    Raises
    ------
    ValueError
        If the two differ in length.

    Examples
    --------
    >>> best_jaccard(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0])).round(2).tolist()
    [0.67, 0.5]

    References
    ----------
    P. Jaccard, "The distribution of the flora in the alpine zone", New Phytol. 11 (1912),
    doi:10.1111/j.1469-8137.1912.tb05611.x.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} points")
    mine = int(first.max(initial=-1)) + 1 if count is None else count
    theirs = int(second.max(initial=-1)) + 1
    common = np.bincount(first * theirs + second, minlength=mine * theirs).reshape(mine, theirs)
    union = common.sum(axis=1)[:, None] + common.sum(axis=0)[None] - common
    best: Floats = (common / np.maximum(union, 1)).max(axis=1, initial=0.0)
    return best


def cloud_silhouettes(
    matrix: VoteMatrix,
    *,
    space: OpinionSpace,
    weights: Floats,
    voting: Flags,
    count: int,
    seed: np.random.SeedSequence,
    clouds: int,
    progress: Progress | None = None,
) -> Floats:
    r"""Return silhouettes of votes from one long cloud of opinions, cut into k parts.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes of P participants; who voted on what is kept.
    space : OpinionSpace
        Their map, not turned.
    weights, voting
        As in `divide`.
    count : int
        Number of parts, k.
    seed : SeedSequence
        Starting point of randomness.
    clouds : int
        How many.
    progress : callable, optional
        Called with "clouds", the number done and the number to do.

    Returns
    -------
    (clouds,) float64

    Raises
    ------
    ValueError
        If the count is below 2.

    Notes
    -----
    Each participant gets a position on the first axis from a normal distribution, each vote a
    normal latent value :math:`\rho_s z_i + \sqrt{1 - \rho_s^2}\, e_{is}` that two thresholds turn
    into disagree, pass and agree with the shares of the statement. As the covariance of a vote with
    *z* is :math:`\rho_s (\varphi(\tau_{s1}) + \varphi(\tau_{s2}))`, the correlations follow from the
    loadings on that axis: :math:`\rho_s = l_s \sqrt{\lambda} / (\varphi(\tau_{s1}) +
    \varphi(\tau_{s2}))`. Then map and division as for the real votes. One axis is the hard case: a
    long cloud, cut across, looks more like groups than a round one.

    References
    ----------
    U. Olsson, F. Drasgow, N. J. Dorans, "The polyserial correlation coefficient", Psychometrika 47
    (1982), doi:10.1007/BF02294164.
    Y. Liu, D. N. Hayes, A. Nobel, J. S. Marron, "Statistical significance of clustering for
    high-dimension, low-sample size data", J. Am. Stat. Assoc. 103 (2008),
    doi:10.1198/016214508000000454.
    """
    lower, upper, slopes = _thresholds(matrix, space, weights)
    rest = np.sqrt(1 - slopes**2)[matrix.columns]
    found = np.zeros(clouds)
    for index, child in enumerate(seed.spawn(clouds)):
        drawing, dividing = child.spawn(2)
        random = np.random.default_rng(drawing)
        places = random.normal(size=matrix.shape[0])
        latent = rest * random.normal(size=len(matrix.values))
        latent += places[matrix.rows] * slopes[matrix.columns]
        values = np.where(latent > upper[matrix.columns], 1.0, 0.0)
        values[latent < lower[matrix.columns]] = -1.0
        other = fit_map(matrix.with_values(values), weights=weights)
        division = divide(other, weights=weights, voting=voting, seed=dividing, counts=(count,))
        found[index] = division[count].silhouette if count in division else 0.0
        if progress:
            progress("clouds", index + 1, clouds)
    return found


def _thresholds(
    matrix: VoteMatrix, space: OpinionSpace, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    """Thresholds below which one disagrees and above which one agrees, and slopes, each (S,)."""
    per_vote = weights[matrix.rows]
    mass = matrix.statement_sums(per_vote)
    mass = np.where(mass > 0, mass, 1.0)
    lower = ndtri(np.clip(matrix.statement_sums(per_vote * (matrix.values < 0)) / mass, 0, 1))
    upper = ndtri(np.clip(1 - matrix.statement_sums(per_vote * (matrix.values > 0)) / mass, 0, 1))
    density = (np.exp(-(lower**2) / 2) + np.exp(-(upper**2) / 2)) / np.sqrt(2 * np.pi)
    slopes = space.loadings[:, 0] * np.sqrt(space.spread[0])
    slopes = np.where(density > 0, slopes / np.where(density > 0, density, 1.0), 0.0)
    steepest = np.sqrt(MOST_EXPLAINED)
    return lower, upper, np.clip(slopes, -steepest, steepest)
