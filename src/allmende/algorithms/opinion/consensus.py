"""What unites and what divides: rankings that do not claim more than the numbers carry."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.algorithms.opinion.intervals import (
    Interval,
    finite_size,
    share_floor,
    share_interval,
)
from allmende.algorithms.opinion.tallies import Shares

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FEWEST_IN_STRATUM = 10


@dataclass(frozen=True)
class Floor:
    """Smallest lower bound of a share over the parts of the whole, for S statements.

    overall : (S,) float64
        Lower bound for the whole.
    groups, lands, sizes : (S,) float64
        Smallest lower bound over opinion groups, Länder and size classes; NaN where none counts.
    least : (S,) float64
        Smallest of all these: the figure to rank by.
    lands_counted, sizes_counted : (S,) int64
        How many Länder and size classes had at least ten votes and so entered.
    """

    overall: Floats
    groups: Floats
    lands: Floats
    sizes: Floats
    least: Floats
    lands_counted: Counts
    sizes_counted: Counts


@dataclass(frozen=True)
class Consensus:
    """Shared agreement and shared rejection."""

    agree: Floor
    disagree: Floor


@dataclass(frozen=True)
class Division:
    """How much a statement divides, for S statements.

    value, low, high : (S,) float64
        0 united, 1 divided in two equal and opposite halves, with a 95 % interval.
    between_groups : bool
        Whether it is measured between opinion groups; otherwise as closeness to 50:50.
    """

    value: Floats
    low: Floats
    high: Floats
    between_groups: bool


def find_consensus(
    *,
    overall: Shares,
    groups: Shares | None = None,
    lands: Shares | None = None,
    sizes: Shares | None = None,
    whole: int | None = None,
    land_totals: Floats | None = None,
    size_totals: Floats | None = None,
) -> Consensus:
    r"""Rank statements by the agreement that every part of the whole surely reaches.

    Parameters
    ----------
    overall : Shares
        Of all, (1, S).
    groups, lands, sizes : Shares, optional
        Of each opinion group, Land and size class, (C, S).
    whole : int, optional
        Number of municipalities.
    land_totals, size_totals : (C,) float64, optional
        The same by Land and by size class.

    Returns
    -------
    Consensus

    Raises
    ------
    ValueError
        If more voted than there are.

    Notes
    -----
    :math:`C_s = \min_g \mathrm{low}_{95\,\%}(p_{gs})`, the one-sided lower bound of Jeffreys'
    interval of the weighted share. A group that has not voted on a statement has the bound 0: who
    was not asked has not agreed. A Land or size class enters with at least ten votes, otherwise
    small Länder would make every consensus impossible; the numbers counted are given. Polis'
    product over groups instead falls with the number of groups.

    References
    ----------
    Jeffreys' interval: L. D. Brown et al. (2001), doi:10.1214/ss/1009213286. Product: Polis,
    "group-aware consensus".
    """
    parts = {
        "overall": (overall, None if whole is None else np.array([float(whole)]), 1),
        "groups": (groups, None, 0),
        "lands": (lands, land_totals, FEWEST_IN_STRATUM),
        "sizes": (sizes, size_totals, FEWEST_IN_STRATUM),
    }
    statements = overall.agree.shape[1]
    fraction = np.zeros(statements) if whole is None else overall.answers[0] / max(whole, 1)
    return Consensus(
        *(
            _floor(
                {
                    k: _lowest(share, total, fewest, name, fraction)
                    for k, (share, total, fewest) in parts.items()
                },
                statements,
            )
            for name in ("agree", "disagree")
        )
    )


def _lowest(
    shares: Shares | None, totals: Floats | None, fewest: int, name: str, fraction: Floats
) -> tuple[Floats, Counts] | None:
    if shares is None or not shares.answers.size:
        return None
    if totals is None:
        taken = np.broadcast_to(fraction, shares.answers.shape)
    else:
        taken = shares.answers / np.maximum(totals, 1.0)[:, None]
    if taken.size and taken.max() > 1 + 1e-9:
        raise ValueError("more votes than municipalities")
    size = np.where(
        taken < 1,
        shares.effective / np.where(taken < 1, 1 - taken, 1.0),
        np.where(shares.effective > 0, np.inf, 0.0),
    )
    bound = share_floor(shares.agree if name == "agree" else shares.disagree, size)
    counted = shares.answers >= fewest
    lowest = np.where(counted, bound, np.inf).min(axis=0)
    return np.where(np.isinf(lowest), np.nan, lowest), counted.sum(axis=0)


def _floor(parts: Mapping[str, tuple[Floats, Counts] | None], statements: int) -> Floor:
    nothing = np.full(statements, np.nan), np.zeros(statements, dtype=np.int64)
    overall, groups, lands, sizes = (
        parts[name] or nothing for name in ("overall", "groups", "lands", "sizes")
    )
    bounds = np.stack([overall[0], groups[0], lands[0], sizes[0]])
    least = np.where(np.isnan(bounds), np.inf, bounds).min(axis=0)
    return Floor(
        overall=np.nan_to_num(overall[0]),
        groups=groups[0],
        lands=lands[0],
        sizes=sizes[0],
        least=np.where(np.isinf(least), 0.0, least),
        lands_counted=lands[1],
        sizes_counted=sizes[1],
    )


def division_between(groups: Shares, *, sizes: Floats) -> Division:
    r"""Measure how far groups lie apart on each statement.

    Parameters
    ----------
    groups : Shares
        Of G groups on S statements, from groups that the statement did not help to form.
    sizes : (G,) float64
        Weight of each group.

    Returns
    -------
    Division

    Raises
    ------
    ValueError
        If sizes are not one for each group.

    Notes
    -----
    :math:`D^2 = \sum_g \omega_g (m_g - m)^2` with the mean votes :math:`m_g \in [-1, 1]` and shares
    :math:`\omega_g` of the groups that voted, less what chance alone contributes,
    :math:`\sum_g \omega_g (1 - \omega_g)\, \mathrm{se}_g^2`. The value is D; the interval comes
    from the variance of :math:`D^2`, :math:`4 \sum_g \omega_g^2 (m_g - m)^2 \mathrm{se}_g^2
    + 2 \sum_g \omega_g^2 \mathrm{se}_g^4`.

    References
    ----------
    G. W. Oehlert, "A note on the delta method", Am. Stat. 46 (1992),
    doi:10.1080/00031305.1992.10475842.
    """
    if len(sizes) != len(groups.answers):
        raise ValueError(f"{len(sizes)} sizes for {len(groups.answers)} groups")
    voted = groups.effective > 0
    share = np.where(voted, sizes[:, None], 0.0)
    total = share.sum(axis=0)
    share = share / np.where(total > 0, total, 1.0)
    means = groups.agree - groups.disagree
    votes = np.where(voted, groups.effective, 1.0)
    # one agreeing and one disagreeing answer keep the error of a unanimous group above zero
    agree = (groups.agree * votes + 1) / (votes + 2)
    disagree = (groups.disagree * votes + 1) / (votes + 2)
    error = np.maximum(agree + disagree - (agree - disagree) ** 2, 0.0) / (votes + 2)
    apart = means - (share * means).sum(axis=0)
    square = (share * apart**2).sum(axis=0) - (share * (1 - share) * error).sum(axis=0)
    variance = 4 * (share**2 * apart**2 * error).sum(axis=0) + 2 * (share**2 * error**2).sum(axis=0)
    reach = 1.96 * np.sqrt(variance)
    several = voted.sum(axis=0) > 1

    def root(values: Floats, otherwise: float) -> Floats:
        return np.where(several, np.sqrt(np.clip(values, 0.0, 1.0)), otherwise)

    return Division(root(square, 0.0), root(square - reach, 0.0), root(square + reach, 1.0), True)


def division_overall(overall: Shares, *, whole: int | None = None) -> Division:
    r"""Measure how close agreement and disagreement are to 50:50.

    Parameters
    ----------
    overall : Shares
        Of all, (1, S).
    whole : int, optional
        Number of municipalities.

    Returns
    -------
    Division

    Raises
    ------
    ValueError
        If more voted than there are.

    Notes
    -----
    :math:`1 - |2q - 1|` with *q* the share of agreement among those who agreed or disagreed; its
    interval follows from Jeffreys' interval of *q*. A statement on which nearly all passed divides
    nobody, so the value is multiplied by the share who did not pass.

    References
    ----------
    L. D. Brown et al. (2001), doi:10.1214/ss/1009213286.
    """
    decided = overall.agree[0] + overall.disagree[0]
    chosen = np.where(decided > 0, overall.agree[0] / np.where(decided > 0, decided, 1.0), 0.5)
    size = finite_size(overall.effective[0], sampled=overall.answers[0], whole=whole)
    size = np.where(decided > 0, size * np.where(decided > 0, decided, 1.0), 0.0)
    bounds = share_interval(chosen, size)

    def closeness(share: Floats) -> Floats:
        near: Floats = (1 - np.abs(2 * share - 1)) * decided
        return near

    inside = (bounds.low <= 0.5) & (bounds.high >= 0.5)
    ends = closeness(bounds.low), closeness(bounds.high)
    return Division(
        closeness(chosen),
        np.minimum(*ends),
        np.where(overall.answers[0] == 0, 1.0, np.where(inside, decided, np.maximum(*ends))),
        False,
    )


def reading_interval(
    shares: Floats, effective: Floats, answers: Counts, *, whole: int | None
) -> Interval:
    """Return the 95 % interval of shares of the whole.

    Parameters
    ----------
    shares, effective : (S,) float64
        Weighted shares and effective numbers of votes.
    answers : (S,) int64
        Numbers of votes.
    whole : int or None
        Number of municipalities.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If more voted than there are.

    References
    ----------
    See `intervals.finite_size` and `intervals.share_interval`.
    """
    return share_interval(shares, finite_size(effective, sampled=answers, whole=whole))
