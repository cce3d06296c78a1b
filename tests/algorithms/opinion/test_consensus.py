"""What unites and what divides."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.consensus import (
    division_between,
    division_overall,
    find_consensus,
)
from allmende.algorithms.opinion.intervals import share_floor
from allmende.algorithms.opinion.tallies import Shares, weighted_shares
from allmende.algorithms.opinion.votes import Votes

Grid = Callable[[NDArray[np.int64]], Votes]


def shares(*cells: tuple[float, float, int]) -> Shares:
    """One statement; agree, disagree and number of answers of each cell."""
    agree, disagree, answers = (np.array(column)[:, None] for column in zip(*cells, strict=True))
    effective = answers.astype(np.float64)
    return Shares(agree, disagree, answers, effective, effective)


def test_consensus_is_the_lowest_bound() -> None:
    found = find_consensus(
        overall=shares((0.8, 0.1, 300)),
        groups=shares((0.9, 0.05, 200), (0.6, 0.2, 100)),
        lands=shares((0.9, 0.05, 250), (0.5, 0.3, 50), (0.0, 1.0, 9)),
    )
    assert found.agree.overall[0] == pytest.approx(float(share_floor(0.8, 300)))
    assert found.agree.groups[0] == pytest.approx(float(share_floor(0.6, 100)))
    assert found.agree.lands[0] == pytest.approx(float(share_floor(0.5, 50)))
    assert found.agree.least[0] == found.agree.lands[0]
    assert (found.agree.lands_counted[0], found.agree.sizes_counted[0]) == (2, 0)
    assert np.isnan(found.agree.sizes[0])
    assert found.disagree.least[0] == pytest.approx(
        min(float(share_floor(0.05, n)) for n in (200, 250))
    )


def test_a_group_that_was_not_asked_has_not_agreed() -> None:
    found = find_consensus(
        overall=shares((1.0, 0.0, 100)), groups=shares((1.0, 0.0, 100), (0.0, 0.0, 0))
    )
    assert found.agree.least[0] == 0.0


def test_shared_rejection_is_seen() -> None:
    """Polis' product over groups sees only agreement; a statement all reject is invisible."""
    found = find_consensus(
        overall=shares((0.0, 1.0, 100)), groups=shares((0.0, 1.0, 60), (0.0, 1.0, 40))
    )
    assert found.disagree.least[0] > 0.9
    assert found.agree.least[0] == 0.0


def test_full_participation_leaves_no_sampling_error() -> None:
    found = find_consensus(overall=shares((0.7, 0.2, 40)), whole=40)
    assert found.agree.least[0] == pytest.approx(0.7)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 400)), min_size=1, max_size=5),
    st.integers(1, 5),
)
def test_consensus_never_exceeds_a_part_and_ignores_how_many_parts(
    cells: list[tuple[float, int]], repeats: int
) -> None:
    groups = shares(*((p, 1 - p, n) for p, n in cells))
    again = shares(*((p, 1 - p, n) for p, n in cells * repeats))
    overall = shares((1.0, 0.0, 10_000))
    found = find_consensus(overall=overall, groups=groups).agree.least[0]
    assert found <= min(p for p, _ in cells) + 1e-9 or found <= 0.5
    assert find_consensus(overall=overall, groups=again).agree.least[0] == found


def test_consensus_outranks_the_average(grid: Grid) -> None:
    """Better than the plain share: a large group does not outvote a small one that disagrees."""
    group = np.array([0] * 180 + [1] * 20)
    divided, shared = np.where(group == 0, 1, -1), np.ones(200, int)
    shared[::6] = -1
    votes = grid(np.stack([divided, shared], axis=1))
    overall = weighted_shares(votes, weights=np.ones(200))
    groups = weighted_shares(votes, weights=np.ones(200), cells=group, count=2)
    assert overall.agree[0, 0] > overall.agree[0, 1]
    least = find_consensus(overall=overall, groups=groups).agree.least
    assert least[0] < 0.01
    assert least[1] > 0.5


def test_division_between_by_hand() -> None:
    """Equal groups with mean votes 1 and -1: variance 1, so 1; with 0.6 and -0.6: 0.6."""
    opposed = division_between(
        shares((1.0, 0.0, 10**6), (0.0, 1.0, 10**6)), sizes=np.array([0.5, 0.5])
    )
    assert opposed.value[0] == pytest.approx(1, abs=1e-5)
    partly = division_between(
        shares((0.8, 0.2, 10**6), (0.2, 0.8, 10**6)), sizes=np.array([1.0, 1.0])
    )
    assert partly.value[0] == pytest.approx(0.6, abs=1e-3)
    assert partly.low[0] < 0.6 < partly.high[0]


def test_division_between_covers_the_truth() -> None:
    random = np.random.default_rng(5)
    inside = []
    for _ in range(400):
        first, second = random.binomial(80, 0.7) / 80, random.binomial(40, 0.4) / 40
        found = division_between(
            shares((first, 1 - first, 80), (second, 1 - second, 40)), sizes=np.array([2 / 3, 1 / 3])
        )
        truth = np.sqrt(2) / 3 * 0.6  # sqrt(w1 w2) times the distance of mean votes 0.4 and -0.2
        inside.append(found.low[0] <= truth <= found.high[0])
    assert 0.91 < np.mean(inside) < 0.99


def test_chance_alone_divides_little() -> None:
    random = np.random.default_rng(6)
    lows = []
    for _ in range(300):
        first, second = random.binomial(50, 0.5, 2) / 50
        cells = shares((first, 1 - first, 50), (second, 1 - second, 50))
        lows.append(division_between(cells, sizes=np.ones(2)).low[0])
    assert np.mean(np.array(lows) > 0) <= 0.05


def test_one_group_alone_cannot_be_apart() -> None:
    found = division_between(shares((1.0, 0.0, 50), (0.0, 0.0, 0)), sizes=np.ones(2))
    assert (found.value[0], found.low[0], found.high[0]) == (0.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="1 sizes for 2"):
        division_between(shares((1.0, 0.0, 5), (0.0, 0.0, 0)), sizes=np.ones(1))


@pytest.mark.parametrize(
    ("agree", "disagree", "value"),
    [(0.5, 0.5, 1.0), (1.0, 0.0, 0.0), (0.4, 0.4, 0.8), (0.75, 0.25, 0.5), (0.0, 0.0, 0.0)],
)
def test_division_overall_by_hand(agree: float, disagree: float, value: float) -> None:
    found = division_overall(shares((agree, disagree, 100)))
    assert found.value[0] == pytest.approx(value)
    assert found.low[0] <= value + 1e-9
    assert found.high[0] >= value - 0.05


def test_unasked_statement_may_divide_or_not() -> None:
    found = division_overall(shares((0.0, 0.0, 0)))
    assert (found.low[0], found.high[0]) == (0.0, 1.0)


def test_more_votes_than_municipalities_are_refused() -> None:
    with pytest.raises(ValueError, match="more votes than municipalities"):
        find_consensus(overall=shares((0.7, 0.2, 41)), whole=40)
