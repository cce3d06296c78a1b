"""Intervals for shares of a finite whole, with weights.

>>> [round(float(bound), 4) for bound in share_interval(0.4, 50)]
[0.273, 0.5383]
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtr, ndtri

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """Lower and upper bounds, arrays of the same shape."""

    low: Floats
    high: Floats


def finite_size(effective: ArrayLike, *, sampled: ArrayLike, whole: int | None) -> Floats:
    r"""Return the sample size that an infinite whole would need for the same precision.

    Parameters
    ----------
    effective : (...) float
        Effective number of answers (Kish).
    sampled : (...) float
        Number of answers.
    whole : int or None
        Number of municipalities; None if the whole is unknown or without limit.

    Returns
    -------
    (...) float64
        Effective number over 1 - n/N; infinite when all have answered.

    Raises
    ------
    ValueError
        If more have answered than there are.

    Notes
    -----
    :math:`\operatorname{Var}(\hat p) = (1 - n/N)\, p (1 - p) / n_{\mathrm{eff}}`.

    References
    ----------
    W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley 1977, section 2.6.
    """
    size, answers = np.asarray(effective, float), np.asarray(sampled, float)
    if whole is None:
        return np.asarray(size * np.ones_like(answers), dtype=np.float64)
    if answers.size and answers.max() > whole:
        raise ValueError(f"{answers.max():.0f} answers out of {whole}")
    open_share = 1.0 - answers / max(whole, 1)
    complete = np.where(size > 0, np.inf, 0.0)
    partial: Floats = size / np.where(open_share > 0, open_share, 1.0)
    return np.where(open_share > 0, partial, complete)


def share_interval(share: ArrayLike, size: ArrayLike, *, level: float = 0.95) -> Interval:
    r"""Return Jeffreys' interval of a share.

    Parameters
    ----------
    share : (...) float
        Observed share, 0 to 1.
    size : (...) float
        Effective number of answers, not necessarily whole; see `finite_size`. Infinite where the
        share is known exactly.
    level : float
        Probability that the interval holds.

    Returns
    -------
    Interval
        (0, 1) where nobody answered; the share itself where the size is infinite.

    Raises
    ------
    ValueError
        If a share is outside 0 to 1, a size is negative or the level is not between 0 and 1.

    Notes
    -----
    Quantiles of Beta(pn + 1/2, (1-p)n + 1/2); by convention the lower bound is 0 if nobody and the
    upper is 1 if everybody has answered so.

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Stat. Sci.
    16 (2001), doi:10.1214/ss/1009213286.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    return _jeffreys(share, size, (1 - level) / 2)


