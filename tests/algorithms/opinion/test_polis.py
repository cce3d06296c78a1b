"""Mode ``polis`` against what Polis itself published, and on votes too few for it."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from allmende.algorithms.opinion.polis import (
    PolisResult,
    analyse_polis,
    include_participants,
    map_participants,
)
from allmende.algorithms.opinion.polis_lists import (
    consensus_statements,
    representative_statements,
)
from allmende.algorithms.opinion.polis_statements import (
    comment_priorities,
    count_group_votes,
    group_aware_consensus,
    one_proportion_test,
    two_proportions_test,
)
from allmende.algorithms.opinion.votes import Votes, votes_from_log

CONVERSATIONS = ["50-participants", "below-100", "biodiversity-2025"]


@dataclass(frozen=True)
class Published:
    """A conversation and Polis' own result; ``blob`` counts agree as -1, the votes here as +1."""

    blob: dict[str, Any]
    votes: Votes
    groups: NDArray[np.int64]
    joining: NDArray[np.intp]

    def statement(self, identifier: int | str) -> int:
        return int(np.flatnonzero(self.votes.statements == str(identifier))[0])

    def marked(self, name: str) -> NDArray[np.bool_]:
        return np.isin(self.votes.statements, [str(tid) for tid in self.blob[name]])

    def by_statement(self, name: str) -> NDArray[np.float64]:
        return np.array([self.blob[name][tid] for tid in self.votes.statements.tolist()])

    def of_pca(self, name: str) -> NDArray[np.float64]:
        place = {str(tid): index for index, tid in enumerate(self.blob["tids"])}
        chosen = [place[tid] for tid in self.votes.statements.tolist()]
        return np.array(self.blob["pca"][name])[..., chosen]


def read_published(folder: Path) -> Published:
    blob = json.loads(next(folder.glob("math*.json")).read_text())
    if (folder / "votes.csv").exists():
        with (folder / "votes.csv").open(newline="") as file:
            log = [
                (row["voter-id"], row["comment-id"], row["vote"], row["timestamp"])
                for row in csv.DictReader(file)
            ]
    else:
        log = [
            (
                str(row.get("pid", row.get("participant_id"))),
                str(row.get("tid", row.get("statement_id"))),
                row["vote"],
                row["modified"],
            )
            for row in json.loads((folder / "votes.json").read_text())
        ]
    who, what, vote, time = (list(column) for column in zip(*log, strict=True))
    times = np.array(time, dtype=float)
    votes = votes_from_log(who, what, np.array(vote, dtype=int), times)
    base = dict(zip(blob["base-clusters"]["id"], blob["base-clusters"]["members"], strict=True))
    group = {
        str(person): number
        for number, cluster in enumerate(blob["group-clusters"])
        for member in cluster["members"]
        for person in base[member]
    }
    joined = {who[row]: rank for rank, row in reversed(list(enumerate(np.argsort(times))))}
    people = votes.participants.tolist()
    return Published(
        blob=blob,
        votes=votes,
        groups=np.array([group.get(person, -1) for person in people]),
        joining=np.argsort([joined[person] for person in people]),
    )


@pytest.fixture(scope="module", params=CONVERSATIONS)
def published(request: pytest.FixtureRequest, shared_data: Path) -> Published:
    return read_published(shared_data / "votes" / "polis-results" / request.param)


@pytest.mark.shared
def test_group_votes_equal(published: Published) -> None:
    counts = count_group_votes(published.votes, published.groups)
    for number, cluster in enumerate(published.blob["group-clusters"]):
        theirs = published.blob["group-votes"][str(cluster["id"])]
        assert counts.members[number] == theirs["n-members"]
        assert {
            tid: (counts.agrees[at], counts.disagrees[at], counts.votes[at])
            for tid in theirs["votes"]
            for at in [(number, published.statement(tid))]
        } == {tid: (cell["A"], cell["D"], cell["S"]) for tid, cell in theirs["votes"].items()}


