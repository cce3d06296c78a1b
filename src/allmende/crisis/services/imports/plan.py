"""What a file would do, in a form that can be kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Any, NamedTuple

from allmende.formats.facility_list import FACILITIES, GENERATORS, NEEDS

from ...queries.disputes import choice_key

MOST_SHOWN = 50
# Each choice is a field of the form, of which a request has a thousand at most.
MOST_DISPUTED, MOST_CHOICES = 20, 800
# Longer texts are told from shortly before where they differ.
LONG, BEFORE_IT = 100, 40
# A whole row, where nothing of it is there.
ROW = "zeile"


class Difference(NamedTuple):
    """What a row says otherwise; differences with the same ``choice`` fit together only as they are."""

    choice: str
    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class PlannedFacility:
    """A facility to be entered (``pk`` below zero) or changed; ``shares`` None: as they are.

    ``contacts`` are those that are new (number None) or other than they were, with name, telephone, mail and
    when they can be reached; ``measures`` the same, with key, year and value. ``disputed``: somebody has
    changed the facility since the file was written; then ``choices`` are what a person decides one by one,
    ``sure`` what only the file has changed, and ``before`` is what the register says.
    """

    line: int
    pk: int
    seen: int | None
    fields: dict[str, Any]
    shares: list[tuple[int, int]] | None
    contacts: list[tuple[int | None, str, str, str, str]] = field(default_factory=list)
    measures: list[tuple[str, int, str]] = field(default_factory=list)
    disputed: bool = False
    choices: list[str] = field(default_factory=list)
    sure: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedNeed:
    """A need to be entered (``pk`` None) or changed; facilities below zero are new ones of the same file.

    ``seen`` is the version of its facility, None if that is new; ``disputed``, ``choices``, ``sure`` and
    ``before`` as of a facility.
    """

    line: int
    pk: int | None
    facility: int
    seen: int | None
    fields: dict[str, Any]
    suppliers: list[int]
    added: list[int]  # those of them that do not meet it yet
    disputed: bool = False
    choices: list[str] = field(default_factory=list)
    sure: list[str] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedGenerator:
    """A generator to be entered (``pk`` None) or changed; ``seen`` is its version."""

    line: int
    pk: int | None
    seen: int | None
    fields: dict[str, Any]


# Under which names rows are counted, by table: new ones and changed ones, where a file has such rows.
KINDS = {
    FACILITIES: ("new", "changed"),
    NEEDS: ("new_needs", "changed_needs"),
    GENERATORS: ("new_generators", "changed_generators"),
}


class Plan:
    """Gathers what is to be done."""

    def __init__(self, tables: Iterable[str]) -> None:
        self.facilities: list[PlannedFacility] = []
        self.needs: list[PlannedNeed] = []
        self.generators: list[PlannedGenerator] = []
        kinds = [kind for table in tables for kind in KINDS[table]]
        self.counts: Counter[str] = Counter(dict.fromkeys((*kinds, "unchanged"), 0))
        self.disputed: set[int] = set()  # facilities
        self.disputed_shown: set[int] = set()  # the first of them, each with all its rows
        self.listed = self.choices = 0
        self.shown: list[dict[str, Any]] = []
        self.newest = 0

    def new_number(self) -> int:
        """A number below zero for a facility that is not entered yet."""
        self.newest -= 1
        return self.newest

    def add_facility(
        self,
        planned: PlannedFacility,
        *,
        name: str,
        differences: Sequence[Difference],
        warning: str = "",
    ) -> None:
        """``warning``: what it takes away from others, in words."""
        self.facilities.append(planned)
        kind = kind_of_facility(planned.pk)
        shown = _shown(kind, FACILITIES, planned, name, differences) | {"warning": warning}
        self._add(planned.pk if planned.disputed else None, shown)

    def add_need(
        self, planned: PlannedNeed, *, name: str, differences: Sequence[Difference]
    ) -> None:
        self.needs.append(planned)
        shown = _shown(kind_of_need(planned.pk), NEEDS, planned, name, differences)
        self._add(planned.facility if planned.disputed else None, shown)

    def add_generator(
        self, planned: PlannedGenerator, *, name: str, differences: Sequence[Difference]
    ) -> None:
        self.generators.append(planned)
        kind = KINDS[GENERATORS][planned.pk is not None]
        self._add(None, _shown(kind, GENERATORS, planned, name, differences))

    def _add(self, disputed: int | None, shown: dict[str, Any]) -> None:
        """Count and show a row; one about a disputed facility stands with the others about it."""
        if disputed is None:
            self.counts[shown["kind"]] += 1
            warns = bool(shown.get("warning"))
            if warns:
                self.counts["warned"] += 1
            # What takes something away from others is not hidden behind fifty rows that do not.
            if self.listed < MOST_SHOWN or (warns and self.counts["warned"] <= MOST_SHOWN):
                self.listed += 1
                self.shown.append(shown)
            return
        self.counts["disputed_rows"] += 1
        self.disputed.add(disputed)
        self.counts["disputed"] = len(self.disputed)
        if len(self.disputed_shown) < MOST_DISPUTED:
            self.disputed_shown.add(disputed)
        if disputed in self.disputed_shown and self.choices < MOST_CHOICES:
            self.choices += len(shown["choices"])
            self.shown.append(shown | {"facility": disputed})

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "facilities": [asdict(each) for each in self.facilities],
            "needs": [asdict(each) for each in self.needs],
            "generators": [asdict(each) for each in self.generators],
        }


def kind_of_facility(number: int) -> str:
    """Under which name a facility is counted."""
    return KINDS[FACILITIES][number > 0]


def kind_of_need(number: int | None) -> str:
    """Under which name a need is counted."""
    return KINDS[NEEDS][number is not None]


def choices_in(differences: Sequence[Difference]) -> list[str]:
    """What can be decided one by one, in the order of the file's columns."""
    return list(dict.fromkeys(each.choice for each in differences))


def _shown(
    kind: str,
    table: str,
    planned: PlannedFacility | PlannedNeed | PlannedGenerator,
    name: str,
    differences: Sequence[Difference],
) -> dict[str, Any]:
    """A row in words: what it changes, and what is to be chosen."""
    asked = [] if isinstance(planned, PlannedGenerator) else planned.choices
    told = [(each.choice, each.heading, *apart(each.before, each.after)) for each in differences]
    return {
        "kind": kind,
        "table": table,
        "line": planned.line,
        "name": name,
        "differences": [
            (heading, _cut(before), _cut(after))
            for choice, heading, before, after in told
            if choice not in asked
        ],
        "choices": [
            {
                "key": choice_key(table, planned.line, choice),
                "differences": [each for said, *each in told if said == choice],
            }
            for choice in asked
        ],
    }


def apart(before: str, after: str) -> tuple[str, str]:
    """Two texts, without the beginning that both have where one is long: else they might look the same.

    >>> apart("Tor 1", "Tor 2")
    ('Tor 1', 'Tor 2')
    >>> apart("sehr " * 20 + "lange", "sehr " * 20 + "lang")
    ('… sehr sehr sehr sehr sehr sehr sehr lange', '… sehr sehr sehr sehr sehr sehr sehr lang')
    """
    if max(len(before), len(after)) <= LONG:
        return before, after
    same = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    start = sum(1 for _pair in same) - BEFORE_IT
    if start <= 0:
        return before, after
    return f"…{before[start:]}", f"…{after[start:]}"


def _cut(text: str) -> str:
    """The beginning of what nobody decides about."""
    return text if len(text) <= LONG else f"{text[:LONG]}…"
