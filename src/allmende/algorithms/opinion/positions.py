"""Where participants stand: a weighted map in two dimensions, with the uncertainty of every point.

A vote is explained as mean of the statement plus ``loading · position`` plus noise. The loadings
start from a truncated singular value decomposition of the sparse matrix of centred votes and are
then refined so that missing votes neither pull a participant to the middle of a statement nor make
a late statement look unimportant. Positions are ridge estimates: who cast three votes lies near the
centre with a large ellipse, who cast a hundred lies where the votes say, with a small one.

>>> from allmende.algorithms.opinion.votes import votes_from_log
>>> votes = votes_from_log(list("aabbccdd"), list("xyxyxyxy"), [1, 1, 1, 1, -1, -1, -1, -1])
>>> found = fit_map(VoteMatrix(votes), weights=np.ones(4))
>>> (found.positions[:2, 0] * found.positions[2:, 0] < 0).tolist()
[True, True]
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from allmende.algorithms.opinion.votes import Votes

Floats = NDArray[np.float64]

DIMENSIONS = 2
SWEEPS = 6
VISIBLE = 1e-6
DENSE_STATEMENTS = 120


class VoteMatrix:
    """The sparse matrix of votes, arranged once for the many fits of bootstraps and shuffles.

    Parameters
    ----------
    votes : Votes
        V votes of P participants on S statements.

    Attributes
    ----------
    rows, columns : (V,) int32
        Sorted by row, then column.
    values : (V,) float64
        Votes as -1, 0 or 1.
    cast : (P,) int64
        Number of votes of each participant.
    """

    def __init__(self, votes: Votes) -> None:
        self.shape = votes.shape
        self.rows = votes.rows
        self.columns = votes.columns
        self.values = votes.values.astype(np.float64)
        self.cast = np.bincount(votes.rows, minlength=self.shape[0])
        self._starts = np.concatenate(([0], np.cumsum(self.cast))).astype(np.int32)
        self._pattern = self.sparse(np.ones(len(self.values)))

    def with_values(self, values: Floats) -> "VoteMatrix":
        """Return the same pattern with other votes, (V,); for shuffles."""
        other = object.__new__(VoteMatrix)
        other.__dict__.update(self.__dict__)
        other.values = values
        return other

    def sparse(self, data: Floats) -> csr_array:
        """Return ``data`` (V,) in the place of the votes, as a (P, S) sparse array."""
        return csr_array((data, self.columns, self._starts), shape=self.shape)

    @property
    def pattern(self) -> csr_array:
        """One where there is a vote, (P, S)."""
        return self._pattern

    @cached_property
    def by_statement(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Order of the votes by statement, (V,), and where each begins in it, (S + 1,)."""
        sizes = np.bincount(self.columns, minlength=self.shape[1])
        return np.argsort(self.columns, kind="stable"), np.concatenate(([0], np.cumsum(sizes)))

    def statement_sums(self, per_vote: Floats) -> Floats:
        """Sum ``per_vote`` (V,) over each statement, (S,)."""
        sums = np.bincount(self.columns, per_vote, minlength=self.shape[1])
        return np.asarray(sums, dtype=np.float64)


@dataclass(frozen=True)
class OpinionSpace:
    """A fitted map.

    positions : (P, 2) float64
        In units of votes: ``means + loadings @ position`` is the expected vote of a participant.
        The first axis is the one along which the votes differ most.
    covariances : (P, 2, 2) float64
        Uncertainty of each position.
    reliability : (P,) float64
        0 where the votes told nothing about the position, towards 1 where they told everything:
        one minus the trace of the covariance over that before any vote.
    means : (S,) float64
        Weighted mean vote of each statement.
    loadings : (S, 2) float64
        How the expected vote changes along each axis.
    spread : (2,) float64
        Variance of positions along each axis before any vote is known.
    noise : float
        Variance of a vote around its expectation.
    """

    positions: Floats
    covariances: Floats
    reliability: Floats
    means: Floats
    loadings: Floats
    spread: Floats
    noise: float


