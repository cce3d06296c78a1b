"""Keeping webhooks, putting events into their outbox, and delivering those."""

from .delivery import deliver_due
from .events import Happened, publish, send_test, try_again
from .keeping import (
    WebhookError,
    add_webhook,
    change_webhook,
    disable_webhook,
    enable_webhook,
    remove_webhook,
    renew_secret,
)

__all__ = [
    "Happened",
    "WebhookError",
    "add_webhook",
    "change_webhook",
    "deliver_due",
    "disable_webhook",
    "enable_webhook",
    "publish",
    "remove_webhook",
    "renew_secret",
    "send_test",
    "try_again",
]
