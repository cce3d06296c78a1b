"""Incidents (Störungen): what failed, since when, whom it hits, and which reports were handed in."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .facilities import MOST_PERSONS, Facility


class IncidentState(models.TextChoices):
    """How far the reports of an incident have come."""

    DRAFT = "entwurf", _("Entwurf")
    SENT = "gemeldet", _("gemeldet")
    CLOSED = "abgeschlossen", _("abgeschlossen")


class Stage(models.TextChoices):
    """Which report it is."""

    FIRST = "erst", _("Erstmeldung")
    UPDATE = "folge", _("Folgemeldung")
    FINAL = "abschluss", _("Ausführliche Meldung")


class Incident(models.Model):
    """Something failed. ``known_at`` starts the clock; what is not known yet stays empty."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="incidents")
    state = models.CharField(max_length=20, choices=IncidentState, default=IncidentState.DRAFT)
    what = models.CharField(
        _("Was ist gestört oder ausgefallen?"),
        max_length=300,
        help_text=_("Ein Satz, etwa „Kein Druck im Netz, Pumpwerk ohne Strom“."),
    )
    began_at = models.DateTimeField(_("Seit wann"))
    known_at = models.DateTimeField(
        _("Seit wann wissen Sie davon?"), help_text=_("Ab dann zählen die 24 Stunden.")
    )
    ended_at = models.DateTimeField(_("Vorbei seit"), null=True, blank=True)
    expected_until = models.DateTimeField(_("Voraussichtlich vorbei"), null=True, blank=True)
    affected = models.PositiveIntegerField(
        _("Wie viele Menschen sind betroffen?"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_PERSONS)],
    )
    area = models.TextField(_("In welchem Gebiet?"), max_length=2_000, blank=True)
    cause = models.TextField(_("Ursache, soweit bekannt"), max_length=4_000, blank=True)
    other_states = models.CharField(
        _("Andere Mitgliedstaaten der EU, die es trifft"), max_length=300, blank=True
    )
    contact_name = models.CharField(_("Kontakt: Name oder Funktion"), max_length=120, blank=True)
    contact_telephone = models.CharField(_("Kontakt: Telefon"), max_length=60, blank=True)
    contact_email = models.EmailField(_("Kontakt: E-Mail"), blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, see services")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-known_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="incident_is_known_after_it_began", condition=Q(known_at__gte=F("began_at"))
            ),
            models.CheckConstraint(
                name="incident_ends_after_it_began",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
            ),
        )
        indexes = (models.Index(fields=("facility", "state"), name="incident_of_facility"),)

    def __str__(self) -> str:
        return f"{self.facility}: {self.what}"

    def get_absolute_url(self) -> str:
        return reverse("crisis:incident", args=[self.pk])

    @property
    def audit_name(self) -> str:
        """What the audit log, which more people read, calls it: never what or where."""
        return gettext("Störung %(number)s") % {"number": self.pk}


class HandedIn(models.Model):
    """A report was handed in, where and when; ``said`` is what stood in it, without the contact."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="handed_in")
    stage = models.CharField(max_length=10, choices=Stage)
    at = models.DateTimeField(_("Abgegeben am"))
    to = models.CharField(_("An wen"), max_length=200)
    said = models.JSONField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("incident", "stage"),
                condition=~Q(stage="folge"),
                name="one_first_and_one_final_report",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.incident}"
