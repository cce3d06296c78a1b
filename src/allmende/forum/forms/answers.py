"""The federal answer and its commitments, as the ministry drafts them."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Commitment, Disposition, SectionAnswer

# A commitment with more steps than this is several commitments.
MOST_MILESTONES = 4


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, as browsers ask for it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Bitte geben Sie ein Datum an.")},
    )


class SectionAnswerForm(forms.Form):
    """What becomes of one section, and why."""

    needed_at_times = frozenset({"begruendung"})
    was = forms.TypedChoiceField(
        label=gettext_lazy("Was daraus wird"),
        choices=Disposition.choices,
        coerce=Disposition,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was daraus wird.")},
    )
    begruendung = forms.CharField(
        label=gettext_lazy("Begründung"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Nur wenn Sie den Abschnitt ganz aufgreifen, dürfen Sie sie weglassen. Sie wird öffentlich."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def values_of(answer: SectionAnswer | None) -> dict[str, Any]:
        """What the form shows for an answer that is there already."""
        if answer is None:
            return {}
        return {"was": answer.disposition, "begruendung": answer.reason, "seen": answer.edition}

    def with_block(self, text: str) -> "SectionAnswerForm":
        """The same form with a text block at the end of the reason; nothing of it is checked yet."""
        typed = {name: self[name].value() for name in self.fields}
        before = str(typed["begruendung"] or "").rstrip()
        typed["begruendung"] = f"{before}\n\n{text}" if before else text
        return SectionAnswerForm(initial=typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = cleaned.get("was")
        if given and given != Disposition.TAKEN_UP and not cleaned.get("begruendung"):
            self.add_error(
                "begruendung",
                _("Bitte begründen Sie, warum der Abschnitt nicht ganz aufgegriffen wird."),
            )
        return cleaned


class SummaryForm(forms.Form):
    """The answer in three sentences."""

    kurzfassung = forms.CharField(
        label=gettext_lazy("Die Antwort in drei Sätzen"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Was ändert sich für die Kommunen, was nicht, und wie geht es weiter? Dieser Text steht oben."
        ),
        error_messages={"required": gettext_lazy("Bitte fassen Sie die Antwort kurz zusammen.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class PublishForm(forms.Form):
    """Which edition of the draft was read before it is published."""

    seen = forms.CharField(widget=forms.HiddenInput)


class CommitmentForm(forms.Form):
    """What is promised, by whom, until when, and how one sees that it is kept."""

    was = forms.CharField(
        label=gettext_lazy("Was zugesagt wird"),
        max_length=300,
        help_text=gettext_lazy("In einem Satz, den alle verstehen."),
    )
    wer = forms.CharField(
        label=gettext_lazy("Wer es macht"),
        max_length=200,
        help_text=gettext_lazy("Zum Beispiel „Referat H III 2“. Bitte ohne Namen von Menschen."),
    )
    bis = day_field(gettext_lazy("Bis wann"))
    woran = forms.CharField(
        label=gettext_lazy("Woran man erkennt, dass es eingehalten ist"),
        max_length=300,
        help_text=gettext_lazy("Zum Beispiel „Die Richtlinie steht im Bundesanzeiger“."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_MILESTONES + 1):
            self.fields[f"etappe_{number}"] = forms.CharField(
                label=_("Etappe %(number)s") % {"number": number}, required=False, max_length=200
            )
            self.fields[f"etappe_{number}_bis"] = day_field(
                _("Etappe %(number)s: bis wann") % {"number": number}, required=False
            )

    @property
    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of the milestones, in pairs."""
        numbers = range(1, MOST_MILESTONES + 1)
        return [(self[f"etappe_{n}"], self[f"etappe_{n}_bis"]) for n in numbers]

    @property
    def has_steps(self) -> bool:
        """Whether any milestone is filled in or wrong, so that they should be seen."""
        return any(field.value() or field.errors for pair in self.steps for field in pair)

    @staticmethod
    def values_of(commitment: Commitment) -> dict[str, Any]:
        """What the form shows for a commitment that is there already."""
        values: dict[str, Any] = {
            "was": commitment.what,
            "wer": commitment.who,
            "bis": commitment.due_on,
            "woran": commitment.sign,
            "seen": commitment.edition,
        }
        for number, step in enumerate(commitment.milestones.all(), start=1):
            values |= {f"etappe_{number}": step.title, f"etappe_{number}_bis": step.due_on}
        return values

    def clean_bis(self) -> date:
        return _still_to_come(self.cleaned_data["bis"])

    def clean(self) -> dict[str, Any]:
        """Turn the pairs into ``milestones``: title and day, by day."""
        cleaned = super().clean() or {}
        milestones = []
        for title_field, day_of in self.steps:
            title, day = cleaned.pop(title_field.name, ""), cleaned.pop(day_of.name, None)
            if title_field.errors or day_of.errors or not (title or day):
                continue
            if not title:
                self.add_error(title_field.name, _("Bitte nennen Sie die Etappe."))
            elif not day:
                self.add_error(day_of.name, _("Bitte nennen Sie den Tag der Etappe."))
            elif day < timezone.localdate():
                self.add_error(day_of.name, _("Dieser Tag ist vorbei."))
            elif (until := cleaned.get("bis")) and day > until:
                self.add_error(day_of.name, _("Dieser Tag liegt nach dem der Zusage."))
            else:
                milestones.append((title, day))
        cleaned["milestones"] = sorted(milestones, key=lambda step: step[1])
        return cleaned

    def as_fields(self) -> dict[str, Any]:
        """What the services call it."""
        typed = self.cleaned_data
        return {
            "what": typed["was"],
            "who": typed["wer"],
            "due_on": typed["bis"],
            "sign": typed["woran"],
            "milestones": typed["milestones"],
        }


def _still_to_come(day: date) -> date:
    if day < timezone.localdate():
        raise forms.ValidationError(_("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren."))
    return day


def caught_up(form: forms.Form, edition: str) -> None:
    """Take note of what somebody else has saved meanwhile: saved once more, the form replaces that."""
    form.data = dict(form.data.items()) | {"seen": edition}
