"""Finding organisations, and what their managers and operators say of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.formats.municipalities.records import LAENDER

from ..models import OF_REGIONS, Organisation, OrganisationKind


class OrganisationFilterForm(forms.Form):
    """Which organisations a list shows."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    art = forms.ChoiceField(
        label=_("Art"), required=False, choices=[("", _("Alle")), *OrganisationKind.choices]
    )
    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("Alle Länder")), *sorted(LAENDER.items(), key=lambda row: row[1])],
    )


class FourEyesForm(forms.Form):
    """Whether what staff says officially waits for a release."""

    four_eyes = forms.BooleanField(
        label="Vier-Augen-Prinzip",
        required=False,
        help_text=_(
            "Was die Verwaltung im Namen der Organisation entwirft, gilt erst, wenn es eine "
            "zweite Person freigibt."
        ),
    )


class DomainForm(forms.Form):
    """One more domain of official addresses."""

    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("Der Teil nach dem @, zum Beispiel „lindenfurt.de“."),
    )


class OrganisationForm(forms.Form):
    """An organisation that is no region."""

    kind = forms.TypedChoiceField(
        label=_("Art"),
        coerce=OrganisationKind,
        choices=[(kind.value, kind.label) for kind in OrganisationKind if kind not in OF_REGIONS],
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    parent = forms.ModelChoiceField(
        Organisation.objects.filter(region=None, dissolved_on=None),
        label=_("Gehört zu"),
        required=False,
        empty_label=_("Keiner anderen Organisation"),
        help_text=_("Für Landesverbände und andere Gliederungen."),
    )


class NameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("Name"), max_length=200)


class DissolveForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(
        label=_("Grund"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht im Verlauf."),
    )


class DeskFilterForm(OrganisationFilterForm):
    """Which organisations the operator's desk shows: all that were ever needed."""

    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("ohne", _("Ohne Menschen")),
            ("ohne-verwaltung", _("Niemand verwaltet")),
            ("endet", _("Mandat endet in 60 Tagen")),
        ],
    )


class MandateFilterForm(OrganisationFilterForm):
    """Which mandates the operator's desk shows."""

    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Heute gültig")),
            ("endet", _("Endet in 60 Tagen")),
            ("beendet", _("Beendet")),
        ],
    )


class InvitationFilterForm(forms.Form):
    """Which invitations the operator's desk shows."""

    q = forms.CharField(label=_("Organisation oder Adresse"), required=False, max_length=100)
    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", _("Alle")),
            ("offen", _("Offen")),
            ("abgelaufen", _("Abgelaufen")),
            ("angenommen", _("Angenommen")),
            ("beendet", _("Zurückgezogen oder abgelehnt")),
        ],
    )


class InvitationListForm(forms.Form):
    """A file with people to be invited."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_(
            "CSV oder Excel (.xlsx) mit den Spalten AGS oder Organisation, E-Mail und Amt; "
            "wenn gewünscht auch Name und Mandat bis."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
