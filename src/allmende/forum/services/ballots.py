"""Writing votes down: the stand that holds now, and the log of all that were ever taken."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from allmende.audit.services import audited, record
from allmende.portal.together import Sql, execute_together, insert_of
from allmende.registry.models import Mandate

from ..models import DECISIONS, Ballot, Concern, Participant, Stand, VoiceLevel, Vote

if TYPE_CHECKING:
    from allmende.accounts.models import User


REPLACE_VOTE = (
    "ON CONFLICT (participant_id, statement_id) DO UPDATE SET stand = excluded.stand, level = excluded.level,"
    " evidence_id = NULL, answered_by_id = NULL, cast_at = excluded.cast_at"
)


def votes_to_store(
    *,
    actor: "User",
    participant: Participant,
    stands: Mapping[int, Stand],
    mandate: Mandate | None,
) -> tuple[list[Vote], list[Sql]]:
    """Stands by statement number, and what stores and logs them, each in place of an earlier one.

    They are the participant's own, also where an agent had answered for it. Their level is that of the mandate,
    also where a decision of the council stood behind the earlier stand: its evidence is asked for again. Execute
    it in the transaction that has checked everything else.
    """
    now, level = timezone.now(), VoiceLevel.of(mandate)
    shared = {"participant": participant, "level": level, "cast_at": now}
    ballots = [
        Ballot(statement_id=pk, stand=stand, cast_by=actor, mandate=mandate, **shared)
        for pk, stand in stands.items()
    ]
    votes = [Vote(statement_id=pk, stand=stand, **shared) for pk, stand in stands.items()]
    return votes, [insert_of(ballots), insert_of(votes, REPLACE_VOTE)]


def store_votes(
    *,
    actor: "User",
    participant: Participant,
    stands: Mapping[int, Stand],
    mandate: Mandate | None,
) -> None:
    """Store them at once; see ``votes_to_store``."""
    _, writes = votes_to_store(actor=actor, participant=participant, stands=stands, mandate=mandate)
    execute_together(*writes)


@audited
def set_level(
    *,
    actor: "User",
    concern: Concern,
    participant: Participant,
    statements: Sequence[int],
    level: VoiceLevel | None,
    mandate: Mandate | None,
    reason: str = "",
) -> int:
    """Say that a decision stands behind votes (numbers of their statements), or that none does any more.

    With ``level=None`` each vote falls back to the level at which it was last spoken. Ballots stay as they
    were cast. Returns how many votes it was. Raises ``ValueError`` for a level that an office has by itself.
    """
    if level is not None and level not in DECISIONS:
        raise ValueError(f"{level} needs no evidence")
    votes = Vote.objects.filter(participant=participant, statement__in=statements)
    if level is not None:
        changed = votes.update(level=level)
    else:
        spoken = dict(
            Ballot.objects.filter(participant=participant, statement__in=statements)
            .order_by("pk")
            .values_list("statement_id", "level")
        )
        covered = list(votes.filter(level__in=DECISIONS))
        for vote in covered:
            vote.level = spoken.get(vote.statement_id, "")
        changed = Vote.objects.bulk_update(covered, ["level"])
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.set_level",
        obj=participant,
        reason=reason,
        concern=concern.slug,
        level=str(level) if level else None,
        statements=sorted(statements),
    )
    return changed
