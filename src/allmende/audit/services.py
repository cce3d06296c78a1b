"""Writing down what was done."""

from typing import TYPE_CHECKING, Any

from django.db import models

from .models import Entry

if TYPE_CHECKING:
    from allmende.accounts.models import User


def record(
    *,
    actor: "User | None",
    deed: str,
    obj: models.Model,
    reason: str = "",
    **details: Any,
) -> Entry:
    """Add an entry about ``obj``; call it inside the transaction that changes ``obj``.

    ``details`` are JSON values that a reader needs to understand the deed: old and new values, counts.
    """
    return Entry.objects.create(
        actor=actor,
        deed=deed,
        object_kind=obj._meta.label,
        object_key=str(obj.pk),
        object_name=str(obj)[:300],
        reason=reason,
        details=details,
    )
