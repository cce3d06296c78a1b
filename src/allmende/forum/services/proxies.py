"""Answering for members (in Vollmacht), and what members do about such answers.

A member's own answer always wins. An agent only ever inserts where nobody has answered and changes
what it answered itself, while it holds the rows of the participants; a member's vote replaces whatever
is there. So of two answers at the same moment the member's stays, whichever comes first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate, Organisation, Region, Topic
from allmende.registry.queries import acting_mandate

from ..models import (
    Ballot,
    Concern,
    Participant,
    Stand,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from ..queries import VOTES, Voice, needs_release, proxies_in
from .ballots import store_votes
from .errors import MERGED, Conflict
from .results import request_result

if TYPE_CHECKING:
    from allmende.accounts.models import User

REVOKED = gettext_lazy("Dafür haben Sie keine Vollmacht (mehr). Es wurde nichts gespeichert.")
ENDED = gettext_lazy("Die Abstimmung ist beendet. Es wurde nichts gespeichert.")


class DecideOnAnswers(Protocol):
    """``take_over_answers`` or ``withdraw_answers``."""

    def __call__(self, *, actor: "User", participant: Participant, mandate: Mandate) -> int: ...


@dataclass(frozen=True)
class Stored:
    """For how many members an answer was stored, and who had answered before."""

    stored: int
    own: int
    others: int


@transaction.atomic
def answer_for_members(
    *, actor: "User", voice: Voice, statement: Statement, stand: Stand
) -> Stored:
    """Record a stand for the member behind a voice, or for all of them, where they have not answered.

    An earlier answer by the same agent is replaced; the member's own and that of another agent stay.
    Takes a constant number of queries for each batch of members that the database allows.

    Raises
    ------
    Conflict
        If voting has ended, no power holds any more, or nobody is left to answer for.
    """
    agent, mandate = voice.agent, voice.mandate
    if agent is None or mandate is None or mandate.organisation_id != agent.pk:
        raise ValueError("somebody answers for members in a mandate of their agent")
    statement = Statement.objects.select_related("concern").get(pk=statement.pk)
    concern = statement.concern
    if not concern.is_open:
        raise Conflict(ENDED)
    if statement.state != StatementState.ACCEPTED:
        raise Conflict(_("Über diese Aussage wird nicht mehr abgestimmt."))
    if needs_release(actor, mandate):
        raise Conflict(
            _("Für Mitglieder antwortet bei „%(agent)s“ nur, wer freigeben darf.")
            % {"agent": agent}
        )
    participants = _take_participants(concern, agent, voice.region)
    if not participants:
        raise Conflict(REVOKED)
    # Asked once nobody else can move them: the concern may have been merged while we waited.
    if not Statement.objects.filter(pk=statement.pk, concern=concern).exists():
        raise Conflict(MERGED)
    before: dict[int, int | None] = dict(
        Vote.objects.filter(statement=statement, participant__in=participants).values_list(
            "participant", "answered_by"
        )
    )
    answer = Ballot(
        statement=statement, stand=stand, answered_by=agent, cast_by=actor, mandate=mandate
    )
    stored = _store(answer, participants, already=before)
    own = sum(answered_by is None for answered_by in before.values())
    others = len(before) - own - sum(by == agent.pk for by in before.values())
    if not stored:
        raise Conflict(_nobody_left(voice, own))
    request_result(concern=concern, voices=Voices.OFFICIAL)
    return Stored(len(stored), own, others)


def _take_participants(concern: Concern, agent: Organisation, only: Region | None) -> list[int]:
    """The members as participants, locked after the powers they have given.

    Whoever revokes a power waits until the answer is stored, and can then withdraw it; whoever comes
    after the revocation finds no power.
    """
    held = proxies_in(concern).filter(agent=agent)
    if only is not None:
        held = held.filter(member__region=only)
    # In the order of their keys, as the participants below: so nobody waits in a circle.
    locked = held.select_for_update(of=("self",), no_key=True).select_related("member")
    regions = [proxy.member.region_id for proxy in locked.order_by("pk")]
    joined = Participant.objects.filter(concern=concern, region__in=regions)
    present = set(joined.values_list("region", flat=True))
    Participant.objects.bulk_create(
        [
            Participant(concern=concern, region_id=region, voices=Voices.OFFICIAL)
            for region in regions
            if region not in present
        ],
        ignore_conflicts=True,
    )
    # Their keys stay free: a vote that is just being cast for one of them refers to it when it commits.
    return list(joined.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _store(answer: Ballot, participants: list[int], *, already: Collection[int]) -> list[int]:
    """Write an answer down for each of these; returns those for whom it was possible.

    ``already`` are those for whom there is a vote: it changes if it is by the same agent.
    """
    shared = {
        "statement": answer.statement,
        "stand": answer.stand,
        "answered_by": answer.answered_by,
        "cast_at": answer.cast_at,
    }
    ours = Vote.objects.filter(
        statement=answer.statement, participant__in=participants, answered_by=answer.answered_by
    )
    ours.update(stand=answer.stand, cast_at=answer.cast_at, level="", evidence=None)
    Vote.objects.bulk_create(
        [Vote(participant_id=pk, **shared) for pk in participants if pk not in already],
        ignore_conflicts=True,
    )
    stored = list(ours.filter(cast_at=answer.cast_at).values_list("participant", flat=True))
    Ballot.objects.bulk_create(
        Ballot(participant_id=pk, cast_by=answer.cast_by, mandate=answer.mandate, **shared)
        for pk in stored
    )
    return stored


def _nobody_left(voice: Voice, own: int) -> str:
    if voice.region is None:
        return _(
            "Auf diese Aussage haben schon alle Mitglieder geantwortet. Es wurde nichts gespeichert."
        )
    if own:
        return _(
            "%(region)s hat selbst geantwortet. Dabei bleibt es; es wurde nichts gespeichert."
        ) % {"region": voice.region}
    return _(
        "Für %(region)s hat schon jemand anderes in Vollmacht geantwortet. Es wurde nichts gespeichert."
    ) % {"region": voice.region}


@transaction.atomic
def take_over_answers(*, actor: "User", participant: Participant, mandate: Mandate) -> int:
    """Make all answers that agents have given for a municipality its own; returns how many.

    Raises ``Conflict`` if voting has ended, or what is said in this mandate waits for a release.
    """
    _check(actor, participant, mandate)
    answered = Vote.objects.select_for_update(of=("self",)).filter(
        participant=participant,
        answered_by__isnull=False,
        statement__state=StatementState.ACCEPTED,
    )
    stands = {vote.statement_id: Stand(vote.stand) for vote in answered.order_by("pk")}
    if stands:
        store_votes(actor=actor, participant=participant, stands=stands, mandate=mandate)
        request_result(concern=participant.concern, voices=Voices.OFFICIAL)
    return len(stands)


@audited
def withdraw_answers(*, actor: "User", participant: Participant, mandate: Mandate) -> int:
    """Take back all answers that agents have given for a municipality; returns how many.

    Raises ``Conflict`` if voting has ended, or what is said in this mandate waits for a release.
    """
    _check(actor, participant, mandate)
    return _withdraw(actor, participant, mandate, agent=None)


@audited
def withdraw_revoked(
    *, actor: "User", member: Organisation, agent: Organisation, topics: Collection[Topic]
) -> int:
    """Take back what an agent has answered for a member in open concerns on these topics."""
    participants = Participant.objects.filter(
        region=member.region,
        concern__in=Concern.objects.open().filter(topic__in=topics),
        votes__answered_by=agent,
    )
    mandate = acting_mandate(actor, member, *VOTES)
    return sum(
        _withdraw(actor, participant, mandate, agent=agent)
        for participant in participants.select_related("concern", "region").distinct()
    )


def _check(actor: "User", participant: Participant, mandate: Mandate) -> None:
    if not Concern.objects.get(pk=participant.concern_id).is_open:
        raise Conflict(ENDED)
    if needs_release(actor, mandate):
        raise Conflict(_("Darüber entscheidet bei Ihnen, wer freigeben darf."))


def _withdraw(
    actor: "User",
    participant: Participant,
    mandate: Mandate | None,
    *,
    agent: Organisation | None,
) -> int:
    answered = Vote.objects.filter(participant=participant, answered_by__isnull=False)
    if agent is not None:
        answered = answered.filter(answered_by=agent)
    count = answered.delete()[0]
    if count:
        record(
            actor=actor,
            mandate=mandate,
            deed="forum.withdraw_answers",
            obj=participant,
            concern=participant.concern.slug,
            answers=count,
        )
        request_result(concern=participant.concern, voices=Voices.OFFICIAL)
    return count
