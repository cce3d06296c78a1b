"""Fields of forms as what they are: Django's types know them only as fields."""

from typing import TypeVar

from django import forms

AnyField = TypeVar("AnyField", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[AnyField]) -> AnyField:
    """The field of a form, which its class has declared as this kind; ``TypeError`` if it is another."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{type(form).__name__}.{name} is no {kind.__name__}")
    return field
