"""The discussion: contributions under a concern and under its statements, in threads of two levels."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.portal.models import Upload
from allmende.registry.models import Mandate, Organisation

from .concerns import Concern, ConcernState
from .statements import Statement

# How long an author can change what she wrote.
CHANGEABLE_FOR = timedelta(minutes=15)
MOST_FILES = 3
# From its opening until it is closed, a concern is discussed.
NOT_DISCUSSED = (ConcernState.DRAFT, ConcernState.CLOSED)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def current(self) -> "ContributionQuerySet":
        """What has not been taken down."""
        return self.filter(removed_at=None)


class Contribution(models.Model):
    """What somebody says for an organisation, or for herself (Beitrag); answers have a ``parent``."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="contributions")
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, null=True, related_name="contributions"
    )
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, related_name="+", help_text="In which office"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField(_("Ihr Beitrag"), max_length=3_000)
    written_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    removal_reason = models.TextField(_("Begründung"), max_length=1_000, blank=True)
    mentions = models.ManyToManyField(Organisation, related_name="+", blank=True)

    objects = ContributionQuerySet.as_manager()

    # Added by queries.threads_of.
    answer_count: int
    last_answer: int | None

    class Meta:
        ordering = ("written_at", "pk")
        indexes = (models.Index(fields=("concern", "statement", "parent")),)
        constraints = (
            models.CheckConstraint(
                name="contribution_by_an_office_or_a_person",
                condition=Q(mandate__isnull=True, organisation__isnull=True)
                | Q(mandate__isnull=False, organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="taken_down_with_a_reason",
                condition=Q(removed_at__isnull=True) | ~Q(removal_reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"Beitrag {self.pk}"

    def get_absolute_url(self) -> str:
        """Its permanent address: the page of its thread."""
        return reverse("forum:thread", args=[self.concern.slug, self.pk])

    @property
    def changeable_until(self) -> datetime:
        """Until when its author can change it."""
        return self.written_at + CHANGEABLE_FOR

    @property
    def is_fresh(self) -> bool:
        """Whether its author can still change it."""
        return timezone.now() < self.changeable_until

    @property
    def edition(self) -> str:
        """Another one after each change: who changes it says which she saw."""
        return self.edited_at.isoformat() if self.edited_at else ""


class Attachment(models.Model):
    """A file that belongs to a contribution (Anhang)."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="attachments"
    )
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.upload)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def waiting(self) -> "ComplaintQuerySet":
        """Complaints on which nobody has decided yet."""
        return self.filter(settled_at=None)


class Complaint(models.Model):
    """Somebody says that a contribution should not stand there, and why (Meldung)."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="complaints"
    )
    reason = models.TextField(_("Was ist daran nicht in Ordnung?"), max_length=1_000)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reported_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ("reported_at", "pk")
        indexes = (models.Index(fields=("settled_at",)),)
        constraints = (
            models.UniqueConstraint(
                fields=("contribution", "reported_by"),
                condition=Q(settled_at__isnull=True, reported_by__isnull=False),
                name="one_open_complaint_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"Meldung {self.pk}"
