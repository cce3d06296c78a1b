"""Mandates in words."""

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Right, Rights

register = template.Library()

ALLOWS = {
    Right.CONTRIBUTE: _("Beiträge entwerfen"),
    Right.VOTE: _("abstimmen"),
    Right.RELEASE: _("Beiträge freigeben"),
    Right.MANAGE: _("Menschen verwalten"),
}


@register.filter
def allows(rights: Rights) -> str:
    """What a mandate or an invitation allows: „Darf mitlesen, Beiträge entwerfen und abstimmen.“"""
    words = [str(ALLOWS[right]) for right in Right if right in rights.rights]
    if not words:
        return gettext("Darf mitlesen.")
    return gettext("Darf %(these)s und %(last)s.") % {
        "these": ", ".join([gettext("mitlesen"), *words[:-1]]),
        "last": words[-1],
    }
