"""Who did what to which object, when and why. Entries are added, never changed or removed."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries that can be read and added to."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("audit entries are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("audit entries are never removed")


class Entry(models.Model):
    """One deed, written in the same transaction as the change that it tells of."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty where the system itself acted",
    )
    deed = models.CharField(max_length=60, help_text="app.verb_object, such as forum.open_concern")
    object_kind = models.CharField(max_length=60, help_text="app.Model")
    object_key = models.CharField(max_length=60)
    object_name = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("object_kind", "object_key")),)

    def __str__(self) -> str:
        return f"{self.deed} {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("audit entries are never removed")
