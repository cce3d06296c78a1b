"""Votes as they stand, and the log of how it came to that."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation

from .evidence import Evidence
from .levels import level_field
from .participants import Participant
from .statements import Statement


class Stand(models.IntegerChoices):
    """The three answers to a statement."""

    AGREE = 1, _("Stimme zu")
    DISAGREE = -1, _("Lehne ab")
    PASS = 0, _("Übergehe")


def agent_field() -> "models.ForeignKey[Organisation | None, Organisation | None]":
    """Who answered for the participant with its power to do so; nobody where it answered itself."""
    # Nearly always nobody: an index of all of them helps no query and costs every vote.
    return models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )


def agent_index(name: str) -> models.Index:
    return models.Index(fields=("answered_by",), condition=Q(answered_by__isnull=False), name=name)


class Vote(models.Model):
    """Where a participant stands on a statement now; how it came to that is in ``Ballot``."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="votes")
    stand = models.SmallIntegerField(choices=Stand)
    level = level_field()
    answered_by = agent_field()
    evidence = models.ForeignKey(
        Evidence,
        on_delete=models.SET_NULL,
        null=True,
        related_name="votes",
        help_text="Of the decision behind it, where one is",
    )
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "statement"), name="one_vote_per_statement"
            ),
            models.CheckConstraint(condition=Q(stand__in=(-1, 0, 1)), name="vote_is_a_stand"),
        )
        indexes = (agent_index("forum_vote_of_agent"),)

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_stand_display()}"


class Ballot(models.Model):
    """Every vote ever cast, also those that were changed later: the log behind ``Vote``."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="ballots")
    stand = models.SmallIntegerField(choices=Stand)
    level = level_field()
    cast_at = models.DateTimeField(default=timezone.now)
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(
        Mandate,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="In which mandate it was cast or released; that of the agent's where one answered",
    )
    answered_by = agent_field()

    class Meta:
        ordering = ("pk",)
        indexes = (agent_index("forum_ballot_of_agent"),)

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_stand_display()}"
