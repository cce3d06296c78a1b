"""A log of votes becomes one vote for each pair, whatever the order of its rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.algorithms.opinion.votes import Votes, votes_from_codes, votes_from_log

LOG = st.lists(
    st.tuples(
        st.sampled_from(["01001", "1001", "10", "9"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(-1, 1),
        st.integers(0, 5),
    ),
    max_size=40,
)


def as_dict(votes: Votes) -> dict[tuple[str, str], int]:
    return {
        (str(votes.participants[row]), str(votes.statements[column])): int(value)
        for row, column, value in zip(votes.rows, votes.columns, votes.values, strict=True)
    }


@given(LOG)
def test_last_vote_by_time_then_by_position(log: list[tuple[str, str, int, int]]) -> None:
    who, what, vote, time = (list(column) for column in zip(*log, strict=True)) if log else [[]] * 4
    expected: dict[tuple[str, str], int] = {}
    for participant, statement, value, _ in sorted(log, key=lambda row: row[3]):
        expected[participant, statement] = value
    assert as_dict(votes_from_log(who, what, vote, time)) == expected
    assert as_dict(votes_from_log(who, what, vote)) == {
        (participant, statement): value for participant, statement, value, _ in log
    }


@given(LOG, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(
    log: list[tuple[str, str, int, int]], random: object
) -> None:
    log = [(who, what, vote, time) for time, (who, what, vote, _) in enumerate(log)]
    shuffled = log.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (
        votes_from_log(*(list(column) for column in zip(*rows, strict=True)))
        for rows in (log or [("a", "b", 1, 0)], shuffled or [("a", "b", 1, 0)])
    )
    for name in vars(first):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_rows_are_sorted_and_typed() -> None:
    votes = votes_from_codes(
        participants=np.array(["a", "b"]),
        statements=np.array(["x", "y"]),
        rows=[1, 0, 0],
        columns=[0, 1, 0],
        values=[1, 0, -1],
    )
    assert (votes.rows.tolist(), votes.columns.tolist()) == ([0, 0, 1], [0, 1, 0])
    assert (votes.rows.itemsize, votes.values.itemsize) == (4, 1)
    assert votes.shape == (2, 2)


def test_votes_of_other_values_are_refused() -> None:
    with pytest.raises(ValueError, match="a vote is"):
        votes_from_log(["a"], ["b"], [2])
    with pytest.raises(ValueError, match="lengths differ"):
        votes_from_log(["a"], ["b", "c"], [1, 1])
