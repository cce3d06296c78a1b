"""Taking the register along, and bringing files back."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .facilities import FacilityFilterForm

MEGABYTE = 1024 * 1024
# Names and values of what is decided one by one.
ONE_BY_ONE, REGISTER, FILE = "wahl-", "register", "datei"


class FileFormat(TextChoices):
    """In which form facilities leave the register."""

    XLSX = "xlsx", _("Excel (.xlsx) mit Einrichtungen und Bedarf")
    CSV = "csv", _("CSV: Einrichtungen")
    NEEDS = "bedarf", _("CSV: Bedarf")
    JSON = "json", _("JSON: alles, für Programme")
    GEOJSON = "geojson", _("GeoJSON: Punkte, für Karten")


class ExportForm(FacilityFilterForm):
    """Which facilities, and in which form."""

    format = forms.ChoiceField(label=_("Als"), choices=FileFormat, widget=forms.RadioSelect)

    @property
    def filters(self) -> list[str]:
        """The names of the filters that were set."""
        return [name for name in ("q", "sektor", "stand") if self.cleaned_data.get(name)]


class DisputesForm(forms.Form):
    """What counts of a file whose facilities somebody has changed since it was written.

    ``choices`` are the keys of what can be decided one by one, by facility; for a whole facility the file can
    count, too.
    """

    file_always_wins = forms.BooleanField(required=False)

    def __init__(self, *args: Any, choices: Mapping[int, Collection[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["file_wins"] = forms.TypedMultipleChoiceField(
            coerce=int, required=False, choices=[(number, number) for number in choices]
        )
        for keys in choices.values():
            for key in keys:
                self.fields[ONE_BY_ONE + key] = forms.ChoiceField(
                    required=False, choices=[(each, each) for each in (REGISTER, FILE)]
                )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if any(name.startswith(ONE_BY_ONE) and name not in self.fields for name in self.data):
            raise forms.ValidationError(_("Die Auswahl passt nicht zu dieser Datei."))
        return self.cleaned_data

    @property
    def chosen(self) -> set[str] | None:
        """The keys of all for which the file counts, None for everything."""
        if self.cleaned_data["file_always_wins"]:
            return None
        return {
            key
            for number, keys in self.choices.items()
            for key in keys
            if number in self.cleaned_data["file_wins"]
            or self.cleaned_data[ONE_BY_ONE + key] == FILE
        }


class ImportForm(forms.Form):
    """A file with facilities or needs."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Excel (.xlsx), CSV, JSON oder GeoJSON, höchstens 10 MB und 50.000 Zeilen."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.geojson,.json"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Die Datei ist größer als %(limit)s MB. Bitte teilen Sie sie auf."),
                params={"limit": settings.UPLOAD_MAX_BYTES // MEGABYTE},
            )
        return file
