"""One object of a JSON file, field by field, with errors that say where."""

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from allmende.formats.csv_rows import open_regular
from allmende.formats.errors import FormatError

LONGEST_NAME = 200
LARGEST = 1e12
LARGEST_WHOLE = 10**9
REQUIRED: Any = object()


class Record:
    """Takes fields out of an object. ``where`` tells which one it is, such as „Einrichtung 3“."""

    def __init__(self, value: Any, where: str, known: frozenset[str]) -> None:
        self.where = where
        if not isinstance(value, dict):
            raise FormatError("Hier wird ein Objekt { … } erwartet.", file=where)
        self.fields: dict[str, Any] = value
        for name in value:
            if name not in known:
                raise self.wrong(f"Das Feld „{name[:40]}“ ist unbekannt.")

    def wrong(self, message: str) -> FormatError:
        """The error to raise."""
        return FormatError(message, file=self.where)

    def text(self, name: str, default: str = REQUIRED) -> str:
        value = self._get(name, default)
        if not isinstance(value, str):
            raise self.wrong(f"„{name}“ muss ein Text sein.")
        if value is not default:
            check_name(value, f"„{name}“", self.wrong)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.wrong(f"„{name}“ muss eine Liste von Texten sein.")
        return tuple(values)

    def number(
        self,
        name: str,
        default: float = REQUIRED,
        *,
        above: bool = False,
        null: float | None = None,
        most: float = LARGEST,
    ) -> float:
        """From 0 on; ``above``: more than 0. What ``null`` stands for, if it may be there."""
        value = self._get(name, default)
        if value is default:
            return float(value)
        if value is None and null is not None:
            return null
        return checked(value, f"„{name}“", self.wrong, above=above, most=most)

    def whole(self, name: str, default: int = REQUIRED, *, least: int = -LARGEST_WHOLE) -> int:
        value = self._get(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"„{name}“ muss eine ganze Zahl sein.")
        if not least <= value <= LARGEST_WHOLE:
            raise self.wrong(f"„{name}“ muss zwischen {least} und {LARGEST_WHOLE} liegen.")
        return value

    def wholes(self, name: str) -> tuple[int, ...]:
        values = self._get(name, [])
        right = isinstance(values, list) and all(
            isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_WHOLE
            for value in values
        )
        if not right:
            raise self.wrong(f"„{name}“ muss eine Liste ganzer Zahlen ab 1 sein.")
        return tuple(values)

    def flag(self, name: str, default: bool) -> bool:
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(f"„{name}“ muss true oder false sein.")
        return value

    def rows(self, name: str) -> list[Any]:
        value = self._get(name, [])
        if not isinstance(value, list):
            raise self.wrong(f"„{name}“ muss eine Liste sein.")
        return value

    def table(self, name: str) -> Mapping[str, Any]:
        value = self._get(name, {})
        if not isinstance(value, dict):
            raise self.wrong(f"„{name}“ muss ein Objekt {{ … }} sein.")
        return value

    def _get(self, name: str, default: Any) -> Any:
        value = self.fields.get(name, default)
        if value is REQUIRED:
            raise self.wrong(f"Das Feld „{name}“ fehlt.")
        return value


def check_name(value: str, what: str, wrong: Callable[[str], FormatError]) -> None:
    """A name is not empty, not endless, and stands on one line."""
    if not value.strip():
        raise wrong(f"{what} ist leer.")
    if len(value) > LONGEST_NAME:
        raise wrong(f"{what} hat mehr als {LONGEST_NAME} Zeichen.")
    if not value.isprintable():
        raise wrong(f"{what} enthält Zeichen, die man nicht sieht.")


def checked(
    value: Any,
    what: str,
    wrong: Callable[[str], FormatError],
    *,
    above: bool = False,
    most: float = LARGEST,
) -> float:
    """A number from 0, or above 0, to ``most``."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(f"{what} muss eine Zahl sein.")
    if isinstance(value, float) and not isfinite(value):
        raise wrong(f"{what} ist zu groß.")
    if value < 0 or (above and value == 0):
        raise wrong(f"{what} muss {'größer als 0' if above else '0 oder größer'} sein.")
    if value > most:
        raise wrong(f"{what} ist größer als {most:,.0f}.".replace(",", "."))
    return float(value)


def read_json(path: Path, *, most_bytes: int) -> tuple[Any, str]:
    """What a JSON file says, and the checksum of its bytes.

    Raises
    ------
    FormatError
        If it cannot be read, is no JSON in UTF-8, has a field twice or a number that is none.
    """
    with open_regular(path, most_bytes=most_bytes) as file:
        content = file.read()
    checksum = sha256(content).hexdigest()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("Die Datei ist nicht in UTF-8 geschrieben.", file=path.name) from error
    del content

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = _first_twice(name for name, _value in pairs)
            raise FormatError(f"Das Feld „{twice[:40]}“ steht zweimal.", file=path.name)
        return found

    def no_number(word: str) -> float:
        raise FormatError(f"„{word}“ ist keine Zahl.", file=path.name)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number), checksum
    except json.JSONDecodeError as error:
        raise FormatError(
            f"Das ist kein JSON (Spalte {error.colno}).", file=path.name, line=error.lineno
        ) from error
    except FormatError:
        raise
    except (ValueError, RecursionError) as error:
        raise FormatError(
            "Eine Zahl hat zu viele Stellen, oder etwas ist zu tief verschachtelt.", file=path.name
        ) from error


def _first_twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    return next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
