"""Filters for the pages of one's account."""

from typing import Any

from django import template
from django.conf import settings

from ..browsers import family
from ..demo import code_of

register = template.Library()
register.filter("browser", family)


@register.simple_tag(takes_context=True)
def demo_code(context: dict[str, Any]) -> str | None:
    """Under ``allmende demo``, a code that signs an invented person in, None if all are used; else nothing."""
    stage = getattr(context["request"], "_login_stage", None)
    if not settings.DEMO or stage is None:
        return ""
    return code_of(stage.login.user)
