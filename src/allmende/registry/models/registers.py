"""Registers that were read, and the changes of names, keys and boundaries that they tell."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .regions import Level


class RegisterImport(models.Model):
    """A register or list of changes that was read: where every figure comes from."""

    class Source(models.IntegerChoices):
        EXTRACT = 1, _("Gemeindeverzeichnis (Auszug)")
        GV100AD = 2, _("Gemeindeverzeichnis GV100AD")
        CHANGES = 3, _("Namens- und Gebietsänderungen")
        PACKAGES = 4, _("Offene Daten ohne amtliches Verzeichnis")

    source = models.PositiveSmallIntegerField(_("Quelle"), choices=Source)
    file_name = models.CharField(_("Datei"), max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    status_date = models.DateField(_("Gebietsstand"), db_index=True)
    population_date = models.DateField(_("Einwohner am"), null=True, blank=True)
    attribution = models.TextField(_("Quellenangabe"))
    counts = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty for the command line",
    )
    at = models.DateTimeField(_("Eingelesen"), auto_now_add=True)

    class Meta:
        ordering = ("-status_date", "-pk")

    def __str__(self) -> str:
        return f"{self.get_source_display()}, Stand {self.status_date:%d.%m.%Y}"


class RegisterChange(models.Model):
    """A change of names, keys or boundaries, from an official list or noticed between registers.

    Both sides are told by key and name, because what they name may never have been in a register
    that was imported.
    """

    class Kind(models.IntegerChoices):
        DISSOLVED = 1, _("Auflösung")
        PART_MOVED = 2, _("Gebietsabgabe")
        KEY_CHANGED = 3, _("Schlüsseländerung")
        RENAMED = 4, _("Namensänderung")

    kind = models.PositiveSmallIntegerField(choices=Kind)
    level = models.PositiveSmallIntegerField(choices=Level)
    old_key = models.CharField(max_length=12)
    old_name = models.CharField(max_length=200)
    new_key = models.CharField(max_length=12)
    new_name = models.CharField(max_length=200)
    area_km2 = models.FloatField(null=True)
    population = models.PositiveIntegerField(null=True)
    effective_on = models.DateField(null=True, help_text="Empty where only noticed")
    noticed_on = models.DateField(help_text="Status date of the register or list that tells it")
    reference = models.CharField(_("Kennziffer"), max_length=20, blank=True)
    source = models.ForeignKey(RegisterImport, on_delete=models.PROTECT, related_name="changes")

    class Meta:
        ordering = ("-noticed_on", "reference", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("reference", "kind", "level", "old_key", "new_key", "new_name"),
                name="one_row_per_change",
            ),
        )
        indexes = (
            models.Index(fields=("old_key",)),
            models.Index(fields=("new_key",)),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.old_name} → {self.new_name}"
