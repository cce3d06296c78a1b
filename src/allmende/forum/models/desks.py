"""What officials of a ministry keep for their own work: text blocks and filters."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation

from .answers import edition_of


def queue_address(wishes: Mapping[str, str]) -> str:
    """The queue with these wishes; without any, it asks for everything, not for what is shown at first."""
    return f"{reverse('ministry:queue')}?{urlencode(wishes) or 'stand='}"


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

    @property
    def edition(self) -> str:
        return edition_of(self.organisation_id, self.title, self.text)


class SavedFilter(models.Model):
    """Which concerns somebody wants to see again under one name (Gespeicherte Ansicht)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=60)
    wishes = models.JSONField(default=dict, help_text="As the form of the queue has them")
    is_default = models.BooleanField(default=False, help_text="What the queue shows at first")

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "name"), name="filter_once"),
            models.UniqueConstraint(
                fields=("user",), condition=Q(is_default=True), name="one_filter_at_first"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The queue as this filter shows it."""
        return queue_address(self.wishes)
