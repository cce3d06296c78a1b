"""The chain: every entry names the hash of the one before it, so that nothing can change unseen.

An entry's hash is the SHA-256, in hexadecimal, of one JSON document in the form of RFC 8785 (keys in
order, no spaces, UTF-8), in which the hash of the entry before stands, too:

>>> first = Link(1, datetime(2026, 6, 1, 8, tzinfo=UTC), None, "", "", "app.do", "app.Thing", "7",
...              "Ding 7", "", {}, previous_hash="")
>>> first = first._replace(hash=digest(first))
>>> verify([first]).is_sound
True
>>> print(*verify([first._replace(reason="frei erfunden")]).findings)
Eintrag 1 wurde geändert.

Whoever changes an entry and computes all hashes after it anew leaves a sound chain that is another one.
Therefore its head is noted elsewhere now and then: an *anchor*. docs/reference/audit.md has it all.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

# Beyond that, damage is counted, not listed: a chain of millions is verified in little memory.
MOST_FINDINGS = 1_000
MOST_MOVED = 200


class Link(NamedTuple):
    """One entry as the chain sees it; ``at`` and ``details`` are None where they cannot be read."""

    number: int
    at: datetime | None
    actor: int | None
    mandate: str
    capacity: str
    deed: str
    object_kind: str
    object_key: str
    object_name: str
    reason: str
    details: Any
    previous_hash: str
    hash: str = ""


class Anchor(NamedTuple):
    """What the head of the chain was at a time, noted outside of the database."""

    number: int
    hash: str
    noted_at: str = ""


def canonical(link: Link) -> bytes:
    """All that the hash covers. There are no floats in it, so that every language writes it alike."""
    content = link._asdict()
    del content["hash"]
    content["at"] = link.at and link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return to_json(content).encode("utf-8", "surrogatepass")


def to_json(content: object) -> str:
    """JSON in its one form: keys in order, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(link: Link) -> str:
    """The hash that belongs to an entry: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(link)).hexdigest()


class Fault(StrEnum):
    """In what way a chain is not sound."""

    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"
    UNLINKED = "unlinked"
    CUT_OFF = "cut off"
    REWRITTEN = "rewritten"
    BAD_ANCHOR = "bad anchor"


@dataclass(frozen=True, order=True)
class Finding:
    """One fault, and the entries ``first`` to ``last`` that it concerns.

    ``belongs`` is where a moved entry stood before, or the number of the anchor that does not fit.
    """

    first: int
    last: int
    fault: Fault
    belongs: int | None = None

    def __str__(self) -> str:
        one = self.first == self.last
        which = f"Eintrag {self.first}" if one else f"Die Einträge {self.first} bis {self.last}"
        sentences = {
            Fault.CHANGED: f"{which} wurde geändert.",
            Fault.REMOVED: f"{which} {'fehlt' if one else 'fehlen'}.",
            Fault.MOVED: f"{which} steht an falscher Stelle: Er gehört an Stelle {self.belongs}.",
            Fault.UNLINKED: f"{which} schließt nicht an Eintrag {self.first - 1} an: "
            "Einer der beiden wurde ausgetauscht und neu berechnet.",
            Fault.CUT_OFF: f"{which} {'fehlt' if one else 'fehlen'} am Ende: "
            "Die Kette ist abgeschnitten.",
            Fault.REWRITTEN: f"{which} {'passt' if one else 'passen'} nicht zum Anker "
            f"{self.belongs}: Die Kette wurde neu geschrieben.",
            Fault.BAD_ANCHOR: f"Zeile {self.first} der Ankerdatei lässt sich nicht lesen.",
        }
        return sentences[self.fault]


@dataclass
class Report:
    """What verifying a chain has found."""

    entries: int = 0
    head: Anchor | None = None
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)
    unlisted: int = 0  # more faults than MOST_FINDINGS

    @property
    def is_sound(self) -> bool:
        return not self.findings


def verify(links: Iterable[Link], anchors: Iterable[Anchor] = ()) -> Report:
    """Find every entry that was changed, removed or moved; ``links`` come in order of their numbers.

    A hash that does not fit its own entry tells of a change; a number that is missing, of a removal; a
    hash that would fit at another number, of a move. A link that does not fit between two entries whose
    own hashes do tells that one of them was replaced, hash and all. What none of this sees (a chain
    rewritten up to its end, or cut off there) the anchors tell.
    """
    report = Report()
    anchored: dict[int, set[str]] = {}
    for anchor in anchors:
        anchored.setdefault(anchor.number, set()).add(anchor.hash)
        report.anchors += 1
    walk = _Walk(report, anchored)
    for link in links:
        walk.step(link)
    walk.end()
    return report


class _Walk:
    """One pass along the chain."""

    def __init__(self, report: Report, anchors: dict[int, set[str]]) -> None:
        self.report = report
        self.anchors = anchors
        self.previous: Link | None = None
        self.previous_fits = True
        self.misfits: list[Link] = []
        self.gaps: list[tuple[int, int]] = []
        self.last_good_anchor = 0
        self.rewritten = False

    def step(self, link: Link) -> None:
        """Look at one entry beside the one before it."""
        self.report.entries += 1
        number, hash_ = (self.previous.number, self.previous.hash) if self.previous else (0, "")
        follows = link.number == number + 1
        if link.number <= number:
            self._add(Finding(link.number, link.number, Fault.UNLINKED))  # twice
        elif not follows:
            self._keep(self.gaps, (number + 1, link.number - 1))
        fits = digest(link) == link.hash
        if not fits:
            self._keep(self.misfits, link)
        elif follows and self.previous_fits and link.previous_hash != hash_:
            self._add(Finding(link.number, link.number, Fault.UNLINKED))
        if fits and (noted := self.anchors.get(link.number)):
            self._compare(link, noted)
        self.previous, self.previous_fits = link, fits

    def _compare(self, link: Link, noted: set[str]) -> None:
        if noted == {link.hash}:
            self.last_good_anchor = link.number
        elif not self.rewritten:
            # Every later anchor disagrees as well, and tells nothing more.
            self.rewritten = True
            self._add(Finding(self.last_good_anchor + 1, link.number, Fault.REWRITTEN, link.number))

    def end(self) -> None:
        """Tell moves from changes and removals; compare the end with the last anchor."""
        last = self.previous.number if self.previous else 0
        moved = self._moves()
        for link in self.misfits:
            belongs = moved.get(link.number)
            fault = Fault.MOVED if belongs else Fault.CHANGED
            self._add(Finding(link.number, link.number, fault, belongs))
        found = set(moved.values())
        for first, end in self.gaps:
            if end + 1 == last and last in moved:
                continue  # nothing was there: the last entry was given a number far behind
            for part in _without(first, end, found):
                self._add(Finding(*part, Fault.REMOVED))
        furthest = max(self.anchors, default=0)
        if furthest > last:
            self._add(Finding(last + 1, furthest, Fault.CUT_OFF))
        self.report.findings.sort()
        if self.previous:
            self.report.head = Anchor(last, self.previous.hash)

    def _moves(self) -> dict[int, int]:
        """Number → the number with which an entry's hash would fit, among those that are amiss."""
        places = [link.number for link in self.misfits]
        places += [n for first, end in self.gaps for n in range(first, min(end, first + 20) + 1)]
        if len(places) > MOST_MOVED:
            return {}
        return {
            link.number: place
            for link in self.misfits
            for place in places
            if place != link.number and digest(link._replace(number=place)) == link.hash
        }

    def _keep(self, amiss: list[Any], what: object) -> None:
        if len(amiss) < MOST_FINDINGS:
            amiss.append(what)
        else:
            self.report.unlisted += 1

    def _add(self, finding: Finding) -> None:
        if len(self.report.findings) < MOST_FINDINGS:
            self.report.findings.append(finding)
        else:
            self.report.unlisted += 1


def _without(first: int, last: int, found: set[int]) -> Iterator[tuple[int, int]]:
    """The numbers from ``first`` to ``last`` without ``found``, as ranges."""
    start = first
    for number in sorted(n for n in found if first <= n <= last):
        if start < number:
            yield start, number - 1
        start = number + 1
    if start <= last:
        yield start, last
