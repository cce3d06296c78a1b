"""Generators that somebody may know of, and what they are good for."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.formats.facility_list import GENERATORS, Cell
from allmende.registry.models import Mandate, Region

from ..models import STAFF_KINDS, Facility, Fuel, Generator, ImportCheck, Sector, Service, Supply
from .facilities import any_of, visible_facilities
from .staff import (
    changing_mandate,
    insights_of,
    mandate_for_provider,
    providing_mandates,
    seats_of,
    staffed_areas,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def visible_generators(user: "Person") -> QuerySet[Generator]:
    """What a person needs to know: those of facilities she knows of, of her own organisations, in the area of
    her crisis staff, and where her authority was given insight into energy.
    """
    known: list[QuerySet[Any]] = [
        Generator.objects.filter(facility__in=visible_facilities(user).working().values("pk"))
    ]
    own = {
        *(mandate.organisation_id for mandate in providing_mandates(user)),
        *(seat.mandate.organisation_id for seat in seats_of(user)),
    }
    if own:
        known.append(Generator.objects.filter(owner__in=own))
    seen = {
        insight.region.ars for insight in insights_of(user) if insight.sector in ("", Sector.ENERGY)
    }
    if areas := staffed_areas(user) | seen:
        known.append(Generator.objects.filter(region__in=Region.objects.with_any_key(areas)))
    found = any_of(Generator.objects.all(), [each.values("pk") for each in known])
    return found.select_related("facility__provider", "facility__region", "owner", "region")


def chosen_generators(
    user: "Person", *, is_mobile: bool | None, least_kw: int
) -> QuerySet[Generator]:
    """Those of a kind that give enough, the strongest first."""
    found = visible_generators(user).filter(power_kw__gte=least_kw)
    if is_mobile is not None:
        found = found.filter(is_mobile=is_mobile)
    return found.order_by("-power_kw", "name", "pk")


def get_generator(number: int) -> Generator:
    """A generator, whoever may know of it."""
    found = Generator.objects.select_related(
        "facility__provider", "facility__region", "owner", "region"
    )
    return found.get(pk=number)


def generator_mandate(user: "Person", generator: Generator) -> Mandate | None:
    """The mandate in which a person writes about a generator: whose it is, or that of a crisis staff."""
    if generator.facility is not None:
        return changing_mandate(user, generator.facility)
    if generator.owner is not None and (own := mandate_for_provider(user, generator.owner)):
        return own
    for seat in seats_of(user):
        staff = seat.mandate.organisation
        inside = staff.region is not None and generator.town.ars.startswith(staff.region.ars)
        if staff.kind in STAFF_KINDS and inside:
            return seat.mandate
    return None


def doubt_hours(generators: Iterable[Generator], needs: Iterable[Supply]) -> str:
    """Why the fixed generators of a facility do not fit what it says it lasts; empty if nothing speaks against it.

    Simulations count the hours of the need alone: those of the tank are the same store, told once more.
    """
    hours = [each.fuel_hours for each in generators if not each.is_mobile and each.fuel_hours]
    if not hours:
        return ""
    stores = [need.buffer_hours for need in needs if need.service == Service.POWER]
    words = {"tank": floatformat(max(hours), "-1")}
    if not stores:
        return (
            _(
                "Der Tank reicht %(tank)s Stunden, aber ein Bedarf „Strom“ ist nicht eingetragen. Simulationen "
                "rechnen nur mit dem Bedarf."
            )
            % words
        )
    if min(stores) == max(hours):
        return ""
    return _(
        "Der Tank reicht %(tank)s Stunden, beim Bedarf „Strom“ stehen %(store)s Stunden Notbetrieb. Simulationen "
        "rechnen mit dem Bedarf; die Stunden des Tanks zählen nicht noch einmal dazu."
    ) % (words | {"store": floatformat(min(stores), "-1")})


def matching(powers: Iterable[int], wanted: Iterable[int]) -> int:
    """How many of the wanted powers can be given at once, each by a generator of its own.

    The smallest wish takes the smallest generator that suffices, so that none could be met by going otherwise.

    >>> matching([60, 150], [120, 40])
    2
    >>> matching([150, 150], [200, 40, 40, 40])
    2
    """
    left = sorted(powers)
    met = 0
    for wish in sorted(wanted):
        while left and left[0] < wish:
            left.pop(0)
        if not left:
            break
        left.pop(0)
        met += 1
    return met


def generators_of(facility: Facility) -> QuerySet[Generator]:
    """Those of a facility, the strongest first."""
    found = Generator.objects.filter(facility=facility)
    return found.order_by("-power_kw", "name", "pk")


def where_it_stands(generator: Generator) -> str:
    """Its facility, or whose it is and in which place."""
    if generator.facility is not None:
        return generator.facility.name
    said = (generator.whose, generator.town.short_name, generator.place)
    return " · ".join(filter(None, said))


def places_in(check: ImportCheck) -> dict[int, str]:
    """The facility, else the municipality, of each generator that a file would enter or change, by its row."""
    lines = {row["line"] for row in check.shown if row["table"] == GENERATORS}
    if not lines:
        return {}
    plan = ImportCheck.objects.values_list("plan__generators", flat=True).get(pk=check.pk)
    planned = {each["line"]: each["fields"] for each in plan or () if each["line"] in lines}
    facilities = Facility.objects.in_bulk(each["facility_id"] for each in planned.values())
    regions = Region.objects.in_bulk(each["region_id"] for each in planned.values())
    found = {
        line: (facilities.get(each["facility_id"]), regions.get(each["region_id"]))
        for line, each in planned.items()
    }
    return {
        line: facility.name if facility else region.short_name if region else ""
        for line, (facility, region) in found.items()
    }


def generator_rows(found: Iterable[Generator]) -> Iterator[list[Cell]]:
    """Values in the order of ``GENERATOR_COLUMNS``, then when they were confirmed; German, whoever takes them."""
    with override(settings.LANGUAGE_CODE):
        fuels = {each.value: str(each.label) for each in Fuel}
    for each in found:
        yield [
            each.pk,
            each.name,
            "mobil" if each.is_mobile else "fest",
            each.power_kw,
            fuels[each.fuel],
            each.fuel_hours,
            f"Nr. {each.facility.pk} {each.facility.name}" if each.facility else "",
            each.whose,
            each.town.key,
            each.town.name,
            each.place,
            each.release_name,
            each.release_telephone,
            each.version,
            each.confirmed_on.strftime("%d.%m.%Y"),
        ]
