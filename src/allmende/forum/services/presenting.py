"""Which statement a participant sees next, and the log of why it was this one."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, TypedDict
from zlib import crc32

from allmende.portal.together import Sql, insert_of

from ..models import Participant, Presentation, Statement
from ..queries import Progress, latest_routing, shown_statement

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from allmende.algorithms.opinion.routing import NextStatement

COUNT_EXPOSURE = (
    "INSERT INTO forum_exposure (statement_id, land, size_class, shown) VALUES (%s, %s, %s, 1)"
    " ON CONFLICT (statement_id, land, size_class) DO UPDATE SET shown = forum_exposure.shown + 1"
)
COUNT_SHOWN = "UPDATE forum_statement SET shown = shown + 1 WHERE id = %s"


def next_statement(
    participant: Participant, progress: Progress
) -> tuple[Statement | None, list[Sql]]:
    """The statement to put before a participant, none when nothing is left, and what is to be written about it.

    What lies before her stays there until she votes. Where a new one is chosen, that is logged with its reason and
    seed, and counted for her Land and size class. The counters come last: until the transaction ends, others who
    are shown the same statement wait for them.
    """
    if not progress.open or not progress.is_open:
        return None, []
    for number in progress.open:
        if number in progress.presented:
            return shown_statement(number), []
    chosen, choice = _choose(participant, progress)
    presentation = Presentation(
        participant=participant,
        statement_id=chosen,
        reason=choice.reason,
        seed=choice.seed,
        exposure=choice.exposure,
        floor=choice.floor,
        tied=choice.tied,
    )
    writes = [
        insert_of([presentation]),
        (COUNT_EXPOSURE, [chosen, *participant.stratum]),
        (COUNT_SHOWN, [chosen]),
    ]
    return shown_statement(chosen), writes


def _seed(participant: Participant, candidates: list[int]) -> int:
    """The same for the same participant and the same statements left: a choice that can be redone."""
    return crc32(f"{participant.pk}:{candidates}".encode())


def _choose(participant: Participant, progress: Progress) -> "tuple[int, NextStatement]":
    """One of the statements that are left, and how it was chosen."""
    # numpy takes a while to import: not at Django's start.
    from allmende.algorithms.opinion.routing import choose_statement

    numbers = sorted(progress.open)
    choose = partial(
        choose_statement,
        may_vote=[True] * len(numbers),
        stratum_counts=[progress.exposures.get(pk, 0) for pk in numbers],
        total_counts=[progress.statements[pk] for pk in numbers],
        seed=_seed(participant, numbers),
    )
    choice = choose()
    # The map is read only where exposure leaves the choice to it.
    if choice and choice.reason == "least_seen":
        choice = choose(**_map_facts(participant, numbers, progress.voted_on))
    assert choice is not None  # noqa: S101  there are candidates
    return numbers[choice.statement], choice


class MapFacts(TypedDict, total=False):
    """Arrays over the candidates, as ``choose_statement`` takes them."""

    agreement: "ArrayLike"
    loadings: "ArrayLike"
    covariance: "ArrayLike"


def _map_facts(participant: Participant, candidates: list[int], voted: Iterable[int]) -> MapFacts:
    """What the latest map knows of the candidates and of how uncertain the participant's place is.

    Nothing before there is a map; a statement that is too new for it is NaN.
    """
    from allmende.algorithms.opinion.routing import position_covariance

    facts = latest_routing(participant)
    if not facts:
        return {}
    known = facts["statements"]
    nothing = [0.5, float("nan"), float("nan")]
    rows = [known.get(str(pk), nothing) for pk in candidates]
    return {
        "agreement": [row[0] for row in rows],
        "loadings": [row[1:] for row in rows],
        "covariance": position_covariance(
            [known[str(pk)][1:] for pk in voted if str(pk) in known],
            spread=facts["spread"],
            noise=facts["noise"],
        ),
    }
