"""Who may do what with concerns: sentences made of predicates.

``queries.visible_concerns`` says the same as ``forum.view_concern`` for whole lists; a test holds
the two together.
"""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator, is_signed_in
from allmende.registry.models import Region

from .models import Concern, ConcernState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def speaks_for_a_municipality(user: "Person") -> bool:
    return Region.objects.spoken_for_by(user).exists()


@predicate
def speaks_for_one_of_its_kind(user: "Person", concern: Concern) -> bool:
    """Real municipalities take part in real concerns, invented ones in example data."""
    return Region.objects.spoken_for_by(user).filter(invented=concern.is_example).exists()


@predicate
def speaks_for_its_owner(user: "Person", concern: Concern) -> bool:
    return (
        concern.owner_id is not None
        and Region.objects.spoken_for_by(user).filter(pk=concern.owner_id).exists()
    )


@predicate
def is_draft(user: "Person", concern: Concern) -> bool:
    return concern.state == ConcernState.DRAFT


@predicate
def is_open(user: "Person", concern: Concern) -> bool:
    return concern.is_open


@predicate
def is_still_confidential(user: "Person", concern: Concern) -> bool:
    return concern.hides_voices


@predicate
def takes_personal_voices(user: "Person", concern: Concern) -> bool:
    return concern.takes_personal_voices


is_in_charge: Predicate = speaks_for_its_owner | is_operator
may_see: Predicate = is_in_charge | (
    ~is_draft & (~is_still_confidential | speaks_for_one_of_its_kind)
)

has_a_voice: Predicate = speaks_for_one_of_its_kind | (
    is_signed_in & takes_personal_voices & ~is_still_confidential
)
may_take_part: Predicate = is_open & has_a_voice

rules.add_perm("forum.add_concern", speaks_for_a_municipality)
rules.add_perm("forum.view_concern", may_see)
rules.add_perm("forum.edit_concern", speaks_for_its_owner & is_draft)
rules.add_perm("forum.close_concern", speaks_for_its_owner & is_open)
rules.add_perm("forum.moderate_concern", is_in_charge)
rules.add_perm("forum.take_part", may_take_part)
# Whose vote comes too late reads that, instead of a page that does not exist.
rules.add_perm("forum.view_ballot", ~is_draft & has_a_voice)
rules.add_perm("forum.add_statement", may_take_part | (speaks_for_its_owner & is_draft))
rules.add_perm("forum.view_voices", may_see & ~is_still_confidential)
