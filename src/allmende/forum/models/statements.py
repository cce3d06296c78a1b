"""Statements, and before whom they were put."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .concerns import Concern
from .levels import level_field
from .participants import Participant


class StatementState(models.TextChoices):
    """What became of a statement."""

    PENDING = "pending", _("Wartet auf Prüfung")
    ACCEPTED = "accepted", _("Angenommen")
    REJECTED = "rejected", _("Abgelehnt")
    DUPLICATE = "duplicate", _("Steht schon da")


class Statement(models.Model):
    """One sentence that others can agree or disagree with (Aussage)."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="statements")
    author = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, related_name="statements"
    )
    text = models.TextField(_("Aussage"), validators=[MaxLengthValidator(280)])
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.PENDING)
    reason = models.TextField(_("Begründung"), max_length=1_000, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    level = level_field()
    created_at = models.DateTimeField(default=timezone.now)
    imported_as = models.CharField(max_length=60, blank=True)
    shown = models.PositiveIntegerField(default=0, help_text="To how many participants")

    class Meta:
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=("concern", "state")),)
        constraints = (
            models.CheckConstraint(
                name="duplicate_names_its_original",
                condition=Q(state="duplicate", duplicate_of__isnull=False)
                | (~Q(state="duplicate") & Q(duplicate_of__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return self.text


class Presentation(models.Model):
    """A statement was put before a participant: why this one, so that the choice can be checked."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    exposure = models.PositiveIntegerField(help_text="How often it had been shown in the stratum")
    floor = models.PositiveIntegerField(help_text="How often every statement was to be shown there")
    tied = models.PositiveIntegerField(help_text="Among how many equals the seed chose")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("participant", "statement"), name="presented_once"),
        )

    def __str__(self) -> str:
        return f"{self.statement} → {self.participant}"


class Exposure(models.Model):
    """How often a statement was shown to participants of one Land and size class."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="exposures")
    land = models.CharField(max_length=2, blank=True)
    size_class = models.PositiveSmallIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("statement", "land", "size_class"), name="one_count_per_stratum"
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement}: {self.shown}"
