"""Co-signing: who wants that the federal level answers a concern."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from allmende.registry.models import Mandate, Organisation

from .concerns import Concern


class SupportQuerySet(models.QuerySet["Support"]):
    def current(self) -> "SupportQuerySet":
        """What has not been withdrawn."""
        return self.filter(withdrawn_at=None)


class Support(models.Model):
    """A municipality or an association wants an answer to a concern (Mitzeichnung)."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SupportQuerySet.as_manager()

    class Meta:
        ordering = ("signed_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("concern", "organisation"),
                condition=Q(withdrawn_at__isnull=True),
                name="one_support_per_organisation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.concern}"
