"""The opinion map of a concern, from votes to everything a page shows.

>>> from allmende.algorithms.opinion.votes import votes_from_log
>>> votes = votes_from_log(["a", "b", "c"], ["s", "s", "s"], [1, 1, -1])
>>> result = analyse(votes, uncertainty=False)
>>> result.statements.agree.tolist(), result.no_groups_because
([2], 'too few')
"""

import hashlib
import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.consensus import (
    division_between,
    division_overall,
    find_consensus,
    reading_interval,
)
from allmende.algorithms.opinion.differences import find_differences
from allmende.algorithms.opinion.examination import Progress
from allmende.algorithms.opinion.groups import GroupFinding, find_groups
from allmende.algorithms.opinion.intervals import finite_size, share_interval
from allmende.algorithms.opinion.positions import OpinionSpace, VoteMatrix, align_map, fit_map
from allmende.algorithms.opinion.raking import Raking, effective_size
from allmende.algorithms.opinion.result import (
    Coverage,
    Group,
    OpinionMap,
    Participation,
    PreviousMap,
    Reading,
    Statements,
)
from allmende.algorithms.opinion.tallies import Shares, tally, weighted_shares
from allmende.algorithms.opinion.votes import Votes
from allmende.algorithms.opinion.weights import Strata, strata_weights

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

VERSION = "allmende-1"
HULL_DIRECTIONS = 72


def analyse(
    votes: Votes,
    *,
    strata: Strata | None = None,
    seed: int = 0,
    uncertainty: bool = True,
    bootstraps: int = 100,
    shuffles: int = 39,
    previous: PreviousMap | None = None,
    progress: Progress | None = None,
) -> OpinionMap:
    """Compute the opinion map of a concern.

    Parameters
    ----------
    votes : Votes
        V votes of P participants on S statements; any of these may be 0.
    strata : Strata, optional
        Land, size class and population of each participant, and the size of the whole.
    seed : int
        Starting point of all randomness, zero or more.
    uncertainty : bool
        Whether to examine groups by bootstraps and shuffles. Without, groups are a proposal.
    bootstraps, shuffles : int
        How many of each; see `find_groups`.
    previous : PreviousMap, optional
        The map before, to turn the new one like it and to keep its number of groups if possible.
    progress : callable, optional
        Called with the name of a step, the number done and the number to do.

    Returns
    -------
    OpinionMap

    Raises
    ------
    ValueError
        If strata do not fit the votes, the seed is negative or there are too few shuffles.

    Notes
    -----
    Degenerate votes give small correct results: without votes, with one participant, one statement,
    or where all vote alike, everybody lies at (0, 0), there are no groups, and shares with their
    intervals are what the numbers say.

    References
    ----------
    docs/algorithms/opinion.md
    """
    if seed < 0:
        raise ValueError(f"seed {seed} is negative")
    if strata is not None and len(strata.lands) != votes.shape[0]:
        raise ValueError(
            f"strata of {len(strata.lands)} participants, but votes of {votes.shape[0]}"
        )
    matrix = VoteMatrix(votes)
    present = matrix.cast > 0
    raking = (
        Raking(present.astype(np.float64), True, 0, 0.0)
        if strata is None
        else strata_weights(strata, present=present)
    )
    weights = raking.weights
    space = fit_map(matrix, weights=weights)
    finding = find_groups(
        matrix,
        space=space,
        weights=weights,
        seed=seed,
        bootstraps=bootstraps if uncertainty else 0,
        shuffles=shuffles if uncertainty else 0,
        layers=_layers(strata),
        previous_count=previous.group_count if previous else None,
        progress=progress,
    )
    if previous is not None:
        space = align_map(space, previous=_earlier(votes, previous), weights=weights)
    return OpinionMap(
        participants=votes.participants,
        statement_ids=votes.statements,
        positions=space.positions,
        covariances=space.covariances,
        reliability=space.reliability,
        weights=weights,
        loadings=space.loadings,
        spread=space.spread,
        noise=space.noise,
        group=finding.labels,
        groups=_groups(finding, space, weights),
        no_groups_because=finding.reason,
        groups_examined=finding.examined,
        groups_separate=finding.separate,
        candidates=finding.candidates,
        silhouette_threshold=finding.threshold,
        statements=_statements(votes, strata, weights, finding, seed),
        participation=_participation(strata, present, raking),
        seed=seed,
        version=VERSION,
        input_hash=input_hash(votes, strata, previous),
    )