def fit_map(matrix: VoteMatrix, *, weights: Floats, sweeps: int = SWEEPS) -> OpinionSpace:
    r"""Place participants so that two axes explain as much as possible of how votes differ.

    Parameters
    ----------
    matrix : VoteMatrix
        V votes of P participants on S statements.
    weights : (P,) float64
        Weight of each participant, zero or more. Participants of weight 0 do not shape the map but
        get a position in it.
    sweeps : int
        How often loadings and positions are improved in turn after the decomposition.

    Returns
    -------
    OpinionSpace
        All zero where nothing differs (no vote, one participant, all vote alike) or where no common
        direction is visible in how votes differ.

    Raises
    ------
    ValueError
        If there is not one weight for each participant, or a weight is negative.

    Notes
    -----
    Start: the two leading right singular vectors of :math:`\operatorname{diag}(\sqrt w) X` with
    :math:`x_{is} = v_{is} - \mu_s` where there is a vote and 0 elsewhere; centring keeps the
    matrix sparse. Then, with :math:`z_i \sim N(0, I)` and noise :math:`\sigma^2`, in turn

    .. math::
        z_i = (L_o^\top L_o + \sigma^2 I)^{-1} L_o^\top x_{io},\quad
        \Sigma_i = \sigma^2 (L_o^\top L_o + \sigma^2 I)^{-1},\quad
        l_s = (\sum_{i \in s} w_i (z_i z_i^\top + \Sigma_i) + \kappa I)^{-1}
              \sum_{i \in s} w_i x_{is} z_i,

    where *o* are the statements on which *i* voted. That is the expectation-maximisation of
    probabilistic principal components with missing values, with a ridge :math:`\kappa` on the
    loadings so that a statement with few votes cannot claim an axis, and with the scale of positions
    renewed in each sweep (parameter expansion), without which it converges slowly. Every step costs a constant
    time per vote.

    References
    ----------
    M. E. Tipping, C. M. Bishop, "Probabilistic principal component analysis", J. R. Stat. Soc. B
    61 (1999), doi:10.1111/1467-9868.00196.
    A. Ilin, T. Raiko, "Practical approaches to principal component analysis in the presence of
    missing values", J. Mach. Learn. Res. 11 (2010), 1957-2000.
    C. Liu, D. B. Rubin, Y. N. Wu, "Parameter expansion to accelerate EM: the PX-EM algorithm",
    Biometrika 85 (1998), doi:10.1093/biomet/85.4.755.
    """
    if len(weights) != matrix.shape[0]:
        raise ValueError(f"{len(weights)} weights for {matrix.shape[0]} participants")
    if weights.size and not weights.min() >= 0:
        raise ValueError("a weight is negative")
    per_vote = weights[matrix.rows]
    mass = matrix.statement_sums(per_vote)
    means = matrix.statement_sums(per_vote * matrix.values) / np.where(mass > 0, mass, 1.0)
    centred = matrix.values - means[matrix.columns]
    total = float(np.sum(per_vote * centred * centred))
    if total <= 1e-9 * max(1.0, float(mass.sum())):
        return _nowhere(matrix, means)

    deviations = matrix.sparse(centred)
    weighted = matrix.sparse(centred * np.sqrt(per_vote))
    loadings = _leading_loadings(weighted, float(weights.sum()))
    noise = total / float(mass.sum())
    for _ in range(sweeps):
        scores, spreads = _scores(matrix, deviations, loadings, noise)
        loadings, noise = _improve(
            matrix,
            deviations=deviations,
            weights=weights,
            scores=scores,
            spreads=spreads,
            loadings=loadings,
            total=total,
        )
    if float(np.mean(loadings**2)) <= VISIBLE * noise:
        return _nowhere(matrix, means)
    scores, spreads = _scores(matrix, deviations, loadings, noise)
    return _in_units_of_votes(scores, spreads, means, loadings, noise)


