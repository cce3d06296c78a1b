"""What people write in the report of an exercise, and the measures that follow."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.accounts.models import User
from allmende.registry.models import Region

from ..models import Exercise, Improvement, ImprovementState, Passage, Rating
from .fields import field_of


class PassageForm(forms.Form):
    """A section of the report; ``seen`` is the version that stood there."""

    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Höchstens 10.000 Zeichen; eine leere Zeile trennt Absätze. Schreiben Sie über Abläufe, nicht über "
            "einzelne Menschen."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """As it is compared: browsers send ends of lines in another way than they show them."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    def catch_up(self, passage: Passage) -> None:
        """Take note of what stands there by now: saved once more, the form replaces that."""
        self.data = dict(self.data.items()) | {"seen": str(passage.number)}

    @staticmethod
    def values_of(passage: Passage) -> dict[str, Any]:
        """What the form shows of what is there."""
        return {"text": passage.text, "rating": passage.rating, "seen": passage.number}


class RatingForm(PassageForm):
    """How well a goal was reached, and why."""

    rating = forms.ChoiceField(
        label=_("Bewertung"),
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("rating", "text", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Begründung")
        field = field_of(self, "rating", forms.ChoiceField)
        # Said in the language that is spoken now.
        field.choices = [
            *((each.value, f"{each.value}: {each.label}") for each in Rating),
            ("", _("noch keine")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("rating") and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", gettext("Bitte begründen Sie die Bewertung."))
        return cleaned


class ImprovementForm(forms.ModelForm[Improvement]):
    """A lesson, what is done about it, by whom and until when."""

    needed_at_times = ("owner", "organisation")
    goal = forms.ChoiceField(label=_("Zu welchem Ziel?"), required=False)

    class Meta:
        model = Improvement
        fields = ("lesson", "goal", "what", "owner", "organisation", "person", "due_on")
        widgets = {  # noqa: RUF012  as Django reads it
            "lesson": forms.Textarea(attrs={"rows": 3}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {  # noqa: RUF012
            "lesson": _(
                "Ein bis drei Sätze, ohne Namen von Menschen oder Einrichtungen: Daraus kann ein Anliegen werden."
            ),
            "what": _("Was getan wird, in einer Zeile."),
            "owner": _(
                "Sie oder er wird erinnert und kann den Stand ändern. Tut es jemand anderes, nennen Sie die Organisation."
            ),
        }

    def __init__(
        self, *args: Any, goals: dict[str, str], people: list[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        goal = field_of(self, "goal", forms.ChoiceField)
        owner = field_of(self, "owner", forms.ModelChoiceField)
        goal.choices = [("", _("keinem bestimmten")), *goals.items()]
        owner.queryset = User.objects.filter(pk__in=[each.pk for each in people])
        owner.empty_label = gettext("jemand anderes")

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day != self.initial.get("due_on") and day < timezone.localdate():
            raise forms.ValidationError(
                gettext("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        others = data.get("organisation") or data.get("person")
        if "owner" in self.errors:
            return data
        if data.get("owner") is not None and others:
            self.add_error(
                "owner",
                gettext(
                    "Bitte nennen Sie entweder jemanden, der mitgemacht hat, oder jemand anderen."
                ),
            )
        elif data.get("owner") is None and not data.get("organisation"):
            self.add_error("owner", gettext("Bitte sagen Sie, wer es tut."))
        return data

    def _post_clean(self) -> None:
        """The service stores it; the instance stays as it is."""


class ChangeImprovementForm(ImprovementForm):
    """The same for a measure that others may be changing, too."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def catch_up(self, there: Improvement) -> list[tuple[str, str]]:
        """Take note of what stands there by now; returns in what it differs from what was typed."""
        self.data = dict(self.data.items()) | {"seen": str(there.edition)}
        typed = self.cleaned_data
        now = {name: getattr(there, name) for name in ImprovementForm.Meta.fields}
        return [
            (str(self.fields[name].label), str(value or "–"))
            for name, value in now.items()
            if typed.get(name) != value
        ]


class SettleForm(forms.Form):
    """How far a measure has come."""

    state = forms.ChoiceField(label=_("Stand"), choices=ImprovementState, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Bemerkung"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Steht mit dem heutigen Datum im Bericht. Wer verwirft, sagt warum."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == ImprovementState.DROPPED and not cleaned.get("note"):
            self.add_error("note", gettext("Bitte sagen Sie, warum die Maßnahme verworfen wird."))
        return cleaned


class RaiseForm(forms.Form):
    """The question of the concern that comes of a lesson, and whose concern it is."""

    owner = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("Eingebracht von"),
        empty_label=_("Bitte wählen"),
        help_text=_("Bis Sie es eröffnen, liest es nur diese Kommune."),
    )
    question = forms.CharField(
        label=_("Ihre Frage"),
        max_length=200,
        help_text=_(
            "Eine Frage in einem Satz, auf die der Bund antworten kann, zum Beispiel: „Wie hilft der Bund, wenn …?“"
        ),
    )

    def __init__(self, *args: Any, owners: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = field_of(self, "owner", forms.ModelChoiceField)
        owner.queryset = Region.objects.filter(pk__in=[each.pk for each in owners])
        self.only_owner = owners[0] if len(owners) == 1 else None
        if self.only_owner is not None:
            owner.initial, owner.widget = self.only_owner, forms.HiddenInput()


class ImprovementFilterForm(forms.Form):
    """Which measures the list shows."""

    stand = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", pgettext_lazy("Maßnahme", "zu tun")),
            ("ueberfaellig", pgettext_lazy("Maßnahme", "überfällig")),
            ("erledigt", pgettext_lazy("Maßnahme", "erledigt")),
            ("verworfen", pgettext_lazy("Maßnahme", "verworfen")),
            ("alle", pgettext_lazy("Maßnahme", "alle")),
        ],
    )
    uebung = forms.ModelChoiceField(
        Exercise.objects.none(),
        label=_("Übung"),
        required=False,
        empty_label=pgettext_lazy("Maßnahme", "alle"),
    )
    meine = forms.BooleanField(label=_("nur meine"), required=False)

    def __init__(self, *args: Any, exercises: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "uebung", forms.ModelChoiceField)
        field.queryset = exercises
