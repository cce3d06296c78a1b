"""Who takes part in a concern."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.registry.models import Region

from .concerns import Concern


class Voices(models.TextChoices):
    """Whose votes a figure is about. No figure is about more than one kind."""

    OFFICIAL = "official", gettext_lazy("Kommunen")
    PERSONAL = "personal", gettext_lazy("Persönliche Meinungen")


class Participant(models.Model):
    """A municipality, a person, or a voter of an imported conversation, within one concern."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="participants")
    voices = models.CharField(max_length=10, choices=Voices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    imported_as = models.CharField(max_length=60, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("concern", "region"),
                condition=Q(region__isnull=False),
                name="municipality_once_per_concern",
            ),
            models.UniqueConstraint(
                fields=("concern", "user"),
                condition=Q(user__isnull=False),
                name="person_once_per_concern",
            ),
            models.UniqueConstraint(
                fields=("concern", "imported_as"),
                condition=~Q(imported_as=""),
                name="imported_voter_once_per_concern",
            ),
            models.CheckConstraint(
                name="participant_is_exactly_one",
                condition=(
                    Q(voices="official", region__isnull=False, user__isnull=True, imported_as="")
                    | Q(voices="personal", region__isnull=True, user__isnull=False, imported_as="")
                    | (
                        Q(voices="personal", region__isnull=True, user__isnull=True)
                        & ~Q(imported_as="")
                    )
                ),
            ),
        )

    def __str__(self) -> str:
        if self.region is not None:
            return self.region.name
        return _("Persönliche Meinung")

    @property
    def stratum(self) -> tuple[str, int]:
        """Land and size class; persons and imported voters form one stratum of their own."""
        region = self.region
        return (region.land, region.size_class or 0) if region else ("", 0)
