"""A sealed position as JSON, PDF and DOCX: what was sealed and what was said stands in each."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from allmende.formats.position import (
    Word,
    canonical,
    digest,
    figures_in_words,
    read_document,
    write_docx,
    write_json,
    write_pdf,
)
from allmende.formats.position.document import read_figures
from allmende.formats.position.wording import counts

AT = datetime(2026, 3, 6, 11, tzinfo=UTC)
FIGURES = {
    "agree": 914,
    "low": 871,
    "high": 942,
    "floor": 819,
    "votes": 1_234,
    "participants": 1_290,
    "frame": 10_754,
    "official": True,
    "computed_at": "2026-03-03T10:00:00+00:00",
    "result": "ab" * 32,
    "method": "3",
}
DOCUMENT: dict[str, Any] = {
    "format": "allmende/position",
    "version": 1,
    "concern": {
        "slug": "schutz",
        "question": "Wie schützt der Bund Menschen im Amt?",
        "topic": "Ehrenamt, Demokratie und Schutz im Amt",
        "background": "Mehr als ein Drittel wurde bedroht.",
        "owner": "Lindenfurt",
        "owner_ars": "090500000001",
        "is_example": True,
    },
    "edition": 2,
    "sealed_at": "2026-03-05T10:00:00+00:00",
    "sealed_in": "Verwaltung · Lindenfurt",
    "rapporteurs": ["Deutscher Dorfverband"],
    "sections": [
        {
            "number": 1,
            "title": "Schulungen",
            "text": "Der Bund *bezahlt* #Schulungen.\n\nBald.",
            "statement": "Der Bund soll Schulungen bezahlen.",
            "statement_number": 7,
            "figures": FIGURES,
        },
        {
            "number": 2,
            "title": "Eine Stelle",
            "text": "Eine Stelle für alle.",
            "statement": None,
            "statement_number": None,
            "figures": None,
        },
    ],
}
WORDS = [
    Word("1", "Ahornstadt (Bayern)", None, True, "", AT),
    Word("1", "Ahornstadt (Bayern)", 1, False, "Das ist Sache der Länder.", AT),
    Word("2", "Kranichsee (Hessen)", None, False, "Wir sehen das anders.\n\nGanz anders.", AT),
    Word("3", "Neustadt (Hessen)", None, True, "", AT),
    Word("4", "Neustadt (Hessen)", None, True, "", AT),
]
POSITION = read_document(DOCUMENT)


# The document


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    assert canonical({"b": [True, None, -7], "a": 'ä"\n\u2028'}) == (
        '{"a":"ä\\"\\n\u2028","b":[true,null,-7]}'.encode()
    )
    with pytest.raises(TypeError, match="whole numbers"):
        canonical({"a": {"b": [0.5]}})


def test_jq_finds_the_same_hash(tmp_path: Path) -> None:
    """As the page and the reference tell people to check it."""
    if not shutil.which("jq"):
        pytest.skip("jq is not installed")
    path = tmp_path / "position.json"
    path.write_bytes(write_json(DOCUMENT, words=WORDS, as_of=AT))
    told = subprocess.run(["jq", "-cjS", ".document", path], capture_output=True, check=True)
    assert hashlib.sha256(told.stdout).hexdigest() == digest(DOCUMENT)


def test_json_holds_document_hash_and_words() -> None:
    told = json.loads(write_json(DOCUMENT, words=WORDS, as_of=AT))
    assert told["document"] == DOCUMENT
    assert told["sha256"] == POSITION.hash
    assert told["words"][1] == {
        "key": "1",
        "organisation": "Ahornstadt (Bayern)",
        "section": 1,
        "kind": "dissent",
        "text": "Das ist Sache der Länder.",
        "given_at": "2026-03-06T11:00:00+00:00",
    }


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="allmende/position 1"):
        read_document({"format": "anderes", "version": 1})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "91\u202f% der Kommunen stimmen zu (sicher zwischen 87 und 94\u202f%), geschätzt aus 1.234 "
            "Stimmen. Überall sicher sind mindestens 81\u202f%. Beteiligt: 1.290 von 10.754 (12\u202f%). "
            "Stand: 3. März 2026.",
        ),
        (
            {"official": False, "floor": None, "frame": None, "votes": 1},
            "91\u202f% der Teilnehmenden stimmen zu (sicher zwischen 87 und 94\u202f%), geschätzt aus 1 "
            "Stimme. Beteiligt: 1.290. Stand: 3. März 2026.",
        ),
        (
            {"participants": 20},
            "91\u202f% der Kommunen stimmen zu (sicher zwischen 87 und 94\u202f%), geschätzt aus 1.234 "
            "Stimmen. Überall sicher sind mindestens 81\u202f%. Beteiligt: 20 von 10.754 (unter 1\u202f%). "
            "Stand: 3. März 2026.",
        ),
    ],
)
def test_figures_say_share_interval_basis_coverage_and_date(
    changes: dict[str, Any], said: str
) -> None:
    figures = read_figures(FIGURES | changes)
    assert figures is not None
    assert figures_in_words(figures) == said


def test_who_said_something_of_a_section_counts_there_with_that() -> None:
    assert [(row.endorse, row.dissent) for row in counts(POSITION, WORDS)] == [
        (3, 1),  # of the same name, but two of them
        (2, 2),
        (3, 1),
    ]


# PDF


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(POSITION, WORDS)))


def tags(node: Any) -> list[str]:
    """The kinds of all elements of a tagged document, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_the_pdf_is_tagged_with_language_and_title(pdf: PdfReader) -> None:
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  an object of pypdf
    assert root["/Lang"] == "de-DE"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Gemeinsame Position: Wie schützt der Bund Menschen im Amt?"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    found = tags(root["/StructTreeRoot"])
    assert [tag for tag in found if tag.startswith("/H")] == [
        "/H1",  # the question
        "/H2",  # section 1
        "/H3",  # its dissents
        "/H2",  # section 2
        "/H2",  # who endorses it
        "/H2",  # dissents from the whole
        "/H3",  # Kranichsee
        "/H2",  # the hash
    ]
    assert (found.count("/Table"), found.count("/TR"), found.count("/TH")) == (1, 4, 3)


