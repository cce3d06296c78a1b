"""Destatis' GV100AD: the register as text with fixed columns, 220 characters a line, UTF-8.

Columns, counted from 1: record type 1-2, territorial status 3-10, regional key 11-18, association
19-22, name 23-72, kind 123-124; for municipalities also area in hectares 129-139, inhabitants
140-150, postcode 166-170. Coordinates are not in it.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from allmende.formats.errors import FormatError
from allmende.formats.municipalities.extract import LEVELS, REGION_BETWEEN
from allmende.formats.municipalities.records import (
    KEY_LENGTHS,
    Level,
    RegionRecord,
    digits,
    split_key,
)

WIDTH = 220
# Longer names are cut off.
NAME_WIDTH = 50
MAX_BYTES = 50 * 1024 * 1024
MAX_LINE = 2000
HECTARES_PER_KM2 = 100


def looks_like_gv100ad(start: bytes) -> bool:
    """Tell by its first bytes whether a file is GV100AD: a record type and an eight-digit date.

    >>> looks_like_gv100ad(b"102023113001          Schleswig-Holstein")
    True
    """
    start = start.removeprefix(b"\xef\xbb\xbf")
    return start[:2] in {b"10", b"20", b"30", b"40", b"50", b"60"} and start[2:10].isdigit()


def read_regions(path: Path) -> Iterator[RegionRecord]:
    """Read the regions of a GV100AD file, in the order of the file.

    Raises
    ------
    FormatError
        With the line, if a line is cut, not UTF-8, or holds something else than the format says.
    """
    name = path.name
    if path.stat().st_size > MAX_BYTES:
        raise FormatError(f"Die Datei ist größer als {MAX_BYTES // 1024**2} MB.", file=name)
    status: date | None = None
    with path.open("rb") as stream:
        line = 0
        while raw := stream.readline(MAX_LINE):
            line += 1
            text = _decode(raw, name, line)
            complete = raw.endswith(b"\n")
            text = text.rstrip("\r\n")
            if not text.strip():
                continue
            if len(text) > WIDTH or (len(text) < WIDTH and not complete):
                raise FormatError(
                    f"Die Zeile hat {len(text)} statt {WIDTH} Zeichen; die Datei ist "
                    "abgeschnitten oder kein GV100AD.",
                    file=name,
                    line=line,
                )
            text = text.ljust(WIDTH)
            found = _date(text[2:10], name, line)
            if status is None:
                status = found
            elif found != status:
                raise FormatError(
                    f"Der Gebietsstand {found:%d.%m.%Y} weicht von dem der ersten Zeile ab "
                    f"({status:%d.%m.%Y}).",
                    file=name,
                    line=line,
                )
            record = text[:2]
            if record == REGION_BETWEEN:
                continue
            if record not in LEVELS:
                raise FormatError(
                    f"Die Satzart „{record}“ ist unbekannt (erwartet: 10 bis 60).",
                    file=name,
                    line=line,
                )
            yield _region(text, LEVELS[record], status, name, line)


def _region(text: str, level: Level, status: date, file: str, line: int) -> RegionRecord:
    key, association = text[10:18].strip(), text[18:22].strip()
    # In ten digits or more the association stands between Kreis and municipality.
    ars = key[:5] + association + key[5:]
    digits(ars, KEY_LENGTHS[level], "Der Regionalschlüssel", file=file, sheet="", line=line)
    name = text[22 : 22 + NAME_WIDTH].strip()
    if not name:
        raise FormatError("Der Name fehlt.", file=file, line=line)
    kind = text[122:124].strip() if level >= Level.KREIS else ""
    if level != Level.GEMEINDE:
        return RegionRecord(
            level=level, ars=ars, name=name, kind=kind, status_date=status, line=line
        )
    hectares = digits(text[128:139], 11, "Die Fläche", file=file, sheet="", line=line)
    people = digits(text[139:150], 11, "Die Bevölkerung", file=file, sheet="", line=line)
    postcode = text[165:170].strip()
    if postcode:
        digits(postcode, 5, "Die Postleitzahl", file=file, sheet="", line=line)
    return RegionRecord(
        level=level,
        ars=ars,
        ags=split_key(ars)[0],
        name=name,
        kind=kind,
        population=int(people),
        area=int(hectares) / HECTARES_PER_KM2,
        postcode=postcode,
        status_date=status,
        line=line,
    )


def _decode(raw: bytes, file: str, line: int) -> str:
    try:
        return raw.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError:
        raise FormatError(
            "Die Zeile ist nicht in UTF-8 geschrieben. Bitte speichern Sie die Datei in UTF-8.",
            file=file,
            line=line,
        ) from None


def _date(value: str, file: str, line: int) -> date:
    digits(value, 8, "Der Gebietsstand (JJJJMMTT)", file=file, sheet="", line=line)
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        raise FormatError(
            f"Der Gebietsstand „{value}“ ist kein Datum.", file=file, line=line
        ) from None
