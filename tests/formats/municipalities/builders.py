"""Small official files: Germany with one Kreis a Land and two municipalities a Kreis."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from allmende.formats.municipalities import LAENDER

Row = list[object]

HEADINGS: list[Row] = [
    ["Gemeinden in Deutschland am 31.12.2024 (4. Quartal)"],
    [],
    [
        "Satz-art", "Text-kenn-zeichen", "Amtlicher Regionalschlüssel (ARS)", None, None, None, None,
        "Gemeindename", "Fläche km2 1)", "Bevölkerung2)", None, None, None, "Postleit-zahl3)",
        "Geografische Mittelpunktkoordinaten", None,
    ],
    [
        None, None, "Land", "RB", "Kreis", "VB", "Gem", None, None, "insgesamt", "männlich",
        "weiblich", "je km2", None, "Längengrad", "Breitengrad",
    ],
    [None, None, "Gebietsstand am 31.12.2024 (4. Quartal)", None, None, None, None, None,
     "31.12.2023 (Jahr)", "31.12.2023 (Jahr)"],
]  # fmt: skip
FOOTER: list[Row] = [[], ["Quelle: Gemeindeverzeichnis-Informationssystem GV-ISys"]]

CHANGE_HEADINGS: list[Row] = [
    ["Gebietsänderungen vom 01.01. - 31.12.2024"],
    ["Kennziffer", "Regionaleinheit", "Abgebende / Aufgelöste Gemeinde", None, None, None, None,
     None, "Aufnehmende / Neugebildete Gemeinde", None, None, "Wirksamkeitsdatum", None],
    [None, None, "Amtlicher Regionalschlüssel (ARS)", "Amtlicher Gemeinde-schlüssel (AGS)", "Name",
     "Änderungs-art 1)", "Fläche qm", "Einwohner", "Amtlicher Regionalschlüssel (ARS)",
     "Amtlicher Gemeinde-schlüssel (AGS)", "Name", "juristisch", "statistisch"],
    [],
]  # fmt: skip
FIRST_LINE = len(HEADINGS) + 1


def municipality(
    land: str, number: str, name: str, population: object = 1000, **cells: object
) -> Row:
    """One row of a municipality; ``cells`` replaces area, postcode, longitude or latitude."""
    return [
        "60", "64", land, "0", "01", "0001", number, name, cells.get("area", 12.5), population, 500,
        500, 80, cells.get("postcode", "01234"), cells.get("longitude", "10,5"),
        cells.get("latitude", "51,25"),
    ]  # fmt: skip


def germany() -> list[Row]:
    """Rows of all record types, 2 municipalities of 1,000 people in each of 16 Länder."""
    rows: list[Row] = []
    for land, name in LAENDER.items():
        rows += [
            ["10", None, land, None, None, None, None, name],
            ["40", "44", land, "0", "01", None, None, f"Kreis {name}"],
            ["50", "53", land, "0", "01", "0001", None, f"Verband {name}"],
            municipality(land, "001", f"Erstes {name}"),
            municipality(land, "002", f"Zweites {name}, Stadt"),
        ]
    return rows


def write_workbook(path: Path, rows: Sequence[Row], *, sheet: str = "Gemeinden") -> Path:
    """Write rows as they are, after an empty title sheet."""
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.title = "Inhalt"
    table = workbook.create_sheet(sheet)
    for row in rows:
        table.append(row)
    workbook.save(path)
    return path


def write_extract(path: Path, rows: Sequence[Row]) -> Path:
    """Write an extract with headings and footer around the rows."""
    return write_workbook(path, [*HEADINGS, *rows, *FOOTER])


def write_changes(path: Path, rows: Sequence[Row]) -> Path:
    """Write a list of changes."""
    return write_workbook(path, [*CHANGE_HEADINGS, *rows], sheet="Gebietsaenderungen")


def gv100ad_line(row: Row, *, status: str = "20231130") -> str:
    """The same row as a line of GV100AD."""
    record, kind, land, rb, kreis, vb, gem, name = (str(cell or "") for cell in row[:8])
    key = f"{land}{rb}{kreis}{gem}"
    line = f"{record}{status}{key:<8}{vb:<4}{name:<50}".ljust(122) + f"{kind:<2}"
    if record == "60":
        area, population, postcode = row[8], row[9], row[13]
        assert isinstance(area, float)
        line = line.ljust(128) + f"{round(area * 100):011}{population:011}{0:011}"
        line = line.ljust(165) + f"{postcode:<5}"
    return line.ljust(220)


def write_gv100ad(path: Path, rows: Sequence[Row]) -> Path:
    """Write a GV100AD file."""
    path.write_text("".join(gv100ad_line(row) + "\n" for row in rows), encoding="utf-8")
    return path
