"""Votes as arrays: the form in which every other module of this package takes them.

A vote is +1 (agree), -1 (disagree) or 0 (pass). Missing is not a value: a pair of participant and
statement without a vote simply has no entry.

>>> votes = votes_from_log(["b", "a", "b"], ["s1", "s1", "s1"], [1, -1, 0])
>>> votes.participants.tolist(), votes.rows.tolist(), votes.values.tolist()
(['a', 'b'], [0, 1], [-1, 0])
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

AGREE, PASS, DISAGREE = 1, 0, -1


@dataclass(frozen=True)
class Votes:
    """One vote for each pair of participant and statement, sorted by participant, then statement.

    participants : (P,) str, sorted and unique; also those without any vote, if any
    statements : (S,) str, sorted and unique
    rows, columns : (V,) int32, positions in ``participants`` and ``statements``
    values : (V,) int8, each +1, 0 or -1
    """

    participants: NDArray[np.str_]
    statements: NDArray[np.str_]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of participants and of statements."""
        return len(self.participants), len(self.statements)


def votes_from_log(
    participants: Sequence[str] | NDArray[np.str_],
    statements: Sequence[str] | NDArray[np.str_],
    values: ArrayLike,
    times: ArrayLike | None = None,
) -> Votes:
    """Reduce a log of votes to the last vote of each pair, in an order that the log's cannot change.

    Parameters
    ----------
    participants, statements : (N,) str
        Who voted on what. Identifiers are compared as text.
    values : (N,) int
        +1, 0 or -1.
    times : (N,) float, optional
        When; ties and missing times are broken by the position in the log.

    Returns
    -------
    Votes
        Participants and statements sorted as text, so that the same votes in another order of rows
        (with their times) give the same arrays.

    Raises
    ------
    ValueError
        If the lengths differ, or a value is not +1, 0 or -1.

    References
    ----------
    Last vote wins: Polis, math/src/polismath/math/conversation.clj.
    """
    who = np.asarray(participants, dtype=np.str_)
    what = np.asarray(statements, dtype=np.str_)
    vote = np.asarray(values)
    if not len(who) == len(what) == len(vote):
        raise ValueError(
            f"lengths differ: {len(who)} participants, {len(what)} statements, {len(vote)} votes"
        )
    if not np.isin(vote, (AGREE, PASS, DISAGREE)).all():
        raise ValueError("a vote is +1, 0 or -1")
    participant_ids, rows = np.unique(who, return_inverse=True)
    statement_ids, columns = np.unique(what, return_inverse=True)
    position = np.arange(len(vote))
    when = position if times is None else np.asarray(times)
    order = np.lexsort((position, when, columns, rows))
    pair = rows[order] * np.int64(max(len(statement_ids), 1)) + columns[order]
    last = np.append(pair[1:] != pair[:-1], True) if len(pair) else np.zeros(0, dtype=bool)
    kept = order[last]
    return Votes(
        participants=participant_ids,
        statements=statement_ids,
        rows=rows[kept].astype(np.int32),
        columns=columns[kept].astype(np.int32),
        values=vote[kept].astype(np.int8),
    )
