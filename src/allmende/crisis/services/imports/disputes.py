"""Facilities that somebody has changed since a file was written: the register counts, unless a person says otherwise.

What a facility was when the file was written is not kept, so nobody can tell who changed which value: each that
differs is a choice of its own. What fits together only as it stands in one place is one choice, and so any
choice leaves a facility or need that is right.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from allmende.formats.facility_list import FACILITIES, NEEDS

from ...models import ImportCheck
from .facilities import TOGETHER as TOGETHER_IN_FACILITIES
from .facilities import contact_choice, measure_choice
from .needs import TOGETHER as TOGETHER_IN_NEEDS
from .plan import ROW, choice_key, kind_of_facility, kind_of_need

Planned = dict[str, Any]


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
        mixed: Callable[[Planned, set[str]], Planned],
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
            if taken:
                kept.append(mixed(row, taken) | {"disputed": False, "choices": [], "before": {}})
                counts[kind(row["pk"])] += 1
        return kept

    check.plan |= {
        "facilities": settled(FACILITIES, kind_of_facility, _mixed_facility),
        "needs": settled(NEEDS, kind_of_need, _mixed_need),
    }
    check.counts = dict(counts)
    check.shown = [one for one in check.shown if "facility" not in one]
    check.save(update_fields=("plan", "counts", "shown"))


def _mixed_facility(row: Planned, taken: set[str]) -> Planned:
    """What the register says, but for what is taken from the file."""
    is_other_service = row["before"]["service"] != row["fields"]["service"]
    return row | {
        "fields": _mixed(row, taken, TOGETHER_IN_FACILITIES),
        "shares": row["shares"] if "served" in taken else None,
        "contacts": [
            contact
            for place, contact in enumerate(row["contacts"])
            if contact_choice(place) in taken
        ],
        "measures": [
            (key, year, value)
            for key, year, value in row["measures"]
            if ("service" if is_other_service else measure_choice(key, year)) in taken
        ],
    }


def _mixed_need(row: Planned, taken: set[str]) -> Planned:
    if ROW in taken:
        return row
    mixed = row | {"fields": _mixed(row, taken, TOGETHER_IN_NEEDS)}
    if "suppliers" not in taken:
        mixed |= {"suppliers": row["before"]["suppliers"], "added": []}
    return mixed


def _mixed(row: Planned, taken: set[str], together: dict[str, str]) -> dict[str, Any]:
    return {
        name: value if together.get(name, name) in taken else row["before"][name]
        for name, value in row["fields"].items()
    }
