"""What a file would do, in a form that can be kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from allmende.formats.facility_list import FACILITIES, NEEDS

MOST_SHOWN = 50
Difference = tuple[str, str, str]  # heading, before, after


@dataclass(frozen=True)
class PlannedFacility:
    """A facility to be entered (``pk`` below zero) or changed; ``shares`` None: as they are.

    ``contacts`` are those that are new (number None) or other than they were, with name, telephone, mail and
    when they can be reached; ``measures`` the same, with key, year and value.
    """

    line: int
    pk: int
    seen: int | None
    fields: dict[str, Any]
    shares: list[tuple[int, int]] | None
    contacts: list[tuple[int | None, str, str, str, str]] = field(default_factory=list)
    measures: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PlannedNeed:
    """A need to be entered (``pk`` None) or changed; facilities below zero are new ones of the same file.

    ``seen`` is the version of its facility, None if that is new.
    """

    line: int
    pk: int | None
    facility: int
    seen: int | None
    fields: dict[str, Any]
    suppliers: list[int]
    added: list[int]  # those of them that do not meet it yet


class Plan:
    """Gathers what is to be done."""

    def __init__(self) -> None:
        self.facilities: list[PlannedFacility] = []
        self.needs: list[PlannedNeed] = []
        self.counts: Counter[str] = Counter(
            dict.fromkeys(("new", "changed", "new_needs", "changed_needs", "unchanged"), 0)
        )
        self.shown: list[dict[str, Any]] = []
        self.newest = 0

    def new_number(self) -> int:
        """A number below zero for a facility that is not entered yet."""
        self.newest -= 1
        return self.newest

    def add_facility(
        self, planned: PlannedFacility, *, name: str, differences: Sequence[Difference]
    ) -> None:
        self.facilities.append(planned)
        kind = "new" if planned.pk < 0 else "changed"
        self._add(kind, FACILITIES, planned.line, name, differences)

    def add_need(
        self, planned: PlannedNeed, *, name: str, differences: Sequence[Difference]
    ) -> None:
        self.needs.append(planned)
        kind = "new_needs" if planned.pk is None else "changed_needs"
        self._add(kind, NEEDS, planned.line, name, differences)

    def _add(
        self, kind: str, table: str, line: int, name: str, differences: Sequence[Difference]
    ) -> None:
        self.counts[kind] += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(
                {
                    "kind": kind,
                    "table": table,
                    "line": line,
                    "name": name,
                    "differences": [list(each) for each in differences],
                }
            )

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "facilities": [asdict(each) for each in self.facilities],
            "needs": [asdict(each) for each in self.needs],
        }
