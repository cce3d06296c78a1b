"""Turn the result of the default mode into a report."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allmende.formats.opinion_report.model import (
    FORMAT,
    CandidateRow,
    ConsensusRow,
    CoordinationRow,
    Counts,
    DifferenceRow,
    DivisionRow,
    FloorRow,
    Grouping,
    GroupRow,
    GroupShareRow,
    OpinionReport,
    ParticipantRow,
    ParticipationRow,
    ReadingRow,
    Source,
    StatementRow,
    StratumRow,
    TypicalRow,
)

if TYPE_CHECKING:
    from allmende.algorithms.opinion.consensus import Floor
    from allmende.algorithms.opinion.coordination import Coordination
    from allmende.algorithms.opinion.result import Coverage, OpinionMap, Reading

Floats = NDArray[np.float64]
DIRECTIONS = ("agree", "disagree")


@dataclass(frozen=True)
class Texts:
    """Text and author of statements, by identifier; statements without text are numbered."""

    text: Mapping[str, str]
    author: Mapping[str, str]

    def of(self, statement: str) -> str:
        """The text, or a stand-in."""
        return self.text.get(statement) or f"Aussage {statement}"


def name_of_group(number: int) -> str:
    """A, B, C, …

    >>> name_of_group(1)
    'B'
    """
    return chr(ord("A") + number)


def report_of_map(
    result: "OpinionMap",
    *,
    source: Source,
    texts: Texts,
    votes_cast: NDArray[np.int64],
    software: str,
    coordination: "Coordination | None" = None,
) -> OpinionReport:
    """Report of mode allmende; ``votes_cast`` (P,) counts each participant's votes."""
    names = result.statement_ids.tolist()
    differences = _differences(result)
    return OpinionReport(
        format=FORMAT,
        mode="allmende",
        version=result.version,
        software=software,
        seed=result.seed,
        input=source,
        participation=ParticipationRow(
            voted=result.participation.voted,
            whole=result.participation.whole,
            effective=plain(result.participation.effective),
            lands=_strata(result.participation.lands),
            sizes=_strata(result.participation.sizes),
        ),
        grouping=Grouping(
            reason=result.no_groups_because,
            examined=result.groups_examined,
            separate=result.groups_separate,
            silhouette_threshold=_maybe(result.silhouette_threshold),
            candidates=tuple(
                CandidateRow(
                    count=candidate.count,
                    silhouette=plain(candidate.silhouette),
                    beats_shuffles=candidate.beats_shuffles,
                    stability=None
                    if candidate.stability is None
                    else tuple(plain(value) for value in candidate.stability),
                )
                for candidate in result.candidates
            ),
        ),
        groups=tuple(
            GroupRow(
                number=group.number,
                name=name_of_group(group.number),
                size=group.size,
                share=plain(group.weight),
                stability=_maybe(group.stability),
                centre=point_of(group.centre),
                hull=tuple(point_of(corner) for corner in group.hull),
                typical=_typical(result, group.number),
            )
            for group in result.groups
        ),
        participants=participants_of(
            result.participants,
            result.positions,
            result.group,
            votes_cast,
            weights=result.weights,
            reliability=result.reliability,
        ),
        statements=tuple(
            _statement_of_map(result, place, texts, differences[place])
            for place in range(len(names))
        ),
        coordination=_coordination(coordination, result.participants),
    )


def plain(value: float) -> float:
    """A float of six decimals, which JSON can hold."""
    number = round(float(value), 6)
    return number if math.isfinite(number) else 0.0


def _maybe(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 6)


def point_of(values: Floats) -> tuple[float, float]:
    """Both coordinates of a point (2,)."""
    return plain(values[0]), plain(values[1])


def _strata(coverage: "Coverage | None") -> tuple[StratumRow, ...] | None:
    if coverage is None:
        return None
    return tuple(
        StratumRow(
            name=name,
            present=int(coverage.present[place]),
            total=None if coverage.totals is None else int(coverage.totals[place]),
        )
        for place, name in enumerate(coverage.names)
    )


def participants_of(
    names: NDArray[np.str_],
    positions: Floats,
    groups: NDArray[np.int64],
    cast: NDArray[np.int64],
    *,
    weights: Floats | None = None,
    reliability: Floats | None = None,
) -> tuple[ParticipantRow, ...]:
    """One row for each participant; without weights all count the same."""
    return tuple(
        ParticipantRow(
            id=name,
            position=point_of(positions[row]),
            group=int(groups[row]) if groups[row] >= 0 else None,
            votes=int(cast[row]),
            weight=1.0 if weights is None else plain(weights[row]),
            reliability=None if reliability is None else plain(reliability[row]),
        )
        for row, name in enumerate(names.tolist())
    )


