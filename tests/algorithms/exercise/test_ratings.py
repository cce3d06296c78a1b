"""Which rating the marks of observers suggest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.algorithms.exercise.ratings import rating_of

MARKS = st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), max_size=4), max_size=6)


@pytest.mark.parametrize(
    ("tasks", "rating"),
    [
        ([], None),
        ([[], []], None),
        ([[1.0], [1.0], []], "P"),
        ([[1.0], [1.0], [0.5]], "S"),
        ([[1.0], [1.0], [0.0]], "S"),  # exactly two thirds
        ([[1.0], [0.5], [0.0]], "M"),
        ([[0.0], [0.0], [0.5]], "M"),
        ([[0.0], []], "U"),
        # One task that three saw and one that one saw count the same.
        ([[1.0, 1.0, 1.0], [0.0]], "M"),
    ],
)
def test_known_answers(tasks: list[list[float]], rating: str | None) -> None:
    assert rating_of(tasks) == rating


@given(MARKS)
def test_a_better_mark_never_makes_it_worse(tasks: list[list[float]]) -> None:
    better = [[min(1.0, mark + 0.5) for mark in marks] for marks in tasks]
    before, after = rating_of(tasks), rating_of(better)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert "UMSP".index(after) >= "UMSP".index(before)


@given(MARKS, st.randoms())
def test_the_order_does_not_matter(tasks: list[list[float]], random: object) -> None:
    mixed = [list(marks) for marks in tasks]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert rating_of(mixed) == rating_of(tasks)


def test_a_mark_lies_between_nothing_and_all() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rating_of([[2.0]])
