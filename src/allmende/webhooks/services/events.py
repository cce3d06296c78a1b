"""Putting events into the outbox, in the transaction of the deed that they tell of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from django.utils import timezone

from ..models import TEST, Delivery, DeliveryState, Event, Webhook


@dataclass(frozen=True)
class Happened:
    """A public event, and what webhooks filter by."""

    event: Event
    key: str  # the same event has the same key, however often it is told
    at: datetime
    data: Mapping[str, object]
    ags: str = ""
    topic: str = ""
    ministry: int | None = None
    is_example: bool = False

    def interests(self, webhook: Webhook) -> bool:
        """Whether a webhook wants to hear of it. Example data are told only to example organisations."""
        owner = webhook.organisation
        return (
            (not webhook.events or self.event.value in webhook.events)
            and self.ags.startswith(webhook.ags)
            and webhook.topic in {"", self.topic}
            and webhook.ministry_id in {None, self.ministry}
            and (owner is None or owner.is_example == self.is_example)
        )


def publish(happened: Happened) -> None:
    """Queue an event for every webhook that wants to hear of it; call it in the deed's transaction."""
    interested = [
        webhook
        for webhook in Webhook.objects.current()
        .exclude(deliveries__key=happened.key)
        .select_related("organisation")
        if happened.interests(webhook)
    ]
    if not interested:
        return
    body = _body(happened.event.value, happened.at, happened.data)
    Delivery.objects.bulk_create(
        [
            Delivery(webhook=webhook, key=happened.key, event=happened.event.value, body=body)
            for webhook in interested
        ],
        ignore_conflicts=True,
    )
    deliver_soon()


def send_test(webhook: Webhook) -> Delivery:
    """Queue an event that says only that it is a test."""
    now = timezone.now()
    delivery = Delivery.objects.create(
        webhook=webhook,
        key=f"test-{uuid4().hex}",
        event=TEST,
        body=_body(TEST, now, {"webhook": webhook.pk, "text": "Ein Test. Nichts ist geschehen."}),
    )
    deliver_soon()
    return delivery


def try_again(delivery: Delivery) -> bool:
    """Deliver once more what has failed, or what was delivered and got lost there."""
    done = Delivery.objects.filter(
        pk=delivery.pk, state__in=(DeliveryState.FAILED, DeliveryState.DELIVERED)
    )
    again = done.update(state=DeliveryState.QUEUED, attempts=0, next_try_at=timezone.now())
    if again:
        deliver_soon()
    return bool(again)


def deliver_soon() -> None:
    """Ask a worker to deliver, once the transaction has succeeded; without a worker, the tick does."""
    from ..tasks import deliver

    deliver.enqueue()


def _body(event: str, at: datetime, data: Mapping[str, object]) -> str:
    document = {"type": event, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)
