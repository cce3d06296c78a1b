"""What webhooks offer to the frame."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

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
            _("Webhooks"),
            _("Ihren Programmen melden, was geschieht, wenn Sie eine Organisation verwalten"),
            "webhooks:webhooks",
            62,
        ),
    ),
    notices={"webhooks.disabled": _("Abgeschaltete Webhooks Ihrer Organisation")},
    deeds={
        "webhooks.add_webhook": _("Webhook angelegt."),
        "webhooks.change_webhook": _("Webhook geändert."),
        "webhooks.renew_secret": _("Webhook: neues Geheimnis."),
        "webhooks.disable_webhook": _("Webhook abgeschaltet."),
        "webhooks.enable_webhook": _("Webhook wieder eingeschaltet."),
        "webhooks.remove_webhook": _("Webhook entfernt."),
    },
    kinds={"webhooks.Webhook": _("Webhook")},
    retention=(
        Retention(
            "webhooks.delivery",
            _(
                "Protokoll der Webhooks: was an welche Adresse gemeldet wurde und was sie geantwortet hat"
            ),
            timedelta(days=30),
            _("Um Fehler zu finden. Gemeldet wird nur Öffentliches."),
            clear_deliveries,
        ),
    ),
)
