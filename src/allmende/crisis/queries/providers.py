"""Whoever runs facilities, and what the law asks about them."""

from allmende.registry.models import Organisation, OrganisationQuerySet

from ..models import Particulars


def get_provider(slug: str) -> Organisation:
    """An organisation of today; any may run facilities."""
    current: OrganisationQuerySet = Organisation.objects.current()
    return current.select_related("region").get(slug=slug)


def particulars_of(provider: Organisation | None) -> Particulars | None:
    """What it has said about itself; None if nothing, or if it has nobody here."""
    return Particulars.objects.filter(organisation=provider).first() if provider else None
