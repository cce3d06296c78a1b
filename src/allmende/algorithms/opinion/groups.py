"""Opinion groups, shown only if they are there.

A clustering algorithm finds clusters in anything. So two questions come first: would the same
participants fall into the same groups if others had taken part (bootstrap), and are the groups
clearer than in votes that were dealt out at random (shuffles)? If one answer is no, there are no
groups, and that is the result. A third question is answered beside them: is there a gap between
the groups, or are they two ends of one cloud?
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.clusters import Clustering
from allmende.algorithms.opinion.examination import (
    Progress,
    bootstrap_divisions,
    cloud_silhouettes,
    divide,
    shuffled_peaks,
    smallest_group,
)
from allmende.algorithms.opinion.positions import OpinionSpace, VoteMatrix

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

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
    silhouette : float
        How clear the division is.
    beats_shuffles : bool or None
        Clearer than the 95 % point of shuffled votes; None if not examined.
    stability : (k,) float64 or None
        Mean Jaccard similarity of each group with its best match in a bootstrap; None if not
        examined.
    """

    count: int
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
        "" if there are groups; otherwise "too few" (participants, or members of a group), "no
        difference" (between votes, or no common direction in it), "not clearer than chance" or "not
        stable".
    examined : bool
        Whether bootstraps and shuffles were made. If not, the groups are only a proposal.
    separate : bool or None
        Whether a gap between the groups is shown: the silhouette is beyond the 95 % point of one
        long normal cloud of opinions cut in the same way. False: they may be parts of one cloud.
    candidates : tuple of Candidate
        Every k that was considered.
    threshold : float or None
        What the silhouette had to exceed.
    """

    labels: Labels
    count: int
    reason: str
    examined: bool
    separate: bool | None
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
    A division is a candidate if each group has :math:`\max(5, 2\,\%)` of those who voted.

    *Chance.* The statistic is the largest silhouette over all candidates k. It is computed in the
    same way on votes shuffled within each statement, which keeps who voted on what and how popular
    each statement is, and destroys only that the same people vote alike. If there are no groups,
    the real votes are exchangeable with the shuffled ones, so that the largest of n + 1 silhouettes
    is the real one with probability 1/(n + 1): demanding
    :math:`(1 + \#\{null \ge k\})/(n+1) \le 5\,\%` bounds the rate of groups seen where there are
    none by 5 %, whatever the size of the data, the weights or the pattern of missing votes. Taking
    the maximum over k pays for the choice of k.

    *Stability.* For each bootstrap the map is fitted and divided anew; each group is compared with
    the most similar new one. A mean Jaccard index of 0.75 counts as valid. Of the candidates that
    pass both, the one with the largest silhouette is shown.

    *Gap.* Opinions along a continuous line are not random either, and may be cut in two stable
    halves. ``separate`` says whether the groups shown are more than that.

    References
    ----------
    C. Hennig (2007), doi:10.1016/j.csda.2006.11.025, for stability; P. H. Westfall, S. S. Young
    (1993) for the maximum statistic; Y. Liu et al. (2008), doi:10.1198/016214508000000454, for the
    single cloud.
    """
    if (bootstraps == 0) != (shuffles == 0):
        raise ValueError("bootstraps and shuffles belong together: give both or neither")
    if 0 < shuffles < FEWEST_SHUFFLES:
        raise ValueError(f"{shuffles} shuffles cannot show significance at 5 %: at least 19")
    seed_map, seed_shuffles, seed_bootstraps, seed_clouds = np.random.SeedSequence(seed).spawn(4)
    voting = (matrix.cast > 0) & (weights > 0)
    examined = shuffles > 0

    def nothing(reason: str) -> GroupFinding:
        nobody = np.full(matrix.shape[0], -1, dtype=np.int64)
        return GroupFinding(nobody, 0, reason, examined, None, candidates, threshold)

    candidates: tuple[Candidate, ...] = ()
    threshold = None
    if voting.sum() < 2 * smallest_group(int(voting.sum())):
        return nothing("too few")
    if not space.spread.any():
        return nothing("no difference")
    divisions = divide(space, weights=weights, voting=voting, seed=seed_map)
    if not divisions:
        return nothing("too few")
    candidates = tuple(Candidate(k, found.silhouette, None, None) for k, found in divisions.items())
    clarity: dict[int, Floats] = {}
    if examined:
        peaks = shuffled_peaks(
            matrix,
            weights=weights,
            voting=voting,
            seed=seed_shuffles,
            shuffles=shuffles,
            progress=progress,
        )
        threshold = _high(peaks)
        stability: dict[int, Floats] = {}
        if any(found.silhouette > threshold for found in divisions.values()):
            stability, clarity = bootstrap_divisions(
                matrix,
                weights=weights,
                voting=voting,
                divisions=divisions,
                layers=layers,
                seed=seed_bootstraps,
                bootstraps=bootstraps,
                progress=progress,
            )
        candidates = tuple(
            Candidate(k, found.silhouette, found.silhouette > threshold, stability.get(k))
            for k, found in divisions.items()
        )
        if not stability:
            return nothing("not clearer than chance")
    placed = voting & (space.reliability >= PLACED)
    best = _best(candidates, divisions, placed, clarity, previous_count)
    if best is None:
        return nothing("not stable" if examined else "too few")
    separate = None
    if examined:
        clouds = cloud_silhouettes(
            matrix,
            space=space,
            weights=weights,
            voting=voting,
            count=best.count,
            seed=seed_clouds,
            clouds=shuffles,
            progress=progress,
        )
        separate = best.silhouette > _high(clouds)
    labels = np.where(placed, divisions[best.count].labels, -1)
    return GroupFinding(labels, best.count, "", examined, separate, candidates, threshold)


def _high(values: Floats) -> float:
    """The value that one more of the same kind exceeds with a probability of at most 5 %."""
    return float(np.sort(values)[-int(LEVEL * (len(values) + 1))])


def _best(
    candidates: tuple[Candidate, ...],
    divisions: dict[int, Clustering],
    placed: NDArray[np.bool_],
    clarity: dict[int, Floats],
    previous_count: int | None,
) -> Candidate | None:
    """The clearest division that passes, unless the earlier number of groups does nearly as well."""
    smallest = smallest_group(int(placed.sum()))
    shown = [
        candidate
        for candidate in candidates
        if np.bincount(divisions[candidate.count].labels[placed], minlength=candidate.count).min()
        >= smallest
        and candidate.beats_shuffles is not False
        and (candidate.stability is None or candidate.stability.min() >= STABLE)
    ]
    if not shown:
        return None
    best = max(shown, key=lambda candidate: candidate.silhouette)
    kept = next((c for c in shown if c.count == previous_count), None)
    if kept is None or not clarity:
        return best
    wins = float(np.mean(clarity[best.count] > clarity[kept.count]))
    return best if wins >= KEEP_SHARE else kept
