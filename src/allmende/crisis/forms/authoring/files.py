"""A file that goes with injects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.portal.uploads import Kind, UploadField


class FileForm(forms.Form):
    """The file; it is called as it comes."""

    file = UploadField(label=_("Datei"), kinds=tuple(Kind))
