"""The network of a script, facility by facility: each with its name, its place on the map, and what it needs.

In the document this stands apart: facilities and supplies in ``model``, names and places beside it.

>>> document = {"facility_names": {"netz": "Ortsnetz"}}
>>> put_facility(document, {"key": "netz", "name": "Ortsnetz", "sector": "strom", "rank": 0})
>>> put_facility(document, {"key": "werk", "name": "Wasserwerk", "sector": "trinkwasser",
...     "supplies": [{"suppliers": ["netz"], "buffer_hours": 4.0}]})
>>> document["model"]["facilities"]
[{'key': 'netz', 'sector': 'strom'}, {'key': 'werk', 'sector': 'trinkwasser'}]
>>> document["model"]["supplies"]
[{'facility': 'werk', 'suppliers': ['netz'], 'buffer_hours': 4}]
>>> remove_facility(document, "netz")
>>> document["model"]["supplies"]
[]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from allmende.formats.cascade_model.reader import model_of
from allmende.formats.cascade_model.rows import FORMAT as CASCADE
from allmende.formats.cascade_model.rows import SupplyRow
from allmende.formats.exercise_script.model import Facility
from allmende.formats.exercise_script.uses import Use

Document = dict[str, Any]
Row = dict[str, Any]

SECTION = "facilities"
SCENARIO = "scenario"
# What a script says of its network.
NETWORK = ("model", "facility_names", "facility_places", "from_register")
# Acts that count the needs of a facility.
NUMBERING = ("generator", "restock")
APART = ("name", "east", "north", "supplies")
FACILITY_DEFAULTS = {
    each.name: each.default_factory() if each.default_factory is not MISSING else each.default
    for each in fields(Facility)
}
SUPPLY_DEFAULTS = SupplyRow._field_defaults | {"weights": []}


def facility_rows(document: Document) -> list[Row]:
    """The facilities as they stand in the model; none if they are no rows."""
    return _rows(document.get("model"), "facilities")


def find_facility(document: Document, key: str) -> Row | None:
    """A facility with all that is said of it anywhere but in what fails; None if there is none."""
    present = next((row for row in facility_rows(document) if row.get("key") == key), None)
    if present is None:
        return None
    found = present | {"name": document.get("facility_names", {}).get(key, key)}
    if place := document.get("facility_places", {}).get(key):
        found |= {"east": place[0], "north": place[1]}
    supplies = [
        {name: value for name, value in row.items() if name != "facility"}
        for row in _rows(document["model"], "supplies")
        if row.get("facility") == key
    ]
    return found | {"supplies": supplies} if supplies else found


def put_facility(document: Document, row: Row, *, before: str = "") -> None:
    """Add a facility at the end, or say anew what the one called ``before`` is; what fails stays as it is.

    Acts follow the needs that they are about.
    """
    key = row["key"]
    model = document["model"] = document.get("model") or {"facilities": [], "supplies": []}
    rows = model["facilities"]
    place = next((n for n, each in enumerate(rows) if each["key"] == before), len(rows))
    said = {name: value for name, value in row.items() if name not in APART}
    rows[place:] = [_bare(said, FACILITY_DEFAULTS, rows[place:]), *rows[place + 1 :]]
    supplies = model.get("supplies", [])
    there = [each for each in supplies if before and each["facility"] == before]
    mine = [
        _bare({"facility": key} | each, SUPPLY_DEFAULTS, there[number:])
        for number, each in enumerate(row.get("supplies", ()))
    ]
    model["supplies"] = _in_place(supplies, mine, before)
    if before:
        _renumber(document, before, _same_needs(there, mine), len(mine))
    where = [row["east"], row["north"]] if "east" in row and "north" in row else None
    # Who is called as its key needs no name.
    name = row["name"] if row["name"] != key else None
    for section, value in (("facility_names", name), ("facility_places", where)):
        document[section] = _put(document.get(section, {}), key, value, before)


def remove_facility(document: Document, key: str) -> None:
    """Take a facility out of the network: it supplies nobody any more, and does not fail.

    A need that nobody is left for goes, too; acts follow the needs that stay. What else names it stays, and the
    check tells of it. With the last facility the whole network goes.
    """
    model: Row = document["model"]
    model["facilities"] = [row for row in model["facilities"] if row["key"] != key]
    if not model["facilities"]:
        for name in NETWORK:
            document.pop(name, None)
        return
    for section in ("facility_names", "facility_places"):
        document.get(section, {}).pop(key, None)
    supplies = [_without(row, key) for row in model.get("supplies", ()) if row["facility"] != key]
    model["supplies"] = [row for row in supplies if row["suppliers"]]
    for one in {row["facility"] for row in supplies if not row["suppliers"]}:
        needs = [bool(row["suppliers"]) for row in supplies if row["facility"] == one]
        there = [place for place, stays in enumerate(needs) if stays]
        _renumber(document, one, {old: new for new, old in enumerate(there)}, len(there))
    if scenario := model.get("scenario"):
        _spare(scenario, key)
        pools = {row.get("pool", "") for row in model["facilities"]}
        crews = scenario.get("crews", {})
        scenario |= (
            {"crews": {pool: n for pool, n in crews.items() if pool in pools}} if crews else {}
        )


def check_network(document: Document) -> None:
    """Raise ``FormatError`` if the network of a script cannot be; none is fine."""
    if document.get("model") is not None:
        model_of({"format": CASCADE, **document["model"]})


def uses_of_facility(document: Document, key: str) -> Iterator[Use]:
    """Who names a facility: those that it supplies, what fails, units, injects and decisions."""
    model = document.get("model") or {}
    for row in _rows(model, "supplies"):
        if row.get("facility") != key:
            yield from _in_list(SECTION, str(row.get("facility")), row.get("suppliers"), key)
    yield from _in_scenario(model.get("scenario") or {}, key)
    for row in document.get("units", ()):
        yield from _in_names("units", row["key"], row.get("travel_hours"), key)
        yield from _in_list("units", row["key"], row.get("sites"), key)
    for row in document.get("injects", ()):
        yield from _in_names("injects", row["key"], row.get("claims"), key)
        for part in parts_of(row.get("condition")):
            if part.get("facility") == key:
                yield Use("injects", row["key"], part, "facility")
    for decision, act in _acts_on(document, key):
        yield Use("decisions", decision, act, "facility")


def parts_of(condition: Row | None) -> Iterable[Row]:
    """A condition and all that it is made of."""
    if not condition:
        return
    yield condition
    inner = [*condition.get("all", ()), *condition.get("any", ())]
    if "not" in condition:
        inner.append(condition["not"])
    for each in inner:
        yield from parts_of(each)


def _acts_on(document: Document, key: str) -> Iterator[tuple[str, Row]]:
    """What follows for a facility from decisions, each with the key of its decision."""
    for row in document.get("decisions", ()):
        for option in row["options"]:
            for act in option.get("acts", ()):
                if act.get("facility") == key:
                    yield row["key"], act


def _renumber(document: Document, key: str, places: Mapping[int, int], count: int) -> None:
    """Let acts on a facility follow its needs, each by where it stood and where it stands now, of so many.

    An act on a need that is not there gets a number that no need has, whatever is added: the check refuses it.
    """
    for _decision, act in _acts_on(document, key):
        if act.get("kind") in NUMBERING:
            before = act.get("supply", 1)
            now = places.get(before - 1, count) + 1
            if now != before:
                act["supply"] = now


def _same_needs(before: Sequence[Row], now: Sequence[Row]) -> dict[int, int]:
    """Which of the needs is which after a change: said alike, or else with a supplier in common, or else in its
    place if they are as many as before.
    """

    def alike(one: Row, other: Row) -> bool:
        # Only the facility may be called otherwise.
        return SUPPLY_DEFAULTS | one | {"facility": ""} == SUPPLY_DEFAULTS | other | {
            "facility": ""
        }

    def related(one: Row, other: Row) -> bool:
        return not set(one["suppliers"]).isdisjoint(other["suppliers"])

    found: dict[int, int] = {}
    for is_same in (alike, related):
        for old, one in enumerate(before):
            left = (
                new
                for new, other in enumerate(now)
                if new not in found.values() and is_same(one, other)
            )
            if old not in found and (place := next(left, None)) is not None:
                found[old] = place
    if len(before) == len(now):
        left_out = [place for place in range(len(now)) if place not in found.values()]
        missing = [place for place in range(len(before)) if place not in found]
        found |= dict(zip(missing, left_out, strict=True))
    return found


def _in_scenario(scenario: Row, key: str) -> Iterator[Use]:
    for name in ("damages", "outages", "interventions"):
        for row in scenario.get(name, ()):
            if row.get("facility") == key:
                yield Use(SCENARIO, "", row, "facility")
    for row in scenario.get("hazards", ()):
        yield from _in_list(SCENARIO, "", row.get("users"), key)
        for name in ("intensity", "arrival"):
            yield from _in_names(SCENARIO, "", row.get(name), key)


def _in_list(section: str, owner: str, names: Any, key: str) -> Iterator[Use]:
    for place, each in enumerate(names if isinstance(names, list) else ()):
        if each == key:
            yield Use(section, owner, names, place)


def _in_names(section: str, owner: str, names: Any, key: str) -> Iterator[Use]:
    if isinstance(names, dict) and key in names:
        yield Use(section, owner, names, key, is_name=True)


def _rows(model: Any, name: str) -> list[Row]:
    rows = model.get(name) if isinstance(model, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _bare(row: Row, defaults: Mapping[str, Any], there: Sequence[Row]) -> Row:
    """What a row says that is not so anyway, or that the first of those ``there`` said, too; whole numbers as such."""
    before = there[0] if there else {}
    kept = {name for name, value in before.items() if name in defaults and value == defaults[name]}
    row = {name: defaults[name] for name in kept} | row
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in row.items()
        if name not in defaults or value != defaults[name] or name in kept
    }


def _in_place(supplies: list[Row], mine: list[Row], before: str) -> list[Row]:
    """Where a facility's supplies stood, its new ones stand, in their order; others stay where they are."""
    found: list[Row] = []
    rest = iter(mine)
    for row in supplies:
        if not before or row["facility"] != before:
            found.append(row)
        elif (new := next(rest, None)) is not None:
            found.append(new)
    return [*found, *rest]


