"""Deciding on drafts: releasing them or returning them with a reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import Concern, Draft, DraftKind, DraftState, Stand, StatementState, Voices
from .ballots import store_votes
from .concerns import open_concern
from .draft_notices import tell_of_return
from .drafts import TOO_LATE
from .errors import Conflict
from .results import request_result
from .statements import add_statement
from .turns import take_turn

if TYPE_CHECKING:
    from allmende.accounts.models import User

ENDED = _("Die Abstimmung ist beendet.")
NOT_VOTED_ON = _("Über die Aussage wird nicht mehr abgestimmt.")


@dataclass(frozen=True)
class Decided:
    """What became of a batch of drafts: how many were decided on, and why the others were not."""

    done: int
    left: tuple[tuple[str, int], ...]  # German sentence and number of drafts


@audited
def release_drafts(
    *, actor: "User", concern: Concern, drafts: Iterable[Draft], mandate: Mandate
) -> Decided:
    """Say in the organisation's name what its staff has drafted in a concern.

    It counts as said by whoever releases it, in her mandate. A draft that can no longer be said stays as
    it is, and the answer tells why. Raises ``Conflict`` if that is so for all of them.
    """
    waiting, left = _take(concern, drafts, mandate)
    concern.refresh_from_db()
    done: list[Draft] = []
    for draft in waiting:
        try:
            _say(actor, concern, draft, mandate)
        except Conflict as conflict:
            left[str(conflict)] += 1
        else:
            done.append(draft)
    _settle(actor, concern, done, left, mandate, state=DraftState.RELEASED)
    votes = [draft for draft in done if draft.kind == DraftKind.VOTE]
    for participant in {draft.participant for draft in votes}:
        stands = {
            draft.statement_id: Stand(draft.stand)
            for draft in votes
            if draft.participant == participant and draft.statement_id and draft.stand is not None
        }
        store_votes(actor=actor, participant=participant, stands=stands, mandate=mandate)
    if votes:
        request_result(concern=concern, voices=Voices.OFFICIAL)
    return Decided(len(done), tuple(left.items()))


@audited
def return_drafts(
    *, actor: "User", concern: Concern, drafts: Iterable[Draft], reason: str, mandate: Mandate
) -> Decided:
    """Give drafts back to whoever wrote them, with a reason. Raises ``Conflict`` if none waits any more."""
    waiting, left = _take(concern, drafts, mandate)
    _settle(actor, concern, waiting, left, mandate, state=DraftState.RETURNED, reason=reason)
    tell_of_return(concern, waiting, reason)
    return Decided(len(waiting), tuple(left.items()))


def _take(
    concern: Concern, drafts: Iterable[Draft], mandate: Mandate
) -> tuple[list[Draft], Counter[str]]:
    """Lock what still waits; the counter says how many no longer do."""
    given = list(drafts)
    take_turn({draft.participant_id for draft in given})
    asked = {draft.pk for draft in given}
    waiting = list(
        Draft.objects.select_for_update(of=("self",))
        .filter(
            pk__in=asked,
            concern=concern,
            organisation=mandate.organisation_id,
            state=DraftState.WAITING,
        )
        .select_related("participant__region", "statement")
        .order_by("pk")
    )
    gone = len(asked) - len(waiting)
    return waiting, Counter({str(TOO_LATE): gone} if gone else {})


def _say(actor: "User", concern: Concern, draft: Draft, mandate: Mandate) -> None:
    """Say what a draft says. Votes only have to be possible here: they are stored together."""
    if draft.kind == DraftKind.OPENING:
        open_concern(actor=actor, concern=concern, mandate=mandate)
    elif not concern.is_open:
        raise Conflict(ENDED)
    elif draft.kind == DraftKind.STATEMENT:
        said = add_statement(
            actor=actor,
            concern=concern,
            author=draft.participant,
            text=draft.text,
            mandate=mandate,
        )
        Draft.objects.filter(pk=draft.pk).update(statement=said.pk)
    elif draft.statement is None or draft.statement.state != StatementState.ACCEPTED:
        raise Conflict(NOT_VOTED_ON)


def _settle(
    actor: "User",
    concern: Concern,
    done: list[Draft],
    left: Counter[str],
    mandate: Mandate,
    *,
    state: DraftState,
    reason: str = "",
) -> None:
    """Write down what was decided, in one entry for the whole batch."""
    if not done:
        raise Conflict(" ".join(left) or TOO_LATE)
    Draft.objects.filter(pk__in=[draft.pk for draft in done]).update(
        state=state,
        reason=reason,
        decided_by=actor,
        decided_mandate=mandate,
        decided_at=timezone.now(),
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.release_drafts" if state == DraftState.RELEASED else "forum.return_drafts",
        obj=mandate.organisation,
        reason=reason,
        concern=concern.slug,
        drafts=[draft.pk for draft in done],
        drafted_by=sorted({draft.drafted_by_id for draft in done}),
    )
