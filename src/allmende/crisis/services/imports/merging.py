"""Who has changed what since a file was written: the file, the register, or both.

A file carries signs of its own cells (``formats.facility_list.checks``). A cell that it has not changed counts as not
being there; one that only it has changed is taken; what both have changed is asked. A file without signs, as from an
earlier version, is asked about everything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from allmende.formats.facility_list import (
    CHECKS,
    FACILITIES,
    FACILITY_COLUMNS,
    NEED_COLUMNS,
    NEEDS,
    STAND,
    sign_of,
    signs_in,
)

from .plan import ROW, Difference, PlannedFacility, PlannedNeed, choices_in
from .world import Read

Planned = dict[str, Any]
AnyPlanned = TypeVar("AnyPlanned", PlannedFacility, PlannedNeed)
# Of old and new values any mixture is right, as long as these are not parted. Who may write hangs on provider and
# municipality, who can supply a need on its service, and how many are enough on how many there are.
TOGETHER_IN_FACILITIES = {
    "provider_id": "provider",
    "provider_name": "provider",
    "region_id": "provider",
    "lon": "lat",
}
TOGETHER_IN_NEEDS = {"service": "suppliers", "needed": "suppliers"}
# The cells of a choice, where it is not about one that is called so.
CELLS = {
    FACILITIES: {
        "provider": ("provider", "key", "municipality"),
        "lat": ("lat", "lon"),
        "served": ("served", "shares"),
        "service": ("service", "measures"),
    },
    NEEDS: {
        "suppliers": ("service", "suppliers", "needed"),
        ROW: ("service", "suppliers", "needed", "buffer_hours", "recharge", "note"),
    },
}
# Cells that say which facility or need is meant.
TELL_WHICH = {
    FACILITIES: {"number"},
    NEEDS: {"number", "facility", "name", "key", "municipality"},
}
# Of these, one means what it says only together with the other.
TIED = ({"key", "municipality"}, {"served", "shares"})
# All cells of which a file keeps signs.
SIGNED = {
    table: [column.field for column in columns[: columns.index(STAND)]]
    for table, columns in ((FACILITIES, FACILITY_COLUMNS), (NEEDS, NEED_COLUMNS))
}
# What of a row is no more once it is settled.
SETTLED: Planned = {"disputed": False, "choices": [], "sure": [], "before": {}}


def contact_choice(place: int) -> str:
    """What deciding about the contact at a place of a row is called."""
    return f"contact-{place}"


def measure_choice(key: str, year: int) -> str:
    """What deciding about a value by year is called."""
    return f"measure-{key}-{year}"


def leave_out_unchanged(row: Read, table: str) -> bool:
    """Treat the cells that the file has not changed as if they were not there: so they change nothing.

    Returns whether it has changed any. Of a file without signs nobody can tell: all count as changed.
    """
    base = signs_in(row.values.get(CHECKS.field), SIGNED[table])
    if not base:
        return True
    texts = {field: text for field, text in row.texts.items() if field in base}
    changed = {field for field, text in texts.items() if sign_of(text) != base[field]}
    for tied in TIED:
        if changed & tied:
            changed |= tied
    for field in texts.keys() - changed - TELL_WHICH[table]:
        row.values.pop(field, None)
    return bool(changed)


def is_asked(row: Read, table: str, there: str | None, choice: str) -> bool:
    """Whether the register has changed, too, what a row says otherwise; ``there`` are its signs of today."""
    base, now = (
        signs_in(checks, SIGNED[table]) for checks in (row.values.get(CHECKS.field), there)
    )
    kind = choice.partition("-")[0]
    fields = {"contact": ("contacts",), "measure": ("measures",)}.get(kind)
    cells = fields or CELLS[table].get(choice, (choice,))
    return not base or any(base[field] != now.get(field) for field in cells)


def mixed_facility(row: Planned, taken: Iterable[str]) -> Planned:
    """What the register says, but for what is taken from the file."""
    taken = {*taken}
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
        **SETTLED,
    }


def mixed_need(row: Planned, taken: Iterable[str]) -> Planned:
    """The same of a need; one that is not there is taken as a whole."""
    taken = {*taken}
    if ROW in taken:
        return row | SETTLED
    mixed = row | {"fields": _mixed(row, taken, TOGETHER_IN_NEEDS)} | SETTLED
    if "suppliers" not in taken:
        mixed |= {"suppliers": row["before"]["suppliers"], "added": []}
    return mixed


def merged(
    planned: AnyPlanned,
    differences: Sequence[Difference],
    asked: Callable[[str], bool],
    mixed: Callable[[Planned, Iterable[str]], Planned],
) -> AnyPlanned:
    """A disputed row with what is asked and what is sure; disputed no more if nothing is asked."""
    choices = choices_in(differences)
    sure = [choice for choice in choices if not asked(choice)]
    if len(sure) == len(choices):
        return type(planned)(**mixed(asdict(planned), sure))
    return replace(planned, choices=[each for each in choices if each not in sure], sure=sure)


def _mixed(row: Planned, taken: set[str], together: dict[str, str]) -> dict[str, Any]:
    return {
        name: value if together.get(name, name) in taken else row["before"][name]
        for name, value in row["fields"].items()
    }
