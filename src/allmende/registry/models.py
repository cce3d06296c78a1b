"""Regions by official key, and who may speak for them."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User


class Level(models.IntegerChoices):
    """The storeys of the state; a region's parent stands on a lower number."""

    BUND = 0, "Bund"
    LAND = 1, "Land"
    REGIERUNGSBEZIRK = 2, "Regierungsbezirk"
    KREIS = 3, "Kreis"
    VERBAND = 4, "Gemeindeverband"
    GEMEINDE = 5, "Gemeinde"


class SizeClass(models.IntegerChoices):
    """Types of towns and municipalities by inhabitants, as the BBSR draws them."""

    GROSSSTADT_GROSS = 1, "Große Großstadt (ab 500.000)"
    GROSSSTADT_KLEIN = 2, "Kleinere Großstadt (100.000 bis 499.999)"
    MITTELSTADT_GROSS = 3, "Größere Mittelstadt (50.000 bis 99.999)"
    MITTELSTADT_KLEIN = 4, "Kleinere Mittelstadt (20.000 bis 49.999)"
    KLEINSTADT_GROSS = 5, "Größere Kleinstadt (10.000 bis 19.999)"
    KLEINSTADT_KLEIN = 6, "Kleinere Kleinstadt (5.000 bis 9.999)"
    LANDGEMEINDE = 7, "Landgemeinde (unter 5.000)"

    @classmethod
    def of(cls, population: int) -> "SizeClass":
        """The class of a municipality with so many inhabitants."""
        limits = (500_000, 100_000, 50_000, 20_000, 10_000, 5_000, 0)
        return cls(1 + next(i for i, limit in enumerate(limits) if population >= limit))


class RegionQuerySet(models.QuerySet["Region"]):
    def current(self) -> "RegionQuerySet":
        """Regions that exist today."""
        return self.filter(valid_until__isnull=True)

    def municipalities(self) -> "RegionQuerySet":
        """Real municipalities that exist today and have inhabitants: the frame of every figure."""
        return self.current().filter(level=Level.GEMEINDE, population__gt=0, invented=False)

    def spoken_for_by(self, user: "User | AnonymousUser") -> "RegionQuerySet":
        """Municipalities for which this person may speak today."""
        if not user.is_authenticated:
            return self.none()
        mandates = Mandate.objects.current().filter(user=user)
        return self.current().filter(level=Level.GEMEINDE, pk__in=mandates.values("region"))


class Region(models.Model):
    """A part of the country for as long as it exists; what is dissolved stays readable."""

    level = models.PositiveSmallIntegerField("Ebene", choices=Level)
    ars = models.CharField("Regionalschlüssel", max_length=12)
    ags = models.CharField("Gemeindeschlüssel", max_length=8, blank=True)
    name = models.CharField("Name", max_length=200)
    search_key = models.CharField(max_length=200, db_index=True, editable=False)
    kind = models.PositiveSmallIntegerField("Textkennzeichen", null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    land = models.CharField(
        "Land", max_length=2, blank=True, help_text="First two digits of the key"
    )
    population = models.PositiveIntegerField("Einwohner", null=True, blank=True)
    area_km2 = models.FloatField("Fläche in km²", null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    postcode = models.CharField("Postleitzahl", max_length=5, blank=True)
    size_class = models.PositiveSmallIntegerField(
        "Größenklasse", choices=SizeClass, null=True, blank=True
    )
    valid_from = models.DateField("Gültig ab", null=True, blank=True)
    valid_until = models.DateField("Gültig bis", null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors")
    invented = models.BooleanField(
        default=False, help_text="Made up for example data; never counted"
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ("name", "ars")
        constraints = (
            models.UniqueConstraint(
                fields=("ars",),
                condition=Q(valid_until__isnull=True),
                name="one_current_region_per_key",
            ),
        )
        indexes = (
            models.Index(fields=("level", "land", "size_class")),
            models.Index(fields=("ags",)),
            models.Index(fields=("postcode",)),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("registry:region", args=[self.ars or "bund"])


class Office(models.TextChoices):
    """In which office somebody speaks."""

    MAYOR = "mayor", "Bürgermeisterin oder Bürgermeister"
    COUNCIL = "council", "Ratsmitglied"
    ADMINISTRATION = "administration", "Verwaltung"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, on: date | None = None) -> "MandateQuerySet":
        """Mandates that hold on a day, today if none is given."""
        day = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Mandate(models.Model):
    """A person may speak for a region, in an office, for a time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mandates"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="mandates")
    office = models.CharField("Amt", max_length=20, choices=Office)
    since = models.DateField("Seit", default=timezone.localdate)
    until = models.DateField("Bis", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "region", "office", "since"), name="mandate_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} für {self.region}"