def _typical(result: "OpinionMap", group: int) -> tuple[TypicalRow, ...]:
    """All differences that are findings and in which the group stands out, surest first."""
    found = result.statements.differences
    if found is None:
        return ()
    rows = [
        TypicalRow(
            statement=str(result.statement_ids[place]),
            direction=direction,
            share=plain(share[group, place]),
            difference=plain(contrast.value[group, place]),
            interval=(plain(contrast.low[group, place]), plain(contrast.high[group, place])),
        )
        for direction, contrast, share in (
            ("agree", found.agree, found.inside.agree),
            ("disagree", found.disagree, found.inside.disagree),
        )
        for place in np.flatnonzero(contrast.found[group] & (contrast.value[group] > 0)).tolist()
    ]
    return tuple(sorted(rows, key=_certain_first))


def _certain_first(row: TypicalRow) -> tuple[float, str]:
    return (-row.interval[0] if row.interval else 0.0, row.statement)


def _differences(result: "OpinionMap") -> list[tuple[DifferenceRow, ...]]:
    found = result.statements.differences
    rows: list[list[DifferenceRow]] = [[] for _ in result.statement_ids]
    for direction, contrast in (
        () if found is None else zip(DIRECTIONS, (found.agree, found.disagree), strict=True)
    ):
        for group, place in np.argwhere(np.isfinite(contrast.value)).tolist():
            at = group, place
            rows[place].append(
                DifferenceRow(
                    group=group,
                    direction=direction,
                    value=plain(contrast.value[at]),
                    interval=(plain(contrast.low[at]), plain(contrast.high[at])),
                    p_value=float(contrast.p_value[at]),
                    found=bool(contrast.found[at]),
                )
            )
    return [tuple(row) for row in rows]


def _statement_of_map(
    result: "OpinionMap", place: int, texts: Texts, differences: tuple[DifferenceRow, ...]
) -> StatementRow:
    figures = result.statements
    name = str(result.statement_ids[place])
    shares, agreed, disagreed = (
        figures.groups,
        figures.group_agree_interval,
        figures.group_disagree_interval,
    )
    groups: tuple[GroupShareRow, ...] = ()
    if shares is not None and agreed is not None and disagreed is not None:
        groups = tuple(
            GroupShareRow(
                group=group,
                answers=int(shares.answers[group, place]),
                agree=plain(shares.agree[group, place]),
                agree_interval=_bounds(agreed, group, place),
                disagree=plain(shares.disagree[group, place]),
                disagree_interval=_bounds(disagreed, group, place),
            )
            for group in range(len(shares.agree))
        )
    division = figures.division
    return StatementRow(
        id=name,
        text=texts.of(name),
        author=texts.author.get(name, ""),
        counts=Counts(
            int(figures.agree[place]), int(figures.passed[place]), int(figures.disagree[place])
        ),
        municipalities=_reading(figures.municipalities, place),
        inhabitants=None if figures.inhabitants is None else _reading(figures.inhabitants, place),
        consensus=ConsensusRow(
            agree=_floor(figures.consensus.agree, place),
            disagree=_floor(figures.consensus.disagree, place),
        ),
        division=DivisionRow(
            value=plain(division.value[place]),
            interval=(plain(division.low[place]), plain(division.high[place])),
            between_groups=division.between_groups,
        ),
        groups=groups,
        differences=differences,
        polis=None,
    )


def _bounds(interval: tuple[Floats, Floats], *at: int) -> tuple[float, float]:
    return plain(interval[0][at]), plain(interval[1][at])


def _reading(reading: "Reading", place: int) -> ReadingRow:
    return ReadingRow(
        agree=plain(reading.agree[place]),
        agree_interval=_bounds(reading.agree_interval, place),
        disagree=plain(reading.disagree[place]),
        disagree_interval=_bounds(reading.disagree_interval, place),
        passed=plain(reading.passed[place]),
        effective=plain(reading.effective[place]),
    )


def _floor(floor: "Floor", place: int) -> FloorRow:
    return FloorRow(
        least=plain(floor.least[place]),
        overall=plain(floor.overall[place]),
        groups=_maybe(floor.groups[place]),
        lands=_maybe(floor.lands[place]),
        sizes=_maybe(floor.sizes[place]),
    )


def _coordination(
    found: "Coordination | None", participants: NDArray[np.str_]
) -> CoordinationRow | None:
    if found is None:
        return None
    return CoordinationRow(
        checked=found.checked,
        pairs_tested=found.pairs_tested,
        components=tuple(
            tuple(participants[found.components == component].tolist())
            for component in range(int(found.components.max(initial=-1)) + 1)
        ),
        straight_lines=tuple(participants[found.straight_lines].tolist()),
    )
