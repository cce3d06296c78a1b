"""Every text that the interface takes: without a NUL, and not of spaces alone."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from allmende.portal.api.build import the_api


def fields_of(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """All fields that somebody can send, in whatever lies within, too."""
    for name, field in model.model_fields.items():
        within = list(models_in(field.annotation))
        for each in within:
            yield from fields_of(each)
        if not within:
            yield f"{model.__name__}.{name}", field


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


# Parts of an address are asked by the guard.
FIELDS = {
    name: field
    for router in the_api()._get_bound_routers()
    for view in router.path_operations.values()
    for operation in view.operations
    for model in operation.models
    if model.__ninja_param_source__ != "path"
    for name, field in fields_of(model)
}


def taken(field: FieldInfo, said: str) -> list[Any]:
    """What a field makes of a text, itself or as one of a list; nothing where it refuses it."""
    reader = TypeAdapter(Annotated[field.annotation, field])
    found = []
    for value in (said, [said]):
        try:
            found.append(reader.validate_python(value))
        except ValidationError:
            continue
    return found


def test_no_field_takes_a_nul_or_spaces() -> None:
    assert [name for name, field in FIELDS.items() if taken(field, "a\0b")] == []
    assert [name for name, field in FIELDS.items() if any(taken(field, " \n "))] == []


def test_texts_are_among_them() -> None:
    assert taken(FIELDS["MinistryIn.reason"], " Sie ist zuständig. ") == ["Sie ist zuständig."]
    assert taken(FIELDS["MinistryIn.reason"], " ") == []
