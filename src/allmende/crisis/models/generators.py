"""Generators (Netzersatzanlagen): what gives electricity where the grid does not, fixed or on wheels."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation, Region

from .contacts import CONTACT_LASTS
from .facilities import MOST_HOURS, Facility

MOST_KW = 100_000


class Fuel(models.TextChoices):
    """What a generator burns."""

    DIESEL = "diesel", _("Diesel oder Heizöl")
    PETROL = "benzin", _("Benzin")
    GAS = "gas", _("Gas")
    BATTERY = "batterie", _("Batterie")
    OTHER = "anderes", _("Anderes")


class Generator(models.Model):
    """A generator of a facility, or of somebody whose facilities it serves wherever they are.

    One of a facility belongs to whoever runs that. Of any other, ``owner`` or ``owner_name`` says whose it
    is, and ``region`` in which municipality it stands.
    """

    name = models.CharField(
        _("Name"), max_length=120, help_text=_("Etwa „Aggregat Bauhof“ oder „NEA 2“.")
    )
    facility = models.ForeignKey(
        Facility, on_delete=models.CASCADE, null=True, related_name="generators"
    )
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="generators",
        verbose_name=_("Halter auf dieser Plattform"),
    )
    owner_name = models.CharField(_("Anderer Halter"), max_length=200, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    is_mobile = models.BooleanField(_("Mobil, etwa auf einem Anhänger"), default=False)
    power_kw = models.PositiveIntegerField(
        _("Leistung (kW)"), validators=[MinValueValidator(1), MaxValueValidator(MOST_KW)]
    )
    fuel = models.CharField(_("Kraftstoff"), max_length=10, choices=Fuel, default=Fuel.DIESEL)
    fuel_hours = models.FloatField(
        _("Tank reicht bei Volllast (Stunden)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_HOURS)],
    )
    place = models.CharField(_("Wo sie steht"), max_length=200, blank=True)
    release_name = models.CharField(
        _("Wer sie freigibt: Name oder Funktion"), max_length=120, blank=True
    )
    release_telephone = models.CharField(_("Telefon"), max_length=60, blank=True)
    confirmed_on = models.DateField(help_text="When somebody last said that this is so")
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, see services")

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                name="generator_of_a_facility_or_of_somebody",
                condition=Q(facility__isnull=False, region=None, owner=None, owner_name="")
                | (
                    Q(facility=None, region__isnull=False)
                    & (Q(owner__isnull=False) | ~Q(owner_name=""))
                ),
            ),
            models.CheckConstraint(name="generator_gives_something", condition=Q(power_kw__gte=1)),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def whose(self) -> str:
        """Whose it is, in words."""
        if self.facility is not None:
            return self.facility.who_runs_it
        return self.owner.name if self.owner is not None else self.owner_name

    @property
    def town(self) -> Region:
        """The municipality in which it stands."""
        town = self.facility.region if self.facility is not None else self.region
        if town is None:  # the constraint forbids it
            raise ValueError(f"Generator {self.pk} stands nowhere")
        return town

    @property
    def expires_on(self) -> date:
        """When the words on who releases it go unless somebody confirms them."""
        return self.confirmed_on + CONTACT_LASTS

    @property
    def audit_name(self) -> str:
        """What the audit log, which more people read, calls it: never where or what it is."""
        return gettext("Netzersatzanlage %(number)s") % {"number": self.pk}
