"""Counts and weighted shares by stratum."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.tallies import tally, weighted_shares
from allmende.algorithms.opinion.votes import Votes

Grid = Callable[[NDArray[np.int64]], Votes]
TABLES = st.lists(
    st.lists(st.sampled_from([-1, 0, 1, 9]), min_size=3, max_size=3), min_size=1, max_size=12
)


def test_counts_by_hand(grid: Grid) -> None:
    votes = grid(np.array([[1, -1], [1, 9], [0, -1], [1, 1]]))
    cells = np.array([0, 0, 1, -1])
    assert tally(votes)[0].tolist() == [[3, 1], [1, 0], [0, 2]]
    assert tally(votes, cells=cells, count=2).tolist() == [
        [[2, 0], [0, 0], [0, 1]],
        [[0, 0], [1, 0], [0, 1]],
    ]


def test_shares_by_hand(grid: Grid) -> None:
    votes = grid(np.array([[1, -1], [-1, 9], [0, 9]]))
    shares = weighted_shares(votes, weights=np.array([3.0, 1.0, 1.0]))
    assert shares.agree.tolist() == [[pytest.approx(0.6), 0.0]]
    assert shares.disagree.tolist() == [[pytest.approx(0.2), 1.0]]
    assert shares.answers.tolist() == [[3, 1]]
    assert shares.effective.tolist() == [[pytest.approx(25 / 11), pytest.approx(1.0)]]


@given(TABLES, st.integers(1, 3))
def test_cells_add_up_to_the_whole(grid: Grid, table: list[list[int]], count: int) -> None:
    votes = grid(np.array(table))
    cells = np.arange(votes.shape[0]) % count
    assert tally(votes, cells=cells, count=count).sum(axis=0).tolist() == tally(votes)[0].tolist()
    whole = weighted_shares(votes, weights=np.ones(votes.shape[0]))
    parts = weighted_shares(votes, weights=np.ones(votes.shape[0]), cells=cells, count=count)
    assert (parts.agree * parts.mass).sum(axis=0) == pytest.approx((whole.agree * whole.mass)[0])
    assert whole.agree[0] * whole.answers[0] == pytest.approx(tally(votes)[0, 0])


def test_impossible_cells_are_refused(grid: Grid) -> None:
    votes = grid(np.array([[1], [1]]))
    with pytest.raises(ValueError, match="1 cells for 2"):
        tally(votes, cells=np.array([0]), count=1)
    with pytest.raises(ValueError, match="outside"):
        tally(votes, cells=np.array([0, 2]), count=2)
    with pytest.raises(ValueError, match="1 weights for 2"):
        weighted_shares(votes, weights=np.ones(1))
