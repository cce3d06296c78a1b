"""Contributions in templates."""

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from ..mentions import as_html
from ..models import Contribution

register = template.Library()


@register.filter
def contribution_text(contribution: Contribution) -> SafeString:
    """What was written, with paragraphs and with links to addresses and mentioned organisations."""
    html = as_html(contribution.text, contribution.mentions.all())
    return mark_safe(linebreaks(html))  # noqa: S308  all that came from outside is escaped
