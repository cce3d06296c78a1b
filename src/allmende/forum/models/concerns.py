"""Concerns: the questions that municipalities put to all others."""

from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation, Region, Topic


class ConcernState(models.TextChoices):
    """Where a concern is on its way."""

    DRAFT = "draft", _("Entwurf")
    OPEN = "open", _("Offen für Aussagen und Stimmen")
    POSITION = "position", _("Gemeinsame Position")
    SENT = "sent", _("Beim Ministerium")
    ANSWERED = "answered", _("Beantwortet")
    PURSUED = "pursued", _("Zusagen werden verfolgt")
    CLOSED = "closed", _("Abgeschlossen")


# In these a concern takes no votes yet, or still.
BEFORE_THE_END_OF_VOTING = (ConcernState.DRAFT, ConcernState.OPEN)


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self, now: datetime | None = None) -> "ConcernQuerySet":
        """Concerns in which statements and votes are taken right now."""
        return self.filter(state=ConcernState.OPEN, deadline__gt=now or timezone.now())

    def ended(self) -> "ConcernQuerySet":
        """Concerns whose voting is over, and with which nobody has gone on yet."""
        return self.filter(state=ConcernState.OPEN, deadline__lte=timezone.now())

    def hiding_voices(self, now: datetime | None = None) -> "ConcernQuerySet":
        """Concerns of which it must not be told yet who voted how: ``hides_voices`` as a query."""
        return self.filter(is_confidential=True, deadline__gt=now or timezone.now())

    def overdue(self) -> "ConcernQuerySet":
        """Concerns whose answer was asked for until a day that has passed."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(state=ConcernState.SENT, answer_due__lt=today)


class Concern(models.Model):
    """A question that a municipality puts to all others (Anliegen)."""

    slug = models.SlugField(max_length=80, unique=True)
    question = models.CharField(_("Frage"), max_length=200)
    background = models.TextField(_("Hintergrund"), max_length=10_000)
    topic = models.CharField(
        _("Themenfeld"), max_length=20, choices=Topic, blank=True, default="", db_index=True
    )
    owner = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="concerns")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ConcernState, default=ConcernState.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(_("Frist"))
    closed_early_at = models.DateTimeField(null=True, blank=True)
    is_confidential = models.BooleanField(_("Vertraulich bis zur Frist"), default=False)
    takes_personal_voices = models.BooleanField(
        _("Auch offen für persönliche Meinungen"), default=False
    )
    is_example = models.BooleanField(default=False, help_text="Invented: every page says so")
    source = models.TextField(blank=True, help_text="Where an imported conversation comes from")
    summary = models.TextField(_("Kurz gefasst"), max_length=2_000, blank=True)
    rapporteurs = models.ManyToManyField(
        Organisation,
        related_name="+",
        blank=True,
        help_text="Who writes the position, with its owner",
    )
    ministry = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is in charge of it in the ministry",
    )
    quorum_at = models.DateTimeField(null=True, blank=True, help_text="When enough had co-signed")
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_due = models.DateTimeField(_("Antwort bis"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = ConcernQuerySet.as_manager()

    # Added by queries.with_counts.
    municipalities: int
    statement_count: int
    waiting_count: int
    contribution_count: int
    # Added by queries.with_open_sections.
    open_sections: int
    # Added by queries.queue_rows and the plans of queries.bulk.
    nobody_in_charge: bool
    # Added by queries.queue_rows.
    sealed_sections: int
    supporters: int

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            # Their list: its counts are for the rows of a page, and none is made to be sorted away.
            models.Index(fields=("-created_at", "-id"), name="forum_concern_newest"),
            # With the key, so that many with one deadline need not be sorted.
            models.Index(fields=("state", "deadline", "id"), name="forum_concern_ending"),
            models.Index(fields=("state", "answer_due", "id"), name="forum_concern_awaited"),
            models.Index(fields=("ministry", "state", "answer_due")),
            models.Index(
                fields=(
                    "ministry",
                    "is_example",
                    "state",
                    "answer_due",
                    "sent_at",
                    "answered_at",
                    "id",
                ),
                condition=models.Q(sent_at__isnull=False),
                name="forum_concern_sent",
            ),
            models.Index(
                fields=("deadline",),
                condition=models.Q(is_confidential=True),
                name="forum_concern_secret",
            ),
        )

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("forum:concern", args=[self.slug])

    @property
    def edition(self) -> str:
        """Another one whenever what its owner has written is another: who changes it says which she saw."""
        written = [
            self.owner_id,
            self.question,
            self.topic,
            self.background,
            self.deadline.astimezone(UTC).isoformat(),
            self.is_confidential,
            self.takes_personal_voices,
        ]
        return sha256(repr([str(part) for part in written]).encode()).hexdigest()[:32]

    @property
    def is_open(self) -> bool:
        """Whether statements and votes are taken right now."""
        return self.state == ConcernState.OPEN and timezone.now() < self.deadline

    @property
    def is_over(self) -> bool:
        """Whether voting has ended, by the deadline or by its owner."""
        return self.state not in BEFORE_THE_END_OF_VOTING or (
            self.state == ConcernState.OPEN and timezone.now() >= self.deadline
        )

    @property
    def stands(self) -> str:
        """Its state in words; an open one that takes no votes any more says so."""
        ended = self.state == ConcernState.OPEN and self.is_over
        return gettext("Abstimmung beendet") if ended else self.get_state_display()

    @property
    def ends_at(self) -> datetime:
        """When voting ends or ended: at the deadline, unless its owner ended it before."""
        return self.closed_early_at or self.deadline

    @property
    def days_late(self) -> int:
        """How many days after its date the answer came, or has been missing so far; 0 if in time."""
        if self.answer_due is None or (self.state != ConcernState.SENT and not self.answered_at):
            return 0
        until = timezone.localdate(self.answered_at or timezone.now())
        return max((until - timezone.localdate(self.answer_due)).days, 0)

    @property
    def is_answered_in_extended_time(self) -> bool:
        """Whether its answer came after the day that was asked for first, but not after the later one."""
        if self.answered_at is None or self.days_late or not hasattr(self, "extension"):
            return False
        return timezone.localdate(self.answered_at) > timezone.localdate(self.extension.before)

    @property
    def hides_voices(self) -> bool:
        """Whether it must not yet be told who voted how: until the deadline, as voters were promised.

        Also if its owner ends the voting earlier.
        """
        return self.is_confidential and timezone.now() < self.deadline
