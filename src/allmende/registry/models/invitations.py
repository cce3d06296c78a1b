"""On the way to a mandate: who was invited, and who has asked for one herself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .mandates import Confirmation, Mandate, Office, Rights, office_in_words
from .organisations import Organisation


class InvitationList(models.Model):
    """A file with people to be invited: read, looked at, then carried out as a whole or not at all.

    ``rows`` hold addresses only until they are invitations.
    """

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list, help_text="What may be invited, see services.lists")
    faults = models.JSONField(default=list, help_text="Line, column and reason of each fault")
    skipped = models.PositiveIntegerField(default=0, help_text="Invited already")
    invited = models.PositiveIntegerField(default=0)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> "InvitationQuerySet":
        """Those that can be accepted now."""
        return self.unanswered().filter(
            expires_at__gt=timezone.now(),
            organisation__dissolved_on=None,
            organisation__region__valid_until=None,
        )


class Invitation(Rights):
    """Somebody is asked to take over a mandate; the link in her mail is her proof."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField("E-Mail-Adresse")
    name = models.CharField(_("Name"), max_length=150, blank=True)
    office = models.CharField(_("Amt"), max_length=20, choices=Office)
    title = models.CharField(_("Genauer"), max_length=100, blank=True)
    until = models.DateField(_("Mandat bis"), null=True, blank=True)
    confirmation = models.CharField(max_length=10, choices=Confirmation)
    token_hash = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the link's token"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its mail was put into the queue"
    )
    revoked_at = models.DateTimeField(
        null=True, blank=True, help_text="By whoever may, or declined"
    )
    declined = models.BooleanField(default=False, help_text="By the person who was invited")
    accepted_at = models.DateTimeField(null=True, blank=True)
    mandate = models.ForeignKey(
        Mandate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        help_text="What came of it; a later invitation may renew the same mandate",
    )
    source = models.ForeignKey(
        InvitationList,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "email", "office"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_address_and_office",
            ),
        )

    def __str__(self) -> str:
        return f"Einladung: {self.get_office_display()} · {self.organisation}"

    @property
    def office_name(self) -> str:
        """The office in words, with its closer name."""
        return office_in_words(self)

    @property
    def state(self) -> str:
        """What has become of it, in words."""
        if self.accepted_at:
            return gettext("angenommen")
        if self.revoked_at:
            return gettext("abgelehnt") if self.declined else gettext("zurückgezogen")
        return gettext("abgelaufen") if self.expires_at <= timezone.now() else gettext("offen")


class MandateRequest(models.Model):
    """Somebody with an official address asks for a mandate; the organisation's manager decides."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="mandate_requests"
    )
    email = models.EmailField(_("Dienstliche E-Mail-Adresse"))
    office = models.CharField(_("Amt"), max_length=20, choices=Office)
    title = models.CharField(_("Genauer"), max_length=100, blank=True)
    note = models.TextField(_("Nachricht"), max_length=1_000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("Begründung"), max_length=1_000, blank=True)
    mandate = models.OneToOneField(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="request"
    )

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation"),
                condition=Q(decided_at__isnull=True),
                name="one_open_request_per_person",
            ),
        )

    def __str__(self) -> str:
        return f"Anfrage: {self.get_office_display()} · {self.organisation}"

    @property
    def office_name(self) -> str:
        """The office in words, with its closer name."""
        return office_in_words(self)
