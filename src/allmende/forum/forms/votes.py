"""Votes: for whom, what, and what staff has drafted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Concern, Draft, DraftQuerySet, Stand, Statement
from ..queries import Voice


class VoiceForm(forms.Form):
    """In whose name somebody takes part, where she has the choice."""

    NOT_YOURS = gettext_lazy("Dafür haben Sie kein Mandat (mehr). Es wurde nichts gespeichert.")

    als = forms.ChoiceField(label=gettext_lazy("Für wen?"), required=False)

    def __init__(self, *args: Any, voices: list[Voice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voices = {voice.key: voice for voice in voices}
        field = self.fields["als"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(voice.key, voice.label) for voice in voices]

    @property
    def is_foreign(self) -> bool:
        """Whether a voice was asked for that is not, or no longer, this person's."""
        return bool(self.data.get("als")) and self.data["als"] not in self.voices

    def voice(self) -> Voice:
        """The chosen voice, or the first if none or a foreign one was asked for."""
        asked = self.cleaned_data["als"] if self.is_valid() else ""
        return self.voices.get(asked, next(iter(self.voices.values())))


class MemberSearchForm(forms.Form):
    """Which members a list shows."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)


class VoteForm(forms.Form):
    """A stand on a statement, by its number."""

    statement = forms.IntegerField(min_value=1)
    stand = forms.TypedChoiceField(choices=Stand.choices, coerce=lambda value: Stand(int(value)))


class MemberAnswerForm(forms.Form):
    """A stand on a statement, for members."""

    statement = forms.ModelChoiceField(Statement.objects.none())
    stand = forms.TypedChoiceField(choices=Stand.choices, coerce=lambda value: Stand(int(value)))

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["statement"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = concern.statements.all()


class ReleaseForm(forms.Form):
    """Which drafts are released, or returned and why.

    Whether a draft still waits is for the service to find out: what was decided meanwhile is no wrong input.
    """

    drafts = forms.ModelMultipleChoiceField(
        Draft.objects.none(),
        required=False,
        label=gettext_lazy("Entwürfe"),
        widget=forms.CheckboxSelectMultiple,
    )
    shown = forms.ModelMultipleChoiceField(
        Draft.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )
    decision = forms.ChoiceField(
        choices=[
            ("release", gettext_lazy("Ausgewählte freigeben")),
            ("release-all", gettext_lazy("Alle freigeben")),
            ("return", gettext_lazy("Ausgewählte zurückgeben")),
        ],
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label=gettext_lazy("Begründung, wenn Sie Entwürfe zurückgeben"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Wer die Entwürfe geschrieben hat, liest sie und kann sie danach ändern."
        ),
    )

    def __init__(self, *args: Any, drafts: DraftQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("drafts", "shown"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  for the type checker
            field.queryset = drafts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "release-all":
            cleaned["drafts"] = cleaned.get("shown")
        if "drafts" in cleaned and not cleaned["drafts"]:
            self.add_error("drafts", _("Bitte wählen Sie mindestens einen Entwurf aus."))
        if cleaned.get("decision") == "return" and not cleaned.get("reason"):
            self.add_error("reason", _("Bitte begründen Sie, warum Sie die Entwürfe zurückgeben."))
        return cleaned
