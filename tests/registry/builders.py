"""Small registers: three Kreise in two Länder, as a reader would give them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from allmende.formats.municipalities import (
    ChangeKind,
    ChangeRecord,
    Level,
    RegionRecord,
    Register,
    Source,
)

OLD, NEW = date(2023, 12, 31), date(2024, 12, 31)


def land(key: str, name: str) -> RegionRecord:
    return RegionRecord(level=Level.LAND, ars=key, name=name, status_date=OLD)


def kreis(key: str, name: str, kind: str = "44") -> RegionRecord:
    return RegionRecord(level=Level.KREIS, ars=key, name=name, kind=kind, status_date=OLD)


def verband(key: str, name: str, kind: str = "53") -> RegionRecord:
    return RegionRecord(level=Level.GEMEINDEVERBAND, ars=key, name=name, kind=kind, status_date=OLD)


def gemeinde(ars: str, name: str, population: int = 1000, **fields: object) -> RegionRecord:
    record = RegionRecord(
        level=Level.GEMEINDE,
        ars=ars,
        ags=ars[:5] + ars[9:],
        name=name,
        kind="64",
        population=population,
        area=10.0,
        longitude=10.0,
        latitude=51.0,
        postcode="99999",
        status_date=OLD,
    )
    return replace(record, **fields)  # type: ignore[arg-type]


GERMANY = (
    land("09", "Bayern"),
    RegionRecord(level=Level.REGIERUNGSBEZIRK, ars="091", name="Oberbayern", status_date=OLD),
    kreis("09162", "München, Landeshauptstadt", "41"),
    verband("091620000", "München, Landeshauptstadt", "50"),
    gemeinde("091620000000", "München, Landeshauptstadt", 1_500_000, kind="61", postcode="80331"),
    land("16", "Thüringen"),
    kreis("16061", "Eichsfeld"),
    verband("160615012", "Uder"),
    gemeinde("160615012097", "Uder", 2_600, postcode="37318"),
    gemeinde("160615012065", "Lenterode", 312, postcode="37318"),
    kreis("16064", "Unstrut-Hainich-Kreis"),
    gemeinde("160640046046", "Mühlhausen/Thüringen, Stadt", 37_000, kind="63", postcode="99974"),
)


def register(
    *records: RegionRecord,
    status: date = OLD,
    source: Source = Source.EXTRACT,
    sha256: str | None = None,
    complete: bool = True,
) -> Register:
    """A register with a fingerprint of its own."""
    return Register(
        source=source,
        file=f"verzeichnis-{status:%Y}.xlsx",
        sha256=sha256 or f"{hash((records, status, source)):x}".rjust(64, "0")[-64:],
        attribution="© Statistisches Bundesamt (Destatis)",
        status_date=status,
        population_date=status if source == Source.EXTRACT else None,
        regions=records,
        complete=complete,
    )


def germany(
    status: date = OLD,
    *,
    without: Collection[str] = (),
    extra: tuple[RegionRecord, ...] = (),
    **changed: dict[str, object],
) -> Register:
    """Germany in small. ``without`` leaves out keys; ``k<key>={…}`` changes fields of one record."""
    kept = [r for r in GERMANY if r.key not in without]
    records = [replace(r, **changed.get(f"k{r.key}", {})) for r in kept]  # type: ignore[arg-type]
    return register(*records, *extra, status=status)


def change(
    kind: ChangeKind,
    old: RegionRecord,
    new: RegionRecord,
    *,
    day: date = date(2024, 1, 1),
    reference: str = "16/2024/0001-R",
    area: float | None = None,
    population: int | None = None,
) -> ChangeRecord:
    return ChangeRecord(
        reference=reference,
        level=old.level,
        kinds=(kind,),
        old_ars=old.ars,
        old_ags=old.ags,
        old_name=old.name,
        new_ars=new.ars,
        new_ags=new.ags,
        new_name=new.name,
        legal_date=day,
        statistical_date=day,
        area=area,
        population=population,
    )


def changes(*records: ChangeRecord, sha256: str = "c" * 64) -> Register:
    return Register(
        source=Source.CHANGES,
        file="namens-grenz-aenderungen-2024.xlsx",
        sha256=sha256,
        attribution="© Statistisches Bundesamt (Destatis)",
        status_date=max(record.statistical_date for record in records),
        changes=records,
        complete=False,
    )
