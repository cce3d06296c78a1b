"""Letters for the printer: one page a letter, address where a window envelope shows it.

typst sets them (docs/decisions/0015-letters-by-typst.md); ``letter.typ`` beside this file says how
they look. What is written on them comes as data, so that no name can be read as markup.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

# What typst holds in memory grows with the number of pages: 570 MB for these.
MOST_PAGES = 1_000


@dataclass(frozen=True)
class Sender:
    """Who sends the letters. ``lines``: name, street, town, and how to ask whether a letter is genuine."""

    lines: tuple[str, ...]
    site: str  # the platform's address, such as https://allmende.example
    enter: str  # where the code is typed in


@dataclass(frozen=True)
class Page:
    """One letter. ``office`` as in „An die Bürgermeisterin oder den Bürgermeister“."""

    organisation: str  # as it stands in the address
    name: str  # as it stands in a sentence, without titles
    office: str
    town: str
    serial: str
    code: str
    made_on: str
    valid_until: str


def write_pages(pages: Sequence[Page], *, sender: Sender, picture: bool = False) -> bytes:
    """Set letters as one PDF/UA-1 file; with ``picture``, the first one as PNG.

    Takes about 9 ms CPU a letter, most of it for the QR code. The bytes hold the codes in clear.

    Raises
    ------
    ValueError
        If there is no letter, or more than ``MOST_PAGES``.
    """
    # Not at Django's start: only who makes letters needs the typesetter.
    import typst

    if not 0 < len(pages) <= MOST_PAGES:
        raise ValueError(f"one to {MOST_PAGES} letters, not {len(pages)}")
    letters = [{**vars(page), "qr": _qr_code(f"{sender.enter}#{page.code}")} for page in pages]
    setting = typst.Compiler(
        files(__package__).joinpath("letter.typ").read_bytes(),
        # The same letter on every machine: only the fonts that typst brings.
        ignore_system_fonts=True,
        sys_inputs={
            "sender": json.dumps(vars(sender)),
            "letters": json.dumps(letters if not picture else letters[:1]),
        },
    )
    if picture:
        made = setting.compile(format="png", ppi=110)
    else:
        made = setting.compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)  # noqa: S101  a single file
    # typst remembers what went into its last ten documents: here, codes in clear and half a gigabyte.
    for _ in range(10):
        typst.compile(b"", format="svg", ignore_system_fonts=True)
    return made


def _qr_code(address: str) -> str:
    """The address as SVG; a quarter of it may be smudged."""
    import segno

    drawing = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        drawing, kind="svg", border=0, xmldecl=False, omitsize=True
    )
    return drawing.getvalue().decode()
