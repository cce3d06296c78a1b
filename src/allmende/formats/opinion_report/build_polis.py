"""Turn the result of mode ``polis`` into a report."""

from typing import TYPE_CHECKING

import numpy as np

from allmende.formats.opinion_report.build import (
    DIRECTIONS,
    Texts,
    name_of_group,
    participants_of,
    plain,
    point_of,
)
from allmende.formats.opinion_report.model import (
    FORMAT,
    CandidateRow,
    Counts,
    Grouping,
    GroupRow,
    GroupShareRow,
    OpinionReport,
    ParticipationRow,
    PolisRow,
    Source,
    StatementRow,
    TypicalRow,
)

if TYPE_CHECKING:
    from allmende.algorithms.opinion.polis import PolisResult


def report_of_polis(
    result: "PolisResult", *, source: Source, texts: Texts, software: str, version: str = "polis-1"
) -> OpinionReport:
    """Report of mode polis."""
    votes, counts = result.votes, result.counts
    number = votes.shape[0]
    names = votes.statements.tolist()
    cast = np.bincount(votes.rows, minlength=number)
    overall = [
        np.bincount(votes.columns[votes.values == value], minlength=len(names))
        for value in (1, 0, -1)
    ]
    others = [
        (array.sum(axis=0) - array, counts.votes.sum(axis=0) - counts.votes)
        for array in (counts.agrees, counts.disagrees)
    ]

    def difference(group: int, statement: int, direction: str) -> float:
        side = DIRECTIONS.index(direction)
        mine = (counts.agrees, counts.disagrees)[side][group, statement]
        theirs, all_theirs = (array[group, statement] for array in others[side])
        return plain(mine / max(counts.votes[group, statement], 1) - theirs / max(all_theirs, 1))

    grouped = max(int(counts.members.sum()), 1)
    return OpinionReport(
        format=FORMAT,
        mode="polis",
        version=version,
        software=software,
        seed=result.seed,
        input=source,
        participation=ParticipationRow(
            voted=int((cast > 0).sum()), whole=None, effective=float(number), lands=None, sizes=None
        ),
        grouping=Grouping(
            reason="",
            examined=False,
            separate=None,
            silhouette_threshold=None,
            candidates=tuple(
                CandidateRow(count, plain(silhouette), None, None)
                for count, silhouette in result.groups.silhouettes.items()
            ),
        ),
        groups=tuple(
            GroupRow(
                number=group,
                name=name_of_group(group),
                size=int(counts.members[group]),
                share=plain(counts.members[group] / grouped),
                stability=None,
                centre=point_of(result.groups.centres[group]),
                hull=(),
                typical=tuple(
                    TypicalRow(
                        statement=names[entry.statement],
                        direction=entry.direction,
                        share=plain(entry.successes / max(entry.trials, 1)),
                        difference=difference(group, entry.statement, entry.direction),
                        interval=None,
                        best_agree=entry.best_agree,
                    )
                    for entry in result.representative[group]
                ),
            )
            for group in range(len(counts.members))
        ),
        participants=participants_of(
            votes.participants, result.map.positions, result.groups.groups, cast
        ),
        statements=tuple(
            StatementRow(
                id=name,
                text=texts.of(name),
                author=texts.author.get(name, ""),
                counts=Counts(*(int(array[place]) for array in overall)),
                municipalities=None,
                inhabitants=None,
                consensus=None,
                division=None,
                groups=tuple(
                    GroupShareRow(
                        group=group,
                        answers=int(counts.votes[group, place]),
                        agree=_share(counts.agrees[group, place], counts.votes[group, place]),
                        agree_interval=None,
                        disagree=_share(counts.disagrees[group, place], counts.votes[group, place]),
                        disagree_interval=None,
                    )
                    for group in range(len(counts.members))
                ),
                differences=(),
                polis=PolisRow(
                    group_aware_consensus=plain(result.group_aware_consensus[place]),
                    extremity=plain(result.map.extremity[place]),
                    priority=plain(result.priorities[place]),
                ),
            )
            for place, name in enumerate(names)
        ),
        coordination=None,
    )


def _share(part: float, whole: float) -> float:
    return plain(part / whole) if whole else 0.0
