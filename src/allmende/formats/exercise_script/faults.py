"""What is wrong with a script: every fault with its place, and nothing is read by halves."""

from collections.abc import Sequence
from typing import NamedTuple

from allmende.formats.errors import FormatError

MOST_FAULTS = 200


class Fault(NamedTuple):
    """Where and why. ``line`` and ``column`` in tables, ``place`` their sheet; ``place`` and field in JSON."""

    place: str
    column: str
    reason: str
    line: int | None = None

    @property
    def where(self) -> str:
        """Sheet and row, or the place."""
        line = "" if self.line is None else f"Zeile {self.line}"
        return ", ".join(filter(None, (self.place, line)))

    def __str__(self) -> str:
        where = self.where
        return (
            f"{where}, „{self.column}“: {self.reason}" if self.column else f"{where}: {self.reason}"
        )


class ScriptError(FormatError):
    """A script cannot be read. ``faults``: all that was found, at most 200."""

    def __init__(self, faults: Sequence[Fault], *, file: str = "") -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        more = len(faults) - 1
        first = str(self.faults[0])
        super().__init__(
            first if not more else f"{first} (und {more} weitere{'r' if more == 1 else ''} Fehler)",
            file=file,
        )
