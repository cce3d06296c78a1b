"""Who may work at the desk of a ministry."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import predicate

from allmende.registry.models import OrganisationKind
from allmende.registry.queries import acting_mandate

from .. import queries
from ..models import Boilerplate, SavedFilter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def writes_for_a_ministry(user: "Person") -> bool:
    return bool(queries.own_ministries(user))


@predicate
def writes_for_the_ministry_that_keeps_it(user: "Person", boilerplate: Boilerplate) -> bool:
    keeper = boilerplate.organisation
    is_ministry = keeper.kind == OrganisationKind.MINISTRY
    return is_ministry and acting_mandate(user, keeper, *queries.WRITES) is not None


@predicate
def has_saved_it(user: "Person", saved: SavedFilter) -> bool:
    return saved.user_id == user.pk


rules.add_perm("forum.work_in_ministry", writes_for_a_ministry)
rules.add_perm("forum.change_boilerplate", writes_for_the_ministry_that_keeps_it)
rules.add_perm("forum.change_filter", has_saved_it & writes_for_a_ministry)
