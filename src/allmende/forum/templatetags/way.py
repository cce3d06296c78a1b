"""Parts of pages about a concern's way, wherever they stand."""

from typing import Any

import rules
from django import template

from allmende.registry.queries import mandates_of

from .. import queries
from ..models import Concern, ConcernState

register = template.Library()


@register.inclusion_tag("forum/_way.html")
def concern_way(concern: Concern, *, folded: bool = False) -> dict[str, Any]:
    """The line of all states; ``folded``, a phone shows the present one alone."""
    return {"stops": queries.way_of(concern), "folded": folded}


@register.inclusion_tag("forum/_support_line.html", takes_context=True)
def support_line(context: dict[str, Any], concern: Concern) -> dict[str, Any]:
    """How far a concern is from its quorum, and what this person can do about that."""
    user = context["request"].user
    shown = rules.has_perm("forum.view_supports", user, concern)
    takes_supports = concern.state in queries.SUPPORTED_IN
    signers = queries.signers_of(user, concern) if shown and takes_supports else []
    return {
        "concern": concern,
        "shown": shown and (takes_supports or concern.quorum_at is not None),
        "quorum": queries.quorum_of(concern) if shown else None,
        "signed": [signer.organisation for signer in signers if signer.support],
        "may_sign": any(not signer.support for signer in signers),
    }


@register.inclusion_tag("forum/_ministry_line.html", takes_context=True)
def ministry_line(context: dict[str, Any], concern: Concern) -> dict[str, Any]:
    """Who answers a concern until when, and who may say otherwise."""
    user = context["request"].user
    knows_official = _works_there(user, concern)
    before_sending = concern.state in (ConcernState.DRAFT, *queries.SUPPORTED_IN)
    return {
        "concern": concern,
        "may_set": rules.has_perm("forum.set_ministry", user, concern),
        "may_assign": rules.has_perm("forum.assign_official", user, concern),
        # For who works in no ministry, that asks the database nothing.
        "may_extend": bool(queries.plan_extension(user, [concern.pk]).concerns),
        "shown": concern.state != ConcernState.CLOSED or concern.sent_at is not None,
        "is_waiting": concern.state == ConcernState.SENT,
        "before_sending": before_sending,
        "knows_official": knows_official,
        "official": queries.official_of(concern) if knows_official else None,
    }


def _works_there(user: Any, concern: Concern) -> bool:
    """Names of officials are for their colleagues and for those who run the installation."""
    return concern.ministry_id in {
        mandate.organisation_id for mandate in mandates_of(user)
    } or rules.has_perm("accounts.operate", user)


@register.simple_tag
def land_name(names: dict[str, str], key: str) -> str:
    """The name of a Land by its key."""
    return names.get(key, "")
