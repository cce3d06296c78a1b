"""What the registry offers as open data: regions and organisations."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import (
    OPEN_WITH_SOURCE,
    Column,
    Dataset,
    Kind,
    Period,
    Theme,
)

from .models import Organisation, Region, RegisterChange

AT_ONCE = 2_000
DESTATIS = "© Statistisches Bundesamt (Destatis)"


def regions() -> Iterator[tuple[Any, ...]]:
    columns = (
        *("pk", "ars", "ags", "name", "level", "kind", "parent", "land", "kreis", "population"),
        *("population_on", "area_km2", "lon", "lat", "postcode", "size_class", "valid_from"),
        *("valid_until", "invented"),
    )
    found = Region.objects.order_by("pk").values_list(*columns)
    return found.iterator(chunk_size=AT_ONCE)


def changes() -> Iterator[tuple[Any, ...]]:
    columns = (
        *("pk", "kind", "level", "old_key", "old_name", "new_key", "new_name", "area_km2"),
        *("population", "effective_on", "noticed_on", "reference"),
    )
    found = RegisterChange.objects.order_by("pk").values_list(*columns)
    return found.iterator(chunk_size=AT_ONCE)


def organisations() -> Iterator[tuple[Any, ...]]:
    columns = (
        *("slug", "kind", "name", "region", "region__ars", "parent__slug", "four_eyes"),
        *("dissolved_on", "is_example"),
    )
    found = Organisation.objects.order_by("pk").values_list(*columns)
    return found.iterator(chunk_size=AT_ONCE)


datasets = (
    Dataset(
        "organisationen",
        _("Organisationen"),
        _(
            "Wer hier eine Stimme hat: Kommunen, Landkreise, Länder, Ministerien, Verbände, Netzwerke."
        ),
        (
            Column("slug", Kind.TEXT, _("Name in der Adresse der Seite"), key=True),
            Column("kind", Kind.TEXT, _("Art")),
            Column("name", Kind.TEXT, _("Name")),
            Column("region", Kind.INTEGER, _("Welches Gebiet sie ist"), refers_to="gebiete.number"),
            Column("ars", Kind.TEXT, _("Regionalschlüssel dieses Gebiets")),
            Column(
                "parent",
                Kind.TEXT,
                _("Zu welchem Verband sie gehört"),
                refers_to="organisationen.slug",
            ),
            Column("four_eyes", Kind.BOOLEAN, _("Vier-Augen-Prinzip")),
            Column("dissolved_on", Kind.DATE, _("Aufgelöst am")),
            Column("is_example", Kind.BOOLEAN, _("Erfunden, als Beispiel")),
        ),
        organisations,
        keywords=("Kommunen", "Organisationen"),
    ),
    Dataset(
        "gebiete",
        _("Gebiete"),
        _(
            "Bund, Länder, Kreise, Gemeindeverbände und Gemeinden nach amtlichem Schlüssel, auch frühere."
        ),
        (
            Column("number", Kind.INTEGER, _("Nummer auf dieser Plattform"), key=True),
            Column("ars", Kind.TEXT, _("Regionalschlüssel")),
            Column("ags", Kind.TEXT, _("Gemeindeschlüssel")),
            Column("name", Kind.TEXT, _("Name")),
            Column(
                "level",
                Kind.INTEGER,
                _("0 Bund, 1 Land, 2 Bezirk, 3 Kreis, 4 Gemeindeverband, 5 Gemeinde"),
            ),
            Column("kind", Kind.INTEGER, _("Textkennzeichen")),
            Column("parent", Kind.INTEGER, _("Worin es liegt"), refers_to="gebiete.number"),
            Column("land", Kind.TEXT, _("Land: die ersten zwei Stellen")),
            Column("kreis", Kind.TEXT, _("Kreis: die ersten fünf Stellen")),
            Column("population", Kind.INTEGER, _("Einwohner")),
            Column("population_on", Kind.DATE, _("Einwohner am")),
            Column("area_km2", Kind.NUMBER, _("Fläche in km²")),
            Column("lon", Kind.NUMBER, _("Längengrad")),
            Column("lat", Kind.NUMBER, _("Breitengrad")),
            Column("postcode", Kind.TEXT, _("Postleitzahl")),
            Column(
                "size_class",
                Kind.INTEGER,
                _("Größenklasse: 1 große Großstadt bis 7 Landgemeinde"),
            ),
            Column("valid_from", Kind.DATE, _("Gültig ab")),
            Column("valid_until", Kind.DATE, _("Erster Tag, an dem es nicht mehr besteht")),
            Column("is_example", Kind.BOOLEAN, _("Erfunden, als Beispiel")),
        ),
        regions,
        themes=(Theme.REGIONS,),
        keywords=("Gemeindeverzeichnis", "Regionalschlüssel"),
        licence=OPEN_WITH_SOURCE,
        source=DESTATIS,
        period=Period.ANNUAL,
    ),
    Dataset(
        "gebietsaenderungen",
        _("Änderungen von Namen, Schlüsseln und Grenzen"),
        _("Was aus Gemeinden und Kreisen wurde."),
        (
            Column("number", Kind.INTEGER, _("Nummer"), key=True),
            Column(
                "kind",
                Kind.INTEGER,
                _("1 Auflösung, 2 Gebietsabgabe, 3 Schlüsseländerung, 4 Namensänderung"),
            ),
            Column("level", Kind.INTEGER, _("Ebene, wie bei den Gebieten")),
            Column("old_key", Kind.TEXT, _("Schlüssel vorher")),
            Column("old_name", Kind.TEXT, _("Name vorher")),
            Column("new_key", Kind.TEXT, _("Schlüssel nachher")),
            Column("new_name", Kind.TEXT, _("Name nachher")),
            Column("area_km2", Kind.NUMBER, _("Fläche in km²")),
            Column("population", Kind.INTEGER, _("Einwohner")),
            Column("effective_on", Kind.DATE, _("Wirksam am")),
            Column("noticed_on", Kind.DATE, _("Stand der Liste, die es sagt")),
            Column("reference", Kind.TEXT, _("Kennziffer")),
        ),
        changes,
        themes=(Theme.REGIONS,),
        keywords=("Gemeindeverzeichnis", "Gebietsänderungen"),
        licence=OPEN_WITH_SOURCE,
        source=DESTATIS,
        period=Period.ANNUAL,
    ),
)
