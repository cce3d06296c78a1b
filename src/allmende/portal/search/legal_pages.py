"""The legal pages, as something to be found."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import queries
from ..legal import GERMAN, PageText
from ..models import PageVersion
from ..offers import Hit
from .findable import Description, Findable

SLUGS = dict(enumerate(GERMAN, start=1))


class LegalPages(Findable[PageText]):
    """The legal pages as they are now, also those that still say what their template says."""

    kind = "portal.page"
    name = _("Seite")
    label = _("Seiten")

    def rows(self) -> QuerySet[Any, Any]:
        """Their versions; the pages themselves are no rows."""
        return PageVersion.objects.all()

    def things(self) -> list[tuple[datetime | None, int]]:
        return [(None, number) for number in SLUGS]

    def load(self, keys: Collection[int]) -> dict[int, PageText]:
        texts = {text.page.slug: text for text in queries.all_page_texts()}
        return {number: texts[SLUGS[number]] for number in keys if number in SLUGS}

    def touched(self, model: str, keys: Collection[Any]) -> Iterable[int]:
        if model != "portal.PageVersion":
            return ()
        saved = set(PageVersion.objects.filter(pk__in=keys).values_list("slug", flat=True))
        return [number for number, slug in SLUGS.items() if slug in saved]

    def describe(self, row: PageText) -> Description:
        return Description(title=row.title, text=row.text, at=row.saved_at)

    def hit(self, row: PageText) -> Hit:
        return Hit(title=row.title, note="", url=reverse(row.page.url_name))
