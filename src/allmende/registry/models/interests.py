"""Interests: of which topics and regions somebody wants to hear news."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .regions import Region
from .topics import Topic

# Each makes the question to the database longer.
MOST_REGIONS = 20


class Interest(models.Model):
    """A topic or a region that a person has chosen; no row: she has chosen nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField("Themenfeld", max_length=20, choices=Topic, blank=True, default="")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="interest_in_a_topic_or_a_region",
                condition=Q(topic="", region__isnull=False)
                | (~Q(topic="") & Q(region__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=("user", "topic"), condition=~Q(topic=""), name="topic_once_per_person"
            ),
            models.UniqueConstraint(
                fields=("user", "region"),
                condition=Q(region__isnull=False),
                name="region_once_per_person",
            ),
        )

    def __str__(self) -> str:
        return str(self.region) if self.region else self.get_topic_display()
