"""A sealed position as DOCX, to be quoted and worked with: real headings, real tables.

python-docx writes it (docs/decisions/, „docx“). What counts is the sealed document; the file says so.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .document import Position, Word, day, figures_in_words, grouped, percent
from .pages import paragraphs
from .wording import about, check, counts, endorsers, running, standing, title

if TYPE_CHECKING:
    from docx.document import Document

NUMBERS = ("Abschnitt", "Zustimmung", "sicher zwischen", "Stimmen", "Stand")
COUNTS = ("Abschnitt", "tragen mit", "Sondervoten")


def write_docx(position: Position, words: Sequence[Word]) -> bytes:
    """Write a position with all that was said about it as one DOCX file."""
    # Not at Django's start: only who fetches such a file needs the library.
    import docx

    document = docx.Document()
    _describe(document, position)
    document.add_paragraph(
        f"Gemeinsame Position der Kommunen · Fassung {position.edition} · "
        f"versiegelt am {day(position.sealed_at)}"
    )
    document.add_heading(position.question, level=1)
    if position.is_example:
        warning = document.add_paragraph()
        warning.add_run("Beispieldaten: Kommunen und Inhalt sind erfunden.").bold = True
    document.add_paragraph(about(position))
    dissents = [word for word in words if not word.endorses]
    for section in position.sections:
        document.add_heading(f"{section.number}. {section.title}", level=2)
        _write(document, section.text)
        if section.figures:
            document.add_paragraph(figures_in_words(section.figures), style="Quote")
        own = [word for word in dissents if word.section == section.number]
        if own:
            document.add_heading("Sondervoten zu diesem Abschnitt", level=3)
            for word in own:
                _write_dissent(document, word)
    _write_numbers(document, position)
    document.add_heading("Wer die Position mitträgt", level=2)
    document.add_paragraph(standing(words))
    rows = counts(position, words)
    _table(document, COUNTS, [(r.name, grouped(r.endorse), grouped(r.dissent)) for r in rows])
    if names := endorsers(words):
        document.add_paragraph()
        document.add_paragraph(names)
    whole = [word for word in dissents if word.section is None]
    if whole:
        document.add_heading("Sondervoten zur ganzen Position", level=2)
        for word in whole:
            _write_dissent(document, word)
    document.add_heading("Woran Sie diese Fassung erkennen", level=2)
    document.add_paragraph(f"Die Prüfsumme (SHA-256) dieser Fassung lautet: {position.hash}")
    document.add_paragraph(check())
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: "Document", position: Position) -> None:
    """Title, language and the running foot, for those who have it read out and for searching."""
    from docx.oxml.ns import qn

    kept = document.core_properties
    kept.title, kept.language = title(position), "de-DE"
    kept.author = ", ".join(name for name in (position.owner, *position.rapporteurs) if name)
    kept.comments, kept.keywords = "", position.topic
    kept.created = kept.modified = position.sealed_at.replace(tzinfo=None)
    for run in document.styles.element.iter(qn("w:lang")):
        run.set(qn("w:val"), "de-DE")
    document.sections[0].footer.paragraphs[0].text = running(position)


def _write(document: "Document", text: str) -> None:
    for paragraph in paragraphs(text):
        document.add_paragraph(paragraph)


def _write_dissent(document: "Document", word: Word) -> None:
    who = document.add_paragraph()
    who.add_run(word.organisation).bold = True
    who.add_run(f" ({day(word.given_at)}):")
    _write(document, word.text)


def _write_numbers(document: "Document", position: Position) -> None:
    """The figures behind all sections in one table."""
    rows = [
        (
            f"{section.number}. {section.title}",
            percent(figures.agree),
            f"{round(figures.low / 10)} und {percent(figures.high)}",
            grouped(figures.votes),
            day(figures.computed_at),
        )
        for section in position.sections
        if (figures := section.figures)
    ]
    if rows:
        document.add_heading("Die Zahlen im Überblick", level=2)
        _table(document, NUMBERS, rows)


def _table(document: "Document", header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose first row is its header, on every page and for whoever has it read out."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table: Any = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for at, name in enumerate(header):
        table.rows[0].cells[at].paragraphs[0].add_run(name).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        cells = table.add_row().cells
        for at, said in enumerate(row):
            cells[at].text = said
            if at:
                cells[at].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
