"""The joint position: sections that are worked on, sealed editions of them, and who stands behind those."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation

from .concerns import Concern
from .statements import Statement


class SectionQuerySet(models.QuerySet["Section"]):
    def current(self) -> "SectionQuerySet":
        """What has not been taken out."""
        return self.filter(removed_at=None)


class Section(models.Model):
    """One section of the position that is worked on (Abschnitt); its text is its newest version."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="sections")
    place = models.PositiveSmallIntegerField(help_text="Its order among the others")
    statement = models.ForeignKey(
        Statement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The statement that it was made of",
    )
    figures = models.JSONField(
        default=dict, help_text="What the result said of the statement when the section was made"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ("place", "pk")

    def __str__(self) -> str:
        return f"Abschnitt {self.place}"

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: its place may change, so with that of today and the question."""
        return f"Abschnitt {self.place} · {self.concern}"


class SectionVersion(models.Model):
    """What a section said from some moment on. Never changed; the next one has the next number."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("Überschrift"), max_length=200)
    text = models.TextField(_("Text"), max_length=5_000)
    note = models.CharField(_("Was Sie geändert haben und warum"), max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("section", "number")
        constraints = (
            models.UniqueConstraint(fields=("section", "number"), name="versions_have_numbers"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class SealedPosition(models.Model):
    """An edition of the position that nobody can change any more; a later one takes its place."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="sealed_positions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField(help_text="All that it says: see docs/reference/position-json.md")
    hash = models.CharField(max_length=64, help_text="SHA-256 of the document, written canonically")
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("concern", "number"), name="editions_have_numbers"),
        )

    def __str__(self) -> str:
        return f"{self.concern}: Fassung {self.number}"


class SealedSection(models.Model):
    """A section of a sealed position, so that endorsements and answers can name it."""

    position = models.ForeignKey(SealedPosition, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    origin = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ("position", "number")
        constraints = (
            models.UniqueConstraint(fields=("position", "number"), name="section_once_an_edition"),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class WordKind(models.TextChoices):
    """How an organisation stands to a sealed position or to one of its sections."""

    ENDORSEMENT = "endorsement", _("trägt mit")
    DISSENT = "dissent", _("trägt nicht mit")


class WordQuerySet(models.QuerySet["Word"]):
    def current(self) -> "WordQuerySet":
        """What has not been withdrawn."""
        return self.filter(withdrawn_at=None)


class Word(models.Model):
    """A municipality endorses a sealed position, or one section, or files a dissent (Sondervotum)."""

    position = models.ForeignKey(SealedPosition, on_delete=models.CASCADE, related_name="words")
    section = models.ForeignKey(
        SealedSection,
        on_delete=models.CASCADE,
        null=True,
        related_name="words",
        help_text="Empty: about the whole",
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=WordKind)
    text = models.TextField(_("Begründung"), max_length=2_000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        ordering = ("given_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("position", "organisation"),
                condition=Q(withdrawn_at__isnull=True, section__isnull=True),
                name="one_word_about_the_whole",
            ),
            models.UniqueConstraint(
                fields=("section", "organisation"),
                condition=Q(withdrawn_at__isnull=True, section__isnull=False),
                name="one_word_about_a_section",
            ),
            models.CheckConstraint(
                name="dissent_gives_a_reason",
                condition=~Q(kind=WordKind.DISSENT) | ~Q(text=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()}"

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: whose word about which edition; what she says may change."""
        return f"Stellungnahme · {self.organisation} · {self.position}"
