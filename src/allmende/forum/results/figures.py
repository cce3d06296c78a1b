"""A result's document as its pages show it: read once, kept in memory, shared by all readers.

The document itself is described in ``docs/reference/opinion-json.md``; only this module knows how it is
laid out. A page of 10,750 dots must not read a megabyte of JSON for every visitor, so what is read stays
in memory under the result's number and date.
"""

import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..models import Result

LETTERS = "ABCDEFGHIJ"
KEPT_RESULTS = 8


@dataclass(frozen=True)
class Estimate:
    """A figure and the interval in which it lies with 95 % probability."""

    value: float
    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high


@dataclass(frozen=True)
class GroupShare:
    """What one group says to one statement; differences are against all others with a group."""

    group: int
    answers: int
    agree: Estimate
    disagree: Estimate
    agree_difference: Estimate | None
    disagree_difference: Estimate | None

    @property
    def letter(self) -> str:
        return LETTERS[self.group]


@dataclass(frozen=True)
class StatementFigures:
    """All figures of one statement. ``consensus`` and ``rejection`` are the smallest sure shares."""

    number: int
    agree: int
    passed: int
    disagree: int
    municipalities: Estimate
    municipalities_against: Estimate
    inhabitants: Estimate | None
    inhabitants_against: Estimate | None
    consensus: float
    rejection: float
    division: Estimate
    groups: tuple[GroupShare, ...]

    @property
    def total(self) -> int:
        return self.agree + self.passed + self.disagree


@dataclass(frozen=True)
class GroupFigures:
    """One group; ``stability`` is the mean Jaccard index over repetitions with others taking part."""

    number: int
    size: int
    weight: float
    stability: float | None

    @property
    def letter(self) -> str:
        return LETTERS[self.number]


@dataclass(frozen=True)
class Candidate:
    """A number of groups that was considered."""

    count: int
    silhouette: float
    stability: float | None


@dataclass(frozen=True)
class Coordination:
    """Participants by key who voted alike beyond what like-minded ones do; nothing is removed."""

    checked: bool
    components: tuple[tuple[str, ...], ...]
    straight_lines: int


@dataclass(frozen=True)
class Figures:
    """A whole result. ``places`` maps a participant's key to its place, ``x, y, group`` (-1: none).

    ``separate`` tells whether a gap between the groups is shown; if not, they may be parts of one cloud.
    """

    places: dict[str, tuple[float, float, int]]
    statements: tuple[StatementFigures, ...]
    groups: tuple[GroupFigures, ...]
    no_groups_because: str
    separate: bool | None
    candidates: tuple[Candidate, ...]
    silhouette_threshold: float | None
    voted: int
    whole: int | None
    effective: float
    votes: int
    coordination: Coordination | None

    def by_consensus(self) -> list[StatementFigures]:
        """Statements by the agreement that every part surely reaches."""
        return sorted(self.statements, key=lambda each: (-each.consensus, each.number))

    def by_rejection(self) -> list[StatementFigures]:
        """Statements by the rejection that every part surely reaches."""
        return sorted(self.statements, key=lambda each: (-each.rejection, each.number))

    def by_division(self) -> list[StatementFigures]:
        """Statements by how much they surely divide."""
        return sorted(self.statements, key=lambda each: (-each.division.low, each.number))

    def by_votes(self) -> list[StatementFigures]:
        """Statements by the number of votes."""
        return sorted(self.statements, key=lambda each: (-each.total, each.number))

    def typical_of(self, group: int) -> list[tuple[StatementFigures, Estimate, bool]]:
        """Statements on which a group differs beyond chance, the largest difference first.

        With each the difference, and whether it is of agreement (otherwise of rejection).
        """
        found = []
        for each in self.statements:
            share = next(share for share in each.groups if share.group == group)
            differences = ((share.agree_difference, True), (share.disagree_difference, False))
            more = [(d, agrees) for d, agrees in differences if d is not None and d.value > 0]
            if more:
                difference, agrees = max(more, key=lambda entry: entry[0].value)
                found.append((each, difference, agrees))
        return sorted(found, key=lambda entry: (-entry[1].value, entry[0].number))


def figures_of(result: Result) -> Figures:
    """The figures of a result that is there; from memory if they have been read before."""
    assert result.computed_at is not None  # noqa: S101  for the type checker; see ``Result.is_there``
    return kept_figures(result.pk, result.input_hash, result.computed_at)


@dataclass(frozen=True)
class Tally:
    """Plain numbers of votes on one statement."""

    agree: int
    passed: int
    disagree: int

    @property
    def total(self) -> int:
        return self.agree + self.passed + self.disagree


