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
    """Reduce a log to the last vote of each pair, in an order that the log's cannot change.

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
    return votes_from_codes(
        participants=participant_ids,
        statements=statement_ids,
        rows=rows,
        columns=columns,
        values=vote,
        times=times,
    )


def votes_from_codes(
    *,
    participants: NDArray[np.str_],
    statements: NDArray[np.str_],
    rows: ArrayLike,
    columns: ArrayLike,
    values: ArrayLike,
    times: ArrayLike | None = None,
) -> Votes:
    """Reduce a log that already refers to participants and statements by position.

    Parameters
    ----------
    participants, statements : (P,), (S,) str
        Sorted as text and unique.
    rows, columns : (N,) int
        Positions of who voted and on what.
    values : (N,) int
        +1, 0 or -1.
    times : (N,) float, optional
        When; ties and missing times are broken by the position in the log.

    Returns
    -------
    Votes
        The last vote of each pair, sorted by participant, then statement.

    Raises
    ------
    ValueError
        If the lengths differ, or a value is not +1, 0 or -1.

    Notes
    -----
    Pair and position in the log are packed into one number, so that a plain sort of N numbers is
    enough; only pairs with several votes are looked at again.

    References
    ----------
    Last vote wins: Polis, math/src/polismath/math/conversation.clj.
    """
    row, column = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    vote = np.asarray(values)
    if not len(row) == len(column) == len(vote):
        raise ValueError(f"lengths differ: {len(row)}, {len(column)} and {len(vote)}")
    if ((vote != AGREE) & (vote != DISAGREE) & (vote != PASS)).any():
        raise ValueError("a vote is +1, 0 or -1")
    bits = max(len(vote), 1).bit_length()
    packed = np.sort(((row * max(len(statements), 1) + column) << bits) | np.arange(len(vote)))
    pair, order = packed >> bits, packed & ((1 << bits) - 1)
    last = np.append(pair[1:] != pair[:-1], True) if len(pair) else np.zeros(0, dtype=np.bool_)
    if times is not None and not last.all():
        again = np.flatnonzero(~last | np.append(False, ~last[:-1]))
        when = np.asarray(times)[order[again]]
        order[again] = order[again][np.lexsort((order[again], when, pair[again]))]
    kept = order[last]
    return Votes(
        participants=participants,
        statements=statements,
        rows=row[kept].astype(np.int32),
        columns=column[kept].astype(np.int32),
        values=vote[kept].astype(np.int8),
    )
