"""What webhooks offer to the frame."""

from datetime import datetime, timedelta

from allmende.portal.api.problems import Problem
from allmende.portal.offers import AccountEntry, Offer, Retention

from . import services
from .models import Delivery, DeliveryState


def clear_deliveries(before: datetime) -> int:
    """What was told, and what could not be; what is on its way stays."""
    done = (DeliveryState.DELIVERED, DeliveryState.FAILED)
    return Delivery.objects.filter(created_at__lt=before, state__in=done).delete()[0]


def _wrong(fault: Exception) -> Problem:
    return Problem(422, str(fault), errors=[{"field": "url", "detail": str(fault)}])


offer = Offer(
    tick=services.deliver_due,
    api="allmende.webhooks.api",
    api_faults={services.WebhookError: _wrong},
    account=(
        AccountEntry(
            "Webhooks",
            "Ihren Programmen melden, was geschieht, wenn Sie eine Organisation verwalten",
            "webhooks:webhooks",
            62,
        ),
    ),
    notices={"webhooks.disabled": "Abgeschaltete Webhooks Ihrer Organisation"},
    deeds={
        "webhooks.add_webhook": "Webhook angelegt.",
        "webhooks.change_webhook": "Webhook geändert.",
        "webhooks.renew_secret": "Webhook: neues Geheimnis.",
        "webhooks.disable_webhook": "Webhook abgeschaltet.",
        "webhooks.enable_webhook": "Webhook wieder eingeschaltet.",
        "webhooks.remove_webhook": "Webhook entfernt.",
    },
    kinds={"webhooks.Webhook": "Webhook"},
    retention=(
        Retention(
            "webhooks.delivery",
            "Protokoll der Webhooks: was an welche Adresse gemeldet wurde und was sie geantwortet hat",
            timedelta(days=30),
            "Um Fehler zu finden. Gemeldet wird nur Öffentliches.",
            clear_deliveries,
        ),
    ),
)
