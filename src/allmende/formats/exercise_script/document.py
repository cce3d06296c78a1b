"""Read and write a script as JSON: complete, so that writing and reading gives the same script.

>>> from allmende.formats.exercise_script.model import Role
>>> script = Script("Stromausfall", 90, roles=(Role("stab", "Stab"),))
>>> script_of(document_of(script)) == script
True
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from allmende.formats.csv_rows import open_regular
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.attached import AttachedFile, put_files, take_files
from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.fields import FIELDS, NOUNS, Field
from allmende.formats.exercise_script.model import FORMAT, Inject, Script
from allmende.formats.exercise_script.values import checked
from allmende.formats.file_kinds import FileKind, refuse_other_kinds
from allmende.formats.marks import Mark

# For whom a file was made; not a part of the script.
MARK = "mark"
KNOWN = {kind: {field.name: field for field in fields} for kind, fields in FIELDS.items()}
MOST_BYTES = 50_000_000
MOST_ROWS = 2_000
MOST_INJECTS = 5_000
# What else comes from here as JSON, or is sent by mistake, by what it says of itself.
OTHERS = {
    "allmende-cascade/1": "ein Netz für „allmende cascade“",
    "allmende-cascade-scenario/1": "ein Szenario für „allmende cascade“",
    "allmende-exercise-report/1": "der Bericht einer Übung",
    "allmende/facilities": "ein Auszug aus dem Register",
    "FeatureCollection": "eine Karte (GeoJSON)",
}
ADVICE = f"Ein Drehbuch als JSON beginnt mit „format“: „{FORMAT}“."


def read_script(path: Path) -> Script:
    """Read a script from a JSON file, without the files of its attachments; otherwise as `read_with_files`."""
    return read_with_files(path)[0]


def read_with_files(path: Path) -> tuple[Script, tuple[AttachedFile, ...]]:
    """Read a script from a JSON file.

    Parameters
    ----------
    path
        UTF-8, at most 50 MB.

    Returns
    -------
    Script, and tuple of AttachedFile
        The files that it holds; an attachment may also be a name only.

    Raises
    ------
    ScriptError
        With every fault and its place; FormatError if it is no JSON.
    """
    with open_regular(path, most_bytes=MOST_BYTES) as stream:
        content = stream.read()
    refuse_other_kinds(
        path, FileKind.JSON, wanted="kein Drehbuch", accepted="ein Drehbuch als JSON"
    )
    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise FormatError("Die Datei ist nicht in UTF-8 geschrieben.", file=path.name) from error
    except json.JSONDecodeError as error:
        raise FormatError(
            f"Das ist kein JSON (Spalte {error.colno}).", file=path.name, line=error.lineno
        ) from error
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _TwiceError) else "Das ist kein lesbares JSON."
        raise FormatError(reason, file=path.name) from error
    faults: list[Fault] = []
    bare, files = take_files(document, faults) if isinstance(document, dict) else (document, ())
    return script_of(bare, file=path.name, before=faults), files


def script_of(document: Any, *, file: str = "", before: Iterable[Fault] = ()) -> Script:
    """Check a document and make a script of it; ``before`` are faults that were found in it already.

    Raises
    ------
    ScriptError
        With every fault and its place; FormatError if it is JSON of another kind.
    """
    faults = list(before)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(f"Das ist {_kind_of(document)}, kein Drehbuch. {ADVICE}", file=file)
    rest = {name: value for name, value in document.items() if name not in ("format", MARK)}
    script = _row(rest, Script, "Drehbuch", faults)
    if script is not None:
        faults += _doubled(script)
    if script is None or faults:
        raise ScriptError(faults, file=file)
    found: Script = script
    return found


def document_of(script: Script) -> dict[str, Any]:
    """The document of a script, without what is so anyway; the caller may change it."""
    # A script is shared by all who play it, and what is nested in it would be, too.
    found: dict[str, Any] = _copied({"format": FORMAT, **plain_row(script)})
    return found


def write_script(
    script: Script, mark: Mark | None = None, files: Iterable[AttachedFile] = ()
) -> str:
    """The same as text, with the files of its attachments; the same script gives the same bytes.

    A ``mark`` stands at its end, and is passed over when it is read.
    """
    document = document_of(script) | ({MARK: mark.document} if mark else {})
    put_files(document, files)
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


class _TwiceError(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"Das Feld „{twice[:40]}“ steht zweimal.")
    return found


def _kind_of(document: Any) -> str:
    if not isinstance(document, dict):
        return "eine andere JSON-Datei"
    said = [str(document.get(name)) for name in ("format", "type")]
    return next((OTHERS[each] for each in said if each in OTHERS), "eine andere JSON-Datei")


def _row(value: Any, kind: Any, place: str, faults: list[Fault]) -> Any:
    """One object of the file; None if something in it is wrong, which is noted."""
    if not isinstance(value, dict):
        faults.append(Fault(place, "", "Hier wird ein Objekt { … } erwartet."))
        return None
    before = len(faults)
    known = KNOWN[kind]
    for name in value:
        if name not in known:
            faults.append(Fault(place, str(name)[:40], "Das Feld ist unbekannt."))
    found = {}
    for name, field in known.items():
        if name in value:
            found[name] = _value(value[name], field, place, faults)
        elif field.required:
            faults.append(Fault(place, name, "Das Feld fehlt."))
    return kind(**found) if len(faults) == before else None


def _value(value: Any, field: Field, place: str, faults: list[Fault]) -> Any:
    if field.kind == "row":
        return _row(value, field.of, f"{place}, {NOUNS[field.of]}", faults)
    if field.kind == "rows":
        return _rows(value, field, place, faults)
    try:
        return checked(value, field)
    except ValueError as error:
        faults.append(Fault(place, field.name, str(error)))
        return None


def _rows(value: Any, field: Field, place: str, faults: list[Fault]) -> tuple[Any, ...]:
    most = MOST_INJECTS if field.of is Inject else MOST_ROWS
    if not isinstance(value, list):
        faults.append(Fault(place, field.name, "Hier wird eine Liste erwartet."))
        return ()
    if len(value) > most:
        faults.append(Fault(place, field.name, f"Es sind mehr als {most}."))
        return ()
    above = "" if place == "Drehbuch" else f"{place}, "
    found = []
    for number, each in enumerate(value, start=1):
        key = each.get("key", each.get("name", "")) if isinstance(each, dict) else ""
        named = f" („{key[:40]}“)" if isinstance(key, str) and key else ""
        found.append(_row(each, field.of, f"{above}{NOUNS[field.of]} {number}{named}", faults))
    return tuple(found)


def _doubled(script: Script) -> Iterable[Fault]:
    """Keys that stand there twice. Roles and teams share theirs: both receive injects."""
    people = [*script.roles, *script.teams]
    options = [
        (decision.options, f"Entscheidung „{decision.key}“, ") for decision in script.decisions
    ]
    for rows, above in [
        (people, ""),
        *(
            (getattr(script, field.name), "")
            for field in FIELDS[Script]
            if field.kind == "rows" and field.name not in ("roles", "teams", "attachments")
        ),
        *options,
    ]:
        seen: set[str] = set()
        for row in rows:
            if row.key in seen:
                place = f"{above}{NOUNS[type(row)]} „{row.key}“"
                yield Fault(place, "key", "Die Kennung gibt es schon.")
            seen.add(row.key)


def plain_row(row: Any) -> dict[str, Any]:
    """One row of a script as its document says it, without what is so anyway."""
    defaults = {
        each.name: each.default_factory() if each.default_factory is not MISSING else each.default
        for each in fields(row)
    }
    found = {}
    for field in FIELDS[type(row)]:
        value = getattr(row, field.name)
        if not field.required and value == defaults[field.name]:
            continue
        found[field.name] = _simple(value, field)
    return found


def _copied(value: Any) -> Any:
    """A copy of what JSON can say; ``deepcopy`` takes five times as long for a large network."""
    if isinstance(value, Mapping):
        return {name: _copied(each) for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list | tuple) else value


def _simple(value: Any, field: Field) -> Any:
    if field.kind == "row":
        return plain_row(value)
    if field.kind == "rows":
        return [plain_row(each) for each in value]
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if field.kind == "places":
        return {key: [_short(part) for part in place] for key, place in value.items()}
    return dict(value) if field.kind in ("numbers", "words") else value


def _short(value: float) -> float:
    return int(value) if value.is_integer() else value
