"""k-means finds planted clusters, whatever the start, and the silhouette is what it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.algorithms.opinion.clusters import cluster, silhouette


def blobs(count: int, size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    centres = np.array([[0, 0], [6, 0], [0, 6], [6, 6], [12, 0]])[:count]
    truth = np.repeat(np.arange(count), size)
    return centres[truth] + random.normal(size=(count * size, 2)), truth


def test_silhouette_by_hand() -> None:
    """Points 0, 1 and 9 with centres 0.5 and 9: (8.5-0.5)/9 would be for 0.5; here by point."""
    points = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]])
    centres = np.array([[0.5, 0.0], [9.0, 0.0]])
    by_point = [(9 - 0.5) / 9, (8 - 0.5) / 8, 1.0]
    found = silhouette(points, centres=centres, weights=np.array([1.0, 1.0, 2.0]))
    assert found == pytest.approx((by_point[0] + by_point[1] + 2 * by_point[2]) / 4)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_planted_clusters_are_found(count: int) -> None:
    points, truth = blobs(count, 300)
    found = cluster(points, weights=np.ones(len(points)), counts=(2, 3, 4, 5), seed=1)
    assert max(found, key=lambda k: found[k].silhouette) == count
    pairs = set(zip(truth.tolist(), found[count].labels.tolist(), strict=True))
    most_common = [np.bincount(found[count].labels[truth == t]).max() for t in range(count)]
    assert sum(most_common) > 0.99 * len(points)
    assert len(pairs) >= count


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_labels_are_nearest_centres_and_fall_in_weight(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    points, weights = random.normal(size=(60, 2)), random.random(60)
    found = cluster(points, weights=weights, counts=(count,), seed=seed, starts=3)[count]
    distances = ((points[:, None] - found.centres[None]) ** 2).sum(axis=2)
    assert found.labels.tolist() == distances.argmin(axis=1).tolist()
    masses = np.bincount(found.labels, weights, minlength=count)
    assert masses.tolist() == sorted(masses, reverse=True)
    assert 0 <= found.silhouette <= 1


def test_many_starts_beat_the_first_points() -> None:
    """Polis starts from the first distinct rows; if these lie in one cluster, it often stays bad."""
    ratios = []
    for seed in range(20):
        points, _ = blobs(5, 40, seed)
        found = cluster(points, weights=np.ones(len(points)), counts=(5,), seed=0)[5]
        inertia = float(((points - found.centres[found.labels]) ** 2).sum())
        ratios.append(inertia / _lloyd(points, points[:5]))
    assert max(ratios) < 1 + 1e-9
    assert np.mean(ratios) < 0.9


def _lloyd(points: np.ndarray, centres: np.ndarray) -> float:
    for _ in range(50):
        labels = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([points[labels == k].mean(axis=0) for k in range(len(centres))])
    return float(((points - centres[labels]) ** 2).sum())


def test_the_sample_of_large_data_finds_the_same_optimum() -> None:
    points, _ = blobs(3, 4000)
    small = cluster(points, weights=np.ones(12000), counts=(3,), seed=1)[3]
    other = cluster(points, weights=np.ones(12000), counts=(3,), seed=2)[3]
    assert (small.labels != other.labels).mean() < 0.001


def test_points_without_weight_do_not_shape_clusters() -> None:
    points = np.array([[0.0, 0], [0.1, 0], [5, 0], [5.1, 0], [99, 0]])
    found = cluster(points, weights=np.array([1.0, 1, 1, 1, 0]), counts=(2,), seed=0)[2]
    assert sorted(found.centres[:, 0].tolist()) == pytest.approx([0.05, 5.05])


def test_too_few_different_points() -> None:
    points = np.zeros((10, 2))
    assert cluster(points, weights=np.ones(10), counts=(2, 3), seed=0) == {}
    assert cluster(points, weights=np.zeros(10), counts=(2,), seed=0) == {}
    assert silhouette(points, centres=np.zeros((1, 2)), weights=np.ones(10)) == 0.0


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot divide into 1"):
        cluster(np.zeros((3, 2)), weights=np.ones(3), counts=(1,), seed=0)
    with pytest.raises(ValueError, match="3 points, but 2 weights"):
        cluster(np.zeros((3, 2)), weights=np.ones(2), counts=(2,), seed=0)
    with pytest.raises(ValueError, match="3 points, but 2 weights"):
        silhouette(np.zeros((3, 2)), centres=np.zeros((2, 2)), weights=np.ones(2))
