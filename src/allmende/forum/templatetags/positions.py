"""Parts of pages about a joint position, its figures and names."""

from typing import Any

import rules
from django import template

from .. import queries
from ..models import Concern, ConcernState, Word

register = template.Library()

NARROW_SPACE = "\u202f"


@register.inclusion_tag("forum/_position_line.html", takes_context=True)
def position_line(context: dict[str, Any], concern: Concern) -> dict[str, Any]:
    """How far the position of a concern is, and what this person can do about it."""
    user = context["request"].user
    shown = rules.has_perm("forum.view_position", user, concern)
    newest = queries.editions_of(concern).first() if shown else None
    return {
        "concern": concern,
        "shown": shown and (newest is not None or concern.state == ConcernState.POSITION),
        "newest": newest,
        "whole": queries.standings(newest)[None] if newest else None,
        "may_write": rules.has_perm("forum.write_position", user, concern),
        "may_speak": rules.has_perm("forum.give_word", user, concern),
    }


@register.filter
def bare_permille(share: int) -> str:
    """``914`` as ``91``."""
    return str(round(share / 10))


@register.filter
def permille(share: int) -> str:
    """``914`` as ``91 %``."""
    return f"{round(share / 10)}{NARROW_SPACE}%"


@register.filter
def permille_down(share: int) -> str:
    """``819`` as ``81 %``: what is surely reached is never rounded up."""
    return f"{share // 10}{NARROW_SPACE}%"


@register.filter
def named(word: Word, lands: dict[str, str]) -> str:
    """Whose word it is: „Neustadt (Bayern)“."""
    return queries.printed_name(word, lands)
