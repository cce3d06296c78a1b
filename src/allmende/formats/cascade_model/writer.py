"""Write a model: one line for each facility and supply, without what is so anyway."""

import json
from collections.abc import Iterable, Iterator, Mapping
from math import inf, isnan
from typing import Any

from allmende.formats.cascade_model.rows import (
    FORMAT,
    ActRow,
    AttackRow,
    EvacuateRow,
    FieldRow,
    GeneratorRow,
    HazardRow,
    IsolateRow,
    ModelRow,
    RerankRow,
    RestockRow,
    ScenarioRow,
)

FILE_NAMES = {"spread": "repair_spread"}
KINDS = {
    GeneratorRow: "generator",
    RestockRow: "restock",
    RerankRow: "rerank",
    IsolateRow: "isolate",
    EvacuateRow: "evacuate",
    FieldRow: "field",
    AttackRow: "attack",
}


def write_model(model: ModelRow) -> Iterator[str]:
    """The document, piece by piece; the same model gives the same bytes."""
    yield f'{{"format": {_line(FORMAT)}, "name": {_line(model.name)},\n"facilities": [\n'
    yield from _lines(_fields(row) for row in model.facilities)
    yield '\n],\n"supplies": [\n'
    yield from _lines(_fields(row) for row in model.supplies)
    yield f'\n],\n"scenario": {_line(_scenario(model.scenario))}}}\n'


def _scenario(scenario: ScenarioRow) -> dict[str, Any]:
    found: dict[str, Any] = {"horizon_hours": scenario.horizon_hours}
    for name in ("damages", "outages"):
        rows = getattr(scenario, name)
        if rows:
            found[name] = [_fields(row) for row in rows]
    if scenario.hazards:
        found["hazards"] = [_hazard(row) for row in scenario.hazards]
    if scenario.crews:
        found["crews"] = dict(scenario.crews)
    if scenario.first_come:
        found["first_come"] = True
    if scenario.interventions:
        found["interventions"] = [_act(row) for row in scenario.interventions]
    return found


def _hazard(row: HazardRow) -> dict[str, Any]:
    found = {"kind": KINDS[type(row)], **_fields(row)}
    if isinstance(row, FieldRow):
        found["fragility"] = {
            sector: {"median": median, "spread": spread}
            for sector, (median, spread) in row.fragility.items()
        }
    return found


def _act(row: ActRow) -> dict[str, Any]:
    found = {"kind": KINDS[type(row)], **_fields(row)}
    if isinstance(row, GeneratorRow | RestockRow):
        found["supply"] = row.supply + 1
    return found


def _fields(row: Any) -> dict[str, Any]:
    """What is not so anyway; no end is no field, endless is null, what is drawn is left out."""
    found = {}
    for name, value in row._asdict().items():
        if name in row._field_defaults and value == row._field_defaults[name]:
            continue
        if isinstance(value, float) and isnan(value):
            continue
        found[FILE_NAMES.get(name, name)] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if not isinstance(value, float):
        return value
    return None if value == inf else int(value) if value.is_integer() else value


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield (",\n" if number else "") + _line(row)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
