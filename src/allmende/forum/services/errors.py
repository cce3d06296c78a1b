"""What services say when the world has moved on since the page was shown."""

from typing import Any

from django.utils.translation import gettext_lazy

# Read by whoever had the page open meanwhile.
MERGED = gettext_lazy(
    "Dieses Anliegen ist in einem anderen aufgegangen. Bitte stimmen Sie dort ab."
)


class Conflict(Exception):  # noqa: N818
    """The change no longer fits; the message says why and what to do, in the reader's language."""


class Overtaken(Conflict):
    """Somebody else has changed the same thing meanwhile; said once more, the change is taken.

    ``there`` is what stands there by now, as it was read where that was found: nobody changes it in between.
    """

    def __init__(self, message: str, *, there: Any = None) -> None:
        super().__init__(message)
        self.there = there