def _put(said: Row, key: str, value: Any, before: str) -> Row:
    """What is said of facilities by key, with this one's; it keeps its place."""
    if before not in said:
        return said if value is None else said | {key: value}
    pairs = ((key, value) if name == before else (name, there) for name, there in said.items())
    return {name: there for name, there in pairs if there is not None}


def _without(row: Row, key: str) -> Row:
    """A supply without one of its suppliers; all that are left are enough."""
    if key not in row["suppliers"]:
        return row
    place = row["suppliers"].index(key)
    left = {
        name: [each for number, each in enumerate(row[name]) if number != place]
        for name in ("suppliers", "weights")
        if row.get(name)
    }
    there = sum(left.get("weights", ())) or len(left["suppliers"])
    return row | left | ({"needed": min(row["needed"], there)} if "needed" in row else {})


def _spare(scenario: Row, key: str) -> None:
    """Take a facility out of what fails; a hazard that meets nobody else goes."""
    for use in list(_in_scenario(scenario, key)):
        if use.is_name:
            del use.holder[use.place]
        elif use.place != "facility":
            use.holder.remove(key)
    for name in ("damages", "outages", "interventions"):
        if name in scenario:
            scenario[name] = [row for row in scenario[name] if row.get("facility") != key]
    if "hazards" in scenario:
        gone: tuple[Row, ...] = ({"users": []}, {"intensity": {}})
        scenario["hazards"] = [
            row
            for row in scenario["hazards"]
            if not any(each.items() <= row.items() for each in gone)
        ]
