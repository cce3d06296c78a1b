"""Who may do what with the joint position."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator

from ..models import BEFORE_THE_END_OF_VOTING, Concern, ConcernState
from ..queries import sealing_mandates, word_mandates, writing_mandates
from .concerns import decides_for_its_owner, may_see

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def has_no_owner(user: "Person", concern: Concern) -> bool:
    return concern.owner_id is None


@predicate
def voting_has_ended(user: "Person", concern: Concern) -> bool:
    return concern.state not in BEFORE_THE_END_OF_VOTING


@predicate
def in_position(user: "Person", concern: Concern) -> bool:
    return concern.state == ConcernState.POSITION


@predicate
def is_open_or_in_position(user: "Person", concern: Concern) -> bool:
    return concern.state in {ConcernState.OPEN, ConcernState.POSITION}


@predicate
def takes_words(user: "Person", concern: Concern) -> bool:
    return concern.state in {ConcernState.POSITION, ConcernState.SENT}


@predicate
def writes_for_a_rapporteur(user: "Person", concern: Concern) -> bool:
    return bool(writing_mandates(user, concern))


@predicate
def decides_for_a_rapporteur(user: "Person", concern: Concern) -> bool:
    return bool(sealing_mandates(user, concern))


@predicate
def votes_for_one_that_may_endorse(user: "Person", concern: Concern) -> bool:
    return bool(word_mandates(user, concern))


# Where no municipality is in charge, those who run the installation are.
is_in_charge_of_none: Predicate = has_no_owner & is_operator

rules.add_perm("forum.view_position", may_see & voting_has_ended)
rules.add_perm(
    "forum.write_position", in_position & (writes_for_a_rapporteur | is_in_charge_of_none)
)
rules.add_perm(
    "forum.seal_position", in_position & (decides_for_a_rapporteur | is_in_charge_of_none)
)
rules.add_perm(
    "forum.choose_rapporteurs",
    is_open_or_in_position & (decides_for_its_owner | is_in_charge_of_none),
)
# Where four eyes are wanted, whoever only votes reads there who can say it.
rules.add_perm("forum.give_word", takes_words & may_see & votes_for_one_that_may_endorse)
