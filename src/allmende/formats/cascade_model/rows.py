"""What stands in a model, checked, in the order of the file; hours and persons are plain numbers.

Infinite hours stand for ``null``: nobody repairs it, the store lasts for ever. Hours that are NaN are drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

FORMAT = "allmende-cascade/1"
SCENARIO_FORMAT = "allmende-cascade-scenario/1"
TWO_WEEKS = 336.0

ByFacility = float | Mapping[str, float]


class FacilityRow(NamedTuple):
    """One facility; ``spread`` is called ``repair_spread`` in the file."""

    key: str
    sector: str
    municipality: str = ""
    served: float = 0.0
    shares: Mapping[str, float] = {}
    pool: str = ""
    rank: int = 0
    repair_hours: float = 24.0
    spread: float = 0.0
    starts_alone: bool = True


class SupplyRow(NamedTuple):
    """What a facility needs."""

    facility: str
    suppliers: tuple[str, ...]
    needed: int = 1
    buffer_hours: float = 0.0
    recharge: float = 1.0
    weights: tuple[int, ...] = ()


class DamageRow(NamedTuple):
    """Damaged in every run; a crew repairs it."""

    facility: str
    at: float
    hours: float


class OutageRow(NamedTuple):
    """Out for so many hours, without anything to repair."""

    facility: str
    at: float
    hours: float


class FieldRow(NamedTuple):
    """Water, wind, heat …; ``fragility`` gives median and σ by sector."""

    intensity: ByFacility
    fragility: Mapping[str, tuple[float, float]]
    arrival: ByFacility


class AttackRow(NamedTuple):
    """A share of the users of a product is hit at the same time."""

    users: tuple[str, ...]
    share: float
    at: float
    hours: float


class GeneratorRow(NamedTuple):
    """Stands in for a supply; the first one of a facility is number 0 here, 1 in the file."""

    facility: str
    supply: int
    at: float
    until: float = inf


class RestockRow(NamedTuple):
    facility: str
    supply: int
    at: float


class RerankRow(NamedTuple):
    facility: str
    at: float
    rank: int


class IsolateRow(NamedTuple):
    facility: str
    at: float
    until: float = inf


class EvacuateRow(NamedTuple):
    municipality: str
    at: float
    share: float
    until: float = inf


ActRow = GeneratorRow | RestockRow | RerankRow | IsolateRow | EvacuateRow
HazardRow = FieldRow | AttackRow


@dataclass(frozen=True)
class ScenarioRow:
    """What is to happen."""

    horizon_hours: float = TWO_WEEKS
    damages: tuple[DamageRow, ...] = ()
    outages: tuple[OutageRow, ...] = ()
    hazards: tuple[HazardRow, ...] = ()
    crews: Mapping[str, int] = field(default_factory=dict)
    first_come: bool = False
    interventions: tuple[ActRow, ...] = ()


@dataclass(frozen=True)
class ModelRow:
    """A whole file; ``sha256`` of its bytes, and of those of a scenario of its own."""

    name: str
    facilities: tuple[FacilityRow, ...]
    supplies: tuple[SupplyRow, ...]
    scenario: ScenarioRow
    sha256: str = ""
    scenario_sha256: str = ""
