"""Taking part: joining a concern, being shown a statement, voting on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from zlib import crc32

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from allmende.registry.models import Mandate

from ..models import (
    Concern,
    Draft,
    Participant,
    Presentation,
    Stand,
    Statement,
    Voices,
    Vote,
)
from ..queries import (
    Progress,
    Voice,
    latest_routing,
    needs_release,
    participant_of,
    progress_of,
    shown_statement,
)
from .ballots import store_votes
from .drafts import draft_vote, settle_drafts
from .errors import Conflict
from .results import request_result
from .turns import take_turn

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from allmende.accounts.models import User
    from allmende.algorithms.opinion.routing import NextStatement


def join_concern(*, concern: Concern, voice: Voice) -> Participant:
    """The participant behind a voice; made at its first visit, however many arrive at once."""
    if known := participant_of(concern=concern, voice=voice):
        return known
    of_whom = {"region": voice.region, "user": None if voice.region else voice.user}
    participant, _ = Participant.objects.get_or_create(
        concern=concern, **of_whom, defaults={"voices": voice.kind}
    )
    return participant


@dataclass(frozen=True)
class Turn:
    """What a vote came to, and what comes next."""

    vote: Vote | Draft | None
    problem: str  # in German, where the vote did not count
    progress: Progress
    statement: Statement | None


@transaction.atomic
def vote_and_go_on(
    *,
    actor: "User",
    participant: Participant,
    statement: int,
    stand: Stand,
    mandate: Mandate | None,
) -> Turn:
    """Cast a vote on the statement with this number and put the next one before the participant.

    One transaction and as few round trips as it can be: most of what people do here is this.
    """
    take_turn([participant.pk])
    progress = progress_of(concern=participant.concern, participant=participant)
    vote: Vote | Draft | None = None
    problem = ""
    try:
        vote = _cast(
            actor=actor,
            participant=participant,
            progress=progress,
            statement=statement,
            stand=stand,
            mandate=mandate,
        )
    except Conflict as conflict:  # raised before anything is written
        problem = str(conflict)
    else:
        progress = progress.after(statement, drafted=isinstance(vote, Draft))
    return Turn(vote, problem, progress, _present(participant, progress))


def present_statement(participant: Participant) -> Statement | None:
    """Put the next statement before a participant, or none when there is nothing left."""
    return go_on(participant=participant).statement


@transaction.atomic
def go_on(*, participant: Participant, problem: str = "") -> Turn:
    """Put the next statement before a participant.

    What lies before her stays there until she votes, so that loading the page again changes nothing.
    Which one comes next is ``algorithms.opinion.routing``'s choice; it is logged with its reason and
    seed, and counted for the Land and size class of the participant.
    """
    # One tab after the other: what one of them presents, logs and counts, the other finds before it.
    take_turn([participant.pk])
    progress = progress_of(concern=participant.concern, participant=participant)
    return Turn(None, problem, progress, _present(participant, progress))


def _present(participant: Participant, progress: Progress) -> Statement | None:
    if not progress.open or not progress.is_open:
        return None
    for number in progress.open:
        if number in progress.presented:
            return shown_statement(number)
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
    return shown_statement(chosen)


def _count_exposure(participant: Participant, statement_id: int) -> None:
    """Count that a statement was shown once more, to this participant's Land and size class."""
    land, size_class = participant.stratum
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO forum_exposure (statement_id, land, size_class, shown) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (statement_id, land, size_class) DO UPDATE SET shown = forum_exposure.shown + 1",
            [statement_id, land, size_class],
        )
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
    take_turn([participant.pk])
    # As it stands now, not as it stood when the page was asked for.
    progress = progress_of(concern=participant.concern, participant=participant)
    return _cast(
        actor=actor,
        participant=participant,
        progress=progress,
        statement=statement.pk,
        stand=stand,
        mandate=mandate,
    )


def _cast(
    *,
    actor: "User",
    participant: Participant,
    progress: Progress,
    statement: int,
    stand: Stand,
    mandate: Mandate | None,
) -> Vote | Draft:
    if mandate is None and participant.region_id is not None:
        raise ValueError("an official vote is cast in a mandate")
    if not progress.is_open:
        raise Conflict(_("Die Frist ist abgelaufen. Stimmen lassen sich nicht mehr ändern."))
    if statement not in progress.statements:
        raise Conflict(_("Über diese Aussage wird nicht mehr abgestimmt."))
    if mandate is not None:
        if needs_release(actor, mandate):
            return draft_vote(
                actor=actor,
                participant=participant,
                statement=Statement.objects.select_related("concern").get(pk=statement),
                stand=stand,
                mandate=mandate,
            )
        if statement in progress.drafted_on | progress.returned:
            settle_drafts(
                actor=actor, participant=participant, statement=statement, mandate=mandate
            )
    [vote] = store_votes(
        actor=actor, participant=participant, stands={statement: stand}, mandate=mandate
    )
    request_result(concern=participant.concern, voices=Voices(participant.voices))
    return vote


def _seed(participant: Participant, candidates: list[int]) -> int:
    """The same for the same participant and the same statements left: a choice that can be redone."""
    return crc32(f"{participant.pk}:{candidates}".encode())


def _choose(participant: Participant, progress: Progress) -> "tuple[int, NextStatement]":
    """One of the statements that are left, and how it was chosen."""
    # numpy takes a while to import: not at Django's start.
    from allmende.algorithms.opinion.routing import choose_statement

    numbers = sorted(progress.open)
    choice = choose_statement(
        may_vote=[True] * len(numbers),
        stratum_counts=[progress.exposures.get(pk, 0) for pk in numbers],
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
