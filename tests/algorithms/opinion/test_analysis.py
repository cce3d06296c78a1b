"""The whole analysis: the bars of reproducibility, and small correct results of odd votes."""

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.analysis import analyse, input_hash
from allmende.algorithms.opinion.result import OpinionMap, PreviousMap
from allmende.algorithms.opinion.votes import Votes, votes_from_log
from allmende.algorithms.opinion.weights import Strata, make_strata

Labels = NDArray[np.int64]
Planted = Callable[..., tuple[Votes, Labels]]
Grid = Callable[[NDArray[np.int64]], Votes]
Conversation = Callable[[str], tuple[Votes, Labels]]
RandIndex = Callable[[Labels, Labels], float]

TABLES = st.integers(1, 8).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([-1, 0, 1, 9]), min_size=width, max_size=width),
        min_size=1,
        max_size=25,
    )
)


def arrays_of(result: object) -> Iterator[object]:
    """Every array and number of a result, in order."""
    if dataclasses.is_dataclass(result):
        for field in dataclasses.fields(result):
            yield from arrays_of(getattr(result, field.name))
    elif isinstance(result, tuple):
        for part in result:
            yield from arrays_of(part)
    else:
        yield result.tobytes() if isinstance(result, np.ndarray) else result


def quick(votes: Votes, *, strata: Strata | None = None, seed: int = 0) -> OpinionMap:
    return analyse(votes, strata=strata, seed=seed, bootstraps=5, shuffles=19)


def strata_of(count: int) -> Strata:
    lands = np.array([f"{index % 3:02d}" for index in range(count)], dtype=np.str_)
    return make_strata(
        lands,
        1000 + 7000 * (np.arange(count) % 4),
        land_totals={"00": 100, "01": 300, "02": 200},
        size_totals={"7": 300, "6": 100, "5": 150, "4": 50},
    )


def test_recomputed_bit_by_bit(planted: Planted) -> None:
    votes, _ = planted(contrast=1.5)
    first, second = (quick(votes, strata=strata_of(200), seed=4) for _ in range(2))
    assert first.groups
    assert list(arrays_of(first)) == list(arrays_of(second))


def test_row_order_of_the_log_changes_nothing(planted: Planted, rand_index: RandIndex) -> None:
    """The bar: adjusted Rand index 1.00 under any row order; here even every bit is the same."""
    votes, _ = planted(contrast=1.2)
    who, what = votes.participants[votes.rows], votes.statements[votes.columns]
    before = quick(votes)
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(who))
        after = quick(votes_from_log(who[order], what[order], votes.values[order]))
        assert rand_index(before.group, after.group) == 1.0
        assert list(arrays_of(before)) == list(arrays_of(after))


@pytest.mark.shared
def test_row_order_of_a_real_log_changes_nothing(
    conversation: Conversation, rand_index: RandIndex
) -> None:
    votes, _ = conversation("brexit-consensus")
    who, what = votes.participants[votes.rows], votes.statements[votes.columns]
    before = analyse(votes, uncertainty=False)
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(who))
        again = votes_from_log(who[order], what[order], votes.values[order])
        after = analyse(again, uncertainty=False)
        assert rand_index(before.group, after.group) == 1.0


def test_names_matter_only_by_their_order(planted: Planted) -> None:
    votes, _ = planted()
    renamed = dataclasses.replace(
        votes, participants=np.array([f"Gemeinde {name}" for name in votes.participants.tolist()])
    )
    before, after = quick(votes), quick(renamed)
    assert before.positions.tolist() == after.positions.tolist()
    assert before.group.tolist() == after.group.tolist()
    assert before.input_hash != after.input_hash


def test_agree_and_disagree_swapped_mirror_the_figures(planted: Planted) -> None:
    votes, _ = planted(contrast=1.5)
    before = quick(votes)
    after = quick(dataclasses.replace(votes, values=-votes.values))
    assert after.statements.municipalities.agree == pytest.approx(
        before.statements.municipalities.disagree
    )
    assert after.statements.consensus.agree.least == pytest.approx(
        before.statements.consensus.disagree.least, abs=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(TABLES, st.booleans())
def test_any_votes_give_a_result(grid: Grid, table: list[list[int]], weighted: bool) -> None:
    votes = grid(np.array(table))
    result = quick(votes, strata=strata_of(len(table)) if weighted else None)
    statements = result.statements
    assert np.isfinite(result.positions).all()
    assert np.isfinite(result.covariances).all()
    counts = statements.agree + statements.passed + statements.disagree
    assert counts.tolist() == np.bincount(votes.columns, minlength=votes.shape[1]).tolist()
    for reading in filter(None, (statements.municipalities, statements.inhabitants)):
        total = reading.agree + reading.disagree + reading.passed
        assert total == pytest.approx((counts > 0).astype(float), abs=1e-9)
        assert (reading.agree_interval.low <= reading.agree_interval.high).all()
    assert bool(result.groups) == (result.no_groups_because == "")


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (np.zeros((0, 0), int), "too few"),
        (np.zeros((0, 3), int), "too few"),
        (np.zeros((3, 0), int), "too few"),
        (np.full((20, 3), 9), "too few"),
        (np.array([[1, -1, 0]]), "too few"),
        (np.zeros((20, 3), int), "no difference"),
        (np.ones((20, 3), int), "no difference"),
        (np.full((20, 1), -1), "no difference"),
    ],
    ids=["nothing", "nobody", "no statement", "no vote", "one", "all pass", "all agree", "all no"],
)
def test_odd_votes_give_small_results(grid: Grid, table: Labels, reason: str) -> None:
    result = quick(grid(table))
    assert (result.groups, result.no_groups_because) == ((), reason)
    assert not result.positions.any()
    assert result.group.tolist() == [-1] * len(table)