def _earlier(votes: Votes, previous: PreviousMap) -> Floats:
    """Earlier positions in the order of the votes, NaN for newcomers."""
    place = dict(zip(previous.participants.tolist(), previous.positions, strict=True))
    unknown = np.full(2, np.nan)
    rows = [place.get(name, unknown) for name in votes.participants.tolist()]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _layers(strata: Strata | None) -> Labels | None:
    if strata is None:
        return None
    _, land = np.unique(strata.lands, return_inverse=True)
    _, size = np.unique(strata.size_classes, return_inverse=True)
    return land * (int(size.max(initial=0)) + 1) + size


def _groups(finding: GroupFinding, space: OpinionSpace, weights: Floats) -> tuple[Group, ...]:
    chosen = finding.chosen
    if chosen is None:
        return ()
    total = float(weights[finding.labels >= 0].sum())
    groups = []
    for number in range(finding.count):
        mine = finding.labels == number
        points, weight = space.positions[mine], weights[mine]
        groups.append(
            Group(
                number=number,
                size=int(mine.sum()),
                weight=float(weight.sum()) / total,
                stability=None if chosen.stability is None else float(chosen.stability[number]),
                centre=(points * weight[:, None]).sum(axis=0) / weight.sum(),
                hull=_outline(points),
            )
        )
    return tuple(groups)


def _outline(points: Floats) -> Floats:
    """Corners of the convex hull that are extreme in one of 72 directions, counterclockwise."""
    angles = 2 * np.pi * np.arange(HULL_DIRECTIONS) / HULL_DIRECTIONS
    corners: list[int] = []
    for across, along in zip(np.cos(angles), np.sin(angles), strict=True):
        corner = int(np.argmax(points[:, 0] * across + points[:, 1] * along))
        if corner not in corners:
            corners.append(corner)
    return points[corners]


def _statements(
    votes: Votes, strata: Strata | None, weights: Floats, finding: GroupFinding, seed: int
) -> Statements:
    counts = tally(votes)[0]
    whole = None if strata is None else strata.total
    overall = weighted_shares(votes, weights=weights)
    lands = sizes = None
    land_totals = size_totals = None
    if strata is not None:
        lands, land_totals = _by_stratum(votes, weights, strata.lands, strata.land_totals)
        sizes, size_totals = _by_stratum(votes, weights, strata.size_classes, strata.size_totals)
    inhabitants = None
    if strata is not None and strata.populations.sum() > 0:
        heads = weighted_shares(votes, weights=weights * strata.populations)
        inhabitants = _reading(heads, whole)
    groups = differences = agree_interval = disagree_interval = None
    division = division_overall(overall, whole=whole)
    if finding.count:
        groups = weighted_shares(votes, weights=weights, cells=finding.labels, count=finding.count)
        # the part of a group that voted is taken to be that of the whole
        size = finite_size(groups.effective, sampled=overall.answers, whole=whole)
        agree_interval = share_interval(groups.agree, size)
        disagree_interval = share_interval(groups.disagree, size)
        differences = find_differences(
            votes, weights=weights, labels=finding.labels, count=finding.count, seed=seed
        )
        placed = finding.labels >= 0
        masses = np.bincount(finding.labels[placed], weights[placed], minlength=finding.count)
        division = division_between(differences.inside, sizes=masses / masses.sum())
    return Statements(
        agree=counts[0],
        passed=counts[1],
        disagree=counts[2],
        municipalities=_reading(overall, whole),
        inhabitants=inhabitants,
        consensus=find_consensus(
            overall=overall,
            groups=groups,
            lands=lands,
            sizes=sizes,
            whole=whole,
            land_totals=land_totals,
            size_totals=size_totals,
        ),
        division=division,
        groups=groups,
        group_agree_interval=agree_interval,
        group_disagree_interval=disagree_interval,
        differences=differences,
    )


