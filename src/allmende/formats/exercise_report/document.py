"""The report as JSON, and back: what was written is read as the same report.

Every field of ``model`` stands in the file under its name; moments and days as ISO 8601 writes them.
"""

import json
import types
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_origin, get_type_hints

from allmende.formats.errors import FormatError
from allmende.formats.marks import Mark

from .model import ExerciseReport

FORMAT = "allmende-exercise-report/1"


def write_json(report: ExerciseReport, mark: Mark) -> bytes:
    """The document, UTF-8; ``mark`` says for whom it was made, and is passed over when it is read."""
    whole = {"format": FORMAT, "exercise": "ÜBUNG", "mark": mark.document, **asdict(report)}
    return (json.dumps(whole, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def read_json(content: bytes, *, file: str = "") -> ExerciseReport:
    """Read what ``write_json`` wrote. Raises ``FormatError`` with the place of the first fault."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        raise FormatError("Das ist kein lesbares JSON.", file=file) from None
    if not isinstance(whole, dict) or whole.pop("format", None) != FORMAT:
        raise FormatError(f"Hier muss „{FORMAT}“ stehen: format", file=file)
    for name in ("exercise", "mark"):
        whole.pop(name, None)
    try:
        report = _read(whole, ExerciseReport, "Bericht")
    except _FaultError as fault:
        raise FormatError(str(fault), file=file) from None
    assert isinstance(report, ExerciseReport)  # noqa: S101  for the type checker
    return report


class _FaultError(ValueError):
    pass


def _plain(value: object) -> str:
    assert isinstance(value, date)  # noqa: S101  a moment is one, too
    return value.isoformat()


def _read(value: Any, kind: Any, place: str) -> Any:
    """A value of the type that a field says it has."""
    if get_origin(kind) is types.UnionType:
        if value is None:
            return None
        [kind] = [each for each in get_args(kind) if each is not type(None)]
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise _FaultError(f"{place}: Hier wird eine Liste erwartet.")
        each_kind = get_args(kind)[0]
        return tuple(
            _read(each, each_kind, f"{place}, {number}.") for number, each in enumerate(value, 1)
        )
    if is_dataclass(kind):
        return _row(value, kind, place)
    if kind in (date, datetime):
        try:
            return kind.fromisoformat(value)
        except (TypeError, ValueError):
            raise _FaultError(f"{place}: Das ist kein Zeitpunkt.") from None
    wanted = (int, float) if kind is float else (kind,)
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
        raise _FaultError(f"{place}: Hier steht etwas anderes als erwartet.")
    return float(value) if kind is float else value


def _row(value: Any, kind: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise _FaultError(f"{place}: Hier wird ein Objekt {{ … }} erwartet.")
    names = {field.name for field in fields(kind)}
    if unknown := sorted(set(value) - names):
        raise _FaultError(f"{place}: Das Feld „{str(unknown[0])[:40]}“ ist unbekannt.")
    if missing := sorted(names - set(value)):
        raise _FaultError(f"{place}: Das Feld „{missing[0]}“ fehlt.")
    kinds = get_type_hints(kind)
    return kind(
        **{name: _read(value[name], kinds[name], f"{place}, {name}") for name in sorted(names)}
    )
