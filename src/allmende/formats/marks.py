"""The mark of a file that may name critical facilities: for whom it was made, when, and where that is written down.

>>> Mark("Krisenstab · Ahornkreis", "05.03.2026 09:30", "17-0a1b2c3d").words
'abgerufen für Krisenstab · Ahornkreis · 05.03.2026 09:30 · Kennung 17-0a1b2c3d'
"""

from collections.abc import Sequence
from dataclasses import dataclass

# Headings of the columns that hold a mark; „Kennung“ is the key of a row in the same tables.
MARKS = ("Abgerufen für", "Abgerufen am", "Abrufkennung")
# Files have been written with these, too.
EARLIER_MARKS = ("Abgerufen für", "Abgerufen am", "Kennung")


def without_marks(headings: Sequence[str]) -> Sequence[str]:
    """Headings without those of a mark, which come last.

    >>> without_marks(["Kennung", "Name", "Abgerufen für", "Abgerufen am", "Kennung"])
    ['Kennung', 'Name']
    """
    ends = tuple(headings[-len(MARKS) :])
    return headings[: -len(MARKS)] if ends in (MARKS, EARLIER_MARKS) else headings


@dataclass(frozen=True)
class Mark:
    """For whom a file was made: office and organisation, when, and the number of the log's entry."""

    capacity: str
    at: str
    code: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """What stands in the columns ``MARKS``."""
        return self.capacity, self.at, self.code

    @property
    def document(self) -> dict[str, str]:
        """The same in a JSON document, as its field ``mark``."""
        return {"for": self.capacity, "at": self.at, "code": self.code}

    @property
    def line(self) -> str:
        """The same in one line, for the foot of every page of the register."""
        return f"Vertraulich · {self.capacity} · {self.at} · {self.code}"

    @property
    def words(self) -> str:
        """The same where something else already says what kind of file it is."""
        return f"abgerufen für {self.capacity} · {self.at} · Kennung {self.code}"
