"""What must hold between the records of a complete register."""

from collections.abc import Sequence

from allmende.formats.errors import FormatError
from allmende.formats.municipalities.records import LAENDER, Level, RegionRecord

# The territory under joint German and Luxembourgish sovereignty and the coastal waters of
# Mecklenburg-Vorpommern belong to no Kreis; nobody lives there.
WITHOUT_KREIS = ("07000", "13000")


def check_register(regions: Sequence[RegionRecord], *, file: str, sheet: str = "") -> None:
    """Raise `FormatError` for a doubled key, a missing parent or an absent part of Germany."""
    lines: dict[tuple[Level, str], int] = {}
    for region in regions:
        earlier = lines.setdefault((region.level, region.key), region.line)
        if earlier != region.line:
            raise FormatError(
                f"Der Schlüssel {region.key} („{region.name}“) steht schon in Zeile {earlier}.",
                file=file,
                sheet=sheet,
                line=region.line,
            )
    known = set(lines)
    inhabited_kreise = set()
    for region in regions:
        if region.level == Level.LAND:
            continue
        if (Level.LAND, region.ars[:2]) not in known:
            raise FormatError(
                f"„{region.name}“ ({region.key}) hat kein Land: Das Land mit dem Schlüssel "
                f"{region.ars[:2]} fehlt in der Datei.",
                file=file,
                sheet=sheet,
                line=region.line,
            )
        if region.level <= Level.KREIS or region.ars.startswith(WITHOUT_KREIS):
            continue
        if (Level.KREIS, region.ars[:5]) not in known:
            raise FormatError(
                f"„{region.name}“ ({region.key}) hat keinen Kreis: Der Kreis mit dem Schlüssel "
                f"{region.ars[:5]} fehlt in der Datei.",
                file=file,
                sheet=sheet,
                line=region.line,
            )
        if region.level == Level.GEMEINDE:
            inhabited_kreise.add(region.ars[:5])
    missing = [name for key, name in LAENDER.items() if (Level.LAND, key) not in known]
    if missing:
        raise FormatError(
            f"Die Datei ist unvollständig: Es fehlen {len(missing)} von 16 Ländern "
            f"({', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}).",
            file=file,
            sheet=sheet,
        )
    for region in regions:
        if region.level == Level.KREIS and region.ars not in inhabited_kreise:
            raise FormatError(
                f"Die Datei ist unvollständig: Der Kreis „{region.name}“ ({region.ars}) hat keine "
                "Gemeinde.",
                file=file,
                sheet=sheet,
                line=region.line,
            )
