"""Who sees which statement next, and what that does to a whole concern."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.routing import (
    NextStatement,
    check_exposure,
    choose_statement,
    position_covariance,
)


def chosen(**arguments: object) -> NextStatement:
    result = choose_statement(**{"seed": 0, **arguments})  # type: ignore[arg-type]
    assert result is not None
    return result


def test_least_exposed_in_the_stratum_comes_first() -> None:
    result = chosen(
        may_vote=[1, 1, 1, 1], stratum_counts=[9, 4, 2, 50], total_counts=[9, 9, 99, 50]
    )
    assert (result.statement, result.reason, result.exposure) == (2, "exposure", 2)


def test_equal_exposure_in_the_stratum_is_decided_by_the_total() -> None:
    result = chosen(may_vote=[1, 1, 1], stratum_counts=[4, 4, 4], total_counts=[9, 8, 8])
    assert result.statement in {1, 2}
    assert result.tied == 2


def test_nothing_left_to_vote_on() -> None:
    assert choose_statement(may_vote=[0, 0], stratum_counts=[1, 2], seed=0) is None
    assert choose_statement(may_vote=[], stratum_counts=[], seed=0) is None


def test_after_the_floor_the_most_telling_statement() -> None:
    """p(1-p) l'Σl by hand: 0.25·0.04·1, 0.25·1·1, 0.09·1·4, 0·9·1."""
    result = chosen(
        may_vote=[1, 1, 1, 1],
        stratum_counts=[30, 31, 32, 30],
        agreement=[0.5, 0.5, 0.9, 1.0],
        loadings=[[0.2, 0], [1, 0], [0, 1], [3, 0]],
        covariance=[[1, 0], [0, 4]],
    )
    assert (result.statement, result.reason) == (2, "information")
    assert result.gain == pytest.approx(0.36)


def test_joint_rejection_is_shown_as_often_as_joint_consent() -> None:
    shown = [
        chosen(
            may_vote=[1, 1],
            stratum_counts=[100, 100],
            agreement=[0.02, 0.98],
            loadings=[[1.0], [1.0]],
            covariance=[[1.0]],
            seed=seed,
        ).statement
        for seed in range(400)
    ]
    assert 160 < sum(shown) < 240


def test_statement_without_loadings_is_not_forgotten() -> None:
    result = chosen(
        may_vote=[1, 1, 1],
        stratum_counts=[40, 40, 40],
        loadings=[[1.0], [3.0], [np.nan]],
        covariance=[[1.0]],
    )
    assert result.statement == 1
    assert (
        chosen(
            may_vote=[1, 0, 1],
            stratum_counts=[40, 40, 40],
            loadings=[[1.0], [3.0], [np.nan]],
            covariance=[[1.0]],
        ).statement
        == 2
    )


def test_late_statement_keeps_priority_until_it_has_caught_up() -> None:
    counts = [500, 500, 500, 31]
    result = chosen(may_vote=[1, 1, 1, 1], stratum_counts=counts)
    assert (result.statement, result.reason, result.floor) == (3, "exposure", 306)


def test_wrong_lengths_and_lone_loadings_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        choose_statement(may_vote=[1, 1], stratum_counts=[1], seed=0)
    with pytest.raises(ValueError, match="go together"):
        choose_statement(may_vote=[1], stratum_counts=[1], loadings=[[1.0]], seed=0)


@given(
    counts=st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=30),
    seed=st.integers(0, 2**32),
)
def test_choice_is_allowed_repeatable_and_least_exposed_below_the_floor(
    counts: list[tuple[int, bool]], seed: int
) -> None:
    seen = [count for count, _ in counts]
    open_ = [is_open for _, is_open in counts]
    first = choose_statement(may_vote=open_, stratum_counts=seen, seed=seed)
    assert first == choose_statement(may_vote=open_, stratum_counts=seen, seed=seed)
    if first is None:
        assert not any(open_)
    else:
        assert open_[first.statement]
        assert first.exposure == min(count for count, is_open in counts if is_open)


def test_ranking_waits_for_the_least_exposed_statement() -> None:
    assert check_exposure([30, 29, 31], participants=500).waiting.tolist() == [1]
    assert check_exposure([30, 30, 31], participants=500).complete
    assert check_exposure([], participants=0).complete
    assert not check_exposure([0, 5], participants=1).complete
    with pytest.raises(ValueError, match="negative"):
        check_exposure([-1], participants=3)


Route = Callable[[NDArray[np.bool_], "Concern", int, int], int | None]


