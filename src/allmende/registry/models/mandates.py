"""Mandates: who may speak for whom, in which office, for how long, and who confirmed it."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .organisations import Organisation, OrganisationKind
from .regions import Region

if TYPE_CHECKING:
    from allmende.accounts.models import User

    from .invitations import Invitation, MandateRequest


class Office(models.TextChoices):
    """In which office somebody speaks."""

    MAYOR = "mayor", _("Bürgermeisterin oder Bürgermeister")
    DISTRICT_HEAD = "district_head", _("Landrätin oder Landrat")
    UNION_HEAD = "union_head", _("Leitung des Gemeindeverbands")
    COUNCIL = "council", _("Mitglied des Rates")
    ADMINISTRATION = "administration", _("Verwaltung")
    LEADERSHIP = "leadership", _("Leitung")
    DESK = "desk", _("Referat")
    BOARD = "board", _("Vorstand")
    SECRETARIAT = "secretariat", _("Geschäftsstelle")
    MEMBER = "member", _("Mitglied")


OFFICES: dict[str, tuple[Office, ...]] = {
    OrganisationKind.MUNICIPALITY: (Office.MAYOR, Office.ADMINISTRATION, Office.COUNCIL),
    OrganisationKind.UNION: (Office.UNION_HEAD, Office.ADMINISTRATION, Office.COUNCIL),
    OrganisationKind.DISTRICT: (Office.DISTRICT_HEAD, Office.ADMINISTRATION, Office.COUNCIL),
    OrganisationKind.LAND: (Office.LEADERSHIP, Office.DESK),
    OrganisationKind.MINISTRY: (Office.LEADERSHIP, Office.DESK),
    OrganisationKind.ASSOCIATION: (Office.BOARD, Office.SECRETARIAT, Office.MEMBER),
    OrganisationKind.NETWORK: (Office.BOARD, Office.SECRETARIAT, Office.MEMBER),
    OrganisationKind.CIVIL_SOCIETY: (Office.BOARD, Office.SECRETARIAT, Office.MEMBER),
    OrganisationKind.PROVIDER: (Office.LEADERSHIP, Office.ADMINISTRATION),
}
HEADS = frozenset(
    {Office.MAYOR, Office.DISTRICT_HEAD, Office.UNION_HEAD, Office.LEADERSHIP, Office.BOARD}
)


class Right(models.TextChoices):
    """What a mandate allows. Every mandate lets read what the organisation may read."""

    CONTRIBUTE = "contribute", _("Beiträge entwerfen und Aussagen schreiben")
    VOTE = "vote", _("Für die Organisation abstimmen")
    RELEASE = "release", _("Im Namen der Organisation freigeben")
    MANAGE = "manage", _("Menschen der Organisation verwalten")


def usual_rights(office: Office) -> frozenset[Right]:
    """What an office usually allows; whoever gives the mandate may choose otherwise.

    >>> sorted(usual_rights(Office.COUNCIL))
    [Right.CONTRIBUTE]
    """
    if office in HEADS:
        return frozenset({Right.CONTRIBUTE, Right.VOTE, Right.RELEASE})
    if office in {Office.COUNCIL, Office.MEMBER}:
        return frozenset({Right.CONTRIBUTE})
    return frozenset({Right.CONTRIBUTE, Right.VOTE})


# Worth stealing: they count only for people with a second factor.
GUARDED = frozenset({Right.RELEASE, Right.MANAGE})


def office_in_words(held: "Mandate | Invitation | MandateRequest") -> str:
    """An office with its closer name: „Referat, H III 2“."""
    name = str(held.get_office_display())
    return f"{name}, {held.title}" if held.title else name


class Rights(models.Model):
    """The four rights as columns, for mandates and for what becomes one."""

    may_contribute = models.BooleanField(Right.CONTRIBUTE.label, default=False)
    may_vote = models.BooleanField(Right.VOTE.label, default=False)
    may_release = models.BooleanField(Right.RELEASE.label, default=False)
    may_manage = models.BooleanField(Right.MANAGE.label, default=False)

    class Meta:
        abstract = True

    @property
    def rights(self) -> frozenset[Right]:
        """All that it allows beyond reading."""
        return frozenset(right for right in Right if getattr(self, f"may_{right}"))


def as_columns(rights: frozenset[Right]) -> dict[str, bool]:
    """Rights as values of the four columns."""
    return {f"may_{right}": right in rights for right in Right}


class Confirmation(models.TextChoices):
    """How it was made sure that a person may speak for an organisation."""

    OPERATOR = "operator", _("vom Betrieb dieser Plattform")
    MANAGER = "manager", _("von der Organisation selbst")
    LETTER = "letter", _("mit einem Code, der per Brief an die Organisation ging")
    DOMAIN = "domain", _("mit einer dienstlichen E-Mail-Adresse und von der Organisation selbst")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, on: date | None = None) -> "MandateQuerySet":
        """Mandates that hold on a day, today if none is given."""
        day = on or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def of(self, user: "User", today: date | None = None) -> "MandateQuerySet":
        """The mandates of a person that hold today, for organisations that exist."""
        return self.current(today).filter(
            user=user, organisation__dissolved_on=None, organisation__region__valid_until=None
        )


class Mandate(Rights):
    """A person may speak for an organisation, in an office, for a time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="mandates"
    )
    office = models.CharField(_("Amt"), max_length=20, choices=Office)
    title = models.CharField(
        _("Genauer"),
        max_length=100,
        blank=True,
        help_text=_("Zum Beispiel „Referat H III 2“ oder „Fraktion Bürgerliste“."),
    )
    since = models.DateField(_("Seit"), default=timezone.localdate)
    until = models.DateField(
        _("Bis"), null=True, blank=True, help_text=_("Letzter Tag, etwa das Ende der Wahlperiode.")
    )
    confirmation = models.CharField(
        _("Bestätigt"), max_length=10, choices=Confirmation, default=Confirmation.OPERATOR
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty where a letter or the command line confirmed it",
    )
    confirmed_at = models.DateTimeField(default=timezone.now)
    warned_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was told that it ends soon"
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "office", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation", "office", "since"), name="mandate_once"
            ),
        )
        indexes = (
            models.Index(fields=("until",)),
            # Whether somebody speaks for an organisation today, without reading the mandates themselves.
            models.Index(fields=("organisation", "since", "until"), name="mandate_held"),
        )

    def __str__(self) -> str:
        return gettext("%(user)s für %(organisation)s") % {
            "user": self.user,
            "organisation": self.organisation,
        }

    @property
    def region(self) -> Region | None:
        """The region it speaks for, if any."""
        return self.organisation.region

    @property
    def office_name(self) -> str:
        """The office in words, with its closer name."""
        return office_in_words(self)

    @property
    def capacity(self) -> str:
        """In which mandate somebody acts, without a name: for the audit log and public pages."""
        return f"{self.get_office_display()} · {self.organisation}"

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: never the person's name."""
        return f"Mandat {self.pk}: {self.capacity}"

    @property
    def is_current(self) -> bool:
        """Whether it holds today."""
        today = timezone.localdate()
        return self.since <= today and (self.until is None or today <= self.until)
