"""Whom to call about a facility, and the papers that belong to it."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.portal.models import Upload

from .facilities import Facility

# Who has not been confirmed for so long is no contact any more, and goes.
CONTACT_LASTS = timedelta(days=730)


class Contact(models.Model):
    """Somebody or some post that answers for a facility."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(
        _("Name oder Funktion"),
        max_length=120,
        help_text=_("Eine Funktion genügt, etwa „Bereitschaft Wasserwerk“."),
    )
    telephone = models.CharField(_("Telefon"), max_length=60, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    reachable = models.CharField(
        _("Wann erreichbar"), max_length=120, blank=True, help_text=_("Etwa „rund um die Uhr“.")
    )
    confirmed_on = models.DateField(help_text="When somebody last said that this is so")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="contact_can_be_reached", condition=~Q(telephone="") | ~Q(email="")
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def expires_on(self) -> date:
        """When it goes unless somebody confirms it."""
        return self.confirmed_on + CONTACT_LASTS


class Document(models.Model):
    """A file that belongs to a facility: a plan, a contract, an emergency handbook."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("Was es ist"), max_length=200)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title
