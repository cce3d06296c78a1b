"""The report as plain data: what stands in the JSON document, field by field.

Losses are person-hours without supply; shares lie between 0 and 1. None means not computed.
"""

import json
from dataclasses import asdict, dataclass

FORMAT = "allmende-cascade-result/1"


@dataclass(frozen=True)
class Source:
    """What was read. ``scenario_sha256`` is empty if the scenario stood in the model."""

    name: str
    sha256: str
    scenario_sha256: str
    facilities: int
    supplies: int
    municipalities: int
    horizon_hours: float


@dataclass(frozen=True)
class SectorRow:
    """A sector: how many it serves and has, how many of them failed; ``lost_hours`` is the area above the curve.

    ``shares`` are those of the persons served, by the moments of the run.
    """

    name: str
    served: float
    facilities: int
    down: int
    loss: float
    lowest: float
    lost_hours: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class MunicipalityRow:
    """A municipality, with its losses in the order of the sectors."""

    name: str
    loss: float
    by_sector: tuple[float, ...]


@dataclass(frozen=True)
class EventRow:
    """Something that happened, and in German why."""

    at: float
    event: str
    facility: str
    sector: str
    municipality: str
    because: str


@dataclass(frozen=True)
class SingleRow:
    """What is lost if this facility alone fails; ``own`` is what would be lost without a cascade."""

    facility: str
    sector: str
    municipality: str
    loss: float
    own: float


@dataclass(frozen=True)
class BufferRow:
    """What one more hour in the store of a supply saves in this run; ``supply`` counts from 1."""

    facility: str
    supply: int
    suppliers: tuple[str, ...]
    buffer_hours: float | None
    saved: float


@dataclass(frozen=True)
class PlaceRow:
    """Where a generator goes, and what is lost with it and those before it."""

    facility: str
    supply: int
    suppliers: tuple[str, ...]
    loss: float


@dataclass(frozen=True)
class GeneratorsRow:
    """The places for generators. ``exact``: nothing is better; else there is no guarantee."""

    asked: int
    candidates: int
    exact: bool
    without: float
    places: tuple[PlaceRow, ...]


@dataclass(frozen=True)
class RunRow:
    """One run. ``buffers_looked_at`` of ``buffers_empty`` supplies whose stores did not last were looked at."""

    damaged: int
    down: int
    loss: float
    moments: tuple[float, ...]
    sectors: tuple[SectorRow, ...]
    municipalities: tuple[MunicipalityRow, ...]
    events: tuple[EventRow, ...]
    single_hours: float
    single_failures: tuple[SingleRow, ...]
    buffers_empty: int
    buffers_looked_at: int
    buffers: tuple[BufferRow, ...]
    generators: GeneratorsRow | None


@dataclass(frozen=True)
class QuantileRow:
    """A loss that this share of the runs does not exceed."""

    share: float
    loss: float


@dataclass(frozen=True)
class SpreadRow:
    """Losses over many runs; ``error`` is the standard error of the mean, None for a single run."""

    name: str
    mean: float
    error: float | None
    quantiles: tuple[QuantileRow, ...]


@dataclass(frozen=True)
class BinRow:
    """How many runs lost from ``low`` to below ``high``; the last one includes it."""

    low: float
    high: float
    runs: int


@dataclass(frozen=True)
class ImportantRow:
    """How much more is lost in the mean if a hazard hits this facility than if it spares it.

    ``chance`` is that it is hit at all; ``error`` the standard error of the loss, None for a single run.
    """

    facility: str
    sector: str
    municipality: str
    chance: float
    loss: float
    error: float | None


@dataclass(frozen=True)
class ImportanceRow:
    """Of the ``candidates`` that may be hit, those whose failure alone costs most; ``runs`` were made for each."""

    candidates: int
    runs: int
    facilities: tuple[ImportantRow, ...]


@dataclass(frozen=True)
class EnsembleRow:
    """Many runs."""

    runs: int
    damaged: float
    whole: SpreadRow
    sectors: tuple[SpreadRow, ...]
    bins: tuple[BinRow, ...]
    importance: ImportanceRow | None


@dataclass(frozen=True)
class CascadeReport:
    """Everything that a report tells: of one run or of many."""

    format: str
    version: str
    software: str
    seed: int
    input: Source
    run: RunRow | None
    ensemble: EnsembleRow | None


def write_json(report: CascadeReport) -> str:
    """Write the JSON document: UTF-8 text, fields in fixed order, the same for the same report."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
