"""Concerns, statements, votes, and what is computed from them.

A *concern* asks a question. *Participants* take part in it: a municipality (through whoever holds
its mandate), a person for herself, or a participant of an imported conversation. Participants write
*statements* and give *votes* on them. A *result* is what the opinion map says about the votes of one
kind of participants; official and personal voices never stand in one figure.
"""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from allmende.registry.models import Region


class ConcernState(models.TextChoices):
    """Where a concern is on its way."""

    DRAFT = "draft", "Entwurf"
    OPEN = "open", "Offen für Aussagen und Stimmen"
    CLOSED = "closed", "Abgeschlossen"


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> "ConcernQuerySet":
        """Concerns in which statements and votes are taken right now."""
        return self.filter(state=ConcernState.OPEN, deadline__gt=timezone.now())


class Concern(models.Model):
    """A question that a municipality puts to all others (Anliegen)."""

    slug = models.SlugField(max_length=80, unique=True)
    question = models.CharField("Frage", max_length=200)
    background = models.TextField("Hintergrund", max_length=10_000)
    owner = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="concerns")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ConcernState, default=ConcernState.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField("Frist")
    closed_early_at = models.DateTimeField(null=True, blank=True)
    is_confidential = models.BooleanField("Vertraulich bis zur Frist", default=False)
    takes_personal_voices = models.BooleanField(
        "Auch offen für persönliche Meinungen", default=False
    )
    is_example = models.BooleanField(default=False, help_text="Invented: every page says so")
    source = models.TextField(blank=True, help_text="Where an imported conversation comes from")

    objects = ConcernQuerySet.as_manager()

    # Added by queries.with_counts.
    municipalities: int
    statement_count: int
    waiting_count: int

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("forum:concern", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether statements and votes are taken right now."""
        return self.state == ConcernState.OPEN and timezone.now() < self.deadline

    @property
    def is_over(self) -> bool:
        """Whether voting has ended, by the deadline or by its owner."""
        return self.state == ConcernState.CLOSED or (
            self.state == ConcernState.OPEN and timezone.now() >= self.deadline
        )

    @property
    def ends_at(self) -> datetime:
        """When voting ends or ended: at the deadline, unless its owner ended it before."""
        return self.closed_early_at or self.deadline

    @property
    def hides_voices(self) -> bool:
        """Whether it must not yet be told who voted how: until the deadline, as voters were promised.

        Also if its owner ends the voting earlier.
        """
        return self.is_confidential and timezone.now() < self.deadline


class Voices(models.TextChoices):
    """Whose votes a figure is about. No figure is about more than one kind."""

    OFFICIAL = "official", "Kommunen"
    PERSONAL = "personal", "Persönliche Meinungen"


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
        return "Persönliche Meinung"


class StatementState(models.TextChoices):
    """What became of a statement."""

    PENDING = "pending", "Wartet auf Prüfung"
    ACCEPTED = "accepted", "Angenommen"
    REJECTED = "rejected", "Abgelehnt"
    DUPLICATE = "duplicate", "Steht schon da"


class Statement(models.Model):
    """One sentence that others can agree or disagree with (Aussage)."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="statements")
    author = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, related_name="statements"
    )
    text = models.TextField("Aussage", validators=[MaxLengthValidator(280)])
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.PENDING)
    reason = models.TextField("Begründung", max_length=1_000, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    created_at = models.DateTimeField(default=timezone.now)
    imported_as = models.CharField(max_length=60, blank=True)
    shown = models.PositiveIntegerField(default=0, help_text="To how many participants")

    class Meta:
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=("concern", "state")),)
        constraints = (
            models.CheckConstraint(
                name="duplicate_names_its_original",
                condition=Q(state="duplicate", duplicate_of__isnull=False)
                | (~Q(state="duplicate") & Q(duplicate_of__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return self.text


class Stand(models.IntegerChoices):
    """The three answers to a statement."""

    AGREE = 1, "Stimme zu"
    DISAGREE = -1, "Lehne ab"
    PASS = 0, "Übergehe"


class Vote(models.Model):
    """Where a participant stands on a statement now; how it came to that is in ``Ballot``."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="votes")
    stand = models.SmallIntegerField(choices=Stand)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "statement"), name="one_vote_per_statement"
            ),
            models.CheckConstraint(condition=Q(stand__in=(-1, 0, 1)), name="vote_is_a_stand"),
        )

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_stand_display()}"


class Ballot(models.Model):
    """Every vote ever cast, also those that were changed later: the log behind ``Vote``."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="ballots")
    stand = models.SmallIntegerField(choices=Stand)
    cast_at = models.DateTimeField(default=timezone.now)
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_stand_display()}"


class Presentation(models.Model):
    """A statement was put before a participant: why this one, so that the choice can be checked."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=40)
    seed = models.BigIntegerField()
    exposure = models.PositiveIntegerField(help_text="How often it had been shown in the stratum")
    floor = models.PositiveIntegerField(help_text="How often every statement was to be shown there")
    tied = models.PositiveIntegerField(help_text="Among how many equals the seed chose")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("participant", "statement"), name="presented_once"),
        )

    def __str__(self) -> str:
        return f"{self.statement} → {self.participant}"


class Exposure(models.Model):
    """How often a statement was shown to participants of one Land and size class."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="exposures")
    land = models.CharField(max_length=2, blank=True)
    size_class = models.PositiveSmallIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("statement", "land", "size_class"), name="one_count_per_stratum"
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement}: {self.shown}"


class Result(models.Model):
    """What the opinion map says about one kind of voices; replaced as votes come in."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="results")
    voices = models.CharField(max_length=10, choices=Voices)
    # When set, a recomputation is on its way; cleared before it reads the votes, so that a vote
    # that comes while it runs asks for the next one.
    requested_at = models.DateTimeField(null=True, blank=True)
    # When the latest recomputation began. Later than ``computed_at``: it runs, or its worker died.
    started_at = models.DateTimeField(null=True, blank=True)
    # The moment of the votes that the document is about, not that of its completion.
    computed_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    input_hash = models.CharField(max_length=64, blank=True)
    seed = models.BigIntegerField(default=0)
    version = models.CharField(max_length=20, blank=True)
    is_final = models.BooleanField(default=False, help_text="Computed after the end of voting")
    document = models.BinaryField(
        default=bytes, help_text="gzipped JSON, docs/reference/opinion-json.md"
    )
    # So that a filter counts the same votes as the document, and needs no second look at them.
    counts = models.BinaryField(
        default=bytes, help_text="gzipped JSON: votes by Land, size class and statement"
    )

    routing = models.JSONField(
        default=dict,
        help_text="What the choice of the next statement needs: statements with share of agreement "
        "and loadings, spread and noise of the map",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("concern", "voices"), name="one_result_per_voices"),
        )

    def __str__(self) -> str:
        return f"{self.concern}: {self.get_voices_display()}"

    @property
    def is_there(self) -> bool:
        """Whether anything has been computed yet."""
        return self.computed_at is not None

    @property
    def is_on_its_way(self) -> bool:
        """Whether a newer result is being computed or will be shortly."""
        running = self.started_at is not None and (
            self.computed_at is None or self.computed_at < self.started_at
        )
        return running or self.requested_at is not None
