"""Proving decisions: what somebody says of a decision, and which servers may be asked."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.uploads import UploadField

from ..models import DECISIONS, OParlServer, VoiceLevel, Vote

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
LEVELS = [(level.value, level.label) for level in (VoiceLevel.COUNCIL, VoiceLevel.COMMITTEE)]


class EvidenceForm(forms.Form):
    """A decision with its proof: a file or an address, which are as good as one another."""

    stufe = forms.ChoiceField(
        label=gettext_lazy("Beschlossen hat"),
        choices=LEVELS,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, wer beschlossen hat.")},
        widget=forms.RadioSelect,
    )
    dokument = UploadField(
        label=gettext_lazy("Der Beschluss als Datei"),
        required=False,
    )
    adresse = forms.CharField(
        label=gettext_lazy("Oder seine Adresse im Ratsinformationssystem"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "Die OParl-Adresse der Drucksache, des Tagesordnungspunkts, der Sitzung oder der "
            "Beratung. Was dort steht, lesen wir einmal und bewahren es auf."
        ),
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    gegenstand = forms.CharField(
        label=gettext_lazy("Worüber wurde beschlossen"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Bei einer Adresse nur, wenn dort etwas anderes stehen soll."),
    )
    datum = forms.DateField(
        label=gettext_lazy("Beschlossen am"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Bei einer Adresse nur, wenn sie kein Datum nennt."),
    )
    drucksache = forms.CharField(
        label=gettext_lazy("Nummer der Drucksache"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Zum Beispiel 12/2026."),
    )
    stimmen = forms.ModelMultipleChoiceField(
        Vote.objects.none(),
        label=gettext_lazy("Stimmen, die der Beschluss trägt"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Stimme aus.")},
    )

    # When the newest of the votes that the page showed was cast: what changed since, nobody has seen.
    stand = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, votes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stimmen"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  for the type checker
        field.queryset = votes

    @property
    def ticked(self) -> set[str]:
        """Numbers of the votes that are ticked: all of them until somebody chooses."""
        if self.is_bound:
            return {str(value) for value in self["stimmen"].value() or ()}
        return {str(pk) for pk in self.fields["stimmen"].queryset.values_list("pk", flat=True)}  # type: ignore[attr-defined]

    def clean_stufe(self) -> VoiceLevel:
        level = VoiceLevel(self.cleaned_data["stufe"])
        if level not in DECISIONS:
            raise forms.ValidationError(_("Das ist kein Beschluss."))
        return level

    def clean_datum(self) -> Any:
        day = self.cleaned_data["datum"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Dieses Datum liegt in der Zukunft."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "dokument" in self.errors:
            return cleaned
        file, address = cleaned.get("dokument"), cleaned.get("adresse")
        if file and address:
            self.add_error("adresse", _("Bitte nur eines von beiden: die Datei oder die Adresse."))
        elif not file and not address:
            self.add_error(
                "dokument", _("Bitte wählen Sie eine Datei, oder nennen Sie die Adresse.")
            )
        elif file:
            if not cleaned.get("gegenstand"):
                self.add_error("gegenstand", _("Bitte nennen Sie, worüber beschlossen wurde."))
            if "datum" not in self.errors and not cleaned.get("datum"):
                self.add_error("datum", _("Bitte nennen Sie den Tag des Beschlusses."))
        return cleaned


class WithdrawForm(forms.Form):
    """Why evidence is withdrawn."""

    begruendung = forms.CharField(label=gettext_lazy("Begründung"), required=False, max_length=300)


class ServerForm(forms.ModelForm[OParlServer]):
    """A council information system that may be asked."""

    class Meta:
        model = OParlServer
        fields = ("host", "note")
        help_texts = {  # noqa: RUF012  Django's own way
            "host": gettext_lazy("Nur der Name, zum Beispiel ratsinfo.lindenfurt.example."),
            "note": gettext_lazy("Zum Beispiel „Stadt Lindenfurt“ oder der Name des Anbieters."),
        }

    def clean_host(self) -> str:
        host: str = self.cleaned_data["host"].strip().lower()
        if not HOST.fullmatch(host) or host.rsplit(".", 1)[-1].isdigit():
            raise forms.ValidationError(_("Bitte nennen Sie nur den Namen des Servers."))
        return host
