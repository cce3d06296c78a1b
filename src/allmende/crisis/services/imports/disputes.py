"""Facilities that somebody has changed since a file was written: the register counts, unless a person says otherwise.

What only one side has changed is settled before (``merging``). Each value that both have is a choice of its own; what
fits together only as it stands in one place is one choice, and so any choice leaves a facility or need that is right.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from allmende.formats.facility_list import FACILITIES, NEEDS

from ...models import ImportCheck
from ...queries.disputes import choice_key
from .merging import Planned, mixed_facility, mixed_need
from .plan import kind_of_facility, kind_of_need


def settle_disputes(check: ImportCheck, *, file_wins: Collection[str] | None) -> None:
    """Leave out of a plan what is disputed, but for the choices for which the file counts.

    Those are named by their keys; None are all of them. What was settled is so for good: a worker that begins
    anew finds nothing disputed.
    """
    if not check.disputed:
        return
    counts = Counter(check.counts)
    del counts["disputed"], counts["disputed_rows"]

    def settled(
        table: str,
        kind: Callable[[Any], str],
        mixed: Callable[[Planned, list[str]], Planned],
    ) -> list[Planned]:
        kept = []
        for row in check.plan["facilities" if table == FACILITIES else "needs"]:
            if not row["disputed"]:
                kept.append(row)
                continue
            taken = {
                choice
                for choice in row["choices"]
                if file_wins is None or choice_key(table, row["line"], choice) in file_wins
            }
            counts["left"] += len(row["choices"]) - len(taken)
            if taken or row["sure"]:
                kept.append(mixed(row, [*taken, *row["sure"]]))
                counts[kind(row["pk"])] += 1
        return kept

    check.plan |= {
        "facilities": settled(FACILITIES, kind_of_facility, mixed_facility),
        "needs": settled(NEEDS, kind_of_need, mixed_need),
    }
    check.counts = dict(counts)
    check.shown = [one for one in check.shown if "facility" not in one]
    check.save(update_fields=("plan", "counts", "shown"))
