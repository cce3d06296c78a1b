"""One value of a script: what may stand there, and what is wrong with it otherwise (in German)."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from allmende.formats.exercise_script.fields import FARTHEST, MOST_MINUTES, STATES, Field
from allmende.formats.facility_list.cells import spoken

LONGEST_KEY = 80
LONGEST_LINE = 300
LONGEST_TEXT = 20_000
DEEPEST = 10
DEEPEST_DOCUMENT = 30
LARGEST = 1_000_000_000
RESERVED = "simulation/"
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# NUL, and halves of characters.
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")

CONDITIONS = {
    "decision": {"decision", "option"},
    "inject": {"inject"},
    "facility": {"facility", "state", "since_minutes"},
    "all": {"all"},
    "any": {"any"},
    "not": {"not"},
}
ACTS: dict[str, tuple[set[str], set[str]]] = {  # what must and what may be there
    "generator": ({"unit", "facility"}, {"supply"}),
    "restock": ({"facility"}, {"supply", "hours"}),
    "rerank": ({"facility", "rank"}, set()),
    "isolate": ({"facility"}, set()),
    "rejoin": ({"facility"}, set()),
    "evacuate": ({"municipality", "share"}, {"hours"}),
}


def checked(value: Any, field: Field) -> Any:
    """The value as the model holds it; ``ValueError`` with a German reason otherwise."""
    return CHECKS[field.kind](value, field)


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise ValueError("Hier wird ein Text erwartet.")
    if len(value) > longest:
        raise ValueError(f"Der Text hat mehr als {longest} Zeichen.")
    if _unstorable(value):
        raise ValueError("Der Text enthält Zeichen, die man nicht sieht.")
    return value


def _unstorable(text: str) -> bool:
    """Whether a text has what no database keeps."""
    return UNSTORABLE.search(text) is not None


def _line(value: Any, field: Field) -> str:
    text = _text(value, LONGEST_LINE)
    if not text.isprintable():
        raise ValueError("Der Text muss auf einer Zeile stehen.")
    if field.required and not text.strip():
        raise ValueError("Das Feld ist leer.")
    return text


def _key(value: Any, field: Field) -> str:
    text = _text(value, LONGEST_KEY)
    if field.required and not text:
        raise ValueError("Das Feld ist leer.")
    if text != text.strip() or not text.isprintable() or ";" in text:
        raise ValueError(
            "Eine Kennung hat keine Leerzeichen am Rand, keine Zeilenumbrüche und kein „;“."
        )
    if text.startswith(RESERVED):
        raise ValueError(f"Kennungen mit „{RESERVED}“ vergibt die Simulation.")
    return text


def _keys(value: Any, field: Field) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("Hier wird eine Liste von Kennungen erwartet.")
    named = field._replace(required=True)
    found = tuple(_key(each, named) for each in value)
    if field.required and not found:
        raise ValueError("Die Liste ist leer.")
    return found


def _minutes(value: Any, _field: Field) -> int | None:
    if value is None and _field.name != "duration_minutes":
        return None
    number = _whole(value, _field)
    if number < 0:
        raise ValueError("Die Zeit liegt vor dem Beginn der Übung.")
    if number > MOST_MINUTES:
        raise ValueError(f"Die Zeit liegt nach mehr als {MOST_MINUTES // 1440} Tagen.")
    if _field.name == "duration_minutes" and number < 1:
        raise ValueError("Die Übung dauert keine Minute.")
    return number


def _whole(value: Any, _field: Field) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("Hier wird eine ganze Zahl erwartet.")
    if abs(value) > 1_000_000_000:
        raise ValueError("Die Zahl ist zu groß.")
    if _field.name in ("most", "window_minutes", "priority") and value < (_field.name != "most"):
        raise ValueError("Die Zahl ist zu klein.")
    return value


def _number(value: Any, field: Field) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("Hier wird eine Zahl erwartet.")
    if not 0 <= value <= field.most:  # before anything that a very large one breaks
        raise ValueError(f"Die Zahl liegt nicht zwischen 0 und {spoken(field.most)}.")
    if field.name == "speed" and value < 0.1:
        raise ValueError("Langsamer als ein Zehntel der wirklichen Zeit geht es nicht.")
    return float(value)


def _hours(value: Any, field: Field) -> float | None:
    return None if value is None else _number(value, field)


def _wholes(value: Any, field: Field) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise ValueError("Hier wird eine Liste ganzer Zahlen erwartet.")
    return tuple(_whole(each, field) for each in value)


def _flag(value: Any, _field: Field) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Hier wird true oder false erwartet.")
    return value


def _time(value: Any, _field: Field) -> str:
    if not isinstance(value, str) or not TIME.fullmatch(value):
        raise ValueError("Hier wird eine Uhrzeit erwartet, etwa „06:30“.")
    return value


def _choice(value: Any, field: Field) -> str:
    if not isinstance(value, str) or value not in field.choices:
        known = ", ".join(f"„{each}“" for each in field.choices)
        raise ValueError(f"„{str(value)[:40]}“ ist unbekannt; möglich sind {known}.")
    return value


def _numbers(value: Any, field: Field) -> dict[str, float]:
    if not isinstance(value, dict):
        raise ValueError("Hier wird ein Objekt { … } mit Zahlen erwartet.")
    return {key: _number(each, field) for key, each in value.items()}


def _words(value: Any, field: Field) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("Hier wird ein Objekt { … } mit Texten erwartet.")
    single = field._replace(required=True)
    return {key: (_choice if field.choices else _line)(each, single) for key, each in value.items()}


def _places(value: Any, _field: Field) -> dict[str, tuple[float, float]]:
    if not isinstance(value, dict):
        raise ValueError("Hier wird ein Objekt { … } mit Orten erwartet.")
    if not all(_is_place(each) for each in value.values()):
        raise ValueError(
            f"Ein Ort sind zwei Zahlen von 0 bis {spoken(FARTHEST)}: Kilometer nach Osten und nach Norden."
        )
    return {key: (float(each[0]), float(each[1])) for key, each in value.items()}


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and not any(isinstance(part, bool) for part in value)
        and all(isinstance(part, int | float) and 0 <= part <= FARTHEST for part in value)
    )


def _document(value: Any, _field: Field) -> Any:
    if value is not None and not isinstance(value, dict):
        raise ValueError("Hier wird ein Objekt { … } erwartet.")
    _check_plain(value)
    return value


def _check_plain(value: Any, depth: int = 0) -> None:
    """Of what another format checks later: that a database keeps it at all."""
    if depth > DEEPEST_DOCUMENT:
        raise ValueError("Das Objekt ist zu tief verschachtelt.")
    if isinstance(value, dict):
        for key, each in value.items():
            _check_plain(key, depth + 1)
            _check_plain(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check_plain(each, depth + 1)
    elif isinstance(value, str) and _unstorable(value):
        raise ValueError("Ein Text enthält Zeichen, die man nicht sieht.")
    elif isinstance(value, float) and not isfinite(value):
        raise ValueError("„NaN“ und „Infinity“ sind keine Zahlen.")


def _condition(value: Any, _field: Field, depth: int = 0) -> Mapping[str, Any] | None:
    if value is None:
        return None
    if depth > DEEPEST:
        raise ValueError("Die Bedingung ist zu tief verschachtelt.")
    kind = next((name for name in CONDITIONS if isinstance(value, dict) and name in value), "")
    if not kind:
        known = ", ".join(f"„{name}“" for name in CONDITIONS)
        raise ValueError(f"Eine Bedingung hat eines der Felder {known}.")
    for name in value:
        if name not in CONDITIONS[kind]:
            raise ValueError(f"Das Feld „{name[:40]}“ passt nicht zu „{kind}“.")
    if kind in ("all", "any"):
        if not isinstance(value[kind], list) or not value[kind]:
            raise ValueError(f"„{kind}“ braucht eine Liste von Bedingungen.")
        for part in value[kind]:
            _part(part, _field, depth)
    elif kind == "not":
        _part(value["not"], _field, depth)
    elif not isinstance(value[kind], str) or not isinstance(value.get("option", ""), str):
        raise ValueError(f"„{kind}“ braucht eine Kennung.")
    elif kind == "facility":
        _check_state(value)
    found: Mapping[str, Any] = value
    return found


def _part(value: Any, field: Field, depth: int) -> None:
    if _condition(value, field, depth + 1) is None:
        raise ValueError("Eine Bedingung ist leer.")


def _check_state(value: Mapping[str, Any]) -> None:
    written = value.get("state")
    states = written if isinstance(written, list) else [written]
    if not states or not all(isinstance(state, str) and state in STATES for state in states):
        known = ", ".join(f"„{name}“" for name in STATES)
        raise ValueError(f"„state“ ist keiner der Zustände {known}.")
    since = value.get("since_minutes", 0)
    if not isinstance(since, int) or isinstance(since, bool) or since < 0:
        raise ValueError("„since_minutes“ ist keine ganze Zahl ab 0.")


def _acts(value: Any, _field: Field) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list):
        raise ValueError("Hier wird eine Liste erwartet.")
    for act in value:
        kind = act.get("kind") if isinstance(act, dict) else None
        if not isinstance(kind, str) or kind not in ACTS:
            known = ", ".join(f"„{name}“" for name in ACTS)
            raise ValueError(f"„kind“ muss eines von {known} sein.")
        must, may = ACTS[kind]
        names = set(act) - {"kind"}
        if must - names:
            raise ValueError(f"Bei „{kind}“ fehlt „{min(must - names)}“.")
        if names - must - may:
            raise ValueError(f"„{min(names - must - may)[:40]}“ passt nicht zu „{kind}“.")
        for name in names:
            _check_act(name, act[name])
    return tuple(value)


def _check_act(name: str, value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    number = number and abs(value) <= LARGEST
    whole = number and isinstance(value, int)
    right = {
        "supply": whole and value >= 1,
        "rank": whole,
        "hours": number and value >= 0,
        "share": number and 0 <= value <= 1,
    }.get(name, isinstance(value, str))
    if not right:
        raise ValueError(f"„{name}“: {str(value)[:40]} geht nicht.")


CHECKS: dict[str, Any] = {
    "key": _key,
    "line": _line,
    "text": lambda value, _field: _text(value, LONGEST_TEXT),
    "keys": _keys,
    "minutes": _minutes,
    "whole": _whole,
    "wholes": _wholes,
    "number": _number,
    "hours": _hours,
    "flag": _flag,
    "time": _time,
    "choice": _choice,
    "numbers": _numbers,
    "words": _words,
    "places": _places,
    "document": _document,
    "condition": _condition,
    "acts": _acts,
}
