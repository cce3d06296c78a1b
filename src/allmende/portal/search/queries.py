"""Finding: what fits and what a person may see, ranked, counted, and shown with what fitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from ..models import SearchEntry
from .findable import Findable, findables
from .folding import Wanted, wanted
from .matching import Column, has_words
from .snippets import marked, snippet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# Nobody reads on behind these; whoever looks for more narrows the search.
MOST_HITS = 500
# Nobody needs to know more precisely how much there is; counting on would cost more than finding.
MOST_COUNTED = 1_000
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# Title before text, whole words before parts of words.
TIERS: tuple[tuple[Column, bool], ...] = (
    ("title", True),
    ("title", False),
    ("text", True),
    ("text", False),
)


@dataclass(frozen=True)
class Wishes:
    """What somebody looks for; everything but the words may be left out."""

    words: str
    kind: str = ""
    place: str = ""  # the first digits of a key
    topic: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def wanted(self) -> list[Wanted]:
        return wanted(self.words)


@dataclass(frozen=True)
class Found:
    """Something found, with the words that fitted marked."""

    kind: Any
    title: SafeString
    note: str
    url: str
    snippet: SafeString
    plain_title: str

    @property
    def shows_snippet(self) -> bool:
        """Whether the snippet says more than the title: a statement is its own."""
        return self.snippet != self.title


@dataclass(frozen=True)
class Kind:
    """How many things of a kind fit, counted up to ``MOST_COUNTED``."""

    kind: str
    label: Any
    count: int

    @property
    def is_more(self) -> bool:
        return self.count >= MOST_COUNTED


def visible_entries(user: "Person") -> QuerySet[SearchEntry]:
    """All entries of what this person may see."""
    offered = findables()
    shared: dict[Any, list[str]] = {}
    for findable in offered:
        shared.setdefault(findable.audience, []).append(findable.kind)
    allowed = [Q(kind__in=kinds) & audience(user) for audience, kinds in shared.items()]
    allowed += [Q(kind=each.kind) & own for each in offered if (own := each.own(user)) is not None]
    return SearchEntry.objects.filter(reduce(or_, allowed, Q(pk=None)))


def narrowed(wishes: Wishes, visible: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
    """What of ``visible`` fits all wishes but the words and the kind."""
    found = visible
    if wishes.place:
        found = found.filter(ars__startswith=wishes.place)
    if wishes.topic:
        found = found.filter(topic=wishes.topic)
    if wishes.state:
        found = found.filter(state=wishes.state)
    if wishes.since:
        found = found.filter(at__gte=_midnight(wishes.since))
    if wishes.until:
        found = found.filter(at__lt=_midnight(wishes.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def ranked(wishes: Wishes, visible: QuerySet[SearchEntry]) -> list[int]:
    """The keys of at most ``MOST_HITS`` entries, best first.

    Title before text, whole words before parts, heavy before light, newer before older.
    """
    words = wishes.wanted
    if not words:
        return []
    within = narrowed(wishes, visible)
    if wishes.kind:
        within = within.filter(kind=wishes.kind)
    best: dict[int, None] = {}
    for column, whole in TIERS:
        fitting = within.filter(has_words(words, column, whole=whole))
        order = ("-weight", "-pk") if column == "title" else ("-pk",)
        found = fitting.order_by(*order).values_list("pk", "weight", "at")[:MOST_HITS]
        # Sorting keeps the order of what is equal.
        in_order = sorted(found, key=lambda each: (each[1], each[2] or LONG_AGO), reverse=True)
        best |= dict.fromkeys(key for key, *_ in in_order)
        if len(best) >= MOST_HITS:
            break
    return list(best)[:MOST_HITS]


def count_by_kind(wishes: Wishes, visible: QuerySet[SearchEntry]) -> list[Kind]:
    """How many things of each kind fit, whatever kind is wished for; kinds without any are left out."""
    words = wishes.wanted
    if not words:
        return []
    fitting = narrowed(wishes, visible).filter(has_words(words, "text", whole=False))
    offered = findables()
    if connection.vendor == "postgresql":
        # It stops as soon as there are enough; all at once, it would read every text that fits.
        counted = {
            each.kind: fitting.filter(kind=each.kind).order_by()[:MOST_COUNTED].count()
            for each in offered
        }
    else:
        counted = dict(fitting.order_by().values_list("kind").annotate(count=Count("pk")))
    return [
        Kind(each.kind, each.label, min(count, MOST_COUNTED))
        for each in offered
        if (count := counted.get(each.kind, 0))
    ]


def show(entries: Iterable[int], words: list[Wanted]) -> list[Found]:
    """What was found, as it is now, in the order of ``entries``; one query a kind, and what it needs.

    What has ceased to be public since it was indexed is left out.
    """
    wished = list(entries)
    by_key = SearchEntry.objects.in_bulk(wished)
    kinds: dict[str, Findable[Any]] = {findable.kind: findable for findable in findables()}
    rows: dict[str, dict[int, Any]] = {}
    for kind in {entry.kind for entry in by_key.values()} & kinds.keys():
        keys = [entry.key for entry in by_key.values() if entry.kind == kind]
        rows[kind] = kinds[kind].load(keys)
    shown = []
    for number in wished:
        entry = by_key.get(number)
        row = rows.get(entry.kind, {}).get(entry.key) if entry else None
        if entry is None or row is None:
            continue
        found = _show(kinds[entry.kind], entry, row, words)
        if found is not None:
            shown.append(found)
    return shown


def _show(
    findable: Findable[Any], entry: SearchEntry, row: Any, words: list[Wanted]
) -> Found | None:
    said = findable.describe(row)
    if entry.is_public and not said.is_public:
        return None
    hit = findable.hit(row)
    return Found(
        kind=findable.name,
        title=marked(hit.title, words),
        note=hit.note,
        url=hit.url,
        snippet=snippet(said.text, words),
        plain_title=hit.title,
    )
