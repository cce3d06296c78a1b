"""What documents of the interface have in common."""

from typing import Annotated, Any, Generic, TypeVar

import ninja
from django.db.models import Choices
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

T = TypeVar("T")


class Schema(ninja.Schema):
    """Input and output of operations. What is sent and not known is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid")


class PageOf(Schema, Generic[T]):
    """One page of a list, newest first."""

    items: list[T]
    next: str | None = Field(
        description="Adresse der nächsten Seite; null, wenn dies die letzte ist."
    )


class ProblemOut(Schema):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str = Field(description="Die Art des Problems")
    status: int
    detail: str = Field(description="Was geschehen ist und was Sie tun können")
    errors: list[dict[str, str]] = Field(default=[], description="Je Angabe: field und detail")


def _without_nul(text: str) -> str:
    if "\0" in text:  # PostgreSQL knows none
        raise ValueError("NUL")
    return text


# A text that people write: not empty, without the character that no database keeps.
Text = Annotated[
    str, StringConstraints(strip_whitespace=False, min_length=1), AfterValidator(_without_nul)
]


def as_choice(choices: type[Choices]) -> Any:
    """The type of a value out of Django's choices, as the schema shows it: an enumeration of texts."""
    values = [str(value) for value in choices.values]
    return Annotated[
        str,
        BeforeValidator(lambda value: str(value) if isinstance(value, (str, int)) else value),
        AfterValidator(lambda value: _one_of(value, values)),
        WithJsonSchema({"type": "string", "enum": values}),
    ]


def _one_of(value: str, values: list[str]) -> str:
    from pydantic_core import PydanticCustomError

    if value not in values:
        raise PydanticCustomError("enum", "{expected}", {"expected": ", ".join(values)})
    return value
