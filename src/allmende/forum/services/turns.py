"""One after the other: whoever changes what a participant says waits for its turn.

Every service takes things in one order, so that no two can wait for each other: the chain of the audit
log (``@audited``), participants, drafts, votes, results.
"""

from collections.abc import Iterable

from ..models import Participant


def take_turn(participants: Iterable[int]) -> None:
    """Let nobody else speak for these participants (keys) until the transaction ends.

    Ballots are then in the order in which they came to hold. Others may refer to the participants
    meanwhile. SQLite has one writer at a time anyway.
    """
    rows = Participant.objects.select_for_update(no_key=True).filter(pk__in=participants)
    list(rows.order_by("pk").values_list("pk"))
