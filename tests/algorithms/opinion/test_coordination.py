"""Coordinated votes are labelled; like-minded participants are left alone."""

import numpy as np
import pytest

from allmende.algorithms.opinion.coordination import (
    Coordination,
    find_coordination,
    find_straight_lines,
    latest_times,
)
from allmende.algorithms.opinion.votes import Votes, votes_from_codes, votes_from_log

HOUR = 3600.0


class Crowd:
    """120 participants with 40 of 60 votes each, cast at random times over ten days."""

    def __init__(self, seed: int, *, opinions: float = 1.0) -> None:
        self.random = np.random.default_rng(seed)
        people, statements = 120, 60
        lean = self.random.normal(size=people)[:, None] * self.random.normal(size=statements)
        lean = opinions * lean + self.random.normal(size=statements)
        self.vote = np.sign(np.round(lean + self.random.normal(size=lean.shape))).astype(int)
        self.cast = self.random.random(lean.shape) < 2 / 3
        begin = self.random.uniform(0, 240 * HOUR, people)
        order = self.random.random(lean.shape).argsort(axis=1)
        self.time = begin[:, None] + 30.0 * order

    def copy(self, leader: int, followers: list[int], *, delay: float, same_order: bool) -> None:
        """Let followers repeat the leader's votes after a while."""
        for follower in followers:
            self.vote[follower] = self.vote[leader]
            self.cast[follower] = self.cast[leader]
            times = self.time[leader]
            if not same_order:
                order = self.random.permutation(60)
                times = times.min() + 30.0 * order
            self.time[follower] = times + delay

    def votes(self) -> tuple[Votes, np.ndarray]:
        rows, columns = np.nonzero(self.cast)
        votes = votes_from_codes(
            participants=np.array([f"{person:03}" for person in range(120)]),
            statements=np.array([f"{statement:02}" for statement in range(60)]),
            rows=rows,
            columns=columns,
            values=self.vote[rows, columns],
        )
        return votes, self.time[rows, columns]

    def found(self) -> Coordination:
        votes, times = self.votes()
        return find_coordination(votes, times=times)


def members(found: Coordination, component: int) -> list[int]:
    return np.flatnonzero(found.components == component).tolist()


def test_campaign_of_one_hour_is_one_component() -> None:
    crowd = Crowd(1)
    crowd.copy(10, [20, 30, 40, 50], delay=60, same_order=False)
    found = crowd.found()
    assert members(found, 0) == [10, 20, 30, 40, 50]
    assert found.components.max() == 0
    assert found.weights[[10, 50, 11]].tolist() == [0.2, 0.2, 1.0]
    assert (found.pairs.agreement == 1).all()


def test_same_order_days_later_is_coordinated() -> None:
    crowd = Crowd(2)
    crowd.copy(10, [20], delay=48 * HOUR, same_order=True)
    found = crowd.found()
    assert members(found, 0) == [10, 20]
    assert found.pairs.same_order.tolist() == [True]
    assert found.pairs.close.tolist() == [0.0]


def test_same_opinion_at_another_time_in_another_order_is_not() -> None:
    crowd = Crowd(3)
    crowd.copy(10, [20], delay=48 * HOUR, same_order=False)
    found = crowd.found()
    assert len(found.pairs.z) == 0
    assert (found.weights == 1).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("opinions", [0.0, 1.0, 3.0])
def test_nobody_is_accused_in_a_crowd_without_coordination(seed: int, opinions: float) -> None:
    """Even where opinions are strong and all vote within the same minutes."""
    crowd = Crowd(seed, opinions=opinions)
    if opinions < 3:
        crowd.time %= 300.0
    found = crowd.found()
    assert found.checked
    assert found.pairs_tested > 7000
    assert len(found.pairs.z) <= 1


def test_without_times_nobody_is_called_coordinated() -> None:
    crowd = Crowd(1)
    crowd.copy(10, [20], delay=60, same_order=True)
    found = find_coordination(crowd.votes()[0])
    assert not found.checked
    assert (found.components == -1).all()


def test_pairs_of_different_groups_are_not_compared() -> None:
    crowd = Crowd(1)
    crowd.copy(10, [20], delay=60, same_order=True)
    votes, times = crowd.votes()
    apart = find_coordination(votes, times=times, groups=(np.arange(120) >= 15).astype(int))
    assert len(apart.pairs.z) == 0


def test_result_does_not_depend_on_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd(4)
    crowd.copy(3, [90, 117], delay=60, same_order=True)
    whole = crowd.found()
    monkeypatch.setattr("allmende.algorithms.opinion.coordination.CHUNK_CELLS", 700)
    sliced = crowd.found()
    assert members(whole, 0) == [3, 90, 117]
    assert whole.components.tolist() == sliced.components.tolist()
    assert whole.pairs_tested == sliced.pairs_tested
    np.testing.assert_allclose(whole.pairs.z, sliced.pairs.z, rtol=1e-6)


def test_too_many_votes_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allmende.algorithms.opinion.coordination.MOST_VISITS", 1000)
    assert not Crowd(1).found().checked


def test_straight_line_is_flagged_only_where_it_is_implausible() -> None:
    crowd = Crowd(5)
    crowd.vote[7] = 1
    flagged = find_straight_lines(crowd.votes()[0])
    assert flagged.nonzero()[0].tolist() == [7]
    unanimous = Crowd(5)
    unanimous.vote[:] = 1
    assert not find_straight_lines(unanimous.votes()[0]).any()


def test_latest_time_belongs_to_the_vote_that_counts() -> None:
    votes = votes_from_log(["a", "b", "a"], ["x", "x", "x"], [1, 1, -1], [5, 6, 7])
    assert latest_times(votes, rows=[0, 1, 0], columns=[0, 0, 0], times=[5, 6, 7]).tolist() == [
        7,
        6,
    ]
    with pytest.raises(ValueError, match="other pairs"):
        latest_times(votes, rows=[0, 2], columns=[0, 0], times=[1, 2])


def test_nothing_and_wrong_lengths() -> None:
    nothing = find_coordination(votes_from_log([], [], []), times=[])
    assert (nothing.pairs_tested, len(nothing.components)) == (0, 0)
    votes = votes_from_log(["a"], ["x"], [1])
    with pytest.raises(ValueError, match="2 groups for 1"):
        find_coordination(votes, groups=[0, 1])
    with pytest.raises(ValueError, match="2 times for 1"):
        find_coordination(votes, times=[0, 1])
    with pytest.raises(ValueError, match="between 0 and 1"):
        find_straight_lines(votes, error=2)
