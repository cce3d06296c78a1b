"""Organisations: made when first needed, renamed with their region."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext, override

from allmende.audit.services import audited, record

from ..models import (
    Level,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Region,
    RegionQuerySet,
)
from ..names import fold, search_key

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Kreise that are one city: their municipality speaks for them.
CITY_KREISE = (41, 42)
# Umlauts as people write them in addresses.
WRITTEN_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


class OrganisationError(ValueError):
    """The organisation cannot be made or changed as asked; the text is German."""


def organisation_of(region: Region) -> Organisation:
    """The organisation that a region is; made when it is first needed.

    Raises
    ------
    OrganisationError
        For the Bund, a Regierungsbezirk, or a Kreis that is one city.
    """
    if region.level not in {Level.LAND, Level.KREIS, Level.VERBAND, Level.GEMEINDE}:
        raise OrganisationError(
            gettext("Für „%(region)s“ als Ganzes kann niemand sprechen.") % {"region": region}
        )
    if region.level == Level.KREIS and region.kind in CITY_KREISE:
        raise OrganisationError(
            gettext("Für „%(region)s“ spricht die Stadt selbst.") % {"region": region}
        )
    organisation, _ = Organisation.objects.get_or_create(
        region=region, defaults=regional_fields(region)
    )
    return organisation


def organisations_of(regions: RegionQuerySet) -> OrganisationQuerySet:
    """The organisations that these regions are; those that are not there yet are made, all at once.

    Leave out what no organisation can be, see ``organisation_of``.
    """
    Organisation.objects.bulk_create(
        [
            Organisation(region=region, **regional_fields(region))
            for region in regions.filter(organisation=None).iterator()
        ],
        batch_size=500,
        ignore_conflicts=True,  # somebody else makes the same one
    )
    return Organisation.objects.filter(region__in=regions.order_by())


def regional_fields(region: Region) -> dict[str, Any]:
    """What an organisation takes over from its region."""
    # Stored for everybody, whoever makes it and in whatever language.
    with override(settings.LANGUAGE_CODE):
        kind = region.kind_name
    name = region.name
    if region.level in {Level.KREIS, Level.VERBAND} and fold(kind) not in fold(name):
        name = f"{kind} {name}"
    return {
        "kind": OrganisationKind.of(region),
        "name": name,
        "slug": f"{slugify(region.short_name.lower().translate(WRITTEN_OUT))[:60]}-{region.key}",
        "search_key": search_key([name]),
        "is_example": region.invented,
    }


@audited
def create_organisation(
    *,
    actor: "User | None",
    kind: OrganisationKind,
    name: str,
    parent: Organisation | None = None,
    is_example: bool = False,
) -> Organisation:
    """Make an organisation that is no region: a ministry, an association, a network.

    Raises
    ------
    OrganisationError
        If one of this name is there.
    """
    slug = slugify(name.lower().translate(WRITTEN_OUT))[:80]
    if not slug:
        raise OrganisationError(gettext("Der Name braucht mindestens einen Buchstaben."))
    organisation, created = Organisation.objects.get_or_create(
        slug=slug,
        defaults={
            "kind": kind,
            "name": name,
            "parent": parent,
            "search_key": search_key([name]),
            "is_example": is_example,
        },
    )
    if not created:
        raise OrganisationError(
            gettext("„%(organisation)s“ gibt es schon.") % {"organisation": organisation}
        )
    record(actor=actor, deed="registry.create_organisation", obj=organisation, kind=str(kind))
    return organisation


def follow_names() -> int:
    """Rename organisations whose region was renamed by a register; returns how many."""
    renamed = 0
    for organisation in Organisation.objects.exclude(region=None).select_related("region"):
        assert organisation.region is not None  # noqa: S101  for the type checker
        fields = regional_fields(organisation.region)
        if organisation.name != fields["name"]:
            # The address stays: it may stand in letters and bookmarks.
            Organisation.objects.filter(pk=organisation.pk).update(
                name=fields["name"], search_key=fields["search_key"]
            )
            renamed += 1
    return renamed
