"""Statements: writing and moderating them."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Concern, Statement, StatementState
from .similar import while_typing


class StatementForm(forms.Form):
    """A new statement."""

    text = forms.CharField(
        label=gettext_lazy("Ihre Aussage"),
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Ein Gedanke in höchstens 280 Zeichen, dem andere zustimmen oder den sie ablehnen können."
        ),
    )

    def __init__(self, *args: Any, concern: Concern | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if concern is not None:
            address = reverse("forum:similar_statements", args=[concern.slug])
            self.fields["text"].widget.attrs.update(while_typing(address))

    def clean_text(self) -> str:
        """One line: pasted line breaks would count and not be seen."""
        return " ".join(str(self.cleaned_data["text"]).split())


class DecisionForm(forms.Form):
    """What becomes of a statement."""

    state = forms.ChoiceField(
        label=gettext_lazy("Entscheidung"),
        choices=[
            (StatementState.ACCEPTED, gettext_lazy("Annehmen")),
            (StatementState.REJECTED, gettext_lazy("Ablehnen")),
            (StatementState.DUPLICATE, gettext_lazy("Steht sinngleich schon da")),
        ],
        widget=forms.RadioSelect,
    )
    duplicate_of = forms.ModelChoiceField(
        Statement.objects.none(),
        label=gettext_lazy("Sinngleich mit"),
        required=False,
        empty_label=gettext_lazy("Bitte wählen"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Begründung"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Wird der Person gezeigt, die die Aussage geschrieben hat, und bleibt im Protokoll: "
            "bitte ohne Namen. Beim Ablehnen nötig."
        ),
    )
    seen_state = forms.ChoiceField(choices=StatementState.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["duplicate_of"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = statement.concern.statements.filter(state=StatementState.ACCEPTED).exclude(
            pk=statement.pk
        )
        self.fields["seen_state"].initial = statement.state

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state = cleaned.get("state")
        if state == StatementState.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", _("Bitte begründen Sie, warum die Aussage abgelehnt wird."))
        if state == StatementState.DUPLICATE and not cleaned.get("duplicate_of"):
            self.add_error("duplicate_of", _("Bitte wählen Sie die Aussage, die dasselbe sagt."))
        if state != StatementState.DUPLICATE:
            cleaned["duplicate_of"] = None
        return cleaned


class QueueForm(forms.Form):
    """Which waiting statements the operator's desk shows."""

    q = forms.CharField(label=gettext_lazy("Stichwort"), required=False, max_length=100)
    wer = forms.ChoiceField(
        label=gettext_lazy("Zuständig"),
        required=False,
        choices=[("", gettext_lazy("Alle")), ("betrieb", gettext_lazy("Nur der Betrieb"))],
    )

    def chosen(self) -> dict[str, Any]:
        """Words and whether nobody else is in charge; what does not exist counts as not chosen."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("q", ""),
            "unowned": self.cleaned_data.get("wer") == "betrieb",
        }
