"""Finding: what fits and what a person may see, ranked, counted, and shown with what fitted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.utils import timezone
from django.utils.safestring import SafeString

from ..models import SearchEntry
from .findable import Findable, findables
from .folding import Wanted, wanted
from .matching import Column, are_few, has_all, with_words
from .snippets import marked, snippet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# Nobody reads on behind these; whoever looks for more narrows the search.
MOST_HITS = 500
# Of what more things have than these, the newest are ranked, and whose title fits; the others not even counted.
MOST_COUNTED = 1_000
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# What fits best, and so on; last is a part of a word in the text.
TIERS: tuple[tuple[Column, bool], ...] = (("title", True), ("title", False), ("text", True))


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
    """A kind of things, and how many of it fit; nothing where they were not counted."""

    kind: str
    label: Any
    count: int | None


class Entry(NamedTuple):
    """A row of the index that fits, and how well: the lower ``tier``, the better."""

    pk: int
    kind: str
    key: int
    is_public: bool
    weight: int
    at: datetime | None
    tier: int

    @property
    def rank(self) -> tuple[int, int, datetime, int]:
        """Those that fit equally well: heavy before light, newer before older."""
        return -self.tier, self.weight, self.at or LONG_AGO, self.pk


@dataclass(frozen=True)
class Findings:
    """What fits: at most ``MOST_HITS``, best first, and how many there are of each kind and in all."""

    entries: list[Entry]
    kinds: list[Kind]
    total: int
    is_more: bool  # than ``total``


NOTHING = Findings([], [], 0, is_more=False)


def visible_entries(user: "Person", *, kind: str = "") -> QuerySet[SearchEntry]:
    """All entries of what this person may see, or those of one kind."""
    offered = [each for each in findables() if kind in ("", each.kind)]
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
        # A range, since only PostgreSQL finds beginnings in an index.
        after = str(int(wishes.place) + 1).zfill(len(wishes.place))
        found = found.filter(ars__gte=wishes.place, ars__lt=after)
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


def find(wishes: Wishes, visible: QuerySet[SearchEntry]) -> Findings:
    """What fits, ranked and counted: title before text, whole words before parts.

    Where too much fits to look at all of it, kinds are named without counting how many of each there are.
    """
    words = wishes.wanted
    if not words:
        return NOTHING
    within = narrowed(wishes, visible)
    among_few = bool(wishes.place or wishes.since or wishes.until) and are_few(within)
    found = _newest(within, words, among_few=among_few)
    if len(found) <= MOST_COUNTED:
        counted = Counter(entry.kind for entry in found)
        kinds = [Kind(each.kind, each.label, counted[each.kind]) for each in findables()]
        fitting = [entry for entry in found if wishes.kind in {"", entry.kind}]
        return Findings(
            _best(fitting), [kind for kind in kinds if kind.count], len(found), is_more=False
        )
    if wishes.kind:
        within = within.filter(kind=wishes.kind)
        found = _newest(within, words, among_few=are_few(within))
    if len(found) > MOST_COUNTED:
        found += _titles(within, words)
    kinds = [Kind(each.kind, each.label, None) for each in findables()]
    return Findings(_best(found), kinds, MOST_COUNTED, is_more=True)


def _newest(within: QuerySet[SearchEntry], words: list[Wanted], *, among_few: bool) -> list[Entry]:
    """The newest that fit; one more than is counted, if there are so many."""
    found = with_words(within, words, "text", among_few=among_few)
    return _entries(found.annotate(tier=_tier(words))[: MOST_COUNTED + 1])


def _titles(within: QuerySet[SearchEntry], words: list[Wanted]) -> list[Entry]:
    """Those whose title fits, as many as are shown."""
    found = with_words(within, words, "title").annotate(tier=_tier(words))
    return _entries(found.order_by("tier", "-weight", "-pk")[:MOST_HITS])


def _tier(words: list[Wanted]) -> Case:
    steps = (has_all(words, column, whole=whole) for column, whole in TIERS)
    return Case(
        *(When(step, then=tier) for tier, step in enumerate(steps)),
        default=len(TIERS),
        output_field=IntegerField(),
    )


def _entries(found: QuerySet[SearchEntry]) -> list[Entry]:
    return [Entry(*row) for row in found.values_list(*Entry._fields)]


def _best(found: Iterable[Entry]) -> list[Entry]:
    """The best of what was found, each once."""
    return sorted(set(found), key=lambda entry: entry.rank, reverse=True)[:MOST_HITS]


def show(entries: Iterable[Entry], words: list[Wanted]) -> list[Found]:
    """What was found, as it is now, in the order of ``entries``; one query a kind, and what it needs.

    What has ceased to be public since it was indexed is left out.
    """
    wished = list(entries)
    kinds: dict[str, Findable[Any]] = {findable.kind: findable for findable in findables()}
    rows = {
        kind: kinds[kind].load([entry.key for entry in wished if entry.kind == kind])
        for kind in {entry.kind for entry in wished} & kinds.keys()
    }
    shown = (
        _show(kinds[entry.kind], entry, row, words)
        for entry in wished
        if (row := rows.get(entry.kind, {}).get(entry.key)) is not None
    )
    return [found for found in shown if found is not None]


def _show(findable: Findable[Any], entry: Entry, row: Any, words: list[Wanted]) -> Found | None:
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
