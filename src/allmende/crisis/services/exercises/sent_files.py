"""Files that come within a script: looked at like any that is sent, and kept with the draft or exercise it becomes."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.utils.translation import gettext as _

from allmende.formats.exercise_script.attached import AttachedFile
from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.fields import NOUNS
from allmende.formats.exercise_script.model import Attachment
from allmende.forum.services import Conflict
from allmende.portal.services import keep_upload
from allmende.portal.uploads import CheckedFile, Kind, check_file, safe_name

from ...models import ExerciseFile, ScriptFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from allmende.accounts.models import User

MOST_FILES = 50
MOST_BYTES = 7_000_000
# A script that is taken along comes back in a file of at most 10 MB, in which files stand in base64.
MOST_TOGETHER = 9_900_000
MEGABYTE = 1_000_000


class SentFile(NamedTuple):
    """A file that may be kept, under the name by which injects call it."""

    name: str
    file: CheckedFile


Document = Mapping[str, Any]
FileAlong = ScriptFile | ExerciseFile | SentFile


def too_much(count: int, size: int) -> str:
    """Why a script cannot have so many files of so many bytes; empty if it can."""
    if count > MOST_FILES:
        return _("Mehr als %(most)s Dateien hat ein Drehbuch nicht.") % {"most": MOST_FILES}
    if size > MOST_BYTES:
        return _(
            "Die Dateien eines Drehbuchs haben zusammen höchstens %(most)s MB. Bitte verkleinern Sie Bilder, "
            "oder löschen Sie Anlagen, die niemand braucht."
        ) % {"most": MOST_BYTES // MEGABYTE}
    return ""


def check_together(
    script: Document, files: int, *, before: tuple[Document, int] | None = None
) -> None:
    """Refuse a script that would not come back with so many bytes of files, unless it was larger ``before``.

    Raises ``Conflict``.
    """
    now = _size_of(script, files)
    if now > MOST_TOGETHER and (before is None or now > _size_of(*before)):
        raise Conflict(
            _(
                "Mit seinen Dateien wäre das Drehbuch als JSON größer als 10 MB und ließe sich nicht wieder "
                "einlesen. Bitte verkleinern Sie Dateien, oder teilen Sie es auf."
            )
        )


def _size_of(script: Document, files: int) -> int:
    """As `write_script` writes it."""
    return len(json.dumps(script, ensure_ascii=False, indent=1).encode()) + files * 4 // 3


def check_files(files: Iterable[AttachedFile]) -> list[SentFile]:
    """Look at what a script holds. Raises ``ScriptError`` with every file that cannot be kept."""
    faults: list[Fault] = []
    found: list[SentFile] = []
    for each in files:
        place = f"{NOUNS[Attachment]} „{each.name}“"
        try:
            checked = check_file(
                SimpleUploadedFile(safe_name(each.called), each.content), tuple(Kind)
            )
        except ValidationError as error:
            faults.append(Fault(place, "content", error.messages[0]))
            continue
        if each.media_type and each.media_type.split(";")[0] != checked.media_type.split(";")[0]:
            [kind] = (one.label for one in Kind if one.media_type == checked.media_type)
            reason = _("Dem Inhalt nach ist das %(kind)s.") % {"kind": kind}
            faults.append(Fault(place, "media_type", reason))
        found.append(SentFile(each.name, checked))
    if said := too_much(len(found), bytes_of(found)):
        faults.append(Fault("Drehbuch", "attachments", said))
    if faults:
        raise ScriptError(faults)
    return found


def bytes_of(files: Iterable[FileAlong]) -> int:
    return sum(each.file.size if isinstance(each, SentFile) else each.upload.size for each in files)


def bytes_kept(files: "QuerySet[ScriptFile]") -> int:
    """The same of what a draft has."""
    size: int = files.aggregate(all=Sum("upload__size", default=0))["all"]
    return size


def uploads_of(actor: "User | None", files: Iterable[FileAlong]) -> list[tuple[str, int]]:
    """Name and upload of each file; what was sent is kept by it."""
    return [
        (
            each.name,
            keep_upload(actor=actor, file=each.file).pk
            if isinstance(each, SentFile)
            else each.upload_id,
        )
        for each in files
    ]
