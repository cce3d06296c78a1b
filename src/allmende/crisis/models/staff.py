"""Who may see the register: crisis staffs, and authorities that somebody has named."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation, OrganisationKind, Region

from .facilities import Sector

# Whose crisis staff sees what lies in its own area.
STAFF_KINDS = (
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.UNION,
    OrganisationKind.DISTRICT,
)
# Who has a crisis staff; those beyond the above see what they were given insight into.
SEAT_KINDS = (*STAFF_KINDS, OrganisationKind.LAND, OrganisationKind.MINISTRY)


class Function(models.TextChoices):
    """What somebody does in a crisis staff; S1 to S6 as fire service regulation 100 numbers them."""

    HEAD = "leitung", _("Leitung des Krisenstabs")
    PERSONNEL = "s1", _("S1 Personal und Innerer Dienst")
    SITUATION = "s2", _("S2 Lage")
    OPERATIONS = "s3", _("S3 Einsatz")
    LOGISTICS = "s4", _("S4 Versorgung")
    PRESS = "s5", _("S5 Presse und Medien")
    SIGNALS = "s6", _("S6 Information und Kommunikation")
    ADVISER = "beratung", _("Fachberatung oder Verbindungsperson")


class Seat(models.Model):
    """Somebody belongs to the crisis staff of her organisation, for as long as her mandate holds."""

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="seat")
    function = models.CharField(_("Aufgabe im Krisenstab"), max_length=10, choices=Function)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_function_display()} · {self.mandate.organisation}"

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: never the person's name."""
        return gettext("Platz im Krisenstab: %(office)s") % {"office": self.mandate.capacity}


class InsightQuerySet(models.QuerySet["Insight"]):
    def current(self) -> "InsightQuerySet":
        return self.filter(revoked_at=None)


class Insight(models.Model):
    """A crisis staff lets the crisis staff of an authority see the facilities of its area."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="insights",
        verbose_name=_("Behörde"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Gebiet")
    )
    sector = models.CharField(
        _("Sektor"), max_length=20, choices=Sector, blank=True, help_text="Empty: all"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InsightQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "region", "sector"),
                condition=Q(revoked_at__isnull=True),
                name="one_current_insight",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.region}"
