"""The mark of a file that may name critical facilities: for whom it was made, when, and where that is written down.

>>> Mark("Krisenstab · Ahornkreis", "05.03.2026 09:30", "17-0a1b2c3d").words
'abgerufen für Krisenstab · Ahornkreis · 05.03.2026 09:30 · Kennung 17-0a1b2c3d'
"""

from dataclasses import dataclass

# Headings of the columns that hold a mark.
MARKS = ("Abgerufen für", "Abgerufen am", "Kennung")


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
