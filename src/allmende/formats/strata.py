"""Read what is known of the participants: Land, size class and population of each.

A CSV file with the columns ``participant, land, size-class, population``. It may list the whole from
which the participants come, for instance all municipalities; then it also tells how many there are
in each Land and size class.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from allmende.formats.csv_rows import read_table
from allmende.formats.errors import FormatError

MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class StrataTable:
    """Land, size class and population in the order of the participants asked for.

    lands, size_classes : (P,) str
    populations : (P,) float
    land_totals, size_totals : number in the whole; empty if the file lists no one else
    """

    lands: tuple[str, ...]
    size_classes: tuple[str, ...]
    populations: tuple[float, ...]
    land_totals: dict[str, int]
    size_totals: dict[str, int]


def read_strata(path: Path, *, participants: Sequence[str]) -> StrataTable:
    """Read the strata of the given participants.

    Parameters
    ----------
    path : Path
        CSV in UTF-8, separated by commas or semicolons.
    participants : sequence of str
        Identifiers; each needs a row.

    Returns
    -------
    StrataTable
        If the file lists others too, it counts as the list of the whole.

    Raises
    ------
    FormatError
        If a column or participant is missing, one stands twice, or a population is no number.
    """
    file = path.name
    rows: dict[str, tuple[str, str, float]] = {}
    for line, row in read_table(
        path,
        required=("participant", "land", "size-class", "population"),
        most_bytes=MOST_BYTES,
        strict=False,
    ):
        name = row["participant"]
        for column in ("participant", "land", "size-class"):
            if not row[column]:
                raise FormatError(f"In der Spalte „{column}“ fehlt der Wert.", file=file, line=line)
        if name in rows:
            raise FormatError(f"„{name[:60]}“ steht doppelt.", file=file, line=line)
        if not (row["population"].isascii() and row["population"].isdigit()):
            raise FormatError(
                f"In der Spalte „population“ steht „{row['population'][:40]}“; hier muss eine Zahl "
                "ohne Punkte und Kommas stehen.",
                file=file,
                line=line,
            )
        rows[name] = row["land"], row["size-class"], float(row["population"])
    missing = [name for name in participants if name not in rows]
    if missing:
        raise FormatError(
            f"Für {len(missing)} von {len(participants)} Teilnehmenden fehlt die Zeile, zum "
            f"Beispiel für „{missing[0]}“.",
            file=file,
        )
    chosen = [rows[name] for name in participants]
    whole = list(rows.values()) if len(rows) > len(chosen) else []
    return StrataTable(
        lands=tuple(land for land, _, _ in chosen),
        size_classes=tuple(size for _, size, _ in chosen),
        populations=tuple(population for _, _, population in chosen),
        land_totals=dict(Counter(land for land, _, _ in whole)),
        size_totals=dict(Counter(size for _, size, _ in whole)),
    )
