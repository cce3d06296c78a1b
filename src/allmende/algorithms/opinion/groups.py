"""Opinion groups, shown only if they are there.

A clustering algorithm finds clusters in anything. So two questions come first: would the same
participants fall into the same groups if others had taken part (bootstrap), and are the groups
clearer than in votes that were dealt out at random (shuffles)? If one answer is no, there are no
groups, and that is the result.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.clusters import Clustering, cluster
from allmende.algorithms.opinion.positions import OpinionSpace, VoteMatrix, fit_map

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

COUNTS = (2, 3, 4, 5)
STABLE = 0.75
LEVEL = 0.05
PLACED = 0.5
KEEP_SHARE = 0.8
FEWEST_SHUFFLES = 19


@dataclass(frozen=True)
class Candidate:
    """What speaks for and against a division into k groups.

    count : int
        Number of groups, k.
    clustering : Clustering
        The division of all P participants.
    silhouette : float
        Its clarity.
    beats_shuffles : bool or None
        Clearer than the 95 % point of shuffled votes; None if not examined.
    stability : (k,) float64 or None
        Mean Jaccard similarity of each group with its best match in a bootstrap; None if not
        examined.
    """

    count: int
    clustering: Clustering
    silhouette: float
    beats_shuffles: bool | None
    stability: Floats | None


@dataclass(frozen=True)
class GroupFinding:
    """The groups, or why there are none.

    labels : (P,) int64
        Group of each participant; -1 without a group, or if the votes tell too little.
    count : int
        Number of groups; 0 if there are none.
    reason : str
        "" if there are groups; otherwise "too few", "no difference", "not clearer than chance" or
        "not stable".
    examined : bool
        Whether bootstraps and shuffles were made. If not, the groups are only a proposal.
    candidates : tuple of Candidate
        Every k that was considered.
    threshold : float or None
        What the silhouette had to exceed.
    """

    labels: Labels
    count: int
    reason: str
    examined: bool
    candidates: tuple[Candidate, ...]
    threshold: float | None

    @property
    def chosen(self) -> Candidate | None:
        """The division that is shown."""
        return next((c for c in self.candidates if c.count == self.count), None)


def find_groups(
    matrix: VoteMatrix,
    *,
    space: OpinionSpace,
    weights: Floats,
    seed: int,
    bootstraps: int = 100,
    shuffles: int = 39,
    layers: Labels | None = None,
    previous_count: int | None = None,
    progress: Progress | None = None,
) -> GroupFinding:
    r"""Look for groups of participants who vote alike, and show them only if they are real.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes of P participants on S statements.
    space : OpinionSpace
        The map fitted to them with the same weights.
    weights : (P,) float64
        Weight of each participant, zero or more.
    seed : int
        Starting point of all randomness.
    bootstraps, shuffles : int
        How many of each; both 0 to skip the examination. At least 19 shuffles, otherwise no
        result could be significant at 5 %.
    layers : (P,) int64, optional
        Stratum of each participant; bootstraps draw within strata.
    previous_count : int, optional
        Number of groups shown before. It is kept if still admissible, unless another is clearer in
        at least 80 % of the bootstraps, so that the picture does not flicker.
    progress : callable, optional
        Called with the name of the step, the number done and the number to do.

    Returns
    -------
    GroupFinding

    Raises
    ------
    ValueError
        If only one of bootstraps and shuffles is 0, or there are 1 to 18 shuffles.

    Notes
    -----
    Participants enter k-means with weight times reliability, so that many participants with few
    votes do not form a group of the undecided. A division is a candidate if each group has
    :math:`\max(5, 2\,\%)` of those who voted.

    *Chance.* The statistic is the largest silhouette over all candidates k. It is computed in the
    same way on votes shuffled within each statement, which keeps who voted on what and how popular
    each statement is, and destroys only that the same people vote alike. If there are no groups,
    the real votes are exchangeable with the shuffled ones, so that the largest of n + 1 silhouettes
    is the real one with probability 1/(n + 1): demanding
    :math:`(1 + \#\{null \ge k\})/(n+1) \le 5\,\%` bounds the rate of groups seen where there are
    none by 5 %, whatever the size of the data, the weights or the pattern of missing votes. Taking
    the maximum over k pays for the choice of k.

    *Stability.* For each bootstrap the map is fitted and divided anew; each group is compared with
    the most similar new one by Jaccard's index over participants in the sample. A mean of 0.75
    counts as valid. Of the candidates that pass both, the one with the largest silhouette is shown.

    What this does not prove: that there is a gap between the groups. Opinions along a continuous
    line are not random either, and may be cut in two stable halves.

    References
    ----------
    C. Hennig, "Cluster-wise assessment of cluster stability", Comput. Stat. Data Anal. 52 (2007),
    doi:10.1016/j.csda.2006.11.025.
    P. H. Westfall, S. S. Young, "Resampling-based multiple testing", Wiley 1993 (maximum of the
    statistic).
    """
    if (bootstraps == 0) != (shuffles == 0):
        raise ValueError("bootstraps and shuffles belong together: give both or neither")
    if 0 < shuffles < FEWEST_SHUFFLES:
        raise ValueError(f"{shuffles} shuffles cannot show significance at 5 %: at least 19")
    random_map, random_shuffles, random_bootstraps = np.random.SeedSequence(seed).spawn(3)
    voting = (matrix.cast > 0) & (weights > 0)
    placed = voting & (space.reliability >= PLACED)
    nobody = np.full(matrix.shape[0], -1, dtype=np.int64)
    examined = shuffles > 0

    def none(reason: str, candidates: tuple[Candidate, ...] = ()) -> GroupFinding:
        return GroupFinding(nobody, 0, reason, examined, candidates, None)

    smallest = smallest_group(int(voting.sum()))
    if voting.sum() < 2 * smallest:
        return none("too few")
    if not space.spread.any():
        return none("no difference")
    clusterings = _divide(space, weights, voting, random_map)
    if not clusterings:
        return none("no difference")
    candidates = tuple(
        Candidate(count, found, found.silhouette, None, None)
        for count, found in clusterings.items()
    )
    threshold = None
    if examined:
        peaks = _shuffled_peaks(
            matrix,
            weights=weights,
            voting=voting,
            seed=random_shuffles,
            shuffles=shuffles,
            progress=progress,
        )
        threshold = float(np.sort(peaks)[-int(LEVEL * (shuffles + 1))])
        beats = {k: bool(found.silhouette > threshold) for k, found in clusterings.items()}
        stability: dict[int, Floats] = {}
        clarity: dict[int, Floats] = {}
        if any(beats.values()):
            stability, clarity = _bootstrap(
                matrix,
                weights=weights,
                voting=voting,
                clusterings=clusterings,
                layers=layers,
                seed=random_bootstraps,
                bootstraps=bootstraps,
                progress=progress,
            )
        candidates = tuple(
            Candidate(k, found, found.silhouette, beats[k], stability.get(k))
            for k, found in clusterings.items()
        )
        if not any(beats.values()):
            return GroupFinding(nobody, 0, "not clearer than chance", True, candidates, threshold)
    shown = [
        c for c in candidates if _is_shown(c, placed, smallest_group(int(placed.sum())), examined)
    ]
    if not shown:
        reason = "not stable" if examined else "too few"
        return GroupFinding(nobody, 0, reason, examined, candidates, threshold)
    best = max(shown, key=lambda c: c.silhouette)
    kept = next((c for c in shown if c.count == previous_count), None)
    if (
        kept is not None
        and examined
        and np.mean(clarity[best.count] > clarity[kept.count]) < KEEP_SHARE
    ):
        best = kept
    labels = np.where(placed, best.clustering.labels, -1)
    return GroupFinding(labels, best.count, "", examined, candidates, threshold)


def smallest_group(participants: int) -> int:
    """Return the least number of members that may be shown as a group.

    Parameters
    ----------
    participants : int
        How many voted.

    Returns
    -------
    int
        2 % of them, rounded up, at least 5.

    Raises
    ------
    ValueError
        If the number is negative.

    References
    ----------
    None: a rule of this project, against groups of one that Polis shows.
    """
    if participants < 0:
        raise ValueError(f"{participants} participants")
    return max(5, -(-participants // 50))


def _divide(
    space: OpinionSpace,
    weights: Floats,
    voting: NDArray[np.bool_],
    seed: np.random.SeedSequence,
    starts: int = 25,
) -> dict[int, Clustering]:
    """Cluster, and keep the divisions whose groups are all large enough."""
    told = np.where(voting, weights * space.reliability, 0.0)
    found = cluster(
        space.positions,
        weights=told,
        counts=COUNTS,
        seed=np.random.default_rng(seed),
        starts=starts,
    )
    smallest = smallest_group(int(voting.sum()))
    return {
        count: division
        for count, division in found.items()
        if np.bincount(division.labels[voting], minlength=count).min() >= smallest
    }


def shuffle_votes(matrix: VoteMatrix, *, random: np.random.Generator) -> VoteMatrix:
    """Deal the votes on each statement out anew among those who voted on it.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes.
    random : Generator
        Source of randomness.

    Returns
    -------
    VoteMatrix
        Same pattern and same number of agree, pass and disagree for each statement.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    F. Pesarin, L. Salmaso, "Permutation Tests for Complex Data", Wiley 2010.
    """
    order, bounds = matrix.by_statement
    dealt = matrix.values[order]
    for start, end in pairwise(bounds):
        random.shuffle(dealt[start:end])
    values = np.empty_like(dealt)
    values[order] = dealt
    return matrix.with_values(values)


def _shuffled_peaks(
    matrix: VoteMatrix,
    *,
    weights: Floats,
    voting: NDArray[np.bool_],
    seed: np.random.SeedSequence,
    shuffles: int,
    progress: Progress | None,
) -> Floats:
    """Largest silhouette of each shuffle, (shuffles,)."""
    peaks = np.zeros(shuffles)
    for index, child in enumerate(seed.spawn(shuffles)):
        dealing, dividing = child.spawn(2)
        other = shuffle_votes(matrix, random=np.random.default_rng(dealing))
        divisions = _divide(fit_map(other, weights=weights), weights, voting, dividing)
        peaks[index] = max((found.silhouette for found in divisions.values()), default=0.0)
        if progress:
            progress("shuffles", index + 1, shuffles)
    return peaks


def _bootstrap(
    matrix: VoteMatrix,
    *,
    weights: Floats,
    voting: NDArray[np.bool_],
    clusterings: dict[int, Clustering],
    layers: Labels | None,
    seed: np.random.SeedSequence,
    bootstraps: int,
    progress: Progress | None,
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    """Mean Jaccard index of each group (k,), and silhouettes (bootstraps,), both by k."""
    members = np.flatnonzero(voting)
    layer = np.zeros(len(members), dtype=np.int64) if layers is None else layers[members]
    pools = [members[layer == name] for name in np.unique(layer)]
    similar = {k: np.zeros(k) for k in clusterings}
    clarity = {k: np.zeros(bootstraps) for k in clusterings}
    for index, child in enumerate(seed.spawn(bootstraps)):
        drawing, dividing = child.spawn(2)
        random = np.random.default_rng(drawing)
        times = np.zeros(matrix.shape[0])
        for pool in pools:
            times += np.bincount(random.choice(pool, len(pool)), minlength=len(times))
        sampled = times > 0
        again = _divide(
            fit_map(matrix, weights=weights * times), weights * times, sampled, dividing
        )
        for k, found in clusterings.items():
            if k in again:
                clarity[k][index] = again[k].silhouette
                similar[k] += _best_jaccard(found.labels[sampled], again[k].labels[sampled], k)
        if progress:
            progress("bootstraps", index + 1, bootstraps)
    return {k: total / bootstraps for k, total in similar.items()}, clarity


def _best_jaccard(first: Labels, second: Labels, count: int) -> Floats:
    """For each cluster of the first division, its largest Jaccard index with one of the second."""
    common = np.bincount(first * count + second, minlength=count * count).reshape(count, count)
    union = common.sum(axis=1)[:, None] + common.sum(axis=0)[None] - common
    best: Floats = (common / np.maximum(union, 1)).max(axis=1)
    return best


def _is_shown(
    candidate: Candidate, placed: NDArray[np.bool_], smallest: int, examined: bool
) -> bool:
    sizes = np.bincount(candidate.clustering.labels[placed], minlength=candidate.count)
    if sizes.min() < smallest:
        return False
    if not examined:
        return True
    return bool(
        candidate.beats_shuffles
        and candidate.stability is not None
        and candidate.stability.min() >= STABLE
    )
