"""Webhooks: addresses that are told of public events, and what was told to them.

A *delivery* is one event on its way to one address. It is stored in the transaction of the deed that it
tells of, and leaves later (``services.delivery``).
"""

import secrets
from base64 import b64encode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation, Topic


class Event(models.TextChoices):
    """What can be told: public deeds in the life of a concern, and sittings."""

    OPENED = "concern.opened", _("Anliegen geöffnet")
    VOTING_ENDED = "concern.voting_ended", _("Abstimmung beendet")
    SIGNED = "concern.signed", _("Anliegen mitgezeichnet")
    QUORUM = "concern.quorum_reached", _("Quorum erreicht")
    SEALED = "position.sealed", _("Position versiegelt")
    SENT = "concern.sent", _("An das Ministerium geschickt")
    EXTENDED = "concern.answer_extended", _("Frist für die Antwort verlängert")
    ANSWERED = "concern.answered", _("Antwort veröffentlicht")
    PURSUED = "concern.pursued", _("Zusagen werden verfolgt")
    REPORTED = "commitment.reported", _("Über eine Zusage berichtet")
    OVERDUE = "commitment.overdue", _("Zusage überfällig")
    POSTPONED = "commitment.postponed", _("Zusage hat einen anderen Tag")
    SETTLED = "commitment.settled", _("Festgestellt, was aus einer Zusage wurde")
    CLOSED = "concern.closed", _("Anliegen abgeschlossen")
    MERGED = "concern.merged", _("Anliegen zusammengeführt")
    ANNOUNCED = "sitting.announced", _("Zu einer Sitzung eingeladen")
    CHANGED = "sitting.changed", _("Sitzung geändert")
    CANCELLED = "sitting.cancelled", _("Sitzung abgesagt")
    MINUTES_CLOSED = "sitting.minutes_closed", _("Protokoll einer Sitzung geschlossen")


TEST = "webhook.test"


def new_salt() -> str:
    """What makes one secret another."""
    return secrets.token_hex(16)


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def current(self) -> "WebhookQuerySet":
        """Those that are told of events."""
        return self.filter(disabled_at=None)


class Webhook(models.Model):
    """An address that is told of events (Webhook)."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose managers keep it; empty: the operators'",
    )
    url = models.CharField(_("Adresse"), max_length=500)
    events = models.JSONField(default=list, help_text="Which of ``Event``; empty: all")
    ags = models.CharField(_("Region"), max_length=8, blank=True, help_text="Beginning of a key")
    topic = models.CharField(_("Themenfeld"), max_length=20, choices=Topic, blank=True, default="")
    ministry = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    salt = models.CharField(max_length=32, default=new_salt)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=300, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"Webhook {self.pk}"  # the audit log shows it: addresses may hold secrets

    def get_absolute_url(self) -> str:
        return reverse("webhooks:webhook", args=[self.pk])

    @property
    def secret(self) -> str:
        """What signs its events; made of the installation's key, so that no copy of the data holds it."""
        digest = salted_hmac("allmende.webhooks", self.salt, algorithm="sha256").digest()
        return f"whsec_{b64encode(digest).decode()}"

    @property
    def event_names(self) -> list[str]:
        """The events in words; none where all are told."""
        return [str(Event(event).label) for event in self.events]


class DeliveryState(models.TextChoices):
    """Where an event is on its way."""

    QUEUED = "queued", _("Wartet")
    SENDING = "sending", _("Wird zugestellt")
    DELIVERED = "delivered", _("Zugestellt")
    FAILED = "failed", _("Gescheitert")


class Delivery(models.Model):
    """One event on its way to one address (Zustellung)."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=80, help_text="The event: told twice, it is one delivery")
    event = models.CharField(max_length=30)
    body = models.TextField(help_text="The JSON that is sent, byte for byte")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="Its beginning, or what failed")

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("webhook", "key"), name="delivered_once"),)
        indexes = (
            models.Index(
                fields=("next_try_at",), condition=Q(state="queued"), name="webhooks_next_delivery"
            ),
        )

    def __str__(self) -> str:
        return f"Zustellung {self.pk}"

    @property
    def event_name(self) -> str:
        """The event in words."""
        return gettext("Testereignis") if self.event == TEST else str(Event(self.event).label)

    @property
    def message_id(self) -> str:
        """Its name for the receiver: the same at every attempt."""
        return f"msg_{self.pk}"

    @property
    def colour(self) -> str:
        """KERN's colour for its state."""
        if self.state == DeliveryState.FAILED:
            return "danger"
        if self.state == DeliveryState.DELIVERED:
            return "success"
        return "warning" if self.answer else "info"
