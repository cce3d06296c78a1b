"""One after the other: whoever changes what a participant says waits for its turn.

Every service takes things in one order, so that no two can wait for each other: the chain of the audit
log (``@audited``), participants, drafts, votes, results.
"""

from collections.abc import Iterable

from django.db import connection

from allmende.portal.prepared import fetch

LOCK = "SELECT id FROM forum_participant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def take_turn(participants: Iterable[int]) -> None:
    """Let nobody else speak for these participants (keys) until the transaction ends.

    Ballots are then in the order in which they came to hold. Others may refer to the participants
    meanwhile. SQLite has one writer at a time anyway.
    """
    if connection.features.has_select_for_update:
        fetch(LOCK, [list(participants)])
