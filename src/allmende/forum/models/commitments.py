"""Commitments: what was promised, until when, and whether it was kept."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.portal.models import Upload
from allmende.registry.models import Mandate, Organisation

from .answers import SectionAnswer, edition_of
from .concerns import Concern
from .sittings import AgendaItem


def end_of(day: date) -> datetime:
    """The moment at which a day is over, in Germany."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class Outcome(models.TextChoices):
    """Whether a commitment was kept."""

    KEPT = "kept", _("Eingehalten")
    PARTLY = "partly", _("Teilweise eingehalten")
    NOT_KEPT = "not_kept", _("Nicht eingehalten")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def public(self, now: datetime | None = None) -> "CommitmentQuerySet":
        """Those of published answers and of decisions in closed minutes: ``is_public`` as a query."""
        return (
            self.filter(Q(answer=None) | Q(answer__answer__published_at__isnull=False))
            .filter(Q(decision=None) | Q(decision__sitting__minutes_at__isnull=False))
            .exclude(concern__in=Concern.objects.hiding_voices(now).order_by().values("pk"))
        )

    def overdue(self) -> "CommitmentQuerySet":
        """Promised for a day that has passed, and nobody has said what became of it."""
        return self.public().filter(due_on__lt=timezone.localdate(), outcome="")


class Commitment(models.Model):
    """Somebody promises something until a day (Zusage): what, who, until when, how one sees it kept.

    It belongs to the answer to a section, or to a decision of a sitting.
    """

    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    answer = models.ForeignKey(
        SectionAnswer, on_delete=models.PROTECT, null=True, related_name="commitments"
    )
    decision = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, related_name="commitments"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text="Who promises it"
    )
    what = models.CharField(_("Was zugesagt wird"), max_length=300)
    who = models.CharField(
        _("Wer es macht"), max_length=200, help_text=_("Zum Beispiel „Referat H III 2“")
    )
    due_on = models.DateField(_("Bis wann"))
    sign = models.CharField(_("Woran man erkennt, dass es eingehalten ist"), max_length=300)
    outcome = models.CharField(
        _("Was daraus wurde"), max_length=10, choices=Outcome, blank=True, default=""
    )
    outcome_text = models.TextField(_("Erläuterung"), max_length=2_000, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = CommitmentQuerySet.as_manager()

    # Set by queries.listed_commitments.
    verdicts_given: int
    verdicts_kept: int
    # Set by queries.commitments_due.
    due_milestones: "list[Milestone]"

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="commitment_has_one_origin",
                condition=Q(answer__isnull=False, decision__isnull=True)
                | Q(answer__isnull=True, decision__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("outcome", "due_on")),
            models.Index(fields=("outcome_at",)),  # of news
        )

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("commitments:commitment", args=[self.pk])

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it; reads the answer, the sitting and the concern."""
        if self.answer is not None and self.answer.answer.published_at is None:
            return False
        if self.decision is not None and self.decision.sitting.minutes_at is None:
            return False
        return self.concern is None or not self.concern.hides_voices

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed without word of what became of it."""
        return not self.outcome and self.due_on < timezone.localdate()

    @property
    def ends_at(self) -> datetime:
        return end_of(self.due_on)

    @property
    def days_late(self) -> int:
        """For how many days it has been overdue; 0 if it is not."""
        return (timezone.localdate() - self.due_on).days if self.is_overdue else 0

    @property
    def is_example(self) -> bool:
        """Whether it is invented, as its concern or whoever promised it is."""
        return self.concern.is_example if self.concern else self.organisation.is_example

    @property
    def edition(self) -> str:
        """Another one whenever what was promised is another; reads the milestones."""
        steps = [(step.title, step.due_on) for step in self.milestones.all()]
        return edition_of(self.what, self.who, self.due_on, self.sign, steps)


class Postponement(models.Model):
    """The day of a commitment was changed; the old one stays readable (Terminänderung)."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="postponements"
    )
    before = models.DateField(_("Bisher bis"))
    after = models.DateField(_("Neu bis"))
    reason = models.TextField(_("Begründung"), max_length=1_000)
    at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                name="postponed_to_another_day_with_a_reason",
                condition=~Q(before=models.F("after")) & ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Milestone(models.Model):
    """A step on the way to keeping a commitment (Etappe)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("Etappe"), max_length=200)
    due_on = models.DateField(_("Bis wann"))
    reached_on = models.DateField(_("Erreicht am"), null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return end_of(self.due_on)

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and it has not been reached."""
        return self.reached_on is None and self.due_on < timezone.localdate()


class Report(models.Model):
    """Word of how a commitment gets on, with evidence where there is some (Bericht)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="reports")
    text = models.TextField(_("Was seit dem letzten Bericht geschehen ist"), max_length=5_000)
    link = models.URLField(_("Nachweis im Netz"), max_length=500, blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("at",)),)  # of news

    def __str__(self) -> str:
        return f"Bericht {self.pk}"


class Verdict(models.Model):
    """How a municipality sees whether a commitment was kept (Bewertung); the later one counts."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="verdicts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("Aus Ihrer Sicht"), max_length=10, choices=Outcome)
    text = models.TextField(_("Warum"), max_length=1_000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("commitment", "organisation"), name="one_verdict_per_organisation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_outcome_display()}"
