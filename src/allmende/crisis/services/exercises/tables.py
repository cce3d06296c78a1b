"""Scripts from tables and workbooks: looked at first, then taken over as a whole or not at all; and as files."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.formats.exercise_script.merging import Merge, carry_out, merge_book
from allmende.formats.exercise_script.workbooks import Book
from allmende.formats.marks import Mark
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate

from ...models import InjectTable, ScriptDraft
from ...queries.tables import book_of, cells_kept
from ..exports import mark_of
from .authoring import keep, take_draft

if TYPE_CHECKING:
    from allmende.accounts.models import User


@transaction.atomic
def keep_table(*, actor: "User", draft: ScriptDraft, file_name: str, book: Book) -> InjectTable:
    """Keep a table or workbook as it was sent; nothing in the script changes."""
    return InjectTable.objects.create(
        draft=draft,
        created_by=actor,
        file_name=file_name[:200],
        cells=cells_kept(book),
    )


@audited
def carry_out_table(
    *,
    actor: "User",
    mandate: Mandate | None,
    table: InjectTable,
    columns: Mapping[str, str],
    seen: int,
) -> list[Merge]:
    """Take over all that a file says; ``columns`` of its injects as ``injects_of`` takes them.

    ``seen`` is the draft's revision when somebody looked at what would change. Raises ``Conflict`` if it has
    changed since, or the table was taken over already; ``ScriptError`` if something in it is wrong.
    """
    there = take_draft(table.draft)
    waiting = InjectTable.objects.filter(pk=table.pk, carried_out_at=None)
    if not waiting.update(carried_out_at=timezone.now()):
        raise Conflict(_("Diese Tabelle ist schon übernommen."))
    if there.revision != seen:
        raise Conflict(
            _(
                "Das Drehbuch wurde inzwischen geändert. Sehen Sie noch einmal nach, was die Tabelle ändert."
            )
        )
    merges = merge_book(there.script, book_of(table), columns, file=table.file_name)
    document = deepcopy(there.script)
    carry_out(document, merges)
    counts = {
        "new": sum(len(each.new) for each in merges),
        "changed": sum(len(each.changed) for each in merges),
    }
    part = "injects" if [each.part for each in merges] == ["injects"] else "workbook"
    keep(actor, mandate, there, document, part=part, name="", **counts)
    return merges


@transaction.atomic
def discard_table(*, table: InjectTable) -> None:
    """Forget a table that nobody has taken over. Raises ``Conflict`` if somebody has."""
    if not InjectTable.objects.filter(pk=table.pk, carried_out_at=None).delete()[0]:
        raise Conflict(_("Diese Tabelle ist schon übernommen."))


def clear_tables(before: datetime) -> int:
    """Remove tables that were sent before a day, taken over or not."""
    return InjectTable.objects.filter(created_at__lt=before).delete()[0]


@audited
def export_draft(*, actor: "User", mandate: Mandate, draft: ScriptDraft, form: str) -> Mark:
    """Write down that somebody takes a script along, which may hold the network of a register, and say what
    the file has to carry.
    """
    entry = record(actor=actor, mandate=mandate, deed="crisis.export_draft", obj=draft, format=form)
    return mark_of(entry, mandate.capacity)
