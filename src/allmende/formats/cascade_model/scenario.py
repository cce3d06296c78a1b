"""Read a scenario: what is damaged or may be, who repairs, what people do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import Any

from allmende.formats.cascade_model.record import LARGEST_WHOLE, Record, checked
from allmende.formats.cascade_model.rows import (
    SCENARIO_FORMAT,
    TWO_WEEKS,
    ActRow,
    AttackRow,
    ByFacility,
    DamageRow,
    EvacuateRow,
    FacilityRow,
    FieldRow,
    GeneratorRow,
    HazardRow,
    IsolateRow,
    OutageRow,
    RerankRow,
    RestockRow,
    ScenarioRow,
    SupplyRow,
)

LONGEST_HORIZON = 87_600.0  # ten years

SCENARIO = frozenset(
    {
        "horizon_hours",
        "damages",
        "outages",
        "hazards",
        "crews",
        "first_come",
        "interventions",
    }
)
DAMAGE = frozenset({"facility", "at", "hours"})
HAZARDS = {
    "field": frozenset({"kind", "intensity", "fragility", "arrival"}),
    "attack": frozenset({"kind", "users", "sectors", "share", "at", "hours"}),
}
ACTS = {
    "generator": frozenset({"kind", "facility", "supply", "at", "until"}),
    "restock": frozenset({"kind", "facility", "supply", "at"}),
    "rerank": frozenset({"kind", "facility", "at", "rank"}),
    "isolate": frozenset({"kind", "facility", "at", "until"}),
    "evacuate": frozenset({"kind", "municipality", "share", "at", "until"}),
}
CURVE = frozenset({"median", "spread"})


@dataclass(frozen=True)
class Known:
    """What a scenario may name."""

    sector_of: dict[str, str]
    supplies_of: dict[str, int]
    sectors: set[str]
    municipalities: set[str]
    pools: set[str]

    @classmethod
    def of(cls, facilities: Sequence[FacilityRow], supplies: Sequence[SupplyRow]) -> "Known":
        """From a model that was read."""
        counts: dict[str, int] = {}
        for supply in supplies:
            counts[supply.facility] = counts.get(supply.facility, 0) + 1
        return cls(
            sector_of={row.key: row.sector for row in facilities},
            supplies_of=counts,
            sectors={row.sector for row in facilities},
            municipalities={
                name for row in facilities for name in (row.shares or [row.municipality])
            },
            pools={row.pool for row in facilities},
        )


def read_scenario(value: Any, known: Known, *, alone: bool = False) -> ScenarioRow:
    """Check a scenario; ``alone``: of a file of its own, which names its format.

    Raises
    ------
    FormatError
        With the place of what is wrong, in German.
    """
    record = Record(value, "Szenario", SCENARIO | ({"format", "name"} if alone else frozenset()))
    if alone and record.text("format") != SCENARIO_FORMAT:
        raise record.wrong(f"„format“ muss „{SCENARIO_FORMAT}“ sein.")
    crews = {}
    for pool, count in record.table("crews").items():
        if pool not in known.pools:
            raise record.wrong(f"Keine Einrichtung hat den Bereich („pool“) „{pool[:80]}“.")
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= LARGEST_WHOLE:
            raise record.wrong(f"Die Trupps von „{pool}“ müssen eine ganze Zahl ab 0 sein.")
        crews[pool] = count
    return ScenarioRow(
        horizon_hours=record.number("horizon_hours", TWO_WEEKS, above=True, most=LONGEST_HORIZON),
        damages=tuple(
            _damage(row, f"Schaden {number}", known)
            for number, row in enumerate(record.rows("damages"), start=1)
        ),
        outages=tuple(
            _outage(row, f"Ausfall {number}", known)
            for number, row in enumerate(record.rows("outages"), start=1)
        ),
        hazards=tuple(
            _hazard(row, f"Gefahr {number}", known)
            for number, row in enumerate(record.rows("hazards"), start=1)
        ),
        crews=crews,
        first_come=record.flag("first_come", False),
        interventions=tuple(
            _act(row, f"Maßnahme {number}", known)
            for number, row in enumerate(record.rows("interventions"), start=1)
        ),
    )


def _damage(row: Any, where: str, known: Known) -> DamageRow:
    record = Record(row, where, DAMAGE)
    return DamageRow(
        _key(record, known),
        record.number("at", 0.0),
        record.number("hours", nan, above=True, null=inf),
    )


def _outage(row: Any, where: str, known: Known) -> OutageRow:
    record = Record(row, where, DAMAGE)
    return OutageRow(
        _key(record, known), record.number("at", 0.0), record.number("hours", above=True)
    )


def _hazard(row: Any, where: str, known: Known) -> HazardRow:
    kind, record = _kind(row, where, HAZARDS)
    if kind == "field":
        return FieldRow(
            _by_facility(record, "intensity", known),
            _curves(record, known),
            _by_facility(record, "arrival", known, 0.0),
        )
    users, sectors = record.texts("users"), record.texts("sectors")
    if bool(users) == bool(sectors):
        raise record.wrong("Es braucht entweder „users“ oder „sectors“.")
    for key in users:
        _check_key(key, record, known)
    for sector in sectors:
        _check_sector(sector, record, known)
    if sectors:
        users = tuple(key for key, sector in known.sector_of.items() if sector in sectors)
    return AttackRow(
        users,
        record.number("share", most=1.0),
        record.number("at", 0.0),
        record.number("hours", above=True, null=inf),
    )


def _curves(record: Record, known: Known) -> dict[str, tuple[float, float]]:
    curves = {}
    for sector, value in record.table("fragility").items():
        _check_sector(sector, record, known)
        curve = Record(value, f"{record.where}, „fragility“ von „{sector}“", CURVE)
        curves[sector] = (curve.number("median", above=True), curve.number("spread", above=True))
    if not curves:
        raise record.wrong("Ohne „fragility“ nimmt nichts Schaden.")
    return curves


def _by_facility(
    record: Record, name: str, known: Known, default: float | None = None
) -> ByFacility:
    """One number for all, or one for each that is named; the others have 0."""
    if name not in record.fields:
        if default is None:
            raise record.wrong(f"Das Feld „{name}“ fehlt.")
        return default
    value = record.fields[name]
    if not isinstance(value, dict):
        return checked(value, f"„{name}“", record.wrong)
    for key in value:
        _check_key(key, record, known)
    return {
        key: checked(each, f"„{name}“ von „{key}“", record.wrong) for key, each in value.items()
    }


def _act(row: Any, where: str, known: Known) -> ActRow:
    kind, record = _kind(row, where, ACTS)
    if kind == "evacuate":
        municipality = record.text("municipality")
        if municipality not in known.municipalities:
            raise record.wrong(f"Die Gemeinde „{municipality}“ gibt es nicht.")
        share = record.number("share", most=1.0)
        return EvacuateRow(municipality, record.number("at", 0.0), share, _until(record))
    key, at = _key(record, known), record.number("at", 0.0)
    made: dict[str, Callable[[], ActRow]] = {
        "generator": lambda: GeneratorRow(key, _supply(record, key, known), at, _until(record)),
        "restock": lambda: RestockRow(key, _supply(record, key, known), at),
        "rerank": lambda: RerankRow(key, at, record.whole("rank")),
        "isolate": lambda: IsolateRow(key, at, _until(record)),
    }
    return made[kind]()


def _kind(row: Any, where: str, kinds: dict[str, frozenset[str]]) -> tuple[str, Record]:
    """What it is, and its fields; which are known depends on that."""
    kind = Record(row, where, frozenset(row) if isinstance(row, dict) else frozenset()).text("kind")
    if kind not in kinds:
        raise Record(row, where, frozenset(row)).wrong(
            f"„{kind}“ ist unbekannt; möglich sind {', '.join(f'„{name}“' for name in kinds)}."
        )
    return kind, Record(row, where, kinds[kind])


def _supply(record: Record, key: str, known: Known) -> int:
    number = record.whole("supply", 1, least=1)
    there = known.supplies_of.get(key, 0)
    if number > there:
        raise record.wrong(f"„{key}“ hat keine Versorgung {number} (es gibt {there}).")
    return number - 1


def _until(record: Record) -> float:
    until = record.number("until", inf)
    if until <= record.number("at", 0.0):
        raise record.wrong("„until“ liegt nicht nach „at“.")
    return until


def _key(record: Record, known: Known) -> str:
    key = record.text("facility")
    _check_key(key, record, known)
    return key


def _check_key(key: str, record: Record, known: Known) -> None:
    if key not in known.sector_of:
        raise record.wrong(f"Die Einrichtung „{key[:80]}“ gibt es nicht.")


def _check_sector(sector: str, record: Record, known: Known) -> None:
    if sector not in known.sectors:
        raise record.wrong(f"Den Sektor „{sector[:80]}“ hat keine Einrichtung.")
