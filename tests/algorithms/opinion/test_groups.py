"""Groups are found where they are, and not where they are not."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.clusters import Clustering
from allmende.algorithms.opinion.examination import (
    best_jaccard,
    bootstrap_divisions,
    smallest_group,
)
from allmende.algorithms.opinion.groups import GroupFinding, find_groups
from allmende.algorithms.opinion.positions import VoteMatrix, fit_map
from allmende.algorithms.opinion.votes import Votes

Labels = NDArray[np.int64]
Planted = Callable[..., tuple[Votes, Labels]]
Conversation = Callable[[str], tuple[Votes, Labels]]
Shuffled = Callable[[Votes, int], Votes]
RandIndex = Callable[[Labels, Labels], float]


def find(
    votes: Votes,
    *,
    weights: NDArray[np.float64] | None = None,
    seed: int = 0,
    bootstraps: int = 10,
    shuffles: int = 19,
    previous_count: int | None = None,
) -> GroupFinding:
    matrix = VoteMatrix(votes)
    if weights is None:
        weights = (matrix.cast > 0).astype(np.float64)
    return find_groups(
        matrix,
        space=fit_map(matrix, weights=weights),
        weights=weights,
        seed=seed,
        bootstraps=bootstraps,
        shuffles=shuffles,
        previous_count=previous_count,
    )


def test_jaccard_by_hand() -> None:
    """{0,1,2} and {3,4} against {0,1} and {2,3,4}: 2/3 and 2/3."""
    found = best_jaccard(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]))
    assert found.tolist() == pytest.approx([2 / 3, 2 / 3])
    with pytest.raises(ValueError, match="3 and 2 points"):
        best_jaccard(np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64))


def test_a_group_of_which_a_bootstrap_draws_nobody_is_not_found_again(planted: Planted) -> None:
    """Regression 1: the smallest group is the last, and the shapes no longer fitted."""
    matrix = VoteMatrix(planted(participants=40, statements=12)[0])
    labels = np.zeros(40, dtype=np.int64)
    labels[0] = 1
    similar, _ = bootstrap_divisions(
        matrix,
        weights=np.ones(40),
        voting=np.ones(40, dtype=bool),
        divisions={2: Clustering(labels, np.zeros((2, 2)), 0.5)},
        layers=None,
        seed=np.random.SeedSequence(1),
        bootstraps=12,
    )
    assert similar[2].shape == (2,)
    assert similar[2][1] < 0.5
    found = best_jaccard(np.array([0, 0]), np.array([0, 1]), count=2)
    assert found.tolist() == [0.5, 0.0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_jaccard_is_one_only_for_the_same_cluster(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    found = best_jaccard(first, second)
    for label in np.unique(first).tolist():
        same = any(
            np.array_equal(first == label, second == other) for other in np.unique(second).tolist()
        )
        assert (found[label] == 1.0) == same
        assert 0 < found[label] <= 1


@pytest.mark.parametrize("count", [2, 3, 4])
def test_planted_groups_are_found(planted: Planted, rand_index: RandIndex, count: int) -> None:
    votes, truth = planted(participants=240, groups=count, contrast=1.5)
    found = find(votes)
    assert found.count == count
    assert found.chosen is not None
    assert found.chosen.stability is not None
    assert found.chosen.stability.min() > 0.85
    placed = found.labels >= 0
    assert placed.mean() > 0.9
    assert rand_index(truth[placed], found.labels[placed]) > 0.85
    assert found.separate


@pytest.mark.slow
def test_shuffled_votes_show_no_groups(planted: Planted, shuffled: Shuffled) -> None:
    """The bar: at least 95 % of runs; the test by shuffles alone allows 5 %, stability the rest."""
    votes, _ = planted(participants=80, statements=25)
    weights = np.exp(np.random.default_rng(0).normal(0, 0.5, 80))
    runs = 40
    shown = sum(
        find(shuffled(votes, run), weights=weights, seed=run).count > 0 for run in range(runs)
    )
    assert shown <= 0.05 * runs


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", ["brexit-consensus", "london.youth.policing"])
def test_shuffled_real_votes_show_no_groups(
    conversation: Conversation, shuffled: Shuffled, name: str
) -> None:
    votes, _ = conversation(name)
    runs = 10
    shown = sum(find(shuffled(votes, run), seed=run).count > 0 for run in range(runs))
    assert shown <= 0.05 * runs


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "brexit-consensus",
        "scoop-hivemind.biodiversity",
        "austria-climate.5twd2jsnkf.2022-08-08",
        "vtaiwan.uberx",
    ],
)
def test_real_groups_are_still_found(
    conversation: Conversation, rand_index: RandIndex, name: str
) -> None:
    votes, published = conversation(name)
    found = find(votes, bootstraps=10, shuffles=19)
    assert (found.count, found.separate) == (2, False)
    both = (found.labels >= 0) & (published >= 0)
    assert rand_index(published[both], found.labels[both]) > 0.5


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("london.youth.policing", "not clearer than chance"),
        ("15-per-hour-seattle", "not clearer than chance"),
        ("canadian-electoral-reform", "not stable"),
    ],
)
def test_weak_groups_of_polis_are_not_shown(
    conversation: Conversation, name: str, reason: str
) -> None:
    votes, published = conversation(name)
    assert len(np.unique(published[published >= 0])) > 1
    found = find(votes, bootstraps=10, shuffles=19)
    assert (found.count, found.reason) == (0, reason)
    assert set(found.labels.tolist()) == {-1}


def test_one_long_cloud_is_not_called_separate() -> None:
    """Opinions along a line may be cut in stable halves; then the answer says there is no gap."""
    random = np.random.default_rng(2)
    left = random.normal(size=300)
    tendency = random.normal(size=40)
    there = random.random((300, 40)) < 0.7
    rows, columns = np.nonzero(there)
    latent = left[rows] * tendency[columns] + random.normal(size=len(rows))
    votes = Votes(
        participants=np.array([f"{number:03d}" for number in range(300)]),
        statements=np.array([f"{number:02d}" for number in range(40)]),
        rows=rows.astype(np.int32),
        columns=columns.astype(np.int32),
        values=np.sign(latent).astype(np.int8),
    )
    found = find(votes)
    assert (found.count, found.separate) == (2, False)


def test_few_votes_give_no_group(planted: Planted) -> None:
    votes, _ = planted(contrast=1.5)
    kept = (votes.rows != 7) | (np.cumsum(votes.rows == 7) <= 1)
    fewer = Votes(
        votes.participants,
        votes.statements,
        votes.rows[kept],
        votes.columns[kept],
        votes.values[kept],
    )
    found = find(fewer)
    assert found.count == 2
    assert found.labels[7] == -1


def test_a_tiny_group_is_not_shown(planted: Planted) -> None:
    """Four of 200 who always vote the other way: fewer than 2 %, at least 5."""
    votes, _ = planted(contrast=0.0, fill=1.0)
    values = np.where(votes.rows < 4, -1, 1).astype(np.int8)
    opposed = Votes(votes.participants, votes.statements, votes.rows, votes.columns, values)
    found = find(opposed, bootstraps=0, shuffles=0)
    assert found.count == 0
    assert [smallest_group(n) for n in (0, 200, 251, 10_000)] == [5, 5, 6, 200]


@pytest.mark.parametrize(("distance", "seed", "kept"), [(0.5, 2, True), (0.6, 0, False)])
def test_the_number_of_groups_does_not_flicker(distance: float, seed: int, kept: bool) -> None:
    """Two or three: with two wings of one camp a toss-up, until the wings are clearly apart."""
    random = np.random.default_rng(seed)
    rows, columns = np.nonzero(random.random((240, 40)) < 0.6)
    far, near = random.normal(size=(2, 40))
    centres = np.stack([far * 1.5, -far * 0.5 + distance * near, -far * 0.5 - distance * near])
    latent = centres[rows % 3, columns] + random.normal(size=len(rows))
    votes = Votes(
        participants=np.array([f"{number:03d}" for number in range(240)]),
        statements=np.array([f"{number:02d}" for number in range(40)]),
        rows=rows.astype(np.int32),
        columns=columns.astype(np.int32),
        values=np.sign(latent).astype(np.int8),
    )
    assert find(votes).count == 3
    assert find(votes, previous_count=2).count == (2 if kept else 3)
    assert find(votes, previous_count=5).count == 3


def test_without_examination_groups_are_a_proposal(planted: Planted) -> None:
    found = find(planted(contrast=1.5)[0], bootstraps=0, shuffles=0)
    assert (found.count, found.examined, found.separate, found.threshold) == (2, False, None, None)


def test_same_seed_same_groups(planted: Planted) -> None:
    votes, _ = planted()
    first, second, other = find(votes), find(votes), find(votes, seed=1)
    assert first.labels.tolist() == second.labels.tolist() == other.labels.tolist()
    assert first.threshold == second.threshold != other.threshold


def test_participants_alone_in_their_stratum_are_drawn_together(planted: Planted) -> None:
    """Drawn within strata of one, each bootstrap would be the real sample and stability perfect."""
    votes, _ = planted(participants=60)
    matrix, weights = VoteMatrix(votes), np.ones(60)
    found = find_groups(
        matrix,
        space=fit_map(matrix, weights=weights),
        weights=weights,
        seed=0,
        bootstraps=10,
        shuffles=19,
        layers=np.arange(60),
    )
    stability = [c.stability for c in found.candidates if c.stability is not None]
    assert stability
    assert max(each.max() for each in stability) < 1


def test_progress_is_told(planted: Planted) -> None:
    votes, _ = planted(participants=60)
    matrix, weights = VoteMatrix(votes), np.ones(60)
    steps: list[tuple[str, int, int]] = []
    find_groups(
        matrix,
        space=fit_map(matrix, weights=weights),
        weights=weights,
        seed=0,
        bootstraps=3,
        shuffles=19,
        progress=lambda name, done, total: steps.append((name, done, total)),
    )
    assert steps == [("shuffles", i + 1, 19) for i in range(19)] + [
        ("bootstraps", i + 1, 3) for i in range(3)
    ]


def test_impossible_examinations_are_refused(planted: Planted) -> None:
    votes, _ = planted(participants=30)
    with pytest.raises(ValueError, match="at least 19"):
        find(votes, shuffles=18)
    with pytest.raises(ValueError, match="belong together"):
        find(votes, bootstraps=0)
    with pytest.raises(ValueError, match="-1 participants"):
        smallest_group(-1)
