"""Files that go with injects, and who may have them."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from allmende.formats.exercise_script.attached import AttachedFile
from allmende.formats.exercise_script.model import Script

from ..models import Delivery, Exercise, ExerciseFile, Part, PartKind, ScriptDraft, ScriptFile
from .exercises import part_of
from .games import script_of_exercise

if TYPE_CHECKING:
    from .exercises import Person


def get_exercise_file(number: int) -> ExerciseFile:
    found = ExerciseFile.objects.select_related("exercise__host", "upload")
    return found.defer("exercise__script").get(pk=number)


def get_script_file(number: int) -> ScriptFile:
    """A file of a draft that is not removed."""
    found = ScriptFile.objects.select_related("draft__host", "upload").defer("draft__script")
    return found.get(pk=number, draft__removed_at=None)


def contents_of(draft: ScriptDraft) -> list[AttachedFile]:
    """The files of a draft, to be taken along."""
    found = []
    for each in draft.files.select_related("upload"):
        with each.upload.file.open("rb") as stream:
            content = stream.read()
        upload = each.upload
        found.append(AttachedFile(each.name, content, upload.name, upload.media_type))
    return found


def without_file(script: Script, kept: Collection[str]) -> list[str]:
    """The attachments to which no file of that name is kept: a workbook brings only their names."""
    return [each.name for each in script.attachments if each.name not in kept]


def came_with_an_inject(user: "Person", file: ExerciseFile) -> bool:
    """Whether a person may have a file: the control, observers, and roles to which an inject brought it."""
    part = part_of(user, file.exercise)
    if part is None or part.kind == PartKind.SPECTATOR:
        return False
    if part.kind in (PartKind.CONTROL, PartKind.OBSERVER):
        return True
    script = script_of_exercise(file.exercise)
    named = [inject.key for inject in script.injects if file.name in inject.attachments]
    brought = Delivery.objects.filter(exercise=file.exercise, recipient=part.role)
    return brought.filter(inject__in=named).exists()


def attach(exercise: Exercise, part: Part, deliveries: Iterable[Delivery]) -> None:
    """Say of deliveries which files came with them; spectators get none."""
    named = {inject.key: inject.attachments for inject in script_of_exercise(exercise).injects}
    deliveries = list(deliveries)
    files = {}
    # Most injects bring none, and pages ask often.
    if part.kind != PartKind.SPECTATOR and any(named.get(each.inject) for each in deliveries):
        files = {file.name: file for file in exercise.files.all()}
    for each in deliveries:
        each.attached = [  # type: ignore[attr-defined]
            files[name] for name in named.get(each.inject, ()) if name in files
        ]
