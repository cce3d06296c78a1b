"""Read a log of votes from a CSV file, quickly where it is plain and carefully where it is not.

Columns of whole numbers are read in blocks without building a Python object for each cell, which
is quicker than :mod:`csv` is in merely splitting the rows. From the first block on that is anything
but plain digits, rows go through :mod:`csv`, one by one, and every error is reported with its line.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allmende.formats.csv_rows import (
    LONGEST_LINE,
    check_width,
    decode_line,
    delimiter_of,
    find_columns,
    lines_of,
    open_regular,
    split_rows,
)
from allmende.formats.errors import FormatError

MOST_BYTES = 4_000_000_000
# The last millisecond of the year 9999.
LATEST = 253_402_300_799_999
MOST_VOTES = 20_000_000
BLOCK = 1 << 20
REQUIRED = ("voter-id", "comment-id", "vote")
OPTIONAL = ("timestamp", "datetime", "important", "xid")
VOTE_OF = {"-1": -1, "0": 0, "1": 1, "+1": 1}


@dataclass(frozen=True)
class VoteLog:
    """Votes in the order of the file.

    voters, comments : (P,), (S,) str, sorted as text and unique
    voter, comment : (N,) int32, positions in ``voters`` and ``comments``
    vote : (N,) int8, each +1, 0 or -1
    timestamp : (N,) int64, milliseconds since 1970, or None
    """

    voters: NDArray[np.str_]
    comments: NDArray[np.str_]
    voter: NDArray[np.int32]
    comment: NDArray[np.int32]
    vote: NDArray[np.int8]
    timestamp: NDArray[np.int64] | None


class VoteCollector:
    """Votes read one by one, with identifiers as text."""

    def __init__(self, *, file: str, most_votes: int, already: int = 0) -> None:
        self.file = file
        self.already = already
        self.most_votes = most_votes
        self.voters: dict[str, int] = {}
        self.comments: dict[str, int] = {}
        self.voter, self.comment = array("q"), array("q")
        self.vote, self.times = array("b"), array("q")

    def add(self, who: str, what: str, value: str, *, column: str, line: int) -> None:
        """Check and keep one vote.

        Raises
        ------
        FormatError
            If an identifier is empty, the vote is not 1, 0 or -1, or there are too many votes.
        """
        if not who or not what:
            name = "comment-id" if who else "voter-id"
            raise FormatError(f"In der Spalte „{name}“ fehlt der Wert.", file=self.file, line=line)
        if value not in VOTE_OF:
            raise FormatError(
                f"In der Spalte „{column}“ steht „{value[:40]}“. Erlaubt sind nur 1 (stimme zu), "
                "-1 (lehne ab) und 0 (übergehe).",
                file=self.file,
                line=line,
            )
        self.voter.append(self.voters.setdefault(who, len(self.voters)))
        self.comment.append(self.comments.setdefault(what, len(self.comments)))
        self.vote.append(VOTE_OF[value])
        if self.already + len(self.vote) > self.most_votes:
            raise _too_many(self.file, line, self.most_votes)

    def log(
        self, *, before: Sequence[NDArray[np.int64]] | None = None, with_times: bool = False
    ) -> VoteLog:
        """All votes, first those ``before`` (voter, comment, vote, time) that were read in blocks.

        Raises
        ------
        FormatError
            If there is not a single vote.
        """
        voter, comment, vote, times = before or [np.zeros(0, dtype=np.int64)] * 4
        if len(vote) + len(self.vote) == 0:
            raise FormatError("Die Datei enthält keine einzige Stimme.", file=self.file)
        who, voters = _identifiers(voter, self.voters, self.voter)
        what, comments = _identifiers(comment, self.comments, self.comment)
        return VoteLog(
            voters=who,
            comments=what,
            voter=voters,
            comment=comments,
            vote=np.append(vote.astype(np.int8), np.array(self.vote, dtype=np.int8)),
            timestamp=in_milliseconds(np.append(times, np.array(self.times, dtype=np.int64)))
            if with_times
            else None,
        )


@dataclass(frozen=True)
class _Layout:
    """Where the wanted columns (voter, comment, vote and perhaps time) stand among ``width``."""

    delimiter: str
    columns: tuple[int, ...]
    width: int


def read_vote_log(path: Path, *, most_votes: int = MOST_VOTES) -> VoteLog:
    """Read a file of votes.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8, separated by commas or semicolons, with the columns ``voter-id``,
        ``comment-id``, ``vote`` and optionally ``timestamp``, in any order.
    most_votes : int
        A longer log is refused.

    Raises
    ------
    FormatError
        If something is missing or broken; the German message names file and line.
    """
    file = path.name
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        header = decode_line(stream.readline(LONGEST_LINE), file=file, line=1)
        delimiter = delimiter_of(header)
        names = next(split_rows(iter([header]), file=file, delimiter=delimiter), (1, [""]))[1]
        columns = find_columns(names, required=REQUIRED, optional=OPTIONAL, file=file)
        wanted = tuple(columns[name] for name in (*REQUIRED, "timestamp") if name in columns)
        layout = _Layout(delimiter, wanted, len(names))
        _refuse_early(stream, path.stat().st_size, file=file, most_votes=most_votes)
        plain, line = _read_blocks(stream, layout, file=file, most_votes=most_votes)
        collector = VoteCollector(file=file, most_votes=most_votes, already=len(plain[0]))
        _read_rows(stream, layout, collector, first_line=line)
    return collector.log(before=plain, with_times="timestamp" in columns)


def in_milliseconds(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Times since 1970 in milliseconds; a log whose largest time is below 10^11 counts in seconds.

    Polis itself writes milliseconds, some of its exports seconds; 10^11 seconds is the year 5138.

    >>> in_milliseconds(np.array([1_567_382_954])).tolist()
    [1567382954000]
    """
    return times * 1000 if len(times) and times.max() < 10**11 else times


