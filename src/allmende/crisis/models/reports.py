"""The after-action report of an exercise: what people wrote beside its figures, and what they mean to do better.

Figures are nowhere kept here but for what depends on the script alone: they are computed from what was played.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.forum.models import Concern

from .exercises import Exercise


class Rating(models.TextChoices):
    """How well a goal was reached; the four steps that HSEEP knows, in words of our own."""

    WITHOUT_LIMITS = "P", _("ohne Einschränkung erreicht")
    SMALL_LIMITS = "S", _("mit kleinen Einschränkungen erreicht")
    LARGE_LIMITS = "M", _("mit großen Einschränkungen erreicht")
    NOT_DONE = "U", _("nicht durchgeführt")


class Report(models.Model):
    """Who may read the report of an exercise: those who write it; if shared or closed, all who took part."""

    exercise = models.OneToOneField(Exercise, on_delete=models.CASCADE, related_name="report")
    is_shared = models.BooleanField(default=False)
    closed_at = models.DateTimeField(_("Abgeschlossen"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.exercise)


class Passage(models.Model):
    """A version of what one section of the report says: a text, or the rating of a goal and why."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="passages")
    section = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    text = models.TextField(_("Text"), max_length=10_000, blank=True)
    rating = models.CharField(_("Bewertung"), max_length=1, choices=Rating, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("exercise", "section", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("exercise", "section", "number"), name="one_passage_of_a_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.exercise}: {self.section} {self.number}"


class Yardstick(models.Model):
    """What all play of a script is held against, computed once by a worker (``algorithms.exercise.rehearsal``).

    ``found`` is None until then. ``tries`` counts the workers that have begun.
    """

    # Nothing that is at work takes so long; and what three workers did not survive, a fourth will not.
    LOST_AFTER = timedelta(minutes=10)
    MOST_TRIES = 3

    script_hash = models.CharField(max_length=64, unique=True)
    found: "models.JSONField[dict[str, Any] | None]" = models.JSONField(null=True)
    wanted_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.script_hash

    @property
    def is_given_up(self) -> bool:
        is_lost = self.wanted_at < timezone.now() - self.LOST_AFTER
        return self.found is None and self.tries >= self.MOST_TRIES and is_lost


class ImprovementState(models.TextChoices):
    """How far a measure has come."""

    OPEN = "offen", pgettext_lazy("Maßnahme", "offen")
    BEGUN = "begonnen", pgettext_lazy("Maßnahme", "begonnen")
    DONE = "erledigt", pgettext_lazy("Maßnahme", "erledigt")
    DROPPED = "verworfen", pgettext_lazy("Maßnahme", "verworfen")


# In these something is still to be done.
TO_DO = (ImprovementState.OPEN, ImprovementState.BEGUN)


class Improvement(models.Model):
    """What was learnt from an exercise, and who does something about it until when (Maßnahme).

    ``state`` and ``state_at`` say once more what its newest step says: lists of the measures of all exercises
    filter and sort by them, by an index, and a state is only changed where it is still the one that was seen.
    """

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="improvements")
    goal = models.CharField(_("Ziel"), max_length=60, blank=True)
    lesson = models.TextField(_("Was haben Sie gelernt?"), max_length=2_000)
    what = models.CharField(_("Maßnahme"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wer es tut"),
    )
    organisation = models.CharField(_("Oder Organisation"), max_length=200, blank=True)
    person = models.CharField(_("Name oder Funktion dort"), max_length=200, blank=True)
    due_on = models.DateField(_("Bis wann"))
    state = models.CharField(
        _("Stand"), max_length=10, choices=ImprovementState, default=ImprovementState.OPEN
    )
    state_at = models.DateTimeField(default=timezone.now)
    edition = models.PositiveIntegerField(default=1)
    concern = models.ForeignKey(
        Concern, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=("owner", "state", "due_on"), name="improvement_owned"),)

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("exercises:improvement", args=[self.pk])

    @property
    def is_to_do(self) -> bool:
        return self.state in TO_DO

    @property
    def is_overdue(self) -> bool:
        return self.is_to_do and self.due_on < timezone.localdate()

    @property
    def who(self) -> str:
        """Who answers for it; reads ``owner``."""
        if self.owner is not None:
            return self.owner.name
        return ", ".join(filter(None, (self.organisation, self.person)))


class ImprovementStep(models.Model):
    """When a measure got into another state, and what was said of it."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=ImprovementState)
    note = models.TextField(_("Bemerkung"), max_length=1_000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="dropping_says_why",
                condition=~Q(state=ImprovementState.DROPPED) | ~Q(note=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.improvement}: {self.get_state_display()}"
