"""Carrying out a large file by a worker: still as a whole or not at all, and never lost.

Who wants it and that a worker has begun is written down before; the work itself is one transaction. A worker
that dies leaves the register as it was, and ``pick_up_imports`` lets another one begin anew.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.forum.services import Conflict

from ...models import ImportCheck
from ..jobs import waiting
from .carrying_out import carry_out_import
from .disputes import settle_disputes

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Nothing that is at work takes so long; one that was asked twice is carried out once all the same.
LOST_AFTER = timedelta(minutes=10)


def request_import(
    *, actor: "User", check: ImportCheck, file_wins: Collection[str] | None = ()
) -> None:
    """Let a worker carry it out; ``file_wins`` as in ``carry_out_import``.

    Asked again while it is under way, nothing more happens.

    Raises ``Conflict`` if it has faults or is carried out.
    """
    if check.fault_count:
        raise Conflict(_("Die Datei hat Fehler. Bitte verbessern Sie sie."))
    now = timezone.now()
    with transaction.atomic():
        open_ = ImportCheck.objects.filter(pk=check.pk, created_by=actor, carried_out_at=None)
        idle = open_.filter(Q(wanted_at=None) | ~Q(problem=""))
        if idle.update(wanted_at=now, started_at=None, problem=""):
            settle_disputes(check, file_wins=file_wins)
            _enqueue(check.pk)
        elif not open_.exists():
            raise Conflict(_("Diese Datei ist schon übernommen."))


def _enqueue(number: int) -> None:
    from ...tasks import carry_out

    carry_out.enqueue(number)


def carry_out_wanted(number: int) -> None:
    """Carry out what somebody has asked for, unless another worker is at it; why it cannot be done is kept
    for her page.
    """
    now = timezone.now()
    wanted = ImportCheck.objects.filter(pk=number, carried_out_at=None, problem="")
    wanted = wanted.exclude(wanted_at=None)
    idle = wanted.filter(Q(started_at=None) | Q(started_at__lt=now - LOST_AFTER))
    if not idle.update(started_at=now):
        return
    check = ImportCheck.objects.select_related("created_by").get(pk=number)
    with override(settings.LANGUAGE_CODE):
        try:
            if check.created_by is None:
                raise Conflict(_("Wer die Datei geladen hat, hat kein Konto mehr."))
            carry_out_import(actor=check.created_by, check=check)
        except Conflict as conflict:
            # Another worker may have carried it out meanwhile: then there is no problem.
            wanted.update(problem=str(conflict)[:500])
        except Exception:
            # Tried again it would fail again; who sent it is told, and whoever runs the installation by the log.
            wanted.update(
                problem=_(
                    "Dabei ist ein Fehler aufgetreten, und nichts wurde übernommen. Bitte wenden Sie sich an den Betrieb."
                )
            )
            raise


def pick_up_imports() -> int:
    """Let a worker begin anew with what another one has left lying; returns how many there are.

    What waits for its turn, however long, is not lost: it gets no second job.
    """
    before = timezone.now() - LOST_AFTER
    lost = ImportCheck.objects.filter(carried_out_at=None, problem="", wanted_at__lt=before)
    lost = lost.filter(Q(started_at=None) | Q(started_at__lt=before))
    numbers = set(lost.values_list("pk", flat=True))
    if numbers:
        from ...tasks import carry_out

        numbers -= waiting(carry_out)
    for number in numbers:
        with transaction.atomic():
            if lost.filter(pk=number).update(wanted_at=timezone.now(), started_at=None):
                _enqueue(number)
    return len(numbers)
