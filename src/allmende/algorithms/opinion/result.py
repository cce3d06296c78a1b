"""What an analysis of opinions returns: frozen dataclasses of arrays.

P participants, S statements, G groups; every array is in the order of ``Votes``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.consensus import Consensus, Division
from allmende.algorithms.opinion.differences import Differences
from allmende.algorithms.opinion.groups import Candidate
from allmende.algorithms.opinion.intervals import Interval
from allmende.algorithms.opinion.raking import Raking
from allmende.algorithms.opinion.tallies import Shares

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class PreviousMap:
    """An earlier map of the same concern, so that the new one can be laid on it.

    participants : (Q,) str
    positions : (Q, 2) float64
    group_count : int
        0 if there were no groups.
    """

    participants: NDArray[np.str_]
    positions: Floats
    group_count: int = 0


@dataclass(frozen=True)
class Reading:
    """Shares of the whole on S statements, in one of the two ways to count.

    agree, disagree, passed : (S,) float64
        Weighted shares of those who voted; all 0 where nobody did.
    agree_interval, disagree_interval : Interval
        95 %, each of two (S,) arrays; 0 to 1 where nobody voted.
    effective : (S,) float64
        Kish's effective number of votes.
    """

    agree: Floats
    disagree: Floats
    passed: Floats
    agree_interval: Interval
    disagree_interval: Interval
    effective: Floats


@dataclass(frozen=True)
class Statements:
    """Figures of S statements, in the order of ``Votes.statements``.

    agree, passed, disagree : (S,) int64
        Plain numbers of votes.
    municipalities : Reading
        Each municipality one vote.
    inhabitants : Reading or None
        Each municipality as many votes as inhabitants; None without populations.
    consensus : Consensus
        What all share.
    division : Division
        What divides.
    groups : Shares or None
        Shares of each group shown, (G, S); None without groups.
    group_agree_interval, group_disagree_interval : Interval or None
        Their 95 % intervals.
    differences : Differences or None
        On what groups differ; None without groups.
    """

    agree: Counts
    passed: Counts
    disagree: Counts
    municipalities: Reading
    inhabitants: Reading | None
    consensus: Consensus
    division: Division
    groups: Shares | None
    group_agree_interval: Interval | None
    group_disagree_interval: Interval | None
    differences: Differences | None


@dataclass(frozen=True)
class Group:
    """One opinion group.

    number : int
        0 for the heaviest, then 1, 2, ...
    size : int
        Number of members.
    weight : float
        Share of the weight of all who have a group.
    stability : float or None
        Mean Jaccard index over bootstraps, 0 to 1; None if not examined.
    centre : (2,) float64
        Weighted mean of its members' positions.
    hull : (h, 2) float64
        Corners of a convex outline, counterclockwise.
    """

    number: int
    size: int
    weight: float
    stability: float | None
    centre: Floats
    hull: Floats


@dataclass(frozen=True)
class Coverage:
    """How many took part in each stratum: names, (C,) took part, (C,) of how many or None."""

    names: tuple[str, ...]
    present: Counts
    totals: Counts | None


@dataclass(frozen=True)
class Participation:
    """Who took part.

    voted, whole : int, int or None
        Participants with at least one vote; municipalities in the whole, if known.
    lands, sizes : Coverage or None
        By Land and by size class; None without strata.
    effective : float
        Kish's effective number of participants.
    raking : Raking
        Weights and how well they meet the margins.
    """

    voted: int
    whole: int | None
    lands: Coverage | None
    sizes: Coverage | None
    effective: float
    raking: Raking


@dataclass(frozen=True)
class OpinionMap:
    """Everything about a concern's votes.

    The same votes, strata, earlier map, seed and version give the same bits on the same machine.

    participants, statement_ids : (P,) and (S,) str
        As in the votes.
    positions : (P, 2) float64
        Places on the map, in units of votes; those without votes lie in the middle, (0, 0).
    covariances : (P, 2, 2) float64
        Uncertainty of the places.
    reliability : (P,) float64
        0 the votes tell nothing about the place, 1 everything.
    weights : (P,) float64
        One municipality, one vote, raked; mean 1 over those who voted.
    loadings : (S, 2) float64
        How strongly each statement belongs to each axis.
    spread : (2,) float64
        Variance of opinions along each axis.
    noise : float
        Variance of a vote around what position and loading say.
    group : (P,) int64
        Group of each participant; -1 without.
    groups : tuple of Group
        Empty if there are none.
    no_groups_because : str
        "" if there are groups, otherwise a reason as in `GroupFinding`.
    groups_examined : bool
        False if bootstraps and shuffles were left out: then groups are only a proposal.
    groups_separate : bool or None
        Whether a gap between the groups is shown; False if they may be parts of one cloud; None
        without groups or examination.
    candidates : tuple of Candidate
        Every number of groups considered, with silhouette and stability.
    silhouette_threshold : float or None
        95 % point of the silhouettes of shuffled votes.
    statements : Statements
    participation : Participation
    seed : int
    version : str
    input_hash : str
        SHA-256 of votes, strata and earlier map.
    """

    participants: NDArray[np.str_]
    statement_ids: NDArray[np.str_]
    positions: Floats
    covariances: Floats
    reliability: Floats
    weights: Floats
    loadings: Floats
    spread: Floats
    noise: float
    group: Labels
    groups: tuple[Group, ...]
    no_groups_because: str
    groups_examined: bool
    groups_separate: bool | None
    candidates: tuple[Candidate, ...]
    silhouette_threshold: float | None
    statements: Statements
    participation: Participation
    seed: int
    version: str
    input_hash: str
