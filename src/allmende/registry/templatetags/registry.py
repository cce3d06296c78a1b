"""Mandates in words."""

from django import template

from ..models import Right, Rights

register = template.Library()

ALLOWS = {
    Right.CONTRIBUTE: "Beiträge entwerfen",
    Right.VOTE: "abstimmen",
    Right.RELEASE: "Beiträge freigeben",
    Right.MANAGE: "Menschen verwalten",
}


@register.filter
def allows(rights: Rights) -> str:
    """What a mandate or an invitation allows: „Darf mitlesen, Beiträge entwerfen und abstimmen.“"""
    words = ["mitlesen", *(ALLOWS[right] for right in Right if right in rights.rights)]
    if len(words) == 1:
        return "Darf mitlesen."
    return f"Darf {', '.join(words[:-1])} und {words[-1]}."
