"""The federal answer to a sealed position, section by section."""

from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation

from .concerns import Concern
from .positions import SealedPosition, SealedSection


class Disposition(models.TextChoices):
    """What becomes of a section."""

    TAKEN_UP = "taken_up", _("Wird aufgegriffen")
    PARTLY = "partly", _("Wird teilweise aufgegriffen")
    NOT_TAKEN_UP = "not_taken_up", _("Wird nicht aufgegriffen")
    NOTED = "noted", _("Zur Kenntnis genommen")
    OTHER_LEVEL = "other_level", _("Eine andere Ebene ist zuständig")


def edition_of(*written: object) -> str:
    """Another one whenever what was written is another: who changes it says which she saw."""
    return sha256(repr([str(part) for part in written]).encode()).hexdigest()[:32]


class Answer(models.Model):
    """What the responsible ministry answers; worked on until it is published, once (Antwort)."""

    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="answer")
    position = models.OneToOneField(SealedPosition, on_delete=models.PROTECT, related_name="answer")
    ministry = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    summary = models.TextField(_("Die Antwort in drei Sätzen"), max_length=1_000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("published_at",)),)  # of news

    def __str__(self) -> str:
        return f"Antwort: {self.concern}"

    @property
    def edition(self) -> str:
        """That of the summary; each section has its own."""
        return edition_of(self.summary)


class Extension(models.Model):
    """A ministry has given itself more time for its answer: once, and everybody reads why
    (Fristverlängerung).
    """

    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="extension")
    before = models.DateTimeField(_("Bisher bis"))
    after = models.DateTimeField(_("Neu bis"))
    reason = models.TextField(_("Begründung"), max_length=1_000)
    at = models.DateTimeField(default=timezone.now)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("at",)),)  # of news
        constraints = (
            models.CheckConstraint(
                name="extended_to_a_later_day_with_a_reason",
                condition=Q(after__gt=F("before")) & ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class SectionAnswer(models.Model):
    """What becomes of one section, and why."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="sections")
    section = models.OneToOneField(SealedSection, on_delete=models.PROTECT, related_name="answer")
    disposition = models.CharField(_("Was daraus wird"), max_length=12, choices=Disposition)
    reason = models.TextField(_("Begründung"), max_length=5_000, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("section__number",)
        constraints = (
            models.CheckConstraint(
                name="answer_gives_a_reason",
                condition=Q(disposition=Disposition.TAKEN_UP) | ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.section}: {self.get_disposition_display()}"

    @property
    def edition(self) -> str:
        return edition_of(self.disposition, self.reason)
