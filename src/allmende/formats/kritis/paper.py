"""Papers on facilities and exercises: one description, written as PDF/UA by typst and as DOCX to work with.

What was written comes as data, so that no word can be read as markup. Every page is stamped, and says for which office
and when it was fetched.
"""

import io
import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any, Protocol

PAGE_WIDTH = 5_400_000  # between the margins, as DOCX counts


@dataclass(frozen=True)
class Table:
    """Rows under a head; where there are none, ``empty`` stands. ``widths`` are parts of the page's width.

    ``numbers`` are the places of columns that hold numbers.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    widths: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows with the name of each cell's column, for where no head stands above them."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Section:
    """A heading, a text, facts in pairs, and a table; all but the heading may be left out.

    ``key`` names it to whoever shows it; ``level`` 3 stands below the section before it.
    """

    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    key: str = ""
    level: int = 2


@dataclass(frozen=True)
class Mark:
    """For which office („Verwaltung · Lindenfurt“) a paper was fetched, when, and the number in the log."""

    office: str
    day: str
    number: int

    @property
    def line(self) -> str:
        """What stands at the foot of every page."""
        return f"Vertraulich · abgerufen für {self.office} am {self.day} · Kennung {self.number}"


@dataclass(frozen=True)
class Paper:
    """All that stands in a paper; ``stamp`` lies across each page of it."""

    title: str
    subject: str
    sections: tuple[Section, ...]
    note: str = ""
    is_example: bool = False
    stamp: str = "VERTRAULICH"
    example: str = "Die Einrichtung ist erfunden."


class Marked(Protocol):
    """What a paper has to say at the foot of every page, and in whose name."""

    @property
    def office(self) -> str: ...

    @property
    def line(self) -> str: ...


def write_pdf(paper: Paper, *, mark: Marked) -> bytes:
    """Set a paper as one PDF/UA-1 file with a watermark on every page."""
    # Not at Django's start: only who makes documents needs the typesetter.
    import typst

    made = typst.Compiler(
        files(__package__).joinpath("paper.typ").read_bytes(),
        # The same document on every machine: only the fonts that typst brings.
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(asdict(paper) | {"mark": mark.line})},
    ).compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)  # noqa: S101  a single file
    return made


def write_docx(paper: Paper, *, mark: Marked) -> bytes:
    """Write a paper as DOCX: real headings and tables, the mark at the head and foot of every page."""
    # Not at Django's start: only who fetches such a file needs the library.
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    kept = document.core_properties
    kept.title, kept.subject, kept.author = paper.title, paper.subject, mark.office[:255]
    kept.language, kept.comments = "de-DE", mark.line[:255]
    for run in document.styles.element.iter(qn("w:lang")):
        run.set(qn("w:val"), "de-DE")
    document.sections[0].header.paragraphs[0].text = paper.stamp
    document.sections[0].footer.paragraphs[0].text = mark.line
    document.add_heading(paper.title, level=1)
    document.add_paragraph(paper.subject)
    if paper.is_example:
        document.add_paragraph().add_run(f"Beispieldaten: {paper.example}").bold = True
    if paper.note:
        document.add_paragraph(paper.note)
    for section in paper.sections:
        document.add_heading(section.title, level=section.level)
        if section.text:
            document.add_paragraph(section.text)
        for name, said in section.facts:
            fact = document.add_paragraph()
            fact.add_run(f"{name}: ").bold = True
            fact.add_run(said)
        if section.table is not None:
            _add_table(document, section.table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_table(document: Any, table: Table) -> None:
    """A table whose first row is repeated on every page, and read out as its head."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if not table.rows:
        document.add_paragraph(table.empty)
        return
    made = document.add_table(rows=1, cols=len(table.head), style="Table Grid")
    for column, share in zip(made.columns, table.widths, strict=False):
        column.width = int(PAGE_WIDTH * share / sum(table.widths))
    for cell, name in zip(made.rows[0].cells, table.head, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in table.rows:
        for place, (cell, said) in enumerate(zip(made.add_row().cells, row, strict=True)):
            cell.text = said
            if place in table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()
