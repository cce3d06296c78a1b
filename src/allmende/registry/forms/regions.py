"""Finding regions: a search and lists."""

from django import forms

from allmende.formats.municipalities.records import LAENDER

from ..models import SizeClass


class SearchForm(forms.Form):
    """One field for everything."""

    q = forms.CharField(
        label="Name, Postleitzahl oder Schlüssel",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ListForm(forms.Form):
    """Which municipalities a list shows."""

    land = forms.ChoiceField(
        label="Land",
        required=False,
        choices=[("", "Alle Länder"), *sorted(LAENDER.items(), key=lambda row: row[1])],
    )
    groesse = forms.TypedChoiceField(
        label="Größe",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Alle Größen"), *((str(size.value), size.label) for size in SizeClass)],
    )
    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[("", "Heute"), ("frueher", "Aufgelöst")],
    )
    sortierung = forms.ChoiceField(
        label="Reihenfolge",
        required=False,
        choices=[
            ("", "Name"),
            ("einwohner", "Einwohner, meiste zuerst"),
            ("schluessel", "Schlüssel"),
        ],
    )
    kreis = forms.RegexField(r"^\d{5}$", required=False, widget=forms.HiddenInput)
