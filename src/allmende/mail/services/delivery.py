"""Delivering mails (docs/decisions/0012-mail-leaves-at-least-once.md).

A message is claimed by a conditional UPDATE, so that two workers never hold the same one, sent outside
of any transaction, and recorded. A program killed between sending and recording leaves it claimed.
Nobody can know then whether the mail left: it is sent again, with the same Message-ID, but only
``WINDOW`` after it was claimed. The same holds where the server vanishes in the middle.
"""

import logging
import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from ..letters import as_mail
from ..models import Message, MessageState

# How long nobody touches a message of which it is unknown whether it left. Longer than one delivery
# can take: a dozen exchanges with the server, each with settings.EMAIL_TIMEOUT.
WINDOW = timedelta(minutes=30)
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(days=1),
]
MOST_ATTEMPTS = len(PAUSES) + 1
MOST_AT_ONCE = 200
MOST_SECONDS = 45.0  # the tick has more to do, every minute
LOOK_AHEAD = 20
AWAY = "Der Mailserver ist nicht erreichbar"

log = logging.getLogger(__name__)


class Unreachable(Exception):  # noqa: N818
    """The mail server does not answer or does not let us in: no message is to blame."""


def deliver_due(*, most: int = MOST_AT_ONCE) -> bool:
    """Deliver what is due, over one connection; return whether that was everything.

    At most ``most`` messages, and none begun after ``MOST_SECONDS``. Never call it in a transaction.
    """
    if _is_away():
        return True
    _fail_what_ends_its_workers()
    until = time.monotonic() + MOST_SECONDS
    connection = mail.get_connection(settings.MAIL_DELIVERY_BACKEND)
    taken = 0
    try:
        for candidate in _due():
            if taken == most or time.monotonic() > until:
                return False
            _open(connection)
            if message := _claim(candidate):
                taken += 1
                _deliver(connection, message)
    except Unreachable as fault:
        _put_off(str(fault))
    finally:
        _close(connection)
    return True


def _due() -> Iterator[Message]:
    """What is due, urgent mails first: looked up anew after every few, so that those can overtake."""
    while True:
        now = timezone.now()
        left = Message.objects.filter(state=MessageState.SENDING, claimed_at__lte=now - WINDOW)
        queued = Message.objects.filter(state=MessageState.QUEUED, next_try_at__lte=now)
        found = [*left[:LOOK_AHEAD], *queued.order_by("priority", "next_try_at")[:LOOK_AHEAD]]
        if not found:
            return
        yield from found


def _claim(message: Message) -> Message | None:
    """Take a message, unless somebody else did since it was looked up."""
    now = timezone.now()
    same = Message.objects.filter(
        pk=message.pk, state=message.state, attempts=message.attempts, claimed_at=message.claimed_at
    )
    changes = {"state": MessageState.SENDING, "attempts": message.attempts + 1, "claimed_at": now}
    if not same.update(**changes):
        return None
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def _open(connection: BaseEmailBackend) -> None:
    """Connect, unless that is so already."""
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"{AWAY}: {_words(error)}") from error


def _close(connection: BaseEmailBackend) -> None:
    # All that mattered has been said: a server that does not say good-bye changes nothing.
    with suppress(OSError, smtplib.SMTPException):
        connection.close()


def _deliver(connection: BaseEmailBackend, message: Message) -> None:
    """Send a claimed message and record what came of it."""
    try:
        connection.send_messages([as_mail(message)])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # The connection may be in the middle of a sentence: the next message gets a new one.
        _close(connection)
        _record_failure(message, error)
    else:
        _record(
            message, state=MessageState.SENT, sent_at=timezone.now(), error="", **WITHOUT_CONTENT
        )


# What is left of a message for the log.
WITHOUT_CONTENT = {"text": "", "html": "", "headers": {}, "calendar": ""}


def _record(message: Message, **changes: object) -> None:
    """Record, unless the window has passed meanwhile and somebody else has taken the message."""
    Message.objects.filter(
        pk=message.pk, state=MessageState.SENDING, claimed_at=message.claimed_at
    ).update(**changes)


def _record_failure(message: Message, error: Exception) -> None:
    code = _code_of(error)
    log.warning("message %s, attempt %s: %s", message.pk, message.attempts, code or type(error))
    refused = code >= 500 or isinstance(error, (ValueError, smtplib.SMTPNotSupportedError))
    if refused or message.attempts >= MOST_ATTEMPTS:
        _record(message, state=MessageState.FAILED, error=_words(error))
        return
    pause = PAUSES[message.attempts - 1]
    # Without an answer the mail may have left: that is for the window to say.
    pause = pause if code else max(pause, WINDOW)
    _record(
        message,
        state=MessageState.QUEUED,
        next_try_at=timezone.now() + pause,
        error=_words(error),
    )


def _code_of(error: Exception) -> int:
    """The server's answer, such as 451; 0 where it gave none."""
    if isinstance(error, SMTPRecipientsRefused):
        return int(next(iter(error.recipients.values()))[0])
    return int(error.smtp_code) if isinstance(error, SMTPResponseException) else 0


def _words(error: Exception) -> str:
    """What the server said, for the operator."""
    words: bytes | str = f"{type(error).__name__}: {error}"
    if isinstance(error, SMTPRecipientsRefused):
        words = next(iter(error.recipients.values()))[1]
    elif isinstance(error, SMTPResponseException):
        words = error.smtp_error
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{_code_of(error) or ''} {said}".strip()[:500]


def _is_away() -> bool:
    """Whether the server was away within the last minute: to find out can take half of one."""
    now = timezone.now()
    soon = Message.objects.filter(next_try_at__gt=now, next_try_at__lte=now + PAUSES[0])
    return soon.filter(state=MessageState.QUEUED, error__startswith=AWAY).exists()


def _put_off(fault: str) -> None:
    """Let everything that is due wait a minute. That a server is down uses up no message's tries."""
    now = timezone.now()
    log.warning("the mail server cannot be reached")
    Message.objects.filter(state=MessageState.QUEUED, next_try_at__lte=now).update(
        next_try_at=now + PAUSES[0], error=fault[:500]
    )


def _fail_what_ends_its_workers() -> None:
    """A message during which ten programs in a row died is not tried an eleventh time."""
    Message.objects.filter(
        state=MessageState.SENDING,
        claimed_at__lte=timezone.now() - WINDOW,
        attempts__gte=MOST_ATTEMPTS,
    ).update(
        state=MessageState.FAILED,
        error="Bei jedem Versuch endete das Programm, das die Mail senden sollte.",
    )
