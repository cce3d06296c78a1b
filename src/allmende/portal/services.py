"""What changes in the frame. The audit log lies a storey above: what is kept here says itself who and when."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.storage import Storage
from django.db import models, transaction

from .models import Upload

if TYPE_CHECKING:
    from allmende.accounts.models import User

    from .uploads import CheckedFile

logger = logging.getLogger(__name__)
FOLDER = "uploads"


@transaction.atomic
def keep_upload(*, actor: "User | None", file: "CheckedFile") -> Upload:
    """Keep a checked file. Let something point at it in the same transaction: else it goes after a day."""
    return Upload.objects.create(
        file=file.content,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        width=file.width,
        height=file.height,
        uploaded_by=actor,
    )


def remove_upload(*, upload: Upload) -> None:
    """Remove a file; its bytes go once the transaction has succeeded."""
    file = upload.file
    upload.delete()
    transaction.on_commit(lambda: file.storage.delete(file.name))


def clear_uploads(before: datetime) -> int:
    """Remove files that nothing points at, and bytes whose transaction failed; say how many."""
    orphans = Upload.objects.filter(uploaded_at__lt=before)
    for relation in Upload._meta.related_objects:
        pointing = relation.field.model._default_manager.filter(
            **{relation.field.name: models.OuterRef("pk")}
        )
        orphans = orphans.exclude(models.Exists(pointing))
    removed = 0
    for upload in orphans:
        with transaction.atomic():
            remove_upload(upload=upload)
        removed += 1
    storage = Upload._meta.get_field("file").storage
    return removed + _clear_bytes(storage, before)


def _clear_bytes(storage: Storage, before: datetime) -> int:
    """Remove what lies in the folder and is in no row: a crash came between the two."""
    removed = 0
    folders = storage.listdir(FOLDER)[0] if storage.exists(FOLDER) else []
    for folder in folders:
        paths = {f"{FOLDER}/{folder}/{name}" for name in storage.listdir(f"{FOLDER}/{folder}")[1]}
        known = set(Upload.objects.filter(file__in=paths).values_list("file", flat=True))
        for path in sorted(paths - known):
            if storage.get_modified_time(path) < before:
                storage.delete(path)
                removed += 1
    return removed
