"""A sealed position: its document with hash, and the same for printing (PDF) and for editing (DOCX)."""

from .document import (
    Figures,
    Position,
    Section,
    Word,
    canonical,
    digest,
    figures_in_words,
    read_document,
    write_json,
)
from .pages import write_pdf
from .word_processor import write_docx

__all__ = [
    "Figures",
    "Position",
    "Section",
    "Word",
    "canonical",
    "digest",
    "figures_in_words",
    "read_document",
    "write_docx",
    "write_json",
    "write_pdf",
]
