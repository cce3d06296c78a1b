"""Webhooks: made, changed, stopped, removed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.portal.outgoing import OutgoingError, parts_of
from allmende.registry.models import Organisation

from ..models import Webhook, new_salt

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST = 10


class WebhookError(ValueError):
    """It cannot be kept like this; the text is German."""


def _check(url: str) -> None:
    try:
        parts_of(url, loopback=settings.WEBHOOKS_MAY_BE_LOOPBACK)
    except OutgoingError as error:
        raise WebhookError(str(error)) from None


@audited
def add_webhook(
    *,
    actor: "User",
    organisation: Organisation | None,
    url: str,
    events: Iterable[str] = (),
    ags: str = "",
    topic: str = "",
    ministry: Organisation | None = None,
) -> Webhook:
    """Tell an address of events from now on. Raises ``WebhookError`` for addresses that are not asked."""
    _check(url)
    if Webhook.objects.filter(organisation=organisation).count() >= MOST:
        raise WebhookError(
            _("Es gibt schon %(most)s Webhooks. Bitte entfernen Sie zuerst einen.") % {"most": MOST}
        )
    webhook = Webhook.objects.create(
        organisation=organisation,
        url=url,
        events=sorted(events),
        ags=ags,
        topic=topic,
        ministry=ministry,
        created_by=actor,
    )
    record(actor=actor, deed="webhooks.add_webhook", obj=webhook, events=webhook.events)
    return webhook


@audited
def change_webhook(
    *,
    actor: "User",
    webhook: Webhook,
    url: str,
    events: Iterable[str],
    ags: str,
    topic: str,
    ministry: Organisation | None,
) -> Webhook:
    """Tell another address, or of other events. What is on its way goes to the new address."""
    _check(url)
    Webhook.objects.filter(pk=webhook.pk).update(
        url=url, events=sorted(events), ags=ags, topic=topic, ministry=ministry
    )
    webhook.refresh_from_db()
    record(actor=actor, deed="webhooks.change_webhook", obj=webhook, events=webhook.events)
    return webhook


@audited
def renew_secret(*, actor: "User", webhook: Webhook) -> str:
    """Another secret; the former signs nothing any more. Returns it."""
    Webhook.objects.filter(pk=webhook.pk).update(salt=new_salt())
    webhook.refresh_from_db()
    record(actor=actor, deed="webhooks.renew_secret", obj=webhook)
    return webhook.secret


@audited
def disable_webhook(*, actor: "User | None", webhook: Webhook, why: str = "") -> bool:
    """Tell it of nothing any more, until it is enabled again; return whether it was told so far."""
    now = timezone.now()
    stopped = Webhook.objects.current().filter(pk=webhook.pk)
    if not stopped.update(disabled_at=now, disabled_why=why[:300]):
        return False
    record(actor=actor, deed="webhooks.disable_webhook", obj=webhook, reason=why)
    return True


@audited
def enable_webhook(*, actor: "User", webhook: Webhook) -> None:
    """Tell it again; of what has happened meanwhile it is not told."""
    stopped = Webhook.objects.filter(pk=webhook.pk).exclude(disabled_at=None)
    if stopped.update(disabled_at=None, disabled_why="", failing_since=None):
        record(actor=actor, deed="webhooks.enable_webhook", obj=webhook)


@audited
def remove_webhook(*, actor: "User", webhook: Webhook) -> None:
    """Forget it and its log."""
    record(actor=actor, deed="webhooks.remove_webhook", obj=webhook)
    webhook.delete()
