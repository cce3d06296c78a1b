"""Who may read and write the federal answer, and who follows up what it promises."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import predicate

from allmende.registry.models import Right
from allmende.registry.queries import mandates_with

from .. import queries
from ..models import Commitment, Concern, ConcernState
from .concerns import is_draft, may_see

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def is_with_a_ministry(user: "Person", concern: Concern) -> bool:
    return concern.state == ConcernState.SENT


@predicate
def was_sent(user: "Person", concern: Concern) -> bool:
    return concern.sent_at is not None


@predicate
def is_answered(user: "Person", concern: Concern) -> bool:
    return concern.answered_at is not None


@predicate
def writes_for_its_ministry(user: "Person", concern: Concern) -> bool:
    return queries.ministry_mandate(user, concern) is not None


@predicate
def releases_for_its_ministry(user: "Person", concern: Concern) -> bool:
    ministry = concern.ministry
    return ministry is not None and bool(mandates_with(Right.RELEASE, user, ministry))


@predicate
def is_public_commitment(user: "Person", commitment: Commitment) -> bool:
    return commitment.is_public


@predicate
def speaks_for_who_promised(user: "Person", commitment: Commitment) -> bool:
    return queries.speaking_mandate(user, commitment.organisation) is not None


@predicate
def releases_for_who_promised(user: "Person", commitment: Commitment) -> bool:
    return bool(mandates_with(Right.RELEASE, user, commitment.organisation))


@predicate
def can_be_judged(user: "Person", commitment: Commitment) -> bool:
    """There is an outcome, or its day has passed without one."""
    return bool(commitment.outcome) or commitment.is_overdue


@predicate
def speaks_for_one_that_took_part(user: "Person", commitment: Commitment) -> bool:
    return bool(queries.judging_mandates(user, commitment))


rules.add_perm("forum.view_answer", may_see & ~is_draft & was_sent)
rules.add_perm("forum.read_answer", may_see & ~is_draft & is_answered)
rules.add_perm("forum.draft_answer", is_with_a_ministry & writes_for_its_ministry)
rules.add_perm("forum.publish_answer", is_with_a_ministry & releases_for_its_ministry)
rules.add_perm("forum.view_commitment", is_public_commitment)
rules.add_perm("forum.report_commitment", is_public_commitment & speaks_for_who_promised)
rules.add_perm("forum.settle_commitment", is_public_commitment & releases_for_who_promised)
rules.add_perm(
    "forum.judge_commitment", is_public_commitment & can_be_judged & speaks_for_one_that_took_part
)
