"""Removing files that were looked at."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.forum.services import Conflict

from ...models import ImportCheck


def clear_imports(before: datetime) -> int:
    """Remove what was looked at before a day, carried out or not: the audit log tells what was done."""
    return ImportCheck.objects.filter(created_at__lt=before).delete()[0]


@transaction.atomic
def discard_import(*, check: ImportCheck) -> None:
    """Forget a file that was looked at; nothing of it is in the register.

    Raises ``Conflict`` if it is taken over, or a worker has it.
    """
    there = (
        ImportCheck.objects.select_for_update().defer("plan", "shown", "faults").get(pk=check.pk)
    )
    if there.carried_out_at or there.is_under_way:
        raise Conflict(_("Diese Datei ist schon übernommen, oder sie wird es gerade."))
    there.delete()


def note_problem(*, check: ImportCheck, words: str) -> bool:
    """Keep for its page why a file could not be taken over; whether there is something to keep it for."""
    waiting = ImportCheck.objects.filter(pk=check.pk, carried_out_at=None, fault_count=0)
    return waiting.update(problem=words[:500]) > 0
