"""Sittings of the Alliance: series, meetings, agenda, attendance, addenda to minutes."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.registry.models import Mandate, Organisation

from .concerns import Concern


class Series(models.Model):
    """Meetings that come again, such as the plenary of the Alliance twice a year (Sitzungsreihe)."""

    name = models.CharField(_("Name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    months = models.PositiveSmallIntegerField(
        _("Abstand in Monaten"), default=6, help_text=_("6 heißt: zweimal im Jahr.")
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose people invite and keep the minutes",
    )
    members = models.ManyToManyField(Organisation, related_name="+", blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sittings:series", args=[self.slug])


class SittingState(models.TextChoices):
    """Where a sitting is on its way."""

    PLANNED = "planned", _("Geplant")
    INVITED = "invited", _("Eingeladen")
    RUNNING = "running", _("Läuft")
    HELD = "held", _("Gehalten")
    CANCELLED = "cancelled", _("Abgesagt")


class SittingQuerySet(models.QuerySet["Sitting"]):
    def announced(self) -> "SittingQuerySet":
        """Those that everybody may know of: from the invitation on."""
        in_silence = Q(state=SittingState.CANCELLED, invited_at=None)
        return self.exclude(Q(state=SittingState.PLANNED) | in_silence)


class Sitting(models.Model):
    """One meeting (Sitzung)."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="sittings")
    title = models.CharField(_("Titel"), max_length=200)
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    place = models.CharField(_("Ort"), max_length=300, blank=True)
    link = models.URLField(_("Adresse der Videokonferenz"), max_length=500, blank=True)
    answer_by = models.DateField(_("Zu- oder Absage bis"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=SittingState, default=SittingState.PLANNED)
    uid = models.UUIDField(default=uuid4, unique=True, help_text="Its name in calendars")
    sequence = models.PositiveSmallIntegerField(
        default=0, help_text="Counts the changes that calendars have to learn of"
    )
    edition = models.PositiveIntegerField(
        default=0, help_text="Counts the changes of date, place and link"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    invited_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("Warum sie ausfällt"), max_length=500, blank=True)
    minutes_at = models.DateTimeField(
        null=True, blank=True, help_text="When its minutes were closed"
    )

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-pk")
        indexes = (models.Index(fields=("state", "starts_at")),)
        constraints = (
            models.CheckConstraint(
                name="sitting_ends_after_it_begins", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("sittings:sitting", args=[self.pk])

    @property
    def audit_name(self) -> str:
        """What the audit log calls it."""
        return f"Sitzung {self.title}"

    @property
    def is_announced(self) -> bool:
        """Whether everybody may know of it: from the invitation on."""
        return self.state != SittingState.PLANNED and (
            self.state != SittingState.CANCELLED or self.invited_at is not None
        )

    @property
    def may_begin(self) -> bool:
        """Whether its day has come."""
        return timezone.localdate() >= timezone.localdate(self.starts_at)

    @property
    def is_over(self) -> bool:
        """Whether nothing about it changes any more, but for addenda."""
        return self.state in {SittingState.HELD, SittingState.CANCELLED}


class ItemState(models.TextChoices):
    """What the host says of a point that a member proposes; her own are accepted at once."""

    PROPOSED = "proposed", _("Vorgeschlagen")
    ACCEPTED = "accepted", _("Aufgenommen")
    DECLINED = "declined", _("Nicht aufgenommen")


class AgendaItem(models.Model):
    """One point of the agenda: what was said and what was decided (Tagesordnungspunkt)."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="agenda")
    place = models.PositiveSmallIntegerField(help_text="Its order on the agenda")
    title = models.CharField(_("Gegenstand"), max_length=300)
    concern = models.ForeignKey(
        Concern, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    minutes = models.TextField(_("Was besprochen wurde"), max_length=10_000, blank=True)
    decision = models.TextField(_("Beschluss"), max_length=2_000, blank=True)
    edition = models.PositiveIntegerField(default=0, help_text="Counts the changes")
    written_at = models.DateTimeField(null=True, blank=True, help_text="When its minutes changed")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.ACCEPTED)
    proposer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(_("Warum auf die Tagesordnung"), max_length=500, blank=True)
    reason = models.CharField(_("Warum nicht"), max_length=500, blank=True)

    class Meta:
        ordering = ("place", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("sitting", "concern"),
                condition=~Q(state="declined"),
                name="concern_once_on_an_agenda",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Presence(models.TextChoices):
    """Whether somebody comes or came."""

    INVITED = "invited", _("Eingeladen")
    COMING = "coming", _("Zugesagt")
    NOT_COMING = "not_coming", pgettext_lazy("invitation", "Abgesagt")
    PRESENT = "present", _("Anwesend")
    ABSENT = "absent", _("Nicht erschienen")


class Attendance(models.Model):
    """An organisation at a sitting, and who comes for it (Anwesenheit)."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="attendances")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    who = models.CharField(
        _("Wer kommt"), max_length=200, blank=True, help_text="Somebody without an account"
    )
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.INVITED)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("sitting", "organisation"), name="organisation_once_a_sitting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_presence_display()}"


class Addendum(models.Model):
    """What is added to minutes after they were closed; they themselves never change (Nachtrag)."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField(_("Nachtrag"), max_length=5_000)
    at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        verbose_name_plural = "addenda"

    def __str__(self) -> str:
        return f"Nachtrag {self.pk}"
