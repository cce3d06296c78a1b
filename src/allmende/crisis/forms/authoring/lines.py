"""Lines of a form that are alike: as many as there are, and some blank ones."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

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


def number_lines(form: Form, names: Sequence[str], count: int) -> None:
    """Let the summary of errors say in which line a field stands; its label is that of many."""
    for place in range(count):
        for name in names:
            form.fields[f"{name}_{place}"].line = place + 1  # type: ignore[attr-defined]


class Line(NamedTuple):
    """One of the lines. ``more`` is rarely used; of the blank ones, all but the first are folded."""

    fields: list[BoundField]
    more: list[BoundField]
    is_folded: bool = False

    @property
    def shows_more(self) -> bool:
        return any(map(is_said, self.more))


def lines_in(
    form: Form,
    names: Sequence[str],
    count: int,
    *,
    rare: Collection[str] = (),
    quiet: Collection[str] = (),
) -> list[Line]:
    """The lines of a form. ``quiet`` fields always say something, and make no line of a blank one."""
    found: list[Line] = []
    blank = 0
    for place in range(count):
        every = {name: form[f"{name}_{place}"] for name in names}
        is_blank = not any(is_said(each) for name, each in every.items() if name not in quiet)
        blank += is_blank
        found.append(
            Line(
                [each for name, each in every.items() if name not in rare],
                [each for name, each in every.items() if name in rare],
                is_folded=is_blank and blank > 1,
            )
        )
    return found


def is_wrong(form: Form, names: Sequence[str], place: int) -> bool:
    """Whether a field of a line was not understood, which is said there already."""
    return any(f"{name}_{place}" in form.errors for name in names)


def is_said(field: BoundField) -> bool:
    """Whether something stands in a field, or is wrong with it."""
    value = field.value()
    # A zero says something; as a number, False is one.
    return bool(field.errors) or (value is not False and value not in (None, "", []))


def values_of(cleaned: dict[str, Any], names: list[str], place: int) -> dict[str, Any]:
    """What was typed in one line."""
    return {name: cleaned.get(f"{name}_{place}") for name in names}
