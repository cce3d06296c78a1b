"""Generators of the invented Kreis: fixed ones of facilities that last three days, and mobile ones."""

from django.utils import timezone

from allmende.registry.models import Level, Organisation, Region

from ..models import Facility, Generator, Service

# What facilities of a service have, in kW; their tanks last as long as their need says.
FIXED = {Service.HOSPITAL: 640, Service.RESCUE: 120}
MOBILE = (("Aggregat 1 des Kreises", 250, 8.0), ("Aggregat 2 des Kreises", 150, 10.0))
OF_PROVIDER = ("Fahrbares Aggregat Wasser", 150, 12.0)


def make_generators(*, kreis: Organisation, provider: Organisation) -> None:
    """Enter them, in the largest municipality of the Kreis and at what has a tank of its own."""
    towns = Region.objects.filter(
        level=Level.GEMEINDE,
        invented=True,
        ars__startswith=kreis.region.ars,  # type: ignore[union-attr]
    )
    town = towns.order_by("-population", "ars").first()
    if town is None:
        return
    today = timezone.localdate()
    made = [
        Generator(
            name="NEA 1",
            facility=facility,
            power_kw=FIXED[Service(facility.service)],
            fuel_hours=72,
            place="Technikgebäude (erfunden)",
            release_name="Haustechnik",
            confirmed_on=today,
        )
        for facility in Facility.objects.filter(service__in=FIXED, is_example=True)
    ]
    for owner, (name, power, hours) in (
        *((kreis, each) for each in MOBILE),
        (provider, OF_PROVIDER),
    ):
        made.append(
            Generator(
                name=name,
                owner=owner,
                region=town,
                is_mobile=True,
                power_kw=power,
                fuel_hours=hours,
                place="Bauhof (erfunden)",
                release_name="Lagezentrum" if owner == kreis else "Bereitschaft Wasser",
                release_telephone="0800 0000002",
                confirmed_on=today,
            )
        )
    made.append(
        Generator(
            name="Anhänger mit Stromerzeuger",
            owner_name=f"Freiwillige Feuerwehr {town.short_name} (erfunden)",
            region=town,
            is_mobile=True,
            power_kw=60,
            fuel_hours=6,
            release_name="Wehrleitung",
            release_telephone="0800 0000003",
            confirmed_on=today,
        )
    )
    Generator.objects.bulk_create(made)
