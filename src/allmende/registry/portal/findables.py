"""What can be found of the registry: places and organisations; and places to narrow a search by."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import Hit, Place
from allmende.portal.search.findable import Description, Findable

from .. import queries
from ..models import Level, Organisation, Region
from ..queries.regions import CITY_KREISE

MOST_PLACES = 6
# Heavier than any place: there are few of them.
HEAVY = 1_000_000_000


class Places(Findable[Region]):
    """Municipalities, Kreise, Länder of today and of the past; the large before the small."""

    kind = "registry.region"
    name = _("Ort")
    label = _("Orte")
    touched_by = {"registry.RegisterImport": "", "registry.Region": "pk"}  # noqa: RUF012

    def rows(self) -> QuerySet[Region]:
        return Region.objects.exclude(level=Level.KREIS, kind__in=CITY_KREISE).select_related(
            "parent"
        )

    def describe(self, row: Region) -> Description:
        keys = f"{row.postcode} {row.ags} {row.ars}"
        return Description(
            title=row.name,
            text=f"{row.former_names} {keys}",
            ars=row.ars,
            weight=2 + (row.population or 0) if row.is_current else 1,
        )

    def hit(self, row: Region) -> Hit:
        return Hit(title=row.name, note=row.describe(), url=row.get_absolute_url())


class Organisations(Findable[Organisation]):
    """Associations, ministries, networks; those of regions are found as places."""

    kind = "registry.organisation"
    name = _("Organisation")
    label = _("Organisationen")
    touched_by = {"registry.Organisation": "pk"}  # noqa: RUF012

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(region=None)

    def describe(self, row: Organisation) -> Description:
        weight = HEAVY if row.is_current else 1
        return Description(title=row.name, text=row.get_kind_display(), weight=weight)

    def hit(self, row: Organisation) -> Hit:
        kind = row.get_kind_display()
        note = f"{kind} · Beispieldaten" if row.is_example else kind
        return Hit(title=row.name, note=note, url=row.get_absolute_url())


def places(words: str) -> Iterator[Place]:
    """Regions by name, postcode or key, most likely first."""
    found: Any = queries.search_regions(words).select_related("parent")
    for region in found[:MOST_PLACES]:
        yield Place(name=region.name, note=region.describe(), key=region.ars)
