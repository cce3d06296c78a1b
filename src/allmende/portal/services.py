"""What changes in the frame. The audit log lies a storey above and offers to be written into."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import Storage
from django.core.mail import send_mail
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from .languages import in_language_of
from .models import BarrierReport, PageVersion, Upload
from .offers import record
from .queries import LONGEST_TASK, Job

if TYPE_CHECKING:
    from allmende.accounts.models import User

    from .legal import LegalPage
    from .uploads import CheckedFile

FOLDER = "uploads"


class Conflict(Exception):  # noqa: N818
    """The change no longer fits; the message says why and what to do, in the reader's language."""


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
    for field in keys_to(Upload):
        pointing = field.model._base_manager.filter(**{field.name: models.OuterRef("pk")})
        orphans = orphans.exclude(models.Exists(pointing))
    removed = 0
    for upload in orphans:
        with transaction.atomic():
            remove_upload(upload=upload)
        removed += 1
    storage = Upload._meta.get_field("file").storage
    return removed + _clear_bytes(storage, before)


def keys_to(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    """Every foreign key that points at ``model``, also those without a way back (``related_name="+"``)."""
    return [
        relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    ]


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


def save_page(*, actor: "User", page: "LegalPage", title: str, text: str, seen: int) -> PageVersion:
    """Save what a legal page says from now on.

    ``seen`` is the number of the version that the editor had before her (0: the template). Raises
    ``Conflict`` if somebody else has saved another since.
    """
    try:
        with transaction.atomic():
            newest = PageVersion.objects.filter(slug=page.slug).first()
            if (newest.number if newest else 0) != seen:
                raise IntegrityError
            version = PageVersion.objects.create(
                slug=page.slug, number=seen + 1, title=title, text=text, saved_by=actor
            )
            record(actor=actor, deed="portal.save_page", obj=version)
            return version
    except IntegrityError:
        raise Conflict(
            _(
                "Inzwischen hat jemand anderes diese Seite gespeichert. Ihr Text steht noch unten und ist "
                "nicht verloren. Vergleichen Sie ihn mit dem neuen und speichern Sie dann noch einmal."
            )
        ) from None


@transaction.atomic
def report_barrier(*, page: str, text: str, email: str) -> BarrierReport:
    """Keep what somebody could not use, and tell the operators.

    Their mail says nothing of it: what was said, and by whom, stays here.
    """
    report = BarrierReport.objects.create(page=page, text=text, email=email)
    operators = get_user_model().objects.filter(is_operator=True, is_active=True)
    for operator in operators:
        with in_language_of(operator):
            send_mail(
                _("Allmende: Rückmeldung %(number)s zu einer Barriere") % {"number": report.pk},
                _(
                    "Jemand konnte eine Seite nicht benutzen und hat es uns geschrieben.\n\n"
                    "%(url)s\n\nBitte antworten Sie innerhalb eines Monats.\n"
                )
                % {"url": f"{settings.ORIGIN}{reverse('desk_reports')}"},
                None,
                [operator.email],
            )
    return report


@transaction.atomic
def settle_report(*, actor: "User", report: BarrierReport) -> None:
    """Say that a message has been dealt with. Raises ``Conflict`` if it was before."""
    settled = BarrierReport.objects.filter(pk=report.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=actor
    )
    if settled == 0:
        raise Conflict(_("Diese Rückmeldung ist schon erledigt."))
    record(actor=actor, deed="portal.settle_report", obj=report)


@transaction.atomic
def repeat_job(*, actor: "User", job: Job) -> None:
    """Let a worker try again what failed, or what was lost with a worker. Raises ``Conflict`` else."""
    lost = Q(status="RUNNING", started_at__lt=timezone.now() - LONGEST_TASK)
    asked = DBTaskResult.objects.filter(Q(status="FAILED") | lost, pk=job.pk).update(
        status="READY", started_at=None, finished_at=None, exception_class_path="", traceback=""
    )
    if asked == 0:
        raise Conflict(_("Dieser Auftrag ist inzwischen nicht mehr gescheitert."))
    record(actor=actor, deed="portal.repeat_job", obj=job, task=job.task_path)
