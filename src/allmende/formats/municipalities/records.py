"""What the official registers of municipalities say, whichever file says it."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from allmende.formats.errors import FormatError


class Level(IntEnum):
    """Storeys of the state, from the federation down; the number orders them."""

    BUND = 0
    LAND = 1
    REGIERUNGSBEZIRK = 2
    KREIS = 3
    GEMEINDEVERBAND = 4
    GEMEINDE = 5


class ChangeKind(IntEnum):
    """Kinds of change ("Änderungsart") in the official lists."""

    DISSOLVED = 1
    PART_MOVED = 2
    KEY_CHANGED = 3
    RENAMED = 4


class Source(IntEnum):
    """Where records came from."""

    EXTRACT = 1
    GV100AD = 2
    CHANGES = 3
    PACKAGES = 4


# Number of digits of the official regional key (ARS) at each level.
KEY_LENGTHS = {
    Level.LAND: 2,
    Level.REGIERUNGSBEZIRK: 3,
    Level.KREIS: 5,
    Level.GEMEINDEVERBAND: 9,
    Level.GEMEINDE: 12,
}

KINDS = {
    "41": "Kreisfreie Stadt",
    "42": "Stadtkreis",
    "43": "Kreis",
    "44": "Landkreis",
    "45": "Regionalverband",
    "50": "Verbandsfreie Gemeinde",
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde",
    "56": "Verwaltungsverband",
    "58": "Erfüllende Gemeinde",
    "60": "Markt",
    "61": "Kreisfreie Stadt",
    "62": "Stadtkreis",
    "63": "Stadt",
    "64": "Gemeinde",
    "65": "Gemeindefreies Gebiet, bewohnt",
    "66": "Gemeindefreies Gebiet, unbewohnt",
    "67": "Große Kreisstadt",
}
NO_ASSOCIATION = "50"

LAENDER = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}


@dataclass(frozen=True, slots=True)
class RegionRecord:
    """One region as one file describes it. What the file does not say is empty or None.

    ars : digits of the official regional key down to the region's level
    ags : official municipality key, 8 digits, of municipalities only
    kind : "Textkennzeichen", two digits (see `KINDS`)
    area : km²
    longitude, latitude : degrees, WGS 84
    postcode : of the seat of the administration
    status_date : date of the territorial status
    line : where in the file, for messages
    """

    level: Level
    ars: str
    name: str
    status_date: date
    ags: str = ""
    kind: str = ""
    population: int | None = None
    area: float | None = None
    longitude: float | None = None
    latitude: float | None = None
    postcode: str = ""
    line: int = 0

    @property
    def key(self) -> str:
        """Key by which the region is known: AGS of a municipality, otherwise ARS."""
        return self.ags or self.ars


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One row of an official list of changes of names and boundaries.

    A municipality that is divided among several has one row for each receiver; ``area`` (km²) and
    ``population`` are those of the part.
    """

    reference: str
    level: Level
    kinds: tuple[ChangeKind, ...]
    old_ars: str
    old_ags: str
    old_name: str
    new_ars: str
    new_ags: str
    new_name: str
    legal_date: date
    statistical_date: date
    area: float | None = None
    population: int | None = None
    line: int = 0


@dataclass(frozen=True)
class Register:
    """Everything that one source says.

    complete : whether a region that is not in it no longer exists (official registers only)
    population_date : date of the number of inhabitants, if the file names it
    """

    source: Source
    file: str
    sha256: str
    attribution: str
    status_date: date
    regions: tuple[RegionRecord, ...] = ()
    changes: tuple[ChangeRecord, ...] = ()
    population_date: date | None = None
    complete: bool = True


def digits(value: str, length: int, label: str, *, file: str, sheet: str, line: int) -> str:
    """Give back ``value`` if it is a key of ``length`` ASCII digits, else raise `FormatError`."""
    if len(value) != length or not (value.isascii() and value.isdigit()):
        raise FormatError(
            f"{label} muss aus {length} Ziffern bestehen, hier steht „{value[:40]}“.",
            file=file,
            sheet=sheet,
            line=line,
        )
    return value


def split_key(ars: str) -> tuple[str, str]:
    """Give the AGS of a municipality's ARS, and the key of its Kreis.

    >>> split_key("010515163003")
    ('01051003', '01051')
    """
    return ars[:5] + ars[9:], ars[:5]
