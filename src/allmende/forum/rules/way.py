"""Who may move a concern on its way: co-sign it, say who answers it, end it."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator

from ..models import Concern, ConcernState
from ..queries import SUPPORTED_IN, rapporteur_mandate, signing_mandates, speaking_mandate
from .concerns import decides_for_its_owner, is_draft, is_still_confidential, may_see

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

FINISHED_FROM = (ConcernState.POSITION, ConcernState.ANSWERED, ConcernState.PURSUED)
MERGED_FROM = (ConcernState.DRAFT, ConcernState.OPEN)


@predicate
def has_an_owner(user: "Person", concern: Concern) -> bool:
    """Conversations that were imported have none, and end with their result."""
    return concern.owner_id is not None


@predicate
def votes_for_who_may_co_sign(user: "Person", concern: Concern) -> bool:
    return bool(signing_mandates(user, concern))


@predicate
def works_for_a_rapporteur(user: "Person", concern: Concern) -> bool:
    return rapporteur_mandate(user, concern) is not None


@predicate
def decides_for_its_ministry(user: "Person", concern: Concern) -> bool:
    ministry = concern.ministry
    return ministry is not None and speaking_mandate(user, ministry) is not None


@predicate
def is_not_sent_yet(user: "Person", concern: Concern) -> bool:
    return concern.state in (ConcernState.DRAFT, *SUPPORTED_IN)


@predicate
def waits_for_its_answer(user: "Person", concern: Concern) -> bool:
    """It has reached the quorum or was sent, and is not answered yet."""
    return concern.state == ConcernState.SENT or (
        concern.state in SUPPORTED_IN and concern.quorum_at is not None
    )


@predicate
def is_answered_or_at_its_position(user: "Person", concern: Concern) -> bool:
    return concern.state in FINISHED_FROM


@predicate
def is_draft_or_open(user: "Person", concern: Concern) -> bool:
    return concern.state in MERGED_FROM


ends_it: Predicate = decides_for_its_owner | is_operator
answers_it: Predicate = decides_for_its_ministry & waits_for_its_answer & ~is_still_confidential

rules.add_perm("forum.view_supports", may_see & ~is_draft & has_an_owner)
# Whose click comes too late reads that, instead of a page that does not exist.
rules.add_perm(
    "forum.support_concern", may_see & ~is_draft & has_an_owner & votes_for_who_may_co_sign
)
rules.add_perm(
    "forum.set_ministry",
    may_see
    & has_an_owner
    & ((is_not_sent_yet & (works_for_a_rapporteur | is_operator)) | answers_it),
)
rules.add_perm("forum.assign_official", answers_it)
rules.add_perm("forum.finish_concern", ends_it & is_answered_or_at_its_position)
rules.add_perm("forum.merge_concern", has_an_owner & ends_it & is_draft_or_open)
