"""Who belongs to which crisis staff, and who has insight into whose area.

The register opens only to people with a second factor: a seat or a mandate without one counts for nothing.
"""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from allmende.portal.prepared import Prepared, slots
from allmende.registry.models import (
    Mandate,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Right,
)
from allmende.registry.queries import mandates_of, mandates_with, people_of

from ..models import SEAT_KINDS, STAFF_KINDS, Facility, Insight, Seat

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


_seats = Prepared(lambda: Seat.objects.filter(mandate__pk__among=slots("mandates")))


def seats_of(user: "Person") -> tuple[Seat, ...]:
    """Where a person sits in a crisis staff today; asked once a request."""
    mandates = {mandate.pk: mandate for mandate in mandates_of(user)}
    if not user.is_authenticated or not mandates or not user.has_second_factor:
        return ()

    def find() -> tuple[Seat, ...]:
        found = tuple(_seats(mandates=mandates))
        for seat in found:
            seat.mandate = mandates[seat.mandate_id]
        return found

    return user.remember("crisis_seats", find)


def staffed_areas(user: "Person") -> set[str]:
    """The keys of the areas for which a person's crisis staffs answer."""
    staffs = (seat.mandate.organisation for seat in seats_of(user))
    return {
        staff.region.ars
        for staff in staffs
        if staff.kind in STAFF_KINDS and staff.region is not None
    }


def seat_of(user: "Person", organisation: Organisation) -> Seat | None:
    """A person's seat in the staff of one organisation."""
    seats = (seat for seat in seats_of(user) if seat.mandate.organisation_id == organisation.pk)
    return next(seats, None)


def insights_of(user: "Person") -> tuple[Insight, ...]:
    """What others have let the crisis staffs of a person see; asked once a request."""
    organisations = [seat.mandate.organisation_id for seat in seats_of(user)]
    if not user.is_authenticated or not organisations:
        return ()

    def find() -> tuple[Insight, ...]:
        found = Insight.objects.current().filter(organisation__in=organisations)
        return tuple(found.select_related("region"))

    return user.remember("crisis_insights", find)


def providing_mandates(user: "Person", *rights: Right) -> tuple[Mandate, ...]:
    """A person's mandates for providers; with ``rights``, one of these is needed.

    Whoever runs a facility and has a crisis staff, a municipality say, lets that staff know of it instead.
    """
    mandates = tuple(mandate for right in rights for mandate in mandates_with(right, user))
    found = tuple(
        mandate
        for mandate in dict.fromkeys(mandates if rights else mandates_of(user))
        if mandate.organisation.kind == OrganisationKind.PROVIDER
    )
    return found if found and user.is_authenticated and user.has_second_factor else ()


def writing_mandates(user: "Person") -> tuple[Mandate, ...]:
    """The mandates in which a person writes about what their organisations run."""
    return (
        *providing_mandates(user, Right.CONTRIBUTE),
        *(seat.mandate for seat in seats_of(user)),
    )


def mandate_for_provider(user: "Person", provider: Organisation) -> Mandate | None:
    """The mandate in which a person says what the law asks about a provider."""
    own = (one for one in writing_mandates(user) if one.organisation_id == provider.pk)
    return next(own, None)


def changing_mandate(user: "Person", facility: Facility) -> Mandate | None:
    """The mandate in which a person writes about a facility: its provider's, or that of a crisis staff."""
    for mandate in providing_mandates(user, Right.CONTRIBUTE):
        if mandate.organisation_id == facility.provider_id:
            return mandate
    for seat in seats_of(user):
        organisation = seat.mandate.organisation
        inside = (
            organisation.kind in STAFF_KINDS
            and organisation.region is not None
            and facility.region.ars.startswith(organisation.region.ars)
        )
        if inside or organisation.pk == facility.provider_id:
            return seat.mandate
    return None


def staffing_mandate(user: "Person", organisation: Organisation) -> Mandate | None:
    """The mandate in which a person decides who sits in the crisis staff of her organisation."""
    if organisation.kind not in SEAT_KINDS:
        return None
    for right in (Right.RELEASE, Right.MANAGE):
        if found := mandates_with(right, user, organisation):
            return found[0]
    return None


def granting_mandate(user: "Person", organisation: Organisation) -> Mandate | None:
    """The mandate in which a person gives others insight into the area of her organisation."""
    return staffing_mandate(user, organisation) if organisation.kind in STAFF_KINDS else None


def administered_staffs(user: "Person") -> list[Organisation]:
    """The organisations whose crisis staff a person appoints."""
    organisations = {mandate.organisation for mandate in mandates_of(user)}
    return sorted(
        (each for each in organisations if staffing_mandate(user, each) is not None),
        key=lambda each: each.name,
    )


def staff_of_area(user: "Person", insight: Insight) -> Organisation:
    """The organisation in whose area somebody has insight, among those that a person decides for."""
    return next(
        staff for staff in administered_staffs(user) if staff.region_id == insight.region_id
    )


def needs_second_factor(user: "Person") -> bool:
    """Whether the register would open to a person if she signed in with a second factor."""
    if not user.is_authenticated or user.has_second_factor:
        return False
    mandates = mandates_of(user)
    return (
        any(mandate.organisation.kind == OrganisationKind.PROVIDER for mandate in mandates)
        or Seat.objects.filter(mandate__in=[mandate.pk for mandate in mandates]).exists()
    )


def get_staff(slug: str) -> Organisation:
    """An organisation of today that may have a crisis staff."""
    current: OrganisationQuerySet = Organisation.objects.current()
    return current.select_related("region").get(slug=slug, kind__in=SEAT_KINDS)


def seats_in(organisation: Organisation) -> QuerySet[Seat]:
    """Who sits in a crisis staff today, in the order of functions."""
    today = Mandate.objects.current().filter(organisation=organisation)
    found = Seat.objects.filter(mandate__in=today)
    return found.select_related("mandate__user", "mandate__organisation").order_by("function", "pk")


def staff_candidates(organisation: Organisation) -> QuerySet[Mandate]:
    """Who speaks for an organisation and does not sit in its crisis staff."""
    return people_of(organisation).filter(seat=None)


def get_seat(number: int) -> Seat:
    return Seat.objects.select_related("mandate__user", "mandate__organisation__region").get(
        pk=number
    )


def get_insight(number: int) -> Insight:
    """A current insight."""
    return Insight.objects.current().select_related("organisation", "region").get(pk=number)


def insights_given_by(organisation: Organisation) -> QuerySet[Insight]:
    """Whom an organisation lets see what lies in its area."""
    return (
        Insight.objects.current().filter(region=organisation.region).select_related("organisation")
    )


def authorities() -> OrganisationQuerySet:
    """Who can be given insight: whoever can have a crisis staff."""
    return Organisation.objects.current().filter(kind__in=SEAT_KINDS)
