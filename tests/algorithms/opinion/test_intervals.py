"""Intervals of shares: published values, promised coverage, and the finite whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.algorithms.opinion.intervals import (
    discoveries,
    finite_size,
    share_difference,
    share_floor,
    share_interval,
)


@pytest.mark.parametrize(
    ("agreeing", "low", "high"),
    [(0, 0.0, 0.292), (1, 0.016, 0.501), (2, 0.065, 0.648), (3, 0.139, 0.766)],
)
def test_interval_equals_the_published_table(agreeing: int, low: float, high: float) -> None:
    """Brown, Cai, DasGupta (2001), table 5, n = 7."""
    interval = share_interval(agreeing / 7, 7)
    assert float(interval.low) == pytest.approx(low, abs=1.1e-3)
    assert float(interval.high) == pytest.approx(high, abs=1.1e-3)


def test_discoveries_equal_the_published_example() -> None:
    """Benjamini, Hochberg (1995), section 4.2: four of fifteen hypotheses are rejected."""
    p_values = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    ]
    assert discoveries(p_values).tolist() == [True] * 4 + [False] * 11


def test_difference_of_two_shares_by_hand() -> None:
    """60 of 100 against 40 of 100: z = 0.2 / sqrt(0.5 * 0.5 * 0.02) = 2.828, p = 0.0047."""
    result = share_difference(0.6, 100, 0.4, 100)
    assert float(result.value) == pytest.approx(0.2)
    assert float(result.p_value) == pytest.approx(0.004678, abs=1e-6)
    assert (round(float(result.low), 3), round(float(result.high), 3)) == (0.062, 0.331)


@given(st.floats(0, 1), st.floats(0.5, 1e5))
def test_interval_contains_the_share_and_mirrors(share: float, size: float) -> None:
    interval, mirrored = share_interval(share, size), share_interval(1 - share, size)
    assert 0 <= interval.low <= interval.high <= 1
    # Jeffreys' interval leaves out a share of less than about one answer, by construction
    assert interval.low <= share + 1.0 / size
    assert interval.high >= share - 1.0 / size
    assert float(mirrored.low) == pytest.approx(1 - float(interval.high), abs=1e-9)
    assert share_floor(share, size) >= interval.low


@given(st.floats(0, 1), st.integers(1, 1000), st.integers(0, 1000))
def test_interval_shrinks_with_the_part_of_the_whole(share: float, n: int, rest: int) -> None:
    part = share_interval(share, finite_size(n, sampled=n, whole=n + rest))
    endless = share_interval(share, n)
    assert part.high - part.low <= endless.high - endless.low + 1e-12


def test_interval_is_exact_when_all_have_answered() -> None:
    low, high = share_interval(0.3, finite_size(40.0, sampled=50, whole=50))
    assert (float(low), float(high)) == (0.3, 0.3)


def test_interval_is_open_when_nobody_has_answered() -> None:
    low, high = share_interval(0.0, finite_size(0.0, sampled=0, whole=0))
    assert (float(low), float(high)) == (0.0, 1.0)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_interval_covers_a_finite_whole_as_promised(share: float) -> None:
    """Better than ignoring the whole: both cover 95 %, but this is a third narrower."""
    whole, sample = 1000, 500
    random = np.random.default_rng(3)
    agreeing = round(share * whole)
    found = random.hypergeometric(agreeing, whole - agreeing, sample, size=4000) / sample
    interval = share_interval(found, finite_size(sample, sampled=sample, whole=whole))
    covered = np.mean((interval.low <= share) & (share <= interval.high))
    endless = share_interval(found, sample)
    assert 0.93 < covered < 0.975
    assert np.mean(interval.high - interval.low) < 0.75 * np.mean(endless.high - endless.low)


def test_difference_covers_as_promised() -> None:
    random = np.random.default_rng(4)
    first, second = random.binomial(40, 0.7, 4000) / 40, random.binomial(25, 0.4, 4000) / 25
    result = share_difference(first, 40, second, 25)
    assert 0.935 < np.mean((result.low <= 0.3) & (result.high >= 0.3)) < 0.975


def test_discoveries_of_nothing() -> None:
    assert discoveries([]).tolist() == []
    assert discoveries([1.0, 1.0]).tolist() == [False, False]


@pytest.mark.parametrize(
    "call",
    [
        lambda: share_interval(1.2, 10),
        lambda: share_interval(0.2, -1),
        lambda: share_interval(0.2, 10, level=1.0),
        lambda: share_floor(0.2, 10, level=0.0),
        lambda: finite_size(5, sampled=11, whole=10),
        lambda: share_difference(2.0, 5, 0.1, 5),
        lambda: share_difference(0.5, -5, 0.1, 5),
        lambda: discoveries([1.5]),
    ],
)
def test_impossible_input_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=r"outside|negative|between|out of"):
        call()
