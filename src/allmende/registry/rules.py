"""Who may do what with organisations and the people who speak for them."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator, is_signed_in

from . import queries
from .models import Organisation, OrganisationKind, Right

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def belongs_to_it(user: "Person", organisation: Organisation) -> bool:
    return any(mandate.organisation_id == organisation.pk for mandate in queries.mandates_of(user))


@predicate
def manages_its_people(user: "Person", organisation: Organisation) -> bool:
    return bool(queries.mandates_with(Right.MANAGE, user, organisation))


@predicate
def releases_in_its_name(user: "Person", organisation: Organisation) -> bool:
    return bool(queries.mandates_with(Right.RELEASE, user, organisation))


@predicate
def is_a_municipality(user: "Person", organisation: Organisation) -> bool:
    return organisation.kind == OrganisationKind.MUNICIPALITY


@predicate
def exists_today(user: "Person", organisation: Organisation) -> bool:
    return organisation.is_current


@predicate
def has_an_official_address(user: "Person", organisation: Organisation) -> bool:
    """Has confirmed an address at one of its domains."""
    return bool(queries.official_addresses(user, organisation))


may_manage: Predicate = exists_today & (manages_its_people | is_operator)

# Who speaks for an organisation is public; names, addresses and open invitations are not.
rules.add_perm("registry.view_people", belongs_to_it | is_operator)
rules.add_perm("registry.manage_people", may_manage)
# A power to answer for an organisation is its own to give: no operator gives it.
rules.add_perm(
    "registry.grant_proxy",
    exists_today & is_a_municipality & (manages_its_people | releases_in_its_name),
)
# An operator sees offices and states; whose they are is for those who work there.
rules.add_perm("registry.view_names", belongs_to_it)
rules.add_perm(
    "registry.request_mandate",
    exists_today & is_signed_in & ~belongs_to_it & has_an_official_address,
)