def time_of(text: str, *, column: str, file: str, line: int) -> int:
    """The time that a cell holds, as a number of seconds or milliseconds since 1970.

    Raises
    ------
    FormatError
        If it holds anything else, or a time before 1970 or after the year 9999.
    """
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise FormatError(
            f"In der Spalte „{column}“ steht „{text[:40]}“; hier muss eine ganze Zahl stehen.",
            file=file,
            line=line,
        )
    number = int(text)
    if not 0 <= number <= LATEST:
        raise FormatError(
            f"In der Spalte „{column}“ steht „{text}“; das ist keine Zeit zwischen 1970 und 9999.",
            file=file,
            line=line,
        )
    return number


def _too_many(file: str, line: int, most_votes: int) -> FormatError:
    most = f"{most_votes:,}".replace(",", ".")
    return FormatError(
        f"Die Datei hat mehr als {most} Stimmen. Bitte aufteilen oder kürzen.", file=file, line=line
    )


def _refuse_early(stream: BufferedReader, size: int, *, file: str, most_votes: int) -> None:
    """Judge a large file by its first block, so that nobody waits minutes for a refusal."""
    if size <= 10 * BLOCK:
        return
    start = stream.tell()
    sample = stream.read(BLOCK)
    stream.seek(start)
    about = size * sample.count(b"\n") / len(sample)
    if about > 1.25 * most_votes:
        million = f"{about / 1e6:,.0f}".replace(",", ".")
        raise FormatError(
            f"Die Datei hat etwa {million} Millionen Zeilen; erlaubt sind "
            f"{most_votes / 1e6:.0f} Millionen Stimmen. Bitte aufteilen oder kürzen.",
            file=file,
        )


def _read_blocks(
    stream: BufferedReader, layout: _Layout, *, file: str, most_votes: int
) -> tuple[list[NDArray[np.int64]], int]:
    """Read blocks of rows as long as all wanted cells are plain whole numbers.

    Leaves the stream at the first row that is not read, and returns that row's line number.
    """
    parts: list[list[NDArray[np.int64]]] = [[np.zeros(0, dtype=np.int64)] for _ in range(4)]
    line, votes = 2, 0
    while True:
        start = stream.tell()
        block = stream.read(BLOCK)
        cut = block.rfind(b"\n") + 1
        columns = _parse_block(block[:cut], layout) if cut else None
        if columns is None:
            stream.seek(start)
            return [np.concatenate(part) for part in parts], line
        stream.seek(start + cut)
        line += len(columns[0])
        votes += len(columns[0])
        if votes > most_votes:
            raise _too_many(file, line, most_votes)
        for part, column in zip(parts, columns, strict=False):
            part.append(column)


