"""Files from outside: found out what they are, kept under a random name, never shown inline.

A form takes a file with ``UploadField``, whose value a service gives to ``services.keep_upload``; a
view answers with ``download(upload)``::

    class EvidenceForm(forms.Form):
        document = UploadField(label="Beschluss")

    form = EvidenceForm(request.POST, request.FILES)      # and enctype="multipart/form-data"
    upload = keep_upload(actor=request.user, file=form.cleaned_data["document"])

Name and announced type say nothing about a file. It counts as what its content is, and the ending of
its name must say the same.
"""

import hashlib
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse, HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.formats.file_kinds import kind_of_file

from .models import Upload

MEGABYTE = 1024 * 1024
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_NAME = 100
MOST_PARTS = 2_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_ABOUT_TYPE = 256 * 1024
# Windows opens devices under these names.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Kind(Enum):
    """What may be sent: a name for people, the media type, and the endings of file names."""

    PDF = ("PDF", "application/pdf", (".pdf",))
    PNG = ("PNG", "image/png", (".png",))
    JPEG = ("JPEG", "image/jpeg", (".jpg", ".jpeg"))
    DOCX = (
        "Word (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
    )
    ODT = ("OpenDocument (ODT)", "application/vnd.oasis.opendocument.text", (".odt",))
    # Without saying how it is written, some telephones show no umlauts.
    TEXT = ("Text (TXT)", "text/plain; charset=utf-8", (".txt",))

    def __init__(self, label: str, media_type: str, endings: tuple[str, ...]) -> None:
        self.label = label
        self.media_type = media_type
        self.endings = endings


# What counts as a document; bare text is for who asks for it.
DOCUMENTS = tuple(kind for kind in Kind if kind != Kind.TEXT)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept."""

    content: UploadedFile
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


class UploadField(forms.FileField):
    """Takes a file whose content is of one of ``kinds``; its value is a ``CheckedFile``."""

    def __init__(self, *, kinds: Iterable[Kind] = DOCUMENTS, **kwargs: Any) -> None:
        self.kinds = tuple(kinds)
        endings = ",".join(ending for kind in self.kinds for ending in kind.endings)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": endings}))
        kwargs.setdefault("help_text", lazy(self._help, str)())
        super().__init__(**kwargs)
        self.error_messages["required"] = gettext_lazy("Bitte wählen Sie eine Datei aus.")
        self.error_messages["empty"] = gettext_lazy(
            "Die Datei ist leer. Bitte prüfen Sie sie und wählen Sie sie noch einmal aus."
        )

    def _help(self) -> str:
        what = {"kinds": _listed(self.kinds), "limit": _limit()}
        return _("%(kinds)s, höchstens %(limit)s.") % what

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        file = super().clean(data, initial)
        return check_file(file, self.kinds) if isinstance(file, UploadedFile) else None


def check_file(file: UploadedFile, kinds: tuple[Kind, ...] = DOCUMENTS) -> CheckedFile:
    """Find out what a file is. Raises ``ValidationError`` with a German sentence that says what to do."""
    size = file.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _(
                "Die Datei ist größer als %(limit)s. Bitte verkleinern Sie sie oder teilen Sie sie auf."
            )
            % {"limit": _limit()}
        )
    name = safe_name(file.name or "")
    try:
        kind = _kind_of(file)
        width, height = _pixels(file) if kind in {Kind.PNG, Kind.JPEG} else (None, None)
    except _Damaged:
        raise ValidationError(
            _(
                "Die Datei ist beschädigt oder enthält mehr, als zu ihr gehört. "
                "Bitte speichern Sie sie neu ab und senden Sie sie dann noch einmal."
            )
        ) from None
    if kind is None or kind not in kinds:
        raise ValidationError(
            _(
                "Diese Art von Datei nehmen wir nicht an. Möglich sind: %(kinds)s. "
                "Bitte speichern Sie Ihr Dokument in einem dieser Formate."
            )
            % {"kinds": _listed(kinds)}
        )
    if not name.lower().endswith(kind.endings):
        raise ValidationError(
            _(
                "Dem Inhalt nach ist das eine Datei der Art %(kind)s, ihr Name sagt etwas anderes. "
                "Bitte geben Sie ihr die Endung %(ending)s."
            )
            % {"kind": kind.label, "ending": kind.endings[0]}
        )
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return CheckedFile(file, name, kind.media_type, size, digest, width, height)


def safe_name(name: str) -> str:
    """A file name that is harmless on every system: no path, no control or direction characters.

    >>> safe_name("../../etc/Beschluss: 12.pdf")
    'Beschluss_ 12.pdf'
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    name = "".join(sign for sign in name if not unicodedata.category(sign).startswith("C"))
    name = " ".join(re.sub(r'[<>:"|?*;]', "_", name).split()).lstrip(". ")
    stem, ending = Path(name).stem, Path(name).suffix[:10]
    stem = stem[: LONGEST_NAME - len(ending)].strip(". ") or "Datei"
    return f"_{stem}{ending}" if DEVICES.fullmatch(stem) else f"{stem}{ending}"


