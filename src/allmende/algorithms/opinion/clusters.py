"""Weighted k-means and silhouette whose cost grows linearly with the number of points.

>>> points = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 0.0], [5.1, 0.0]])
>>> found = cluster(points, weights=np.ones(4), counts=(2,), seed=0)[2]
>>> found.labels.tolist(), round(found.silhouette, 2)
([0, 0, 1, 1], 0.99)
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

STARTS = 25
SAMPLE = 1000
ROUNDS = 50
START_ROUNDS = 10


@dataclass(frozen=True)
class Clustering:
    """A division of n points into k clusters, the largest (by weight) first.

    labels : (n,) int64
        Cluster of each point, 0 to k - 1.
    centres : (k, 2) float64
        Weighted mean of each cluster.
    silhouette : float
        Mean of (b - a) / max(a, b), see `silhouette`.
    """

    labels: Labels
    centres: Floats
    silhouette: float


def cluster(
    points: Floats,
    *,
    weights: Floats,
    counts: Iterable[int],
    seed: int | np.random.Generator,
    starts: int = STARTS,
) -> dict[int, Clustering]:
    """Divide points into k clusters, for several k.

    Parameters
    ----------
    points : (n, 2) float64
        Positions.
    weights : (n,) float64
        Weight of each point, zero or more.
    counts : iterable of int
        The numbers k to try.
    seed : int or Generator
        Starting point of all randomness.
    starts : int
        Number of random starts of each k; the best one is kept.

    Returns
    -------
    dict of int to Clustering
        By k. A k for which there are not k different points of positive weight is left out.

    Raises
    ------
    ValueError
        If a k is below 2 or points and weights differ in length.

    Notes
    -----
    k-means++ seeding, then Lloyd's iteration. The starts run on at most 1,000 points, drawn in
    proportion to their weight, and only the best of them after ten rounds is continued on all points,
    so the cost is linear in n with a small constant. Sums avoid BLAS, so that results do not depend on threads.

    References
    ----------
    D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007,
    1027-1035.
    """
    if len(points) != len(weights):
        raise ValueError(f"{len(points)} points, but {len(weights)} weights")
    random = np.random.default_rng(seed)
    heavy = np.flatnonzero(weights > 0)
    if len(heavy) > SAMPLE:
        share = weights[heavy] / weights[heavy].sum()
        steps = (np.arange(SAMPLE) + random.random()) / SAMPLE
        drawn = heavy[np.minimum(np.searchsorted(np.cumsum(share), steps), len(heavy) - 1)]
        sample, sample_weights = points[drawn], np.ones(SAMPLE)
    else:
        sample, sample_weights = points[heavy], weights[heavy]
    different = len(np.unique(sample, axis=0))
    found = {}
    for count in counts:
        if count < 2:
            raise ValueError(f"cannot divide into {count} clusters")
        if different < count:
            continue
        start = _best_start(sample, sample_weights, count, starts, random)
        found[count] = _finish(points, weights, start)
    return found


def _best_start(
    points: Floats, weights: Floats, count: int, starts: int, random: np.random.Generator
) -> Floats:
    """Centres (k, 2) of the best of several runs, all runs side by side in one array."""
    runs = np.arange(starts)
    size = len(points)
    centres = np.empty((starts, count, 2))
    nearest = np.full((starts, size), 1.0)
    for index in range(count):
        odds = np.cumsum(nearest * weights, axis=1)
        draws = random.random(starts) * odds[:, -1]
        chosen = np.minimum((odds < draws[:, None]).sum(axis=1), size - 1)
        centres[:, index] = points[chosen]
        squares = _square_distances(points, centres[:, index : index + 1])[:, 0]
        nearest = squares if index == 0 else np.minimum(nearest, squares)
    labels = np.full((starts, size), -1)
    for _ in range(START_ROUNDS):
        squares = _square_distances(points, centres)
        renewed, smallest = _nearest(squares)
        if np.array_equal(renewed, labels):
            break
        labels = renewed
        cells = (labels + runs[:, None] * count).ravel()
        mass = _sums(cells, np.tile(weights, starts), starts * count)
        sums = [
            _sums(cells, np.tile(weights * points[:, a], starts), starts * count) for a in (0, 1)
        ]
        moved = np.stack(sums, axis=1) / np.where(mass > 0, mass, 1.0)[:, None]
        moved = moved.reshape(starts, count, 2)
        centres = np.where((mass > 0).reshape(starts, count, 1), moved, centres)
    inertia = (smallest * weights).sum(axis=1)
    best: Floats = centres[int(np.argmin(inertia))]
    return best


def _finish(points: Floats, weights: Floats, centres: Floats) -> Clustering:
    """Continue one run on all points until nothing moves; name clusters by falling weight."""
    count = len(centres)
    labels = np.full(len(points), -1)
    for _ in range(ROUNDS):
        renewed = _nearest(_square_distances(points, centres[None]))[0][0]
        if np.array_equal(renewed, labels):
            break
        labels = renewed
        mass = _sums(labels, weights, count)
        sums = np.stack([_sums(labels, weights * points[:, a], count) for a in (0, 1)], axis=1)
        filled = mass > 0
        centres = np.where(filled[:, None], sums / np.where(filled, mass, 1.0)[:, None], centres)
    mass = _sums(labels, weights, count)
    order = np.lexsort((centres[:, 1], centres[:, 0], -mass))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    labels, centres = rank[labels], centres[order]
    return Clustering(labels, centres, silhouette(points, centres=centres, weights=weights))


def _square_distances(points: Floats, centres: Floats) -> Floats:
    """Square distances of n points to (runs, k, 2) centres, (runs, k, n)."""
    across = points[:, 0] - centres[..., 0, None]
    along = points[:, 1] - centres[..., 1, None]
    across *= across
    along *= along
    across += along
    return across


def _nearest(squares: Floats) -> tuple[Labels, Floats]:
    """Number of the nearest centre and its square distance, (runs, n); faster than argmin."""
    smallest = squares[:, 0]
    labels = np.zeros(smallest.shape, dtype=np.int64)
    for index in range(1, squares.shape[1]):
        labels[squares[:, index] < smallest] = index
        smallest = np.minimum(smallest, squares[:, index])
    return labels, smallest


def _sums(cells: Labels, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(cells, values, minlength=count), dtype=np.float64)


def silhouette(points: Floats, *, centres: Floats, weights: Floats) -> float:
    """Return how much closer points lie to their own centre than to the next one.

    Parameters
    ----------
    points : (n, 2) float64
        Positions.
    centres : (k, 2) float64
        Centres of the clusters; each point belongs to the nearest.
    weights : (n,) float64
        Weight of each point.

    Returns
    -------
    float
        Weighted mean of (b - a) / max(a, b), a the distance to the nearest centre and b that to the
        second nearest: 0 no separation, 1 perfect. 0.0 for fewer than two centres.

    Raises
    ------
    ValueError
        If points and weights differ in length.

    Notes
    -----
    This is the simplified silhouette: distances to centres instead of mean distances to all
    members, so n k distances instead of n squared. It is compared only with itself on shuffled
    votes, never with a fixed threshold.

    References
    ----------
    E. R. Hruschka, R. J. G. B. Campello, L. N. de Castro, "Evolving clusters in gene-expression
    data", Inf. Sci. 176 (2006), doi:10.1016/j.ins.2005.07.015.
    P. J. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20 (1987),
    doi:10.1016/0377-0427(87)90125-7.
    """
    if len(points) != len(weights):
        raise ValueError(f"{len(points)} points, but {len(weights)} weights")
    total = float(weights.sum())
    if len(centres) < 2 or total <= 0:
        return 0.0
    squares = _square_distances(points, centres[None])[0]
    nearest, second = np.sqrt(np.partition(squares, 1, axis=0)[:2])
    gain = np.where(second > 0, (second - nearest) / np.where(second > 0, second, 1.0), 0.0)
    return float((gain * weights).sum() / total)
