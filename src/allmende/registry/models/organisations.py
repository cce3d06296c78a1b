"""Organisations: whose voice it is. People speak for them through mandates."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import Whose

from .regions import Level, Region
from .topics import Topic


class OrganisationKind(models.TextChoices):
    """What an organisation is; the first four belong to a region."""

    MUNICIPALITY = "gemeinde", _("Gemeinde oder Stadt")
    UNION = "verband", _("Gemeindeverband")
    DISTRICT = "kreis", _("Landkreis")
    LAND = "land", _("Land")
    MINISTRY = "ministerium", _("Bundesministerium")
    ASSOCIATION = "spitzenverband", _("Kommunaler Verband")
    NETWORK = "netzwerk", _("Netzwerk")
    CIVIL_SOCIETY = "zivilgesellschaft", _("Zivilgesellschaft")
    PROVIDER = "betreiber", _("Betreiber kritischer Einrichtungen")

    @classmethod
    def of(cls, region: Region) -> "OrganisationKind":
        """The kind of organisation that a region is. Raises ``KeyError`` for Bund and Bezirk."""
        return {
            Level.GEMEINDE: cls.MUNICIPALITY,
            Level.VERBAND: cls.UNION,
            Level.KREIS: cls.DISTRICT,
            Level.LAND: cls.LAND,
        }[Level(region.level)]


OF_REGIONS = (
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.UNION,
    OrganisationKind.DISTRICT,
    OrganisationKind.LAND,
)


# Who may answer for municipalities that allow it.
AGENT_KINDS = (
    OrganisationKind.DISTRICT,
    OrganisationKind.UNION,
    OrganisationKind.ASSOCIATION,
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> "OrganisationQuerySet":
        """Organisations that exist today; that of a dissolved region does not."""
        return self.filter(dissolved_on=None, region__valid_until=None)


class Organisation(models.Model):
    """A municipality, an association, a ministry: whoever has people that speak for it.

    That of a region is made when it is first needed, see ``services.organisation_of``.
    """

    kind = models.CharField(_("Art"), max_length=20, choices=OrganisationKind)
    name = models.CharField(_("Name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    search_key = models.TextField(editable=False, help_text="Folded name, see names.py")
    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="organisation"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        help_text="The association that a Land branch belongs to",
    )
    four_eyes = models.BooleanField(
        "Vier-Augen-Prinzip",
        default=False,
        help_text="What staff says officially waits for whoever may release it",
    )
    is_example = models.BooleanField(default=False, help_text="Invented for example data")
    created_at = models.DateTimeField(auto_now_add=True)
    dissolved_on = models.DateField(_("Aufgelöst am"), null=True, blank=True)

    # Set by queries.with_people: how many hold a mandate today.
    people: int
    # Set by queries.desk_organisations.
    has_manager: bool

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name", "slug")
        constraints = (
            models.CheckConstraint(
                name="regional_kinds_have_a_region",
                condition=Q(kind__in=OF_REGIONS, region__isnull=False)
                | (~Q(kind__in=OF_REGIONS) & Q(region__isnull=True)),
            ),
        )
        indexes = (
            models.Index(fields=("kind", "name")),
            # Lists take their first page from these, instead of sorting all rows for it.
            models.Index(fields=("name",), name="organisation_name"),
            models.Index(fields=("search_key",), name="organisation_search_key"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("registry:organisation", args=[self.slug])

    @property
    def whose(self) -> Whose:
        """As tasks name it."""
        return Whose(self.name, self.slug)

    @property
    def is_current(self) -> bool:
        """Whether it exists today; reads ``region``."""
        return self.dissolved_on is None and (self.region is None or self.region.is_current)


class EmailDomain(models.Model):
    """The part after the @ of an organisation's official addresses; several may share one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(_("Domain"), max_length=253)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organisation", "domain"), name="domain_once"),
        )
        indexes = (models.Index(fields=("domain",)),)

    def __str__(self) -> str:
        return self.domain


class ProxyQuerySet(models.QuerySet["Proxy"]):
    def current(self) -> "ProxyQuerySet":
        """Powers that hold today: not revoked, between organisations that exist."""
        return self.filter(
            revoked_at=None,
            member__dissolved_on=None,
            member__region__valid_until=None,
            agent__dissolved_on=None,
            agent__region__valid_until=None,
        )


class Proxy(models.Model):
    """A member lets an organisation answer for it in one topic area (Vollmacht)."""

    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proxies_given")
    agent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proxies_held")
    topic = models.CharField(_("Themenfeld"), max_length=20, choices=Topic)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ProxyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("member", "agent", "topic"),
                condition=Q(revoked_at__isnull=True),
                name="one_current_proxy_per_topic",
            ),
            models.CheckConstraint(
                name="nobody_is_her_own_proxy", condition=~Q(member=models.F("agent"))
            ),
        )

    def __str__(self) -> str:
        return gettext("%(agent)s für %(member)s: %(topic)s") % {
            "agent": self.agent,
            "member": self.member,
            "topic": self.get_topic_display(),
        }
