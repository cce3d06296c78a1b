"""What officials of a ministry keep for their own work: text blocks and filters."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation


class Boilerplate(models.Model):
    """A text that a ministry writes again and again (Textbaustein)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("Name"), max_length=100)
    text = models.TextField(_("Text"), max_length=5_000)

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "title"), name="boilerplate_once"),
        )

    def __str__(self) -> str:
        return self.title


class SavedFilter(models.Model):
    """Which concerns somebody wants to see again under one name (Gespeicherte Ansicht)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=60)
    wishes = models.JSONField(default=dict)

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="filter_once"),)

    def __str__(self) -> str:
        return self.name
