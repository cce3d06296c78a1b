"""What observers type in, and the questionnaire."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ..models import Mark
from ..queries.questions import Question
from .exercises import OnceForm
from .fields import field_of


class RoleForm(forms.Form):
    """The tasks of which role are shown."""

    rolle = forms.ChoiceField(label=_("Aufgaben welcher Rolle?"), required=False)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "rolle", forms.ChoiceField)
        field.choices = [("", _("alle Rollen")), *roles]

    @property
    def role(self) -> str:
        """The chosen one; an address that somebody has changed shows all."""
        return self.cleaned_data["rolle"] if self.is_valid() else ""


class ObservationForm(OnceForm):
    """A free note."""

    role = forms.ChoiceField(label=_("Über"), required=False)
    text = forms.CharField(
        label=_("Was Sie beobachten"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = field_of(self, "role", forms.ChoiceField)
        field.choices = [("", _("die ganze Übung")), *roles]


class MarkForm(forms.Form):
    """How a task was done; a mark alone is one tap, and needs no key: the same again changes nothing."""

    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    mark = forms.ChoiceField(
        label=pgettext_lazy("Aufgabe", "Wie wurde sie erfüllt?"),
        choices=Mark,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Was Sie beobachtet haben"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def words(self) -> str | None:
        """None if the page had no field for them: those that are there stay."""
        return self.cleaned_data["text"] if "text" in self.data else None


class QuestionnaireForm(OnceForm):
    """All questions about an exercise; none has to be answered, but one of them."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions):
            self.fields[f"frage-{number}"] = _field(question)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not self.scores and not self.remarks:
            raise ValidationError(gettext("Bitte beantworten Sie mindestens eine Frage."))
        return self.cleaned_data

    def _said(self, *, on_scale: bool) -> dict[str, str]:
        said = {
            question.key: self.cleaned_data.get(f"frage-{number}", "")
            for number, question in enumerate(self.questions)
            if question.is_scale == on_scale
        }
        return {key: value for key, value in said.items() if value}

    @property
    def scores(self) -> dict[str, int]:
        """Of each question that was answered, from 1 to 5."""
        return {key: int(value) for key, value in self._said(on_scale=True).items()}

    @property
    def remarks(self) -> dict[str, str]:
        return self._said(on_scale=False)


def _field(question: Question) -> forms.Field:
    if question.is_scale:
        steps = [(str(step), name) for step, name in enumerate(question.options, 1)]
        return forms.ChoiceField(
            label=question.text,
            choices=[*steps, ("", _("keine Angabe"))],
            required=False,
            widget=forms.RadioSelect,
        )
    return forms.CharField(
        label=question.text,
        max_length=4_000,
        required=False,
        help_text=_("Bitte keine Namen: Schreiben Sie so, dass niemand zu erkennen ist."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
