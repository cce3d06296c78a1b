"""When the dump is due: once a night, asked for by ``allmende tick`` and written by ``allmende worker``."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from . import dumps

FROM_HOUR = 2  # o'clock, when hardly anybody works
# By then a task has ended or lost its worker, and another one is asked for.
LONGEST = timedelta(hours=6)


def is_due() -> bool:
    """Whether there is no dump of today yet; on a new installation it does not wait for the night."""
    newest = dumps.newest()
    if newest is None:
        return True
    now = timezone.localtime()
    return timezone.localdate(newest.at) < now.date() and now.hour >= FROM_HOUR


def ask_for_dump() -> bool:
    """For the tick: put a task into the queue if it is due and none waits; return whether it did."""
    from ..tasks import dump_open_data

    if not is_due():
        return False
    waiting = DBTaskResult.objects.filter(
        task_path=dump_open_data.module_path,
        status__in=("READY", "RUNNING"),
        enqueued_at__gt=timezone.now() - LONGEST,
    )
    if waiting.exists():
        return False
    dump_open_data.enqueue()
    return True
