"""Whom to call about a facility, and papers that belong to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.uploads import UploadField

from ..models import Contact
from .comparing import Difference, compared


class ContactForm(forms.ModelForm[Contact]):
    """Name or post, and at least one way to reach it."""

    class Meta:
        model = Contact
        fields = ("name", "telephone", "email", "reachable")
        widgets = {"telephone": forms.TextInput(attrs={"type": "tel"})}  # noqa: RUF012

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "email" in data and not data.get("telephone") and not data["email"]:
            self.add_error(
                "telephone",
                gettext("Bitte nennen Sie eine Telefonnummer oder eine E-Mail-Adresse."),
            )
        return data

    def differences(self, there: Contact) -> list[Difference]:
        """What is stored by now, as far as something else was typed."""
        stored = {name: getattr(there, name) for name in self.Meta.fields}
        return compared(self, stored, self.cleaned_data)

    def _post_clean(self) -> None:
        """``clean`` has said what the database would."""


class DocumentForm(forms.Form):
    """A file and what it is."""

    title = forms.CharField(
        label=_("Was es ist"), max_length=200, help_text=_("Etwa „Notfallhandbuch 2026“.")
    )
    file = UploadField(label=_("Datei"))
