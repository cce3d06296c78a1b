"""Raking meets its margins, keeps the pattern within, and limits single weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.algorithms.opinion.raking import effective_size, merge_cells, rake


def test_weights_by_hand() -> None:
    """Independent margins: each cell's weight is row target times column target over n."""
    rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    found = rake(rows, columns, [6, 2], [4, 4])
    assert found.weights.tolist() == pytest.approx([3, 3, 1, 1])
    assert (found.converged, found.trimmed) == (True, 0)


def test_fitting_keeps_the_odds_within_the_table() -> None:
    """Deming, Stephan (1940): margins are met and all odds ratios stay those of the start."""
    start = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
    row_targets, column_targets = [150, 300, 400, 150], [200, 300, 400, 100]
    cells = np.nonzero(start)
    rows, columns = (np.repeat(axis, start[cells]) for axis in cells)
    found = rake(rows, columns, row_targets, column_targets, trim=100)
    table = np.zeros(start.shape)
    np.add.at(table, (rows, columns), found.weights)
    assert table.sum(axis=0) == pytest.approx(column_targets, rel=1e-5)
    assert table.sum(axis=1) == pytest.approx(row_targets, rel=1e-5)
    odds = table[:-1, :-1] * table[1:, 1:] / (table[:-1, 1:] * table[1:, :-1])
    before = start[:-1, :-1] * start[1:, 1:] / (start[:-1, 1:] * start[1:, :-1])
    assert odds == pytest.approx(before, rel=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=30, max_size=80),
    st.lists(st.integers(50, 500), min_size=3, max_size=3),
)
def test_weights_are_positive_limited_and_honest(
    pairs: list[tuple[int, int]], targets: list[int]
) -> None:
    pairs = [*pairs, *((row, column) for row in range(3) for column in range(3))]
    rows, columns = (np.array(axis) for axis in zip(*pairs, strict=True))
    found = rake(rows, columns, targets, targets[::-1])
    assert found.weights.min() > 0
    # the limit is five times the median before the last cut, which can lower no weight below it
    assert found.weights.max() <= 5 * np.median(found.weights) * (1 + 1e-6)
    assert found.converged == (found.worst_margin < 1e-6)


def test_trimming_goes_before_an_exact_margin() -> None:
    rows = np.array([0] * 95 + [1] * 5)
    found = rake(rows, np.zeros(100, dtype=np.int64), [500, 500], [1000])
    assert found.trimmed == 5
    assert found.weights.max() == pytest.approx(5 * np.median(found.weights))
    assert not found.converged
    assert found.worst_margin > 0.1


def test_raking_beats_plain_means_when_the_small_stay_away() -> None:
    """A whole of 900 small and 100 large; of those who answer, half are large."""
    random = np.random.default_rng(1)
    large = np.repeat([0, 1], 200)
    opinion = random.random(400) < np.where(large == 1, 0.8, 0.3)
    weights = rake(large, np.zeros(400, dtype=np.int64), [900, 100], [1000], trim=100).weights
    truth = 0.9 * 0.3 + 0.1 * 0.8
    weighted = float((weights * opinion).sum() / weights.sum())
    assert abs(weighted - truth) < 0.07
    assert abs(float(opinion.mean()) - truth) > 0.15


def test_effective_size_by_hand() -> None:
    assert effective_size([3, 1]) == pytest.approx(1.6)
    assert effective_size([]) == 0.0
    assert effective_size(np.zeros(3)) == 0.0


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_effective_size_is_at_most_the_number(weights: list[float]) -> None:
    assert 1 - 1e-9 <= effective_size(weights) <= len(weights) + 1e-9


def test_city_states_are_merged_first() -> None:
    cities = ["Berlin"] + ["Bremen"] * 3 + ["Hamburg"]
    names = np.array([*cities, *["Hessen"] * 9, *["Bayern"] * 8])
    totals = {"Berlin": 1, "Bremen": 3, "Hamburg": 1, "Hessen": 421, "Bayern": 2056}
    present = np.ones(len(names), dtype=bool)
    cells, targets = merge_cells(names, totals, present=present, ordered=False)
    assert targets == [2056.0, 421.0, 5.0]
    assert cells.tolist() == [2] * 5 + [1] * 9 + [0] * 8


def test_small_size_classes_join_their_neighbour() -> None:
    names = np.array([*["1"] * 2, *["2"] * 6, *["4"] * 9])
    totals = {"1": 15, "2": 66, "3": 110, "4": 600}
    present = np.ones(len(names), dtype=bool)
    cells, targets = merge_cells(names, totals, present=present, ordered=True)
    assert targets == [191.0, 600.0]
    assert cells.tolist() == [0] * 8 + [1] * 9


@given(st.lists(st.sampled_from(["a", "b", "c", "Berlin", "Bremen"]), max_size=40), st.booleans())
def test_merged_cells_are_large_and_keep_the_total(names: list[str], ordered: bool) -> None:
    totals = {"a": 100, "b": 50, "c": 60, "Berlin": 40, "Bremen": 41}
    given_names = np.array(names, dtype=np.str_)
    present = np.ones(len(names), dtype=bool)
    cells, targets = merge_cells(given_names, totals, present=present, ordered=ordered)
    assert sum(targets) == 291
    counts = np.bincount(cells, minlength=len(targets))
    assert len(targets) == 1 or counts.min() >= 5


def test_impossible_targets_are_refused() -> None:
    ones = np.zeros(3, dtype=np.int64)
    with pytest.raises(ValueError, match="negative"):
        rake(ones, ones, [-3], [3])
    with pytest.raises(ValueError, match="nobody"):
        rake(ones, ones, [3, 2], [5])
    with pytest.raises(ValueError, match="no total for 'x'"):
        merge_cells(np.array(["x"]), {"a": 1}, present=np.array([True]), ordered=False)
    with pytest.raises(ValueError, match="negative"):
        effective_size([-1.0])
