"""The way of a concern: its steps, and the rules of the Alliance that say when it goes on."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.registry.models import Mandate, Organisation, Topic

from .concerns import Concern, ConcernState


class Step(models.Model):
    """A concern came into a state: when, in whose office, why."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=ConcernState)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Empty where a deadline or the quorum did it",
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, max_length=1_000)

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("at",)),)  # of news

    def __str__(self) -> str:
        return f"{self.concern}: {self.get_state_display()}"


class Terms(models.Model):
    """What the members of the Alliance have agreed on; one row, kept by the operator."""

    quorum_municipalities = models.PositiveIntegerField(
        gettext_lazy("Kommunen, die mitzeichnen"), default=50, validators=[MinValueValidator(1)]
    )
    quorum_laender = models.PositiveSmallIntegerField(
        gettext_lazy("aus so vielen Ländern"), default=4, validators=[MinValueValidator(1)]
    )
    quorum_associations = models.PositiveSmallIntegerField(
        gettext_lazy("oder so viele kommunale Verbände"),
        default=1,
        validators=[MinValueValidator(1)],
    )
    answer_weeks = models.PositiveSmallIntegerField(
        gettext_lazy("Wochen bis zur Antwort"), default=8, validators=[MinValueValidator(1)]
    )

    class Meta:
        constraints = (models.CheckConstraint(name="one_row_of_terms", condition=Q(pk=1)),)

    def __str__(self) -> str:
        return _("Regeln der Allianz")


class Responsibility(models.Model):
    """Which ministry answers concerns of a topic area, unless a concern says otherwise."""

    topic = models.CharField(gettext_lazy("Themenfeld"), max_length=20, choices=Topic, unique=True)
    ministry = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("topic",)

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {self.ministry}"
