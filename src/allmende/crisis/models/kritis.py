"""How much a facility supplies by year, and the thresholds that this is held against: data, never code."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.formats.municipalities.records import LAENDER

from .facilities import Facility, Sector

LANDS = [(key, name) for key, name in sorted(LAENDER.items()) if name]
FIRST_YEAR, LAST_YEAR = 2015, 2100
MOST_DIGITS = 18


class ThresholdLevel(models.TextChoices):
    """For whom a facility is critical that reaches a threshold."""

    BUND = "bund", _("Bund")
    LAND = "land", _("Land")


class Threshold(models.Model):
    """From which value on a facility of a category is critical, since when, and who says so.

    A newer row of the same ``key`` replaces an older one from its day on; the older one stays for its time.
    """

    key = models.SlugField(_("Kennung"), max_length=40)
    sector = models.CharField(_("Sektor"), max_length=20, choices=Sector, blank=True)
    category = models.CharField(_("Kategorie"), max_length=120)
    criterion = models.CharField(_("Bemessungskriterium"), max_length=120)
    unit = models.CharField(_("Einheit"), max_length=40)
    amount = models.DecimalField(
        _("Schwellenwert"),
        max_digits=MOST_DIGITS,
        decimal_places=3,
        validators=[MinValueValidator(0)],
    )
    per_person = models.DecimalField(
        _("Wert je Mensch"),
        max_digits=MOST_DIGITS,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    level = models.CharField(_("Wer ihn setzt"), max_length=5, choices=ThresholdLevel)
    land = models.CharField(_("Land"), max_length=2, choices=LANDS, blank=True)
    valid_from = models.DateField(_("Gilt ab"))
    valid_until = models.DateField(_("Gilt bis vor"), null=True, blank=True)
    source = models.CharField(_("Quelle"), max_length=300)
    note = models.CharField(_("Bemerkung"), max_length=300, blank=True)
    is_checked = models.BooleanField(_("An der Quelle geprüft"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("sector", "category", "criterion", "-valid_from", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("key", "level", "land", "valid_from"), name="one_threshold_a_day"
            ),
            models.CheckConstraint(
                name="threshold_of_a_land_names_it",
                condition=Q(level=ThresholdLevel.LAND) & ~Q(land="")
                | Q(level=ThresholdLevel.BUND, land=""),
            ),
            models.CheckConstraint(
                name="threshold_asks_for_something",
                condition=Q(amount__gte=0) & (Q(per_person=None) | Q(per_person__gt=0)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.category} · {self.criterion}"


class Measure(models.Model):
    """How much a facility supplied in a year (Versorgungsgrad), by the criterion of its category."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="measures")
    key = models.SlugField(_("Kategorie"), max_length=40, help_text="That of a threshold")
    year = models.PositiveSmallIntegerField(
        _("Jahr"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    value = models.DecimalField(
        _("Wert"), max_digits=MOST_DIGITS, decimal_places=3, validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ("-year", "key")
        constraints = (
            models.UniqueConstraint(fields=("facility", "key", "year"), name="one_measure_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.facility} {self.year}: {self.value}"


class ReportingOffice(models.Model):
    """Where incidents are to be told (Meldestelle): of the Bund, or of a Land. Operators say it."""

    land = models.CharField(_("Land"), max_length=2, choices=LANDS, blank=True, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    how = models.TextField(_("Wie man sie erreicht"), max_length=1_000)
    changed_on = models.DateField(auto_now=True)

    class Meta:
        ordering = ("land",)

    def __str__(self) -> str:
        return self.name

    @property
    def audit_name(self) -> str:
        """What the audit log calls it."""
        return gettext("Meldestelle: %(whose)s") % {
            "whose": self.get_land_display() if self.land else gettext("Bund")
        }
