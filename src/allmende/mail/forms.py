"""What people choose about their mails, and operators look for in the log."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Frequency, MessageState
from .queries import USUAL

AS_ABOVE = "oben"


class ChoicesForm(forms.Form):
    """How often a person wants to hear: of everything, and of each topic."""

    def __init__(
        self, *args: Any, topics: Mapping[str, str], chosen: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alle"] = forms.ChoiceField(
            label=_("Wie oft möchten Sie erfahren, was es Neues gibt?"),
            choices=Frequency.choices,
            initial=chosen.get("", USUAL),
            help_text=_(
                "Tägliche und wöchentliche Mails kommen morgens gegen 7 Uhr, und nur, wenn es etwas gibt."
            ),
        )
        for topic, name in sorted(topics.items(), key=lambda row: row[1]):
            self.fields[topic] = forms.ChoiceField(
                label=name,
                choices=[(AS_ABOVE, _("Wie oben")), *Frequency.choices],
                initial=chosen.get(topic, AS_ABOVE),
            )

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by topic; ``""`` for all others. Nothing is said where it is as above."""
        chosen = {
            topic: "" if frequency == AS_ABOVE else frequency
            for topic, frequency in self.cleaned_data.items()
        }
        return {"": chosen.pop("alle"), **chosen}


class LogFilterForm(forms.Form):
    """Which mails the log shows."""

    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *MessageState.choices],
    )
    adresse = forms.CharField(
        label=gettext_lazy("Ganze E-Mail-Adresse"),
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
