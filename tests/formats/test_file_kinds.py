"""What a file is: said by its content, whatever its name says."""

import io
import zipfile
from pathlib import Path

import pytest

from allmende.formats.errors import FormatError
from allmende.formats.file_kinds import FileKind, kind_of_file, refuse_other_kinds

WRITER = b"application/vnd.oasis.opendocument.text"
CALC = b"application/vnd.oasis.opendocument.spreadsheet"


def archive(**parts: bytes) -> bytes:
    """A ZIP archive; a double underscore stands for a slash, a single one for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind.PICTURE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.PICTURE),
        (b"GIF89a\1\0\1\0", FileKind.PICTURE),
        (b"RIFF\x24\0\0\0WEBPVP8 ", FileKind.PICTURE),
        (b"RIFF\x24\0\0\0WAVEfmt ", FileKind.MEDIA),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileKind.PICTURE),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", FileKind.MEDIA),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 24, FileKind.OLD_OFFICE),
        (b"{\\rtf1\\ansi", FileKind.RICH_TEXT),
        (b"\x1f\x8b\x08\0", FileKind.ARCHIVE),
        (b"<!DOCTYPE html><html>", FileKind.PAGE),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', FileKind.XML),
        (b' {\n "format": 1}', FileKind.JSON),
        (b"[[1, 2]]", FileKind.JSON),
        (archive(xl__workbook_xml=b""), FileKind.WORKBOOK),
        (archive(xl__workbook_bin=b""), FileKind.BINARY_WORKBOOK),
        (archive(word__document_xml=b""), FileKind.DOCUMENT),
        (archive(ppt__presentation_xml=b""), FileKind.SLIDES),
        (archive(mimetype=CALC), FileKind.OPEN_TABLE),
        (archive(mimetype=WRITER), FileKind.OPEN_TEXT),
        (archive(table_csv=b"a;b"), FileKind.ARCHIVE),
        # Tables, and what nobody can tell, are left to their reader.
        (b"Nr.;Zeit;Titel\r\n1;0:10;Alarm\r\n", None),
        (b"[Nr];[Zeit]\r\n", None),
        (b"{Nr},{Zeit}\r\n", None),
        (b"ID3;Name\r\n", None),
        (b"RIFFgau;Ort\r\n", None),
        (b"PK\3\4 cut off", None),
        (b"\0\0\0\0", None),
        (b"", None),
    ],
)
def test_content_says_what_a_file_is(content: bytes, kind: FileKind | None) -> None:
    file = io.BytesIO(content)
    assert kind_of_file(file) == kind
    assert file.tell() == 0


def test_a_file_of_another_kind_is_refused_with_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(FormatError) as caught:
        refuse_other_kinds(
            file, FileKind.WORKBOOK, wanted="keine Tabelle", accepted="Excel (.xlsx) oder CSV"
        )
    assert str(caught.value) == (
        "liste.csv: Das ist eine PDF-Datei, keine Tabelle. Möglich ist: Excel (.xlsx) oder CSV."
    )


@pytest.mark.parametrize("content", [archive(xl__workbook_xml=b""), b"Nr.;Zeit\r\n", b""])
def test_what_is_taken_or_unknown_goes_on_to_its_reader(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "liste.pdf"
    file.write_bytes(content)
    refuse_other_kinds(file, FileKind.WORKBOOK, wanted="keine Tabelle", accepted="CSV")
    refuse_other_kinds(tmp_path / "fehlt", wanted="keine Tabelle", accepted="CSV")
