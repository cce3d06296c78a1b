"""Read the export of a Polis conversation: a folder, or a lone ``votes.csv``.

A folder holds ``votes.csv`` (``voter-id, comment-id, vote``, optional ``timestamp``), and if it is
a whole export ``comments.csv`` (texts and moderation), ``summary.csv`` (topic, description) and
``participants-votes.csv`` (the matrix, and the group that Polis assigned). Agree is +1, disagree
-1, pass 0. ``votes.csv`` is a log: a pair of voter and comment can occur several times, and the
last vote counts; this reader keeps the log as it is.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from allmende.formats.csv_rows import (
    check_width,
    find_columns,
    lines_of,
    open_regular,
    read_table,
    split_rows,
)
from allmende.formats.errors import FormatError
from allmende.formats.vote_log import (
    MOST_BYTES,
    MOST_VOTES,
    VOTE_OF,
    VoteCollector,
    VoteLog,
    in_milliseconds,
    read_vote_log,
    time_of,
)

MOST_TEXT_BYTES = 200_000_000
NOTICES = ("NOTICE.md", "NOTICE.txt", "LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE.txt")


@dataclass(frozen=True)
class ExportedStatement:
    """One row of ``comments.csv``.

    ``moderation`` is 1 accepted, 0 not yet decided, -1 rejected; ``created`` counts milliseconds
    since 1970, or is None if the file has no such column.
    """

    id: str
    text: str
    author: str
    moderation: int
    created: int | None
    is_meta: bool = False


@dataclass(frozen=True)
class PolisExport(VoteLog):
    """An exported conversation: its log of votes and what else the folder tells.

    name : of the folder or file
    statements : texts in the order of ``comments.csv``; empty for a lone file of votes
    notice : text of the NOTICE or LICENSE file beside the data
    published_groups : group that Polis assigned, by voter
    sha256 : of the file of votes, to trace a result to its input
    """

    name: str
    sha256: str
    statements: tuple[ExportedStatement, ...] = ()
    topic: str = ""
    description: str = ""
    url: str = ""
    notice: str = ""
    published_groups: dict[str, str] = field(default_factory=dict)


def read_polis_export(path: Path, *, most_votes: int = MOST_VOTES) -> PolisExport:
    """Read a folder or a file of votes.

    Parameters
    ----------
    path : Path
        A folder with at least ``votes.csv`` or ``participants-votes.csv``, or a file of votes.
    most_votes : int
        A longer log is refused.

    Returns
    -------
    PolisExport
        The log as it stands in the file; :func:`allmende.algorithms.opinion.votes.votes_from_codes`
        reduces it to the last vote of each pair.

    Raises
    ------
    FormatError
        If something is missing or broken; the German message names file and line.
    """
    if not path.exists():
        raise FormatError("Diesen Ordner oder diese Datei gibt es nicht.", file=str(path))
    if not path.is_dir():
        log = read_vote_log(path, most_votes=most_votes)
        return PolisExport(**vars(log), name=path.stem, sha256=_digest(path))
    votes, matrix = path / "votes.csv", path / "participants-votes.csv"
    if not votes.exists() and not matrix.exists():
        raise FormatError(
            "Im Ordner fehlt die Datei „votes.csv“. Bitte den Ordner eines Polis-Exports angeben.",
            file=str(path),
        )
    if votes.exists():
        log = read_vote_log(votes, most_votes=most_votes)
    else:
        log = _read_matrix(matrix, most_votes=most_votes)
    summary = _read_summary(path / "summary.csv")
    return PolisExport(
        **vars(log),
        name=path.resolve().name,
        sha256=_digest(votes if votes.exists() else matrix),
        statements=_read_statements(path / "comments.csv"),
        topic=summary.get("topic", ""),
        description=summary.get("conversation-description", ""),
        url=summary.get("url", ""),
        notice=_read_notice(path),
        published_groups=_read_groups(matrix) if matrix.exists() else {},
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_matrix(path: Path, *, most_votes: int) -> VoteLog:
    """Votes of ``participants-votes.csv``: one row for each voter, one column for each comment."""
    file = path.name
    collector = VoteCollector(file=file, most_votes=most_votes)
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        rows = split_rows(lines_of(stream, file=file), file=file, delimiter=",")
        header = next(rows, (1, [""]))[1]
        find_columns(header, required=("participant",), optional=(), file=file, strict=False)
        comments = [(place, name) for place, name in enumerate(header) if name.isdigit()]
        who = header.index("participant")
        for line, cells in rows:
            check_width(cells, len(header), file=file, line=line)
            for place, name in comments:
                if cells[place]:
                    collector.add(cells[who], name, cells[place], column=name, line=line)
    return collector.log()


def _read_groups(path: Path) -> dict[str, str]:
    rows = read_table(
        path,
        required=("participant",),
        optional=("group-id",),
        most_bytes=MOST_BYTES,
        strict=False,
    )
    return {row["participant"]: row["group-id"] for _, row in rows if row.get("group-id")}


def _read_statements(path: Path) -> tuple[ExportedStatement, ...]:
    if not path.exists():
        return ()
    file = path.name
    statements: dict[str, ExportedStatement] = {}
    for line, row in read_table(
        path,
        required=("comment-id", "comment-body"),
        optional=("author-id", "moderated", "timestamp", "is-meta"),
        most_bytes=MOST_TEXT_BYTES,
        strict=False,
    ):
        moderated = row.get("moderated", "") or "0"
        if moderated not in VOTE_OF:
            raise FormatError(
                f"In der Spalte „moderated“ steht „{moderated[:40]}“. "
                "Erlaubt sind nur 1 (angenommen), 0 (offen) und -1 (abgelehnt).",
                file=file,
                line=line,
            )
        created = row.get("timestamp", "")
        statements[row["comment-id"]] = ExportedStatement(
            id=row["comment-id"],
            text=row["comment-body"],
            author=row.get("author-id", ""),
            moderation=VOTE_OF[moderated],
            created=_moment(created, file=file, line=line) if created else None,
            is_meta=row.get("is-meta", "").lower() in {"1", "true", "t"},
        )
    return tuple(statements.values())


def _moment(text: str, *, file: str, line: int) -> int:
    number = time_of(text, column="timestamp", file=file, line=line)
    return int(in_milliseconds(np.array([number]))[0])


def _read_summary(path: Path) -> dict[str, str]:
    if not path.exists() or path.stat().st_size == 0:
        return {}
    with open_regular(path, most_bytes=MOST_TEXT_BYTES) as stream:
        rows = split_rows(lines_of(stream, file=path.name), file=path.name, delimiter=",")
        return {cells[0]: cells[1] for _, cells in rows if len(cells) > 1}


def _read_notice(folder: Path) -> str:
    """Licence and attribution beside the data, or in the folder above in a file named NOTICE."""
    places = [folder / name for name in NOTICES]
    places += [folder.resolve().parent / name for name in NOTICES[:2]]
    for place in places:
        if place.is_file():
            return place.read_bytes()[:8000].decode("utf-8", errors="replace").strip()
    return ""
