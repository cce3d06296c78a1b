"""Strata are checked; weights let those who took part stand for all."""

import numpy as np
import pytest

from allmende.algorithms.opinion.weights import make_strata, size_classes_of, strata_weights


def test_size_classes_at_their_bounds() -> None:
    inhabitants = [0, 4_999, 5_000, 9_999, 10_000, 20_000, 50_000, 100_000, 499_999, 500_000]
    assert "".join(size_classes_of(inhabitants)) == "7766543221"


def test_weights_meet_both_margins() -> None:
    lands = ["Hessen"] * 30 + ["Bayern"] * 70
    inhabitants = ([3_000] * 10 + [60_000] * 20) + ([3_000] * 60 + [60_000] * 10)
    strata = make_strata(
        lands,
        inhabitants,
        land_totals={"Hessen": 421, "Bayern": 2056},
        size_totals={"7": 2000, "3": 477},
    )
    found = strata_weights(strata, present=np.ones(100, dtype=bool))
    weights = found.weights * 2477 / 100
    assert weights[:30].sum() == pytest.approx(421, rel=1e-5)
    small = strata.size_classes == "7"
    assert weights[small].sum() == pytest.approx(2000, rel=1e-5)
    assert found.weights.mean() == pytest.approx(1)
    assert strata.total == 2477


def test_who_did_not_take_part_has_no_weight() -> None:
    strata = make_strata(["a"] * 6, [1] * 6, land_totals={"a": 10}, size_totals={"7": 10})
    present = np.array([True] * 5 + [False])
    assert strata_weights(strata, present=present).weights.tolist() == [1.0] * 5 + [0.0]


def test_without_a_known_whole_all_weigh_the_same() -> None:
    strata = make_strata(["a", "b", "b"], [1, 2, 3])
    found = strata_weights(strata, present=np.array([True, True, False]))
    assert found.weights.tolist() == [1.0, 1.0, 0.0]
    assert strata.total is None


def test_one_known_margin_is_met_alone() -> None:
    lands = ["a"] * 5 + ["b"] * 5
    strata = make_strata(lands, [1] * 10, land_totals={"a": 30, "b": 10})
    found = strata_weights(strata, present=np.ones(10, dtype=bool))
    assert found.weights.tolist() == pytest.approx([1.5] * 5 + [0.5] * 5)
    assert strata.total == 40


def test_nobody_took_part() -> None:
    strata = make_strata(["a"], [1], land_totals={"a": 1}, size_totals={"7": 1})
    assert strata_weights(strata, present=np.array([False])).weights.tolist() == [0.0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"populations": [1, -5]}, "negative"),
        ({"populations": [1, float("nan")]}, "not a number"),
        ({"populations": [1]}, "lengths differ"),
        ({"size_classes": ["7"]}, "lengths differ"),
        ({"land_totals": {"a": 1}}, "2 participants in Land 'a'"),
        ({"land_totals": {"b": 9}}, "the whole has 0"),
        ({"land_totals": {"a": 9, "b": -1}}, "negative"),
        ({"land_totals": {"a": 9}, "size_totals": {"7": 8}}, "9 municipalities by Land, but 8"),
    ],
)
def test_impossible_strata_are_refused(changes: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"lands": ["a", "a"], "populations": [1, 2], **changes}
    with pytest.raises(ValueError, match=message):
        make_strata(**arguments)  # type: ignore[arg-type]


def test_flags_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 flags for 1"):
        strata_weights(make_strata(["a"], [1]), present=np.array([True, True]))