class Concern:
    """A simulated concern: 60 statements, 24 from the start, the others one by one until half the
    participants have come; each participant has a stratum and leaves after about 20 votes."""

    statements = 60

    def __init__(self, *, seed: int, participants: int, strata: int) -> None:
        self.random = np.random.default_rng(seed)
        self.strata = strata
        self.participants = participants
        self.position = self.random.normal(size=(participants, 2))
        self.loadings = self.random.normal(size=(self.statements, 2))
        self.popularity = self.random.normal(size=self.statements)
        self.stratum = self.random.integers(0, strata, participants)
        self.patience = 1 + self.random.geometric(1 / 20, participants)
        self.agree = np.zeros(self.statements)
        self.passed = np.zeros(self.statements)
        self.counts = np.zeros((strata, self.statements), dtype=np.int64)

    def run(self, route: Route) -> NDArray[np.int64]:
        """Votes that each statement ends up with."""
        arrival = np.concatenate([np.zeros(24), np.linspace(0, 0.5, self.statements - 24)])
        for person in range(self.participants):
            may_vote = arrival <= person / self.participants
            for vote in range(self.patience[person]):
                chosen = route(may_vote, self, person, vote)
                if chosen is None:
                    break
                may_vote[chosen] = False
                lean = self.position[person] @ self.loadings[chosen] + self.popularity[chosen]
                self.agree[chosen] += lean > 0.3
                self.passed[chosen] += abs(lean) <= 0.3
                self.counts[self.stratum[person], chosen] += 1
        return np.asarray(self.counts.sum(axis=0))


def by_exposure(
    may_vote: NDArray[np.bool_], concern: Concern, person: int, vote: int
) -> int | None:
    total = concern.counts.sum(axis=0)
    present = (total > 0) | may_vote
    place = np.flatnonzero(present)
    result = choose_statement(
        may_vote=may_vote[present],
        stratum_counts=concern.counts[concern.stratum[person]][present],
        total_counts=total[present],
        agreement=((concern.agree + 1) / (total + 2))[present],
        loadings=concern.loadings[present],
        covariance=np.eye(2) / (1 + vote),
        seed=person * 1000 + vote,
    )
    return None if result is None else int(place[result.statement])


def by_polis(may_vote: NDArray[np.bool_], concern: Concern, person: int, vote: int) -> int | None:
    if not may_vote.any():
        return None
    total = concern.counts.sum(axis=0)
    extremity = np.linalg.norm(concern.loadings, axis=1)
    importance = (1 - (concern.passed + 1) / (total + 2)) * (extremity + 1)
    importance *= (concern.agree + 1) / (total + 2)
    priority = np.where(may_vote, (importance * (1 + 8 * 2 ** (-total / 5))) ** 2, 0)
    return int(concern.random.choice(len(priority), p=priority / priority.sum()))


def exposure_ratio(votes: NDArray[np.int64]) -> float:
    """Median votes of the first quarter of statements over that of the last quarter."""
    quarter = len(votes) // 4
    return float(np.median(votes[:quarter]) / np.median(votes[-quarter:]))


@pytest.mark.slow
@pytest.mark.parametrize("strata", [1, 6, 40])
def test_exposure_ratio_of_first_to_last_quarter(strata: int) -> None:
    """Bar: at most 1.5 where statements arrive late and participants drop out. Polis is worse."""
    ours = Concern(seed=3, participants=1200, strata=strata).run(by_exposure)
    polis = Concern(seed=3, participants=1200, strata=strata).run(by_polis)
    assert exposure_ratio(ours) <= 1.5
    assert exposure_ratio(ours) < exposure_ratio(polis)
    assert ours.min() > 2 * polis.min()


def test_covariance_is_that_of_the_map() -> None:
    from allmende.algorithms.opinion.positions import VoteMatrix, fit_map
    from allmende.algorithms.opinion.votes import votes_from_log

    draw = np.random.default_rng(3)
    pairs = [(p, s) for p in range(60) for s in range(12) if draw.random() < 0.6]
    votes = votes_from_log(
        [f"p{p:02}" for p, _ in pairs],
        [f"s{s:02}" for _, s in pairs],
        [int(np.sign((p % 2 - 0.5) * (s % 3 - 1) + draw.normal() * 0.3)) for p, s in pairs],
    )
    space = fit_map(VoteMatrix(votes), weights=np.ones(votes.shape[0]))
    for row in (0, 7, 59):
        loadings = space.loadings[votes.columns[votes.rows == row]]
        found = position_covariance(loadings, spread=space.spread, noise=space.noise)
        np.testing.assert_allclose(found, space.covariances[row], rtol=1e-9)


def test_a_map_without_width_leaves_no_uncertainty() -> None:
    assert position_covariance([], spread=[0.0, 0.0], noise=0.0).tolist() == [[0, 0], [0, 0]]