def text_of(pdf: PdfReader) -> str:
    """What stands in it, without where lines end."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize(
    "said",
    [
        "Fassung 2 · versiegelt am 5. März 2026",
        "Beispieldaten",
        "1. Schulungen Der Bund *bezahlt* #Schulungen. Bald. 91 % der Kommunen stimmen zu",
        "Sondervoten zu diesem Abschnitt Ahornstadt (Bayern) (6. März 2026): Das ist Sache der Länder.",
        "Kranichsee (Hessen) 6. März 2026 Wir sehen das anders. Ganz anders.",
        "tragen mit: Ahornstadt (Bayern), Neustadt (Hessen), Neustadt (Hessen).",
        POSITION.hash,
        "Seite 1 von",
    ],
)
def test_the_pdf_says_what_was_sealed_and_what_was_said(pdf: PdfReader, said: str) -> None:
    assert said in text_of(pdf)


def test_a_position_of_which_nobody_spoke_is_printed_too() -> None:
    said = text_of(PdfReader(io.BytesIO(write_pdf(POSITION, []))))
    assert "Bisher hat sich niemand dazu geäußert." in said
    assert "Sondervoten zu" not in said


# DOCX


@pytest.fixture(scope="module")
def docx() -> bytes:
    return write_docx(POSITION, WORDS)


def test_the_docx_has_real_headings_tables_language_and_title(docx: bytes) -> None:
    document = Document(io.BytesIO(docx))
    headings = [
        (p.style.name, p.text)
        for p in document.paragraphs
        if p.style and str(p.style.name).startswith("Heading")
    ]
    assert headings == [
        ("Heading 1", "Wie schützt der Bund Menschen im Amt?"),
        ("Heading 2", "1. Schulungen"),
        ("Heading 3", "Sondervoten zu diesem Abschnitt"),
        ("Heading 2", "2. Eine Stelle"),
        ("Heading 2", "Die Zahlen im Überblick"),
        ("Heading 2", "Wer die Position mitträgt"),
        ("Heading 2", "Sondervoten zur ganzen Position"),
        ("Heading 2", "Woran Sie diese Fassung erkennen"),
    ]
    rows = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert rows == [
        [
            ["Abschnitt", "Zustimmung", "sicher zwischen", "Stimmen", "Stand"],
            ["1. Schulungen", "91\u202f%", "87 und 94\u202f%", "1.234", "3. März 2026"],
        ],
        [
            ["Abschnitt", "tragen mit", "Sondervoten"],
            ["Die ganze Position", "3", "1"],
            ["1. Schulungen", "2", "2"],
            ["2. Eine Stelle", "3", "1"],
        ],
    ]
    for table in document.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    kept = document.core_properties
    assert (kept.title, kept.language) == (
        "Gemeinsame Position: Wie schützt der Bund Menschen im Amt?",
        "de-DE",
    )
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {
        "de-DE"
    }


def test_the_docx_says_what_was_said_and_the_hash(docx: bytes) -> None:
    said = [p.text for p in Document(io.BytesIO(docx)).paragraphs]
    for text in ("Das ist Sache der Länder.", "Wir sehen das anders.", "Ganz anders."):
        assert text in said
    assert f"Die Prüfsumme (SHA-256) dieser Fassung lautet: {POSITION.hash}" in said


def test_the_docx_says_nothing_of_who_made_the_library(docx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "Lindenfurt, Deutscher Dorfverband" in core