@pytest.mark.shared
def test_representative_statements_equal(published: Published) -> None:
    counts = count_group_votes(published.votes, published.groups)
    lists = representative_statements(counts, moderated_out=published.marked("mod-out"))
    for cluster, ours in zip(published.blob["group-clusters"], lists, strict=True):
        theirs = published.blob["repness"][str(cluster["id"])]
        assert [
            (
                published.votes.statements[entry.statement],
                entry.direction,
                entry.successes,
                entry.trials,
                entry.best_agree,
            )
            for entry in ours
        ] == [
            (
                str(entry["tid"]),
                entry["repful-for"],
                entry["n-success"],
                entry["n-trials"],
                entry.get("best-agree", False),
            )
            for entry in theirs
        ]
        np.testing.assert_allclose(
            [(entry.p, entry.p_test, entry.r, entry.r_test) for entry in ours],
            [
                (row["p-success"], row["p-test"], row["repness"], row["repness-test"])
                for row in theirs
            ],
            atol=1e-6,
            rtol=0,
        )


@pytest.mark.shared
def test_consensus_equal(published: Published) -> None:
    ours = consensus_statements(published.votes, moderated_out=published.marked("mod-out"))
    theirs = [
        (str(row["tid"]), direction, row["n-success"], row["n-trials"])
        for direction in ("agree", "disagree")
        for row in published.blob["consensus"][direction]
    ]
    names = published.votes.statements
    assert theirs == [
        (names[row.statement], row.direction, row.successes, row.trials) for row in ours
    ]


@pytest.mark.shared
def test_group_aware_consensus_equal(published: Published) -> None:
    counts = count_group_votes(published.votes, published.groups)
    np.testing.assert_allclose(
        group_aware_consensus(counts),
        published.by_statement("group-aware-consensus"),
        atol=1e-12,
        rtol=0,
    )


@pytest.mark.shared
def test_priorities_equal_where_polis_computed_them(published: Published) -> None:
    """Where all are 49, Polis' routing was broken (its issue 2571)."""
    theirs = published.by_statement("comment-priorities")
    if (theirs == 49).all():
        return
    ours = comment_priorities(
        count_group_votes(published.votes, published.groups),
        published.of_pca("comment-extremity"),
        meta=published.marked("meta-tids"),
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-6, rtol=0)


def analysed(published: Published) -> PolisResult:
    return analyse_polis(
        published.votes,
        moderated_out=published.marked("mod-out"),
        meta=published.marked("meta-tids"),
        order=published.joining,
        included=published.groups >= 0,
    )


@pytest.mark.shared
def test_map_from_votes_alone(published: Published) -> None:
    """Centre and components of 50-participants are those of an earlier state of its votes."""
    result = analysed(published)
    stale = published.votes.shape == (51, 29)
    cosine = np.abs((published.of_pca("comps") * result.map.loadings.T).sum(axis=1))
    assert cosine.min() > (0.999 if stale else 1 - 1e-9)
    np.testing.assert_allclose(
        result.map.extremity,
        published.of_pca("comment-extremity"),
        atol=0.13 if stale else 1e-6,
        rtol=0,
    )


@pytest.mark.shared
def test_groups_from_votes_alone(published: Published) -> None:
    """Equal in two of three; in the third, Polis started from groups of an earlier state."""
    result = analysed(published)
    inside = published.groups >= 0
    pairs = set(zip(published.groups[inside], result.groups.groups[inside], strict=True))
    number = len(published.blob["group-clusters"])
    assert len(result.counts.members) == number
    if published.votes.shape != (536, 314):
        assert len(pairs) == number
    else:
        table = np.zeros((number, number))
        np.add.at(table, (published.groups[inside], result.groups.groups[inside]), 1)
        assert table.max(axis=1).sum() / table.sum() > 0.97


@pytest.mark.shared
def test_included_are_those_with_seven_votes_and_the_first_to_join(published: Published) -> None:
    """Polis also keeps a few early ones that it took in when there were fewer than 15."""
    ours = set(published.votes.participants[include_participants(published.votes)].tolist())
    theirs = {str(person) for person in published.blob["in-conv"]}
    assert ours <= theirs
    assert len(theirs - ours) <= 4


