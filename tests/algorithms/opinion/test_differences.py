"""Differences of groups are findings only where they are real."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from allmende.algorithms.opinion.clusters import cluster
from allmende.algorithms.opinion.differences import deal_statements, find_differences
from allmende.algorithms.opinion.intervals import discoveries, share_difference
from allmende.algorithms.opinion.positions import VoteMatrix, fit_map
from allmende.algorithms.opinion.tallies import weighted_shares
from allmende.algorithms.opinion.votes import Votes

Labels = NDArray[np.int64]
Planted = Callable[..., tuple[Votes, Labels]]
Conversation = Callable[[str], tuple[Votes, Labels]]
Shuffled = Callable[[Votes, int], Votes]


def split(votes: Votes) -> Labels:
    """Two groups as k-means finds them in all votes, there or not."""
    space = fit_map(VoteMatrix(votes), weights=np.ones(votes.shape[0]))
    labels = cluster(space.positions, weights=np.ones(votes.shape[0]), counts=(2,), seed=0)
    return labels[2].labels


def test_shuffled_votes_give_few_findings(planted: Planted, shuffled: Shuffled) -> None:
    """The bar: at most 5 % false positives; and p-values are what they say."""
    votes, _ = planted(participants=400, statements=60, fill=0.6, contrast=1.5)
    weights = np.exp(np.random.default_rng(0).normal(0, 0.4, 400))
    p_values, found = [], []
    for run in range(25):
        dealt = shuffled(votes, run)
        result = find_differences(dealt, weights=weights, labels=split(dealt), count=2, seed=run)
        p_values.append(result.agree.p_value[result.tested])
        found.append(result.agree.found[result.tested] | result.disagree.found[result.tested])
    assert sum(map(len, p_values)) > 500
    assert np.mean(np.concatenate(found)) <= 0.05
    assert np.mean(np.concatenate(p_values) < 0.05) == pytest.approx(0.05, abs=0.02)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", ["brexit-consensus", "scoop-hivemind.biodiversity"])
def test_shuffled_real_votes_give_few_findings(
    conversation: Conversation, shuffled: Shuffled, name: str
) -> None:
    """Testing the votes that made the groups passes the same tests many times as often."""
    votes, _ = conversation(name)
    ones = np.ones(votes.shape[0])
    honest, circular = [], []
    for run in range(10):
        dealt = shuffled(votes, run)
        labels = split(dealt)
        result = find_differences(dealt, weights=ones, labels=labels, count=2, seed=run)
        honest.append(result.agree.found[result.tested])
        inside, outside = (
            weighted_shares(dealt, weights=ones, cells=np.where(labels == side, 0, -1))
            for side in (0, 1)
        )
        tested = (inside.answers >= 20) & (outside.answers >= 20)
        p_value = share_difference(
            inside.agree, inside.effective, outside.agree, outside.effective
        ).p_value
        circular.append(discoveries(p_value[tested]))
    assert np.mean(np.concatenate(honest)) <= 0.05
    assert np.mean(np.concatenate(circular)) > 0.05


def test_real_differences_are_found_with_their_size(planted: Planted) -> None:
    votes, truth = planted(participants=600, statements=60, contrast=1.5)
    result = find_differences(votes, weights=np.ones(600), labels=truth, count=2, seed=0)
    assert result.tested.all()
    direct = [
        weighted_shares(votes, weights=np.ones(600), cells=np.where(truth == side, 0, -1)).agree[0]
        for side in (0, 1)
    ]
    apart = direct[0] - direct[1]
    assert np.mean((result.agree.low[0] <= apart) & (apart <= result.agree.high[0])) > 0.9
    assert result.agree.found[0][np.abs(apart) > 0.3].all()
    assert result.agree.value[0] == pytest.approx(-result.agree.value[1])


def test_each_half_is_tested_with_groups_of_the_other(planted: Planted) -> None:
    """Changing votes of one half changes no group used for that half."""
    votes, truth = planted(contrast=1.5)
    before = find_differences(votes, weights=np.ones(200), labels=truth, count=2, seed=3)
    touched = (before.half[votes.columns] == 0) & (votes.columns % 3 == 0)
    changed = Votes(
        votes.participants,
        votes.statements,
        votes.rows,
        votes.columns,
        np.where(touched, -votes.values, votes.values).astype(np.int8),
    )
    after = find_differences(changed, weights=np.ones(200), labels=truth, count=2, seed=3)
    assert after.labels[0].tolist() == before.labels[0].tolist()


def test_too_few_answers_are_not_tested(planted: Planted) -> None:
    votes, truth = planted(participants=60, statements=30, fill=0.5, contrast=1.5)
    result = find_differences(votes, weights=np.ones(60), labels=truth, count=2, seed=0)
    assert not result.tested.all()
    assert np.isnan(result.agree.value[~result.tested]).all()
    assert not result.agree.found[~result.tested].any()
    assert (result.agree.p_value[~result.tested] == 1).all()


def test_halves_have_about_the_same_number_of_votes(planted: Planted) -> None:
    votes, _ = planted(statements=41)
    for seed in range(10):
        half = deal_statements(votes, random=np.random.default_rng(seed))
        sizes = np.bincount(half[votes.columns], minlength=2)
        assert abs(int((half == 0).sum()) - int((half == 1).sum())) == 1
        assert abs(int(sizes[0]) - int(sizes[1])) < 0.06 * sizes.sum()


def test_one_statement_leaves_nothing_to_compare(planted: Planted) -> None:
    votes, truth = planted(statements=1, fill=1.0)
    result = find_differences(votes, weights=np.ones(200), labels=truth, count=2, seed=0)
    assert not result.tested.any()


def test_impossible_groups_are_refused(planted: Planted) -> None:
    votes, truth = planted()
    with pytest.raises(ValueError, match="1 groups"):
        find_differences(votes, weights=np.ones(200), labels=truth, count=1, seed=0)
    with pytest.raises(ValueError, match="3 labels"):
        find_differences(votes, weights=np.ones(200), labels=truth[:3], count=2, seed=0)
