"""Fields of forms as what they are: Django's types know them only as fields."""

from typing import Any, TypeVar

from django import forms

MINUTE = "%Y-%m-%dT%H:%M"
AnyField = TypeVar("AnyField", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[AnyField]) -> AnyField:
    """The field of a form, which its class has declared as this kind; ``TypeError`` if it is another."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{type(form).__name__}.{name} is no {kind.__name__}")
    return field


class MomentField(forms.DateTimeField):
    """A day and a time of day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
        super().__init__(widget=widget, **kwargs)
