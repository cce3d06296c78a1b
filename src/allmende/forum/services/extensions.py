"""More time for an answer: once for each concern, with a reason that everybody reads."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Right
from allmende.registry.queries import mandates_with

from ..models import Concern, Extension
from ..queries import plan_extension, possible_days
from ..queries.bulk import done_extension
from .assignments import overtaken_by_others
from .errors import Conflict

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def extend_answers(
    *, actor: "User", keys: Sequence[int], last_day: date, reason: str, seen: str
) -> int:
    """Move the date of these answers to the end of a later day, as far as that is possible; how many.

    ``seen`` is the edition of the plan that the actor has read. Raises ``Overtaken`` if it would be
    another one by now, ``Conflict`` if there is nothing to move, or the day is not later for all of it or
    more weeks later than the Alliance gives an answer.
    Those who follow the concerns are told by the tick. Asked for the same once more, it returns what it has
    done, whatever the keys.
    """
    plan = plan_extension(actor, keys)
    due = timezone.make_aware(datetime.combine(last_day, time(23, 59, 59)))
    if plan.edition != seen:
        if count := done_extension(actor, due, reason, seen):  # clicked twice
            return count
        raise overtaken_by_others(plan)
    if not plan.concerns:
        raise Conflict(_("Davon lässt sich keine Frist verlängern."))
    earliest, latest = possible_days(plan.concerns)
    if last_day < earliest:
        raise Conflict(_("Dieser Tag liegt nicht nach der bisherigen Frist."))
    if last_day > latest:
        raise Conflict(
            _(
                "Dieser Tag liegt zu weit nach der bisherigen Frist. Bitte wählen Sie einen früheren."
            )
        )
    for concern in plan.concerns:
        _extend(concern, due, actor=actor, reason=reason)
    return len(plan.concerns)


def _extend(concern: Concern, due: datetime, *, actor: "User", reason: str) -> None:
    before, ministry = concern.answer_due, concern.ministry
    assert before is not None  # noqa: S101  the plan has asked for both
    assert ministry is not None  # noqa: S101
    mandate = mandates_with(Right.RELEASE, actor, ministry)[0]
    Extension.objects.create(
        concern=concern,
        before=before,
        after=due,
        reason=reason,
        extended_by=actor,
        mandate=mandate,
    )
    concern.answer_due = due
    concern.save(update_fields=["answer_due"])
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.extend_answer",
        obj=concern,
        reason=reason,
        before=before.isoformat(),
        after=due.isoformat(),
    )
