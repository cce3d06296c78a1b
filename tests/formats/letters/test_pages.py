"""Pages for the printer: one a letter, readable by machines, with a picture of the same code."""

import io
import re

import pytest
import segno
from pypdf import PdfReader

from allmende.formats.letters import Code, Page, Sender, write_pages
from allmende.formats.letters.pages import MOST_PAGES, _qr_code

SENDER = Sender(
    lines=("Kontaktstelle Allmende", "Musterstraße 1", "10115 Berlin", "Telefon 030 12345-0"),
    site="https://allmende.example",
    enter="https://allmende.example/verzeichnis/brief/",
)


def page(number: int, name: str = "Lindenfurt") -> Page:
    code = Code.of("K7QM", f"3FXA9RTWH{number:02}")
    return Page(
        organisation=f"{name}, Große Kreisstadt",
        name=name,
        office="An die Bürgermeisterin oder den Bürgermeister",
        town=f"12345 {name}",
        serial=code.serial,
        code=str(code),
        made_on="22. November 2026",
        valid_until="21. Januar 2027",
    )


LONG = "Sankt-Wolfgang-Großenwiehe-Oberammergau-Hohenstein-Ernstthal an der Leine (Mecklenburg)"
PAGES = [page(1), page(2, "#emph[$x$] \\ *Dorf*"), page(3, LONG)]


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return PdfReader(io.BytesIO(write_pages(PAGES, sender=SENDER)))


def test_every_letter_is_one_page_with_its_code(reader: PdfReader) -> None:
    texts = [each.extract_text() for each in reader.pages]
    assert [re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", text) for text in texts] == [
        [each.code] for each in PAGES
    ]
    for said in (
        "Kontaktstelle Allmende · Musterstraße 1 · 10115 Berlin",
        "An die Bürgermeisterin oder den Bürgermeister",
        "12345 Lindenfurt",
        "Brief Nr. K7QM",
        "Ihr Code, gültig bis 21. Januar 2027",
        "allmende.example/verzeichnis/brief",
        "Ist dieser Brief echt?",
    ):
        assert said in texts[0]


def test_a_name_is_text_and_no_markup(reader: PdfReader) -> None:
    assert "#emph[$x$] \\ *Dorf*, Große Kreisstadt" in reader.pages[1].extract_text()


def test_the_address_stands_in_the_window_of_the_envelope(reader: PdfReader) -> None:
    """DIN 5008, form B: 20 to 105 mm from the left, 62.7 to 90 mm from the top."""
    places: list[tuple[float, float]] = []

    def note(text: str, page: list[float], line: list[float], *_: object) -> None:
        if text.strip().startswith("12345"):
            left = line[4] * page[0] + line[5] * page[2] + page[4]
            above = line[4] * page[1] + line[5] * page[3] + page[5]
            places.append((left / 72 * 25.4, 297 - above / 72 * 25.4))

    for each in reader.pages:
        each.extract_text(visitor_text=note)
    assert len(places) == len(PAGES)
    for left, top in places:
        assert left == pytest.approx(25, abs=1)
        assert 62.7 < top < 90


def test_the_document_is_tagged_and_says_so(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  an object of pypdf
    assert root["/Lang"] == "de-DE"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_the_picture_shows_the_address_with_the_code() -> None:
    address = f"{SENDER.enter}#{PAGES[0].code}"
    drawing = _qr_code(address)
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    dark = sum(
        int(width) for width in re.findall(r"h(\d+)", re.search(r' d="([^"]+)"', drawing)[1])
    )
    code = segno.make(address, error="q", micro=False)
    assert dark == sum(map(sum, code.matrix))
    assert code.symbol_size(border=0)[0] <= 49  # dots of 0.65 mm: any phone reads them


@pytest.mark.parametrize("number", [0, MOST_PAGES + 1])
def test_as_many_pages_as_memory_allows(number: int) -> None:
    with pytest.raises(ValueError, match="letters"):
        write_pages([PAGES[0]] * number, sender=SENDER)
