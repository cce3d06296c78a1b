"""Gathering notices into one mail a person.

The mail is stored and its notices are marked as told in one transaction, and only if nobody else has
marked one of them meanwhile: a notice is in exactly one mail, whoever gathers and wherever it stops.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from allmende.portal.languages import in_language_of

from ..letters import digest_of
from ..models import Frequency, Message, Notice, Priority
from ..queries import due_notices, topics
from .queue import deliver_soon, new_message

PEOPLE_AT_ONCE = 200  # each a mail; in one transaction, which must stay short
MOST_ROUNDS = 25


class _SomebodyElseGathers(Exception):  # noqa: N818
    """A notice has been told since it was looked up."""


def gather_digests(*, now: datetime | None = None) -> int:
    """Make a mail for everybody who has notices due now; return how many mails.

    What is left after ``MOST_ROUNDS`` is for the next call.
    """
    moment = now or timezone.now()
    mails = 0
    for _ in range(MOST_ROUNDS):
        notices = _next_notices(moment)
        if not notices:
            break
        try:
            mails += _gather(notices, moment)
        except _SomebodyElseGathers:
            break
    return mails


def _next_notices(now: datetime) -> list[Notice]:
    """All due notices of the next people."""
    due = due_notices(now)
    people = due.order_by("user").values_list("user", flat=True).distinct()[:PEOPLE_AT_ONCE]
    return list(due.filter(user__in=list(people)).select_related("user").order_by("user", "pk"))


@transaction.atomic
def _gather(notices: Sequence[Notice], now: datetime) -> int:
    keys = [notice.pk for notice in notices]
    if Notice.objects.filter(pk__in=keys, told_at=None).update(told_at=now) != len(keys):
        raise _SomebodyElseGathers
    wanted = (notice for notice in notices if notice.frequency != Frequency.NEVER)
    messages = [
        _digest(list(hers)) for _, hers in groupby(wanted, key=lambda notice: notice.user_id)
    ]
    Message.objects.bulk_create(messages)
    if messages:
        deliver_soon()
    return len(messages)


def _digest(notices: Sequence[Notice]) -> Message:
    with in_language_of(notices[0].user):
        digest = digest_of(notices, topics())
        return new_message(
            key=f"mail.digest-{notices[0].user_id}-{notices[-1].pk}",
            to=notices[0].user.email,
            subject=digest.subject,
            text=digest.text,
            html=digest.html,
            headers=digest.headers,
            priority=Priority.IN_TURN,
        )
