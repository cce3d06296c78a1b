"""Words of exercises for templates."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def called(role: str, names: Mapping[str, str]) -> str:
    """What people call a role."""
    return names.get(role, role)