def _reading(shares: Shares, whole: int | None) -> Reading:
    agree, disagree = shares.agree[0], shares.disagree[0]
    effective, answers = shares.effective[0], shares.answers[0]
    return Reading(
        agree=agree,
        disagree=disagree,
        passed=np.where(answers > 0, np.maximum(1 - agree - disagree, 0.0), 0.0),
        agree_interval=reading_interval(agree, effective, answers, whole=whole),
        disagree_interval=reading_interval(disagree, effective, answers, whole=whole),
        effective=effective,
    )


def _by_stratum(
    votes: Votes, weights: Floats, names: NDArray[np.str_], totals: Mapping[str, int]
) -> tuple[Shares, Floats | None]:
    known, cells = np.unique(names, return_inverse=True)
    shares = weighted_shares(votes, weights=weights, cells=cells, count=len(known))
    if not totals:
        return shares, None
    return shares, np.array([totals[name] for name in known.tolist()], dtype=np.float64)


def _participation(
    strata: Strata | None, present: NDArray[np.bool_], raking: Raking
) -> Participation:
    return Participation(
        voted=int(present.sum()),
        whole=None if strata is None else strata.total,
        lands=None if strata is None else _coverage(strata.lands, strata.land_totals, present),
        sizes=None
        if strata is None
        else _coverage(strata.size_classes, strata.size_totals, present),
        effective=effective_size(raking.weights),
        raking=raking,
    )


def _coverage(
    names: NDArray[np.str_], totals: Mapping[str, int], present: NDArray[np.bool_]
) -> Coverage:
    known = sorted(set(names.tolist()) | set(totals))
    position = {name: index for index, name in enumerate(known)}
    cells = np.array([position[name] for name in names.tolist()], dtype=np.int64)
    return Coverage(
        names=tuple(known),
        present=np.bincount(cells[present], minlength=len(known)),
        totals=np.array([totals[name] for name in known]) if totals else None,
    )


def input_hash(
    votes: Votes, strata: Strata | None = None, previous: PreviousMap | None = None
) -> str:
    """Name the input, so that a stored result can be traced to it.

    Parameters
    ----------
    votes : Votes
        The votes.
    strata : Strata, optional
        What is known of the participants.
    previous : PreviousMap, optional
        The earlier map.

    Returns
    -------
    str
        SHA-256 in hexadecimal; the same on every machine, whatever the order of the log.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    FIPS 180-4, "Secure Hash Standard".
    """
    digest = hashlib.sha256()

    def add(text: object) -> None:
        encoded = json.dumps(text, ensure_ascii=True, sort_keys=True).encode()
        digest.update(f"{len(encoded)}:".encode() + encoded)

    add(votes.participants.tolist())
    add(votes.statements.tolist())
    for numbers, kind in ((votes.rows, "<i4"), (votes.columns, "<i4"), (votes.values, "<i1")):
        digest.update(f"{len(numbers)}:".encode() + numbers.astype(kind).tobytes())
    if strata is not None:
        add([strata.lands.tolist(), strata.size_classes.tolist()])
        digest.update(strata.populations.astype("<f8").tobytes())
        add([dict(strata.land_totals), dict(strata.size_totals)])
    if previous is not None:
        add([previous.participants.tolist(), previous.group_count])
        digest.update(previous.positions.astype("<f8").tobytes())
    return digest.hexdigest()
