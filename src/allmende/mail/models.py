"""Messages on their way out, notices that wait for their digest, and how often people want to hear.

A *message* is one mail to one address. It is stored in the transaction that causes it and delivered
later (``services.delivery``). A *notice* tells a person that something happened; a digest gathers
her notices into one message, as often as her *notice choice* says.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where a message is on its way."""

    QUEUED = "queued", _("Wartet")
    SENDING = "sending", _("Wird gesendet")
    SENT = "sent", _("Gesendet")
    FAILED = "failed", _("Gescheitert")
    GIVEN_UP = "given_up", _("Aufgegeben")


class Priority(models.IntegerChoices):
    """Who goes first. A link for a new password does not wait behind ten thousand invitations."""

    AT_ONCE = 0, _("Sofort")
    IN_TURN = 1, _("Der Reihe nach")


class Message(models.Model):
    """One mail to one address. All that it says goes once it is sent: it holds secret links."""

    key = models.CharField(max_length=160, unique=True, help_text="Queued twice, it is one message")
    message_id = models.CharField(
        max_length=200, help_text="Fixed when queued: a repeated delivery is recognised by it"
    )
    priority = models.SmallIntegerField(choices=Priority, default=Priority.AT_ONCE)
    sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(_("An"), max_length=320, db_index=True)
    subject = models.CharField(_("Betreff"), max_length=250)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="Where empty, it is made of the text")
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    headers = models.JSONField(default=dict, blank=True)
    calendar = models.TextField(
        blank=True, help_text="An invitation as iCalendar, which mail programs offer to take over"
    )
    state = models.CharField(
        _("Stand"), max_length=10, choices=MessageState, default=MessageState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    created_at = models.DateTimeField(_("Eingereiht"), default=timezone.now, db_index=True)
    next_try_at = models.DateTimeField(_("Nächster Versuch"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("Gesendet"), null=True, blank=True)
    error = models.CharField(_("Fehler"), max_length=500, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("state", "priority", "next_try_at"), name="mail_message_next"),
            models.Index(fields=("state", "-id"), name="mail_message_by_state"),
        )

    def __str__(self) -> str:
        return f"Mail {self.pk}"  # the audit log shows it: no address

    @property
    def colour(self) -> str:
        """KERN's colour for its state."""
        if self.state == MessageState.FAILED:
            return "danger"
        if self.state == MessageState.SENT:
            return "success"
        return "warning" if self.error else "info"

    @property
    def shown_recipient(self) -> str:
        """``a…@example.org``: whom the log shows. Where delivery failed, the operator needs it whole."""
        if self.state == MessageState.FAILED:
            return self.recipient
        name, _, domain = self.recipient.rpartition("@")
        return f"{name[:1]}…@{domain}"


class Notice(models.Model):
    """Something happened that a person may want to know."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    topic = models.CharField(max_length=60, help_text="app.word, named in the app's Offer.notices")
    key = models.CharField(max_length=120, help_text="Told twice, it is one notice a person")
    title = models.CharField(max_length=250)
    text = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When it went into a mail, or was passed over by her wish"
    )

    # Added by queries.with_frequency.
    frequency: str

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("key", "user"), name="told_once"),)
        indexes = (
            models.Index(
                fields=("user", "id"), condition=Q(told_at__isnull=True), name="mail_notice_untold"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Frequency(models.TextChoices):
    """How often a person wants to hear."""

    IMMEDIATELY = "immediately", _("Sofort")
    DAILY = "daily", _("Täglich in einer Mail")
    WEEKLY = "weekly", _("Montags in einer Mail")
    NEVER = "never", _("Nie")


class NoticeChoice(models.Model):
    """How often a person wants to hear of a topic; with an empty topic, of all she said nothing about."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    topic = models.CharField(max_length=60, blank=True)
    frequency = models.CharField(max_length=12, choices=Frequency)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "topic"), name="one_choice_per_topic"),
        )

    def __str__(self) -> str:
        return f"{self.topic or '*'}: {self.get_frequency_display()}"
