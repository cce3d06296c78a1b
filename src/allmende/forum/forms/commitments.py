"""Following up commitments: finding them, reporting on them, saying what became of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.uploads import UploadField
from allmende.registry.models import Mandate, Organisation, Topic

from ..models import Commitment, Outcome
from ..queries import OPEN, OVERDUE
from .answers import day_field

STATES = {
    "ueberfaellig": OVERDUE,
    "offen": OPEN,
    "eingehalten": Outcome.KEPT.value,
    "teilweise": Outcome.PARTLY.value,
    "nicht": Outcome.NOT_KEPT.value,
}


class CommitmentFilterForm(forms.Form):
    """Which commitments the list shows."""

    q = forms.CharField(label=gettext_lazy("Wort"), required=False, max_length=100)
    stand = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle")),
            ("ueberfaellig", gettext_lazy("Überfällig")),
            ("offen", gettext_lazy("Offen")),
            ("eingehalten", Outcome.KEPT.label),
            ("teilweise", Outcome.PARTLY.label),
            ("nicht", Outcome.NOT_KEPT.label),
        ],
    )
    von = forms.ChoiceField(label=gettext_lazy("Zugesagt von"), required=False)
    thema = forms.ChoiceField(
        label=gettext_lazy("Themenfeld"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *Topic.choices],
    )

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose = self.fields["von"]
        assert isinstance(whose, forms.ChoiceField)  # noqa: S101  for the type checker
        whose.choices = [("", _("Alle")), *((each.slug, each.name) for each in organisations)]

    def chosen(self) -> dict[str, str]:
        """What ``queries.listed_commitments`` takes; what does not exist counts as not chosen."""
        self.is_valid()
        wishes = self.cleaned_data
        return {
            "state": STATES.get(wishes.get("stand", ""), ""),
            "organisation": wishes.get("von", ""),
            "topic": wishes.get("thema", ""),
            "words": wishes.get("q", ""),
        }


class VerdictFilterForm(forms.Form):
    """Which verdicts the list shows."""

    urteil = forms.ChoiceField(
        label=gettext_lazy("Bewertung"),
        required=False,
        choices=[("", gettext_lazy("Alle")), *Outcome.choices],
    )

    def chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("urteil") or ""


class ReportForm(forms.Form):
    """Word of how a commitment gets on."""

    text = forms.CharField(
        label=gettext_lazy("Was seit dem letzten Bericht geschehen ist"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Der Bericht wird sofort öffentlich. Bitte ohne Namen von Menschen."
        ),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie, was geschehen ist.")},
    )
    link = forms.URLField(
        label=gettext_lazy("Nachweis im Netz"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Zum Beispiel die Bekanntmachung im Bundesanzeiger."),
        error_messages={"invalid": gettext_lazy("Bitte geben Sie eine vollständige Adresse an.")},
    )
    dokument = UploadField(label=gettext_lazy("Nachweis als Datei"), required=False)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Die Adresse muss mit https:// beginnen."))
        return link


class OutcomeForm(forms.Form):
    """What became of a commitment, as whoever promised it sees it."""

    ergebnis = forms.TypedChoiceField(
        label=gettext_lazy("Was aus der Zusage wurde"),
        choices=Outcome.choices,
        coerce=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was aus der Zusage wurde.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Erläuterung"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Woran sieht man das? Wenn etwas fehlt: warum, und wie geht es weiter?"
        ),
        error_messages={"required": gettext_lazy("Bitte erläutern Sie Ihr Ergebnis.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def values_of(commitment: Commitment) -> dict[str, Any]:
        return {
            "ergebnis": commitment.outcome,
            "text": commitment.outcome_text,
            "seen": commitment.outcome,
        }


class PostponeForm(forms.Form):
    """Another day, and why."""

    bis = day_field(gettext_lazy("Neu bis"))
    begruendung = forms.CharField(
        label=gettext_lazy("Begründung"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Sie steht öffentlich neben dem bisherigen Tag."),
        error_messages={"required": gettext_lazy("Bitte begründen Sie den neuen Tag.")},
    )
    seen = forms.DateField(widget=forms.HiddenInput(attrs={"type": "hidden"}))

    def clean_bis(self) -> date:
        day: date = self.cleaned_data["bis"]
        if day < timezone.localdate():
            raise forms.ValidationError(
                _("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren.")
            )
        return day


class MilestoneForm(forms.Form):
    """When a milestone was reached; empty: it was not after all."""

    am = day_field(gettext_lazy("Erreicht am"), required=False)

    def clean_am(self) -> date | None:
        day: date | None = self.cleaned_data["am"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day


class VerdictForm(forms.Form):
    """Whether a commitment was kept, as an organisation that took part sees it."""

    fuer = forms.ChoiceField(label=gettext_lazy("Sie sprechen für"))
    urteil = forms.TypedChoiceField(
        label=gettext_lazy("Aus Ihrer Sicht"),
        choices=Outcome.choices,
        coerce=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Antwort.")},
    )
    warum = forms.CharField(
        label=gettext_lazy("Warum"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ein Satz genügt. Er wird öffentlich, mit dem Namen Ihrer Kommune."),
    )

    def __init__(self, *args: Any, mandates: list[Mandate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandates = {mandate.organisation.slug: mandate for mandate in mandates}
        whose = self.fields["fuer"]
        assert isinstance(whose, forms.ChoiceField)  # noqa: S101  for the type checker
        whose.choices = [(slug, str(m.organisation)) for slug, m in self.mandates.items()]
        if len(self.mandates) == 1:
            whose.initial, whose.widget = next(iter(self.mandates)), forms.HiddenInput()

    @property
    def mandate(self) -> Mandate:
        """In which mandate she says so; once the form is valid."""
        return self.mandates[self.cleaned_data["fuer"]]
