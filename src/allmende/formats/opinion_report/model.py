"""The report as plain data: what stands in the JSON document, field by field.

Shares lie between 0 and 1, intervals are (low, high) at 95 %. None means not known or not computed.
"""

import json
from dataclasses import asdict, dataclass

FORMAT = "allmende-opinion/1"

Interval = tuple[float, float]


@dataclass(frozen=True)
class Source:
    """What was read.

    ``rows`` counts the rows of the log, ``votes`` the last vote of each pair on the statements that
    count; ``rejected`` statements do not.
    """

    name: str
    sha256: str
    rows: int
    votes: int
    participants: int
    statements: int
    rejected: int
    median_votes: float
    topic: str = ""
    description: str = ""
    url: str = ""
    notice: str = ""
    votes_sha256: str = ""


@dataclass(frozen=True)
class ParticipantRow:
    """A participant; ``group`` is the number of a group."""

    id: str
    position: tuple[float, float]
    group: int | None
    votes: int
    weight: float
    reliability: float | None


@dataclass(frozen=True)
class TypicalRow:
    """A statement that is typical of a group.

    ``share`` of the group goes in ``direction``; ``difference`` to all others as a share, with its
    interval where the mode has one; ``best_agree`` is Polis' mark of the strongest agreement.
    """

    statement: str
    direction: str
    share: float
    difference: float
    interval: Interval | None
    best_agree: bool = False


@dataclass(frozen=True)
class GroupRow:
    """A group; ``hull`` is its outline, ``share`` its part of all who have a group."""

    number: int
    name: str
    size: int
    share: float
    stability: float | None
    centre: tuple[float, float]
    hull: tuple[tuple[float, float], ...]
    typical: tuple[TypicalRow, ...]


@dataclass(frozen=True)
class CandidateRow:
    """A number of groups that was considered."""

    count: int
    silhouette: float
    beats_shuffles: bool | None
    stability: tuple[float, ...] | None


@dataclass(frozen=True)
class Grouping:
    """Whether there are groups, and why not. ``reason`` is empty if there are some.

    ``separate`` tells whether a gap between them is shown; if not, they may be parts of one cloud.
    """

    reason: str
    examined: bool
    separate: bool | None
    silhouette_threshold: float | None
    candidates: tuple[CandidateRow, ...]


@dataclass(frozen=True)
class Counts:
    """Plain numbers of votes."""

    agree: int
    passed: int
    disagree: int


@dataclass(frozen=True)
class ReadingRow:
    """Shares of the whole in one of the two ways to count."""

    agree: float
    agree_interval: Interval
    disagree: float
    disagree_interval: Interval
    passed: float
    effective: float


@dataclass(frozen=True)
class FloorRow:
    """Smallest lower bound, ``least``, and what it is the smallest of."""

    least: float
    overall: float
    groups: float | None
    lands: float | None
    sizes: float | None


@dataclass(frozen=True)
class ConsensusRow:
    """Shared agreement and shared rejection."""

    agree: FloorRow
    disagree: FloorRow


@dataclass(frozen=True)
class DivisionRow:
    """How much a statement divides: 0 united, 1 two equal and opposite halves."""

    value: float
    interval: Interval
    between_groups: bool


@dataclass(frozen=True)
class GroupShareRow:
    """What one group does with a statement."""

    group: int
    answers: int
    agree: float
    agree_interval: Interval | None
    disagree: float
    disagree_interval: Interval | None


@dataclass(frozen=True)
class DifferenceRow:
    """A tested difference between a group and all others."""

    group: int
    direction: str
    value: float
    interval: Interval
    p_value: float
    found: bool


@dataclass(frozen=True)
class PolisRow:
    """Figures that only Polis has."""

    group_aware_consensus: float
    extremity: float
    priority: float


@dataclass(frozen=True)
class StatementRow:
    """A statement. ``polis`` is None in mode allmende, the readings are None in mode polis."""

    id: str
    text: str
    author: str
    counts: Counts
    municipalities: ReadingRow | None
    inhabitants: ReadingRow | None
    consensus: ConsensusRow | None
    division: DivisionRow | None
    groups: tuple[GroupShareRow, ...]
    differences: tuple[DifferenceRow, ...]
    polis: PolisRow | None


@dataclass(frozen=True)
class StratumRow:
    """How many of a Land or size class took part, and of how many if that is known."""

    name: str
    present: int
    total: int | None


@dataclass(frozen=True)
class ParticipationRow:
    """Who took part; ``effective`` is Kish's effective number of participants."""

    voted: int
    whole: int | None
    effective: float
    lands: tuple[StratumRow, ...] | None
    sizes: tuple[StratumRow, ...] | None


@dataclass(frozen=True)
class CoordinationRow:
    """Components of coordinated voting, largest first, and straight-liners, by identifier."""

    checked: bool
    pairs_tested: int
    components: tuple[tuple[str, ...], ...]
    straight_lines: tuple[str, ...]


@dataclass(frozen=True)
class OpinionReport:
    """Everything that a report tells; ``mode`` is allmende or polis."""

    format: str
    mode: str
    version: str
    software: str
    seed: int
    input: Source
    participation: ParticipationRow
    grouping: Grouping
    groups: tuple[GroupRow, ...]
    participants: tuple[ParticipantRow, ...]
    statements: tuple[StatementRow, ...]
    coordination: CoordinationRow | None


def write_json(report: OpinionReport) -> str:
    """Write the JSON document: UTF-8 text, fields in fixed order, the same for the same report."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
