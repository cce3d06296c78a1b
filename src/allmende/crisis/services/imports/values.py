"""What models say of values that cannot be, as people write numbers."""

from collections.abc import Collection, Iterator

from django.core.exceptions import ValidationError
from django.db.models import Model

from allmende.formats.facility_list.cells import spoken


def wrong_values(row: Model, *, but: Collection[str]) -> Iterator[tuple[str, str]]:
    """Field and reasons of each value that cannot be; ``but`` are fields that are not looked at."""
    try:
        row.clean_fields(exclude=but)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            for each in errors:
                # Bounds come from Django as programs write them.
                if each.code in {"min_value", "max_value"} and each.params:
                    each.params["limit_value"] = spoken(each.params["limit_value"])
            yield name, " ".join(reason for each in errors for reason in each.messages)
