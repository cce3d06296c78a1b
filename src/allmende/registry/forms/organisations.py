"""Finding organisations, and what their managers and operators say of them."""

from django import forms

from allmende.formats.municipalities.records import LAENDER

from ..models import OF_REGIONS, Organisation, OrganisationKind


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


class FourEyesForm(forms.Form):
    """Whether what staff says officially waits for a release."""

    four_eyes = forms.BooleanField(
        label="Vier-Augen-Prinzip",
        required=False,
        help_text="Was die Verwaltung im Namen der Organisation entwirft, gilt erst, wenn es eine "
        "zweite Person freigibt.",
    )


class DomainForm(forms.Form):
    """One more domain of official addresses."""

    domain = forms.CharField(
        label="Domain",
        max_length=253,
        help_text="Der Teil nach dem @, zum Beispiel „lindenfurt.de“.",
    )


class OrganisationForm(forms.Form):
    """An organisation that is no region."""

    kind = forms.TypedChoiceField(
        label="Art",
        coerce=OrganisationKind,
        choices=[(kind.value, kind.label) for kind in OrganisationKind if kind not in OF_REGIONS],
    )
    name = forms.CharField(label="Name", max_length=200)
    parent = forms.ModelChoiceField(
        Organisation.objects.filter(region=None, dissolved_on=None),
        label="Gehört zu",
        required=False,
        empty_label="Keiner anderen Organisation",
        help_text="Für Landesverbände und andere Gliederungen.",
    )


class NameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label="Name", max_length=200)


class DissolveForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(
        label="Grund",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht im Verlauf.",
    )


class DeskFilterForm(OrganisationFilterForm):
    """Which organisations the operator's desk shows: all that were ever needed."""

    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[
            ("", "Alle"),
            ("ohne", "Ohne Menschen"),
            ("ohne-verwaltung", "Niemand verwaltet"),
            ("endet", "Mandat endet in 60 Tagen"),
        ],
    )


class MandateFilterForm(OrganisationFilterForm):
    """Which mandates the operator's desk shows."""

    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[
            ("", "Heute gültig"),
            ("endet", "Endet in 60 Tagen"),
            ("beendet", "Beendet"),
        ],
    )


class InvitationFilterForm(forms.Form):
    """Which invitations the operator's desk shows."""

    q = forms.CharField(label="Organisation oder Adresse", required=False, max_length=100)
    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[
            ("", "Alle"),
            ("offen", "Offen"),
            ("abgelaufen", "Abgelaufen"),
            ("angenommen", "Angenommen"),
            ("beendet", "Zurückgezogen oder abgelehnt"),
        ],
    )


class InvitationListForm(forms.Form):
    """A file with people to be invited."""

    file = forms.FileField(
        label="Datei",
        help_text="CSV oder Excel (.xlsx) mit den Spalten AGS oder Organisation, E-Mail und Amt; "
        "wenn gewünscht auch Name und Mandat bis.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
