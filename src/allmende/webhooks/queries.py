"""Reading webhooks and what was told to them."""

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from allmende.accounts.rules import is_operator
from allmende.registry.models import Organisation, Right
from allmende.registry.queries import mandates_with

from .models import Delivery, Webhook, WebhookQuerySet

if TYPE_CHECKING:
    from allmende.accounts.models import User


def is_anybody_listening() -> bool:
    """Whether there is any webhook that is told of events."""
    return Webhook.objects.current().exists()


def get_webhook(number: int) -> Webhook:
    """A webhook by its number, with its organisation."""
    return Webhook.objects.select_related("organisation__region", "ministry").get(pk=number)


def get_delivery(number: int, delivery: int) -> Delivery:
    """A delivery of a webhook, by their numbers."""
    return Delivery.objects.select_related("webhook__organisation").get(
        pk=delivery, webhook__pk=number
    )


def organisations_to_keep(user: "User") -> list[Organisation]:
    """The organisations for which a person may keep webhooks."""
    return [mandate.organisation for mandate in mandates_with(Right.MANAGE, user)]


def webhooks_of(user: "User") -> WebhookQuerySet:
    """The webhooks that a person keeps, with how many deliveries wait or failed: ``open_count``."""
    kept = Webhook.objects.select_related("organisation__region", "ministry")
    if not is_operator(user):
        kept = kept.filter(organisation__in=organisations_to_keep(user))
    undone = Q(deliveries__state__in=("queued", "sending", "failed"))
    counted = kept.annotate(open_count=Count("deliveries", filter=undone))
    return counted.order_by("-created_at", "-pk")
