"""The pages that the law asks for: which there are, what they say, and how Markdown becomes a page.

Each begins with a template beside the other templates of the portal; the operator fills its gaps,
which stand in brackets. Every text that is saved is kept (``models.PageVersion``). The German text
counts. An English one is shown only while it is not behind: where the German one was saved last, its
readers get that.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .models import PageVersion

if TYPE_CHECKING:
    from allmende.accounts.models import User

TEMPLATES = Path(__file__).parent / "templates" / "portal" / "legal"
# [Name der Stelle], but neither [a link](…) nor a footnote.
GAP = re.compile(r"\[[^\[\]\n]{3,}\](?![(\[:])")
CLASSES = {
    "paragraph_open": "kern-body",
    "bullet_list_open": "kern-list kern-list--bullet",
    "ordered_list_open": "kern-list kern-list--number",
    "link_open": "kern-link",
    "table_open": "kern-table kern-table--small",
    "thead_open": "kern-table__head",
    "tbody_open": "kern-table__body",
    "tr_open": "kern-table__row",
    "th_open": "kern-table__header",
    "td_open": "kern-table__cell",
}
HEADINGS = {"h2": "kern-heading-medium al-gap", "h3": "kern-heading-small al-gap"}


@dataclass(frozen=True)
class LegalPage:
    """One of the fixed pages."""

    slug: str
    title: str
    url_name: str
    language: str = "de"


GERMAN = {
    page.slug: page
    for page in (
        LegalPage("impressum", "Impressum", "legal_imprint"),
        LegalPage("datenschutz", "Datenschutz", "legal_privacy"),
        LegalPage("barrierefreiheit", "Erklärung zur Barrierefreiheit", "legal_accessibility"),
        LegalPage("leichte-sprache", "Die Allmende in Leichter Sprache", "legal_easy_language"),
    )
}
ENGLISH = {
    page.slug: page
    for page in (
        LegalPage("impressum-en", "Legal notice", "legal_imprint", "en"),
        LegalPage("datenschutz-en", "Privacy", "legal_privacy", "en"),
        LegalPage("barrierefreiheit-en", "Accessibility statement", "legal_accessibility", "en"),
    )
}
PAGES = GERMAN | ENGLISH


@dataclass(frozen=True)
class PageText:
    """What a page says, in one of its versions; number 0 is the template."""

    page: LegalPage
    title: str
    text: str
    number: int = 0
    saved_at: datetime | None = None
    saved_by: "User | None" = None

    @property
    def gaps(self) -> list[str]:
        """What the operator still has to fill in, each once."""
        return list(dict.fromkeys(GAP.findall(self.text)))

    @property
    def html(self) -> SafeString:
        return to_html(self.text)


def template_of(page: LegalPage) -> PageText:
    """What a page says before anybody has changed it."""
    return PageText(page, page.title, _template(page.slug))


@cache
def _template(slug: str) -> str:
    return (TEMPLATES / f"{slug}.md").read_text()


def as_text(version: PageVersion) -> PageText:
    return PageText(
        PAGES[version.slug],
        version.title,
        version.text,
        version.number,
        version.saved_at,
        version.saved_by,
    )


def to_html(text: str) -> SafeString:
    """Markdown as KERN draws it: no HTML from outside, no images, no scripts behind links.

    >>> to_html("Ein <b>Text</b>")
    '<p class="kern-body">Ein &lt;b&gt;Text&lt;/b&gt;</p>\\n'
    """
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
    )
    tokens = parser.parse(text)
    _dress(tokens)
    html = str(parser.renderer.render(tokens, parser.options, {}))
    return mark_safe(html)  # noqa: S308  all that came from outside is escaped


def _dress(tokens: Sequence[Token]) -> None:
    """Give every element its class; the page has a heading of the first level already."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"
        if token.type == "heading_open":
            token.attrSet("class", HEADINGS[token.tag])
        elif token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        _dress(token.children or [])
