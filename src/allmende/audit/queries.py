"""Reading what was done."""

from django.db import models

from .models import Entry


def history_of(obj: models.Model) -> models.QuerySet[Entry]:
    """All entries about one object, newest first, with their actors."""
    return Entry.objects.filter(object_kind=obj._meta.label, object_key=str(obj.pk)).select_related(
        "actor"
    )


def keys_of(kind: type[models.Model], *, deed: str) -> set[str]:
    """The keys of all objects of one kind to which this was done."""
    done = Entry.objects.filter(object_kind=kind._meta.label, deed=deed).order_by()
    return set(done.values_list("object_key", flat=True))
