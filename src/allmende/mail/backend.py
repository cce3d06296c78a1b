"""The e-mail backend of the installation: all that Django and its libraries send is queued.

Delivery uses the backend that ``settings.MAIL_DELIVERY_BACKEND`` names.
"""

from collections.abc import Sequence
from email.utils import parseaddr
from uuid import uuid4

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from .services import queue_message


class QueueBackend(BaseEmailBackend):
    """Queues one message for each recipient, so that one refused address holds up no other."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                self._queue(message)
        return len(email_messages)

    def _queue(self, message: EmailMessage) -> None:
        if message.attachments or message.content_subtype != "plain":
            raise ValueError("mails are text, with HTML as alternative and nothing attached")
        headers = {name: str(value) for name, value in message.extra_headers.items()}
        if message.reply_to:
            headers["Reply-To"] = ", ".join(message.reply_to)
        for recipient in message.recipients():
            queue_message(
                key=f"django-{uuid4()}",
                to=parseaddr(recipient)[1] or recipient,
                sender=message.from_email,
                subject=str(message.subject),
                text=str(message.body),
                html=_html_of(message),
                headers=headers,
            )


def _html_of(message: EmailMessage) -> str | None:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(part[0]) for part in alternatives if part[1] == "text/html"), None)
