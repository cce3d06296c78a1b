"""Removing files that were looked at."""

from datetime import datetime

from ...models import ImportCheck


def clear_imports(before: datetime) -> int:
    """Remove what was looked at before a day, carried out or not: the audit log tells what was done."""
    return ImportCheck.objects.filter(created_at__lt=before).delete()[0]
