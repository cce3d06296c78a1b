"""Mentions of organisations in a text: ``@[Stadt Lindenfurt]``, or ``@Lindenfurt`` where it is one word.

>>> [mention.name for mention in find_mentions("Wie in @[Bad Lindenfurt], sagt @Kranichsee. a@b.example")]
['Bad Lindenfurt', 'Kranichsee']
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from allmende.registry.models import Organisation
from allmende.registry.names import fold

MENTION = re.compile(r"(?<![\w@./])@(?:\[([^\[\]\r\n]{1,200})\]|(\w[\w-]{0,80}))")


@dataclass(frozen=True)
class Mention:
    """A name behind an @; in brackets, its author surely meant an organisation."""

    name: str
    is_sure: bool
    start: int
    end: int


def find_mentions(text: str) -> Iterator[Mention]:
    """All names that a text mentions, in their order."""
    for found in MENTION.finditer(text):
        sure = found[1] is not None
        yield Mention((found[1] or found[2]).strip(), sure, *found.span())


def is_called(organisation: Organisation, name: str) -> bool:
    """Whether this is one of an organisation's names."""
    folded = fold(name)
    return bool(folded) and (
        folded == fold(organisation.name) or f" {folded} ;" in organisation.search_key
    )


def as_html(text: str, mentioned: Iterable[Organisation]) -> SafeString:
    """A text with addresses and mentioned organisations as links; all else is escaped."""
    organisations = list(mentioned)
    parts, done = [], 0
    for mention in find_mentions(text):
        whom = next((o for o in organisations if is_called(o, mention.name)), None)
        if whom is not None:
            parts.append(_plain(text[done : mention.start]))
            link = '<a class="kern-link" href="{}">@{}</a>'
            parts.append(format_html(link, whom.get_absolute_url(), mention.name))
            done = mention.end
    parts.append(_plain(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308  each part is escaped


def _plain(text: str) -> str:
    return urlize(text, nofollow=True, autoescape=True)
