"""Who may do what in the discussion.

A contribution is no official vote: whoever contributes for an organisation speaks in its discussion,
also where it wants four eyes; the page says in which office. While a concern is confidential there is
no discussion, for it would tell who votes how.
"""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator, is_signed_in
from allmende.registry.queries import mandates_of

from ..models import NOT_DISCUSSED, Attachment, Concern, Contribution
from ..queries import speakers
from .concerns import is_draft, is_in_charge, is_still_confidential, may_see
from .way import works_for_a_rapporteur

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def is_discussed(user: "Person", concern: Concern) -> bool:
    return concern.state not in NOT_DISCUSSED


@predicate
def has_a_say(user: "Person", concern: Concern) -> bool:
    """For an organisation of its kind, or for herself where the concern takes personal voices."""
    return bool(speakers(user=user, concern=concern))


@predicate
def has_no_owner(user: "Person", concern: Concern) -> bool:
    return concern.owner_id is None


@predicate
def is_its_author(user: "Person", contribution: Contribution) -> bool:
    """She wrote it, and still speaks for whom she wrote it."""
    if not user.is_authenticated or contribution.author_id != user.pk:
        return False
    held = {mandate.pk for mandate in mandates_of(user)}
    return contribution.mandate_id is None or contribution.mandate_id in held


@predicate
def may_read_its_discussion(user: "Person", contribution: Contribution) -> bool:
    return bool(may_see_discussion.test(user, contribution.concern))


@predicate
def stands(user: "Person", contribution: Contribution) -> bool:
    return contribution.removed_at is None


@predicate
def moderates_it(user: "Person", contribution: Contribution) -> bool:
    return bool(is_in_charge.test(user, contribution.concern))


@predicate
def may_read_its_contribution(user: "Person", attachment: Attachment) -> bool:
    return bool(may_read.test(user, attachment.contribution))


may_see_discussion: Predicate = may_see & ~is_draft & ~is_still_confidential
may_read: Predicate = may_read_its_discussion & (stands | is_its_author | moderates_it)

rules.add_perm("forum.view_discussion", may_see_discussion)
rules.add_perm("forum.contribute", may_see_discussion & is_discussed & has_a_say)
# Whose fifteen minutes are over reads that, instead of a page that does not exist.
rules.add_perm("forum.change_contribution", is_its_author & may_read_its_discussion)
rules.add_perm("forum.report_contribution", is_signed_in & may_read_its_discussion & ~is_its_author)
rules.add_perm("forum.moderate_discussion", may_see_discussion & is_in_charge)
rules.add_perm("forum.view_attachment", may_read_its_contribution)
rules.add_perm(
    "forum.keep_summary",
    may_see_discussion & is_discussed & (works_for_a_rapporteur | (has_no_owner & is_operator)),
)
