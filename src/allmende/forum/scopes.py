"""What news are about: everything, a region, a topic area, a ministry, or a selection of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.registry.models import MOST_REGIONS, Organisation, Region, Topic

from .models import Support

# As many regions as one may choose, and as many again for those of one's mandates.
MOST_KEYS = 2 * MOST_REGIONS
OWNER, SIGNER = "owner__", "organisation__region__"


@dataclass(frozen=True)
class Scope:
    """What news are about: which concerns, and for a ministry also which commitments."""

    title: str
    page: str
    concerns: Q
    supports: Q | None = None  # the concerns with one of these, too
    ministry: Organisation | None = None
    regions: tuple[str, ...] = ()  # the keys (ARS) of a selection

    @property
    def is_everything(self) -> bool:
        return not self.concerns

    @property
    def signed(self) -> "QuerySet[Any, Any]":
        """The keys of the concerns that belong to it since somebody co-signs them."""
        found = Support.objects.current().filter(self.supports or Q(pk=None))
        return found.order_by().values("concern")

    @property
    def has_others(self) -> bool:
        """Whether something may belong to it that belongs to no concern."""
        return self.is_everything or self.ministry is not None

    @property
    def others(self) -> Q:
        """Which commitments belong to it that belong to no concern."""
        if self.is_everything:
            return Q(concern=None)
        return Q(concern=None, organisation=self.ministry) if self.ministry else Q(pk=None)


def everything() -> Scope:
    """All concerns."""
    return Scope(_("Neues aus der Allmende"), reverse("forum:concerns"), Q())


def of_region(region: Region) -> Scope:
    """Concerns that somebody from there has raised or co-signs."""
    title, page = _("Neues aus %s") % region.short_name, region.get_absolute_url()
    if not region.ars:
        return Scope(title, page, Q())
    return Scope(title, page, _lies_in(OWNER, [region.ars]), _lies_in(SIGNER, [region.ars]))


def of_topic(topic: Topic) -> Scope:
    """Concerns of a topic area."""
    page = f"{reverse('forum:concerns')}?thema={topic}"
    return Scope(_("Neues zu: %s") % topic.label, page, Q(topic=topic))


def of_ministry(ministry: Organisation) -> Scope:
    """Concerns that a ministry answers, and what it has promised."""
    return Scope(
        _("Neues vom %s") % ministry,
        ministry.get_absolute_url(),
        Q(ministry=ministry),
        ministry=ministry,
    )


def of_selection(topics: Iterable[Topic], keys: Iterable[str]) -> Scope:
    """Concerns of one of these topic areas, or from one of the regions with these keys (ARS), of which the
    first ``MOST_KEYS`` count: on the start page as in a feed.
    """
    areas, regions = [str(topic) for topic in topics], list(dict.fromkeys(keys))[:MOST_KEYS]
    chosen = urlencode({"thema": areas, "gebiet": regions}, doseq=True)
    return Scope(
        _("Neues aus Ihrer Auswahl"),
        f"{reverse('feeds:selection')}?{chosen}",
        Q(topic__among=areas) | _lies_in(OWNER, regions),
        _lies_in(SIGNER, regions),
        regions=tuple(regions),
    )


def _lies_in(region: str, keys: list[str]) -> Q:
    """A key begins with that of what lies above; those of Länder and Kreise have columns."""
    lies = Q(**{f"{region}land__among": [key for key in keys if len(key) == 2]})
    lies |= Q(**{f"{region}kreis__among": [key for key in keys if len(key) == 5]})
    for key in keys:
        if len(key) not in (2, 5):
            lies |= Q(**{f"{region}ars__startswith": key})
    return lies
