"""Who may do what with concerns: sentences made of predicates.

Whoever *belongs* to a municipality reads what it may read; who *writes* for it may contribute, vote or
release; who *votes* for it may vote or release; who *releases* speaks in its name without anybody
else. ``queries.visible_concerns`` says the same as ``forum.view_concern`` for whole lists; a test holds
the two together.
"""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator, is_signed_in
from allmende.registry.models import Right
from allmende.registry.queries import mandates_with

from ..models import Concern, ConcernState, Draft, Participant
from ..queries import (
    VOTES,
    WRITES,
    agent_mandates,
    mandate_for,
    municipal_mandates,
    needs_release,
    topics_answered,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def _for_one_of_its_kind(user: "Person", concern: Concern, *rights: Right) -> bool:
    """Real municipalities take part in real concerns, invented ones in example data."""
    return any(
        region.invented == concern.is_example
        for mandate in municipal_mandates(user, *rights)
        if (region := mandate.region)
    )


def _for_its_owner(user: "Person", concern: Concern, *rights: Right) -> bool:
    return mandate_for(user, concern.owner_id, *rights) is not None


@predicate
def contributes_for_a_municipality(user: "Person") -> bool:
    return bool(municipal_mandates(user, Right.CONTRIBUTE))


@predicate
def belongs_to_one_of_its_kind(user: "Person", concern: Concern) -> bool:
    return _for_one_of_its_kind(user, concern)


@predicate
def writes_for_one_of_its_kind(user: "Person", concern: Concern) -> bool:
    return _for_one_of_its_kind(user, concern, *WRITES)


@predicate
def votes_for_one_of_its_kind(user: "Person", concern: Concern) -> bool:
    return _for_one_of_its_kind(user, concern, *VOTES)


@predicate
def releases_for_one_of_its_kind(user: "Person", concern: Concern) -> bool:
    return _for_one_of_its_kind(user, concern, Right.RELEASE)


@predicate
def contributes_for_its_owner(user: "Person", concern: Concern) -> bool:
    return _for_its_owner(user, concern, Right.CONTRIBUTE)


@predicate
def writes_for_its_owner(user: "Person", concern: Concern) -> bool:
    return _for_its_owner(user, concern, *WRITES)


@predicate
def votes_for_its_owner(user: "Person", concern: Concern) -> bool:
    return _for_its_owner(user, concern, *VOTES)


@predicate
def releases_for_its_owner(user: "Person", concern: Concern) -> bool:
    return _for_its_owner(user, concern, Right.RELEASE)


@predicate
def its_owner_wants_four_eyes(user: "Person", concern: Concern) -> bool:
    """Read off the mandate of whoever asks: to others it makes no difference."""
    mandate = mandate_for(user, concern.owner_id)
    return mandate is not None and mandate.organisation.four_eyes


@predicate
def votes_for_an_agent(user: "Person", concern: Concern) -> bool:
    """For a Landkreis, a Gemeindeverband or an association, which may answer for members."""
    return bool(agent_mandates(user))


@predicate
def answers_for_members(user: "Person", concern: Concern) -> bool:
    """Members have empowered her organisation in the topic area of the concern."""
    return (concern.topic, concern.is_example) in topics_answered(user)


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


@predicate
def works_for_its_organisation(user: "Person", draft: Draft) -> bool:
    return any(mandates_with(right, user, draft.organisation) for right in WRITES)


@predicate
def speaks_alone_for_it(user: "Person", participant: Participant) -> bool:
    mandate = mandate_for(user, participant.region_id, *VOTES)
    return mandate is not None and not needs_release(user, mandate)


is_in_charge: Predicate = votes_for_its_owner | is_operator
may_see: Predicate = (
    writes_for_its_owner
    | is_operator
    | (~is_draft & (~is_still_confidential | belongs_to_one_of_its_kind | answers_for_members))
)

speaks_for_herself: Predicate = is_signed_in & takes_personal_voices & ~is_still_confidential
has_a_voice: Predicate = votes_for_one_of_its_kind | speaks_for_herself
may_write: Predicate = writes_for_one_of_its_kind | speaks_for_herself
decides_for_its_owner: Predicate = releases_for_its_owner | (
    votes_for_its_owner & ~its_owner_wants_four_eyes
)
# With four eyes, whoever writes for the owner can prepare the opening: it is a draft until released.
prepares_for_its_owner: Predicate = writes_for_its_owner & its_owner_wants_four_eyes

rules.add_perm("forum.add_concern", contributes_for_a_municipality)
rules.add_perm("forum.view_concern", may_see)
rules.add_perm("forum.view_result", may_see & ~is_draft)
rules.add_perm("forum.edit_concern", contributes_for_its_owner & is_draft)
rules.add_perm("forum.open_concern", (decides_for_its_owner | prepares_for_its_owner) & is_draft)
rules.add_perm("forum.close_concern", decides_for_its_owner & is_open)
rules.add_perm("forum.moderate_concern", is_in_charge)
rules.add_perm("forum.take_part", is_open & has_a_voice)
# Whose vote comes too late reads that, instead of a page that does not exist.
rules.add_perm("forum.view_ballot", ~is_draft & has_a_voice)
rules.add_perm("forum.add_statement", (is_open & may_write) | (is_draft & writes_for_its_owner))
# Whose power was just revoked reads that, instead of a page that does not exist.
rules.add_perm("forum.answer_for_members", ~is_draft & may_see & votes_for_an_agent)
rules.add_perm("forum.view_voices", may_see & ~is_still_confidential)
rules.add_perm(
    "forum.release_drafts", releases_for_its_owner | (~is_draft & releases_for_one_of_its_kind)
)
# Whoever may speak in its name without anybody else proves what stands behind its votes.
rules.add_perm("forum.add_evidence", speaks_alone_for_it)
rules.add_perm("forum.change_draft", works_for_its_organisation)