@contextmanager
def as_path(file: UploadedFile) -> Iterator[Path]:
    """What was sent as a file on disk, for readers that take a path; it is gone again afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, safe_name(file.name or ""))
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield path


def download(upload: Upload) -> FileResponse:
    """Answer with a file: to be saved, never to be shown by the browser as a page of ours."""
    response = FileResponse(
        upload.file.open("rb"),
        as_attachment=True,
        filename=upload.name,
        content_type=upload.media_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class CappedUpload(FileUploadHandler):
    """Stops keeping what is sent beyond the limit, so that nobody fills memory or disk.

    The file that the form gets is then a little larger than allowed, and the form says so.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.received > settings.UPLOAD_MAX_BYTES:
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""


class _Damaged(Exception):  # noqa: N818
    """It begins like a kind that we know and is not one."""


def _kind_of(file: IO[bytes] | UploadedFile) -> Kind | None:
    file.seek(0)
    head = file.read(8)
    for start, examine in _STARTS.items():
        if head.startswith(start):
            kind = examine(file)
            # Archives are read from their end, so a picture or a PDF can be one at the same time.
            if examine is not _office and zipfile.is_zipfile(file):
                raise _Damaged
            return kind
    return Kind.TEXT if _is_text(file) else None


def _is_text(file: IO[bytes] | UploadedFile) -> bool:
    """Whether it is UTF-8 that nobody takes for a page, a program or data, without signs that are not seen."""
    if kind_of_file(file) is not None:
        return False
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not UNSEEN.search(text)


def _pdf(file: Any) -> Kind:
    file.seek(max(0, file.size - 2048))
    if b"%%EOF" not in file.read():
        raise _Damaged
    return Kind.PDF


def _png(file: Any) -> Kind:
    file.seek(max(0, file.size - 12))
    # The last chunk is empty and ends the file: what comes after it is no picture.
    if file.read() != b"\0\0\0\0IEND\xaeB`\x82":
        raise _Damaged
    return Kind.PNG


def _jpeg(file: Any) -> Kind:
    # Telephones write notes of their own behind the picture, so its end need not be the file's.
    file.seek(0)
    if b"\xff\xd9" not in file.read():
        raise _Damaged
    return Kind.JPEG


def _office(file: Any) -> Kind | None:
    """DOCX or ODT, by what the archive says of itself. Macros are not taken."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if (
                len(parts) > MOST_PARTS
                or len(set(names)) != len(names)
                or sum(part.file_size for part in parts) > MOST_UNPACKED
            ):
                raise _Damaged
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
                return None
            if "mimetype" in names:
                said = _begin(archive, "mimetype")
                return Kind.ODT if said == Kind.ODT.media_type.encode() else None
            if {"[Content_Types].xml", "word/document.xml"} <= set(names):
                said = _begin(archive, "[Content_Types].xml")
                return Kind.DOCX if f"{Kind.DOCX.media_type}.main+xml".encode() in said else None
            return None
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise _Damaged from None
    except Exception as error:
        # zlib and lzma raise classes of their own.
        if type(error).__module__ in {"zlib", "_lzma", "lzma"}:
            raise _Damaged from None
        raise


def _begin(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as stream:
        return stream.read(MOST_ABOUT_TYPE)


_STARTS: dict[bytes, Callable[[Any], Kind | None]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"PK\x03\x04": _office,
}


def _pixels(file: UploadedFile) -> tuple[int, int]:
    """Width and height; reads the head of the image first, so that a bomb is not unpacked."""
    from PIL import Image

    try:
        file.seek(0)
        with Image.open(file, formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > settings.UPLOAD_MAX_PIXELS:
                raise ValidationError(
                    _("Das Bild hat mehr als %(number)s Megapixel. Bitte verkleinern Sie es.")
                    % {"number": settings.UPLOAD_MAX_PIXELS // 1_000_000}
                )
            image.verify()
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise ValidationError(_("Das Bild ist viel zu groß. Bitte verkleinern Sie es.")) from None
    except Exception:
        raise _Damaged from None
    return width, height


def _listed(kinds: tuple[Kind, ...]) -> str:
    labels = [kind.label for kind in kinds]
    if len(labels) == 1:
        return labels[0]
    return _("%(others)s oder %(last)s") % {"others": ", ".join(labels[:-1]), "last": labels[-1]}


def _limit() -> str:
    return f"{settings.UPLOAD_MAX_BYTES // MEGABYTE} MB"
