"""Exercises: a script that is played, and all that happened: the clock's changes, what came, what people did.

Nothing of the simulated world is stored: it is computed anew from these (docs/algorithms/exercise.md). Times
called ``at`` and ``due`` are microseconds of exercise time, those called ``wall`` are microseconds since 1970.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation


class ExerciseState(models.TextChoices):
    PREPARED = "vorbereitet", _("in Vorbereitung")
    RUNNING = "laeuft", _("läuft")
    ENDED = "beendet", _("beendet")


class Exercise(models.Model):
    """One exercise. Its script does not change once it has begun."""

    title = models.CharField(_("Titel"), max_length=200)
    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="exercises", verbose_name=_("Wer übt")
    )
    script: "models.JSONField[dict[str, Any]]" = models.JSONField(
        help_text="docs/reference/exercise-json.md"
    )
    script_hash = models.CharField(
        max_length=64, help_text="SHA-256: what was computed from it is kept by it"
    )
    from_register = models.BooleanField(
        default=False, help_text="Whether its network names real facilities; its script says so"
    )
    state = models.CharField(
        _("Stand"), max_length=20, choices=ExerciseState, default=ExerciseState.PREPARED
    )
    token = models.CharField(
        max_length=64, unique=True, help_text="Of the link by which people join"
    )
    spectator_token = models.CharField(
        max_length=64, unique=True, help_text="Of the link by which people only look on"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    planned_at = models.DateTimeField(_("Geplanter Beginn"), null=True, blank=True)
    started_at = models.DateTimeField(_("Begonnen"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Beendet"), null=True, blank=True)
    next_wall = models.BigIntegerField(
        null=True, blank=True, help_text="When something may be due next, unless somebody acts"
    )
    revision = models.PositiveIntegerField(
        default=0,
        help_text="Counts what changes: the pages of all who see everything ask whether it did",
    )
    news: "models.JSONField[dict[str, int]]" = models.JSONField(
        default=dict, help_text="Counts for each role what is new to those who play it"
    )
    observed = models.PositiveIntegerField(
        default=0, help_text="Counts what observers see change beyond that"
    )
    is_example = models.BooleanField(default=False, help_text="Invented for example data")

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exercises:exercise", args=[self.pk])

    def get_join_url(self) -> str:
        return reverse("exercises:join", args=[self.token])


class ClockChange(models.Model):
    """From ``wall`` on, exercise time goes on from ``at``, at ``speed`` thousandths if it runs."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="clock_changes")
    number = models.PositiveIntegerField()
    wall = models.BigIntegerField()
    at = models.BigIntegerField()
    speed = models.PositiveIntegerField()
    runs = models.BooleanField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("exercise", "number")
        constraints = (
            models.UniqueConstraint(fields=("exercise", "number"), name="one_clock_change"),
        )

    def __str__(self) -> str:
        return f"{self.exercise}: {self.number}"


class PartKind(models.TextChoices):
    """What somebody does in an exercise."""

    CONTROL = "leitung", _("Übungsleitung")
    PLAYER = "spiel", _("spielt mit")
    OBSERVER = "beobachtung", _("beobachtet")
    SPECTATOR = "zuschauen", _("schaut zu")


