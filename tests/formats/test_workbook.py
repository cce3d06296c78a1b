"""Workbooks from outside: archives that are damaged or made to do harm are refused unopened."""

import struct
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from allmende.formats import workbook
from allmende.formats.errors import FormatError
from allmende.formats.workbook import check_archive, open_workbook, rows_of


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Tabelle"
    for line in range(1, 4):
        book.active.append([line, f"Zeile {line}", None, "weit rechts"])
    path = tmp_path / "plain.xlsx"
    book.save(path)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The same archive with one part replaced or added."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return target


def test_rows_are_numbered_and_bounded(plain: Path) -> None:
    with open_workbook(plain) as sheets:
        sheet = next(sheets)
        rows = list(rows_of(sheet, file="plain.xlsx", columns=2))
    assert rows == [(1, (1, "Zeile 1")), (2, (2, "Zeile 2")), (3, (3, "Zeile 3"))]


def test_too_many_rows_are_refused(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    with pytest.raises(FormatError, match="mehr als 2 Zeilen"), open_workbook(plain) as sheets:
        list(rows_of(next(sheets), file="plain.xlsx", columns=2))


def test_a_bomb_is_refused_at_once(plain: Path) -> None:
    bomb = with_part(plain, "xl/worksheets/sheet1.xml", b" " * 150 * 1024 * 1024)
    assert bomb.stat().st_size < 1_000_000
    before = time.process_time()
    with pytest.raises(FormatError, match="ungewöhnlich stark gepackt"), open_workbook(bomb):
        pass
    assert time.process_time() - before < 0.5


def test_many_small_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(workbook.MAX_PARTS + 1):
            archive.writestr(f"xl/{number}.xml", b"<a/>")
    with pytest.raises(FormatError, match="ungewöhnlich stark gepackt"):
        check_archive(path)


def test_a_size_that_is_declared_too_small_does_not_get_through(plain: Path) -> None:
    bomb = with_part(plain, "xl/big.bin", b"0" * 3_000_000)
    content = bytearray(bomb.read_bytes())
    wrong, right = struct.pack("<I", 1000), struct.pack("<I", 3_000_000)
    assert content.count(right) == 2
    bomb.write_bytes(content.replace(right, wrong))
    with pytest.raises(FormatError, match="beschädigt"):
        check_archive(bomb)


def test_a_document_type_definition_is_refused(plain: Path) -> None:
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(FormatError, match="unzulässiges XML"):
        check_archive(with_part(plain, "xl/workbook.xml", entities))


def test_a_definition_across_two_pieces_is_found(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "PIECE", 7)
    with pytest.raises(FormatError, match="unzulässiges XML"):
        check_archive(with_part(plain, "xl/workbook.xml", b"<!-- weit --><!DOCTYPE a><a/>"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_off_file_is_refused(plain: Path, share: float) -> None:
    content = plain.read_bytes()
    plain.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(FormatError, match="beschädigt oder unvollständig"):
        check_archive(plain)


def test_a_changed_byte_is_noticed(plain: Path) -> None:
    content = bytearray(plain.read_bytes())
    with zipfile.ZipFile(plain) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    content[part.header_offset + 80] ^= 0xFF
    plain.write_bytes(content)
    with pytest.raises(FormatError, match="beschädigt"):
        check_archive(plain)


def test_a_name_of_a_part_that_is_no_text_is_told(plain: Path) -> None:
    """Found by changing bytes at random: zipfile raises UnicodeDecodeError."""
    changed = with_part(plain, "xl/größe.xml", b"<a/>")
    changed.write_bytes(changed.read_bytes().replace("größe".encode(), b"gr\xc9\xc9\xc9\xc9e"))
    with pytest.raises(FormatError, match="beschädigt"):
        check_archive(changed)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"...")
    with pytest.raises(FormatError, match="keine gültige Arbeitsmappe"), open_workbook(path):
        pass


def test_a_damaged_part_is_told_not_raised(plain: Path) -> None:
    path = with_part(plain, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'>")
    with (
        pytest.raises(FormatError, match="keine gültige Arbeitsmappe"),
        open_workbook(path) as sheets,
    ):
        list(rows_of(next(sheets), file="x", columns=2))


def test_a_huge_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(workbook.MAX_FILE + 1)
    with pytest.raises(FormatError, match="größer als 50 MB"):
        check_archive(path)
