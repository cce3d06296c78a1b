"""Who sits in a crisis staff, and who may look into its area."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation

from ..models import Function, Sector
from .fields import field_of


class _MandateField(forms.ModelChoiceField[Mandate]):
    def label_from_instance(self, obj: Mandate) -> str:
        return f"{obj.user.name} · {obj.office_name}"


class SeatForm(forms.Form):
    """Somebody of the organisation, and what she does in its crisis staff."""

    who = _MandateField(Mandate.objects.none(), label=_("Person"), empty_label=_("Bitte wählen"))
    function = forms.ChoiceField(label=_("Aufgabe im Krisenstab"), choices=Function)

    def __init__(self, *args: Any, candidates: QuerySet[Mandate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = field_of(self, "who", forms.ModelChoiceField)
        who.queryset = candidates


class InsightForm(forms.Form):
    """An authority, and of which sector it may see the facilities."""

    authority = forms.CharField(
        label=_("Behörde"),
        max_length=200,
        help_text=_("Ihr Name, wie er im Verzeichnis der Organisationen steht."),
    )
    sector = forms.ChoiceField(
        label=_("Sektor"), required=False, choices=[("", _("Alle Sektoren")), *Sector.choices]
    )

    def __init__(self, *args: Any, authorities: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authorities = authorities

    def clean_authority(self) -> Organisation:
        words = self.cleaned_data["authority"].strip()
        found = list(self.authorities.filter(name__iexact=words)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Eine Behörde dieses Namens mit Krisenstab gibt es hier nicht, oder mehrere.")
            )
        return found[0]
