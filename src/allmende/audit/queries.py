"""Reading what was done."""

from django.db import models

from .models import Entry


def history_of(obj: models.Model) -> models.QuerySet[Entry]:
    """All entries about one object, newest first, with their actors."""
    return Entry.objects.filter(object_kind=obj._meta.label, object_key=str(obj.pk)).select_related(
        "actor"
    )