def tallies_of(result: Result, *, land: str, size_class: int | None) -> dict[int, Tally]:
    """Votes by statement number in a Land, a size class or both, as they were for the document."""
    assert result.computed_at is not None  # noqa: S101  for the type checker
    statements, cells = _kept_counts(result.pk, result.input_hash, result.computed_at)
    chosen = [
        counts
        for (cell_land, cell_size), counts in cells.items()
        if land in {"", cell_land} and size_class in {None, cell_size}
    ]
    if not chosen:
        return {}
    columns = (
        [sum(column) for column in zip(*kind, strict=True)] for kind in zip(*chosen, strict=True)
    )
    return {
        number: Tally(*counts)
        for number, *counts in zip(statements, *columns, strict=True)
        if any(counts)
    }


Cells = dict[tuple[str, int], list[list[int]]]


@lru_cache(maxsize=KEPT_RESULTS)
def _kept_counts(pk: int, input_hash: str, computed_at: datetime) -> tuple[list[int], Cells]:
    counts = json.loads(gzip.decompress(Result.objects.only("counts").get(pk=pk).counts))
    cells: Cells = {}
    for name, kinds in counts["cells"].items():
        land, _, size = name.partition("/")
        cells[land, int(size)] = kinds
    return [int(number) for number in counts["statements"]], cells


@lru_cache(maxsize=KEPT_RESULTS)
def kept_figures(pk: int, input_hash: str, computed_at: datetime) -> Figures:
    """The figures of the result with this number, which then had this input and date."""
    return read_figures(document_of(Result.objects.only("document").get(pk=pk)))


def document_of(result: Result) -> dict[str, Any]:
    """The stored document as JSON values."""
    document: dict[str, Any] = json.loads(gzip.decompress(result.document))
    return document


def read_figures(document: dict[str, Any]) -> Figures:
    """Turn a document into what pages show."""
    statements = tuple(_statement(each) for each in document["statements"])
    grouping = document["grouping"]
    return Figures(
        places={
            each["id"]: (*each["position"], -1 if each["group"] is None else each["group"])
            for each in document["participants"]
        },
        statements=statements,
        groups=tuple(
            GroupFigures(each["number"], each["size"], each["share"], each["stability"])
            for each in document["groups"]
        ),
        no_groups_because=grouping["reason"],
        separate=grouping["separate"],
        candidates=tuple(
            Candidate(
                each["count"],
                each["silhouette"],
                None if each["stability"] is None else min(each["stability"]),
            )
            for each in grouping["candidates"]
        ),
        silhouette_threshold=grouping["silhouette_threshold"],
        voted=document["participation"]["voted"],
        whole=document["participation"]["whole"],
        effective=document["participation"]["effective"],
        votes=sum(each.total for each in statements),
        coordination=_coordination(document["coordination"]),
    )


def _coordination(found: dict[str, Any] | None) -> Coordination | None:
    if found is None:
        return None
    components = tuple(tuple(component) for component in found["components"])
    return Coordination(found["checked"], components, len(found["straight_lines"]))


def _statement(each: dict[str, Any]) -> StatementFigures:
    counts, people, whole = each["counts"], each["inhabitants"], each["municipalities"]
    return StatementFigures(
        number=int(each["id"]),
        agree=counts["agree"],
        passed=counts["passed"],
        disagree=counts["disagree"],
        municipalities=_estimate(whole, "agree"),
        municipalities_against=_estimate(whole, "disagree"),
        inhabitants=None if people is None else _estimate(people, "agree"),
        inhabitants_against=None if people is None else _estimate(people, "disagree"),
        consensus=each["consensus"]["agree"]["least"],
        rejection=each["consensus"]["disagree"]["least"],
        division=Estimate(each["division"]["value"], *each["division"]["interval"]),
        groups=tuple(_group(share, each["differences"]) for share in each["groups"]),
    )


def _group(share: dict[str, Any], differences: list[dict[str, Any]]) -> GroupShare:
    return GroupShare(
        group=share["group"],
        answers=share["answers"],
        agree=_estimate(share, "agree"),
        disagree=_estimate(share, "disagree"),
        agree_difference=_finding(share["group"], "agree", differences),
        disagree_difference=_finding(share["group"], "disagree", differences),
    )


def _estimate(each: dict[str, Any], direction: str) -> Estimate:
    return Estimate(each[direction], *each[f"{direction}_interval"])


def _finding(group: int, direction: str, differences: list[dict[str, Any]]) -> Estimate | None:
    """A difference only if it is a finding: what may be chance is not shown as a difference."""
    for each in differences:
        if each["group"] == group and each["direction"] == direction and each["found"]:
            return Estimate(each["value"], *each["interval"])
    return None
