"""When a duty was done, and what proves it."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.uploads import UploadField


class FulfilmentForm(forms.Form):
    """A day, and if there is one a file."""

    done_on = forms.DateField(
        label=_("Erledigt am"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Bemerkung"),
        required=False,
        max_length=300,
        help_text=_("Etwa das Aktenzeichen der Behörde."),
    )
    file = UploadField(label=_("Nachweis als Datei"), required=False)

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise ValidationError(gettext("Dieses Datum liegt in der Zukunft."))
        if day.year < 2000:
            raise ValidationError(gettext("Dieses Datum liegt vor dem Gesetz."))
        return day
