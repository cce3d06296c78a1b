"""Whom a manager invites, and what a mandate allows."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.accounts.models import User

from ..models import OFFICES, Office, Organisation, Right, usual_rights


class DayInput(forms.DateInput):
    """A day, as browsers ask for it."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class RightsField(forms.MultipleChoiceField):
    """What a mandate allows; its value is a set of rights."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext("Was das Mandat erlaubt"),
            required=False,
            choices=Right.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Mitlesen darf jede Person mit Mandat. Wer freigibt oder Menschen verwaltet, "
                "meldet sich mit einem zweiten Faktor an."
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> frozenset[Right]:
        return frozenset(Right(chosen) for chosen in super().clean(value))


def _office_choices(organisation: Organisation) -> list[tuple[str, str]]:
    return [(office.value, str(office.label)) for office in OFFICES[organisation.kind]]


class OfficeFields(forms.Form):
    """An office of one organisation, with its closer name."""

    office = forms.TypedChoiceField(label=_("Amt"), coerce=Office, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Genauer"),
        required=False,
        max_length=100,
        help_text=_("Zum Beispiel „Referat H III 2“ oder „Fraktion Bürgerliste“."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = _office_choices(organisation)


class PersonStep(forms.Form):
    """First question of an invitation: who?"""

    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text=_("An sie geht die Einladung, und nur mit ihr lässt sie sich annehmen."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=150,
        help_text=_("Für die Anrede in der Mail."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class OfficeStep(OfficeFields):
    """Second question: in which office, until when?"""

    until = forms.DateField(
        label=_("Mandat bis"),
        required=False,
        widget=DayInput(),
        help_text=_("Letzter Tag, etwa das Ende der Wahlperiode. 60 Tage vorher erinnern wir Sie."),
    )

    def clean_until(self) -> date | None:
        return _to_come(self.cleaned_data["until"])


class RightsStep(forms.Form):
    """Third question: what does it allow?"""

    rights = RightsField()


class MandateForm(forms.Form):
    """What can be changed of a mandate."""

    until = forms.DateField(
        label=_("Mandat bis"),
        required=False,
        widget=DayInput(),
        help_text=_("Letzter Tag. Leer heißt: ohne Ende."),
    )
    title = forms.CharField(label=_("Genauer"), required=False, max_length=100)
    rights = RightsField()
    operator_takes_over = forms.BooleanField(
        label=_(
            "Der Betrieb dieser Plattform übernimmt: Danach verwaltet hier niemand mehr Menschen."
        ),
        required=False,
    )

    def __init__(self, *args: Any, is_last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.fields["operator_takes_over"]

    def clean_until(self) -> date | None:
        return _to_come(self.cleaned_data["until"])


class EndForm(forms.Form):
    """When a mandate ends, and why."""

    last_day = forms.DateField(
        label=_("Letzter Tag"),
        required=False,
        widget=DayInput(),
        help_text=_("Leer heißt: sofort."),
    )
    reason = forms.CharField(
        label=_("Grund"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Zum Beispiel „Neue Wahlperiode“. Steht im Verlauf, nicht auf öffentlichen Seiten."
        ),
    )
    operator_takes_over = forms.BooleanField(
        label=_(
            "Der Betrieb dieser Plattform übernimmt: Danach verwaltet hier niemand mehr Menschen."
        ),
        required=False,
    )

    def __init__(self, *args: Any, is_last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.fields["operator_takes_over"]


class RequestForm(OfficeFields):
    """Asking for a mandate."""

    note = forms.CharField(
        label=_("Nachricht"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hilft denen, die über Ihre Anfrage entscheiden."),
    )


class RequestDecisionForm(forms.Form):
    """What becomes of a request."""

    decision = forms.ChoiceField(
        label=_("Entscheidung"),
        choices=[("ja", _("Bestätigen")), ("nein", _("Ablehnen"))],
        widget=forms.RadioSelect,
    )
    rights = RightsField()
    until = forms.DateField(
        label=_("Mandat bis"),
        required=False,
        widget=DayInput(),
        help_text=_("Leer heißt: ohne Ende."),
    )
    reason = forms.CharField(
        label=_("Begründung"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Beim Ablehnen nötig. Die Person liest sie."),
    )

    def __init__(self, *args: Any, office: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].initial = sorted(usual_rights(Office(office)))

    def clean_until(self) -> date | None:
        return _to_come(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "nein" and not cleaned.get("reason"):
            self.add_error("reason", gettext("Bitte begründen Sie, warum Sie ablehnen."))
        return cleaned


class SignUpForm(forms.Form):
    """An account for whoever opened the link of an invitation."""

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("So werden Sie angesprochen. Öffentlich erscheint er nur, wo Sie es erlauben."),
    )
    password1 = forms.CharField(
        label=_("Passwort"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Mindestens zwölf Zeichen. Mehrere Wörter lassen sich gut merken."),
    )
    password2 = forms.CharField(
        label=_("Passwort noch einmal"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password1"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
            if cleaned.get("password2") and cleaned["password2"] != password:
                self.add_error("password2", gettext("Die beiden Passwörter sind nicht gleich."))
        return cleaned


def _to_come(day: date | None) -> date | None:
    if day is not None and day < timezone.localdate():
        raise ValidationError(gettext("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren."))
    return day
