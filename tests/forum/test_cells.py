"""Fewer than five personal opinions are never published, nor can they be computed from what is."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.forum.results.cells import FEWEST, is_small, may_be_divided, shown

COUNTS = st.integers(min_value=0, max_value=40)
SMALL = st.integers(min_value=0, max_value=8)


def published(agree: int, passed: int, disagree: int) -> list[tuple[frozenset[str], int]]:
    """Every cell that is published, as the set of stands that it counts."""
    found = shown(agree, passed, disagree)
    cells = {"agree": found.agree, "passed": found.passed, "disagree": found.disagree}
    listed = [(frozenset({name}), n) for name, n in cells.items() if n is not None]
    if found.total is not None:
        listed.append((frozenset(cells), found.total))
    return listed


@given(COUNTS, COUNTS, COUNTS)
def test_no_published_cell_and_no_difference_of_them_is_small(a: int, p: int, d: int) -> None:
    cells = published(a, p, d)
    assert [n for _, n in cells if is_small(n)] == []
    # What is left of one when others that lie in it are taken away.
    for inside in product((False, True), repeat=len(cells)):
        parts = [cell for cell, chosen in zip(cells, inside, strict=True) if chosen]
        for whole, total in cells:
            counted = [stand for stands, _ in parts for stand in stands]
            if set(counted) <= whole and len(counted) == len(set(counted)):
                assert not is_small(total - sum(n for _, n in parts))


def _all(total: int | None) -> Iterator[tuple[int, int, int]]:
    """All counts that there can be, with this total where it is known."""
    if total is None:
        yield from product(range(FEWEST), repeat=3)
        return
    for agree in range(total + 1):
        for passed in range(total - agree + 1):
            yield agree, passed, total - agree - passed


def test_nothing_hidden_can_be_told_of_any_small_counts() -> None:
    groups: dict[object, list[tuple[int, ...]]] = {}
    for counts in product(range(24), repeat=3):
        groups.setdefault(shown(*counts), []).append(counts)
    for seen, same in groups.items():
        known = (seen.agree, seen.passed, seen.disagree)  # type: ignore[attr-defined]
        # Larger counts than these may look the same, too: what is told here is told at most.
        if seen.total is not None and seen.total < 24:  # type: ignore[attr-defined]
            for place, count in enumerate(known):
                assert count is not None or len({each[place] for each in same}) > 1, (seen, same)


@given(SMALL, SMALL, COUNTS)
def test_who_knows_the_rule_cannot_tell_a_hidden_count(a: int, p: int, d: int) -> None:
    seen = shown(a, p, d)
    if seen.is_whole:
        return
    same = [counts for counts in _all(seen.total) if shown(*counts) == seen]
    for place, count in enumerate((seen.agree, seen.passed, seen.disagree)):
        if count is None:
            assert len({counts[place] for counts in same}) > 1


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((12, 0, 9), (12, 0, 9, 21)),
        ((12, 2, 9), (12, None, None, 23)),
        ((12, 2, 1), (None, None, None, 15)),
        ((0, 4, 30), (0, None, None, 34)),
        ((5, 5, 1), (None, None, None, 11)),
        ((6, 6, 4), (None, None, None, 16)),
        ((0, 0, 0), (0, 0, 0, 0)),
        ((0, 0, 4), (None, None, None, None)),
        ((4, 4, 4), (None, None, None, None)),
    ],
)
def test_what_is_shown(counts: tuple[int, int, int], expected: tuple[int | None, ...]) -> None:
    found = shown(*counts)
    assert (found.agree, found.passed, found.disagree, found.total) == expected


def test_parts_are_shown_all_or_none() -> None:
    assert may_be_divided([(7, 0, 5), (6, 9, 0)])
    assert not may_be_divided([(7, 0, 5), (6, 9, 1)])
