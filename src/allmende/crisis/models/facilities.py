"""Facilities: what people depend on, large or small, and whom each supplies."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation, Region

MOST_PERSONS = 100_000_000
MOST_HOURS = 8_760  # a year


class Sector(models.TextChoices):
    """The ten sectors of § 4 (1) KRITISDachG."""

    ENERGY = "energie", _("Energie")
    TRANSPORT = "verkehr", _("Transport und Verkehr")
    FINANCE = "finanzwesen", _("Finanzwesen")
    SOCIAL = "soziales", _("Sozialversicherung und Grundsicherung")
    HEALTH = "gesundheit", _("Gesundheitswesen")
    WATER = "wasser", _("Wasser")
    FOOD = "ernaehrung", _("Ernährung")
    DIGITAL = "digitales", _("Informationstechnik und Telekommunikation")
    SPACE = "weltraum", _("Weltraum")
    WASTE = "entsorgung", _("Siedlungsabfallentsorgung")


class Service(models.TextChoices):
    """What a facility gives people or other facilities: closer than its sector."""

    POWER = "strom", _("Strom")
    GAS = "gas", _("Gas")
    HEAT = "fernwaerme", _("Fernwärme")
    FUEL = "kraftstoff", _("Kraftstoff und Heizöl")
    DRINKING_WATER = "trinkwasser", _("Trinkwasser")
    SEWAGE = "abwasser", _("Abwasser")
    HOSPITAL = "krankenhaus", _("Krankenhaus")
    RESCUE = "rettung", _("Rettungsdienst und Leitstelle")
    CARE = "pflege", _("Pflege")
    MEDICINE = "arzneimittel", _("Arzneimittel und Labor")
    FOOD = "lebensmittel", _("Lebensmittel")
    TELECOM = "telekommunikation", _("Telefon und Internet")
    COMPUTING = "rechenzentrum", _("Rechenzentrum")
    TRANSIT = "nahverkehr", _("Bus und Bahn")
    ROADS = "strassen", _("Straßen, Brücken, Wasserwege, Flughäfen")
    CASH = "bargeld", _("Bargeld und Zahlungen")
    BENEFITS = "leistungen", _("Sozialleistungen")
    SATELLITES = "bodenstation", _("Bodenstationen für Satelliten")
    WASTE = "abfall", _("Abfall")


SERVICES: dict[Sector, tuple[Service, ...]] = {
    Sector.ENERGY: (Service.POWER, Service.GAS, Service.HEAT, Service.FUEL),
    Sector.TRANSPORT: (Service.TRANSIT, Service.ROADS),
    Sector.FINANCE: (Service.CASH,),
    Sector.SOCIAL: (Service.BENEFITS,),
    Sector.HEALTH: (Service.HOSPITAL, Service.RESCUE, Service.CARE, Service.MEDICINE),
    Sector.WATER: (Service.DRINKING_WATER, Service.SEWAGE),
    Sector.FOOD: (Service.FOOD,),
    Sector.DIGITAL: (Service.TELECOM, Service.COMPUTING),
    Sector.SPACE: (Service.SATELLITES,),
    Sector.WASTE: (Service.WASTE,),
}
SECTOR_OF = {service: sector for sector, services in SERVICES.items() for service in services}


# How far suppliers usually are, in km; what is farther may be true, and is told. Rules of thumb without a source,
# and pages say so.
USUAL_KM: dict[Sector, int] = {
    Sector.ENERGY: 40,
    Sector.TRANSPORT: 50,
    Sector.FINANCE: 100,
    Sector.SOCIAL: 100,
    Sector.HEALTH: 40,
    Sector.WATER: 30,
    Sector.FOOD: 100,
    Sector.DIGITAL: 100,
    Sector.SPACE: 1_000,
    Sector.WASTE: 50,
}


class FacilityQuerySet(models.QuerySet["Facility"]):
    def working(self) -> "FacilityQuerySet":
        """Those that have not been given up."""
        return self.filter(closed_on=None)

    def of_sector(self, sector: str) -> "FacilityQuerySet":
        """Those of one sector; none if there is no such sector."""
        known = Sector(sector) if sector in Sector.values else None
        return self.filter(service__in=SERVICES[known]) if known else self.none()


class Facility(models.Model):
    """A facility of the register; what has been given up stays, for its history.

    ``provider`` runs it; where the provider has nobody here, ``provider_name`` says who it is.
    """

    name = models.CharField(_("Name"), max_length=200)
    service = models.CharField(_("Leistung"), max_length=20, choices=Service)
    provider = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("Betreiber"),
    )
    provider_name = models.CharField(_("Betreiber"), max_length=200, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("Gemeinde")
    )
    place = models.CharField(_("Anschrift oder Lage"), max_length=300, blank=True)
    lon = models.FloatField(
        _("Geografische Länge"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    lat = models.FloatField(
        _("Geografische Breite"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    served = models.PositiveIntegerField(
        _("Versorgte Menschen"), default=0, validators=[MaxValueValidator(MOST_PERSONS)]
    )
    repair_hours = models.FloatField(
        _("Reparatur dauert meist (Stunden)"),
        default=24,
        validators=[MinValueValidator(0.1), MaxValueValidator(MOST_HOURS)],
        help_text="Median",
    )
    repair_spread = models.FloatField(
        _("Streuung der Reparaturzeit"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(3)],
        help_text="σ of its logarithm",
    )
    repair_rank = models.PositiveSmallIntegerField(
        _("Rang bei der Reparatur"), default=5, validators=[MaxValueValidator(99)]
    )
    starts_alone = models.BooleanField(_("Kann ohne fremde Hilfe wieder anfahren"), default=True)
    vendor = models.CharField(_("Hersteller der Steuerung"), max_length=100, blank=True)
    feed_in_kw = models.PositiveIntegerField(
        _("Anschluss für ein mobiles Notstromaggregat (kW)"), null=True, blank=True
    )
    note = models.TextField(_("Bemerkung"), max_length=4_000, blank=True)
    group = models.CharField(
        _("Enger betrieblicher Zusammenhang"),
        max_length=100,
        blank=True,
        help_text="Facilities of one provider with the same words here count together",
    )
    voluntary_since = models.DateField(
        null=True,
        blank=True,
        help_text="Duties that the law does not ask for are done all the same",
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, see services")
    closed_on = models.DateField(_("Aufgegeben am"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    is_example = models.BooleanField(default=False, help_text="Invented for example data")

    objects = FacilityQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                name="facility_names_its_provider",
                condition=Q(provider__isnull=False) | ~Q(provider_name=""),
            ),
            models.CheckConstraint(
                name="facility_lies_at_a_point_or_nowhere",
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False),
            ),
        )
        indexes = (
            # Holds all that the public counts need: SQLite looks at no row for them.
            models.Index(
                fields=("region", "service", "is_example", "closed_on"), name="facility_of_region"
            ),
            models.Index(fields=("name", "id"), name="facility_by_name"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crisis:facility", args=[self.pk])

    @property
    def sector(self) -> Sector:
        return SECTOR_OF[Service(self.service)]

    @property
    def who_runs_it(self) -> str:
        """Its provider in words; reads ``provider``."""
        return self.provider.name if self.provider is not None else self.provider_name

    @property
    def audit_name(self) -> str:
        """What the audit log, which more people read, calls it: never where or what it is."""
        return gettext("Einrichtung %(number)s") % {"number": self.pk}


class Share(models.Model):
    """How many of those whom a facility supplies live in one municipality."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="shares")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    persons = models.PositiveIntegerField(
        _("Versorgte Menschen"), validators=[MaxValueValidator(MOST_PERSONS)]
    )

    class Meta:
        ordering = (F("persons").desc(), "pk")
        constraints = (
            models.UniqueConstraint(fields=("facility", "region"), name="one_share_per_region"),
        )

    def __str__(self) -> str:
        return f"{self.facility} · {self.region}: {self.persons}"
