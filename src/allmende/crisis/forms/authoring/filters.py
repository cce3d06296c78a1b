"""Which injects and facilities the tables show."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.formats.exercise_script.model import Script

from ...queries.situation import service_label
from ..fields import field_of
from .words import STATUSES


class InjectFilterForm(forms.Form):
    """What does not exist counts as not chosen."""

    strang = forms.ChoiceField(label=_("Strang"), required=False)
    an = forms.ChoiceField(label=pgettext_lazy("recipients", "An"), required=False)
    ziel = forms.ChoiceField(label=_("Ziel"), required=False)
    stand = forms.ChoiceField(label=_("Stand"), required=False)

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[tuple[str, Any]]] = {
            "strang": [(each.key, each.name) for each in script.strands],
            "an": list(script.people.items()),
            "ziel": [(each.key, each.name) for each in script.goals],
            "stand": [*STATUSES.items(), ("off", _("kommt nicht vor"))],
        }
        for name, choices in offered.items():
            field_of(self, name, forms.ChoiceField).choices = [("", _("Alle")), *choices]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        said = self.cleaned_data
        return {
            "strand": said.get("strang") or "",
            "recipient": said.get("an") or "",
            "goal": said.get("ziel") or "",
            "status": said.get("stand") or "",
        }


class FacilityFilterForm(forms.Form):
    """The same of facilities."""

    q = forms.CharField(label=_("Name oder Gemeinde"), required=False, max_length=100)
    leistung = forms.ChoiceField(label=_("Leistung"), required=False)

    def __init__(self, *args: Any, script: Script, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = {str(row.get("sector")) for row in script.facilities}
        choices = sorted(
            ((each, service_label(each)) for each in sectors), key=lambda each: each[1]
        )
        field_of(self, "leistung", forms.ChoiceField).choices = [("", _("Alle")), *choices]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        said = self.cleaned_data
        return {"words": said.get("q") or "", "sector": said.get("leistung") or ""}
