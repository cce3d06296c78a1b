"""What was typed beside what stands in the register by now, where two people write at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext

Difference = tuple[str, str, str]  # label, stored, typed


def compared(
    form: forms.BaseForm, stored: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[Difference]:
    """What is stored and what was typed, by the names of fields, in words, where they differ."""
    words = ((name, in_words(stored[name]), in_words(typed[name])) for name in typed)
    return [
        (str(form[name].label), before, after) for name, before, after in words if before != after
    ]


def in_words(value: Any) -> str:
    """A value as people write it here; line ends are one kind, whatever a browser sends."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nein")
    if isinstance(value, int | float):
        return str(number_format(Decimal(str(value)).normalize() + 0, force_grouping=True))
    return str(value).replace("\r\n", "\n")
