"""Lists of people to be invited, as CSV and as a workbook."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from allmende.formats.errors import FormatError
from allmende.formats.invitation_list import ListRow, read_invitation_list

EXPECTED = [
    ListRow(2, "01234567", "maria@lindenfurt.example", "Bürgermeisterin", "Maria", "2030-12-31"),
    ListRow(3, "09574132", "rat@kranichsee.example", "Rat", "", ""),
]


def test_csv_and_workbook_say_the_same(tmp_path: Path) -> None:
    table = tmp_path / "liste.csv"
    table.write_text(
        "\ufeffE-Mail;AGS;Amt;Name;Mandat bis\n"
        "maria@lindenfurt.example;1234567;Bürgermeisterin;Maria;2030-12-31\n"
        "rat@kranichsee.example;09574132;Rat;;\n",
        encoding="utf-8",
    )
    book = Workbook()
    assert book.active is not None
    book.active.append(["AGS", "E-Mail", "Amt", "Name", "Mandat bis"])
    book.active.append(
        [1234567, "maria@lindenfurt.example", "Bürgermeisterin", "Maria", datetime(2030, 12, 31)]
    )
    book.active.append(["09574132", "rat@kranichsee.example", "Rat", None, None])
    workbook = tmp_path / "liste.xlsx"
    book.save(workbook)
    assert read_invitation_list(table) == EXPECTED
    assert read_invitation_list(workbook) == EXPECTED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("E-Mail;Amt\na@b.example;Rat\n", "AGS"),
        ("AGS;Amt\n09574132;Rat\n", "e-mail"),
        ("AGS;E-Mail;Amt\n", "keine Zeilen"),
        ("AGS;E-Mail;Amt;Passwort\n1;a;b;c\n", "passwort"),
        ("PK kein Archiv", "beschädigt"),
    ],
)
def test_what_cannot_be_read_is_named(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=message):
        read_invitation_list(path)
