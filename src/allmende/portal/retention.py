"""How long data are kept: carried out once a day, and written down in one table.

Each app names its kinds in its ``Offer`` (``retention``). ``clear_what_is_due`` is part of every
``allmende tick``; ``table`` is what docs/reference/retention.md and the page on data protection show.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import RetentionRun
from .offers import Retention, retention

logger = logging.getLogger(__name__)
# A run that has not ended by then was killed; another tick takes it over.
LONGEST_RUN = timedelta(hours=1)


def clear_what_is_due() -> None:
    """Clear every kind that has not been cleared today; one that fails does not stop the others."""
    now = timezone.now()
    done = set(
        RetentionRun.objects.filter(
            day=timezone.localdate(now), finished_at__isnull=False
        ).values_list("key", flat=True)
    )
    for kind in retention():
        if kind.period is not None and kind.key not in done:
            run = _begin(kind, now)
            if run is not None:
                _clear(kind, kind.period, run)


def _begin(kind: Retention, now: datetime) -> RetentionRun | None:
    """Take today's run of this kind, unless another tick is at it."""
    day = timezone.localdate(now)
    try:
        with transaction.atomic():
            return RetentionRun.objects.create(key=kind.key, day=day, started_at=now)
    except IntegrityError:
        killed = RetentionRun.objects.filter(
            key=kind.key, day=day, finished_at=None, started_at__lt=now - LONGEST_RUN
        )
        taken = killed.update(started_at=now)
        return RetentionRun.objects.get(key=kind.key, day=day) if taken else None


def _clear(kind: Retention, period: timedelta, run: RetentionRun) -> None:
    try:
        run.removed = kind.clear(run.started_at - period)
    except Exception as error:
        logger.exception("%s could not be cleared", kind.key)
        run.error = f"{type(error).__name__}: {error}"[:1_000]
    run.finished_at = timezone.now()
    run.save(update_fields=["removed", "error", "finished_at"])


def table() -> list[tuple[str, str, str]]:
    """Kind, period in words, and why; the shortest first."""
    kinds = sorted(retention(), key=lambda kind: (kind.period or timedelta.max, str(kind.kind)))
    return [(str(kind.kind), how_long(kind), str(kind.why)) for kind in kinds]


def how_long(kind: Retention) -> str:
    """How long a kind is kept, as people say it."""
    return _("bis das Konto gelöscht wird") if kind.with_account else in_words(kind.period)


def in_words(period: timedelta | None) -> str:
    """A period as people say it.

    >>> in_words(timedelta(days=730)), in_words(timedelta(days=1)), in_words(None)
    ('2 Jahre', '1 Tag', 'auf Dauer')
    """
    if period is None:
        return _("auf Dauer")
    days = period.days
    if days >= 365 and days % 365 == 0:
        years = days // 365
        return ngettext("%(number)s Jahr", "%(number)s Jahre", years) % {"number": years}
    if days == 0:
        return _("sofort")
    return ngettext("%(number)s Tag", "%(number)s Tage", days) % {"number": days}


def as_markdown() -> str:
    """The table as docs/reference/retention.md shows it."""
    rows = "\n".join(f"| {kind} | {period} | {why} |" for kind, period, why in table())
    head = " | ".join((_("Was"), _("Wie lange"), _("Wofür, und warum nicht länger")))
    return f"| {head} |\n|---|---|---|\n{rows}\n"
