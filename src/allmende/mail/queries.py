"""Reading what people want to hear, what they are still to be told, and the mail log."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from allmende.portal.offers import all_offers

from .models import Frequency, Message, MessageState, Notice, NoticeChoice

if TYPE_CHECKING:
    from allmende.accounts.models import User

DIGEST_HOUR = 7
USUAL = Frequency.DAILY
STUCK_AFTER = timedelta(hours=1)


def topics() -> dict[str, str]:
    """All topics that apps tell of, with their names in the language spoken now."""
    return {topic: str(name) for offer in all_offers() for topic, name in offer.notices.items()}


def last_digest(now: datetime, *, weekly: bool = False) -> datetime:
    """The latest moment at which digests were due: seven o'clock, of a Monday if ``weekly``."""
    moment = timezone.localtime(now).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    days = moment.weekday() if weekly else 0
    if moment - timedelta(days=days) > now:
        days += 7 if weekly else 1
    return moment - timedelta(days=days)


def with_frequency(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Add ``frequency``: what she chose for the topic, else for all, else what is usual."""
    hers = NoticeChoice.objects.filter(user=OuterRef("user"))
    return notices.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        frequency=Coalesce(
            Subquery(hers.filter(topic=OuterRef("topic")).values("frequency")),
            Subquery(hers.filter(topic="").values("frequency")),
            Value(USUAL.value),
        )
    )


def due_notices(now: datetime) -> QuerySet[Notice]:
    """Notices whose turn it is, with ``frequency``; also those that nobody wants to hear."""
    day, week = last_digest(now), last_digest(now, weekly=True)
    at_once = NoticeChoice.objects.filter(frequency=Frequency.IMMEDIATELY).values("user")
    untold = Notice.objects.filter(told_at=None, user__is_active=True)
    # Only those who have chosen it can have something due between two mornings: the rest of what
    # waits for the morning is not even looked at.
    may_be_due = untold.filter(Q(created_at__lt=day) | Q(user__in=at_once))
    return with_frequency(may_be_due).filter(
        Q(frequency=Frequency.IMMEDIATELY)
        | Q(frequency__in=(Frequency.DAILY, Frequency.NEVER), created_at__lt=day)
        | Q(frequency=Frequency.WEEKLY, created_at__lt=week)
    )


def first_told_at(key: str) -> datetime | None:
    """When the first of many people was told of this occasion; None if nobody was."""
    # By person, as they were told and as the index lies: of sixty thousand rows it reads one.
    told = Notice.objects.filter(key=key).order_by("user").values_list("created_at", flat=True)
    return told.first()


def frequencies_of(user_id: int) -> Mapping[str, str]:
    """What a person has chosen, by topic; ``""`` for all others."""
    return dict(NoticeChoice.objects.filter(user=user_id).values_list("topic", "frequency"))


def messages_to(user: "User") -> QuerySet[Message]:
    """All mails to a person, at any of her addresses; those that she merely claims are not hers."""
    others = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    hers = Q(recipient__iexact=user.email)
    for address in others:
        hers |= Q(recipient__iexact=address)
    return Message.objects.filter(hers)


def waiting_for_operator() -> QuerySet[Message]:
    """Failed messages, and those that a mail server has kept waiting for an hour."""
    stuck = Q(state=MessageState.QUEUED, created_at__lt=timezone.now() - STUCK_AFTER)
    return Message.objects.filter(Q(state=MessageState.FAILED) | (stuck & ~Q(error="")))


def get_message(number: int) -> Message:
    """One message of the log; raises ``Message.DoesNotExist``."""
    return Message.objects.get(pk=number)
