"""Facilities that somebody has changed since a file was written: the register counts, unless a person says otherwise."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from ...models import ImportCheck
from .plan import kind_of_facility, kind_of_need


def settle_disputes(check: ImportCheck, *, file_wins: Collection[int] | None) -> None:
    """Leave out of a plan what is disputed, but for the facilities for which the file counts.

    Those are named by their numbers; None are all of them. What was settled is so for good: a worker that
    begins anew finds nothing disputed.
    """
    if not check.disputed:
        return
    counts = Counter(check.counts)
    del counts["disputed"], counts["disputed_rows"]

    def settled(rows: list[dict[str, Any]], key: str, kind: Callable[[Any], str]) -> list[Any]:
        kept = []
        for row in rows:
            if not row["disputed"]:
                kept.append(row)
            elif file_wins is None or row[key] in file_wins:
                kept.append(row | {"disputed": False})
                counts[kind(row["pk"])] += 1
            else:
                counts["left"] += 1
        return kept

    check.plan = {
        "facilities": settled(check.plan["facilities"], "pk", kind_of_facility),
        "needs": settled(check.plan["needs"], "facility", kind_of_need),
    }
    check.counts = dict(counts)
    check.shown = [one for one in check.shown if "facility" not in one]
    check.save(update_fields=("plan", "counts", "shown"))
