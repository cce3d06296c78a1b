"""Change a script as a document: find, put, remove and rename rows, and say who refers to whom.

Documents are those of `document_of`; functions that change them change them in place.

>>> document = {"roles": [{"key": "stab", "name": "Stab"}], "injects": [{"key": "1", "to": ["stab"]}]}
>>> [(use.section, use.key) for use in uses(document, "roles", "stab")]
[('injects', '1')]
>>> put_row(document, "roles", {"key": "leitung", "name": "Stab"}, before="stab")
>>> document["injects"][0]["to"]
['leitung']
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from allmende.formats.exercise_script import network
from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.fields import MOST_MINUTES
from allmende.formats.exercise_script.uses import Use

Document = dict[str, Any]
Row = dict[str, Any]

# Which fields of which rows name rows elsewhere. Conditions, acts and „announce“ do so in their own way.
POINTS_AT: dict[str, dict[str, tuple[str, ...]]] = {
    "injects": {
        "strand": ("strands",),
        "to": ("roles", "teams"),
        "controller": ("roles",),
        "goals": ("goals",),
        "capabilities": ("capabilities",),
        "asks_for": ("decisions",),
        "article": ("articles",),
        "phone_script": ("phone_scripts",),
        "attachments": ("attachments",),
    },
    "goals": {"capabilities": ("capabilities",)},
    "roles": {"team": ("teams",)},
    "decisions": {"role": ("roles",)},
}
IN_CONDITIONS = {"decisions": "decision", "injects": "inject"}


def key_field(section: str) -> str:
    """The field that tells the rows of a section apart."""
    return "name" if section == "attachments" else "key"


def rows_of(document: Document, section: str) -> list[Row]:
    if section == network.SECTION:
        return network.facility_rows(document)
    found: list[Row] = document.get(section, [])
    return found


def find_row(document: Document, section: str, key: str) -> Row | None:
    """The row of this key, or None."""
    if section == network.SECTION:
        return network.find_facility(document, key)
    name = key_field(section)
    return next((row for row in rows_of(document, section) if row.get(name) == key), None)


def stand_of(content: Any) -> str:
    """A short name of what something says: if it is another, somebody has changed it. Nothing: empty."""
    if content is None:
        return ""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def put_row(document: Document, section: str, row: Row, *, before: str = "") -> None:
    """Add a row at the end, or replace the one called ``before``; who refers to it follows a new name.

    Raises ``KeyError`` if another row has this key, or there is none called ``before``.
    """
    name = key_field(section)
    rows = rows_of(document, section)
    places = {each.get(name): place for place, each in enumerate(rows)}
    taken = places.keys() | {
        each.get("key")
        for other in {"roles": ("teams",), "teams": ("roles",)}.get(section, ())
        for each in rows_of(document, other)
    }
    key = row.get(name)
    if (before and before not in places) or (key != before and key in taken):
        raise KeyError(key if before in places or not before else before)
    found = list(uses(document, section, before)) if before and key != before else []
    if section == network.SECTION:
        network.put_facility(document, row, before=before)
    elif before:
        rows[places[before]] = row
    else:
        document[section] = [*rows, row]
    for use in found:
        use.rename(str(key))


def remove_row(document: Document, section: str, key: str) -> None:
    """Take a row away; who refers to it is left as it is, and the check tells of it. ``KeyError`` if there is none.

    A network that names what is not there could not be read: its own parts let go of a facility.
    """
    row = find_row(document, section, key)
    if row is None:
        raise KeyError(key)
    if section == network.SECTION:
        network.remove_facility(document, key)
    else:
        rows_of(document, section).remove(row)


def free_key(document: Document, section: str, like: str = "") -> str:
    """A key that no row has: the next number, or one like ``like``."""
    name = key_field(section)
    sections = ("roles", "teams") if section in ("roles", "teams") else (section,)
    taken = {row.get(name) for each in sections for row in rows_of(document, each)}
    if not like:
        numbers = [int(str(each)) for each in taken if re.fullmatch(r"[0-9]{1,6}", str(each))]
        return str(max(numbers, default=0) + 1)
    stem = re.sub(r"-\d{1,4}$", "", like)[:70]
    return next(key for n in range(2, len(taken) + 3) if (key := f"{stem}-{n}") not in taken)


def uses(document: Document, section: str, key: str) -> Iterator[Use]:
    """Who refers to a row of a section, each use for itself."""
    if section == network.SECTION:
        yield from network.uses_of_facility(document, key)
    for owner, fields in POINTS_AT.items():
        for row in rows_of(document, owner):
            for field, targets in fields.items():
                if section in targets:
                    yield from _in_value(owner, row, field, key)
    if name := IN_CONDITIONS.get(section):
        yield from _in_conditions(document, name, key)
    if section == "units":
        yield from _in_acts(document, key)
    if section in ("roles", "teams"):
        for hearer in document.get("announce", {}).get("to", ()):
            yield from _in_value("announce", hearer, "roles", key)


def _in_conditions(document: Document, name: str, key: str) -> Iterator[Use]:
    for row in rows_of(document, "injects"):
        for part in network.parts_of(row.get("condition")):
            if part.get(name) == key:
                yield Use("injects", row["key"], part, name)


def _in_acts(document: Document, key: str) -> Iterator[Use]:
    for row in rows_of(document, "decisions"):
        for option in row["options"]:
            for act in option.get("acts", ()):
                if act.get("unit") == key:
                    yield Use("decisions", row["key"], act, "unit")


def _in_value(owner: str, row: Row, field: str, key: str) -> Iterator[Use]:
    value = row.get(field)
    name = str(row.get(key_field(owner), ""))
    if isinstance(value, list):
        yield from (
            Use(owner, name, value, place) for place, each in enumerate(value) if each == key
        )
    elif value == key:
        yield Use(owner, name, row, field)


def shift_injects(document: Document, minutes: int, *, strand: str | None = None) -> int:
    """Move the injects of a strand (None: all) in time, and what lapses with them; says how many.

    Those that only the control orders stay. Raises ``ValueError`` with the first that would come too early or
    too late; nothing is moved then.
    """
    moved = [
        row
        for row in rows_of(document, "injects")
        if row.get("at") is not None and strand in (None, row.get("strand", ""))
    ]
    for row in moved:
        last = max(row["at"], row.get("until") or 0) + minutes
        if row["at"] + minutes < 0 or last > MOST_MINUTES:
            when = format_minutes(row["at"])
            title = f"{row['title']}“ ({row['key']}, {when})"
            raise ValueError(f"Einlage „{title} läge dann außerhalb der Übung.")
    for row in moved:
        row["at"] += minutes
        if row.get("until") is not None:
            row["until"] += minutes
    return len(moved)
