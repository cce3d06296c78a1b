"""What happens, as Atom feeds (RFC 4287): see ``news``.

Each entry has an address that never changes (a tag URI, RFC 4151) and an office as its author, never a
person.
"""

from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from .news import Item
from .scopes import Scope

# Since when these tag URIs belong to whoever has the host's name.
TAGGED_SINCE = "2026"


class _Feed(Atom1Feed):
    """Django's, but its date is that of its newest entry, also where there is none."""

    def __init__(self, *args: object, newest: datetime, **about: object) -> None:
        self.newest = newest
        super().__init__(*args, **about)  # type: ignore[arg-type]

    def latest_post_date(self) -> datetime:
        return self.newest


def as_atom(scope: Scope, items: list[Item], address: str) -> str:
    """The feed at ``address``; the same items give the same text."""
    newest = items[0].at if items else datetime(int(TAGGED_SINCE), 1, 1, tzinfo=UTC)
    feed = _Feed(
        title=scope.title,
        link=_absolute(scope.page),
        description="",
        subtitle=_("Wer was beschlossen, beantwortet, zugesagt und gehalten hat."),
        language="de",
        feed_url=_absolute(address),
        feed_guid=_tag(f"feed{address}"),
        author_name=_("Allmende"),
        newest=newest,
    )
    for item in items:
        feed.add_item(
            title=item.title,
            link=_absolute(item.url),
            description=linebreaks(item.text, autoescape=True),
            unique_id=_tag(item.key),
            pubdate=item.at,
            updateddate=item.at,
            author_name=item.office,
            categories=[item.topic] if item.topic else [],
        )
    return str(feed.writeString("utf-8"))


def _tag(key: str) -> str:
    return f"tag:{urlsplit(settings.ORIGIN).hostname},{TAGGED_SINCE}:{key}"


def _absolute(address: str) -> str:
    return urljoin(settings.ORIGIN, address)
