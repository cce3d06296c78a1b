"""What facilities need from each other, and how long they last without it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .facilities import MOST_HOURS, Facility, Service


class Supply(models.Model):
    """Something that a facility needs: ``needed`` of its suppliers, or what it has in store.

    Several needs must all be met; of several suppliers, ``needed`` suffice (docs/algorithms/cascade.md).
    """

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="supplies")
    service = models.CharField(_("Was gebraucht wird"), max_length=20, choices=Service)
    suppliers: "models.ManyToManyField[Facility, Supplier]" = models.ManyToManyField(
        Facility, through="Supplier", related_name="supplied", verbose_name=_("Lieferanten")
    )
    needed = models.PositiveSmallIntegerField(
        _("So viele davon genügen"), default=1, validators=[MinValueValidator(1)]
    )
    buffer_hours = models.FloatField(
        _("Vorrat oder Notbetrieb (Stunden)"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_HOURS)],
    )
    recharge = models.FloatField(
        _("Vorrat füllt sich um (Stunden je Stunde)"),
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1_000)],
    )
    note = models.CharField(_("Bemerkung"), max_length=300, blank=True)

    class Meta:
        ordering = ("facility", "pk")
        constraints = (
            models.CheckConstraint(name="supply_needs_somebody", condition=Q(needed__gte=1)),
            models.CheckConstraint(
                name="supply_has_hours_in_store",
                condition=Q(buffer_hours__gte=0, recharge__gte=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_service_display()} → {self.facility}"


class Supplier(models.Model):
    """One of those who can meet a need."""

    supply = models.ForeignKey(Supply, on_delete=models.CASCADE, related_name="rows")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="supplier_rows")

    class Meta:
        ordering = (F("facility__name"), "pk")
        constraints = (
            models.UniqueConstraint(fields=("supply", "facility"), name="supplier_once"),
        )

    def __str__(self) -> str:
        return str(self.facility)
