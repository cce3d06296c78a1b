"""Finding regions: a search and lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.formats.municipalities.records import LAENDER

from ..models import SizeClass


class SearchForm(forms.Form):
    """One field for everything."""

    q = forms.CharField(
        label=_("Name, Postleitzahl oder Schlüssel"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ListForm(forms.Form):
    """Which municipalities a list shows."""

    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("Alle Länder")), *sorted(LAENDER.items(), key=lambda row: row[1])],
    )
    groesse = forms.TypedChoiceField(
        label=_("Größe"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Alle Größen")), *((str(size.value), size.label) for size in SizeClass)],
    )
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[("", _("Heute")), ("frueher", _("Aufgelöst"))],
    )
    sortierung = forms.ChoiceField(
        label=_("Reihenfolge"),
        required=False,
        choices=[
            ("", _("Name")),
            ("einwohner", _("Einwohner, meiste zuerst")),
            ("schluessel", _("Schlüssel")),
        ],
    )
    kreis = forms.RegexField(r"^\d{5}$", required=False, widget=forms.HiddenInput)
