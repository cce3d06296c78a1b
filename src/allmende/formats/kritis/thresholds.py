"""The thresholds that come with this version: ``thresholds.csv``, one dated row each, with its source.

What a row says was true from ``valid_from`` on, until a newer one of the same key replaces it. Nothing of it
stands in code: when the law changes, somebody adds a row.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files


@dataclass(frozen=True)
class ThresholdRow:
    """One row of the file; ``per_person`` is how much of ``unit`` one person needs, if the source says so."""

    key: str
    sector: str  # of KRITISDachG § 4; empty: any
    category: str
    criterion: str
    unit: str
    amount: Decimal
    per_person: Decimal | None
    valid_from: date
    valid_until: date | None
    level: str
    land: str
    source: str
    note: str
    is_checked: bool  # against the primary source


def read_thresholds() -> tuple[ThresholdRow, ...]:
    """All rows in the order of the file."""
    text = files(__package__).joinpath("thresholds.csv").read_text(encoding="utf-8")
    return tuple(
        ThresholdRow(
            key=row["key"],
            sector=row["sector"],
            category=row["category"],
            criterion=row["criterion"],
            unit=row["unit"],
            amount=Decimal(row["amount"]),
            per_person=Decimal(row["per_person"]) if row["per_person"] else None,
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            level=row["level"],
            land=row["land"],
            source=row["source"],
            note=row["note"],
            is_checked=row["checked"] == "ja",
        )
        for row in csv.DictReader(text.splitlines(), delimiter=";")
    )
