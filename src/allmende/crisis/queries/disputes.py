"""What somebody has changed in the register since a file was written, and what a person decides about it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from allmende.audit.queries import newest_of
from allmende.audit.words import Line, tell
from allmende.formats.facility_list import FACILITIES, NEEDS

from ..models import Facility, ImportCheck

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# What counts as a change of a facility (its version): each of them, so that the newest is who made a file old.
CHANGES = tuple(
    f"crisis.{deed}"
    for deed in (
        *("change_facility", "close_facility", "reopen_facility"),
        *("add_supply", "change_supply", "remove_supply", "set_measure", "remove_measure"),
        *("add_contact", "change_contact", "remove_contact", "clear_contacts"),
        *("add_document", "remove_document"),
    )
)
NOTHING = "–"


@dataclass(frozen=True)
class Choice:
    """What is decided at once: mostly one column; ``there`` is what the register says, ``said`` the file."""

    key: str
    heading: str
    there: str
    said: str


@dataclass(frozen=True)
class DisputedRow:
    """A row of a file, with its choices."""

    kind: str
    table: str
    line: int
    choices: list[Choice]
    differences: list[
        tuple[str, str, str]
    ]  # what only the file has changed: heading, before, after
    warning: str = ""  # what it takes away from others if the file counts


@dataclass(frozen=True)
class Dispute:
    """A facility that somebody has changed since a file was written, and what the file would change."""

    number: int
    name: str
    rows: list[DisputedRow]
    last: Line | None  # None if no change is in the log
    more: int  # choices that its page does not show

    @property
    def has_several(self) -> bool:
        """Whether there is more than one thing to decide."""
        return sum(len(row.choices) for row in self.rows) + self.more > 1


def choice_key(table: str, line: int, choice: str) -> str:
    """What a choice is called in a form: no other one of the same file is called so.

    >>> choice_key("Bedarf", 7, "note")
    'bedarf-7-note'
    """
    return f"{table.lower()}-{line}-{choice}"


def choices_of(check: ImportCheck) -> dict[int, list[str]]:
    """The keys of all choices about the facilities that its page shows, by facility: more than a page can show,
    perhaps.
    """
    found: dict[int, list[str]] = {one["facility"]: [] for one in check.shown if "facility" in one}
    for table, rows, about in ((FACILITIES, "facilities", "pk"), (NEEDS, "needs", "facility")):
        for row in check.plan.get(rows, ()):
            if row["disputed"] and row[about] in found:
                keys = [choice_key(table, row["line"], choice) for choice in row["choices"]]
                found[row[about]] += keys
    return found


def disputes_of(check: ImportCheck, *, reader: "Person") -> list[Dispute]:
    """The disputed facilities that its page shows, each with its last change: three queries."""
    rows: defaultdict[int, list[DisputedRow]] = defaultdict(list)
    for one in check.shown:
        if "facility" in one:
            choices = [_choice(one["kind"], each) for each in one["choices"]]
            rows[one["facility"]].append(
                DisputedRow(
                    *(one["kind"], one["table"], one["line"], choices, one["differences"]),
                    warning=one.get("warning", ""),
                )
            )
    entries = newest_of(Facility, rows, deeds=CHANGES) if rows else ()
    lines = {int(line.entry.object_key): line for line in tell(entries, reader=reader)}
    names = dict(Facility.objects.filter(pk__in=rows).values_list("pk", "name"))
    more = {
        number: len(keys) - sum(len(row.choices) for row in rows[number])
        for number, keys in choices_of(check).items()
    }
    return [
        Dispute(number, names[number], shown, lines.get(number), more[number])
        for number, shown in rows.items()
    ]


def _choice(kind: str, kept: dict[str, Any]) -> Choice:
    differences = kept["differences"]
    if kind == "new_needs":
        said = _together((heading, after) for heading, _before, after in differences)
        return Choice(kept["key"], _("Ganzer Bedarf"), _("steht nicht mehr da"), said)
    if len(differences) == 1:
        [(heading, before, after)] = differences
        return Choice(kept["key"], heading, before or NOTHING, after or NOTHING)
    return Choice(
        kept["key"],
        ", ".join(heading for heading, _before, _after in differences),
        _together((heading, before) for heading, before, _after in differences),
        _together((heading, after) for heading, _before, after in differences),
    )


def _together(parts: Iterable[tuple[str, str]]) -> str:
    """Values that hold only together, each with its heading.

    >>> _together([("Breite", "48,1"), ("Länge", "")])
    'Breite 48,1 · Länge –'
    """
    return " · ".join(f"{heading} {value or NOTHING}" for heading, value in parts)
