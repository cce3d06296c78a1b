"""Files that go with injects: added to a draft, and taken along into exercises."""

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.audit.services import audited
from allmende.formats.exercise_script import changes
from allmende.forum.services import Conflict
from allmende.portal.services import keep_upload
from allmende.registry.models import Mandate

from ...models import Exercise, ExerciseFile, ScriptDraft, ScriptFile
from .authoring import keep, take_draft

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile

MOST_FILES = 50
LONGEST_NAME = 80


@audited
def add_file(
    *, actor: "User", mandate: Mandate | None, draft: ScriptDraft, file: "CheckedFile"
) -> str:
    """Keep a file under its own name, in the place of one that is called the same; returns the name.

    Raises ``Conflict`` if there are very many.
    """
    there = take_draft(draft)
    name = _short(file.name)
    others = there.files.exclude(name=name)
    if others.count() >= MOST_FILES:
        raise Conflict(
            _("Mehr als %(most)s Dateien hat ein Drehbuch nicht.") % {"most": MOST_FILES}
        )
    upload = keep_upload(actor=actor, file=file)
    # What nothing points at any more is cleared by itself.
    ScriptFile.objects.update_or_create(draft=there, name=name, defaults={"upload": upload})
    document = deepcopy(there.script)
    if changes.find_row(document, "attachments", name) is None:
        changes.put_row(document, "attachments", {"name": name})
    keep(actor, mandate, there, document, part="attachments", name=name)
    return name


def give_files(*, draft: ScriptDraft | None, exercise: Exercise) -> None:
    """Let an exercise have the files of the draft that it is prepared from, and no others."""
    exercise.files.all().delete()
    ExerciseFile.objects.bulk_create(
        ExerciseFile(exercise=exercise, name=file.name, upload_id=file.upload_id)
        for file in (draft.files.all() if draft is not None else ())
    )


def _short(name: str) -> str:
    """A file's name as scripts take it, its ending kept."""
    ending = Path(name).suffix
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending
