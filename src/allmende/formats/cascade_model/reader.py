"""Read a model: facilities, what each needs, and a scenario."""

from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

from allmende.formats.cascade_model.record import (
    LARGEST_WHOLE,
    Record,
    check_name,
    checked,
    read_json,
)
from allmende.formats.cascade_model.rows import FORMAT, FacilityRow, ModelRow, SupplyRow
from allmende.formats.cascade_model.scenario import Known, read_scenario
from allmende.formats.errors import FormatError

MOST_BYTES = 600_000_000
MOST_FACILITIES = 500_000
MOST_SUPPLIERS = 5_000_000
# e^(5·σ) times the median is more than anybody waits.
MOST_SPREAD = 5.0

MODEL = frozenset({"format", "name", "facilities", "supplies", "scenario"})
FACILITY = frozenset(
    {
        "key",
        "sector",
        "municipality",
        "served",
        "shares",
        "pool",
        "rank",
        "repair_hours",
        "repair_spread",
        "starts_alone",
    }
)
SUPPLY = frozenset({"facility", "suppliers", "needed", "buffer_hours", "recharge", "weights"})


def read_model(path: Path, scenario_path: Path | None = None) -> ModelRow:
    """Read a model, and a scenario of its own file instead of the one in it.

    Raises
    ------
    FormatError
        With the place of what is wrong, in German.
    """
    document, checksum = read_json(path, most_bytes=MOST_BYTES)
    try:
        model = model_of(document)
    except FormatError as error:
        raise FormatError(str(error), file=path.name) from error
    model = replace(model, name=model.name or path.stem, sha256=checksum)
    if scenario_path is None:
        return model
    document, checksum = read_json(scenario_path, most_bytes=MOST_BYTES)
    try:
        known = Known.of(model.facilities, model.supplies)
        scenario = read_scenario(document, known, alone=True)
    except FormatError as error:
        raise FormatError(str(error), file=scenario_path.name) from error
    return replace(model, scenario=scenario, scenario_sha256=checksum)


def model_of(document: Any) -> ModelRow:
    """Check a model that stands in another document.

    Raises
    ------
    FormatError
        With the place of what is wrong, in German.
    """
    record = Record(document, "Modell", MODEL)
    if record.text("format") != FORMAT:
        raise record.wrong(f"„format“ muss „{FORMAT}“ sein.")
    facilities = _facilities(record.rows("facilities"))
    supplies = _supplies(record.rows("supplies"), {row.key for row in facilities})
    scenario = read_scenario(record.table("scenario"), Known.of(facilities, supplies))
    return ModelRow(record.text("name", ""), facilities, supplies, scenario)


def _facilities(rows: list[Any]) -> tuple[FacilityRow, ...]:
    if not rows:
        raise FormatError("Es gibt keine einzige Einrichtung („facilities“).")
    if len(rows) > MOST_FACILITIES:
        raise FormatError(
            f"Es sind {len(rows)} Einrichtungen; mehr als {MOST_FACILITIES} rechnet die Allmende "
            "nicht auf einmal."
        )
    found: dict[str, FacilityRow] = {}
    numbers: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        facility = _facility(row, number)
        if facility.key in numbers:
            raise FormatError(
                f"Sie steht zweimal da, zuerst als Einrichtung {numbers[facility.key]}.",
                file=f"Einrichtung {number} („{facility.key}“)",
            )
        numbers[facility.key] = number
        found[facility.key] = facility
    return tuple(found.values())


def _facility(row: Any, number: int) -> FacilityRow:
    record = Record(row, f"Einrichtung {number}", FACILITY)
    key = record.text("key")
    record.where = f"Einrichtung {number} („{key}“)"
    served = record.number("served", 0.0)
    shares = {}
    for municipality, persons in record.table("shares").items():
        check_name(municipality, "Eine Gemeinde in „shares“", record.wrong)
        shares[municipality] = checked(persons, f"Der Anteil von „{municipality}“", record.wrong)
    if shares and abs(sum(shares.values()) - served) > 0.01 * max(served, 1.0):
        raise record.wrong("Die Anteile in „shares“ ergeben zusammen nicht „served“.")
    if shares and "municipality" in record.fields:
        raise record.wrong("„municipality“ und „shares“ schließen sich aus.")
    return FacilityRow(
        key=key,
        sector=record.text("sector"),
        municipality=record.text("municipality", ""),
        served=served,
        shares=shares,
        pool=record.text("pool", ""),
        rank=record.whole("rank", 0),
        repair_hours=record.number("repair_hours", 24.0, above=True, null=inf),
        spread=record.number("repair_spread", 0.0, most=MOST_SPREAD),
        starts_alone=record.flag("starts_alone", True),
    )


def _supplies(rows: list[Any], keys: set[str]) -> tuple[SupplyRow, ...]:
    found, count = [], 0
    for number, row in enumerate(rows, start=1):
        found.append(_supply(row, number, keys))
        count += len(found[-1].suppliers)
        if count > MOST_SUPPLIERS:
            raise FormatError(
                f"Es gibt mehr als {MOST_SUPPLIERS} Lieferbeziehungen; so viele rechnet die "
                "Allmende nicht auf einmal."
            )
    return tuple(found)


def _supply(row: Any, number: int, keys: set[str]) -> SupplyRow:
    record = Record(row, f"Versorgung {number}", SUPPLY)
    facility = record.text("facility")
    record.where = f"Versorgung {number} (von „{facility}“)"
    suppliers = record.texts("suppliers")
    for key in (facility, *suppliers):
        if key not in keys:
            raise record.wrong(f"Die Einrichtung „{key[:80]}“ gibt es nicht.")
    if facility in suppliers:
        raise record.wrong("Die Einrichtung versorgt sich selbst.")
    if len(set(suppliers)) < len(suppliers):
        raise record.wrong("Eine Einrichtung steht zweimal in „suppliers“.")
    weights = record.wholes("weights")
    if weights and len(weights) != len(suppliers):
        raise record.wrong("„weights“ braucht für jeden in „suppliers“ genau eine Zahl.")
    needed, there = record.whole("needed", 1, least=1), sum(weights) or len(suppliers)
    if needed > there:
        raise record.wrong(f"Nötig („needed“) sind {needed}, aber es gibt nur {there}.")
    if there > LARGEST_WHOLE:
        raise record.wrong("„weights“ sind zusammen zu groß.")
    return SupplyRow(
        facility=facility,
        suppliers=suppliers,
        needed=needed,
        buffer_hours=record.number("buffer_hours", 0.0, null=inf),
        recharge=record.number("recharge", 1.0),
        weights=weights,
    )