def test_counts_by_hand() -> None:
    votes = votes_from_log(["a", "b", "c", "d", "a"], ["x", "x", "x", "x", "y"], [1, -1, 0, 1, 1])
    counts = count_group_votes(votes, [0, 0, 1, -1])
    assert counts.members.tolist() == [2, 1]
    assert counts.agrees.tolist() == [[1, 1], [0, 0]]
    assert counts.disagrees.tolist() == [[1, 0], [0, 0]]
    assert counts.votes.tolist() == [[2, 1], [1, 0]]
    assert group_aware_consensus(counts).tolist() == pytest.approx([2 / 4 * 1 / 3, 2 / 3 * 1 / 2])


def test_priority_of_a_rejected_statement_is_tiny() -> None:
    """The figures of the reference: (1+E)² cancelled, 100 of 100 disagree gives 0.00009."""
    votes = votes_from_log([str(i) for i in range(100)], ["x"] * 100, [-1] * 100)
    priority = comment_priorities(count_group_votes(votes, np.zeros(100)), [0.0])
    assert priority[0] == pytest.approx(0.00009, abs=5e-6)


def test_tests_call_one_vote_of_one_significant() -> None:
    """Why the default mode does not use them."""
    assert float(one_proportion_test(1, 1)) == pytest.approx(2**0.5)
    assert float(two_proportions_test(1, 1, 1, 10)) == pytest.approx(2.306, abs=1e-3)
    assert float(two_proportions_test(4, 4, 3, 3)) == 0.0


LOG = st.lists(
    st.tuples(st.integers(0, 12).map(str), st.integers(0, 6).map(str), st.integers(-1, 1)),
    min_size=1,
    max_size=60,
)


@settings(deadline=None, max_examples=60)
@given(LOG, st.integers(0, 5))
def test_small_votes_give_a_finite_result_in_any_row_order(
    log: list[tuple[str, str, int]], seed: int
) -> None:
    last = {(who, what): vote for who, what, vote in log}
    rows = [(*pair, vote) for pair, vote in last.items()]
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    first, second = (
        analyse_polis(votes_from_log(*(list(column) for column in zip(*some, strict=True))))
        for some in (rows, shuffled)
    )
    assert np.isfinite(first.map.positions).all()
    assert np.isfinite(first.priorities).all()
    assert (first.groups.groups[first.included] >= 0).all()
    assert np.array_equal(first.map.positions, second.map.positions)
    assert np.array_equal(first.groups.groups, second.groups.groups)
    assert first.representative == second.representative


def test_two_camps_are_two_groups() -> None:
    random = np.random.default_rng(4)
    camp = np.repeat([1, -1], [40, 25])
    votes = np.where(random.random((65, 20)) < 0.9, camp[:, None], -camp[:, None])
    votes[:, ::2] *= -1
    who, what = np.indices(votes.shape)
    log = votes_from_log(who.ravel().astype(str), what.ravel().astype(str), votes.ravel())
    result = analyse_polis(log)
    groups = result.groups.groups
    assert sorted(result.counts.members.tolist()) == [25, 40]
    side = camp[[int(person) for person in log.participants]]
    assert len(set(zip(groups.tolist(), side.tolist(), strict=True))) == 2


def test_moderated_columns_count_as_voted_by_all() -> None:
    """z = sqrt(S/n) with S and n counting the column that was set to zero for everybody."""
    votes = votes_from_log(["a", "a", "b", "b", "c"], ["x", "y", "x", "y", "x"], [1, 1, -1, -1, 1])
    shown = map_participants(votes, moderated_out=[False, True])
    assert shown.loadings.tolist() == [[1.0, 0.0], [0.0, 0.0]]
    assert shown.positions[2, 0] == pytest.approx(np.sqrt(2 / 2) * (1 - 1 / 3))


def test_wrong_input_is_refused() -> None:
    votes = votes_from_log(["a"], ["x"], [1])
    with pytest.raises(ValueError, match="there is no vote"):
        analyse_polis(votes_from_log([], [], []))
    with pytest.raises(ValueError, match="2 marks for 1 statements"):
        analyse_polis(votes, moderated_out=[0, 1])
    with pytest.raises(ValueError, match="2 groups for 1 participants"):
        count_group_votes(votes, [0, 1])
    with pytest.raises(ValueError, match="more successes"):
        one_proportion_test(3, 1)
