"""An invented Fernwasserverband above the federal threshold: what the law asks of it, and what is done."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from allmende.accounts.models import User
from allmende.registry.models import Level, Office, Organisation, OrganisationKind, Region, Right
from allmende.registry.services import create_organisation, grant_mandate

from ..models import (
    Contact,
    Facility,
    Fulfilment,
    Generator,
    Measure,
    Particulars,
    Service,
    Supplier,
    Supply,
)

NAME = "Fernwasserverband Ahorngrund"
DIRECTOR = "werke@example.org"
# More than the 22 million cubic metres a year from which on the law asks.
YEARS = {2: Decimal(23_100_000), 1: Decimal(23_650_000)}
SUPPLIED = 3  # waterworks
STORE_HOURS = 72
REGISTERED = timedelta(days=200)


def make_association(*, kreis: Organisation) -> None:
    """Enter the association, its waterworks, whom that supplies, and that it has registered."""
    towns = Region.objects.filter(
        level=Level.GEMEINDE,
        invented=True,
        ars__startswith=kreis.region.ars,  # type: ignore[union-attr]
    )
    town = towns.order_by("-population", "ars").first()
    director = User.objects.filter(email=DIRECTOR).first()
    if town is None or director is None:
        return
    association = create_organisation(
        actor=None, kind=OrganisationKind.PROVIDER, name=NAME, is_example=True
    )
    today = timezone.localdate()
    grant_mandate(
        actor=None,
        user=director,
        organisation=association,
        office=Office.LEADERSHIP,
        title="",
        rights=frozenset(Right),
        since=today - timedelta(days=400),
    )
    works = Facility.objects.create(
        name="Fernwasserwerk Ahorngrund",
        service=Service.DRINKING_WATER,
        provider=association,
        region=town,
        place="Am Speicher 1 (erfunden)",
        lon=town.lon,
        lat=town.lat,
        repair_hours=36,
        repair_rank=1,
        vendor="Aquaplan",
        feed_in_kw=800,
        is_example=True,
    )
    _wire(works, kreis)
    Measure.objects.bulk_create(
        Measure(facility=works, key="wasserwerk", year=today.year - ago, value=value)
        for ago, value in YEARS.items()
    )
    Contact.objects.create(
        facility=works,
        name="Leitwarte Fernwasser",
        telephone="0800 0000001",
        reachable="rund um die Uhr",
        confirmed_on=today,
    )
    Particulars.objects.create(
        organisation=association,
        legal_form="Zweckverband, Körperschaft des öffentlichen Rechts (erfunden)",
        register_number="keine",
        address=f"Am Speicher 1\n{town.short_name} (erfunden)",
        contact_name="Leitwarte Fernwasser",
        contact_telephone="0800 0000001",
        eu_states="keine",
        confirmed_on=today,
    )
    Generator.objects.create(
        name="NEA 1",
        facility=works,
        power_kw=900,
        fuel_hours=STORE_HOURS,
        place="Maschinenhaus (erfunden)",
        release_name="Leitwarte Fernwasser",
        release_telephone="0800 0000001",
        confirmed_on=today,
    )
    Fulfilment.objects.create(
        facility=works,
        duty="registrierung",
        done_on=today - REGISTERED,
        note="Im Portal von BBK und BSI eingetragen (erfunden)",
    )


def _wire(works: Facility, kreis: Organisation) -> None:
    """It needs electricity, with generators for three days; large waterworks of the Kreis need it."""
    inside = Facility.objects.filter(
        region__ars__startswith=kreis.region.ars,  # type: ignore[union-attr]
        is_example=True,
    ).exclude(pk=works.pk)
    grids = inside.filter(service=Service.POWER, region=works.region, served__gt=0)
    if grid := grids.order_by("pk").first():
        power = Supply.objects.create(
            facility=works, service=Service.POWER, buffer_hours=STORE_HOURS
        )
        Supplier.objects.create(supply=power, facility=grid)
    largest = inside.filter(service=Service.DRINKING_WATER).order_by("-served", "pk")
    for one in largest[:SUPPLIED]:
        water = Supply.objects.create(facility=one, service=Service.DRINKING_WATER, buffer_hours=24)
        Supplier.objects.create(supply=water, facility=works)
