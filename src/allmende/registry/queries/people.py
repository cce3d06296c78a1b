"""Reading who speaks for an organisation: for its public page, and for those who manage it."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from allmende.audit.models import Entry

from ..models import (
    Level,
    Mandate,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Region,
)
from .organisations import search_organisations
from .regions import CITY_KREISE


def with_people(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """The same with ``people``: how many hold a mandate today."""
    today = timezone.localdate()
    current = Q(mandates__since__lte=today) & (
        Q(mandates__until=None) | Q(mandates__until__gte=today)
    )
    return organisations.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        people=Count("mandates__user", filter=current, distinct=True)
    )


def listed_organisations(
    words: str = "", *, kind: str = "", land: str = ""
) -> OrganisationQuerySet:
    """Organisations of today that somebody speaks for, or that are no region."""
    found = with_people(search_organisations(words)).filter(Q(people__gt=0) | Q(region=None))
    if kind:
        found = found.filter(kind=OrganisationKind(kind))
    if land:
        found = found.filter(region__land=land)
    return found.select_related("region")


def may_be_spoken_for(region: Region) -> bool:
    """Whether a region is an organisation today: neither Bund nor Bezirk nor a Kreis of one city."""
    if region.level == Level.KREIS and region.kind in CITY_KREISE:
        return False
    return region.is_current and region.level in {
        Level.LAND,
        Level.KREIS,
        Level.VERBAND,
        Level.GEMEINDE,
    }


def history_of_people(organisation: Organisation) -> QuerySet[Entry]:
    """What was done to an organisation and to its mandates, newest first."""
    mandates = Mandate.objects.filter(organisation=organisation).values_list("pk", flat=True)
    return Entry.objects.filter(
        Q(object_kind=Organisation._meta.label, object_key=str(organisation.pk))
        | Q(object_kind=Mandate._meta.label, object_key__in=[str(key) for key in mandates])
    )
