"""What a file is by its content, so that somebody who chose the wrong one is told what it is.

>>> import io
>>> kind_of_file(io.BytesIO(b"%PDF-1.7 ..."))
<FileKind.PDF: 'eine PDF-Datei'>
>>> kind_of_file(io.BytesIO(b"Nr.;Zeit;Titel")) is None
True
"""

import re
import zipfile
from enum import Enum
from pathlib import Path
from typing import IO

from allmende.formats.errors import FormatError


class FileKind(Enum):
    """A kind of file and how a sentence names it; texts that are none of these have none."""

    PDF = "eine PDF-Datei"
    PICTURE = "ein Bild"
    WORKBOOK = "eine Excel-Arbeitsmappe (.xlsx)"
    BINARY_WORKBOOK = "eine Excel-Datei im Binärformat (.xlsb)"
    OLD_OFFICE = "eine Office-Datei im alten Format (.xls, .doc) oder mit Kennwort"
    DOCUMENT = "ein Word-Dokument (.docx)"
    SLIDES = "eine PowerPoint-Datei (.pptx)"
    OPEN_TABLE = "eine OpenDocument-Tabelle (.ods)"
    OPEN_TEXT = "ein OpenDocument-Text (.odt)"
    RICH_TEXT = "ein Textdokument (.rtf)"
    ARCHIVE = "ein gepacktes Archiv"
    MEDIA = "eine Ton- oder Filmdatei"
    PAGE = "eine Internetseite (HTML)"
    XML = "eine XML-Datei"
    JSON = "eine JSON-Datei"


STARTS = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"GIF87a", FileKind.PICTURE),
    (b"GIF89a", FileKind.PICTURE),
    (b"II*\0", FileKind.PICTURE),
    (b"MM\0*", FileKind.PICTURE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLD_OFFICE),
    (b"{\\rtf", FileKind.RICH_TEXT),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"Rar!\x1a\x07", FileKind.ARCHIVE),
    (b"ID3\3", FileKind.MEDIA),
    (b"ID3\4", FileKind.MEDIA),
)
# What containers of media say of themselves from their ninth byte on.
RIFF = {b"WEBP": FileKind.PICTURE, b"WAVE": FileKind.MEDIA, b"AVI ": FileKind.MEDIA}
PICTURES_IN_MEDIA = (b"heic", b"heix", b"mif1", b"avif")
# A table may begin with a bracket; nothing but JSON goes on like this.
JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\]\"\d]")
PARTS = (
    ("xl/workbook.xml", FileKind.WORKBOOK),
    ("xl/workbook.bin", FileKind.BINARY_WORKBOOK),
    ("word/document.xml", FileKind.DOCUMENT),
    ("ppt/presentation.xml", FileKind.SLIDES),
)
OPEN_DOCUMENTS = (
    (b"application/vnd.oasis.opendocument.spreadsheet", FileKind.OPEN_TABLE),
    (b"application/vnd.oasis.opendocument.text", FileKind.OPEN_TEXT),
)
LONGEST_START = 512


def kind_of_file(file: IO[bytes]) -> FileKind | None:
    """Tell what a file is, by its first bytes and, of an archive, by the names of its parts.

    Parameters
    ----------
    file
        Open for reading bytes; it is left at its beginning.

    Returns
    -------
    FileKind or None
        None for plain text such as CSV, for what is unknown, and for an archive that cannot be opened: its
        reader says better what is wrong with it.
    """
    file.seek(0)
    start = file.read(LONGEST_START)
    try:
        return _kind_of_archive(file) if start.startswith(b"PK\3\4") else _kind_of_start(start)
    finally:
        file.seek(0)


def refuse_other_kinds(path: Path, *taken: FileKind, wanted: str, accepted: str) -> None:
    """Refuse a file that is known to be something else; plain text is let through.

    Parameters
    ----------
    path
        The file.
    taken
        The kinds that a reader takes, besides plain text.
    wanted
        What the file is not, as „keine Tabelle“.
    accepted
        What would be taken, as „Excel (.xlsx) oder CSV“.

    Raises
    ------
    FormatError
        „Das ist eine PDF-Datei, keine Tabelle. Möglich ist: Excel (.xlsx) oder CSV.“
    """
    try:
        with path.open("rb") as file:
            kind = kind_of_file(file)
    except OSError:
        # That it cannot be opened says its reader.
        return
    if kind is not None and kind not in taken:
        said = f"Das ist {kind.value}, {wanted}. Möglich ist: {accepted}."
        raise FormatError(said, file=path.name)


def _kind_of_start(start: bytes) -> FileKind | None:
    for begin, kind in STARTS:
        if start.startswith(begin):
            return kind
    if start[:4] == b"RIFF":
        return RIFF.get(start[8:12])
    if start[:1] == b"\0" and start[4:8] == b"ftyp":
        return FileKind.PICTURE if start[8:12] in PICTURES_IN_MEDIA else FileKind.MEDIA
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return FileKind.PAGE
    if text.startswith((b"<?xml", b"<!doctype")):
        return FileKind.XML
    return FileKind.JSON if JSON.match(text) else None


def _kind_of_archive(file: IO[bytes]) -> FileKind | None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    for part, kind in PARTS:
        if part in names:
            return kind
    # OpenDocument says what it is in its first part, which is not packed.
    file.seek(0)
    start = file.read(LONGEST_START)
    for media_type, kind in OPEN_DOCUMENTS:
        if media_type in start:
            return kind
    return FileKind.ARCHIVE
