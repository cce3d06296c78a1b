"""What the law asks about whoever runs facilities."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Particulars
from .comparing import Difference, compared


class ParticularsForm(forms.ModelForm[Particulars]):
    """Legal form, register, address, one contact and other states; nothing of it is required."""

    class Meta:
        model = Particulars
        fields = (
            *("legal_form", "register_court", "register_number", "address"),
            *("contact_name", "contact_telephone", "contact_email", "eu_states"),
        )
        widgets = {  # noqa: RUF012  as Django reads it
            "address": forms.Textarea(attrs={"rows": 3}),
            "contact_telephone": forms.TextInput(attrs={"type": "tel"}),
        }
        help_texts = {  # noqa: RUF012  as Django reads it
            "legal_form": _("Etwa „GmbH“, „Zweckverband“ oder „Eigenbetrieb der Gemeinde“."),
            "register_court": _("Etwa „Amtsgericht Musterstadt“."),
            "register_number": _("Etwa „HRB 1234“. Ohne Eintrag schreiben Sie „keine“."),
            "contact_name": _("Eine Funktion genügt, etwa „Leitwarte“."),
            "eu_states": _("Versorgen Sie nur Menschen in Deutschland, schreiben Sie „keine“."),
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        ways = (data.get("contact_telephone"), data.get("contact_email", "typed wrongly"))
        if data.get("contact_name") and not any(ways):
            self.add_error(
                "contact_telephone",
                gettext("Bitte nennen Sie eine Telefonnummer oder eine E-Mail-Adresse."),
            )
        return data

    def differences(self, there: Particulars) -> list[Difference]:
        """What is stored by now, as far as something else was typed."""
        stored = {name: getattr(there, name) for name in self.Meta.fields}
        return compared(self, stored, self.cleaned_data)
