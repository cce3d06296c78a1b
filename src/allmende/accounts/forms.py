"""What a person says of herself when she makes an account."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest

from .models import ConsentKind

if TYPE_CHECKING:
    from .models import User


class NameForm(forms.Form):
    """Asked at sign-up, beside address and password, which allauth asks for."""

    name = forms.CharField(
        label="Ihr Name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="So werden Sie angesprochen. Öffentlich erscheint er nur, wo Sie es erlauben.",
    )
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: "User") -> None:
        """Called by allauth once the account exists."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class RenameForm(forms.Form):
    """How somebody wants to be called."""

    name = forms.CharField(
        label="Ihr Name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="So werden Sie angesprochen. Öffentlich erscheint er nur, wo Sie es erlauben.",
    )


class ConsentForm(forms.Form):
    """One thing, given or taken back."""

    kind = forms.ChoiceField(choices=ConsentKind.choices)
    give = forms.BooleanField(required=False)


class DeleteForm(forms.Form):
    """A word typed by hand: no slip of a finger deletes an account."""

    word = forms.CharField(
        label="Tippen Sie zur Bestätigung das Wort „löschen“",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_word(self) -> str:
        """Whatever the case: telephones begin with a capital."""
        word: str = self.cleaned_data["word"].strip()
        if word.lower() != "löschen":
            raise forms.ValidationError("Bitte tippen Sie genau das Wort „löschen“.")
        return word