def _leading_loadings(weighted: csr_array, total_weight: float) -> Floats:
    """Right singular vectors of the weighted deviations, scaled to scores of variance one."""
    statements = weighted.shape[1]
    transposed = weighted.T.tocsr()
    if statements <= DENSE_STATEMENTS:
        values, vectors = np.linalg.eigh((transposed @ weighted).toarray())
    else:
        gram = LinearOperator(
            (statements, statements), matvec=lambda x: transposed @ (weighted @ x), dtype=float
        )
        random = np.random.default_rng(0)
        start = random.normal(size=statements)
        try:
            values, vectors = eigsh(gram, k=DIMENSIONS, v0=start, tol=1e-4, ncv=12, rng=random)
        except ArpackNoConvergence as partial:
            values, vectors = partial.eigenvalues, partial.eigenvectors
    order = np.argsort(-values, kind="stable")[:DIMENSIONS]
    loadings = vectors[:, order] * np.sqrt(np.maximum(values[order], 0.0) / total_weight)
    missing = DIMENSIONS - loadings.shape[1]
    return np.pad(loadings, ((0, 0), (0, missing)))


def _scores(
    matrix: VoteMatrix, deviations: csr_array, loadings: Floats, noise: float
) -> tuple[Floats, Floats]:
    """Posterior mean (P, 2) and covariance (P, 3: first, mixed, second) of every participant."""
    known = matrix.pattern @ _products(loadings)
    pull = deviations @ loadings
    first, mixed, second = known[:, 0] + noise, known[:, 1], known[:, 2] + noise
    determinant = first * second - mixed * mixed
    spreads = noise * np.stack([second, -mixed, first], axis=1) / determinant[:, None]
    scores = _apply(spreads, pull) / noise
    return scores, spreads


def _improve(
    matrix: VoteMatrix,
    *,
    deviations: csr_array,
    weights: Floats,
    scores: Floats,
    spreads: Floats,
    loadings: Floats,
    total: float,
) -> tuple[Floats, float]:
    """Best loadings (S, 2) and noise given the scores."""
    second_moments = weights[:, None] * (_products(scores) + spreads)
    moments = matrix.pattern.T @ second_moments
    pull = deviations.T @ (weights[:, None] * scores)
    mass = float(np.sum(weights * matrix.cast))
    explained = 2 * np.sum(loadings * pull) - np.sum(loadings * _apply(moments, loadings))
    noise = max((total - float(explained)) / mass, 1e-3 * total / mass)
    typical = float(np.sum(loadings**2)) / (
        DIMENSIONS * max(int(np.count_nonzero(moments[:, 0])), 1)
    )
    ridge = noise / max(typical, 1e-12)
    first, mixed, second = moments[:, 0] + ridge, moments[:, 1], moments[:, 2] + ridge
    inverse = np.stack([second, -mixed, first], axis=1) / (first * second - mixed**2)[:, None]
    width = second_moments.sum(axis=0) / weights.sum()
    stretch = np.linalg.cholesky(width[[0, 1, 1, 2]].reshape(2, 2))
    return _times(_apply(inverse, pull), stretch), noise


def _products(vectors: Floats) -> Floats:
    """First square, mixed product and second square of each row, (n, 3)."""
    return np.stack([vectors[:, 0] ** 2, vectors[:, 0] * vectors[:, 1], vectors[:, 1] ** 2], axis=1)


def _apply(symmetric: Floats, vectors: Floats) -> Floats:
    """Multiply each symmetric matrix (n, 3) with its vector (n, 2)."""
    first = symmetric[:, 0] * vectors[:, 0] + symmetric[:, 1] * vectors[:, 1]
    second = symmetric[:, 1] * vectors[:, 0] + symmetric[:, 2] * vectors[:, 1]
    return np.stack([first, second], axis=1)


