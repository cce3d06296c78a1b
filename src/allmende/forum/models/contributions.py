"""The discussion: contributions under a concern and under its statements, in threads of two levels."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from allmende.portal.models import Upload
from allmende.registry.models import Mandate, Organisation

from .concerns import Concern
from .statements import Statement


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
    text = models.TextField("Ihr Beitrag", max_length=3_000)
    written_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    removal_reason = models.TextField("Begründung", max_length=1_000, blank=True)
    mentions = models.ManyToManyField(Organisation, related_name="+", blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ("written_at", "pk")
        indexes = (models.Index(fields=("concern", "statement", "parent")),)
        constraints = (
            models.CheckConstraint(
                name="taken_down_with_a_reason",
                condition=Q(removed_at__isnull=True) | ~Q(removal_reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"Beitrag {self.pk}"


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
