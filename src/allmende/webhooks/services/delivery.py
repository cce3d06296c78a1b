"""Delivering events: signed, with pauses between attempts, the same name at every attempt.

A delivery is claimed by a conditional UPDATE, so that two workers never hold the same one, sent outside of
any transaction, and recorded. A program killed in between leaves it claimed; after ``WINDOW`` it is sent
again. So an event arrives at least once, and its receiver knows it by ``webhook-id``.

Signed as Standard Webhooks has it: HMAC-SHA256 over ``id.timestamp.body`` (docs/reference/webhooks.md).
"""

import base64
import hmac
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from allmende.accounts.models import User
from allmende.mail.services import notify
from allmende.portal.outgoing import Answered, OutgoingError, post
from allmende.registry.queries import managers_of

from ..models import Delivery, DeliveryState, Webhook
from .keeping import disable_webhook

PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
    timedelta(days=1),
]
MOST_ATTEMPTS = len(PAUSES) + 1
# An address at which something has failed for good, and nothing arrived for so long, is told no more.
LASTING = timedelta(days=2)
SECONDS = 10.0
WINDOW = timedelta(minutes=5)
MOST_SECONDS = 40.0  # the tick has more to do, every minute
LOOK_AHEAD = 20
GONE = 410

log = logging.getLogger(__name__)


def deliver_due() -> bool:
    """Deliver what is due; return whether that was everything. Never call it in a transaction."""
    until = time.monotonic() + MOST_SECONDS
    for candidate in _due():
        if time.monotonic() > until:
            return False
        if delivery := _claim(candidate):
            _deliver(delivery)
    return True


def _due() -> Iterator[Delivery]:
    """What is due, the oldest first; looked up anew after every few."""
    while True:
        now = timezone.now()
        going = Delivery.objects.filter(webhook__disabled_at=None).select_related(
            "webhook__organisation"
        )
        left = going.filter(state=DeliveryState.SENDING, claimed_at__lte=now - WINDOW)
        queued = going.filter(state=DeliveryState.QUEUED, next_try_at__lte=now)
        found = [*left[:LOOK_AHEAD], *queued.order_by("next_try_at", "pk")[:LOOK_AHEAD]]
        if not found:
            return
        yield from found


def _claim(delivery: Delivery) -> Delivery | None:
    """Take a delivery, unless somebody else did since it was looked up."""
    now = timezone.now()
    same = Delivery.objects.filter(
        pk=delivery.pk,
        state=delivery.state,
        attempts=delivery.attempts,
        claimed_at=delivery.claimed_at,
    )
    changes = {
        "state": DeliveryState.SENDING,
        "attempts": delivery.attempts + 1,
        "claimed_at": now,
    }
    if not same.update(**changes):
        return None
    for name, value in changes.items():
        setattr(delivery, name, value)
    return delivery


def signed(webhook: Webhook, message: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of a delivery: its name, its moment, and who vouches for both and the body."""
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    content = b".".join((message.encode(), str(at).encode(), body))
    signature = base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Allmende-Webhook/1",
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }


def _deliver(delivery: Delivery) -> None:
    """Send a claimed delivery and record what came of it."""
    webhook, body = delivery.webhook, delivery.body.encode()
    headers = signed(webhook, delivery.message_id, int(time.time()), body)
    try:
        answered = post(
            webhook.url,
            body,
            headers,
            seconds=SECONDS,
            loopback=settings.WEBHOOKS_MAY_BE_LOOPBACK,
        )
    except OutgoingError as error:
        _record_failure(delivery, None, str(error))
        return
    if 200 <= answered.status < 300:
        _record_success(delivery, answered)
    else:
        _record_failure(delivery, answered.status, answered.text)


def _record(delivery: Delivery, **changes: object) -> None:
    """Record, unless the window has passed meanwhile and somebody else has taken it."""
    Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, claimed_at=delivery.claimed_at
    ).update(**changes)


def _record_success(delivery: Delivery, answered: Answered) -> None:
    _record(
        delivery,
        state=DeliveryState.DELIVERED,
        delivered_at=timezone.now(),
        status=answered.status,
        answer=answered.text,
    )
    Webhook.objects.filter(pk=delivery.webhook_id).exclude(failing_since=None).update(
        failing_since=None
    )


def _record_failure(delivery: Delivery, status: int | None, words: str) -> None:
    now = timezone.now()
    log.warning("delivery %s, attempt %s: %s", delivery.pk, delivery.attempts, status or "-")
    Webhook.objects.filter(pk=delivery.webhook_id, failing_since=None).update(failing_since=now)
    given_up = status == GONE or delivery.attempts >= MOST_ATTEMPTS
    state = DeliveryState.FAILED if given_up else DeliveryState.QUEUED
    pause = timedelta() if given_up else PAUSES[delivery.attempts - 1]
    _record(delivery, state=state, next_try_at=now + pause, status=status, answer=words[:500])
    if given_up:
        _stop_if_lasting(delivery.webhook_id, status)


def _stop_if_lasting(number: int, status: int | None) -> None:
    webhook = Webhook.objects.select_related("organisation").get(pk=number)
    since = webhook.failing_since
    if status == GONE:
        why = gettext_noop("Der Server sagt, dass es die Adresse nicht mehr gibt (410).")
    elif since is not None and since <= timezone.now() - LASTING:
        why = gettext_noop("Seit mehreren Tagen kam nichts mehr an.")
    else:
        return
    if disable_webhook(actor=None, webhook=webhook, why=why):
        _tell(webhook, why)


def _tell(webhook: Webhook, why: str) -> None:
    """Tell those who keep it that it is told no more."""
    owner = webhook.organisation
    keepers = managers_of(owner) if owner else User.objects.filter(is_operator=True, is_active=True)
    notify(
        users=keepers,
        topic="webhooks.disabled",
        key=f"webhooks.disabled-{webhook.pk}-{timezone.now():%Y%m%d%H%M}",
        title=lambda: _("Ein Webhook ist abgeschaltet"),
        text=lambda: (
            _("%(whose)s: %(why)s Prüfen Sie die Adresse und schalten Sie ihn wieder ein.")
            % {"whose": str(owner or _("Betrieb")), "why": _(why)}
        ),
        url=reverse("webhooks:webhook", args=[webhook.pk]),
    )
