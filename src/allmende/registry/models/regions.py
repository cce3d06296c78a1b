"""Regions by official key: municipalities, and what lies around them."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.db.models.lookups import In
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.formats.municipalities.records import KINDS, LAENDER

KEY_LENGTH = 12


class Level(models.IntegerChoices):
    """The storeys of the state; a region's parent stands on a lower number."""

    BUND = 0, _("Bund")
    LAND = 1, _("Land")
    REGIERUNGSBEZIRK = 2, _("Regierungsbezirk")
    KREIS = 3, _("Kreis")
    VERBAND = 4, _("Gemeindeverband")
    GEMEINDE = 5, _("Gemeinde")


class SizeClass(models.IntegerChoices):
    """Types of towns and municipalities by inhabitants, as the BBSR draws them."""

    GROSSSTADT_GROSS = 1, _("Große Großstadt (ab 500.000)")
    GROSSSTADT_KLEIN = 2, _("Kleine Großstadt (100.000 bis 499.999)")
    MITTELSTADT_GROSS = 3, _("Größere Mittelstadt (50.000 bis 99.999)")
    MITTELSTADT_KLEIN = 4, _("Kleinere Mittelstadt (20.000 bis 49.999)")
    KLEINSTADT_GROSS = 5, _("Größere Kleinstadt (10.000 bis 19.999)")
    KLEINSTADT_KLEIN = 6, _("Kleinere Kleinstadt (5.000 bis 9.999)")
    LANDGEMEINDE = 7, _("Landgemeinde (unter 5.000)")

    @classmethod
    def of(cls, population: int) -> "SizeClass":
        """The class of a municipality with so many inhabitants."""
        limits = (500_000, 100_000, 50_000, 20_000, 10_000, 5_000, 0)
        return cls(1 + next(i for i, limit in enumerate(limits) if population >= limit))


class RegionQuerySet(models.QuerySet["Region"]):
    def current(self) -> "RegionQuerySet":
        """Regions that exist today."""
        return self.filter(valid_until__isnull=True)

    def with_key(self, beginning: str) -> "RegionQuerySet":
        """A region and all that lies in it, by the beginning of their keys.

        A range, since only PostgreSQL finds beginnings in an index; digits alone sort alike in every collation.
        """
        return self.filter(ars__gte=beginning, ars__lte=beginning.ljust(KEY_LENGTH, "9"))

    def with_any_key(self, beginnings: Collection[str]) -> "RegionQuerySet":
        """The same of many, however many: keys of a level have one length, so that there are few lists of them."""
        if len(beginnings) == 1:
            return self.with_key(*beginnings)
        if "" in beginnings:
            return self.all()
        found = Q(pk__in=())
        for length in {len(each) for each in beginnings}:
            keys = [each for each in beginnings if len(each) == length]
            found |= Q(In(Left("ars", length), keys))
        return self.filter(found)

    def municipalities(self) -> "RegionQuerySet":
        """Real municipalities that exist today and have inhabitants: the frame of every figure.

        Of some, open data do not know how many; official registers always do.
        """
        return self.current().filter(level=Level.GEMEINDE, invented=False).exclude(population=0)


class Region(models.Model):
    """A part of the country for as long as it exists; what is dissolved stays readable."""

    level = models.PositiveSmallIntegerField(_("Ebene"), choices=Level)
    ars = models.CharField(_("Regionalschlüssel"), max_length=KEY_LENGTH)
    ags = models.CharField(_("Gemeindeschlüssel"), max_length=8, blank=True)
    name = models.CharField(_("Name"), max_length=200)
    former_names = models.TextField(_("Frühere Namen"), blank=True, help_text="One a line")
    search_key = models.TextField(editable=False, help_text="Folded names, see names.py")
    kind = models.PositiveSmallIntegerField(_("Textkennzeichen"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    land = models.CharField(
        _("Land"), max_length=2, blank=True, help_text="First two digits of the key"
    )
    kreis = models.CharField(
        _("Kreis"), max_length=5, blank=True, help_text="First five digits of the key"
    )
    population = models.PositiveIntegerField(_("Einwohner"), null=True, blank=True)
    population_on = models.DateField(_("Einwohner am"), null=True, blank=True)
    area_km2 = models.FloatField(_("Fläche in km²"), null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=5, blank=True)
    size_class = models.PositiveSmallIntegerField(
        _("Größenklasse"), choices=SizeClass, null=True, blank=True
    )
    valid_from = models.DateField(_("Gültig ab"), null=True, blank=True)
    valid_until = models.DateField(
        _("Gültig bis"), null=True, blank=True, help_text="First day on which it is no more"
    )
    valid_until_exact = models.BooleanField(
        default=False, help_text="From an official list; otherwise the latest day possible"
    )
    first_seen = models.DateField(
        null=True, blank=True, help_text="Status date of the oldest register that names it"
    )
    last_seen = models.DateField(
        null=True, blank=True, help_text="Status date of the newest register that names it"
    )
    source = models.ForeignKey(
        "RegisterImport", on_delete=models.PROTECT, null=True, blank=True, related_name="regions"
    )
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
            models.Index(fields=("level", "kreis")),
            models.Index(fields=("ars",)),
            models.Index(fields=("ags",)),
            models.Index(fields=("postcode",)),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("registry:region", args=[self.key or "bund"])

    @property
    def key(self) -> str:
        """Key by which people know it: the AGS of a municipality, otherwise the ARS."""
        return self.ags or self.ars

    @property
    def short_name(self) -> str:
        """The name without its title: „Lübeck“ for „Lübeck, Hansestadt“."""
        return self.name.split(",", 1)[0]

    @property
    def is_current(self) -> bool:
        return self.valid_until is None

    @property
    def kind_name(self) -> str:
        """What it is, in the law's word: „Große Kreisstadt“, „Samtgemeinde“, „Landkreis“."""
        return KINDS.get(str(self.kind), "") or str(Level(self.level).label)

    def describe(self) -> str:
        """One line that tells it from others of the same name; reads ``parent``."""
        parts = [self.kind_name]
        if self.parent is not None:
            parts.append(self.parent.short_name)
        if self.level > Level.LAND and (self.parent is None or self.parent.level > Level.LAND):
            parts.append(LAENDER.get(self.land, ""))
        if self.invented:
            parts.append(gettext("Beispieldaten"))
        elif self.valid_until is not None:
            parts.append(gettext("aufgelöst"))
        return " · ".join(part for part in parts if part)

    @property
    def land_name(self) -> str:
        """Name of the Land it lies in."""
        return LAENDER.get(self.land, "")

    @property
    def density(self) -> float | None:
        """Inhabitants per km²."""
        if self.population is None or not self.area_km2:
            return None
        return self.population / self.area_km2
