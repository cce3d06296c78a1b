"""Reading what the frame keeps."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from . import offers
from .legal import ENGLISH, PAGES, LegalPage, PageText, as_text, template_of
from .logs import masked
from .models import BarrierReport, PageVersion, RetentionRun
from .retention import how_long

Job: TypeAlias = DBTaskResult[Any, Any]
# A task that has run for so long has lost its worker.
LONGEST_TASK = timedelta(hours=1)
STATES = {
    "READY": _("Wartet"),
    "RUNNING": _("Läuft"),
    "FAILED": _("Gescheitert"),
    "SUCCESSFUL": _("Erledigt"),
}
COLOURS = {"READY": "info", "RUNNING": "info", "FAILED": "danger", "SUCCESSFUL": "success"}


@dataclass(frozen=True)
class DeskLine:
    """An entry of the desk with what waits there now."""

    label: str
    note: str
    url_name: str
    waiting: int | None


@dataclass(frozen=True)
class KindOfData:
    """A kind of data, how long it is kept, and when it was last cleared."""

    key: str
    kind: str
    period: str
    why: str
    last: RetentionRun | None
    is_kept_for_good: bool


def desk_lines() -> list[DeskLine]:
    """What the operator's desk lists."""
    return [
        DeskLine(
            label=str(entry.label),
            note=str(entry.note),
            url_name=entry.url_name,
            waiting=entry.waiting() if entry.waiting else None,
        )
        for entry in offers.desk()
    ]


def kinds_of_data() -> list[KindOfData]:
    """Every kind with its latest run; two questions to the database, however many there are."""
    newest = RetentionRun.objects.filter(key=OuterRef("key")).values("pk")[:1]
    latest = {
        run.key: run
        for run in RetentionRun.objects.annotate(newest=Subquery(newest)).filter(
            pk=models.F("newest")
        )
    }
    return [
        KindOfData(
            key=kind.key,
            kind=str(kind.kind),
            period=how_long(kind),
            why=str(kind.why),
            last=latest.get(kind.key),
            is_kept_for_good=kind.period is None,
        )
        for kind in offers.retention()
    ]


def jobs(*, state: str = "", words: str = "") -> models.QuerySet[Job]:
    """Background work, newest first."""
    found = DBTaskResult.objects.order_by("-enqueued_at", "-pk")
    if state:
        found = found.filter(status=state)
    if words:
        found = found.filter(task_path__icontains=words)
    return found


@dataclass(frozen=True)
class JobLine:
    """A piece of background work in words."""

    job: Job
    name: str
    state: str
    colour: str
    error: str
    can_be_repeated: bool


def job_line(job: Job) -> JobLine:
    """What the list says of one. Its arguments stay out: they may name people."""
    lost = is_lost(job)
    last_line = job.traceback.strip().rsplit("\n", maxsplit=1)[-1]
    return JobLine(
        job=job,
        name=job.task_path.removeprefix("allmende."),
        state=gettext("Verloren") if lost else str(STATES[job.status]),
        colour="warning" if lost else COLOURS[job.status],
        error=masked(last_line)[:300],
        can_be_repeated=lost or job.status == "FAILED",
    )


def get_job(job: UUID) -> Job:
    """One piece of background work, or ``DoesNotExist``."""
    return DBTaskResult.objects.get(pk=job)


def is_lost(job: Job) -> bool:
    """Whether its worker has died."""
    return (
        job.status == "RUNNING"
        and job.started_at is not None
        and job.started_at < timezone.now() - LONGEST_TASK
    )


def failed_jobs() -> int:
    return DBTaskResult.objects.failed().count()


def failed_clearings() -> int:
    """Kinds whose run of today failed."""
    return RetentionRun.objects.filter(day=timezone.localdate()).exclude(error="").count()


def open_reports() -> int:
    return BarrierReport.objects.filter(settled_at=None).count()


def get_report(number: int) -> BarrierReport:
    """One message about a barrier, or ``DoesNotExist``."""
    return BarrierReport.objects.get(pk=number)


def page_text(page: LegalPage) -> PageText:
    """What a legal page says now."""
    newest = PageVersion.objects.filter(slug=page.slug).select_related("saved_by").first()
    return as_text(newest) if newest else template_of(page)


def page_text_in(language: str, page: LegalPage) -> PageText:
    """The same for a reader of this language; German where hers is not written or older."""
    german = page_text(page)
    translation = ENGLISH.get(f"{page.slug}-{language}")
    if translation is None:
        return german
    translated = page_text(translation)
    return german if _is_newer(german, translated) else translated


def _is_newer(german: PageText, translated: PageText) -> bool:
    """Templates, which nobody has saved, are as old as each other and older than all that was."""
    if german.saved_at is None:
        return False
    return translated.saved_at is None or translated.saved_at < german.saved_at


def all_page_texts() -> list[PageText]:
    """What all legal pages say now."""
    newest = PageVersion.objects.filter(slug=OuterRef("slug")).values("pk")[:1]
    saved = {
        version.slug: as_text(version)
        for version in PageVersion.objects.annotate(newest=Subquery(newest))
        .filter(pk=models.F("newest"))
        .select_related("saved_by")
    }
    return [saved.get(page.slug) or template_of(page) for page in PAGES.values()]


def pages_with_gaps() -> int:
    """How many legal pages still wait for the operator."""
    return len(unfinished_pages())


def unfinished_pages() -> list[PageText]:
    """Legal pages with gaps. In English they may stay unwritten."""
    return [
        text
        for text in all_page_texts()
        if text.gaps and (text.number or text.page.slug not in ENGLISH)
    ]


def versions_of(page: LegalPage) -> models.QuerySet[PageVersion]:
    """All texts of a page that were saved, newest first."""
    return PageVersion.objects.filter(slug=page.slug).select_related("saved_by")


def get_page(slug: str) -> LegalPage:
    """One of the legal pages, or 404."""
    if slug not in PAGES:
        raise Http404
    return PAGES[slug]


def get_version(slug: str, number: int) -> PageText:
    """A page in one of its versions, the template (0) included; else 404 or ``DoesNotExist``."""
    page = get_page(slug)
    if number == 0:
        return template_of(page)
    return as_text(versions_of(page).get(number=number))


def reports(*, which: str = "") -> models.QuerySet[BarrierReport]:
    """Messages about barriers: those still open, settled ones, or all."""
    found = BarrierReport.objects.select_related("settled_by")
    if which == "alle":
        return found
    return found.filter(settled_at__isnull=which != "erledigt")
