"""What a person says of herself when she makes an account."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import GUARDED_SCOPES, ConsentKind, Scope
from .token_services import LONGEST

if TYPE_CHECKING:
    from .models import User


class NameForm(forms.Form):
    """Asked at sign-up, beside address and password, which allauth asks for."""

    name = forms.CharField(
        label=gettext_lazy("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy(
            "So werden Sie angesprochen. Öffentlich erscheint er nur, wo Sie es erlauben."
        ),
    )
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: "User") -> None:
        """Called by allauth once the account exists."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class RenameForm(forms.Form):
    """How somebody wants to be called."""

    name = forms.CharField(
        label=gettext_lazy("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy(
            "So werden Sie angesprochen. Öffentlich erscheint er nur, wo Sie es erlauben."
        ),
    )


class LanguageForm(forms.Form):
    """One of the languages that pages are in."""

    language = forms.ChoiceField(
        label=gettext_lazy("Sprache"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class ConsentForm(forms.Form):
    """One thing, given or taken back."""

    kind = forms.ChoiceField(choices=ConsentKind.choices)
    give = forms.BooleanField(required=False)


class DeleteForm(forms.Form):
    """A word typed by hand: no slip of a finger deletes an account."""

    word = forms.CharField(
        label=gettext_lazy("Tippen Sie zur Bestätigung das Wort „löschen“"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_word(self) -> str:
        """Whatever the case: telephones begin with a capital."""
        word: str = self.cleaned_data["word"].strip()
        if word.lower() != _("löschen"):
            raise forms.ValidationError(_("Bitte tippen Sie genau das Wort „löschen“."))
        return word


class TokenForm(forms.Form):
    """A token for a program: what for, what it may do, until when."""

    name = forms.CharField(
        label=gettext_lazy("Wofür ist der Schlüssel?"),
        max_length=80,
        help_text=gettext_lazy("Zum Beispiel „Sitzungsdienst im Rathaus“. Nur Sie sehen das."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Was darf das Programm?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Lesen darf es, was Sie lesen dürfen. Schreiben darf es nur, was Sie hier ankreuzen und "
            "was Ihr Mandat erlaubt."
        ),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Gültig bis einschließlich"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Höchstens ein Jahr."),
    )

    def __init__(self, *args: Any, user: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = {Scope.READ} if user.has_second_factor else {Scope.READ, *GUARDED_SCOPES}
        if not user.is_operator:
            left_out.add(Scope.OPERATE)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  for the type checker
        field.choices = [(scope, scope.label) for scope in Scope if scope not in left_out]
        self.fields["last_day"].initial = timezone.localdate() + timedelta(days=90)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise forms.ValidationError(
                _("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren.")
            )
        if day > timezone.localdate() + LONGEST:
            raise forms.ValidationError(_("Ein Schlüssel gilt höchstens ein Jahr."))
        return day

    def clean(self) -> dict[str, Any]:
        """Turn the last day into the moment that services take: its last second."""
        cleaned = super().clean() or {}
        if day := cleaned.pop("last_day", None):
            cleaned["expires_at"] = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        return cleaned