def share_floor(share: ArrayLike, size: ArrayLike, *, level: float = 0.95) -> Floats:
    """Return the bound above which a share lies with the given probability (one-sided).

    Parameters
    ----------
    share, size : (...) float
        As in `share_interval`.
    level : float
        Probability that the share is higher.

    Returns
    -------
    (...) float64
        Lower bound; 0 where nobody answered.

    Raises
    ------
    ValueError
        As in `share_interval`.

    References
    ----------
    As in `share_interval`.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    return _jeffreys(share, size, 1 - level).low


def _jeffreys(share: ArrayLike, size: ArrayLike, tail: float) -> Interval:
    observed, answers = np.broadcast_arrays(np.asarray(share, float), np.asarray(size, float))
    if observed.size and not (observed.min() >= -1e-9 and observed.max() <= 1 + 1e-9):
        raise ValueError("a share lies outside 0 to 1")
    if answers.size and not answers.min() >= 0:
        raise ValueError("a number of answers is negative")
    observed = np.clip(observed, 0.0, 1.0)
    known = np.isinf(answers)
    finite = np.where(known, 1.0, answers)
    first, second = observed * finite + 0.5, (1 - observed) * finite + 0.5
    low = np.where(observed * finite < 1e-9, 0.0, betaincinv(first, second, tail))
    high = np.where((1 - observed) * finite < 1e-9, 1.0, betaincinv(first, second, 1 - tail))
    return Interval(np.where(known, observed, low), np.where(known, observed, high))


class Difference(NamedTuple):
    """Difference of two shares, arrays of the same shape.

    value : observed difference, first minus second
    low, high : 95 % interval
    p_value : two-sided; 1 where one side is empty
    """

    value: Floats
    low: Floats
    high: Floats
    p_value: Floats


def share_difference(
    first: ArrayLike,
    first_size: ArrayLike,
    second: ArrayLike,
    second_size: ArrayLike,
    *,
    level: float = 0.95,
) -> Difference:
    r"""Compare two independent shares.

    Parameters
    ----------
    first, second : (...) float
        Observed shares, 0 to 1.
    first_size, second_size : (...) float
        Their effective numbers of answers.
    level : float
        Probability that the interval holds.

    Returns
    -------
    Difference

    Raises
    ------
    ValueError
        If a share is outside 0 to 1 or a size is negative.

    Notes
    -----
    Test: :math:`z = (p_1 - p_2) / \sqrt{p (1-p) (1/n_1 + 1/n_2)}` with the pooled *p*. Interval:
    one agreeing and one disagreeing answer is added to each side, which keeps the level for small
    numbers.

    References
    ----------
    A. Agresti, B. Caffo, "Simple and effective confidence intervals for proportions and differences
    of proportions result from adding two successes and two failures", Am. Stat. 54 (2000),
    doi:10.1080/00031305.2000.10474560.
    """
    shares = [np.asarray(share, float) for share in (first, second)]
    sizes = [np.asarray(size, float) for size in (first_size, second_size)]
    for share, size in zip(shares, sizes, strict=True):
        if share.size and not (share.min() >= -1e-9 and share.max() <= 1 + 1e-9):
            raise ValueError("a share lies outside 0 to 1")
        if size.size and not size.min() >= 0:
            raise ValueError("a number of answers is negative")
    filled = (sizes[0] > 0) & (sizes[1] > 0)
    safe = [np.where(filled, size, 1.0) for size in sizes]
    pooled = (shares[0] * safe[0] + shares[1] * safe[1]) / (safe[0] + safe[1])
    variance = pooled * (1 - pooled) * (1 / safe[0] + 1 / safe[1])
    value = shares[0] - shares[1]
    score = np.where(variance > 1e-15, value / np.sqrt(np.maximum(variance, 1e-15)), 0.0)
    p_value = np.where(filled, 2 * ndtr(-np.abs(score)), 1.0)

    widened = [(share * size + 1) / (size + 2) for share, size in zip(shares, safe, strict=True)]
    spread = sum(p * (1 - p) / (size + 2) for p, size in zip(widened, safe, strict=True))
    reach = float(ndtri(0.5 + level / 2)) * np.sqrt(spread)
    middle = widened[0] - widened[1]
    return Difference(
        np.where(filled, value, 0.0),
        np.where(filled, np.maximum(middle - reach, -1.0), -1.0),
        np.where(filled, np.minimum(middle + reach, 1.0), 1.0),
        p_value,
    )


def discoveries(p_values: ArrayLike, *, rate: float = 0.05) -> NDArray[np.bool_]:
    """Decide which of many tests are findings, so that few of the findings are false.

    Parameters
    ----------
    p_values : (...) float
        One for each test.
    rate : float
        Expected share of false ones among the findings.

    Returns
    -------
    (...) bool

    Raises
    ------
    ValueError
        If a p-value is outside 0 to 1.

    Examples
    --------
    >>> discoveries([0.001, 0.04, 0.03, 0.9]).tolist()
    [True, False, False, False]

    Notes
    -----
    Benjamini-Hochberg: with sorted p-values, all up to the largest i with p_(i) <= i/m rate.

    References
    ----------
    Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", J. R. Stat. Soc. B 57 (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    given = np.asarray(p_values, dtype=np.float64)
    flat = given.ravel()
    if flat.size and not (flat.min() >= 0 and flat.max() <= 1):
        raise ValueError("a p-value lies outside 0 to 1")
    ordered = np.sort(flat)
    below = np.flatnonzero(ordered <= rate * np.arange(1, len(flat) + 1) / max(len(flat), 1))
    limit = ordered[below[-1]] if len(below) else -1.0
    return given <= limit