def _parse_block(block: bytes, layout: _Layout) -> list[NDArray[np.int64]] | None:
    """Whole numbers of the wanted columns, or None if anything needs a closer look."""
    if b'"' in block or b"\0" in block:
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    characters = np.frombuffer(block, dtype=np.uint8)
    ends_row = characters == ord("\n")
    separators = np.flatnonzero(ends_row | (characters == ord(layout.delimiter)))
    if len(separators) % layout.width:
        return None
    ends = separators.reshape(-1, layout.width)
    if np.count_nonzero(ends_row) != len(ends) or not ends_row.take(ends[:, -1]).all():
        return None
    columns = []
    for position, column in enumerate(layout.columns):
        end = ends[:, column].copy()
        start = ends[:, column - 1] + 1 if column else np.append(0, ends[:-1, -1] + 1)
        numbers = _parse_numbers(characters, start, end, may_be_negative=position == 2)
        if numbers is None or (position == 2 and (np.abs(numbers) > 1).any()):
            return None
        if position == 3 and (numbers > LATEST).any():
            return None
        columns.append(numbers)
    return columns


def _parse_numbers(
    characters: NDArray[np.uint8],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    *,
    may_be_negative: bool,
) -> NDArray[np.int64] | None:
    """Decimal numbers between the given positions; None if one is written in another way.

    A leading zero is another way: as an official key, 01001000 is not 1001000.
    """
    if may_be_negative:
        negative = characters.take(start) == ord("-")
        start = start + negative
    length = end - start
    shortest, longest = int(length.min()), int(length.max())
    if shortest < 1 or longest > 18:
        return None
    numbers = np.zeros(len(start), dtype=np.int64)
    for offset in range(longest):
        longer = None if offset < shortest else np.flatnonzero(length > offset)
        digit = characters[offset:].take(start if longer is None else start[longer])
        digit -= ord("0")
        if digit.max() > 9 or (offset == 0 and ((digit == 0) & (length > 1)).any()):
            return None
        if longer is None:
            numbers *= 10
            numbers += digit
        else:
            numbers[longer] = numbers[longer] * 10 + digit
    if may_be_negative:
        np.negative(numbers, out=numbers, where=negative)
    return numbers


def _read_rows(
    stream: BufferedReader, layout: _Layout, collector: VoteCollector, *, first_line: int
) -> None:
    """Read the remaining rows one by one, checking every cell."""
    file = collector.file
    lines = lines_of(stream, file=file, first_line=first_line)
    rows = split_rows(lines, file=file, delimiter=layout.delimiter, first_line=first_line)
    for line, cells in rows:
        check_width(cells, layout.width, file=file, line=line)
        who, what, value, *time = (cells[position] for position in layout.columns)
        collector.add(who, what, value, column="vote", line=line)
        if time:
            collector.times.append(time_of(time[0], column="timestamp", file=file, line=line))


def _identifiers(
    plain: NDArray[np.int64], others: dict[str, int], other: "array[int]"
) -> tuple[NDArray[np.str_], NDArray[np.int32]]:
    """Sorted unique identifiers, and for each row of the log the position of its own."""
    if len(plain) and plain.max() < 4 * len(plain) + 1_000_000:
        seen = np.zeros(plain.max() + 1, dtype=np.bool_)
        seen[plain] = True
        numbers = np.flatnonzero(seen)
        table = np.zeros(len(seen), dtype=np.int64)
        table[numbers] = np.arange(len(numbers))
        codes = table[plain]
    else:
        numbers, codes = np.unique(plain, return_inverse=True)
    names = [str(number) for number in numbers.tolist()]
    labels, positions = np.unique(np.array([*names, *others], dtype=np.str_), return_inverse=True)
    later = np.array(other, dtype=np.int64)
    return labels, np.append(positions[: len(names)][codes], positions[len(names) :][later]).astype(
        np.int32
    )
