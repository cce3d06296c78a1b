"""Files that go with injects: added to a draft, and taken along into exercises."""

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

from allmende.audit.services import audited
from allmende.formats.exercise_script import changes
from allmende.forum.services import Conflict
from allmende.portal.services import keep_upload
from allmende.registry.models import Mandate

from ...models import Exercise, ExerciseFile, ScriptDraft, ScriptFile
from .authoring import keep, take_draft
from .sent_files import FileAlong, bytes_kept, check_together, too_much, uploads_of

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile

LONGEST_NAME = 80


@audited
def add_file(
    *, actor: "User", mandate: Mandate | None, draft: ScriptDraft, file: "CheckedFile"
) -> str:
    """Keep a file under its own name, in the place of one that is called the same; returns the name.

    Raises ``Conflict`` if there are very many, or they are very large.
    """
    there = take_draft(draft)
    name = _short(file.name)
    others = there.files.exclude(name=name)
    before, size = bytes_kept(there.files.all()), bytes_kept(others) + file.size
    # What is less than before is never too much, whatever may be kept by now.
    if size > before and (said := too_much(others.count() + 1, size)):
        raise Conflict(said)
    check_together(there.script, size, before=(there.script, before))
    upload = keep_upload(actor=actor, file=file)
    # What nothing points at any more is cleared by itself.
    ScriptFile.objects.update_or_create(draft=there, name=name, defaults={"upload": upload})
    document = deepcopy(there.script)
    if changes.find_row(document, "attachments", name) is None:
        changes.put_row(document, "attachments", {"name": name})
    keep(actor, mandate, there, document, part="attachments", name=name)
    return name


def give_files(*, actor: "User | None", exercise: Exercise, files: Iterable[FileAlong]) -> None:
    """Let an exercise have the files that go with its script, and no others."""
    uploads = uploads_of(actor, files)
    exercise.files.all().delete()
    ExerciseFile.objects.bulk_create(
        ExerciseFile(exercise=exercise, name=name, upload_id=upload) for name, upload in uploads
    )


def _short(name: str) -> str:
    """A file's name as scripts take it, its ending kept."""
    ending = Path(name).suffix
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending
