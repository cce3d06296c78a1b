"""A sealed position as PDF/UA: tagged, with language and title, so that everybody can have it read out.

typst sets it (docs/decisions/0015-letters-by-typst.md); ``position.typ`` beside this file says how it looks.
"""

import json
from collections.abc import Sequence
from importlib.resources import files

from .document import Position, Word, day, figures_in_words
from .wording import about, check, counts, endorsers, running, standing, title


def write_pdf(position: Position, words: Sequence[Word]) -> bytes:
    """Set a position with all that was said about it as one PDF/UA-1 file."""
    # Not at Django's start: only who fetches a PDF needs the typesetter.
    import typst

    dissents = [word for word in words if not word.endorses]
    told = {
        "title": title(position),
        "authors": [name for name in (position.owner, *position.rapporteurs) if name],
        "running": running(position),
        "question": position.question,
        "is_example": position.is_example,
        "edition": position.edition,
        "sealed_on": day(position.sealed_at),
        "about": about(position),
        "sections": [
            {
                "number": section.number,
                "title": section.title,
                "paragraphs": paragraphs(section.text),
                "figures": section.figures and figures_in_words(section.figures),
                "dissents": _told([word for word in dissents if word.section == section.number]),
            }
            for section in position.sections
        ],
        "standing": standing(words),
        "counts": [
            {"name": row.name, "endorse": str(row.endorse), "dissent": str(row.dissent)}
            for row in counts(position, words)
        ],
        "endorsers": endorsers(words),
        "dissents": _told([word for word in dissents if word.section is None]),
        "hash": position.hash,
        "check": check(),
    }
    setting = typst.Compiler(
        files(__package__).joinpath("position.typ").read_bytes(),
        # The same page on every machine: only the fonts that typst brings.
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told)},
    )
    made = setting.compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)  # noqa: S101  a single file
    return made


def _told(words: Sequence[Word]) -> list[dict[str, object]]:
    return [
        {
            "organisation": word.organisation,
            "day": day(word.given_at),
            "paragraphs": paragraphs(word.text),
        }
        for word in words
    ]


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs: what stands on lines of its own."""
    return [line.strip() for line in text.splitlines() if line.strip()]
