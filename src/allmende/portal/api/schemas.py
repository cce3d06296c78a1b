"""What documents of the interface have in common."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

import ninja
from django.db.models import Choices
from django.utils.translation import gettext_noop
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")


class Schema(ninja.Schema):
    """Input and output of operations. What is sent and not known is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid")


class PageOf(Schema, Generic[T]):
    """One page of a list, newest first."""

    items: list[T]
    next: str | None = Field(
        description=gettext_noop("Adresse der nächsten Seite; null, wenn dies die letzte ist.")
    )


class ProblemOut(Schema):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str = Field(description=gettext_noop("Die Art des Problems"))
    status: int
    detail: str = Field(description=gettext_noop("Was geschehen ist und was Sie tun können"))
    errors: list[dict[str, str]] = Field(
        default=[], description=gettext_noop("Je Angabe: field und detail")
    )


# A text that people write, without space around it and the character that PostgreSQL cannot keep; how
# long it is at least and at most says the field.
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]


ISO = re.compile(r"(?:19|2\d)\d\d-\d\d-\d\d(?:T.*)?")


def _written_out(value: Any) -> Any:
    """Pydantic reads numbers as seconds since 1970; nobody means that, and a year 1 fits no time zone."""
    if isinstance(value, (date, datetime)) or (isinstance(value, str) and ISO.fullmatch(value)):
        return value
    raise PydanticCustomError("date_parsing", "not ISO 8601")


# What people write as 2027-02-03, and as 2027-02-03T12:00:00Z.
Day = Annotated[date, BeforeValidator(_written_out)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]


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
    if value not in values:
        raise PydanticCustomError("enum", "{expected}", {"expected": ", ".join(values)})
    return value
