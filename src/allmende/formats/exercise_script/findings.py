"""One finding of the check of a script, and where it is: in the words of those who write, and where it is mended."""

from typing import NamedTuple

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.model import Decision, Goal, Inject, Option, Role, Unit

ERROR, WARNING = "error", "warning"
LONGEST_NAME = 80


class Place(NamedTuple):
    """A part of a script. ``section`` of the document and ``key`` in it; what stands there once has no key."""

    words: str
    section: str
    key: str = ""

    def within(self, words: str) -> "Place":
        """A part of the same row, mended where the row is."""
        return self._replace(words=f"{self.words}, {words}")


HEAD = Place("Drehbuch", "head")
NETWORK = Place("Netz", "model")
ANNOUNCE = Place("Meldungen der Simulation", "announce")


class Finding(NamedTuple):
    """What is wrong, where, and what helps. An ERROR would be noticed in play, a WARNING may be meant so."""

    severity: str
    at: Place
    message: str
    advice: str

    @property
    def place(self) -> str:
        return self.at.words


def place_of(row: Inject | Decision | Role | Goal | Unit) -> Place:
    """A row, as lists of rows name it: by its title, and its key."""
    match row:
        case Inject():
            when = "auf Anweisung" if row.at is None else format_minutes(row.at)
            return Place(f"Einlage {quoted(row.title)} ({row.key}, {when})", "injects", row.key)
        case Decision():
            return Place(_named("Entscheidung", row.question, row.key), "decisions", row.key)
        case Role():
            return Place(_named("Rolle", row.name, row.key), "roles", row.key)
        case Goal():
            return Place(_named("Ziel", row.name, row.key), "goals", row.key)
        case Unit():
            return Place(_named("Mobiles Mittel", row.name, row.key), "units", row.key)


def place_of_option(decision: Decision, option: Option) -> Place:
    """An option, which is mended where its decision is."""
    return place_of(decision).within(_named("Möglichkeit", option.name, option.key))


def quoted(name: str) -> str:
    """A name in quotation marks, cut where it is very long."""
    return f"„{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}“"


def refused(reason: str) -> Finding:
    """The simulation cannot be laid out, though nothing else is wrong."""
    return Finding(ERROR, NETWORK, reason, "Berichtigen Sie das Netz oder die Wirkung.")


def _named(what: str, name: str, key: str) -> str:
    return f"{what} {quoted(name)}" if name == key else f"{what} {quoted(name)} ({key})"
