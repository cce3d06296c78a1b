"""Putting a mail into the queue. It leaves if, and only if, the caller's transaction succeeds."""

from collections.abc import Iterable, Mapping
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from ..models import Message, Priority


def queue_message(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    sender: str = "",
) -> Message:
    """Queue a mail to one address, and return it as it stands in the queue.

    For what a person must read at once, such as an invitation or a warning about her account; what
    she may read later or never goes through ``notify``. ``key`` names the occasion, such as
    ``registry.invitation-17``: queued twice under one key, it is one mail, and the first one counts.
    Keys are remembered as long as the mail log (30 days). Without ``html`` it is made of the text.
    Put no secret into the subject: the operator's desk shows it.
    """
    fresh = new_message(
        key=key, to=to, subject=subject, text=text, html=html, headers=headers, sender=sender
    )
    with transaction.atomic():
        Message.objects.bulk_create([fresh], ignore_conflicts=True)
        message = Message.objects.get(key=key)
        if message.message_id == fresh.message_id:
            deliver_soon()
    return message


def queue_messages(messages: Iterable[Message]) -> None:
    """Queue many mails made by ``new_message`` at once, behind single ones.

    Those whose key is there already are left out.
    """
    many = list(messages)
    for message in many:
        message.priority = Priority.IN_TURN
    Message.objects.bulk_create(many, batch_size=500, ignore_conflicts=True)
    deliver_soon()


def new_message(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    sender: str = "",
    priority: Priority = Priority.AT_ONCE,
    calendar: str = "",
) -> Message:
    """A message that is not stored yet. A line break in the subject would begin another header.

    ``calendar`` is an iCalendar file with its method: the mail offers it to the reader's calendar.
    What frames the text is in the language that is spoken now: see ``portal.languages.in_language_of``.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return Message(
        key=key,
        message_id=make_msgid(domain=domain),
        priority=priority,
        sender=sender,
        recipient=to,
        subject=" ".join(subject.split())[:250],
        text=text,
        html=html or "",
        language=get_language() or settings.LANGUAGE_CODE,
        headers=dict(headers or {}),
        calendar=calendar,
    )


def deliver_soon() -> None:
    """Ask a worker to deliver, once the transaction has succeeded; without a worker, the tick does."""
    from ..tasks import deliver

    deliver.using(priority=10).enqueue()
