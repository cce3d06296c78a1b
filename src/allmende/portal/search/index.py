"""Writing the index: with every deed, and all of it anew.

Every deed is recorded in the transaction of its change, whatever way the change goes: ``save``,
``update`` or ``bulk_create``. So ``audit.services.record`` notes the object, and at the end of that same
transaction everything that hangs together with it is described anew. Only what differs is written.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import override

from ..models import SearchEntry
from .findable import Description, Findable, findables
from .folding import fold

AT_ONCE = 500
# Any number will do, as long as nobody else takes it.
INDEX_LOCK = 5_146_368
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# No word is longer: what is, is no word. PostgreSQL refuses texts whose words take up a megabyte.
LONGEST_TEXT = 100_000
COLUMNS = (
    "about",
    "is_public",
    "title_key",
    "text_key",
    "ars",
    "topic",
    "state",
    "at",
    "weight",
)

# Which objects, as app.Model and key: by the end of the transaction some may have been deleted.
_noted: ContextVar[dict[tuple[str, Any], None] | None] = ContextVar("noted", default=None)


@contextmanager
def kept_up_to_date() -> Iterator[None]:
    """Around the work of a transaction: what is noted in it is indexed at its end, once."""
    if _noted.get() is not None:
        yield
        return
    noted: dict[tuple[str, Any], None] = {}
    token = _noted.set(noted)
    try:
        yield
        # Everybody searches in it, whatever language whoever has changed something reads.
        with override(settings.LANGUAGE_CODE):
            for model in dict.fromkeys(model for model, _key in noted):
                refresh(model, [key for other, key in noted if other == model])
    finally:
        _noted.reset(token)


def note(obj: models.Model) -> None:
    """Remember, within ``kept_up_to_date``, that something has happened to ``obj``."""
    noted = _noted.get()
    if noted is not None:
        noted[obj._meta.label, obj.pk] = None


def refresh(model: str, objects: Collection[Any]) -> None:
    """Describe anew whatever hangs together with objects (app.Model) of these keys; call it in the
    transaction of their change.
    """
    for findable in findables():
        keys = set(findable.touched(model, objects))
        if findable.about == model:
            # Also what has left it, such as statements of a concern that was merged into another.
            about = SearchEntry.objects.filter(kind=findable.kind, about__in=objects)
            keys.update(about.values_list("key", flat=True))
        if keys:
            _take_turns()
        for some in _portions(sorted(keys)):
            _bring_up_to_date(findable, some)


def rebuild(*, progress: Callable[[int], None] = lambda done: None) -> int:
    """Describe everything anew, and remove what is no more; return how many entries there are.

    Oldest first, since a new entry counts as newer than those before it. Works a portion at a time, so
    that nobody has to wait for it.
    """
    of_kind = {findable.kind: findable for findable in findables()}
    SearchEntry.objects.exclude(kind__in=of_kind).delete()
    everything = [
        (at or LONG_AGO, kind, key)
        for kind, findable in of_kind.items()
        for at, key in findable.things()
    ]
    everything.sort()
    for some in _portions(everything):
        with transaction.atomic():
            _take_turns()
            for kind in dict.fromkeys(kind for _, kind, _ in some):
                keys = [key for _, other, key in some if other == kind]
                _bring_up_to_date(of_kind[kind], keys)
        progress(len(some))
    for kind, findable in of_kind.items():
        _remove_others(findable, kind)
    return SearchEntry.objects.count()


def size() -> int:
    """How many things there are to be found."""
    return sum(len(findable.things()) for findable in findables())


def kinds_without_entries() -> list[str]:
    """Kinds of which there is something, and nothing in the index: an older version did not know them."""
    known = set(SearchEntry.objects.order_by().values_list("kind", flat=True).distinct())
    return [f.kind for f in findables() if f.kind not in known and f.things()]


def _remove_others(findable: Findable[Any], kind: str) -> None:
    """Remove entries of things that have gone without a deed, such as by a deletion that cascades."""
    there = {key for _, key in findable.things()}
    entries = SearchEntry.objects.filter(kind=kind)
    for some in _portions(sorted(set(entries.values_list("key", flat=True)) - there)):
        entries.filter(key__in=some).delete()


def _take_turns() -> None:
    """Until the transaction's end nobody else writes: what is older never comes after what is newer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INDEX_LOCK])


def _portions(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]


def _bring_up_to_date(findable: Findable[Any], keys: Collection[int]) -> None:
    """Write what the index says of these things where it differs from what they are."""
    rows = findable.load(keys)
    there = {
        entry.key: entry for entry in SearchEntry.objects.filter(kind=findable.kind, key__in=keys)
    }
    new, changed = [], []
    for key in keys:
        if key not in rows:
            continue
        fresh = _entry(findable.kind, key, findable.describe(rows[key]))
        entry = there.pop(key, None)
        if entry is None:
            new.append(fresh)
        elif _content(entry) != _content(fresh):
            fresh.pk = entry.pk
            changed.append(fresh)
    SearchEntry.objects.bulk_create(new)
    SearchEntry.objects.bulk_update(changed, COLUMNS)
    if there:
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in there.values()]).delete()


def _content(entry: SearchEntry) -> tuple[object, ...]:
    return tuple(getattr(entry, column) for column in COLUMNS)


def _entry(kind: str, key: int, said: Description) -> SearchEntry:
    title = fold(said.title)
    text = f"{title} {fold(said.text)}".strip()[:LONGEST_TEXT]
    return SearchEntry(
        kind=kind,
        key=key,
        about=said.about,
        is_public=said.is_public,
        title_key=f" {title} " if title else "",
        text_key=f" {text} " if text else "",
        ars=said.ars,
        topic=said.topic,
        state=said.state,
        at=said.at,
        weight=said.weight,
    )
