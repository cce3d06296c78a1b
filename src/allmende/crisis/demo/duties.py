"""Contacts, degrees of supply and an incident of the invented utility."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from allmende.registry.models import Organisation

from ..models import Contact, Facility, Incident, Measure, Service

CUBIC_METRES = 44  # of drinking water a person and year, as the thresholds count


def make_duties(*, provider: Organisation) -> None:
    """Let the utility's waterworks say how much they give; one keeps the duties voluntarily."""
    today, now = timezone.localdate(), timezone.now()
    works = list(
        Facility.objects.filter(provider=provider, service=Service.DRINKING_WATER).order_by(
            "-served", "pk"
        )
    )
    Measure.objects.bulk_create(
        Measure(
            facility=one,
            key="wasserwerk",
            year=today.year - 1,
            value=Decimal(one.served * CUBIC_METRES),
        )
        for one in works
        if one.served
    )
    Contact.objects.bulk_create(
        Contact(
            facility=one,
            name="Bereitschaft Wasser",
            telephone="0800 0000000",
            reachable="rund um die Uhr",
            confirmed_on=today,
        )
        for one in works
    )
    Facility.objects.filter(pk__in=[one.pk for one in works[:1]]).update(voluntary_since=today)
    for one in works[1:2]:
        Incident.objects.create(
            facility=one,
            what="Geringer Druck im Netz nach einem Rohrbruch (erfunden)",
            began_at=now - timedelta(hours=5),
            known_at=now - timedelta(hours=4),
            affected=one.served or None,
            area=one.region.name,
            contact_name="Bereitschaft Wasser",
            contact_telephone="0800 0000000",
        )
