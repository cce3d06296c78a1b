"""Readers of the official registers of German municipalities.

`read_register` takes any of the files as they are published and tells by their content what they
are: the extract ``AuszugGV….xlsx``, the fixed-width ``GV100AD_….txt``, or a list of changes of
names and boundaries. `read_packages` takes the two npm packages that the demo lives on.

Keys: the regional key (ARS) has 12 digits, Land 2, Regierungsbezirk 1, Kreis 2, association 4,
municipality 3; the municipality key (AGS) is the same without the association.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from allmende.formats.errors import FormatError
from allmende.formats.municipalities import changes, extract, gv100ad
from allmende.formats.municipalities.checks import check_register
from allmende.formats.municipalities.packages import read_packages
from allmende.formats.municipalities.records import (
    KINDS,
    LAENDER,
    NO_ASSOCIATION,
    ChangeKind,
    ChangeRecord,
    Level,
    RegionRecord,
    Register,
    Source,
    split_key,
)
from allmende.formats.workbook import open_workbook, rows_of

__all__ = [
    "KINDS",
    "LAENDER",
    "NO_ASSOCIATION",
    "ChangeKind",
    "ChangeRecord",
    "Level",
    "RegionRecord",
    "Register",
    "Source",
    "read_packages",
    "read_register",
    "split_key",
]

T = TypeVar("T")
Progress = Callable[[int], None]
HEAD = 20
REPORT_EVERY = 500


def read_register(path: Path | str, *, progress: Progress | None = None) -> Register:
    """Read an official file, whatever its name.

    Parameters
    ----------
    path
        The file as published.
    progress
        Called now and then with the number of records read so far.

    Returns
    -------
    Register
        With ``regions`` (a complete register) or ``changes`` (a list of changes).

    Raises
    ------
    FormatError
        If it is none of the known files, damaged, cut off, or contradicts itself. The message is
        German and names sheet and line.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except FileNotFoundError:
        raise FormatError("Die Datei gibt es nicht.", file=path.name) from None
    except IsADirectoryError:
        raise FormatError("Das ist ein Ordner und keine Datei.", file=path.name) from None
    except OSError as error:
        raise FormatError(
            "Die Datei lässt sich nicht lesen; vermutlich fehlt die Berechtigung.", file=path.name
        ) from error
    if not start:
        raise FormatError("Die Datei ist leer.", file=path.name)
    if start.startswith(b"PK"):
        return _read_workbook(path, progress)
    if gv100ad.looks_like_gv100ad(start):
        return _read_gv100ad(path, progress)
    raise FormatError(
        "Die Datei ist kein bekanntes Gemeindeverzeichnis. Erwartet wird AuszugGV….xlsx, "
        "GV100AD….txt (in UTF-8) oder eine Liste der Namens- und Gebietsänderungen (.xlsx) von "
        "Destatis.",
        file=path.name,
    )


def _read_gv100ad(path: Path, progress: Progress | None) -> Register:
    regions = tuple(_counted(gv100ad.read_regions(path), progress))
    check_register(regions, file=path.name)
    return Register(
        source=Source.GV100AD,
        file=path.name,
        sha256=_sha256(path),
        attribution=extract.ATTRIBUTION,
        status_date=regions[0].status_date,
        regions=regions,
    )


def _read_workbook(path: Path, progress: Progress | None) -> Register:
    name = path.name
    with open_workbook(path) as sheets:
        for sheet in sheets:
            place = {"file": name, "sheet": sheet.title}
            rows = rows_of(sheet, file=name, columns=extract.MAX_COLUMNS)
            head = list(islice(rows, HEAD))
            cells = [row for _, row in head]
            every = chain(head, rows)
            if table := extract.find_table(cells, **place):
                regions = tuple(_counted(extract.read_regions(every, table, **place), progress))
                check_register(regions, **place)
                return Register(
                    source=Source.EXTRACT,
                    file=name,
                    sha256=_sha256(path),
                    attribution=extract.ATTRIBUTION,
                    status_date=table.status_date,
                    population_date=table.population_date,
                    regions=regions,
                )
            header = changes.find_header(cells, **place)
            if header is not None:
                found = tuple(_counted(changes.read_changes(every, header, **place), progress))
                if not found:
                    raise FormatError("Die Liste enthält keine Änderungen.", **place)
                return Register(
                    source=Source.CHANGES,
                    file=name,
                    sha256=_sha256(path),
                    attribution=extract.ATTRIBUTION,
                    status_date=max(change.statistical_date for change in found),
                    changes=found,
                    complete=False,
                )
    raise FormatError(
        "Kein Blatt enthält ein Gemeindeverzeichnis (Spalten „Satzart“ und „Gemeindename“) oder "
        "eine Liste von Gebietsänderungen (Spalten „Kennziffer“ und „Regionaleinheit“).",
        file=name,
    )


def _counted(records: Iterable[T], progress: Progress | None) -> Iterator[T]:
    count = 0
    for count, record in enumerate(records, start=1):
        if progress and count % REPORT_EVERY == 0:
            progress(count)
        yield record
    if progress:
        progress(count)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
