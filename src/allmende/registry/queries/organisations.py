"""Reading organisations and mandates: who may speak for whom today."""

from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Case, DateField, QuerySet, When
from django.utils import timezone

from allmende.accounts.models import Scope
from allmende.portal.prepared import Prepared, slot

from ..models import (
    GUARDED,
    HEADS,
    Level,
    Mandate,
    Organisation,
    OrganisationQuerySet,
    Right,
)
from ..names import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def get_organisation(slug: str) -> Organisation:
    """The organisation with this address, with its region and parent."""
    return Organisation.objects.select_related("region__parent", "parent").get(slug=slug)


mandates_by_user = Prepared(
    lambda: (
        Mandate.objects.of(slot("user", BigIntegerField()), slot("today", DateField()))
        .select_related("organisation__region")
        .order_by("organisation__name", "pk")
    )
)


def mandates_of(user: "Person") -> tuple[Mandate, ...]:
    """What a person may speak for today, with organisations and regions; asked once a request."""
    if not user.is_authenticated:
        return ()

    def find() -> tuple[Mandate, ...]:
        return tuple(mandates_by_user(user=user.pk, today=timezone.localdate()))

    return user.remember("mandates", find)


def mandates_with(
    right: Right, user: "Person", organisation: Organisation | None = None
) -> tuple[Mandate, ...]:
    """Those of a person's mandates that allow something, for one organisation or for any.

    What is worth stealing is allowed only to who signs in with a second factor.
    """
    found = tuple(
        mandate
        for mandate in mandates_of(user)
        if right in mandate.rights
        and (organisation is None or mandate.organisation_id == organisation.pk)
    )
    if found and user.is_authenticated and not user.allows(Scope[right.name]):
        return ()
    # Asked last: for most people there is nothing to look up.
    if found and right in GUARDED and user.is_authenticated and not user.has_second_factor:
        return ()
    return found


def acting_mandate(user: "Person", organisation: Organisation, *rights: Right) -> Mandate | None:
    """The mandate in which a person acts for an organisation: the first right that she has decides."""
    for right in rights:
        if found := mandates_with(right, user, organisation):
            return found[0]
    return None


def people_of(organisation: Organisation) -> QuerySet[Mandate]:
    """The mandates for an organisation that hold today, with their people, heads first."""
    return (
        Mandate.objects.current()
        .filter(organisation=organisation)
        .select_related("user", "confirmed_by")
        .order_by(Case(When(office__in=HEADS, then=0), default=1), "office", "since", "pk")
    )


def colleagues_of(user: "Person") -> QuerySet[Mandate, int]:
    """The keys of all people who speak for the same organisations today."""
    organisations = {mandate.organisation_id for mandate in mandates_of(user)}
    colleagues = Mandate.objects.current().filter(organisation__in=organisations)
    return colleagues.order_by().values_list("user_id", flat=True)


def search_organisations(words: str) -> OrganisationQuerySet:
    """Organisations of today whose name has all these words; best first is by name."""
    found = Organisation.objects.current()
    for word in fold(words).split():
        found = found.filter(search_key__contains=word)
    return found.order_by("search_key", "pk")


def usual_agents(member: Organisation) -> OrganisationQuerySet:
    """Who usually answers for a municipality: its Gemeindeverband and its Landkreis."""
    if member.region is None:
        return Organisation.objects.none()
    above = []
    region = member.region.parent
    while region is not None and region.level > Level.LAND:
        above.append(region.pk)
        region = region.parent
    return Organisation.objects.current().filter(region__in=above, is_example=member.is_example)
