"""One cell of a table of injects, read and written.

>>> parse_minutes("T+26:30"), parse_minutes("90"), format_minutes(1590)
(1590, 90, 'T+26:30')
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from allmende.formats.exercise_script.fields import Field
from allmende.formats.facility_list.cells import decimal_of, whole_of, written

CLOCK = re.compile(r"(?:t\s*\+\s*)?(-?)(\d{1,3}):([0-5]\d)(?::00)?", re.IGNORECASE)
# A name in quotes may have any sign in it, its quotes doubled.
QUOTED = re.compile(r'"(?:[^"]|"")*"')
PAIR = re.compile(rf"\s*{QUOTED.pattern}\s*=[^;\n]*|[^;\n]+")
YES, NO = {"ja", "yes", "true", "x", "1"}, {"nein", "no", "false", "0"}


def parse_minutes(text: str) -> int:
    """Minutes of the exercise from „T+2:30“, „2:30“ or „150“; ``ValueError`` otherwise."""
    if found := CLOCK.fullmatch(text.strip()):
        minutes = int(found[2]) * 60 + int(found[3])
        return -minutes if found[1] else minutes
    whole = text.strip().removesuffix(".0")
    if re.fullmatch(r"-?\d{1,6}", whole):
        return int(whole)
    raise ValueError("Das ist keine Zeit. Möglich sind „T+2:30“, „2:30“ oder die Zahl der Minuten.")


def format_minutes(minutes: int | None) -> str:
    """Hours and minutes since the beginning of the exercise."""
    return "" if minutes is None else f"T+{minutes // 60:02}:{minutes % 60:02}"


def read_cell(text: str, field: Field) -> Any:
    """What a cell means, as JSON would say it; ``ValueError`` with a German reason."""
    read = READ.get(field.kind)
    return text if read is None else read(text, field)


def write_cell(value: Any, field: Field) -> str:
    """A value as `read_cell` reads it."""
    if value is None:
        return NEVER if field.kind == "hours" else ""
    write = WRITE.get(field.kind)
    return str(value) if write is None else write(value, field)


def text_of(cell: object) -> str:
    """A cell of a workbook as somebody would write it; spreadsheets keep times as parts of a day."""
    for kind, write in TEXTS:
        if isinstance(cell, kind):
            return write(cell)
    return "" if cell is None else str(cell).strip()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _choice(text: str, field: Field) -> str:
    known = {word.casefold(): value for value, word in field.choices.items()}
    if text.casefold() not in {*known, *field.choices}:
        possible = ", ".join(f"„{word}“" for word in field.choices.values())
        raise ValueError(f"„{text[:40]}“ ist unbekannt; möglich sind {possible}.")
    return known.get(text.casefold(), text.casefold())


def _flag(text: str, _field: Field) -> bool:
    if text.casefold() not in YES | NO:
        raise ValueError("Möglich sind „ja“ und „nein“.")
    return text.casefold() in YES


def _json(text: str, field: Field) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(NO_JSON[field.kind]) from None


def _words(text: str, field: Field) -> dict[str, str]:
    return {key: _choice(word, field) for key, word in _pairs(text, "Einrichtung = Zustand")}


def _numbers(text: str, _field: Field) -> dict[str, float]:
    return {key: _number(number) for key, number in _pairs(text, "Name = Zahl")}


def _number(text: str) -> float:
    """„1.200“ is what it is in German; what a spreadsheet keeps as a number comes with a comma."""
    try:
        return float(_whole(text))
    except ValueError:
        return decimal_of(text)


def _whole(text: str) -> int:
    return -whole_of(text[1:]) if text.startswith("-") else whole_of(text)


def _pairs(text: str, like: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, (found[0].strip() for found in PAIR.finditer(text))):
        key, sign, value = (each.strip() for each in part.rpartition("="))
        if not sign:
            raise ValueError(f"Möglich ist „{like}“, mehrere mit „;“ getrennt.")
        yield (key[1:-1].replace('""', '"') if QUOTED.fullmatch(key) else key), value


def _paired(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with what is said of each; one that would be taken for several, or without its blanks, is quoted."""
    return "; ".join(f"{_quoted(name)} = {said}" for name, said in pairs)


def _quoted(name: str) -> str:
    if name.startswith('"') or ";" in name or name != name.strip():
        return '"{}"'.format(name.replace('"', '""'))
    return name


# What a store that lasts for ever says, and what nobody repairs.
NEVER = "unbegrenzt"
NO_JSON = {
    "condition": 'Die Bedingung ist kein JSON, etwa {"decision": "evakuieren"}.',
    "acts": 'Die Wirkungen sind kein JSON, etwa [{"kind": "isolate", "facility": "netz"}].',
}
READ: dict[str, Callable[[str, Field], Any]] = {
    "minutes": lambda text, _field: parse_minutes(text) if text else None,
    "keys": lambda text, _field: _parts(text),
    "choice": _choice,
    "flag": _flag,
    "condition": _json,
    "acts": _json,
    "words": _words,
    "whole": lambda text, _field: _whole(text),
    "wholes": lambda text, _field: [_whole(part) for part in _parts(text)],
    "number": lambda text, _field: _number(text),
    "numbers": _numbers,
    "hours": lambda text, _field: None if text.casefold() == NEVER else _number(text),
}
WRITE: dict[str, Callable[[Any, Field], str]] = {
    "minutes": lambda value, _field: format_minutes(value),
    "keys": lambda value, _field: "; ".join(value),
    "choice": lambda value, field: field.choices[value],
    "flag": lambda value, _field: "ja" if value else "nein",
    "condition": lambda value, _field: json.dumps(value, ensure_ascii=False),
    "acts": lambda value, _field: json.dumps(value, ensure_ascii=False) if value else "",
    "wholes": lambda value, _field: "; ".join(map(str, value)),
    "number": lambda value, _field: written(float(value)),
    "hours": lambda value, _field: written(float(value)),
    "numbers": lambda value, _field: _paired((k, written(float(v))) for k, v in value.items()),
    "words": lambda value, field: _paired((k, field.choices[v]) for k, v in value.items()),
}
TEXTS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (timedelta, lambda cell: format_minutes(round(cell.total_seconds() / 60))),
    (datetime, lambda cell: str(cell.isoformat(" ", "minutes"))),
    (time, lambda cell: str(cell.strftime("%H:%M"))),
    (bool, lambda cell: "ja" if cell else "nein"),
    (float, written),
)