class Part(models.Model):
    """Somebody takes part in an exercise, once; players in a role of the script."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="parts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("Aufgabe"), max_length=20, choices=PartKind)
    role = models.CharField(_("Rolle"), max_length=60, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    has_answered = models.BooleanField(
        default=False, help_text="The questionnaire; what is not known (models/observing.py)"
    )

    class Meta:
        ordering = ("kind", "role", "pk")
        constraints = (
            models.UniqueConstraint(fields=("exercise", "user"), name="one_part_per_person"),
            models.CheckConstraint(
                name="players_have_a_role",
                condition=Q(kind=PartKind.PLAYER) & ~Q(role="")
                | ~Q(kind=PartKind.PLAYER) & Q(role=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.exercise}: {self.get_kind_display()} {self.role}".strip()

    @property
    def is_control(self) -> bool:
        return self.kind == PartKind.CONTROL

    @property
    def is_player(self) -> bool:
        return self.kind == PartKind.PLAYER

    @property
    def is_spectator(self) -> bool:
        """Whether somebody is shown only what every team could know."""
        return self.kind == PartKind.SPECTATOR

    @property
    def observes(self) -> bool:
        """Whether she notes what others do: observers, and the control if it finds the time."""
        return self.kind in {PartKind.CONTROL, PartKind.OBSERVER}

    @property
    def is_asked(self) -> bool:
        """Whether she took part, and is asked about it afterwards: everybody who did not only look on."""
        return self.kind != PartKind.SPECTATOR


class JoinRequest(models.Model):
    """Somebody waits for the control to let her into an exercise on a register's network.

    She takes no part until then, so that nothing shows her anything. Whom the control has declined does not
    come to ask again.
    """

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("Aufgabe"), max_length=20, choices=PartKind)
    role = models.CharField(_("Rolle"), max_length=60, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    declined_at = models.DateTimeField(_("Abgelehnt"), null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("exercise", "user"), name="one_request_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.exercise}: {self.get_kind_display()} {self.role}".strip()


class Delivery(models.Model):
    """One inject for one role. What it says is kept as it was said."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="deliveries")
    inject = models.CharField(max_length=300)
    recipient = models.CharField(max_length=60)
    attempt = models.PositiveSmallIntegerField()
    due = models.BigIntegerField()
    wall = models.BigIntegerField()
    channel = models.CharField(max_length=20)
    sender = models.CharField(_("Von"), max_length=200)
    title = models.CharField(_("Betreff"), max_length=300)
    text = models.TextField(_("Text"), blank=True)
    seen_wall = models.BigIntegerField(null=True, blank=True, help_text="When its role opened it")

    class Meta:
        ordering = ("due", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("exercise", "inject", "recipient", "attempt"), name="inject_delivered_once"
            ),
        )
        indexes = (models.Index(fields=("exercise", "recipient", "due"), name="delivered_to"),)

    def __str__(self) -> str:
        return f"{self.title} → {self.recipient}"


class OrderKind(models.TextChoices):
    """What the control says of an inject."""

    TRIGGER = "trigger", _("jetzt einspielen")
    SKIP = "skip", _("auslassen")
    AGAIN = "again", _("noch einmal einspielen")


class Order(models.Model):
    """The control wants an inject now, not at all, or once more; two who press at once mean the same."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="orders")
    kind = models.CharField(max_length=10, choices=OrderKind)
    inject = models.CharField(max_length=300)
    attempt = models.PositiveSmallIntegerField(default=1)
    at = models.BigIntegerField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("exercise", "kind", "inject", "attempt"), name="ordered_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.inject}"


class Choice(models.Model):
    """A decision that a role has made; ``key`` is that of the page it was sent from: sent twice, it is one."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="choices")
    key = models.UUIDField()
    at = models.BigIntegerField()
    wall = models.BigIntegerField()
    role = models.CharField(max_length=60)
    decision = models.CharField(max_length=60)
    option = models.CharField(max_length=60)
    reason = models.TextField(_("Begründung"), max_length=2_000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("exercise", "key"), name="choice_once"),
            models.UniqueConstraint(fields=("exercise", "at"), name="one_choice_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.decision}: {self.option}"


CONTROL = "@leitung"  # as a sender and recipient of messages; no role of a script can be called so


class Note(models.Model):
    """A message within an exercise, between roles and with the control, who answers as anybody.

    ``recipient`` is a role, a team, all of which read it, or the control; ``outside`` says whom the control
    plays, or is asked to play.
    """

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="notes")
    key = models.UUIDField()
    at = models.BigIntegerField()
    wall = models.BigIntegerField()
    sender = models.CharField(max_length=60)
    recipient = models.CharField(max_length=60)
    outside = models.CharField(_("Im Namen von"), max_length=200, blank=True)
    text = models.TextField(_("Nachricht"), max_length=4_000)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("exercise", "key"), name="note_once"),)
        indexes = (models.Index(fields=("exercise", "recipient"), name="note_to"),)

    def __str__(self) -> str:
        return f"{self.sender} → {self.recipient}"
