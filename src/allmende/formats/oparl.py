"""OParl 1.1: what a council information system says of a decision.

Read are Paper, AgendaItem, Meeting and Consultation (version 1.0 is taken, too). Nothing but ``id`` and
``type`` is certain to be there, and what belongs to an object may be in it or behind an address. So
``read_decision`` is given a function that fetches; it follows at most ``MOST_REFERENCES`` addresses, and
what cannot be fetched stays unknown.

An object that was removed comes with HTTP 200 and ``deleted: true``: a tombstone.

References
----------
OParl 1.1, https://oparl.org/spezifikation/; github.com/OParl/spec, ``schema/*.json``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

MOST_REFERENCES = 3
TYPE = re.compile(r"https?://schema\.oparl\.org/1\.[01]/(\w+)/?")
KINDS = {
    "Paper": "Drucksache",
    "AgendaItem": "Tagesordnungspunkt",
    "Meeting": "Sitzung",
    "Consultation": "Beratung",
}
DECIDES = re.compile(r"beschlu(ss|ß)|entscheid", re.IGNORECASE)
LONGEST = 2_000
HOME = ZoneInfo("Europe/Berlin")

# Where what is wanted can be found, in the order in which it matters: wanted, owner, attribute.
WAYS = (
    ("Consultation", "Paper", "consultation"),
    ("Consultation", "AgendaItem", "consultation"),
    ("AgendaItem", "Consultation", "agendaItem"),
    ("Meeting", "AgendaItem", "meeting"),
    ("Meeting", "Consultation", "meeting"),
    ("Paper", "Consultation", "paper"),
    ("Body", "Paper", "body"),
    ("Organization", "Consultation", "organization"),
    ("Organization", "Meeting", "organization"),
)

Json = dict[str, Any]
Fetch = Callable[[str], Json]


class OParlError(ValueError):
    """It is no OParl object that tells of a decision; the text is German and says why."""


@dataclass(frozen=True)
class OParlFile:
    """A document of the council; ``sha512`` as the server states it, empty if it does not."""

    name: str
    address: str
    sha512: str = ""


@dataclass(frozen=True)
class Decision:
    """What could be found out, as it was when it was read; empty where nothing is known."""

    kind: str  # Paper, AgendaItem, Meeting, Consultation
    address: str
    title: str = ""
    reference: str = ""
    decided_on: date | None = None
    result: str = ""
    resolution: str = ""
    organisation: str = ""  # which council or committee
    ags: str = ""
    files: tuple[OParlFile, ...] = ()
    deleted: bool = False

    def as_json(self) -> Json:
        """For a JSON column."""
        told = asdict(self)
        told["decided_on"] = self.decided_on.isoformat() if self.decided_on else None
        told["files"] = [asdict(file) for file in self.files]
        return told


def read_decision(found: object, *, fetch: Fetch, address: str) -> Decision:
    """Make out what an object says of a decision.

    Parameters
    ----------
    found
        What the address answered, as ``json`` reads it.
    fetch
        Fetches another address; raises ``OParlError`` where it cannot, which is then left unknown.
    address
        Where ``found`` comes from.

    Returns
    -------
    Decision

    Raises
    ------
    OParlError
        If it is something else.
    """
    kind = _kind(found)
    if kind not in KINDS or not isinstance(found, dict):
        raise OParlError(
            "Unter dieser Adresse liegt keine Drucksache, kein Tagesordnungspunkt, keine Sitzung und "
            "keine Beratung nach OParl."
        )
    if found.get("deleted") is True:
        return Decision(kind=kind, address=address, deleted=True)
    parts = {kind: found}
    follow = _Follower(fetch)
    for wanted, owner, name in WAYS:
        if wanted not in parts and owner in parts:
            parts |= follow(wanted, parts[owner].get(name))
    return _decision(kind, address, parts)


class _Follower:
    """Gives the object that an attribute holds or names, as long as few enough were fetched."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self.left = MOST_REFERENCES

    def __call__(self, wanted: str, value: object) -> dict[str, Json]:
        one = _deciding(value) if isinstance(value, list) else value
        if isinstance(one, str) and self.left:
            self.left -= 1
            try:
                one = self.fetch(one)
            except OParlError:
                return {}
        if isinstance(one, dict) and _kind(one) in {wanted, ""} and one.get("deleted") is not True:
            return {wanted: one}
        return {}


def _deciding(values: list[object]) -> object:
    """Of several consultations the one that decides; of anything else the last."""
    for value in values:
        if isinstance(value, dict):
            role = _text(value.get("role"))
            if value.get("authoritative") is True or DECIDES.search(role):
                return value
    return values[-1] if values else None


def _kind(found: object) -> str:
    """The last part of its type, such as ``Paper``."""
    if not isinstance(found, dict):
        return ""
    match = TYPE.fullmatch(_text(found.get("type")))
    return match[1] if match else ""


def _decision(kind: str, address: str, parts: Mapping[str, Json]) -> Decision:
    paper, item = parts.get("Paper", {}), parts.get("AgendaItem", {})
    meeting, body = parts.get("Meeting", {}), parts.get("Body", {})
    return Decision(
        kind=kind,
        address=address,
        title=_text(paper.get("name")) or _text(item.get("name")) or _text(meeting.get("name")),
        reference=_text(paper.get("reference")),
        decided_on=_day(meeting.get("start")) or _day(item.get("start")) or _day(paper.get("date")),
        result=_text(item.get("result")),
        resolution=_text(item.get("resolutionText")),
        organisation=_text(parts.get("Organization", {}).get("name")),
        ags=_digits(body.get("ags")),
        files=tuple(_files(item.get("resolutionFile"), paper.get("mainFile"))),
    )


def _files(*values: object) -> Iterator[OParlFile]:
    for value in values:
        if isinstance(value, dict) and (address := _text(value.get("accessUrl"))):
            yield OParlFile(
                name=_text(value.get("name")) or _text(value.get("fileName")) or "Dokument",
                address=address,
                sha512=_text(value.get("sha512Checksum")),
            )


def _text(value: object) -> str:
    """A text without control characters and of a length that fits a page."""
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value if sign.isprintable() or sign == "\n")[:LONGEST].strip()


def _digits(value: object) -> str:
    text = _text(value)
    return text if text.isascii() and text.isdigit() else ""


def _day(value: object) -> date | None:
    """The day of a date, or of a moment, where the council sits."""
    text = _text(value)
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment.astimezone(HOME) if moment.tzinfo else moment).date()
