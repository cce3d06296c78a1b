"""A table of injects or a workbook: the file, and which column holds what."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from allmende.formats.exercise_script.fields import INJECT
from allmende.formats.exercise_script.workbooks import Book, read_book
from allmende.portal.uploads import as_path

from .words import LABELS


def read_file(file: UploadedFile) -> Book:
    """The table or workbook that was sent."""
    with as_path(file) as path:
        return read_book(path)


class TableForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Tabelle"),
        help_text=_(
            "Excel (.xlsx) oder CSV, höchstens 10 MB und 5.000 Einlagen. Die erste Zeile nennt die Spalten."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("Die Datei ist größer als 10 MB."))
        return file


class ColumnsForm(forms.Form):
    """Which column of a table holds which field of an inject."""

    def __init__(
        self, *args: Any, headings: list[str], columns: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("keine Spalte")),
            *((each, each) for each in dict.fromkeys(headings) if each),
        ]
        for field in INJECT:
            self.fields[field.name] = forms.ChoiceField(
                label=LABELS[field.name], choices=choices, required=False
            )
            self.initial[field.name] = columns.get(field.name, "")

    def chosen(self) -> dict[str, str]:
        """Heading by field; a heading that does not exist counts as not chosen."""
        self.is_valid()
        return {field.name: self.cleaned_data.get(field.name) or "" for field in INJECT}
