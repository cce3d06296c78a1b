"""Rows of a CSV file, with every way in which such a file is broken turned into one clear message.

Nothing is read before it is known to be small enough: a file of zeros, one endless line or a
photograph named ``votes.csv`` is refused after its first block.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path

from allmende.formats.errors import FormatError

LONGEST_LINE = 1 << 20
PIECE = 1 << 16
# What German spreadsheets write as „CSV (Trennzeichen-getrennt)“.
UTF_8, WINDOWS = "utf-8", "cp1252"


def open_regular(path: Path, *, most_bytes: int) -> BufferedReader:
    """Open a file for reading bytes, or say in German why that is not possible.

    Raises
    ------
    FormatError
        If the file is missing, is no regular file, may not be read, is empty or larger than
        ``most_bytes``.
    """
    if not path.exists():
        raise FormatError("Die Datei gibt es nicht.", file=path.name)
    if not path.is_file():
        raise FormatError("Das ist keine Datei.", file=path.name)
    size = path.stat().st_size
    if size == 0:
        raise FormatError("Die Datei ist leer (0 Bytes).", file=path.name)
    if size > most_bytes:
        raise FormatError(
            f"Die Datei ist mit {size / 1e6:,.0f} MB zu groß; erlaubt sind {most_bytes / 1e6:,.0f}"
            " MB. Bitte aufteilen.".replace(",", "."),
            file=path.name,
        )
    try:
        return path.open("rb")
    except OSError as error:
        raise FormatError(
            "Die Datei darf nicht gelesen werden. Bitte die Zugriffsrechte prüfen.", file=path.name
        ) from error


def encoding_of(path: Path, *, most_bytes: int) -> str:
    """The character set of a whole file: ``UTF_8`` if it can be, else ``WINDOWS``.

    Raises
    ------
    FormatError
        As `open_regular` does.
    """
    decoder = codecs.getincrementaldecoder(UTF_8)()
    with open_regular(path, most_bytes=most_bytes) as stream:
        try:
            while piece := stream.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return WINDOWS
    return UTF_8


def decode_line(raw: bytes, *, file: str, line: int, encoding: str = UTF_8) -> str:
    """Decode one line, refusing what no text file contains.

    Raises
    ------
    FormatError
        If the line holds NUL bytes, is not written in ``encoding`` or has more than a million characters.
    """
    if b"\0" in raw:
        raise FormatError(
            "Hier stehen NUL-Bytes; das ist keine Textdatei. Bitte als CSV in UTF-8 speichern.",
            file=file,
            line=line,
        )
    if len(raw) >= LONGEST_LINE:
        raise FormatError(
            "Die Zeile hat mehr als eine Million Zeichen; das ist keine Tabelle im Format CSV.",
            file=file,
            line=line,
        )
    try:
        return raw.decode("utf-8-sig" if (line, encoding) == (1, UTF_8) else encoding)
    except UnicodeDecodeError as error:
        also = "" if encoding == UTF_8 else " und nicht im Zeichensatz von Windows"
        raise FormatError(
            f"Die Zeile ist nicht in UTF-8{also} geschrieben. "
            "Bitte die Datei als „CSV UTF-8“ speichern.",
            file=file,
            line=line,
        ) from error


def lines_of(
    stream: BufferedReader, *, file: str, first_line: int = 1, encoding: str = UTF_8
) -> Iterator[str]:
    """Decoded lines of an open file, one at a time, counted from ``first_line``."""
    line = first_line
    while raw := stream.readline(LONGEST_LINE):
        yield decode_line(raw, file=file, line=line, encoding=encoding)
        line += 1


def delimiter_of(header: str) -> str:
    """Comma, the semicolon that German spreadsheets write, or a tab: whatever is there most often.

    >>> delimiter_of("Name;Ort"), delimiter_of("Name\\tOrt"), delimiter_of("Name")
    (';', '\\t', ',')
    """
    return max(",;\t", key=header.count)


def split_rows(
    lines: Iterator[str], *, file: str, delimiter: str, first_line: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every row that is not blank; cells lose surrounding blanks.

    Raises
    ------
    FormatError
        If quotes or line ends are broken.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if any(row):
                yield first_line - 1 + reader.line_num, row
    except csv.Error as error:
        raise FormatError(
            "Anführungszeichen oder Zeilenenden sind beschädigt. Bitte die Datei neu exportieren.",
            file=file,
            line=first_line - 1 + reader.line_num,
        ) from error


def find_columns(
    header: Sequence[str],
    *,
    required: Sequence[str],
    optional: Sequence[str],
    file: str,
    strict: bool = True,
) -> dict[str, int]:
    """Position of each column that the header names.

    Raises
    ------
    FormatError
        If a required column is missing, one stands twice, or (``strict``) one is unknown.
    """
    names = [name.strip().lower() for name in header]
    wanted = ", ".join(f"„{name}“" for name in (*required, *optional))
    missing = [name for name in required if name not in names]
    if missing:
        raise FormatError(
            f"Es {'fehlt die Spalte' if len(missing) == 1 else 'fehlen die Spalten'} "
            f"{', '.join(f'„{name}“' for name in missing)}. "
            f"Erlaubt sind: {wanted}.",
            file=file,
            line=1,
        )
    for name in names:
        if strict and name not in required and name not in optional:
            raise FormatError(
                f"Die Spalte „{name[:60]}“ ist unbekannt. Erlaubt sind: {wanted}. "
                "Bitte die Spalte umbenennen oder löschen.",
                file=file,
                line=1,
            )
        if names.count(name) > 1 and (name in required or name in optional):
            raise FormatError(f"Die Spalte „{name}“ steht doppelt.", file=file, line=1)
    return {name: names.index(name) for name in (*required, *optional) if name in names}


def read_table(
    path: Path,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    most_bytes: int,
    strict: bool = True,
    refuse: Callable[[FormatError], None] | None = None,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and named cells of each row of a CSV file with a header, in UTF-8 or the character set of Windows.

    ``refuse`` takes rows with too many or too few cells, and reading goes on; without it they end it.

    Raises
    ------
    FormatError
        Whatever is wrong with the file, with its name and the line.
    """
    file = path.name
    encoding = encoding_of(path, most_bytes=most_bytes)
    with open_regular(path, most_bytes=most_bytes) as stream:
        first = stream.readline(LONGEST_LINE)
        header = decode_line(first, file=file, line=1, encoding=encoding)
        delimiter = delimiter_of(header)
        names = next(split_rows(iter([header]), file=file, delimiter=delimiter), (1, []))[1]
        columns = find_columns(
            names, required=required, optional=optional, file=file, strict=strict
        )
        rows = split_rows(
            lines_of(stream, file=file, first_line=2, encoding=encoding),
            file=file,
            delimiter=delimiter,
            first_line=2,
        )
        for line, cells in rows:
            try:
                check_width(cells, len(names), file=file, line=line)
            except FormatError as error:
                if refuse is None:
                    raise
                refuse(error)
                continue
            yield line, {name: cells[position] for name, position in columns.items()}


def check_width(cells: Sequence[str], width: int, *, file: str, line: int) -> None:
    """Refuse a row with more or fewer cells than the header has columns.

    Raises
    ------
    FormatError
        If the number differs.
    """
    if len(cells) != width:
        raise FormatError(
            f"Die Zeile hat {len(cells)} Felder, die Kopfzeile hat {width}. Ist die Datei "
            "abgeschnitten oder fehlt ein Anführungszeichen?",
            file=file,
            line=line,
        )
