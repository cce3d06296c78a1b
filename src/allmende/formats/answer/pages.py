"""The federal answer as a tagged PDF (PDF/UA-1), set by typst; ``answer.typ`` says how it looks."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

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


def write_answer(document: Mapping[str, Any]) -> bytes:
    """Set an answer as it is described in docs/reference/answer-json.md. About 0.1 s CPU.

    What people wrote comes as data, so that no text can be read as markup.
    """
    # Not at Django's start: only who makes documents needs the typesetter.
    import typst

    made = typst.Compiler(
        files(__package__).joinpath("answer.typ").read_bytes(),
        # The same document on every machine: only the fonts that typst brings.
        ignore_system_fonts=True,
        sys_inputs={"answer": json.dumps(_with_days(document))},
    ).compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)  # noqa: S101  a single file
    return made


def _with_days(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same with days as people write them."""
    days = {key: in_words(document[key]) for key in ("sent_at", "answer_due", "published_at")}
    sections = [
        {
            **section,
            "commitments": [
                {
                    **each,
                    "due_on": in_words(each["due_on"]),
                    "milestones": [
                        {**step, "due_on": in_words(step["due_on"])} for step in each["milestones"]
                    ],
                }
                for each in section["commitments"]
            ],
        }
        for section in document["sections"]
    ]
    return {**document, **days, "sections": sections}


def in_words(iso: str | None) -> str:
    """A day or a moment as a German day; nothing for nothing.

    >>> in_words("2026-03-01"), in_words("2026-02-28T23:30:00+00:00"), in_words(None)
    ('1. März 2026', '1. März 2026', '')
    """
    if not iso:
        return ""
    moment = datetime.fromisoformat(iso)
    day: date = moment.astimezone(ZoneInfo("Europe/Berlin")).date() if moment.tzinfo else moment
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
