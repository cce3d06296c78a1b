"""Taking part: joining a concern, being shown a statement, voting on it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from zlib import crc32

from django.db import transaction
from django.db.models import F

from allmende.registry.models import Mandate

from ..models import (
    Concern,
    Draft,
    Exposure,
    Participant,
    Presentation,
    Result,
    Stand,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from ..queries import Progress, Voice, needs_release, progress_of
from .ballots import store_votes
from .drafts import draft_vote, settle_drafts
from .errors import MERGED, Conflict
from .results import request_result
from .turns import take_turn

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from allmende.accounts.models import User
    from allmende.algorithms.opinion.routing import NextStatement


def join_concern(*, concern: Concern, voice: Voice) -> Participant:
    """The participant behind a voice; made at its first visit, however many arrive at once."""
    of_whom = {"region": voice.region, "user": None if voice.region else voice.user}
    participant, _ = Participant.objects.get_or_create(
        concern=concern, **of_whom, defaults={"voices": voice.kind}
    )
    # Known already: nobody has to look them up.
    participant.concern, participant.region = concern, voice.region
    return participant


@transaction.atomic
def present_statement(
    participant: Participant, progress: Progress | None = None
) -> Statement | None:
    """Put the next statement before a participant, or none when there is nothing left.

    What lies before her stays there until she votes, so that loading the page again changes nothing.
    Which one comes next is ``algorithms.opinion.routing``'s choice; it is logged with its reason and
    seed, and counted for the Land and size class of the participant. Her ``progress`` is looked up if
    the caller does not have it.
    """
    # One tab after the other: what one of them presents, logs and counts, the other finds before it.
    take_turn([participant.pk])
    progress = progress or progress_of(concern=participant.concern, participant=participant)
    presented = Presentation.objects.filter(participant=participant)
    before_her = set(presented.values_list("statement_id", flat=True))
    statements = Statement.objects.select_related("author__region")
    for number in progress.open:
        if number in before_her:
            return statements.get(pk=number)
    if not progress.open:
        return None
    chosen, choice = _choose(participant, progress)
    Presentation.objects.create(
        participant=participant,
        statement_id=chosen,
        reason=choice.reason,
        seed=choice.seed,
        exposure=choice.exposure,
        floor=choice.floor,
        tied=choice.tied,
    )
    _count_exposure(participant, chosen)
    return statements.get(pk=chosen)


def _count_exposure(participant: Participant, statement_id: int) -> None:
    """Count that a statement was shown once more, to this participant's Land and size class."""
    land, size_class = stratum_of(participant)
    stratum = Exposure.objects.filter(statement=statement_id, land=land, size_class=size_class)
    if not stratum.update(shown=F("shown") + 1):
        Exposure.objects.get_or_create(statement_id=statement_id, land=land, size_class=size_class)
        stratum.update(shown=F("shown") + 1)
    Statement.objects.filter(pk=statement_id).update(shown=F("shown") + 1)


@transaction.atomic
def cast_vote(
    *,
    actor: "User",
    participant: Participant,
    statement: Statement,
    stand: Stand,
    mandate: Mandate | None,
) -> Vote | Draft:
    """Record where a participant stands on a statement, replacing its earlier stand.

    The earlier stand stays in the log of ballots. An official vote is cast in a ``mandate``; where its
    organisation wants four eyes and it releases nothing itself, the vote becomes a draft. Raises
    ``Conflict`` if the deadline has passed or the statement is not voted on.
    """
    if mandate is None and participant.region_id is not None:
        raise ValueError("an official vote is cast in a mandate")
    take_turn([participant.pk])
    # As it stands now, not as it stood when the page was asked for.
    statement = Statement.objects.select_related("concern").get(pk=statement.pk)
    if statement.concern_id != participant.concern_id:
        raise Conflict(MERGED)
    if not statement.concern.is_open:
        raise Conflict("Die Frist ist abgelaufen. Stimmen lassen sich nicht mehr ändern.")
    if statement.state != StatementState.ACCEPTED:
        raise Conflict("Über diese Aussage wird nicht mehr abgestimmt.")
    if mandate is not None:
        if needs_release(actor, mandate):
            return draft_vote(
                actor=actor,
                participant=participant,
                statement=statement,
                stand=stand,
                mandate=mandate,
            )
        settle_drafts(actor=actor, participant=participant, statement=statement, mandate=mandate)
    [vote] = store_votes(
        actor=actor, participant=participant, stands={statement.pk: stand}, mandate=mandate
    )
    request_result(concern=statement.concern, voices=Voices(participant.voices))
    return vote


def stratum_of(participant: Participant) -> tuple[str, int]:
    """Land and size class; persons and imported voters form one stratum of their own."""
    region = participant.region
    return (region.land, region.size_class or 0) if region else ("", 0)


def _seed(participant: Participant, candidates: list[int]) -> int:
    """The same for the same participant and the same statements left: a choice that can be redone."""
    return crc32(f"{participant.pk}:{candidates}".encode())


def _choose(participant: Participant, progress: Progress) -> "tuple[int, NextStatement]":
    """One of the statements that are left, and how it was chosen."""
    # numpy takes a while to import: not at Django's start.
    from allmende.algorithms.opinion.routing import choose_statement

    land, size_class = stratum_of(participant)
    in_stratum = dict(
        Exposure.objects.filter(
            statement__concern_id=participant.concern_id, land=land, size_class=size_class
        ).values_list("statement_id", "shown")
    )
    numbers = sorted(progress.open)
    choice = choose_statement(
        may_vote=[True] * len(numbers),
        stratum_counts=[in_stratum.get(pk, 0) for pk in numbers],
        total_counts=[progress.statements[pk] for pk in numbers],
        seed=_seed(participant, numbers),
        **_map_facts(participant, numbers, progress.voted_on),
    )
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

    routing = Result.objects.filter(
        concern_id=participant.concern_id, voices=participant.voices
    ).values_list("routing", flat=True)
    facts = routing.first()
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
