"""Open an .xlsx workbook that comes from outside without trusting it.

A workbook is a ZIP archive of XML files. Before openpyxl sees it, every part is read once in small
pieces: sizes are counted, checksums verified, and document type definitions refused.

>>> check_archive(__file__)
Traceback (most recent call last):
    ...
allmende.formats.errors.FormatError: workbook.py: Die Datei ist keine Excel-Arbeitsmappe (.xlsx).
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from allmende.formats.errors import FormatError

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MEGABYTE = 1024 * 1024
MAX_FILE = 50 * MEGABYTE
MAX_PARTS = 500
MAX_UNPACKED = 200 * MEGABYTE
# Excel's own parts compress to between a tenth and a twentieth.
MAX_RATIO = 100
RATIO_MATTERS_FROM = MEGABYTE
MAX_ROWS = 200_000
PIECE = 64 * 1024
XML_ENDINGS = (".xml", ".rels", ".vml")

Row = tuple[object, ...]


def check_archive(path: Path | str) -> None:
    """Read every part of a workbook once, within bounds.

    Parameters
    ----------
    path
        The file. Its name plays no part.

    Raises
    ------
    FormatError
        If it is no ZIP archive, is damaged, holds too much or too tightly packed data, or an XML
        part with a document type definition.
    """
    path = Path(path)
    name = path.name
    if path.stat().st_size > MAX_FILE:
        raise FormatError(f"Die Datei ist größer als {MAX_FILE // MEGABYTE} MB.", file=name)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_declared(parts, name)
            total = 0
            for part in parts:
                total += _read_through(archive, part, name, MAX_UNPACKED - total)
    except zipfile.BadZipFile:
        with path.open("rb") as file:
            starts_like_zip = file.read(2) == b"PK"
        raise FormatError(
            "Die Excel-Datei ist beschädigt oder unvollständig. Bitte laden Sie sie noch einmal."
            if starts_like_zip
            else "Die Datei ist keine Excel-Arbeitsmappe (.xlsx).",
            file=name,
        ) from None
    except FormatError:
        raise
    except (zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise FormatError(
            f"Die Excel-Datei ist beschädigt oder verschlüsselt ({error}).", file=name
        ) from error


def _check_declared(parts: list[zipfile.ZipInfo], name: str) -> None:
    too_much = FormatError(
        "Die Datei ist ungewöhnlich stark gepackt und wird aus Sicherheitsgründen nicht geöffnet.",
        file=name,
    )
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise too_much
    for part in parts:
        if part.file_size < RATIO_MATTERS_FROM:
            continue
        if part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise too_much


def _read_through(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, allowance: int
) -> int:
    size = 0
    tail = b""
    # Parts under customXml are never parsed, and some programs write them in UTF-16.
    is_xml = not part.filename.startswith("customXml/") and part.filename.endswith(XML_ENDINGS)
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > allowance:
                raise FormatError("Die Datei enthält zu viele Daten.", file=name)
            if is_xml:
                window = tail + piece
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\0" in window:
                    raise FormatError(
                        f"Der Teil „{part.filename}“ enthält unzulässiges XML.", file=name
                    )
                tail = window[-16:]
    return size


def refuse_many_rows(path: Path | str, *, most: int, error: FormatError) -> None:
    """Count rows before openpyxl opens a workbook, which reads all shared texts into memory.

    Parameters
    ----------
    path
        The file.
    most
        So many rows may be in each sheet.
    error
        What is raised where there are more.
    """
    check_archive(path)
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                with archive.open(part) as stream:
                    if _count(stream, b"<row", most) > most:
                        raise error


def _count(stream: IO[bytes], what: bytes, most: int) -> int:
    """How often something is in a stream, or one more than ``most``."""
    count, tail = 0, b""
    while count <= most and (piece := stream.read(PIECE)):
        window = tail + piece
        count += window.count(what)
        tail = window[-(len(what) - 1) :]
    return count


@contextmanager
def open_workbook(path: Path | str) -> Iterator[Iterator["ReadOnlyWorksheet"]]:
    """Open a checked workbook for reading and give its worksheets, one after the other.

    Whatever openpyxl stumbles over becomes a `FormatError`: a damaged part can make it raise nearly
    any exception.
    """
    # Here, because it costs half a second, and web pages read no workbooks.
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    path = Path(path)
    check_archive(path)
    try:
        # An open file, because openpyxl judges a path by its ending.
        with path.open("rb") as file:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                yield iter(
                    [sheet for sheet in workbook.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
                )
            finally:
                workbook.close()
    except FormatError:
        raise
    except Exception as error:
        raise FormatError(
            "Die Excel-Datei ist beschädigt oder keine gültige Arbeitsmappe.", file=path.name
        ) from error


def rows_of(sheet: "ReadOnlyWorksheet", *, file: str, columns: int) -> Iterator[tuple[int, Row]]:
    """Give the rows of a worksheet with their line numbers, at most ``columns`` cells of each."""
    for line, row in enumerate(sheet.iter_rows(max_col=columns, values_only=True), start=1):
        if line > MAX_ROWS:
            raise FormatError(
                f"Das Blatt hat mehr als {MAX_ROWS} Zeilen.", file=file, sheet=sheet.title
            )
        yield line, row
