"""Minutes for the file: what was said and decided, who was there, what was promised.

typst sets them (docs/decisions/0015-letters-by-typst.md); ``minutes.typ`` beside this file says how
they look. What was written comes as data, so that no word can be read as markup.
"""

import json
from dataclasses import asdict, dataclass, field
from importlib.resources import files


@dataclass(frozen=True)
class Promise:
    """A commitment that came out of a decision."""

    what: str
    who: str
    until: str


@dataclass(frozen=True)
class Item:
    """One point of the agenda. ``minutes`` and ``decision`` may have paragraphs, and may be empty."""

    title: str
    minutes: str = ""
    decision: str = ""
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class Addendum:
    """What was added after the minutes were closed. ``by`` is an office, never a name."""

    at: str
    by: str
    text: str


@dataclass(frozen=True)
class Minutes:
    """All that stands in them; every date is in words. ``present`` are names of organisations."""

    title: str
    series: str
    host: str
    when: str
    place: str
    closed_on: str
    address: str  # where they stand on the net
    present: tuple[str, ...]
    excused: str  # a sentence, or nothing
    items: tuple[Item, ...]
    next_date: str = ""
    is_example: bool = False
    addenda: tuple[Addendum, ...] = field(default=())


def write_minutes(minutes: Minutes) -> bytes:
    """Set minutes as one PDF/UA-1 file."""
    # Not at Django's start: only who makes documents needs the typesetter.
    import typst

    made = typst.Compiler(
        files(__package__).joinpath("minutes.typ").read_bytes(),
        # The same document on every machine: only the fonts that typst brings.
        ignore_system_fonts=True,
        sys_inputs={"minutes": json.dumps(asdict(minutes))},
    ).compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)  # noqa: S101  a single file
    return made
