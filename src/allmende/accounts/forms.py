"""What a person says of herself when she makes an account."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest

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
