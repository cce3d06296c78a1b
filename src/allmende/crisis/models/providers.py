"""What the law asks about whoever runs facilities, said once for all of them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation

from .contacts import CONTACT_LASTS


class Particulars(models.Model):
    """Particulars of a provider: they stand in the papers of all its facilities."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="particulars"
    )
    legal_form = models.CharField(_("Rechtsform"), max_length=120, blank=True)
    register_court = models.CharField(_("Registergericht"), max_length=120, blank=True)
    register_number = models.CharField(_("Registernummer"), max_length=60, blank=True)
    address = models.TextField(_("Anschrift"), max_length=500, blank=True)
    contact_name = models.CharField(
        _("Jederzeit erreichbar: Name oder Funktion"), max_length=120, blank=True
    )
    contact_telephone = models.CharField(_("Telefon"), max_length=60, blank=True)
    contact_email = models.EmailField(_("E-Mail"), blank=True)
    eu_states = models.CharField(
        _("Weitere Mitgliedstaaten der EU, die versorgt werden"), max_length=300, blank=True
    )
    confirmed_on = models.DateField(help_text="When somebody last said that this is so")
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, see services")

    class Meta:
        ordering = ("organisation",)

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def register(self) -> str:
        """Court and number in one line."""
        return ", ".join(filter(None, (self.register_court, self.register_number)))

    @property
    def contact(self) -> str:
        """Whom to reach at any time, and how, in one line."""
        how = ", ".join(filter(None, (self.contact_telephone, self.contact_email)))
        return ": ".join(filter(None, (self.contact_name, how)))

    @property
    def expires_on(self) -> date:
        """When its contact goes unless somebody confirms it."""
        return self.confirmed_on + CONTACT_LASTS
