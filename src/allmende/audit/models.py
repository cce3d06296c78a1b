"""Who did what to which object, in which mandate, when and why. Entries are added, never changed or
removed; each is chained to the one before it (``chain``), and the database refuses the rest, too
(``protection``)."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from .chain import Link


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries that can be read and added to."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("audit entries are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("audit entries are never removed")


class Entry(models.Model):
    """One deed, written in the same transaction as the change that it tells of.

    No personal data stand in it: people are numbers here, whose names pages look up when they show it.
    An account can therefore be deleted, and the chain stays whole.
    """

    number = models.PositiveBigIntegerField(unique=True, help_text="1, 2, 3 and on without gaps")
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        # The entry outlives the account; what it says does not change.
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        help_text="Empty where the system itself acted",
    )
    mandate_key = models.CharField(max_length=60, blank=True)
    capacity = models.CharField(
        max_length=300, blank=True, help_text="In which mandate, in words; empty where in none"
    )
    deed = models.CharField(max_length=60, help_text="app.verb_object, such as forum.open_concern")
    object_kind = models.CharField(max_length=60, help_text="app.Model")
    object_key = models.CharField(max_length=60)
    object_name = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True, help_text="Empty in the first")
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        indexes = (models.Index(fields=("object_kind", "object_key")),)

    def __str__(self) -> str:
        return f"{self.deed} {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("audit entries are never removed")

    def as_link(self) -> Link:
        """What the chain sees of it."""
        return Link(*(getattr(self, name) for name in LINK_FIELDS))


# Where each part of a ``Link`` is stored, in its order.
LINK_FIELDS = tuple({"actor": "actor_id", "mandate": "mandate_key"}.get(n, n) for n in Link._fields)
