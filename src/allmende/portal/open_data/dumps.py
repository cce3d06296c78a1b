"""The nightly dump: everything that is open data in one SQLite file, and as Parquet.

A dump is a folder under ``DATA_DIR/open-data`` whose name is the moment of its data. It is written aside and
gets its name in one step, so that nobody ever fetches half of one. All datasets are read in one transaction:
what refers to something finds it. In memory is never more than one batch of rows.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from allmende.formats.parquet import write_parquet

from ..offers import datasets
from ..tables import plain
from .model import Dataset, Kind

SQLITE = "allmende.sqlite"
SUMS = "sha256sums.txt"
MANIFEST = "manifest.json"
NAMES = "%Y%m%dT%H%M%S%fZ"
BATCH = 5_000
KEPT = timedelta(days=30)
AFFINITIES = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.NUMBER: "REAL",
    Kind.BOOLEAN: "INTEGER",
    Kind.DATE: "TEXT",
    Kind.MOMENT: "TEXT",
}

log = logging.getLogger(__name__)


class BusyError(Exception):
    """Another process writes a dump right now."""


@dataclass(frozen=True)
class File:
    """One file of a dump."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Dump:
    """A dump that is there: the moment of its data, rows by dataset, and its files by name."""

    name: str
    at: datetime
    rows: dict[str, int]
    files: dict[str, File]

    @property
    def sqlite(self) -> File:
        """All of it in one file."""
        return self.files[SQLITE]

    def path_of(self, file: File) -> Path:
        """Where a file lies."""
        return folder() / self.name / file.name


def folder() -> Path:
    """Where dumps lie."""
    return Path(settings.DATA_DIR) / "open-data"


def dumps() -> list[Dump]:
    """All that are there, newest first."""
    if not folder().is_dir():
        return []
    names = (path.name for path in folder().iterdir() if (path / MANIFEST).is_file())
    return [_read(str(folder()), name) for name in sorted(names, reverse=True) if name[0] != "."]


def newest() -> Dump | None:
    """The one that pages and stable addresses speak of."""
    return next(iter(dumps()), None)


@lru_cache(maxsize=64)
def _read(where: str, name: str) -> Dump:
    """A dump never changes."""
    found = json.loads(Path(where, name, MANIFEST).read_text())
    files = {each["name"]: File(**each) for each in found["files"]}
    return Dump(name, datetime.fromisoformat(found["at"]), found["rows"], files)


def make_dump() -> Dump:
    """Write a dump of now. Raises ``BusyError`` if another process does so."""
    folder().mkdir(parents=True, exist_ok=True)
    with _alone():
        now = timezone.now()
        name = now.astimezone(UTC).strftime(NAMES)
        aside = folder() / f".{name}"
        for left_over in folder().glob(".20*"):
            shutil.rmtree(left_over)
        aside.mkdir()
        try:
            rows = _write(aside, now)
            _describe(aside, now, rows)
            os.replace(aside, folder() / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    log.info("open data: dump %s with %s rows", name, sum(rows.values()))
    return _read(str(folder()), name)


def clear(before: datetime) -> int:
    """Remove dumps that are older, but never the newest; return how many."""
    old = [each for each in dumps()[1:] if each.at < before]
    for each in old:
        shutil.rmtree(folder() / each.name)
    return len(old)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process writes; the system lets go of the lock if that process dies."""
    with (folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database for all that is read within; nobody who writes has to wait for it."""
    if connection.in_atomic_block:  # somebody else's transaction is as good
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # ``atomic`` would take SQLite's one lock for writing (settings.SQLITE_OPTIONS).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _write(aside: Path, now: datetime) -> dict[str, int]:
    """Read everything into the SQLite file, then write Parquet from there; return rows by dataset."""
    found = datasets()
    with _file(aside / SQLITE) as file:
        _describe_in_sql(file, found.values(), now)
        with _snapshot():
            rows = {name: _copy(file, dataset) for name, dataset in found.items()}
        file.executemany(
            "UPDATE datasets SET rows = ? WHERE name = ?", [(n, k) for k, n in rows.items()]
        )
        file.commit()
        for dataset in found.values():
            _write_parquet(aside / f"{dataset.name}.parquet", file, dataset)
    return rows


@contextmanager
def _file(path: Path) -> Iterator[sqlite3.Connection]:
    """A new SQLite file; until it is done nobody reads it, so it needs no journal."""
    file = sqlite3.connect(path)
    try:
        file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        yield file
    finally:
        file.close()


def _describe_in_sql(file: sqlite3.Connection, found: Iterable[Dataset], now: datetime) -> None:
    """The tables, and two more that say what they mean."""
    file.execute(
        "CREATE TABLE datasets (name TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, "
        "licence TEXT NOT NULL, licence_url TEXT NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL, "
        "rows INTEGER)"
    )
    file.execute(
        "CREATE TABLE columns (dataset TEXT NOT NULL REFERENCES datasets (name), name TEXT NOT NULL, "
        "kind TEXT NOT NULL, meaning TEXT NOT NULL, PRIMARY KEY (dataset, name))"
    )
    for each in found:
        about = (each.name, str(each.title), str(each.description), str(each.licence.name))
        file.execute(
            "INSERT INTO datasets VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (*about, each.licence.url, str(each.source), plain(now)),
        )
        file.executemany(
            "INSERT INTO columns VALUES (?, ?, ?, ?)",
            [(each.name, c.name, str(c.kind), str(c.meaning)) for c in each.columns],
        )
        file.execute(f"CREATE TABLE {_quoted(each.name)} ({', '.join(_definitions(each))})")


def _definitions(dataset: Dataset) -> Iterator[str]:
    """The columns of a table, its key, and to what it refers."""
    for column in dataset.columns:
        yield f"{_quoted(column.name)} {AFFINITIES[column.kind]}"
    if keys := [_quoted(column.name) for column in dataset.columns if column.key]:
        yield f"PRIMARY KEY ({', '.join(keys)})"
    for column in dataset.columns:
        if column.refers_to:
            table, _, other = column.refers_to.partition(".")
            yield f"FOREIGN KEY ({_quoted(column.name)}) REFERENCES {_quoted(table)} ({_quoted(other)})"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _copy(file: sqlite3.Connection, dataset: Dataset) -> int:
    """Copy a dataset row by row; return how many."""
    places = ", ".join("?" * len(dataset.columns))
    cells = (tuple(map(plain, row)) for row in dataset.rows())
    return file.executemany(
        f"INSERT INTO {_quoted(dataset.name)} VALUES ({places})",  # noqa: S608  our own names
        cells,
    ).rowcount


def _write_parquet(path: Path, file: sqlite3.Connection, dataset: Dataset) -> None:
    # In the order in which they were written.
    rows = file.execute(f"SELECT * FROM {_quoted(dataset.name)} ORDER BY rowid")  # noqa: S608  our own names
    write_parquet(
        path,
        [(column.name, str(column.kind), str(column.meaning)) for column in dataset.columns],
        _batches(rows),
        about={"title": str(dataset.title), "licence": dataset.licence.url},
    )


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _describe(aside: Path, now: datetime, rows: dict[str, int]) -> None:
    """Checksums for people (``sha256sum -c``), and all that pages say of the dump."""
    files = [_file_at(path) for path in sorted(aside.iterdir())]
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    (aside / SUMS).write_text(sums)
    files.append(_file_at(aside / SUMS))
    manifest = {"at": now.isoformat(), "rows": rows, "files": [asdict(each) for each in files]}
    (aside / MANIFEST).write_text(json.dumps(manifest, indent=1))


def _file_at(path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.name, path.stat().st_size, digest)
