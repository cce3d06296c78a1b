"""Votes with known structure, and real ones."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from allmende.algorithms.opinion.examination import shuffle_votes
from allmende.algorithms.opinion.positions import VoteMatrix
from allmende.algorithms.opinion.votes import Votes, votes_from_codes
from allmende.formats.polis_export import read_polis_export

Planted = tuple[Votes, NDArray[np.int64]]


def _names(count: int) -> NDArray[np.str_]:
    return np.array([f"{index:05d}" for index in range(count)], dtype=np.str_)


@pytest.fixture(scope="session")
def planted() -> Callable[..., Planted]:
    """Votes of k groups that differ by ``contrast`` on each statement, and who belongs where."""

    def make(
        *,
        participants: int = 200,
        statements: int = 40,
        groups: int = 2,
        fill: float = 0.5,
        contrast: float = 1.0,
        seed: int = 0,
    ) -> Planted:
        random = np.random.default_rng(seed)
        group = np.arange(participants) % groups
        rows, columns = np.nonzero(random.random((participants, statements)) < fill)
        centres = random.normal(0, contrast, (groups, statements))
        popular = random.normal(0.3, 0.7, statements)
        latent = popular[columns] + centres[group[rows], columns] + random.normal(size=len(rows))
        values = np.where(latent > 0.3, 1, np.where(latent < -0.3, -1, 0))
        votes = votes_from_codes(
            participants=_names(participants),
            statements=_names(statements),
            rows=rows,
            columns=columns,
            values=values,
        )
        return votes, group

    return make


@pytest.fixture(scope="session")
def grid() -> Callable[[NDArray[np.int64]], Votes]:
    """Votes from a table of participants by statements; 9 where there is none."""

    def make(table: NDArray[np.int64]) -> Votes:
        rows, columns = np.nonzero(table != 9)
        return votes_from_codes(
            participants=_names(table.shape[0]),
            statements=_names(table.shape[1]),
            rows=rows,
            columns=columns,
            values=table[rows, columns],
        )

    return make


@pytest.fixture(scope="session")
def shuffled() -> Callable[[Votes, int], Votes]:
    """The same votes dealt out anew within each statement."""

    def make(votes: Votes, seed: int) -> Votes:
        other = shuffle_votes(VoteMatrix(votes), random=np.random.default_rng(seed))
        return replace(votes, values=other.values.astype(np.int8))

    return make


@pytest.fixture(scope="session")
def conversation(shared_data: Path) -> Callable[[str], Planted]:
    """A real conversation without rejected statements, and the groups that Polis had published."""

    def read(name: str) -> Planted:
        export = read_polis_export(shared_data / "votes" / name)
        rejected = [s.id for s in export.statements if s.moderation == -1]
        kept = ~np.isin(export.comments[export.comment], rejected)
        used, columns = np.unique(export.comment[kept], return_inverse=True)
        votes = votes_from_codes(
            participants=export.voters,
            statements=export.comments[used],
            rows=export.voter[kept],
            columns=columns,
            values=export.vote[kept],
            times=None if export.timestamp is None else export.timestamp[kept],
        )
        published = [export.published_groups.get(name, "-1") for name in votes.participants]
        return votes, np.array([int(float(group)) for group in published])

    return read


@pytest.fixture(scope="session")
def rand_index() -> Callable[[NDArray[np.int64], NDArray[np.int64]], float]:
    """Adjusted Rand index (Hubert and Arabie 1985)."""

    def pairs(counts: NDArray[np.int64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    def compare(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
        one, two = (np.unique(labels, return_inverse=True)[1] for labels in (first, second))
        table = np.zeros((one.max() + 1, two.max() + 1), dtype=np.int64)
        np.add.at(table, (one, two), 1)
        rows, columns = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
        expected = rows * columns / pairs(np.array([len(one)]))
        most = (rows + columns) / 2
        return 1.0 if most == expected else (pairs(table) - expected) / (most - expected)

    return compare
