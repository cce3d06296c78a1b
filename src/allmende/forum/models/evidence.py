"""Evidence that a council or a committee has decided what a municipality's votes say."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.models import Upload

from .levels import VoiceLevel
from .participants import Participant


class OParlServer(models.Model):
    """A council information system that may be asked: operators keep the list."""

    host = models.CharField(gettext_lazy("Server"), max_length=253, unique=True)
    note = models.CharField(gettext_lazy("Wessen"), max_length=200)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def current(self) -> "EvidenceQuerySet":
        """What has not been withdrawn."""
        return self.filter(withdrawn_at=None)


class Evidence(models.Model):
    """A decision: a document that was uploaded, or what a council information system said of it.

    What the system said is kept as it was when it was read. It may change or vanish there.
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="evidence")
    level = models.CharField(
        gettext_lazy("Beschlossen von"),
        max_length=20,
        choices=[
            (level.value, level.label) for level in (VoiceLevel.COUNCIL, VoiceLevel.COMMITTEE)
        ],
    )
    decided_on = models.DateField(gettext_lazy("Beschlossen am"))
    title = models.CharField(gettext_lazy("Gegenstand"), max_length=300)
    reference = models.CharField(gettext_lazy("Drucksache"), max_length=60, blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    oparl_url = models.URLField(max_length=500, blank=True)
    snapshot = models.JSONField(null=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="evidence_is_a_file_or_an_address",
                condition=Q(upload__isnull=False, oparl_url="", snapshot__isnull=True)
                | (Q(upload__isnull=True, snapshot__isnull=False) & ~Q(oparl_url="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.title}"

    @property
    def audit_name(self) -> str:
        """What the audit log calls it."""
        return f"{self.participant}: {self.label}"

    @property
    def label(self) -> str:
        """What stands at a vote: „Ratsbeschluss vom 3. März 2026 (Drucksache 12/2026)“."""
        decided = (
            _("Ratsbeschluss vom %(day)s")
            if self.level == VoiceLevel.COUNCIL
            else _("Ausschussbeschluss vom %(day)s")
        ) % {"day": date_format(self.decided_on)}
        paper = _("Drucksache %(number)s") % {"number": self.reference}
        return f"{decided} ({paper})" if self.reference else decided
