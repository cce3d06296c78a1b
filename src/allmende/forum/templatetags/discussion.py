"""Contributions and summaries in templates."""

from typing import Any

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from ..mentions import as_html
from ..models import Concern, Contribution
from ..queries import Wording, wordings_of

register = template.Library()


@register.filter
def contribution_text(contribution: Contribution) -> SafeString:
    """What was written, with paragraphs and with links to addresses and mentioned organisations."""
    html = as_html(contribution.text, contribution.mentions.all())
    return mark_safe(linebreaks(html))  # noqa: S308  all that came from outside is escaped


@register.simple_tag(takes_context=True)
def last_wording(context: dict[str, Any], concern: Concern) -> Wording | None:
    """Who wrote the summary of a concern as it stands, and when."""
    return next(wordings_of(concern, reader=context["request"].user, most=1), None)
