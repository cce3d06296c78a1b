"""Lines of a form that are alike: as many as there are, and some blank ones."""

from typing import Any

from django import forms
from django.forms import BoundField, Form

BLANK = 2
# What goes beyond has no line: it stays as it is, and the page says so.
MOST = 60


def count_lines(form: Form, name: str, there: int, *, blank: int = BLANK) -> int:
    """How many lines a form has: as many as the page that was sent, which says so in a hidden field."""
    count = there + blank
    if form.is_bound:
        sent = str(form.data.get(name, ""))
        count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else count
    count = min(max(count, blank), MOST + blank)
    form.fields[name] = forms.IntegerField(widget=forms.HiddenInput, required=False)
    form.initial[name] = count
    return count


def line_of(form: Form, names: list[str], place: int) -> list[BoundField]:
    return [form[f"{name}_{place}"] for name in names]


def values_of(cleaned: dict[str, Any], names: list[str], place: int) -> dict[str, Any]:
    """What was typed in one line."""
    return {name: cleaned.get(f"{name}_{place}") for name in names}
