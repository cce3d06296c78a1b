"""What observers note while an exercise is played, and what those who took part say of it afterwards.

An answer to the questionnaire is no row: it is added to counts, and its words are put among those of all others
in a new order. So nothing here, and no order of rows, leads from an answer to a person or to a moment; only
``Part.has_answered`` says who need not be asked any more. Nothing is shown before the questionnaire
is closed: what is shown twice tells by the difference what one person said.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .exercises import Exercise

# As long as it is remembered what it was like.
QUESTIONNAIRE_LASTS = timedelta(days=14)
# Fewer could be told apart.
FEWEST_ANSWERS = 5


class Mark(models.TextChoices):
    """How an observer saw a task done."""

    DONE = "erledigt", pgettext_lazy("Aufgabe", "erledigt")
    PARTLY = "teilweise", pgettext_lazy("Aufgabe", "teilweise")
    NOT_DONE = "nicht-erledigt", pgettext_lazy("Aufgabe", "nicht erledigt")
    NOT_SEEN = "nicht-beobachtet", pgettext_lazy("Aufgabe", "nicht beobachtet")


class Observation(models.Model):
    """What an observer saw: how a role did a task of the script (``inject``), or a free note.

    Of one task there is one mark of each observer, her last; ``key`` is that of the page a note was sent from:
    sent twice, it is one. A note without a role is about the whole exercise.
    """

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="observations")
    key = models.UUIDField(default=uuid4)
    inject = models.CharField(max_length=300, blank=True)
    role = models.CharField(_("Rolle"), max_length=60, blank=True)
    mark = models.CharField(max_length=20, choices=Mark, blank=True)
    text = models.TextField(_("Beobachtung"), max_length=4_000, blank=True)
    at = models.BigIntegerField(help_text="Exercise time of the mark, or of the note")
    wall = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("exercise", "key"), name="observation_once"),
            models.UniqueConstraint(
                fields=("exercise", "inject", "role", "made_by"),
                condition=~Q(inject=""),
                name="one_mark_of_each",
            ),
            models.CheckConstraint(
                name="task_is_marked_or_note_says_something",
                condition=~Q(inject="") & ~Q(role="") & ~Q(mark="")
                | Q(inject="", mark="") & ~Q(text=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role or self.exercise}: {self.get_mark_display() or self.text[:40]}"


class Questionnaire(models.Model):
    """What was asked after an exercise, and how many answered."""

    exercise = models.OneToOneField(
        Exercise, on_delete=models.CASCADE, related_name="questionnaire"
    )
    answered = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.exercise}: {self.answered}"


class Tally(models.Model):
    """How many gave a question this score, from 1 (not at all) to 5 (fully)."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="tallies"
    )
    question = models.CharField(max_length=100)
    score = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("question", "score")
        constraints = (
            models.UniqueConstraint(
                fields=("questionnaire", "question", "score"), name="one_tally"
            ),
            models.CheckConstraint(name="score_on_scale", condition=Q(score__range=(1, 5))),
        )

    def __str__(self) -> str:
        return f"{self.question}: {self.score}"


class Remark(models.Model):
    """Words of somebody in the questionnaire. Its key is drawn anew whenever somebody else answers."""

    key = models.UUIDField(primary_key=True, default=uuid4)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="remarks"
    )
    question = models.CharField(max_length=100)
    text = models.TextField(max_length=4_000)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.question}: {self.text[:40]}"


def questionnaire_ends(exercise: Exercise) -> datetime | None:
    """Until when an exercise can be answered about, if nobody closes it before; None: it was not played."""
    if exercise.started_at is None or exercise.ended_at is None:
        return None
    return exercise.ended_at + QUESTIONNAIRE_LASTS


def takes_answers(exercise: Exercise, questionnaire: Questionnaire | None) -> bool:
    """Whether its questionnaire is open."""
    ends = questionnaire_ends(exercise)
    closed = questionnaire is not None and questionnaire.closed_at is not None
    return ends is not None and timezone.now() < ends and not closed
