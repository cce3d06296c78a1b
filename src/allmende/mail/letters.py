"""What a mail looks like: text, and HTML made of the same words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from .models import Message, Notice

MOST_OF_A_TOPIC = 20
SALT = "allmende.mail.unsubscribe"
CALENDAR_METHOD = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)
# No answer by machines: https://www.rfc-editor.org/rfc/rfc3834
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The message as it leaves, with the Message-ID that it was given when it was queued."""
    frame = {"message": message, "subject": message.subject, "origin": settings.ORIGIN}
    with override(message.language):
        text = render_to_string("mail/message.txt", frame)
        html = message.html or render_to_string("mail/message.html", frame)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        from_email=message.sender or settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        headers=AUTOMATIC | message.headers | {"Message-ID": message.message_id},
    )
    mail.attach_alternative(html, "text/html")
    if message.calendar:
        # As one more reading of the mail: https://www.rfc-editor.org/rfc/rfc6047#section-2.4
        method = CALENDAR_METHOD.search(message.calendar)
        kind = f"text/calendar; method={method[1] if method else 'PUBLISH'}"
        mail.attach_alternative(message.calendar, kind)
        # And as a file, for programs that only know those.
        mail.attach("einladung.ics", message.calendar.encode(), "application/ics")
    return mail


def absolute(url: str) -> str:
    """The address with the installation's own host; in a mail nothing is relative."""
    return urljoin(settings.ORIGIN, url)


@dataclass(frozen=True)
class Section:
    """The notices of one topic in a digest, with the way out of it."""

    name: str
    notices: list[Notice]
    more: int
    unsubscribe_url: str


@dataclass(frozen=True)
class Digest:
    """A mail made of notices."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def digest_of(notices: Sequence[Notice], names: Mapping[str, str]) -> Digest:
    """One person's notices as a mail in the language spoken now. ``names`` are the topics'."""
    user = notices[0].user
    by_topic: dict[str, list[Notice]] = {}
    for notice in notices:
        notice.url = absolute(notice.url)
        by_topic.setdefault(notice.topic, []).append(notice)
    sections = [
        Section(
            name=names.get(topic, _("Weiteres")),
            notices=hers[:MOST_OF_A_TOPIC],
            more=max(0, len(hers) - MOST_OF_A_TOPIC),
            unsubscribe_url=absolute(unsubscribe_url(user.pk, [topic])),
        )
        for topic, hers in by_topic.items()
    ]
    count = len(notices)
    subject = (
        notices[0].title
        if count == 1
        else _("%(count)s Neuigkeiten aus der Allmende") % {"count": count}
    )
    frame = {
        "subject": subject,
        "user": user,
        "sections": sections,
        "origin": settings.ORIGIN,
        "choices_url": absolute(reverse("mail:choices")),
    }
    all_of_these = absolute(unsubscribe_url(user.pk, list(by_topic)))
    return Digest(
        subject=subject,
        text=render_to_string("mail/digest.txt", frame),
        html=render_to_string("mail/digest.html", frame),
        # One click in the mail program: https://www.rfc-editor.org/rfc/rfc8058
        headers={
            "List-Unsubscribe": f"<{all_of_these}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def unsubscribe_url(user_id: int, topics: Sequence[str]) -> str:
    """Where a person leaves topics without signing in. The signature is the proof that it is hers."""
    token = signing.dumps([user_id, *topics], salt=SALT)
    return reverse("mail:unsubscribe", args=[token])


def read_unsubscribe_token(token: str) -> tuple[int, list[str]]:
    """Whose token that is, and which topics it is about. Raises ``Http404`` for any other text."""
    try:
        user_id, *topics = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    return user_id, topics
