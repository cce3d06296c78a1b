"""Letters with a code, by which an organisation gets its first manager."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.portal.models import Upload

from .mandates import Mandate
from .organisations import Organisation

MOST_WRONG_TRIES = 10


class LetterBatch(models.Model):
    """Letters that were made together, for the printer.

    Secrets are drawn when the pages are set: what is not printed yet has none. The document holds
    them in clear, so it goes soon (``services.remove_documents``).
    """

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(_("Bezeichnung"), max_length=200)
    requested_at = models.DateTimeField(
        default=timezone.now, help_text="When its pages were last asked for"
    )
    printed_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="First download")
    document = models.ForeignKey(
        Upload, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    # Added by queries.letter_batches.
    letter_count: int
    open_count: int
    redeemed_count: int

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.note

    def get_absolute_url(self) -> str:
        return reverse("letters:batch", args=[self.pk])


class LetterState(models.TextChoices):
    """What has become of a letter."""

    OPEN = "offen", _("offen")
    REDEEMED = "eingeloest", _("eingelöst")
    EXPIRED = "abgelaufen", _("abgelaufen")
    DEAD = "gesperrt", _("gesperrt")
    REVOKED = "widerrufen", _("widerrufen oder ersetzt")
    UNPRINTED = "in-arbeit", _("in Arbeit")


class LetterQuerySet(models.QuerySet["Letter"]):
    def in_state(self, state: LetterState, at: datetime | None = None) -> "LetterQuerySet":
        """Letters of one state; every letter is in exactly one, as ``Letter.state`` says."""
        now = at or timezone.now()
        used, dead = Q(used_at__isnull=False), Q(wrong_tries__gte=MOST_WRONG_TRIES)
        revoked = Q(revoked_at__isnull=False) & Q(revoked_at__lt=F("expires_at"))
        expired = Q(expires_at__lte=now)
        unprinted = Q(secret_hash="")
        return self.filter(
            {
                LetterState.REDEEMED: used,
                LetterState.DEAD: ~used & dead,
                LetterState.REVOKED: ~used & ~dead & revoked,
                LetterState.EXPIRED: ~used & ~dead & ~revoked & expired,
                LetterState.UNPRINTED: ~used & ~dead & ~revoked & ~expired & unprinted,
                LetterState.OPEN: ~used & ~dead & ~revoked & ~expired & ~unprinted,
            }[state]
        )

    def unused(self) -> "LetterQuerySet":
        """Letters that nobody has redeemed and no newer one replaces."""
        return self.filter(used_at=None, revoked_at=None)


class Letter(models.Model):
    """A code on paper: whoever holds it becomes the first manager of the organisation.

    The code's first part is the serial, which finds the letter; the rest is secret, and only its
    hash is kept. It is valid for a time, once, and for so many wrong tries.
    """

    batch = models.ForeignKey(LetterBatch, on_delete=models.PROTECT, related_name="letters")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters")
    serial = models.CharField(_("Nummer"), max_length=8, unique=True)
    secret_hash = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    mandate = models.OneToOneField(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="letter"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("batch", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_unused_letter_per_organisation",
            ),
        )

    def __str__(self) -> str:
        return f"Brief {self.serial} · {self.organisation}"

    @property
    def state(self) -> LetterState:
        """What has become of it."""
        if self.used_at is not None:
            return LetterState.REDEEMED
        if self.wrong_tries >= MOST_WRONG_TRIES:
            return LetterState.DEAD
        if self.revoked_at is not None and self.revoked_at < self.expires_at:
            return LetterState.REVOKED
        if self.expires_at <= timezone.now():
            return LetterState.EXPIRED
        return LetterState.OPEN if self.secret_hash else LetterState.UNPRINTED

    @property
    def may_be_revoked(self) -> bool:
        """Whether it could still be redeemed."""
        return self.state in {LetterState.OPEN, LetterState.UNPRINTED}