def test_one_statement_has_no_groups(grid: Grid) -> None:
    table = np.random.default_rng(0).choice([-1, 1], size=(300, 1))
    assert quick(grid(table)).no_groups_because == "not clearer than chance"


def test_full_participation_is_exact(grid: Grid) -> None:
    strata = make_strata(["a"] * 4, [10, 10, 10, 70], land_totals={"a": 4}, size_totals={"7": 4})
    reading = quick(grid(np.array([[1], [1], [1], [-1]])), strata=strata).statements
    assert reading.municipalities.agree.tolist() == [0.75]
    low, high = reading.municipalities.agree_interval
    assert (low.tolist(), high.tolist()) == ([0.75], [0.75])
    assert reading.inhabitants is not None
    assert reading.inhabitants.agree.tolist() == [pytest.approx(0.3)]


def test_participation_by_stratum(planted: Planted) -> None:
    votes, _ = planted(participants=90)
    result = quick(votes, strata=strata_of(90))
    lands = result.participation.lands
    assert lands is not None
    assert lands.totals is not None
    assert (lands.names, lands.present.tolist()) == (("00", "01", "02"), [30, 30, 30])
    assert lands.totals.tolist() == [100, 300, 200]
    assert (result.participation.voted, result.participation.whole) == (90, 600)
    assert result.participation.effective < 90
    assert result.weights.mean() == pytest.approx(1)


def test_group_outline_contains_its_members(planted: Planted) -> None:
    votes, _ = planted(contrast=1.5)
    result = quick(votes)
    assert sum(group.weight for group in result.groups) == pytest.approx(1)
    for group in result.groups:
        assert group.size == int((result.group == group.number).sum())
        assert group.stability is not None
        following = np.roll(group.hull, -1, axis=0) - group.hull
        to_centre = group.centre - group.hull
        turns = following[:, 0] * to_centre[:, 1] - following[:, 1] * to_centre[:, 0]
        assert (turns > 0).all()


def test_earlier_map_is_kept_in_place(planted: Planted) -> None:
    votes, _ = planted(groups=3, contrast=1.5)
    before = quick(votes)
    angle = 2.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    previous = PreviousMap(votes.participants[:150], before.positions[:150] @ turn, 3)
    after = analyse(votes, bootstraps=10, shuffles=19, previous=previous)
    assert after.positions == pytest.approx(before.positions @ turn)
    assert after.group.tolist() == before.group.tolist()
    assert after.groups[0].centre == pytest.approx(before.groups[0].centre @ turn)


@pytest.mark.shared
def test_a_real_conversation_in_full(conversation: Conversation) -> None:
    votes, _ = conversation("scoop-hivemind.biodiversity")
    result = analyse(votes, uncertainty=False)
    assert [group.size for group in result.groups] == [335, 93]
    assert result.statements.differences is not None
    assert result.statements.differences.agree.found.sum() > 50
    assert result.statements.division.between_groups


def test_input_hash_names_votes_and_strata(grid: Grid) -> None:
    votes = grid(np.array([[1, -1], [0, 1]]))
    strata = make_strata(["a", "b"], [1, 2])
    hashes = {
        input_hash(votes),
        input_hash(dataclasses.replace(votes, values=-votes.values)),
        input_hash(votes, strata),
        input_hash(votes, make_strata(["a", "b"], [1, 3])),
    }
    assert len(hashes) == 4
    assert input_hash(votes) == quick(votes).input_hash


def test_impossible_input_is_refused(planted: Planted) -> None:
    votes, _ = planted(participants=20)
    with pytest.raises(ValueError, match="strata of 3 participants, but votes of 20"):
        analyse(votes, strata=make_strata(["a"] * 3, [1] * 3))
    with pytest.raises(ValueError, match="seed -1"):
        analyse(votes, seed=-1)
