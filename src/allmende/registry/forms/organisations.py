"""Finding organisations, and what their managers and operators say of them."""

from django import forms

from allmende.formats.municipalities.records import LAENDER

from ..models import OrganisationKind


class OrganisationFilterForm(forms.Form):
    """Which organisations a list shows."""

    q = forms.CharField(label="Name", required=False, max_length=100)
    art = forms.ChoiceField(
        label="Art", required=False, choices=[("", "Alle"), *OrganisationKind.choices]
    )
    land = forms.ChoiceField(
        label="Land",
        required=False,
        choices=[("", "Alle Länder"), *sorted(LAENDER.items(), key=lambda row: row[1])],
    )
