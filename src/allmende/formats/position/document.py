"""The document of a sealed position, its canonical form and its hash.

``docs/reference/position-json.md`` describes the fields. The document holds texts, whole numbers, true,
false, null, lists and mappings of those, and no fractions: so every language writes it in the same
bytes, which are those of RFC 8785 (JSON Canonicalization Scheme).

>>> canonical({"b": 1, "a": "ä"}).decode()
'{"a":"ä","b":1}'
>>> digest({"b": 1, "a": "ä"})[:12]
'507aab815f2b'
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

FORMAT = "allmende/position"
VERSION = 1
BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


@dataclass(frozen=True)
class Figures:
    """What a result said of the statement behind a section; shares in ‰ of the municipalities.

    ``floor``: what every group, Land and size class surely reaches, rounded down. ``votes``: on this
    statement; ``participants``: who took part at all; ``frame``: of how many, if that is known.
    """

    agree: int
    low: int
    high: int
    floor: int | None
    votes: int
    participants: int
    frame: int | None
    official: bool
    computed_at: datetime
    result: str
    method: str


@dataclass(frozen=True)
class Section:
    """A section as it was sealed."""

    number: int
    title: str
    text: str
    statement: str
    figures: Figures | None


@dataclass(frozen=True)
class Position:
    """A sealed position as documents show it."""

    question: str
    topic: str
    owner: str
    rapporteurs: tuple[str, ...]
    sealed_in: str
    is_example: bool
    edition: int
    sealed_at: datetime
    sections: tuple[Section, ...]
    hash: str


@dataclass(frozen=True)
class Word:
    """An organisation endorses or dissents; ``section`` is a number, none for the whole.

    ``key`` tells organisations of the same name apart.
    """

    key: str
    organisation: str
    section: int | None
    endorses: bool
    text: str
    given_at: datetime


def canonical(document: Mapping[str, Any]) -> bytes:
    """The bytes of which the hash is taken: UTF-8, keys sorted, no white space.

    Raises ``TypeError`` for fractions, which languages write in different ways.
    """
    _refuse_fractions(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_fractions(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"a sealed document holds whole numbers, not {value}")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_fractions(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_fractions(inner)


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return sha256(canonical(document)).hexdigest()


def read_document(document: Mapping[str, Any]) -> Position:
    """A stored document for those who print it. Raises ``ValueError`` if it is of another format."""
    if (document.get("format"), document.get("version")) != (FORMAT, VERSION):
        raise ValueError(f"not {FORMAT} {VERSION}: {document.get('format')}")
    concern = document["concern"]
    return Position(
        question=concern["question"],
        topic=concern["topic"],
        owner=concern["owner"] or "",
        rapporteurs=tuple(document["rapporteurs"]),
        sealed_in=document["sealed_in"],
        is_example=concern["is_example"],
        edition=document["edition"],
        sealed_at=datetime.fromisoformat(document["sealed_at"]),
        sections=tuple(
            Section(
                number=each["number"],
                title=each["title"],
                text=each["text"],
                statement=each["statement"] or "",
                figures=read_figures(each["figures"]),
            )
            for each in document["sections"]
        ),
        hash=digest(document),
    )


def read_figures(stored: Mapping[str, Any] | None) -> Figures | None:
    """Figures as a section and the document keep them; nothing where a section has none."""
    if not stored:
        return None
    return Figures(**{**stored, "computed_at": datetime.fromisoformat(stored["computed_at"])})


def write_json(document: Mapping[str, Any], *, words: Sequence[Word], as_of: datetime) -> bytes:
    """The document with its hash and with the words about it, which came later."""
    told = {
        "sha256": digest(document),
        "document": document,
        "words": [
            {
                "key": word.key,
                "organisation": word.organisation,
                "section": word.section,
                "kind": "endorsement" if word.endorses else "dissent",
                "text": word.text,
                "given_at": word.given_at.isoformat(),
            }
            for word in words
        ],
        "words_as_of": as_of.isoformat(),
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def figures_in_words(figures: Figures) -> str:
    """One German sentence that says share, interval, basis, coverage and date."""
    who = "Kommunen" if figures.official else "Teilnehmenden"
    basis = f"{grouped(figures.votes)} {'Stimme' if figures.votes == 1 else 'Stimmen'}"
    low, high = percent(figures.low), percent(figures.high)
    sure = f" (sicher zwischen {round(figures.low / 10)} und {high})" if low != high else ""
    share = f"{percent(figures.agree)} der {who} stimmen zu{sure}, geschätzt aus {basis}."
    if figures.floor is not None:
        share += f" Überall sicher sind mindestens {percent(figures.floor // 10 * 10)}."
    if figures.frame:
        part = percent(round(1000 * figures.participants / figures.frame))
        taking_part = (
            f" Beteiligt: {grouped(figures.participants)} von {grouped(figures.frame)} ({part})."
        )
    else:
        taking_part = f" Beteiligt: {grouped(figures.participants)}."
    return f"{share}{taking_part} Stand: {day(figures.computed_at)}."


def percent(permille: int) -> str:
    """``914`` as ``91 %``; below one percent ``unter 1 %``."""
    return "unter 1\u202f%" if 0 < permille < 5 else f"{round(permille / 10)}\u202f%"


def grouped(number: int) -> str:
    """``10754`` as ``10.754``."""
    return f"{number:,}".replace(",", ".")


def day(at: datetime) -> str:
    """The day in Berlin: ``3. März 2026``."""
    local = at.astimezone(BERLIN)
    return f"{local.day}. {MONTHS[local.month - 1]} {local.year}"
