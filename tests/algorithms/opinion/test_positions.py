"""The map shows what votes say, and how sure that is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.positions import OpinionSpace, VoteMatrix, align_map, fit_map
from allmende.algorithms.opinion.votes import Votes

Floats = NDArray[np.float64]
Grid = Callable[[NDArray[np.int64]], Votes]
Planted = Callable[..., tuple[Votes, NDArray[np.int64]]]


def simulate(grid: Grid, *, fill: float, seed: int = 0) -> tuple[VoteMatrix, Floats]:
    """Numbers instead of votes, from the very model of the map; and the true positions."""
    random = np.random.default_rng(seed)
    participants, statements = 1500, 80
    truth = random.normal(size=(participants, 2)) * [0.5, 0.25]
    active = np.clip(random.beta(1, 1 / fill - 1, participants), 3 / statements, 1)
    there = random.random((participants, statements)) < active[:, None]
    matrix = VoteMatrix(grid(np.where(there, 0, 9)))
    loadings = random.normal(size=(statements, 2))
    expected = (truth[matrix.rows] * loadings[matrix.columns]).sum(axis=1)
    values, vectors = np.linalg.eigh(loadings.T @ loadings / statements)
    truth = truth @ (vectors * np.sqrt(values)) @ vectors.T  # the units of the map
    return matrix.with_values(expected + random.normal(0, 0.5, len(expected))), truth


def turned_to(truth: Floats, space: OpinionSpace) -> OpinionSpace:
    return align_map(space, previous=truth, weights=np.ones(len(truth)))


@pytest.mark.parametrize("fill", [0.15, 0.4])
def test_truth_is_recovered_with_its_uncertainty(grid: Grid, fill: float) -> None:
    """Known answer: data from the model; the mean square error in units of the ellipse is 2."""
    matrix, truth = simulate(grid, fill=fill)
    space = turned_to(truth, fit_map(matrix, weights=np.ones(len(truth))))
    error = space.positions - truth
    precision = np.linalg.inv(space.covariances)
    assert 1.7 < np.mean(np.einsum("na,nab,nb->n", error, precision, error)) < 2.8
    assert space.noise == pytest.approx(0.25, rel=0.05)
    assert np.sort(space.spread) == pytest.approx([0.0625, 0.25], rel=0.25)


def test_ridge_beats_scaled_projection(grid: Grid) -> None:
    """Polis multiplies the projection by sqrt(S / n); few votes then lie far out by chance."""
    matrix, truth = simulate(grid, fill=0.15)
    space = turned_to(truth, fit_map(matrix, weights=np.ones(len(truth))))
    table = np.zeros(matrix.shape)
    means = matrix.statement_sums(matrix.values) / matrix.statement_sums(
        np.ones_like(matrix.values)
    )
    table[matrix.rows, matrix.columns] = matrix.values - means[matrix.columns]
    axes = np.linalg.svd(table, full_matrices=False)[2][:2]
    scale = np.sqrt(matrix.shape[1] / np.maximum(matrix.cast, 1))
    projected = replace(space, positions=scale[:, None] * (table @ axes.T))
    scaled = turned_to(truth, projected).positions

    def explained(found: Floats) -> float:
        return float(np.corrcoef(found[:, 0], truth[:, 0])[0, 1]) ** 2

    assert explained(space.positions) > explained(scaled) + 0.03
    few = matrix.cast < 6
    assert np.corrcoef(matrix.cast, np.hypot(*scaled.T))[0, 1] < 0.5
    assert np.hypot(*space.positions[few].T).mean() < np.hypot(*truth[few].T).mean()


def test_two_opposed_camps_lie_on_either_side(grid: Grid) -> None:
    camp = np.arange(20) % 2
    space = fit_map(
        VoteMatrix(grid(np.where(camp, 1, -1)[:, None] * np.ones((1, 6), int))), weights=np.ones(20)
    )
    assert (np.sign(space.positions[:, 0]) == np.where(camp, 1, -1)).all()
    assert np.abs(space.positions[:, 0]) == pytest.approx(1, abs=0.01)


def test_expected_votes_reproduce_the_votes(planted: Planted) -> None:
    votes, _ = planted(contrast=2.0)
    matrix = VoteMatrix(votes)
    space = fit_map(matrix, weights=np.ones(votes.shape[0]))
    expected = space.means[votes.columns] + (
        space.positions[votes.rows] * space.loadings[votes.columns]
    ).sum(axis=1)
    by_mean = np.mean((votes.values - space.means[votes.columns]) ** 2)
    assert np.mean((votes.values - expected) ** 2) < 0.6 * by_mean


def test_few_votes_lie_near_the_middle_with_large_ellipses(planted: Planted) -> None:
    votes, _ = planted(contrast=2.0)
    kept = (votes.rows != 0) | (np.cumsum(votes.rows == 0) <= 2)
    fewer = replace(
        votes, rows=votes.rows[kept], columns=votes.columns[kept], values=votes.values[kept]
    )
    before = fit_map(VoteMatrix(votes), weights=np.ones(200))
    after = fit_map(VoteMatrix(fewer), weights=np.ones(200))
    assert np.trace(after.covariances[0]) > 2 * np.trace(before.covariances[0])
    assert after.reliability[0] < before.reliability[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_twice_the_weight_is_twice_the_participant(grid: Grid, seed: int) -> None:
    table = np.random.default_rng(seed).choice([-1, 0, 1, 9], size=(12, 7))
    double = np.vstack([table, table[:1]])
    weighted = fit_map(VoteMatrix(grid(table)), weights=np.array([2.0] + [1.0] * 11))
    repeated = fit_map(VoteMatrix(grid(double)), weights=np.ones(13))
    assert weighted.positions == pytest.approx(repeated.positions[:12], abs=1e-5)


def test_participants_of_no_weight_are_placed_but_shape_nothing(planted: Planted) -> None:
    votes, _ = planted()
    weights = np.ones(200)
    weights[0] = 0
    others = votes.rows != 0
    without = replace(
        votes, rows=votes.rows[others], columns=votes.columns[others], values=votes.values[others]
    )
    placed = fit_map(VoteMatrix(votes), weights=weights)
    absent = fit_map(VoteMatrix(without), weights=weights)
    assert placed.positions[1:] == pytest.approx(absent.positions[1:], abs=1e-9)
    assert np.hypot(*placed.positions[0]) > 0
    assert absent.positions[0].tolist() == [0.0, 0.0]


def test_alignment_finds_the_turn(planted: Planted) -> None:
    votes, _ = planted(groups=3)
    space = fit_map(VoteMatrix(votes), weights=np.ones(200))
    turn = np.array([[np.cos(1.0), np.sin(1.0)], [np.sin(1.0), -np.cos(1.0)]])
    earlier = space.positions @ turn
    earlier[50:] = np.nan
    aligned = align_map(space, previous=earlier, weights=np.ones(200))
    assert aligned.positions == pytest.approx(space.positions @ turn)
    assert aligned.loadings @ aligned.positions.T == pytest.approx(
        space.loadings @ space.positions.T
    )
    assert np.linalg.det(aligned.covariances) == pytest.approx(np.linalg.det(space.covariances))


def test_unknown_earlier_positions_change_nothing(planted: Planted) -> None:
    space = fit_map(VoteMatrix(planted()[0]), weights=np.ones(200))
    assert align_map(space, previous=np.full((200, 2), np.nan), weights=np.ones(200)) is space
    with pytest.raises(ValueError, match="shape"):
        align_map(space, previous=np.zeros((3, 2)), weights=np.ones(200))


def test_impossible_weights_are_refused(planted: Planted) -> None:
    matrix = VoteMatrix(planted()[0])
    with pytest.raises(ValueError, match="3 weights for 200"):
        fit_map(matrix, weights=np.ones(3))
    with pytest.raises(ValueError, match="negative"):
        fit_map(matrix, weights=-np.ones(200))


@pytest.mark.parametrize(
    "table",
    [np.full((3, 4), 9), np.ones((5, 4), int), np.zeros((5, 4), int), np.array([[1, -1, 0]])],
    ids=["no votes", "all agree", "all pass", "one participant"],
)
def test_without_difference_everybody_is_in_the_middle(
    grid: Grid, table: NDArray[np.int64]
) -> None:
    space = fit_map(VoteMatrix(grid(table)), weights=np.ones(len(table)))
    assert not space.positions.any()
    assert not space.spread.any()
    assert not space.reliability.any()