def _in_units_of_votes(
    scores: Floats, spreads: Floats, means: Floats, loadings: Floats, noise: float
) -> OpinionSpace:
    """Turn to principal axes, give loadings a mean square of one, fix the signs."""
    first, mixed, second = _products(loadings).mean(axis=0)
    squares, turn = np.linalg.eigh([[first, mixed], [mixed, second]])
    squares, turn = np.maximum(squares[::-1], 1e-18), turn[:, ::-1]
    stretch = turn * np.sqrt(squares)
    axes = _times(loadings, turn / np.sqrt(squares))
    strongest = np.argmax(np.abs(axes), axis=0)
    sign = np.where(axes[strongest, np.arange(DIMENSIONS)] < 0, -1.0, 1.0)
    stretch = stretch * sign
    full = spreads[:, [0, 1, 1, 2]].reshape(-1, DIMENSIONS, DIMENSIONS)
    covariances = np.einsum("ab,nac,cd->nbd", stretch, full, stretch)
    before = float(squares.sum())
    reliability = 1.0 - np.trace(covariances, axis1=1, axis2=2) / before
    return OpinionSpace(
        positions=_times(scores, stretch),
        covariances=covariances,
        reliability=np.clip(reliability, 0.0, 1.0),
        means=means,
        loadings=axes * sign,
        spread=squares,
        noise=noise,
    )


def _times(vectors: Floats, matrix: Floats) -> Floats:
    """Multiply rows with a 2 by 2 matrix without BLAS, whose result may depend on threads."""
    turned: Floats = vectors[:, :1] * matrix[0] + vectors[:, 1:] * matrix[1]
    return turned


def _nowhere(matrix: VoteMatrix, means: Floats) -> OpinionSpace:
    participants, statements = matrix.shape
    return OpinionSpace(
        positions=np.zeros((participants, DIMENSIONS)),
        covariances=np.zeros((participants, DIMENSIONS, DIMENSIONS)),
        reliability=np.zeros(participants),
        means=means,
        loadings=np.zeros((statements, DIMENSIONS)),
        spread=np.zeros(DIMENSIONS),
        noise=0.0,
    )


def align_map(space: OpinionSpace, *, previous: Floats, weights: Floats) -> OpinionSpace:
    r"""Turn a map to lie as close as possible on an earlier one, so that readers find it again.

    Parameters
    ----------
    space : OpinionSpace
        The new map of P participants.
    previous : (P, 2) float64
        Earlier positions; rows of NaN for participants who had none.
    weights : (P,) float64
        Weight of each participant.

    Returns
    -------
    OpinionSpace
        The same map rotated or reflected; distances stay as they are. Unchanged if fewer than two
        participants are known from before.

    Raises
    ------
    ValueError
        If ``previous`` has another shape than the positions.

    Notes
    -----
    Orthogonal Procrustes: with :math:`U \Sigma V^\top = Y^\top W Y_0`, turn by :math:`U V^\top`.

    References
    ----------
    P. H. Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika
    31 (1966), doi:10.1007/BF02289451.
    """
    if previous.shape != space.positions.shape:
        raise ValueError(
            f"earlier positions have shape {previous.shape}, expected {space.positions.shape}"
        )
    known = np.isfinite(previous).all(axis=1)
    if known.sum() < DIMENSIONS:
        return space
    weighted = weights[known, None] * space.positions[known]
    products = [[np.sum(weighted[:, a] * previous[known, b]) for b in (0, 1)] for a in (0, 1)]
    left, _, right = np.linalg.svd(np.array(products))
    turn = left @ right
    return replace(
        space,
        positions=_times(space.positions, turn),
        covariances=np.einsum("ab,nac,cd->nbd", turn, space.covariances, turn),
        loadings=_times(space.loadings, turn),
        spread=np.diag(turn.T @ np.diag(space.spread) @ turn).copy(),
    )
