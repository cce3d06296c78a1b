"""Who may do what with sittings.

Whoever releases for the *host* runs a series: she invites, decides on proposals and closes the minutes.
Whoever writes for the host keeps them. *Members* answer invitations and propose points. Everybody reads
a sitting from its invitation on, and its minutes once they are closed. ``queries.visible_sittings`` says
the same as ``forum.view_sitting`` for whole lists; a test holds the two together.
"""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator
from allmende.registry.queries import mandates_of

from ..models import AgendaItem, Attendance, ItemState, Series, Sitting, SittingState
from ..queries.sittings import (
    hosts_for,
    invited_mandate,
    keeping_mandate,
    member_mandates,
    proposing_mandates,
    running_mandate,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser
    Thing = Series | Sitting | AgendaItem | Attendance


def _sitting(thing: "Sitting | AgendaItem | Attendance") -> Sitting:
    return thing if isinstance(thing, Sitting) else thing.sitting


def _series(thing: "Thing") -> Series:
    return thing if isinstance(thing, Series) else _sitting(thing).series


@predicate
def releases_for_somebody(user: "Person") -> bool:
    return user.is_authenticated and hosts_for(user).exists()


@predicate
def releases_for_its_host(user: "Person", thing: "Thing") -> bool:
    return running_mandate(user, _series(thing)) is not None


@predicate
def writes_for_its_host(user: "Person", thing: "Thing") -> bool:
    return keeping_mandate(user, _series(thing)) is not None


@predicate
def belongs_to_its_host(user: "Person", thing: "Thing") -> bool:
    host = _series(thing).host_id
    return any(mandate.organisation_id == host for mandate in mandates_of(user))


@predicate
def belongs_to_a_member(user: "Person", thing: "Thing") -> bool:
    return bool(member_mandates(user, _series(thing)))


@predicate
def proposes_for_a_member(user: "Person", thing: "Thing") -> bool:
    return bool(proposing_mandates(user, _series(thing)))


@predicate
def writes_for_who_is_invited(user: "Person", attendance: Attendance) -> bool:
    return invited_mandate(user, attendance) is not None


@predicate
def is_planned(user: "Person", thing: "Sitting | AgendaItem | Attendance") -> bool:
    return _sitting(thing).state == SittingState.PLANNED


@predicate
def was_announced(user: "Person", thing: "Sitting | AgendaItem | Attendance") -> bool:
    return _sitting(thing).is_announced


@predicate
def is_invited(user: "Person", thing: "Sitting | AgendaItem | Attendance") -> bool:
    return _sitting(thing).state == SittingState.INVITED


@predicate
def is_running(user: "Person", thing: "Sitting | AgendaItem | Attendance") -> bool:
    return _sitting(thing).state == SittingState.RUNNING


@predicate
def is_held(user: "Person", thing: "Sitting | AgendaItem | Attendance") -> bool:
    return _sitting(thing).state == SittingState.HELD


@predicate
def is_accepted(user: "Person", item: AgendaItem) -> bool:
    return item.state == ItemState.ACCEPTED


runs_it: Predicate = releases_for_its_host | is_operator

rules.add_perm("forum.add_series", releases_for_somebody)
rules.add_perm("forum.run_series", runs_it)
rules.add_perm("forum.view_sitting", was_announced | belongs_to_its_host | is_operator)
rules.add_perm("forum.run_sitting", runs_it & (is_planned | is_invited))
rules.add_perm("forum.change_agenda", runs_it & (is_planned | is_invited | is_running))
rules.add_perm("forum.answer_invitation", writes_for_who_is_invited & is_invited)
rules.add_perm("forum.propose_item", proposes_for_a_member & is_invited)
rules.add_perm("forum.keep_minutes", writes_for_its_host & is_running)
rules.add_perm("forum.write_minutes", writes_for_its_host & is_running & is_accepted)
rules.add_perm("forum.close_minutes", releases_for_its_host & is_running)
rules.add_perm(
    "forum.view_minutes", is_held | (is_running & (belongs_to_its_host | belongs_to_a_member))
)
rules.add_perm("forum.view_closed_minutes", is_held)
rules.add_perm("forum.make_promise", releases_for_its_host & (is_running | is_held) & is_accepted)
rules.add_perm("forum.add_addendum", releases_for_its_host & is_held)
