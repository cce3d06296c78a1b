"""Reading what was done."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import models

from .chain import Anchor, Link
from .models import LINK_FIELDS, Entry

BATCH = 2_000


def history_of(obj: models.Model) -> models.QuerySet[Entry]:
    """All entries about one object, newest first, with their actors."""
    return Entry.objects.filter(object_kind=obj._meta.label, object_key=str(obj.pk)).select_related(
        "actor"
    )


def keys_of(kind: type[models.Model], *, deed: str) -> set[str]:
    """The keys of all objects of one kind to which this was done."""
    done = Entry.objects.filter(object_kind=kind._meta.label, deed=deed).order_by()
    return set(done.values_list("object_key", flat=True))


def newest_of(
    kind: type[models.Model], keys: Iterable[object], *, deeds: Sequence[str]
) -> models.QuerySet[Entry]:
    """Of each of some objects the newest entry about one of some deeds, with its actor."""
    about = Entry.objects.filter(
        object_kind=kind._meta.label, object_key__in=[str(key) for key in keys], deed__in=deeds
    )
    newest = about.order_by().values("object_key").annotate(newest=models.Max("number"))
    return Entry.objects.filter(number__in=newest.values("newest")).select_related("actor")


def get_entry(number: int) -> Entry:
    """One entry with its actor."""
    return Entry.objects.select_related("actor").get(number=number)


def neighbours_of(entry: Entry) -> tuple[Entry | None, Entry | None]:
    """The entries before and after, where there are any."""
    near = Entry.objects.filter(number__in=(entry.number - 1, entry.number + 1)).in_bulk(
        field_name="number"
    )
    return near.get(entry.number - 1), near.get(entry.number + 1)


def head() -> Anchor | None:
    """Number and hash of the newest entry."""
    newest = Entry.objects.order_by("-number").values_list("number", "hash").first()
    return newest and Anchor(*newest)


def stored_links(*, batch: int) -> Iterator[list[Link]]:
    """All entries as the chain sees them, in order of their numbers, so many at a time."""
    last = 0
    while True:
        later = Entry.objects.filter(number__gt=last).order_by("number", "pk")[:batch]
        try:
            links = list(map(Link._make, later.values_list(*LINK_FIELDS)))
        except ValueError:
            # Somebody wrote what is no time or no JSON past the model: which entry is it?
            links = [_read(number) for number in later.values_list("number", flat=True)]
        yield links
        if len(links) < batch:
            return
        last = links[-1].number


def _read(number: int) -> Link:
    """One entry; without what cannot be read, so that its hash does not fit."""
    entry = Entry.objects.filter(number=number)
    try:
        return Link._make(entry.values_list(*LINK_FIELDS)[0])
    except ValueError:
        readable = dict.fromkeys(LINK_FIELDS)
        readable |= entry.values("number", "previous_hash", "hash")[0]
        return Link._make(readable.values())
