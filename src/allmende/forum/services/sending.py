"""When enough have co-signed: a concern goes to its ministry, once it has a position to answer.

All of this happens in the transaction of whoever completes it: the co-signature that reaches the quorum,
the seal on the position, the choice of the ministry.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from allmende.audit.services import audited, record

from ..models import Concern, ConcernState
from ..queries import quorum_of, responsible_ministry, terms
from .errors import Conflict
from .way import QUORUM, TOPIC, advance
from .way_notices import tell_followers_of_quorum, tell_ministry

WHY_SENT = gettext_noop("Das Quorum ist erreicht und die Position versiegelt.")


def choose_ministry(*, concern: Concern) -> None:
    """Let the ministry that is responsible for its topic answer it, unless one was chosen before."""
    if concern.ministry_id is not None or (found := responsible_ministry(concern)) is None:
        return
    if Concern.objects.filter(pk=concern.pk, ministry=None).update(ministry=found):
        concern.ministry = found
        record(
            actor=None,
            mandate=TOPIC,
            deed="forum.choose_ministry",
            obj=concern,
            ministry=found.slug,
        )


@audited
def reach_quorum(*, concern: Concern) -> bool:
    """Note that enough have co-signed, if so and for the first time, and send what can be sent.

    It stays reached, also if somebody withdraws before it is sent. Returns whether it was reached now.
    """
    concern.refresh_from_db()
    quorum = quorum_of(concern)
    if concern.quorum_at is not None or not quorum.is_reached:
        return False
    now = timezone.now()
    if not Concern.objects.filter(pk=concern.pk, quorum_at=None).update(quorum_at=now):
        return False
    concern.quorum_at = now
    record(
        actor=None,
        mandate=QUORUM,
        deed="forum.reach_quorum",
        obj=concern,
        municipalities=quorum.municipalities,
        laender=quorum.laender,
        associations=quorum.associations,
    )
    choose_ministry(concern=concern)
    if not send_if_ready(concern=concern):
        tell_ministry(concern)
        tell_followers_of_quorum(concern)
    return True


@audited
def send_if_ready(*, concern: Concern) -> bool:
    """Send a concern to its ministry if it has reached the quorum, a sealed position and a ministry.

    The clock of the answer starts now: a ministry can answer only what it has in hand. What is
    confidential is sent after its deadline. Returns whether it was sent now; the concern is read anew.
    """
    concern.refresh_from_db()
    is_ready = (
        concern.state == ConcernState.POSITION
        and concern.quorum_at is not None
        and concern.ministry_id is not None
        and not concern.hides_voices
        and concern.sealed_positions.exists()
    )
    if not is_ready:
        return False
    now = timezone.now()
    last_day = timezone.localdate(now) + timedelta(weeks=terms().answer_weeks)
    due = timezone.make_aware(datetime.combine(last_day, time(23, 59, 59)))
    advance(
        concern=concern,
        since=ConcernState.POSITION,
        to=ConcernState.SENT,
        deed="forum.send_concern",
        actor=None,
        mandate=None,
        conflict=_("Das Anliegen liegt schon beim Ministerium."),
        reason=WHY_SENT,
        rule=QUORUM,
        changes={"sent_at": now, "answer_due": due},
        ministry=concern.ministry.slug if concern.ministry else "",
        answer_due=due.isoformat(),
    )
    tell_ministry(concern)
    return True


def send_what_waited() -> None:
    """Send what was ready but confidential, once its deadline has passed; for the tick."""
    ready = Concern.objects.filter(
        state=ConcernState.POSITION,
        quorum_at__isnull=False,
        ministry__isnull=False,
        deadline__lte=timezone.now(),
        sealed_positions__isnull=False,
    ).distinct()
    for concern in ready:
        try:
            send_if_ready(concern=concern)
        except Conflict:  # somebody else was quicker
            continue
