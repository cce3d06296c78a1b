"""Taking part: joining a concern, being shown a statement, voting on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.portal.together import Sql, execute_together
from allmende.registry.models import Mandate

from ..models import (
    Concern,
    Draft,
    Participant,
    Stand,
    Statement,
    Voices,
    Vote,
)
from ..queries import (
    Progress,
    Voice,
    needs_release,
    participant_of,
    progress_of,
)
from .ballots import votes_to_store
from .drafts import draft_vote, settle_drafts
from .errors import Conflict
from .presenting import next_statement
from .results import request_result
from .turns import take_turn

if TYPE_CHECKING:
    from allmende.accounts.models import User


def join_concern(*, concern: Concern, voice: Voice) -> Participant:
    """The participant behind a voice; made at its first visit, however many arrive at once."""
    if known := participant_of(concern=concern, voice=voice):
        return known
    of_whom = {"region": voice.region, "user": None if voice.region else voice.user}
    participant, _ = Participant.objects.get_or_create(
        concern=concern, **of_whom, defaults={"voices": voice.kind}
    )
    return participant


def _join_in_turn(concern: Concern, voice: Voice) -> Participant:
    """The same in a transaction, until whose end nobody else speaks for that participant."""
    if known := participant_of(concern=concern, voice=voice, in_turn=True):
        return known
    participant = join_concern(concern=concern, voice=voice)
    take_turn([participant.pk])
    return participant


@dataclass(frozen=True)
class Turn:
    """What a vote came to, and what comes next."""

    participant: Participant
    vote: Vote | Draft | None
    problem: str  # in the reader's language, where the vote did not count
    progress: Progress
    statement: Statement | None


@transaction.atomic
def vote_and_go_on(*, concern: Concern, voice: Voice, statement: int, stand: Stand) -> Turn:
    """Cast a vote on the statement with this number and put the next one before the participant.

    One transaction and as few round trips as it can be: most of what people do here is this.
    """
    participant = _join_in_turn(concern, voice)
    progress = progress_of(concern=participant.concern, participant=participant)
    vote: Vote | Draft | None = None
    problem, writes = "", list[Sql]()
    try:
        vote, writes = _cast(
            actor=voice.user,
            participant=participant,
            progress=progress,
            statement=statement,
            stand=stand,
            mandate=voice.mandate,
        )
    except Conflict as conflict:  # raised before anything is written
        problem = str(conflict)
    else:
        progress = progress.after(statement, drafted=isinstance(vote, Draft))
    following, more = next_statement(participant, progress)
    _write(participant, vote, [*writes, *more])
    return Turn(participant, vote, problem, progress, following)


@transaction.atomic
def go_on(*, concern: Concern, voice: Voice, problem: str = "") -> Turn:
    """Put the next statement before a participant.

    What lies before her stays there until she votes, so that loading the page again changes nothing.
    Which one comes next is ``algorithms.opinion.routing``'s choice; it is logged with its reason and
    seed, and counted for the Land and size class of the participant.
    """
    # One tab after the other: what one of them presents, logs and counts, the other finds before it.
    participant = _join_in_turn(concern, voice)
    progress = progress_of(concern=participant.concern, participant=participant)
    following, writes = next_statement(participant, progress)
    execute_together(*writes)
    return Turn(participant, None, problem, progress, following)


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
    vote, writes = _cast(
        actor=actor,
        participant=participant,
        progress=progress,
        statement=statement.pk,
        stand=stand,
        mandate=mandate,
    )
    _write(participant, vote, writes)
    return vote


def _cast(
    *,
    actor: "User",
    participant: Participant,
    progress: Progress,
    statement: int,
    stand: Stand,
    mandate: Mandate | None,
) -> tuple[Vote | Draft, list[Sql]]:
    """The vote or its draft, and what is left to write."""
    if mandate is None and participant.region_id is not None:
        raise ValueError("an official vote is cast in a mandate")
    if not progress.is_open:
        raise Conflict(_("Die Frist ist abgelaufen. Stimmen lassen sich nicht mehr ändern."))
    if statement not in progress.statements:
        raise Conflict(_("Über diese Aussage wird nicht mehr abgestimmt."))
    if mandate is not None:
        if needs_release(actor, mandate):
            draft = draft_vote(
                actor=actor,
                participant=participant,
                statement=Statement.objects.select_related("concern").get(pk=statement),
                stand=stand,
                mandate=mandate,
            )
            return draft, []
        if statement in progress.drafted_on | progress.returned:
            settle_drafts(
                actor=actor, participant=participant, statement=statement, mandate=mandate
            )
    [vote], writes = votes_to_store(
        actor=actor, participant=participant, stands={statement: stand}, mandate=mandate
    )
    return vote, writes


def _write(participant: Participant, vote: Vote | Draft | None, writes: list[Sql]) -> None:
    """Write it, and ask for a result that knows the vote if it counts."""
    if isinstance(vote, Vote):
        request_result(concern=participant.concern, voices=Voices(participant.voices), after=writes)
    else:
        execute_together(*writes)
