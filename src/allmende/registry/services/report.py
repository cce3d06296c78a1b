"""What an import did, for the table on the command line and for JSON."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from allmende.formats.errors import FormatError

from ..queries import Totals


class ImportRefusedError(FormatError):
    """The file is readable, but taking it in would do harm; nothing was changed."""


@dataclass(frozen=True)
class Renamed:
    """A region under a new name."""

    key: str
    old_name: str
    new_name: str


@dataclass(frozen=True)
class Ended:
    """A region that is no more, and where it went; ``successors`` is empty if nothing tells."""

    key: str
    name: str
    ended: date
    exact: bool
    successors: tuple[str, ...]


@dataclass
class ImportReport:
    """What one file changed. ``mode`` is one of the words of the command line's table."""

    file: str
    source: str
    status_date: date
    mode: str = ""
    added: int = 0
    new: list[str] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    rekeyed: list[str] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    population_changed: int = 0
    population_difference: int = 0
    historical: int = 0
    successors_linked: int = 0
    changes_stored: int = 0
    changes_waiting: int = 0
    totals: Totals | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values: dates as ISO text."""
        return _plain(asdict(self))  # type: ignore[no-any-return]

    def counts(self) -> dict[str, int]:
        """The figures alone, as they are kept with the import."""
        return {
            "added": self.added,
            "new": len(self.new),
            "renamed": len(self.renamed),
            "rekeyed": len(self.rekeyed),
            "ended": len(self.ended),
            "population_changed": self.population_changed,
            "population_difference": self.population_difference,
            "historical": self.historical,
            "changes_stored": self.changes_stored,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
